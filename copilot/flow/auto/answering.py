"""Decides, for one buyer's message, what leaves without a person, and writes down why each candidate did or did not.

One transaction under the conversation's row; the outbox sends. Every text is the shop's own and fixed: no model and no
composer has a part in it.
"""

import asyncio
import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.auto import AUTO, GREETING, POSTURE, queue_auto
from copilot.channel.tasks import AUTO_ANSWER
from copilot.desk.queue.reception import busy_for, colleagues
from copilot.domain.auto import AutoReply, Tried, Why
from copilot.domain.clock import Clock
from copilot.domain.knowledge import Greeting
from copilot.domain.message import Kind
from copilot.domain.plan import Promise
from copilot.flow.auto.cards import as_list, cards_of, entry_of, let_out, shelf_of
from copilot.flow.auto.heard import Heard, hear
from copilot.flow.shops import Rules, Shops
from copilot.flow.translating import home_language
from copilot.knowledge import records
from copilot.knowledge.auto import Moment, chosen
from copilot.knowledge.kinds import AUTO_REPLIES, GREETINGS
from copilot.policy.claims import extract, promises
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import AutoOutcomeRow, ConversationRow, MerchantRow, MessageRow, ShopRow


@dataclass(frozen=True)
class AutoReplies:
    """Answers of one process; ``shops`` are their rules."""

    store: Store
    shops: Shops
    clock: Clock

    async def answer(self, merchant: uuid.UUID, message: uuid.UUID) -> tuple[Tried, ...]:
        """Queue what may answer the message, once; what was tried, nothing when it was decided before."""
        await self._loaded(merchant, message)
        async with self.store.merchant(merchant) as session:
            await timers.cancel(session, AUTO_ANSWER, message)
            heard = await hear(session, message)
            if heard is None:
                return ()
            rules = self.shops.of_shop(heard.shop, heard.merchant, self.clock.now())
            tried = await _Deciding(session, heard, rules, self.clock).all()
            session.add(
                AutoOutcomeRow(
                    merchant=merchant,
                    conversation=heard.talk.id,
                    message=message,
                    tried=[one.model_dump(mode="json") for one in tried],
                    at=self.clock.now(),
                )
            )
            return tried

    async def explain(
        self, merchant: uuid.UUID, shop: uuid.UUID, moment: Moment, *, posture: str
    ) -> tuple[tuple[Tried, ...], AutoReply | None]:
        """What the shop's auto replies would do with a message, and the one that would leave; nothing is sent."""
        async with self.store.merchant(merchant) as session:
            row, slug = await _shop(session, shop)
            replies = await records.listed(session, AUTO_REPLIES, shop)
        rules = await asyncio.to_thread(self.shops.of_shop, row, slug, self.clock.now())
        fires, tried = chosen(replies, moment, lambda one: let_out(rules, one.text, one.language))
        if posture == POSTURE:
            return tried, fires
        return tuple(one.model_copy(update={"why": Why.POSTURE}) for one in tried), None

    async def _loaded(self, merchant: uuid.UUID, message: uuid.UUID) -> None:
        """Compile the shop's rules, where that is to do, before a transaction holds a row."""
        async with self.store.merchant(merchant) as session:
            found = await session.scalar(
                select(ConversationRow.shop)
                .join(MessageRow, MessageRow.conversation == ConversationRow.id)
                .where(MessageRow.id == message)
            )
            if found is None:
                return
            shop, slug = await _shop(session, found)
        if not self.shops.loaded(shop, slug, self.clock.now()):
            await asyncio.to_thread(self.shops.of_shop, shop, slug, self.clock.now())


async def waiting_in(session: AsyncSession, shop: uuid.UUID) -> int:
    """How many of the shop's conversations wait for somebody."""
    rows = select(func.count()).where(
        ConversationRow.shop == shop,
        ConversationRow.assignee.is_(None),
        ConversationRow.ended_at.is_(None),
        ConversationRow.queued_at.is_not(None),
    )
    return (await session.scalars(rows)).one()


async def _shop(session: AsyncSession, shop: uuid.UUID) -> tuple[ShopRow, str]:
    query = select(ShopRow, MerchantRow.slug).join(MerchantRow, MerchantRow.id == ShopRow.merchant)
    row = (await session.execute(query.where(ShopRow.id == shop))).one()
    return row[0], row[1]


@dataclass(frozen=True)
class _Deciding:
    """One message being decided within a transaction."""

    session: AsyncSession
    heard: Heard
    rules: Rules
    clock: Clock

    @property
    def language(self) -> str:
        return self.heard.language(home_language(self.rules))

    async def all(self) -> tuple[Tried, ...]:
        """The answer to a card; else the greeting of a new session, then at most one auto reply."""
        card = self.heard.card
        if card is not None:
            return (await self._card(card),)
        return (*await self._greet(), *await self._replies())

    def _kept_back(self) -> Why | None:
        if self.heard.posture != POSTURE:
            return Why.POSTURE
        if self.heard.answered:
            return Why.ANSWERED
        return Why.LATE if self.heard.is_late(self.clock.now()) else None

    async def _card(self, card: str) -> Tried:
        why = self._kept_back()
        if why is not None:
            return Tried(kind="card", id=card, why=why)
        message, shop = self.heard.message, self.heard.shop
        # Its number or its words choose a question as a tap does, and the turn is read as that question.
        message.kind, message.card = Kind.FAQ_CARD, card
        entry = await entry_of(self.session, shop.id, card, self.language, message.text)
        if entry is None:
            return Tried(kind="card", id=card, why=Why.UNKNOWN_CARD)
        shelf = await shelf_of(self.session, shop.id, self.rules, self.clock.now())
        why = shelf.why_not(entry)
        if why is Why.FIRED:
            await self._queue(AUTO, message.id, entry.answer, entry.language)
        return Tried(kind="card", id=card, why=why)

    async def _greet(self) -> tuple[Tried, ...]:
        language, shop = self.language, self.heard.shop
        why = self._kept_back() or (None if self.heard.opens else Why.NOT_NEW)
        greeting = None if why is not None else await records.one(self.session, GREETINGS, shop.id, (language,))
        if greeting is None:
            return (Tried(kind="greeting", id=language, why=why or Why.NOT_CONFIGURED),)
        if not let_out(self.rules, greeting.text, language):
            return (Tried(kind="greeting", id=language, why=Why.RULES),)
        await self._say_hello(greeting)
        return (Tried(kind="greeting", id=language, why=Why.FIRED),)

    async def _say_hello(self, greeting: Greeting) -> None:
        shop, now, limit = self.heard.shop, self.clock.now(), self.rules.profile.limits.greeting_cards
        shelf = await shelf_of(self.session, shop.id, self.rules, now)
        cards = await cards_of(self.session, shop.id, greeting, shelf)
        text, shown = as_list(greeting, cards[: limit.whole] if limit else cards, self.rules.max_chars)
        if not let_out(self.rules, text, greeting.language):
            text, shown = greeting.text, ()
        await queue_auto(
            self.session, shop, self.heard.talk.id, kind=GREETING, source=self.heard.message.id, text=text,
            above=greeting.text, cards=shown, owes=self._promised(greeting.text, greeting.language), now=now,
        )  # fmt: skip

    async def _replies(self) -> tuple[Tried, ...]:
        shop, message = self.heard.shop, self.heard.message
        replies = await records.listed(self.session, AUTO_REPLIES, shop.id)
        why = self._kept_back()
        if why is not None or not replies:
            return tuple(Tried(kind="auto", id=one.id, why=why) for one in replies if why is not None)
        moment = Moment(
            text=message.text,
            language=self.language,
            at=self.clock.now(),
            zone=self.rules.zone,
            busy=busy_for(await colleagues(self.session, self.clock.now()), self.heard.talk.assignee),
            waiting=await waiting_in(self.session, shop.id),
            sent=self.heard.sent,
        )
        fires, tried = chosen(replies, moment, lambda one: let_out(self.rules, one.text, one.language))
        if fires is not None:
            # Not the message's own id: a tapped card is told by it.
            await self._queue(AUTO, uuid.uuid5(message.id, fires.id), fires.text, fires.language)
        return tried

    async def _queue(self, kind: str, source: uuid.UUID, text: str, language: str) -> None:
        await queue_auto(
            self.session, self.heard.shop, self.heard.talk.id, kind=kind, source=source, text=text,
            owes=self._promised(text, language), now=self.clock.now(),
        )  # fmt: skip

    def _promised(self, text: str, language: str) -> tuple[Promise, ...]:
        """What the shop owes once it has said this, whoever said it."""
        now, zone = self.clock.now(), self.rules.zone
        claims = extract(text, language=language, now=now, zone=zone)
        return tuple(one for one in promises(text, claims, now=now, zone=zone, fact="agent") if one.due > now)
