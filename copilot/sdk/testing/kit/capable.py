"""Checks of level full for what an adapter declares besides sending; one that it declares and cannot prove fails."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from copilot.domain.message import Kind
from copilot.domain.money import Money
from copilot.domain.order import Order, Product
from copilot.sdk.capabilities import Who
from copilot.sdk.cards import FileReply
from copilot.sdk.contract import Account, AdapterSettings, Receipt
from copilot.sdk.errors import AdapterError, NotAuthorized, OutcomeUnknown
from copilot.sdk.events import Decided, Invited
from copilot.sdk.notes import Note, NoteOption
from copilot.sdk.pages import PageKind, deep_link
from copilot.sdk.table import modes_of
from copilot.sdk.testing.chats import stable_id
from copilot.sdk.testing.emulator import Noted
from copilot.sdk.testing.kit.bench import TEXT, Bench
from copilot.sdk.testing.kit.check import require, wrong
from copilot.sdk.testing.kit.stage import Stage, on_stage
from copilot.sdk.testing.page import picture


async def _who(stage: Stage, shopper: str) -> Who:
    """A shopper as the core knows them after their first message."""
    await stage.platform.say(shopper, "hello")
    said = [one for one in await stage.messages(modes_of(stage.adapter)[0].name) if one.buyer]
    mine = next((one for one in said if one.conversation == stage.thread(shopper).id), None)
    if mine is None:
        wrong("a message of a buyer does not say which buyer")
    return Who(conversation=mine.conversation, buyer=mine.buyer, order_key=mine.order_key)


async def orders_of_buyer(bench: Bench) -> None:
    """A buyer's orders are found, and nobody else's."""
    async with on_stage(bench) as stage:
        mine, theirs = stage.order("mine"), stage.order("theirs")
        stage.platform.add_order(mine, "robin")
        stage.platform.add_order(theirs, "kim")
        found = await stage.adapter.buyer(stage.account, await _who(stage, "robin"))
        ids = {one.order.id for one in found.orders}
        require(theirs.id not in ids, "another buyer's order is shown")
        require(mine.id in ids, "the buyer's own order is not found")
        keys = {one.buyer_key for one in found.orders}
        require(len(keys) == 1 and found.order_key in keys, "orders and buyer do not have the same key")


async def order_by_number(bench: Bench) -> None:
    """An order is found by its number, with its buyer's key; one that does not exist is None."""
    async with on_stage(bench) as stage:
        mine = stage.order("mine")
        stage.platform.add_order(mine, "robin")
        found = await stage.adapter.order(stage.account, mine.id)
        require(found is not None and found.order.id == mine.id, "an order is not found by its number")
        require(found and found.buyer_key, "an order does not say whose it is")


async def order_absent(bench: Bench) -> None:
    """A number that the shop does not have is None, not an error."""
    async with on_stage(bench) as stage:
        require(await stage.adapter.order(stage.account, stable_id("none")) is None, "an unknown order is not None")


async def order_facts(bench: Bench) -> None:
    """Amounts, times, goods and parcels arrive as they are: drafts state them."""
    async with on_stage(bench) as stage:
        mine = stage.order("mine")
        stage.platform.add_order(mine, "robin")
        found = await stage.adapter.order(stage.account, mine.id)
        told: Order = found.order if found is not None else wrong("the order is not found")
        require(told.total == mine.total, "the total is another one")
        require(told.status is mine.status, "the status is another one")
        require(told.created_at == mine.created_at, "the time of the order is another one")
        require([one.name for one in told.items] == [one.name for one in mine.items], "the goods are other ones")
        numbers = [one.tracking_no for one in told.shipments]
        require(numbers == [one.tracking_no for one in mine.shipments], "the parcels are other ones")


async def orders_fail(bench: Bench) -> None:
    """When the platform cannot be asked that is an error, never "no orders"."""
    async with on_stage(bench) as stage:
        stage.platform.add_order(stage.order("mine"), "robin")
        who = await _who(stage, "robin")
        for fault in ("server_error", "throttle"):
            setattr(stage.platform.faults, fault, 20)
            try:
                await stage.adapter.buyer(stage.account, who)
            except AdapterError:
                setattr(stage.platform.faults, fault, 0)
                continue
            wrong(f"after {fault} the buyer has no orders, instead of an error")


async def product(bench: Bench) -> None:
    """A product is found with its name and price; one that does not exist is None."""
    async with on_stage(bench) as stage:
        cup = Product(id=stable_id("cup"), name="Cup", price=Money(amount="59.90", currency=stage.platform.currency))
        stage.platform.add_product(cup)
        found = await stage.adapter.product(stage.account, cup.id)
        require(found is not None and (found.name, found.price) == (cup.name, cup.price), "the product is another one")
        require(await stage.adapter.product(stage.account, stable_id("none")) is None, "an unknown product is not None")


async def history_after_cut(bench: Bench) -> None:
    """After a call that broke off the platform's record says whether the reply arrived, and under which id."""
    async with on_stage(bench) as stage:
        since = bench.clock.now()
        await stage.platform.say("robin", "where is it")
        stage.platform.faults.cut_after_accepting = 1
        require(isinstance(await stage.send("hello"), OutcomeUnknown), "a call that broke off is not OutcomeUnknown")
        told = await stage.adapter.sent_since(stage.account, stage.thread().id, since)
        ours = [one.message_id for one in told if one.text == "hello"]
        require(ours == [stage.thread().said[-1].message.id], "the record does not have the reply once, under its id")


async def history_pages(bench: Bench) -> None:
    """The record is read to its end: every reply since then, oldest first."""
    async with on_stage(bench) as stage:
        texts = [f"reply {number}" for number in range(25)]
        since = bench.clock.now()
        for text in texts:
            await stage.platform.colleague_says("robin", text)
            bench.clock.advance(1)
        told = [one.text for one in await stage.adapter.sent_since(stage.account, stage.thread().id, since)]
        require(told == texts, "the record is not whole, or not in its order")


async def history_own_side(bench: Bench) -> None:
    """What buyers wrote, and what is older, is not among it."""
    async with on_stage(bench) as stage:
        await stage.platform.colleague_says("robin", "long ago")
        bench.clock.advance(3600)
        since = bench.clock.now()
        await stage.platform.say("robin", "hello")
        await stage.platform.colleague_says("robin", "now")
        told = [one.text for one in await stage.adapter.sent_since(stage.account, stage.thread().id, since)]
        require("hello" not in told, "a buyer's message is taken for ours")
        require(told == ["now"], "the record holds what is older than asked for")


async def renewed(bench: Bench) -> None:
    """Access that is over is renewed, and what was asked for works then."""
    async with on_stage(bench) as stage:
        stage.platform.faults.token_expired = 1
        await stage.send("hello")
        fresh = await stage.adapter.refresh(stage.account)
        require(type(fresh) is type(stage.account.settings), "refresh gives settings of another kind")
        require(fresh != stage.account.settings, "refresh gives the same settings")
        stage.account = _with(stage.account, fresh)
        require(isinstance(await stage.send("hello", "key-2"), Receipt), "the renewed access does not work")


async def not_renewed(bench: Bench) -> None:
    """Access that cannot be renewed any more asks for a person."""
    async with on_stage(bench) as stage:
        settings: AdapterSettings = stage.account.settings
        values = {
            name: SecretStr("no-longer-good-" + "x" * 32)
            if isinstance(value, SecretStr) and "refresh" in name
            else value
            for name, value in settings.model_dump().items()
        }
        require(any(value != getattr(settings, name) for name, value in values.items()), _NO_REFRESH)
        stage.account = _with(stage.account, settings.model_copy(update=values))
        try:
            await stage.adapter.refresh(stage.account)
        except NotAuthorized:
            return
        except AdapterError as error:
            wrong(f"a refresh token that is no good ends as {error.code}, not not_authorized")
        wrong("a refresh token that is no good is taken")


_NO_REFRESH: Final = "no secret of the settings is called refresh…: the check cannot take it away"


def _with(account: Account, settings: AdapterSettings) -> Account:
    return Account(account.shop, settings, account.http, account.clock)


async def links(bench: Bench) -> None:
    """Pages are https or unknown, and an id stays one part of the address."""
    async with bench.account() as (account, _):
        pages = bench.adapter().pages(account)
        for number in ("7495540735365777507", "../x?y=z#w", "a b"):
            found = [
                *(deep_link(pages, kind, number) for kind in PageKind),
                pages.after_sale(number, number),
                pages.after_sale(number, None),
            ]
            for address in found:
                if address is None:
                    continue
                parts = urlsplit(str(address))
                require(parts.scheme == "https" and parts.hostname, "a page is not https")
                require(number.isdigit() or number not in address, "an id is not escaped in an address")


async def attachments(bench: Bench) -> None:
    """A picture of a buyer can be fetched as the adapter says."""
    async with on_stage(bench) as stage:
        await stage.platform.say("robin", "", photo=True)
        said = [one for one in await stage.messages(modes_of(stage.adapter)[0].name) if one.message.media]
        require(said, "a picture has no media")
        media = said[0].message.media
        assert media is not None
        how = stage.adapter.fetch(stage.account, media)
        url, headers = (media.url, {}) if how is None else (how.url, dict(how.headers))
        answer = await stage.account.http.get(url, headers=headers)
        require(answer.status_code == 200 and answer.content == picture(), "the picture does not come")
        if headers:
            hosts = {urlsplit(str(one)).netloc for one in stage.account.settings.model_dump(mode="json").values()}
            require(urlsplit(url).netloc in hosts, "headers would go to a host that is not in the shop's settings")


async def read_marks(bench: Bench) -> None:
    """What was read is marked as read, also twice."""
    async with on_stage(bench) as stage:
        await stage.platform.say("robin", "hello")
        require(stage.thread().unread > 0, "the emulator counts nothing unread")
        for _ in range(2):
            await stage.adapter.mark_read(stage.account, stage.thread().id)
            require(stage.thread().unread == 0, "the conversation is still unread")


def sends_file(kind: Kind, method: str) -> Callable[[Bench], Awaitable[None]]:
    """The check that pictures or videos arrive, once."""

    async def check(bench: Bench) -> None:
        async with on_stage(bench) as stage:
            reply = FileReply(
                shop=stage.platform.shop_id,
                conversation=stage.thread().id,
                body=picture(),
                content_type="image/png" if kind is Kind.IMAGE else "video/mp4",
            )
            receipt = await getattr(stage.adapter, method)(stage.account, reply, "key-1")
            said = [one.message for one in stage.thread().said if one.by_call]
            require([one.kind for one in said] == [kind], f"no {kind.value} stands in the buyer's window")
            require(said[0].id == receipt.message_id, "the receipt has another id than the platform")

    return check


async def opening(bench: Bench) -> None:
    """A conversation with an order's buyer can be opened; an order that is not there ends in an error."""
    async with on_stage(bench) as stage:
        mine = stage.order("mine")
        stage.platform.add_order(mine, "robin")
        found = await stage.adapter.open_conversation(stage.account, mine.id)
        require(found == stage.thread("robin").id, "another conversation is opened")
        try:
            await stage.adapter.open_conversation(stage.account, stable_id("none"))
        except AdapterError:
            return
        wrong("a conversation is opened about an order that is not there")


async def entering(bench: Bench) -> None:
    """An invitation comes in; entering brings what was said before, also a second time."""
    async with on_stage(bench) as stage:
        conversation = await stage.platform.invite("robin", "is anybody there")
        way = modes_of(stage.adapter)[0].name
        told = [one.conversation for one in await stage.hear(way) if isinstance(one, Invited)]
        require(told == [conversation], "an invitation does not come in")
        for _ in range(2):
            before = await stage.adapter.enter(stage.account, conversation)
            said = [(one.conversation, one.message.text) for one in before]
            require(said == [(conversation, "is anybody there")], "what was said before is lost, or something else")


def _note(stage: Stage, text: str = TEXT) -> Note:
    return Note(
        shop=stage.platform.shop_id,
        conversation=stage.thread().id,
        draft="11111111-2222-4333-8444-555555555555",
        revision=1,
        text=text,
        remarks=("look at: the amount",),
        options=(NoteOption(key="A", title="refund", text="A"), NoteOption(key="B", title="reship", text="B")),
    )


async def notes(bench: Bench) -> None:
    """A note stands where the shop's people see it, once, and never in the buyer's window."""
    async with on_stage(bench) as stage:
        await stage.platform.say("robin", "hello")
        before = len(stage.thread().said)
        receipt = await stage.adapter.note(stage.account, _note(stage), "key-1")
        require([one.id for one in stage.platform.notes] == [receipt.message_id], "no note stands there, or two")
        written = stage.platform.notes[0]
        require(
            TEXT in written.text and "look at: the amount" in written.text, "the note lacks the draft or its remarks"
        )
        require(len(stage.thread().said) == before, "the buyer can read the note")


async def approvals(bench: Bench) -> None:
    """What a person decides on a note comes in as they decided it, and the note says what became of it."""
    async with on_stage(bench) as stage:
        receipt = await stage.adapter.note(stage.account, _note(stage), "key-1")
        note: Noted = stage.platform.notes[0]
        for decision, more in _DECISIONS:
            await stage.platform.decide(note, decision, **more)
        events = await stage.hear(modes_of(stage.adapter)[0].name)
        told = [one for one in events if isinstance(one, Decided)]
        require([one.decision for one in told] == [one for one, _ in _DECISIONS], "decisions are lost or other ones")
        require({one.note_id for one in told} == {receipt.message_id}, "a decision names another note")
        for one, (_, more) in zip(told, _DECISIONS, strict=True):
            require(
                all(getattr(one, key) == value for key, value in more.items()), f"{one.decision} loses what was said"
            )
        await stage.adapter.settled(stage.account, note.conversation, receipt.message_id, "sent")
        require(note.settled == "sent", "the note does not say what became of it")


_DECISIONS: Final[tuple[tuple[Any, dict[str, str]], ...]] = (
    ("accept", {}),
    ("edit", {"text": TEXT}),
    ("reject", {"reason": "too long"}),
    ("option", {"option": "B"}),
)
