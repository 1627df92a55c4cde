"""The lines of ``findings.jsonl`` and ``diff.jsonl``."""

from typing import Any

import orjson

from copilot.domain.verdict import Finding
from copilot.replay.masking import Excerpt, Excerpts
from copilot.replay.said import Said

Row = dict[str, Any]


class RowMaker:
    """Makes the rows of one archive."""

    def __init__(self, archive: str, excerpts: Excerpts) -> None:
        """``archive`` is its name in outputs, ``excerpts`` shows texts in them."""
        self._archive, self._excerpts = archive, excerpts

    def rows(self, said: Said, pack: str, findings: list[Finding]) -> list[Row]:
        """One row per finding, in their order."""
        shown = self._excerpts.of(said.text, tuple((f.start, f.end) for f in findings))
        return [self._row(said, pack, finding, one) for finding, one in zip(findings, shown, strict=True)]

    def _row(self, said: Said, pack: str, finding: Finding, shown: Excerpt) -> Row:
        sent_at = said.raw.get("sent_at")
        words, excerpt, start, end = shown
        return {
            "archive": self._archive,
            "line": said.line,
            "conversation": said.conversation,
            "message": said.message,
            "index": said.position,
            "sent_at": sent_at if isinstance(sent_at, str | int | float) else None,
            "shop": said.shop,
            "role": said.role,
            "agent": said.agent,
            "sent_by": said.sent_by or None,
            "recalled": bool(said.raw.get("recalled_at")),
            "pack": pack,
            "rule": finding.rule,
            "family": finding.family,
            "severity": finding.severity.value,
            "start": finding.start,
            "end": finding.end,
            "text": words,
            "reason": finding.reason,
            "suggestion": finding.suggestion,
            "excerpt": excerpt,
            "excerpt_start": start,
            "excerpt_end": end,
        }


def json_line(row: Row) -> bytes:
    """``row`` as a line of JSON."""
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


_SAMPLE = tuple("rule severity archive line conversation message index sent_at shop agent role pack excerpt".split())


def sample_of(row: Row) -> Row:
    """What a report shows of a finding; ``start`` and ``end`` are those of the span inside the excerpt."""
    return {**{name: row[name] for name in _SAMPLE}, "start": row["excerpt_start"], "end": row["excerpt_end"]}
