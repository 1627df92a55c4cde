"""What is kept about a buyer beside the words: cases and promises.

Of this conversation, and what the same buyer raised about an order in another one. Reads; writes nothing.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from copilot.domain.case import Commitment
from copilot.flow.understand.story import Remembered
from copilot.store.direct import Direct, Transaction
from copilot.store.tables import CaseRow, CommitmentRow, ConversationRow

_CASE, _PROMISE, _ELSEWHERE = "case", "promise", "promise elsewhere"
_REMEMBERED = {
    "id": CaseRow.id,
    "case": CaseRow.body,
    "here": CaseRow.conversation == bindparam("conversation"),
    "state": CaseRow.state,
    "raised_by": CaseRow.raised_by,
    "raised_at": CaseRow.raised_at,
    "read_to": CaseRow.read_to,
    "picked_order": CaseRow.picked_order,
    "picked_at": CaseRow.picked_at,
    "resolved_at": CaseRow.resolved_at,
    "resolved_by": CaseRow.resolved_by,
    "evidence": CaseRow.evidence,
    "reopened": CaseRow.reopened,
    "reopened_at": CaseRow.reopened_at,
    "reopened_by": CaseRow.reopened_by,
    "product_id": CaseRow.product_id,
    "order_id": CaseRow.order_id,
    "follow_up": CaseRow.follow_up,
    "asked": CaseRow.follow_up_draft,
    "solved": CaseRow.solved,
    "solved_at": CaseRow.solved_at,
    "version": CaseRow.version,
}
# This conversation and the same buyer's others, found first and as an array: what is kept is then looked up by
# conversation. As a condition that is either this conversation or one of those, it was looked for in every case that
# the merchant ever had, for each draft.
_TALKS = func.array(
    union_all(
        select(bindparam("conversation", type_=ConversationRow.id.type)),
        select(ConversationRow.id).where(
            ConversationRow.buyer == bindparam("buyer"), ConversationRow.id != bindparam("conversation")
        ),
    ).scalar_subquery(),
    type_=ARRAY(ConversationRow.id.type),
)


def _theirs(kept: type[CaseRow] | type[CommitmentRow]) -> ColumnElement[bool]:
    """What belongs to this conversation, and what the same buyer raised about an order in another one."""
    here = kept.conversation == bindparam("conversation")
    return and_(kept.conversation == any_(_TALKS), or_(here, kept.order_id.is_not(None)))


_PROMISED = {
    "what": CommitmentRow.what,
    "amount": CommitmentRow.amount,
    "due": CommitmentRow.due,
    "by": CommitmentRow.by,
    "message": CommitmentRow.platform_message_id,
    "order": CommitmentRow.order_id,
    "state": CommitmentRow.state,
    "evidence": CommitmentRow.evidence,
}


def _as_object(parts: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]]) -> ColumnElement[Any]:
    """The parts as one JSON object; their names stand in the statement instead of going with it each time."""
    arguments: list[Any] = []
    for name, value in parts.items():
        arguments += [literal_column(f"'{name}'"), value]
    return func.jsonb_build_object(*arguments)


# One way for both.
_KEPT = Direct(
    union_all(
        select(
            literal(_CASE).label("kind"),
            _as_object(_REMEMBERED).label("body"),
            cast(CaseRow.position, Double).label("place"),
        ).where(_theirs(CaseRow)),
        select(
            case((CommitmentRow.conversation == bindparam("conversation"), _PROMISE), else_=_ELSEWHERE),
            _as_object(_PROMISED),
            cast(func.extract("epoch", CommitmentRow.created_at), Double),
        ).where(_theirs(CommitmentRow)),
    ).order_by("kind", "place")
)


async def kept_about(
    session: Transaction, conversation: uuid.UUID, buyer: uuid.UUID | None
) -> tuple[tuple[Remembered, ...], tuple[Commitment, ...]]:
    """The conversation's cases and promises, the oldest first."""
    rows = await _KEPT.all(session, {"conversation": conversation, "buyer": buyer})
    memory = tuple(Remembered.model_validate(body) for kind, body, _ in rows if kind == _CASE)
    promises = [(kind, Commitment.model_validate(body)) for kind, body, _ in rows if kind != _CASE]
    # What was promised in another conversation counts where that conversation's case is known.
    about = {one.order_id for one in memory}
    return memory, tuple(one for kind, one in promises if kind == _PROMISE or one.order in about)
