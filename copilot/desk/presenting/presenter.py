"""Sees to the notes of one draft: writes the one that is missing, and says beside the others what became of them.

It looks at the rows and does what they ask for, so that a job that comes twice, late or after a crash does no harm.
Runs under the lock ``note:<conversation>``, after each move of the draft (``channel/presenting/moved``).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.model_use import forbids
from copilot.access.shops import PRESENTS
from copilot.channel.presenting.moved import AGAIN
from copilot.channel.presenting.notebook import UNSURE, Notebook
from copilot.channel.tasks import NOTE_DRAFT, note_lock
from copilot.desk.presenting.fates import Fate, fate_of, shows
from copilot.desk.presenting.notes import is_shown, language_of, note_of
from copilot.desk.presenting.people import name_of
from copilot.desk.presenting.words import FATES
from copilot.desk.words import said
from copilot.domain.draft import DraftState
from copilot.sdk import Note
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, DecisionRow, DraftRow, NoteRow, ShopRow

_WORDING: Final = timedelta(seconds=8)
"""For so long a note waits for the words of a model: a note does not change under the eyes of its people."""
_LOOK: Final = timedelta(seconds=1)


@dataclass(frozen=True)
class _Saying:
    """Words to say beside a note that is there."""

    row: uuid.UUID
    note_id: str
    fate: Fate
    words: str


@dataclass(frozen=True)
class _Work:
    """What the rows ask for: notes to write (again), words to say beside others."""

    shop: ShopRow
    conversation: str
    writing: Sequence[tuple[uuid.UUID, Note]]
    saying: Sequence[_Saying]
    lock: str


@dataclass(frozen=True)
class Presenter:
    """The notes of a store's drafts; ``models`` says whether one may still word a composed draft."""

    store: Store
    notebook: Notebook
    models: bool = False

    async def see_to(self, merchant: uuid.UUID, draft: uuid.UUID, tries: int = 0) -> None:
        """Bring the notes of the draft up to date; ``tries`` is how many attempts in a row were in vain."""
        wrote = True
        while wrote:
            # Of a note whose id was lost and is known now, its people must still be told what became of it.
            wrote = await self._once(merchant, draft, tries)

    async def _once(self, merchant: uuid.UUID, draft: uuid.UUID, tries: int) -> bool:
        """Do what the rows ask for now; whether a note was written, so that they may ask for more."""
        async with self.store.merchant(merchant) as session:
            work = await self._look(session, draft, last=tries >= len(AGAIN))
        if work is None:
            return False
        vain = False
        for row, note in work.writing:
            vain |= not await self.notebook.write(work.shop, row, note)
        for one in work.saying:
            if await self.notebook.say(work.shop, work.conversation, one.note_id, one.words) or tries >= len(AGAIN):
                await self._said(merchant, one)
            else:
                vain = True
        if vain and tries < len(AGAIN):
            await self._later(merchant, draft, work.lock, self._now + AGAIN[tries], tries + 1)
        return bool(work.writing) and not vain

    @property
    def _now(self) -> datetime:
        return self.notebook.clock.now()

    async def _look(self, session: AsyncSession, draft: uuid.UUID, *, last: bool) -> _Work | None:
        row = await session.scalar(select(DraftRow).where(DraftRow.id == draft))
        if row is None:
            return None
        shop = await session.get_one(ShopRow, (row.merchant, row.shop))
        if not self.notebook.can_note(shop):
            return None
        known = list(await session.scalars(select(NoteRow).where(NoteRow.draft == draft).with_for_update()))
        place = await session.get_one(ConversationRow, (row.merchant, row.conversation))
        saying = [one for note in known if (one := await self._saying(session, note, row, shop)) is not None]
        writing: list[tuple[uuid.UUID, Note]] = []
        for note in await self._unwritten(session, row, shop, known, last=last):
            note.attempts, note.shown, note.updated_at = note.attempts + 1, None, self._now
            writing.append((note.id, await note_of(session, row, shop, self.notebook.clock)))
        return _Work(shop, place.platform_conversation_id, writing, saying, note_lock(row.conversation))

    async def _unwritten(
        self, session: AsyncSession, row: DraftRow, shop: ShopRow, known: Sequence[NoteRow], *, last: bool
    ) -> list[NoteRow]:
        """The notes to write now; those that nobody needs any more are given up."""
        found: list[NoteRow] = []
        for note in known:
            if note.state != "writing":
                continue
            wanted = is_shown(row) and shows(note, row)
            # It may stand there, and its people must read that it is over: its key brings its id.
            lost = note.shown in UNSURE and self.notebook.is_keyed(shop)
            if last or not (wanted or lost):
                note.state, note.updated_at = "failed", self._now
            else:
                found.append(note)
        if not is_shown(row) or PRESENTS not in shop.settings or any(shows(note, row) for note in known):
            return found
        if self._is_worded(row, shop):
            lock = note_lock(row.conversation)
            await timers.arm(session, NOTE_DRAFT, row.id, self._now + _LOOK, merchant=row.merchant, lock=lock)
            return found
        new = NoteRow(
            merchant=row.merchant,
            id=uuid.uuid4(),
            shop=row.shop,
            conversation=row.conversation,
            draft=row.id,
            revision=row.revision,
            text_hash=row.text_hash or "",
            state="writing",
            attempts=0,
            created_at=self._now,
            updated_at=self._now,
        )
        session.add(new)
        await session.flush()
        return [*found, new]

    def _is_worded(self, row: DraftRow, shop: ShopRow) -> bool:
        """Whether a model may be about to put better words in the place of these."""
        composed = row.composed is not None and row.view == row.composed
        models = self.models and not forbids(shop)
        return models and composed and row.state == DraftState.PROPOSED and self._now < row.updated_at + _WORDING

    async def _saying(self, session: AsyncSession, note: NoteRow, row: DraftRow, shop: ShopRow) -> _Saying | None:
        if note.state != "open" or note.note_id is None:
            return None
        decision = await session.scalar(
            select(DecisionRow)
            .where(DecisionRow.draft == row.id, DecisionRow.revision == note.revision)
            .order_by(DecisionRow.at.desc())
            .limit(1)
        )
        fate = fate_of(note, row, decision)
        if fate is None or fate.code == note.shown:
            return None
        language = language_of(shop)
        words = said(FATES, fate.code, language).format(who=await name_of(session, fate.by, language))
        return _Saying(note.id, note.note_id, fate, words)

    async def _said(self, merchant: uuid.UUID, saying: _Saying) -> None:
        async with self.store.merchant(merchant) as session:
            note = await session.scalar(select(NoteRow).where(NoteRow.id == saying.row).with_for_update())
            if note is not None:
                note.shown, note.updated_at = saying.fate.code, self._now
                note.state = "closed" if saying.fate.final else note.state

    async def _later(self, merchant: uuid.UUID, draft: uuid.UUID, lock: str, due: datetime, tries: int) -> None:
        async with self.store.merchant(merchant) as session:
            # A move that came meanwhile has armed it already, and sooner.
            await timers.arm(session, NOTE_DRAFT, draft, due, merchant=merchant, attempt=tries, lock=lock, keep=True)
