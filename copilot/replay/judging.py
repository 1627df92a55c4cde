"""Judges what was taken out of a piece: every group by the pack in force, on both sides when two are compared."""

from operator import attrgetter
from typing import Any

from copilot.domain.verdict import Verdict
from copilot.policy import CheckContext, Origin, Pack, Speaker
from copilot.replay.comparing import RELEASED, Change, changes
from copilot.replay.counting import add_changes, add_findings, add_not_judged
from copilot.replay.packs import Packs
from copilot.replay.remembering import Remembered
from copilot.replay.rows import Row, RowMaker, json_line
from copilot.replay.said import Said
from copilot.replay.samples import Floors
from copilot.replay.totals import Changes, Totals

_TEXT, _FINDINGS = attrgetter("text"), attrgetter("findings")
Placed = tuple[int, int, bytes]
"""Line, index and the JSON lines of a message, to be put into the order of the archive."""


class Judging:
    """The verdicts on one piece; ``totals`` is filled, ``findings`` and ``changes`` are collected."""

    def __init__(
        self,
        totals: Totals,
        rows: RowMaker,
        language: str,
        catalogue: dict[str, dict[str, Any]],
        remembered: Remembered | None = None,
        floors: Floors | None = None,
    ) -> None:
        """``language`` is that of reasons and suggestions; ``catalogue`` tells about every rule of both sides.

        ``remembered`` and ``floors`` are what earlier pieces of this process have learnt.
        """
        self._remembered = remembered or Remembered()
        self._floors = floors
        self._totals, self._rows, self._catalogue = totals, rows, catalogue
        self._contexts = {
            speaker: CheckContext(speaker=speaker, origin=Origin.ARCHIVE, language=language) for speaker in Speaker
        }
        self.findings: list[Placed] = []
        self.changes: list[Placed] = []

    def group(self, pack: Pack, speaker: Speaker, said: list[Said]) -> list[Verdict]:
        """Judge messages of one speaker under one pack."""
        verdicts = self._remembered.verdicts(pack, self._contexts[speaker], list(map(_TEXT, said)))
        add_not_judged(self._totals, verdicts[0].not_judged, len(verdicts))
        for place, findings in enumerate(map(_FINDINGS, verdicts)):
            if findings:
                self._found(said[place], pack.name, verdicts[place])
        return verdicts

    def _found(self, said: Said, pack: str, verdict: Verdict) -> None:
        rows = self._rows.rows(said, pack, list(verdict.findings))
        self.findings.append((said.line, said.position, b"".join(map(json_line, rows))))
        add_findings(self._totals, said, verdict.decision, rows, self._floors)

    def compare(self, against: Packs, speaker: Speaker, said: list[Said], verdicts: list[Verdict]) -> None:
        """Judge the same messages by the other side and note what it says differently."""
        groups: dict[int, list[int]] = {}
        for place, one in enumerate(said):
            groups.setdefault(against.on(one.when.day), []).append(place)
        for pack_place, places in groups.items():
            pack = against.packs[pack_place]
            others = self._remembered.verdicts(pack, self._contexts[speaker], [said[place].text for place in places])
            # All of a group share what their pack could not judge; what both could not is counted already.
            add_not_judged(self._totals, others[0].not_judged, len(others), known=verdicts[0].not_judged)
            for place, before in zip(places, others, strict=True):
                now = verdicts[place]
                if now.findings != before.findings:
                    self._changed(said[place], now, before)

    def _changed(self, said: Said, now: Verdict, before: Verdict) -> None:
        found = changes(now.findings, before.findings)
        if not found:
            return
        rows: list[tuple[Change, Row]] = []
        for change in found:
            pack = before.pack if change.kind == RELEASED else now.pack
            rows += [(change, row) for row in self._rows.rows(said, pack, [change.finding])]
        lines = [json_line({"change": change.kind, **row, "before": _before(change)}) for change, row in rows]
        self.changes.append((said.line, said.position, b"".join(lines)))
        add_changes(self._totals, said, (before.decision.value, now.decision.value), rows)

    def close(self, compared: bool) -> tuple[bytes, bytes]:
        """The lines of findings and of changes in the order of the archive; the totals get what tells about rules."""
        if compared and self._totals.changes is None:
            self._totals.changes = Changes()
        self._tell_rules()
        return _in_order(self.findings), _in_order(self.changes)

    def _tell_rules(self) -> None:
        spoke = {*self._totals.rules, *self._totals.not_judged, *(self._totals.changes or Changes()).rules}
        for rule in spoke & self._catalogue.keys():
            self._totals.catalogue[rule] = self._catalogue[rule]


def _before(change: Change) -> dict[str, Any] | None:
    if change.before is None:
        return None
    before = change.before
    return {"severity": before.severity.value, "start": before.start, "end": before.end}


def _in_order(placed: list[Placed]) -> bytes:
    placed.sort(key=lambda one: one[:2])
    return b"".join(lines for _, _, lines in placed)
