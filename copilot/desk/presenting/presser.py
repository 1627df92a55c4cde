"""Carries out what somebody pressed in the platform's window, by the desk's rules: theirs to decide, once, as seen.

A press means the note it is on: that draft, that revision, that text, and nothing else. Runs under the lock
``note:<conversation>``; one that comes twice finds it carried out.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.access.principal import SENIOR, Action, Principal
from copilot.access.scopes import OutOfScope
from copilot.channel.accounts import ShopNotConnected
from copilot.channel.presenting.notebook import UNSURE, Notebook
from copilot.channel.tasks import NOTE_PRESS, note_lock
from copilot.desk.benches import Benches
from copilot.desk.edits import edit_class
from copilot.desk.own_text import Judged
from copilot.desk.presenting.notes import EDIT_FIRST, language_of
from copilot.desk.presenting.people import name_of, person_of
from copilot.desk.presenting.reasons import listed, rejection_of
from copilot.desk.presenting.words import PRESSES
from copilot.desk.queue.moves import HeldByOther
from copilot.desk.stakes import stakes
from copilot.desk.words import Language, said
from copilot.domain.draft import DraftState, DraftView
from copilot.domain.errors import OverCeiling, QuestionOver, StaleDraft
from copilot.flow import decisions
from copilot.flow.approvals import allowed_words, grant_in
from copilot.flow.decisions import Decision, DecisionKind
from copilot.flow.judging import text_hash
from copilot.logs import get_logger
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import DecisionRow, DraftRow, NoteRow, PressRow, ShopRow

log = get_logger(__name__)

_LOOK_AGAIN: Final = timedelta(seconds=2)
_LOOKS: Final = 15
"""So often a press waits for its note, whose id may be known a moment later."""
_TRIES: Final = 2
"""So often it is tried again when something broke."""
_DONE: Final = "done"
_SILENT: Final = (_DONE, "unknown_note", "talk")
"""What is not answered: people talk and press in that window about other things too, and a note tells its own end."""


class Refused(Exception):
    """Nothing was done; ``code`` of ``words.PRESSES`` says why, ``values`` fill its gaps."""

    def __init__(self, code: str, *, state: str = "refused", **values: str) -> None:
        """``state`` is what the press waits in ("asks", "vouch") where something may still come of it."""
        super().__init__(code)
        self.code, self.state, self.values = code, state, values


@dataclass(frozen=True)
class _Press:
    """A press with whose it is and what it is on."""

    row: PressRow
    shop: ShopRow
    note: NoteRow
    draft: DraftRow
    person: Principal
    earlier: PressRow | None = None
    """The last press on this note by the same hand, which may wait for these words."""


@dataclass(frozen=True)
class Presser:
    """Carries out presses; ``benches`` judge what people write."""

    store: Store
    notebook: Notebook
    benches: Benches

    async def carry_out(self, merchant: uuid.UUID, press: uuid.UUID, tries: int = 0) -> None:
        """Do what the press asks for, or say beside the note why not; ``tries`` is how often its note was missing."""
        async with self.store.merchant(merchant) as session:
            row = await session.scalar(select(PressRow).where(PressRow.id == press))
            if row is None or row.state != "taken":
                return
            shop = await session.get_one(ShopRow, (merchant, row.shop))
            if await self._is_early(session, row, tries):
                return
        language = language_of(shop)
        try:
            code, values, state = await self._outcome(merchant, press, shop)
        # Around one job: somebody waits for an answer, and must not take silence for a reply that was sent.
        except Exception as error:
            log.error("press_failed", press=str(press), error=error)
            if tries < _TRIES:
                async with self.store.merchant(merchant) as session:
                    await self._later(session, row, note_lock(shop.id), tries)
                return
            code, values, state = "failed", {}, "refused"
        if code not in _SILENT:
            words = said(PRESSES, code, language).format(**values)
            await self.notebook.say(shop, row.platform_conversation_id, row.note_id, words)
        await self._end(merchant, press, state, code)
        log.info("press_carried_out", press=str(press), outcome=code)

    async def _outcome(self, merchant: uuid.UUID, press: uuid.UUID, shop: ShopRow) -> tuple[str, dict[str, str], str]:
        """What came of it: a code, what fills its words, and the state that the press stands in from now on."""
        try:
            found = await self._found(merchant, press, shop)
            await self._do(found)
        except Refused as error:
            return error.code, error.values, error.state
        await self._note(found)
        return _DONE, {}, _DONE

    async def _is_early(self, session: AsyncSession, row: PressRow, tries: int) -> bool:
        """Whether the note is there and its id may not be known yet; then the press is looked at again."""
        known = select(NoteRow.id).where(NoteRow.shop == row.shop, NoteRow.note_id == row.note_id)
        if tries >= _LOOKS or await session.scalar(known) is not None:
            return False
        lost = select(NoteRow.conversation).where(
            NoteRow.shop == row.shop, NoteRow.state == "writing", NoteRow.note_id.is_(None)
        )
        unsure = lost.where(NoteRow.shown.is_(None) | NoteRow.shown.in_([one for one in UNSURE if one]))
        conversation = await session.scalar(unsure.limit(1))
        if conversation is None:
            return False
        await self._later(session, row, note_lock(conversation), tries)
        return True

    async def _later(self, session: AsyncSession, row: PressRow, lock: str, tries: int) -> None:
        due = self.notebook.clock.now() + _LOOK_AGAIN
        await timers.arm(session, NOTE_PRESS, row.id, due, merchant=row.merchant, attempt=tries + 1, lock=lock)

    async def _found(self, merchant: uuid.UUID, press: uuid.UUID, shop: ShopRow) -> _Press:
        try:
            settings = (await self.notebook.accounts.of(shop)).account.settings
        except ShopNotConnected:
            raise Refused("failed") from None
        async with self.store.merchant(merchant) as session:
            row = await session.get_one(PressRow, (merchant, press))
            note = await session.scalar(select(NoteRow).where(NoteRow.shop == shop.id, NoteRow.note_id == row.note_id))
            if note is None:
                raise Refused("unknown_note")
            earlier = await self._earlier(session, row)
            if row.kind == "answer" and (earlier is None or earlier.state not in ("asks", "vouch")):
                raise Refused("talk")
            person = await person_of(session, settings, row.agent)
            if person is None:
                raise Refused("unknown_person", agent=row.agent or "?")
            if not person.can(Action.DECIDE):
                raise Refused("not_allowed")
            row.by = str(person.id)
            draft = await session.get_one(DraftRow, (merchant, note.draft))
        return _Press(row, shop, note, draft, person, earlier)

    @staticmethod
    async def _earlier(session: AsyncSession, row: PressRow) -> PressRow | None:
        """The last press by the same hand on the same note that was more than talk."""
        return await session.scalar(
            select(PressRow)
            .where(
                PressRow.shop == row.shop,
                PressRow.note_id == row.note_id,
                PressRow.agent == row.agent,
                PressRow.position < row.position,
                PressRow.outcome.is_distinct_from("talk"),
            )
            .order_by(PressRow.position.desc())
            .limit(1)
        )

    async def _do(self, press: _Press) -> None:
        if await self._done_before(press):
            return
        kind, words = self._meant(press)
        match kind:
            case "accept":
                decision = self._accepting(press)
            case "reject":
                decision = self._rejecting(press, words)
            case _:
                decision = await self._editing(press, words)
        try:
            await decisions.decide(self.store, press.row.merchant, decision, self.notebook.clock)
        except StaleDraft:
            raise Refused("stale") from None
        except OutOfScope as error:
            await self._refused(press, error)
            raise Refused("out_of_scope") from None
        except QuestionOver:
            raise Refused("follow_up_over") from None
        except OverCeiling as error:
            raise Refused("over_ceiling", left=error.left) from None
        except HeldByOther as error:
            raise await self._held(press, error) from None

    async def _done_before(self, press: _Press) -> bool:
        """Whether this very press was carried out and its end not noted; refuses what is no longer as it was seen.

        Nothing is judged about words of another text.
        """
        note, draft = press.note, press.draft
        open_ones = (DraftState.PROPOSED, DraftState.BLOCKED)
        if draft.state in open_ones and (draft.revision, draft.text_hash or "") == (note.revision, note.text_hash):
            return False
        async with self.store.merchant(press.row.merchant) as session:
            mine = await session.scalar(
                select(DecisionRow.id).where(
                    DecisionRow.draft == draft.id,
                    DecisionRow.revision == note.revision,
                    DecisionRow.by == str(press.person.id),
                    DecisionRow.at >= press.row.at,
                )
            )
        if mine is None:
            raise Refused("stale")
        return True

    def _meant(self, press: _Press) -> tuple[str, str]:
        """What the press means, with its words: words after a bare rejection are its reason."""
        row, earlier = press.row, press.earlier
        if row.kind in ("edit", "answer") and earlier is not None and earlier.state == "asks":
            return "reject", row.words or ""
        if row.kind == "option":
            return "edit", self._option(press)
        return row.kind, row.words or ""

    def _option(self, press: _Press) -> str:
        wanted = (press.row.words or "").strip().casefold()
        view = DraftView.model_validate(press.draft.view) if press.draft.view else None
        option = next((one for one in view.options if one.id.casefold() == wanted), None) if view else None
        if option is None:
            raise Refused("no_option", what=press.row.words or "?")
        return option.text

    def _accepting(self, press: _Press) -> Decision:
        if press.draft.state != DraftState.PROPOSED or press.draft.view is None:
            raise Refused("cannot_send")
        view = DraftView.model_validate(press.draft.view)
        # As on the page, where such a draft opens to be edited: a press alone is no sign that anybody read it.
        if stakes(view, tuple(press.draft.candidates)) == EDIT_FIRST:
            raise Refused("edit_first")
        return self._decision(press, DecisionKind.ACCEPT)

    def _rejecting(self, press: _Press, words: str) -> Decision:
        if not words.strip():
            raise Refused("asks", state="asks", reasons=listed(language_of(press.shop)))
        return self._decision(press, DecisionKind.REJECT, rejection=rejection_of(words))

    async def _editing(self, press: _Press, words: str) -> Decision:
        if press.draft.state != DraftState.PROPOSED:
            raise Refused("cannot_send")
        text = words.strip()
        if not text:
            raise Refused("no_text")
        bench = await self.benches.of(press.person, draft=press.draft.id, text=text)
        vouched: tuple[str, ...] = ()
        async with self.store.merchant(press.row.merchant) as session:
            allowed = await allowed_words(session, press.draft, text)
        if allowed is not None:
            bench, vouched = replace(bench, allowed=grant_in(allowed, bench.rules.terms)), tuple(allowed.vouched)
        bench = replace(bench, reader=language_of(press.shop))
        judged = bench.judge(text, vouched)
        if judged.needs_vouching and self._stands_for(press, text):
            judged = bench.judge(text, (*vouched, *judged.needs_vouching))
        self._require_sendable(judged, language_of(press.shop))
        edited = {"view": bench.edited(judged), "edit_class": edit_class(bench, judged)}
        return self._decision(press, DecisionKind.EDIT, text=text, verdict=judged.verdict, **edited)

    def _require_sendable(self, judged: Judged, language: Language) -> None:
        between = "；" if language == "zh" else "; "
        if judged.blocked:
            found = [f"“{one.text}” {one.reason}" for one in judged.verdict.findings if one.severity == "block"]
            raise Refused("blocked", why=between.join(found))
        if judged.needs_vouching:
            words = between.join(f"“{one}”" for one in judged.needs_vouching)
            raise Refused("vouch", state="vouch", what=words)

    @staticmethod
    def _stands_for(press: _Press, text: str) -> bool:
        """Whether the person was told what nothing supports, and says the same words again."""
        before = press.earlier
        return before is not None and before.state == "vouch" and before.print_words == text_hash(text)

    def _decision(self, press: _Press, kind: DecisionKind, **more: Any) -> Decision:
        person = press.person
        return Decision(
            draft=press.draft.id,
            revision=press.note.revision,
            text_hash=press.note.text_hash,
            kind=kind,
            by=str(person.id),
            role="supervisor" if person.role in SENIOR else "agent",
            holder=None if person.can(Action.ASSIGN) else person.id,
            scopes=person.scopes,
            **more,
        )

    async def _refused(self, press: _Press, error: OutOfScope) -> None:
        """Write down who wanted what their work does not cover."""
        async with self.store.merchant(press.row.merchant) as session:
            await audit.record(
                session,
                merchant=press.row.merchant,
                by=str(press.person.id),
                action="scope.refused",
                object=str(press.draft.id),
                detail={"scope": error.scope.value, "in": press.shop.adapter},
                at=self.notebook.clock.now(),
            )

    async def _held(self, press: _Press, error: HeldByOther) -> Refused:
        async with self.store.merchant(press.row.merchant) as session:
            by = str(error.holder) if error.holder is not None else None
            return Refused("held_by_other", who=await name_of(session, by, language_of(press.shop)))

    async def _note(self, press: _Press) -> None:
        """Write down who decided what, and where."""
        async with self.store.merchant(press.row.merchant) as session:
            decided = await session.scalar(
                select(DecisionRow)
                .where(DecisionRow.draft == press.draft.id, DecisionRow.by == str(press.person.id))
                .order_by(DecisionRow.at.desc())
                .limit(1)
            )
            if decided is None:
                return
            detail: dict[str, Any] = {
                "revision": press.note.revision,
                "text_hash": press.note.text_hash,
                "in": press.shop.adapter,
            }
            if press.earlier is not None and press.earlier.state == "vouch" and decided.kind == "edit":
                detail["vouched"] = True
            if decided.rejection:
                detail["reason"] = decided.rejection.get("reason")
            await audit.record(
                session,
                merchant=press.row.merchant,
                by=str(press.person.id),
                action=f"draft.{decided.kind}",
                object=str(press.draft.id),
                at=self.notebook.clock.now(),
                detail=detail,
            )

    async def _end(self, merchant: uuid.UUID, press: uuid.UUID, state: str, code: str) -> None:
        async with self.store.merchant(merchant) as session:
            row = await session.scalar(select(PressRow).where(PressRow.id == press).with_for_update())
            if row is None:
                return
            row.state, row.outcome, row.settled_at = state, code, self.notebook.clock.now()
            row.print_words = text_hash(row.words.strip()) if state == "vouch" and row.words else None
            # What somebody wrote stands in the platform's window; here it has done its work.
            row.words = None
            await timers.cancel(session, NOTE_PRESS, press)
