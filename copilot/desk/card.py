"""The card: one draft with everything that an agent needs to decide about it in one look.

Owns which line stands where and in which words; what may be sent was decided by the flow, and the words of the draft
are never touched here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk import words
from copilot.desk.approvals import approval_of, beyond
from copilot.desk.card_shapes import Card, Cited, EscalationShown, LeftOut, OrderWhyShown, Owed
from copilot.desk.escalation import escalation_text
from copilot.desk.spending import spends_of
from copilot.desk.stakes import declines, stakes, weak_points
from copilot.desk.translations import NOTHING, kept, of_draft
from copilot.desk.words import Language, said
from copilot.domain.case import Option
from copilot.domain.draft import ORDERS_AS_OF, DraftState, DraftView
from copilot.domain.fact import FactKind
from copilot.domain.knowledge import Citation
from copilot.domain.message import Role
from copilot.domain.money import Money
from copilot.domain.plan import Escalation, Promise
from copilot.domain.reason import WORDS, Reason
from copilot.flow.understand.risks import find_risks
from copilot.model.composer.wording import Wording
from copilot.playbook.answers import FITS_WELL
from copilot.store.tables import DecisionRow, DraftRow, MessageRow

_REASONS: dict[str, dict[str, str]] = {code.value: both for code, both in WORDS.items()}
_GONE = frozenset({DraftState.SENT, DraftState.SUPERSEDED, DraftState.EXPIRED, DraftState.ABANDONED})


@dataclass(frozen=True)
class Reader:
    """Who reads: their language, the shop's clock on which dates are said, and their id where it matters.

    ``model`` says whether one is set that could translate, ``role`` ("agent", "supervisor") which ceilings are theirs,
    ``order_messages`` whether the shop's platform takes texts at orders.
    """

    language: Language
    zone: ZoneInfo
    now: datetime
    person: str | None = None
    model: bool = False
    role: str = "agent"
    order_messages: bool = False

    @property
    def wording(self) -> Wording:
        """How values are said to them."""
        return Wording(self.language, self.now, self.zone)


async def newest_card(session: AsyncSession, row: DraftRow | None, reader: Reader) -> Card | None:
    """The card of a conversation's newest draft; null when nothing of it is left to decide or to watch."""
    if row is None or row.state in _GONE:
        return None
    if row.state == DraftState.REJECTED and not await _comes_again(session, row):
        return None
    if row.state == DraftState.FAILED and await _answered_since(session, row):
        return None
    return await whole_card(session, row, reader)


async def whole_card(session: AsyncSession, row: DraftRow, reader: Reader) -> Card:
    """The card of ``row`` with its request to a supervisor; of one left to a person the buyer's words of danger too."""
    card = card_of(row, reader)
    asked = await approval_of(session, row, reader.wording, reader.person)
    found = await kept(session, row.conversation, reader.language) if _foreign(card, reader) else NOTHING
    translation = of_draft(row, card.draft, found, reader.language, model=reader.model)
    card = card.model_copy(update={"approval": asked, "translation": translation})
    if reader.person is not None:
        given = await spends_of(session, row, card.draft, reader.wording, reader.person, reader.role)
        card = card.model_copy(update={"spends": given})
    if card.draft is not None or row.reason != Reason.PERSON_NEEDED:
        return card
    said_by_buyer = select(MessageRow.text).where(
        MessageRow.conversation == row.conversation,
        MessageRow.platform_message_id.in_(row.burst),
        MessageRow.recalled_at.is_(None),
    )
    texts = await session.scalars(said_by_buyer.order_by(MessageRow.position))
    return card.model_copy(update={"risks": find_risks("\n".join(texts))})


def _foreign(card: Card, reader: Reader) -> bool:
    return card.draft is not None and card.draft.language != reader.language


async def _comes_again(session: AsyncSession, row: DraftRow) -> bool:
    """Whether a rejected draft is about to be written again."""
    rejection = await session.scalar(
        select(DecisionRow.rejection).where(DecisionRow.draft == row.id).order_by(DecisionRow.at.desc()).limit(1)
    )
    return rejection is not None and rejection.get("reason") != "already_answered"


async def _answered_since(session: AsyncSession, row: DraftRow) -> bool:
    """Whether somebody of the shop has written after the draft failed: then nothing of it is left to do."""
    later = select(MessageRow.id).where(
        MessageRow.conversation == row.conversation,
        MessageRow.role == Role.AGENT,
        MessageRow.received_at > row.updated_at,
    )
    return await session.scalar(later.limit(1)) is not None


def card_of(row: DraftRow, reader: Reader) -> Card:
    """The card of ``row``."""
    view = shown_view(row)
    candidates = tuple(row.candidates)
    # While it is written again the row still holds why the last one was refused.
    reason = None if row.state == DraftState.WRITING else row.reason
    return Card(
        id=str(row.id),
        conversation=str(row.conversation),
        revision=row.revision,
        text_hash=row.text_hash,
        state=row.state,
        reason=reason,
        reason_text=reason_text(reason, reader.language),
        deadline_at=row.deadline_at,
        created_at=row.created_at,
        draft=view,
        stakes=stakes(view, candidates, reason),
        risks=view.risks if view else (),
        titles=titles(view, reader.language),
        left_out=left_out(view, reader.language),
        order=order_why(view, reader.language),
        candidates=candidates,
        look_at=look_at(view, candidates, reader),
        unknown=unknown(view, reader.language),
        owes=owed(view.owes if view else (), reader, view),
        beyond=beyond(view, reader.wording, reader.language) if row.state == DraftState.PROPOSED else (),
        escalation=escalation_of(row, view, reader.language),
        cites=cited(view, reader.language),
        button=button(view, candidates, reader),
    )


def escalation_of(row: DraftRow, view: DraftView | None, language: Language) -> EscalationShown | None:
    """Who else must look at the turn, whether it got a text or not."""
    kept = Escalation.model_validate(row.escalation) if row.escalation and row.state != DraftState.WRITING else None
    found = view.escalation if view is not None else kept
    if found is None:
        return None
    return EscalationShown(to=found.to, why=found.why, text=escalation_text(found, language))


def shown_view(row: DraftRow) -> DraftView | None:
    """The draft to show; a blocked one too, because a person may want to see why it was held."""
    if row.view is None or row.state == DraftState.WRITING:
        return None
    view = DraftView.model_validate(row.view)
    if row.text is None or row.text == view.text:
        return view
    # Another text than the one that was judged: its marks would stand in the wrong places.
    return view.model_copy(update={"text": row.text, "claims": (), "owes": (), "flags": (*view.flags, "edited")})


def reason_text(reason: str | None, language: Language) -> str | None:
    """Why there is no draft, in the person's language."""
    if reason is None:
        return None
    words = _REASONS.get(reason)
    return words[language] if words else reason


def order_why(view: DraftView | None, language: Language) -> OrderWhyShown | None:
    """Which order, and why this one."""
    if view is None or view.order is None:
        return None
    why = view.order.why.value
    return OrderWhyShown(id=view.order.id, why=why, why_text=said(words.ORDER_WHY, why, language))


def look_at(view: DraftView | None, candidates: Sequence[str], reader: Reader) -> tuple[str, ...]:
    """The weakest points, a line each; risks stand beside them with the buyer's words."""
    if view is None:
        return ()
    notes = (_note(code, reader) for code in (*weak_points(view, tuple(candidates)), *view.flags))
    return tuple(dict.fromkeys(notes))


def _note(code: str, reader: Reader) -> str:
    if not code.startswith(ORDERS_AS_OF):
        return said(words.LOOK_AT, code, reader.language)
    when = datetime.fromisoformat(code.removeprefix(ORDERS_AS_OF))
    return said(words.LOOK_AT, "orders_as_of", reader.language).format(when=reader.wording.at(when))


def cited(view: DraftView | None, language: Language) -> tuple[Cited, ...]:
    """Where the draft's words come from, and in words how well that fits: no percentages."""
    return tuple(_cited(one, language) for one in (view.cites if view else ()))


def _cited(one: Citation, language: Language) -> Cited:
    fit = None if one.score is None else "well" if one.score >= FITS_WELL else "partly"
    words_for = said(words.CARD, f"cited_{fit}" if fit else "cited", language)
    return Cited(id=one.id, fit=fit, text=words_for.format(title=one.title))


def titles(view: DraftView | None, language: Language) -> dict[str, str]:
    """What the options are called in the person's language, by letter, as far as the code knows them."""
    known = ((one.id, words.OPTION_TITLES.get(one.key)) for one in (view.options if view else ()))
    return {letter: both[0 if language == "zh" else 1] for letter, both in known if both}


def left_out(view: DraftView | None, language: Language) -> tuple[LeftOut, ...]:
    """The options that the agent chose not to offer, under the names that their chips have otherwise."""
    return tuple(
        LeftOut(key=one.key, title=_called(one.key, one.title, language), cost=one.cost, letter=one.letter)
        for one in (view.left_out if view else ())
    )


def _called(key: str, title: str, language: Language) -> str:
    known = words.OPTION_TITLES.get(key)
    return known[0 if language == "zh" else 1] if known else title


def unknown(view: DraftView | None, language: Language) -> tuple[str, ...]:
    """What the draft had to do without."""
    return tuple(dict.fromkeys(said(words.UNKNOWN, path, language) for path in (view.unknown if view else ())))


def owed(promises: Sequence[Promise], reader: Reader, view: DraftView | None = None) -> tuple[Owed, ...]:
    """What is promised, with the day on which it is due."""
    return tuple(Owed(what=one.what, due=one.due, text=owed_text(one.what, one.due, reader, view)) for one in promises)


def owed_text(what: str, due: datetime | None, reader: Reader, view: DraftView | None = None) -> str:
    """A promise with its day: 补发，明天18点前 · a refund by 6 PM today."""
    named = _promised(what, reader, view)
    if due is None:
        return said(words.CARD, "owed_sometime", reader.language).format(what=named)
    return said(words.CARD, "owed", reader.language).format(what=named, when=reader.wording.by_time(due))


def _promised(what: str, reader: Reader, view: DraftView | None) -> str:
    key = what.removeprefix("option.")
    if key != what:
        option = next((one for one in view.options if one.key == key), None) if view else None
        return _option(key, option.title if option else key, reader, view)
    return said(words.PROMISES, key, reader.language)


def button(view: DraftView | None, candidates: Sequence[str], reader: Reader) -> str:
    """What the key does: bare for facts, naming the act where money, a promise or a refusal leaves."""
    language = reader.language
    if view is None:
        return said(words.CARD, "send", language)
    level = stakes(view, tuple(candidates))
    first = said(words.CARD, "edit_first" if level == "T2" else "send", language)
    acts: list[str] = []
    if view.options:
        acts.append(said(words.CARD, "offers", language).format(what=_offered(view.options, reader, view)))
    elif view.owes:
        named = dict.fromkeys(_promised(one.what, reader, view) for one in view.owes)
        acts.append(said(words.CARD, "owes", language).format(what=reader.wording.join(tuple(named))))
    if declines(view):
        acts.append(said(words.CARD, "declines", language))
    return " · ".join((first, *acts))


def _offered(options: Sequence[Option], reader: Reader, view: DraftView) -> str:
    named = dict.fromkeys(_short(option.key, option.title, reader, view) for option in options)
    return reader.wording.join(tuple(named), last=said(words.CARD, "or", reader.language))


def _option(key: str, title: str, reader: Reader, view: DraftView | None) -> str:
    """An option's name, with the amount that the buyer would get where the text states one."""
    name = said(words.OPTIONS, key, reader.language)
    name = title if name == key else name
    amount = _amount(key, view)
    if amount is None:
        return name
    money = reader.wording.money(amount)
    return f"{name}{money}" if reader.language == "zh" else f"{name} ({money})"


def _short(key: str, title: str, reader: Reader, view: DraftView | None) -> str:
    """An option as a button names it, which has little room: 补发 · reship · $34.99 refund."""
    if reader.language == "zh":
        return _option(key, title, reader, view)
    amount, name = _amount(key, view), words.OPTIONS_SHORT.get(key, title)
    return f"{reader.wording.money(amount)} {name}" if amount else name


def _amount(key: str, view: DraftView | None) -> Money | None:
    source = f"option.{key}.amount"
    for claim in view.claims if view else ():
        if claim.source == source and claim.kind is FactKind.AMOUNT:
            return Money.model_validate(claim.value)
    return None
