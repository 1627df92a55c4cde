"""What a text gives, and what every ceiling of its person leaves before it does: seen before anything is refused.

Owns the words; the ceilings are counted in ``flow/granting``.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.approval_words import APPROVAL, CEILINGS
from copilot.desk.card_shapes import CeilingLeft, Spends
from copilot.desk.words import Language, said
from copilot.domain.draft import DraftState, DraftView
from copilot.domain.money import Money
from copilot.flow.granting import About, ceilings_left
from copilot.model.composer.wording import Wording
from copilot.playbook.authority import Over
from copilot.store.tables import DraftRow


def spends(cost: Money | None, left: Sequence[Over], wording: Wording) -> Spends:
    """``cost`` (null: nobody can price it) beside what each ceiling leaves."""
    language: Language = "zh" if wording.language == "zh" else "en"
    lefts = tuple(
        CeilingLeft(
            ceiling=one.ceiling,
            left=one.left,
            text=said(APPROVAL, "is_left", language).format(
                ceiling=said(CEILINGS, one.ceiling, language), left=wording.money(one.left)
            ),
        )
        for one in left
    )
    given = said(APPROVAL, "gives" if cost is not None else "gives_unpriced", language)
    parts = (given.format(cost=wording.money(cost) if cost is not None else ""), *(one.text for one in lefts))
    return Spends(cost=cost, left=lefts, text=("，" if language == "zh" else ", ").join(parts))


async def spends_of(
    session: AsyncSession, row: DraftRow, view: DraftView | None, wording: Wording, person: str, role: str
) -> Spends | None:
    """What accepting a proposed draft gives, beside what its reader has left; None when it gives nothing of theirs."""
    if view is None or view.grant is None or view.grant.ruling is not None or row.state != DraftState.PROPOSED:
        return None
    order = view.order.id if view.order is not None else None
    about = About(row.shop, row.conversation, row.id, order, by=person, zone=str(wording.zone))
    return spends(view.grant.cost, await ceilings_left(session, about, view.grant, role, wording.now), wording)
