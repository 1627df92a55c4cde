"""Reads drafts with everything that tells what became of each; adds nothing up.

Who did it is not read, but for one thing: how long a text had stood before whoever accepted it.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.figures import statements
from copilot.desk.figures.fate import Decided, Story, fate_of, judging_decision, unread
from copilot.desk.figures.seen import Outcome, Seen
from copilot.desk.figures.statements import Statements

_UNCLEAR = "unclear"
_Row = Mapping[Any, Any]


async def read_drafts(session: AsyncSession, shop: uuid.UUID, start: datetime, end: datetime) -> list[Seen]:
    """The drafts of ``shop`` that were begun from ``start`` on and before ``end``."""
    return await _read(session, statements.OF_DAYS, {"shop": shop, "start": start, "end": end})


async def read_these(session: AsyncSession, drafts: Sequence[uuid.UUID]) -> list[Seen]:
    """Those of ``drafts`` that figures count."""
    return await _read(session, statements.THESE, {"drafts": list(drafts)})


async def _read(session: AsyncSession, asked: Statements, given: dict[str, Any]) -> list[Seen]:
    sights = await _by_draft(session, asked.sights, given)
    decisions = await _by_draft(session, asked.decisions, given)
    rows = (await session.execute(asked.drafts, given)).mappings().all()
    return [_seen(row, sights[row["id"]], decisions[row["id"]]) for row in rows]


async def _by_draft(session: AsyncSession, statement: TextClause, given: dict[str, Any]) -> dict[uuid.UUID, list[_Row]]:
    found: dict[uuid.UUID, list[_Row]] = defaultdict(list)
    for row in (await session.execute(statement, given)).mappings():
        found[row["draft"]].append(row)
    return found


def _seen(row: _Row, sights: Sequence[_Row], decisions: Sequence[_Row]) -> Seen:
    erased = row["text"] is None
    kept = row["outcome"]
    outcome = Outcome.model_validate(kept) if kept is not None else _outcome(row, sights, decisions, erased)
    return Seen(row["id"], sights[0]["typed"] if sights else None, outcome, row["text"], erased)


def _outcome(row: _Row, sights: Sequence[_Row], decisions: Sequence[_Row], erased: bool) -> Outcome:
    made = _judgements(sights, decisions)
    judged = judging_decision(made)
    last = max((one["revision"] for one in sights), default=row["revision"])
    revision = judged.revision if judged is not None else last
    story = Story(
        # What was erased before outcomes were kept: its state says no more what had become of it.
        state="erased" if erased else row["state"],
        late=_of_revision(row, sights, revision, "late") or False,
        decisions=made,
        answered=row["answered"],
        same_words=row["same_words"],
    )
    did = {name: row["left"] and row[name] for name in ("left", "corrected", "repeated", "reopened", "broken")}
    return Outcome(
        issue=_of_revision(row, sights, revision, "issue") or row["issue"] or _UNCLEAR,
        fate=fate_of(story),
        accepted=judged is not None and judged.kind == "accept",
        unread=unread(story, row["text"]),
        **did,
    )


def _of_revision(row: _Row, sights: Sequence[_Row], revision: int, name: str) -> Any:
    """What is known of the text of one revision: from when it was seen, else from the draft if it is still that one."""
    seen = next((one[name] for one in sights if one["revision"] == revision and one[name] is not None), None)
    return row[name] if seen is None and row["revision"] == revision else seen


def _judgements(sights: Sequence[_Row], decisions: Sequence[_Row]) -> list[Decided]:
    """The decisions about texts: who turns away a draft that came without one, or was on no screen, judges none."""
    seen = {one["revision"] for one in sights}
    texts = (one for one in decisions if one["kind"] in ("accept", "edit") or one["revision"] in seen)
    return [_decided(one, sights) for one in texts]


def _decided(row: _Row, sights: Sequence[_Row]) -> Decided:
    same = ("revision", "text_hash", "by")
    seen_at = next((one["at"] for one in sights if all(one[name] == row[name] for name in same)), None)
    waited = (row["waited_ms"] or 0) / 1000
    read = max(0.0, (row["at"] - seen_at).total_seconds() - waited) if seen_at is not None else None
    return Decided(row["kind"], row["edit_class"], row["reason"], row["at"], read, row["revision"])
