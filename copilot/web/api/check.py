"""A text under policy and ledger, while it is typed; nothing is kept."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from copilot.domain.base import StrictShape
from copilot.web.auth import MayCheck, parts_of
from copilot.web.errors import Unfit
from copilot.web.judging import bench_for
from copilot.web.texts import Brief, Vouched, Words

router = APIRouter(prefix="/api")


class Checked(StrictShape):
    """A text, and what it is about: a draft, a conversation or at least a shop; beside a bare shop, one order of it."""

    text: Words
    conversation: uuid.UUID | None = None
    draft: uuid.UUID | None = None
    shop: uuid.UUID | None = None
    order_id: Brief | None = None
    vouch: Vouched = ()


@router.post("/check")
async def check(request: Request, given: Annotated[Checked, Body()], principal: MayCheck) -> dict[str, Any]:
    """The verdict, the claims, and which of them need the person's word."""
    if given.draft is None and given.conversation is None and given.shop is None:
        raise Unfit(field="shop")
    bare = given.draft is None and given.conversation is None
    bench = await bench_for(
        parts_of(request),
        principal,
        conversation=given.conversation,
        draft=given.draft,
        shop=given.shop,
        # In a conversation only its own buyer's orders count.
        order_id=(given.order_id or "").strip().lstrip("#") if bare else None,
    )
    judged = bench.judge(given.text, given.vouch)
    return {
        "verdict": judged.verdict.model_dump(mode="json"),
        "claims": [claim.model_dump(mode="json") for claim in judged.claims],
        "needs_vouching": list(judged.needs_vouching),
    }
