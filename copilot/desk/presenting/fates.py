"""What became of the draft that a note shows, by code; None while its people may still decide on it there."""

from dataclasses import dataclass
from typing import Final

from copilot.domain.draft import DraftState
from copilot.store.tables import DecisionRow, DraftRow, NoteRow

_SHOWN: Final = frozenset({DraftState.PROPOSED, DraftState.BLOCKED, DraftState.WRITING})
_ON_ITS_WAY: Final = frozenset({DraftState.APPROVED, DraftState.SENDING, DraftState.HANDED_OVER})
_MAY_CHANGE: Final = frozenset({"unconfirmed"})


@dataclass(frozen=True)
class Fate:
    """A code of ``words.FATES``, by whom, and whether anything more may come of it."""

    code: str
    by: str | None = None

    @property
    def final(self) -> bool:
        """Whether the note may be forgotten."""
        return self.code not in _MAY_CHANGE


def shows(note: NoteRow, draft: DraftRow) -> bool:
    """Whether the note shows the draft as it stands, word for word."""
    return (note.revision, note.text_hash) == (draft.revision, draft.text_hash or "")


def fate_of(note: NoteRow, draft: DraftRow, decision: DecisionRow | None) -> Fate | None:
    """What to say beside the note; ``decision`` is the last one about its revision."""
    state = DraftState(draft.state)
    by = decision.by if decision is not None else None
    if state in _ON_ITS_WAY:
        return None
    if state in _SHOWN:
        if shows(note, draft):
            return None
        refused = decision is not None and decision.kind in ("reject", "ignore")
        return Fate("rejected", by) if refused else Fate("replaced")
    if state is DraftState.SENT:
        return Fate("sent_edited" if decision is not None and decision.kind == "edit" else "sent", by)
    if state is DraftState.REJECTED:
        return Fate("rejected", by)
    return Fate(state.value)
