"""What a person's text is judged with and whether it may leave, as the interface asks and answers it."""

import uuid
from collections.abc import Collection
from typing import Any

from copilot.access.principal import Principal
from copilot.desk.benches import Benches, NothingToJudge
from copilot.desk.own_text import Bench, Judged
from copilot.desk.pairs import Pair, TranslationDiffers, judge_pair
from copilot.web.errors import Blocked, Differs, NeedsVouching, NotFound
from copilot.web.parts import Parts


async def bench_for(
    parts: Parts,
    principal: Principal,
    *,
    conversation: uuid.UUID | None = None,
    draft: uuid.UUID | None = None,
    shop: uuid.UUID | None = None,
    order_id: str | None = None,
    text: str = "",
) -> Bench:
    """What to judge with for one of them, as ``Benches.of``.

    Raises:
        NotFound: it is not the merchant's own, or none was named.
    """
    benches = Benches(parts.store, parts.clock, parts.rules, parts.knowledge, parts.recent.remembered)
    try:
        return await benches.of(
            principal, conversation=conversation, draft=draft, shop=shop, order_id=order_id, text=text
        )
    except NothingToJudge:
        raise NotFound from None


def require_sendable(judged: Judged) -> Judged:
    """``judged``, when policy lets it out and every claim has a source.

    Raises:
        Blocked: policy blocks it.
        NeedsVouching: it states what nothing known supports.
    """
    if judged.blocked:
        raise Blocked(verdict=judged.verdict.model_dump(mode="json"))
    return require_vouched(judged)


def sendable_pair(bench: Bench, source: str, text: str, vouch: Collection[str] = ()) -> Pair:
    """Both texts, when policy lets both out, every claim has a source, and they state the same.

    Raises:
        Differs: they do not.
        Blocked: policy blocks one of them.
        NeedsVouching: the source states what nothing known supports.
    """
    try:
        pair = judge_pair(bench, source, text, vouch)
    except TranslationDiffers as error:
        raise Differs(differing=list(error.differing)) from None
    for judged in pair.parts:
        require_sendable(judged)
    return pair


def require_vouched(judged: Judged) -> Judged:
    """``judged``, when every claim has a source.

    Raises:
        NeedsVouching: it states what nothing known supports.
    """
    if judged.needs_vouching:
        verdict: dict[str, Any] = judged.verdict.model_dump(mode="json")
        raise NeedsVouching(verdict=verdict, needs_vouching=list(judged.needs_vouching))
    return judged
