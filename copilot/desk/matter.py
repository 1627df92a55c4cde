"""What a person's own words are about when no draft stands before them: the open case, its order, what is owed on it.

Owns reading that from the store; what the words give is ``desk/own_text``.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.owing import OPEN
from copilot.desk.own_ways import Matter, Owed
from copilot.domain.case import CaseState, OrderChoice, OrderWhy
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.domain.money import Money
from copilot.domain.order import Order
from copilot.flow.shops import Rules
from copilot.playbook.dues import due_anyway
from copilot.playbook.situation import Situation
from copilot.store.tables import CaseRow, CommitmentRow


@dataclass(frozen=True)
class Standing:
    """The open case of a conversation, and what is owed in it, each with its order."""

    order: str | None = None
    issue: Issue | None = None
    owed: tuple[tuple[Owed, str | None], ...] = ()


async def standing(session: AsyncSession, conversation: uuid.UUID) -> Standing:
    """Where the conversation stands: its latest case that is not resolved."""
    case = await session.scalar(
        select(CaseRow)
        .where(CaseRow.conversation == conversation, CaseRow.state != CaseState.RESOLVED)
        .order_by(CaseRow.position.desc())
        .limit(1)
    )
    owed = await session.execute(
        select(CommitmentRow.what, CommitmentRow.amount, CommitmentRow.order_id).where(
            CommitmentRow.conversation == conversation, CommitmentRow.state.in_(OPEN)
        )
    )
    found = tuple(
        (Owed(what, Money.model_validate(amount) if amount else None), order) for what, amount, order in owed.all()
    )
    if case is None:
        return Standing(owed=found)
    return Standing(case.picked_order or case.order_id, Issue(case.issue), found)


def matter_of(now: datetime, rules: Rules, orders: Sequence[Order] | None, where: Standing) -> Matter:
    """``where`` with what its order costs and what its buyer is due; one order alone is the one that is meant."""
    known = {order.id: order for order in orders or ()}
    number = where.order or (next(iter(known)) if len(known) == 1 else None)
    owed = tuple(what for what, order in where.owed if order in (None, number))
    order = known.get(number) if number is not None else None
    if order is None:
        return Matter(number, where.issue, owed)
    situation = Situation(
        understanding=Understanding(turn=Turn.NEW_ISSUE, language="en"),
        now=now,
        days=rules.calendar,
        terms=rules.terms,
        orders=tuple(known.values()),
        order=OrderChoice(id=order.id, why=OrderWhy.CASE),
    )
    return Matter(number, where.issue, owed, due_anyway(rules.playbooks, situation, where.issue))
