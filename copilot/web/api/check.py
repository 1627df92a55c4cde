"""A text under policy and ledger, while it is typed; nothing is kept."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from copilot.desk.own_text import Bench, Judged
from copilot.desk.spending import spends
from copilot.domain.base import StrictShape
from copilot.model.composer.wording import Wording
from copilot.web.auth import MayCheck, parts_of
from copilot.web.errors import Unfit
from copilot.web.judging import bench_for
from copilot.web.texts import Brief, Vouched, Words

router = APIRouter(prefix="/api")


class Checked(StrictShape):
    """A text, and what it is about: a draft, a conversation or at least a shop; beside a bare shop, one order of it.

    ``translated``: a machine will translate it; then what comes out wrong is marked.
    """

    text: Words
    conversation: uuid.UUID | None = None
    draft: uuid.UUID | None = None
    shop: uuid.UUID | None = None
    order_id: Brief | None = None
    vouch: Vouched = ()
    translated: bool = False


@router.post("/check")
async def check(request: Request, given: Annotated[Checked, Body()], principal: MayCheck) -> dict[str, Any]:
    """The verdict, the claims, which of them need the person's word, and what the text gives."""
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
        text=given.text,
    )
    judged = bench.judge(given.text, given.vouch, translated=given.translated or None)
    return {
        "verdict": judged.verdict.model_dump(mode="json"),
        "claims": [claim.model_dump(mode="json") for claim in judged.claims],
        "needs_vouching": list(judged.needs_vouching),
        "spends": _spends(bench, judged),
    }


def _spends(bench: Bench, judged: Judged) -> dict[str, Any] | None:
    """What the text gives beside what is left, also where nothing refuses it yet."""
    if not judged.gives:
        return None
    wording = Wording("zh" if bench.reader == "zh" else "en", bench.now, bench.rules.zone)
    return spends(judged.cost, bench.ceilings, wording).model_dump(mode="json")
