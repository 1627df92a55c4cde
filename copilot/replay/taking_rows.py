"""Takes messages out of the rows of tables: one message per row, the rows of a conversation next to each other."""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from copilot.replay.mapping import FIELDS, RowMapping
from copilot.replay.pieces import Rows
from copilot.replay.said import FORMS, LONGEST, SPEAKERS, Said, Taken, is_text, name_of
from copilot.replay.taking import Part
from copilot.replay.times import Times


class RowTaker:
    """Fills a ``Taken`` from rows."""

    def __init__(self, times: Times, part: Part, mapping: RowMapping) -> None:
        """``times`` reads the times of messages as ``mapping`` says they are written."""
        self._when, self._part, self._mapping = times.when, part, mapping
        self._roles: dict[str, str | None] = {}

    def rows(self, taken: Taken, rows: Rows, archive: str) -> None:
        """Take the messages of ``rows``; a table without a column for conversations has one per row."""
        wanted = [(rows.places.get(field, -1), self._mapping.constants.get(field)) for field in FIELDS]
        for damage in rows.damages:
            taken.reject(damage.line, damage.kind, damage.why)
        first: tuple[int, bool] | None = None
        before, mine = -1, False
        for line, row in zip(rows.lines, rows.rows, strict=True):
            size = len(row)
            cells = [row[at] if 0 <= at < size else constant for at, constant in wanted]
            name = name_of(cells[0]) or f"{archive}:{line}"
            seed = crc32(name.encode("utf-8", "replace"))
            if seed != before:
                before, mine = seed, self._part.has(seed)
                if first is None:
                    # It may go on from the piece before; whoever puts the pieces together knows.
                    first = (seed, mine)
                elif mine:
                    taken.conversations += 1
            if mine:
                self._row(taken, line, name, cells)
        if first is not None:
            taken.edges = (*first, before)

    def _row(self, taken: Taken, line: int, name: str, cells: Sequence[Any]) -> None:
        _, message, role_words, text, sent_at, agent, shop, form, sent_by, recalled = cells
        role = self._role(name_of(role_words))
        if role is None:
            taken.reject(line, "shape", "role: must mean agent, bot, buyer or system (see --map)", line - 1)
            return
        problem = _problem(cells)
        if problem is not None:
            taken.reject(line, *problem, line - 1)
            return
        text, form = name_of(text), name_of(form)
        if not text or role not in SPEAKERS or form not in FORMS or len(text) > LONGEST:
            taken.unusual(line, line - 1, role, text, private=False, form=form)
            return
        agent = name_of(agent) if role != "buyer" else ""
        raw = {"id": message, "sent_at": sent_at, "sent_by": sent_by, "recalled_at": recalled}
        taken.add(Said(line, line - 1, name, text, self._when(sent_at), role, agent, name_of(shop), raw))

    def _role(self, words: str) -> str | None:
        if words not in self._roles:
            self._roles[words] = self._mapping.role(words)
        return self._roles[words]


def _problem(cells: Sequence[Any]) -> tuple[str, str] | None:
    """Why ``cells`` cannot be used, as kind and words; null when they can."""
    for field, cell in zip(FIELDS, cells, strict=True):
        if cell.__class__ is not str and cell is not None and not isinstance(cell, str | int | float):
            # A time may have many forms; one that cannot be read is counted as such.
            if field not in ("sent_at", "recalled_at"):
                return "shape", f"{field}: must be text"
    if not is_text("".join([cell for cell in cells if cell.__class__ is str])):
        return "encoding", "holds bytes that are no text in this encoding"
    return None
