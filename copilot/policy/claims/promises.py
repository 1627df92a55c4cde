"""What a text promises, each promise with its time and amount: the claims of one sentence brought together.

Owns what makes a claim a debt. What holds only under a condition is none until the condition comes true;
whose promise it is, and whether anybody vouches for it, the caller knows.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from copilot.domain.fact import Claim, FactKind
from copilot.domain.money import Money
from copilot.domain.plan import Promise
from copilot.policy.claims.clauses import conditional, sentence
from copilot.policy.claims.due import due_of


def promises(
    text: str, claims: Sequence[Claim], *, now: datetime, zone: tzinfo, fact: str, of: Sequence[Claim] | None = None
) -> tuple[Promise, ...]:
    """The promises among ``claims`` of ``text``, in reading order; ``fact`` says whose word they rest on.

    ``of`` are the claims that may be promises (null: all). Each is due at the time that its clause or else its sentence
    names, or at the end of the shop's day in ``zone``, which nobody can call late; its amount is the one that its
    sentence names. What is promised twice by the same time is owed once.
    """
    found: list[Promise] = []
    for claim in claims if of is None else of:
        if claim.kind is FactKind.PROMISE and not conditional(text, claim.start, claim.end):
            beside = _beside(text, claim, claims)
            due = due_of(text, claim, beside, now, zone)
            found.append(Promise(what=str(claim.value), due=due, fact=fact, amount=_amount(beside)))
    return tuple({one.model_dump_json(): one for one in found}.values())


def _beside(text: str, promise: Claim, claims: Sequence[Claim]) -> list[Claim]:
    """The claims of the same sentence."""
    start, end = sentence(text, promise.start, promise.end)
    return [claim for claim in claims if start <= claim.start and claim.end <= end]


def _amount(beside: Sequence[Claim]) -> Money | None:
    """The one amount; of several nobody can say which one is promised."""
    found = [claim for claim in beside if claim.kind is FactKind.AMOUNT]
    return Money.model_validate(found[0].value) if len(found) == 1 else None
