"""Judges a finished text once, the same way for a composed one, a model's and one that an agent edited.

Owns the meeting of policy and claim ledger; refuses to change a word.
"""

import hashlib

from copilot.domain.draft import WrittenBy
from copilot.domain.fact import Claim
from copilot.domain.issue import Understanding
from copilot.domain.plan import Act, Plan
from copilot.flow.deps import Deps
from copilot.flow.shapes import Checked
from copilot.policy import CheckContext, Expect, Origin, Speaker
from copilot.policy.claims import bind, extract


def text_hash(text: str) -> str:
    """The hash that a decision must name, so that nobody accepts a text they did not see."""
    return hashlib.sha256(text.encode()).hexdigest()


def judge(
    text: str,
    by_construction: tuple[Claim, ...],
    understanding: Understanding,
    plan: Plan,
    written_by: WrittenBy,
    deps: Deps,
) -> Checked:
    """The verdict and the ledger of a draft's text.

    ``by_construction`` are claims whose spans the composer recorded; what the extractor finds beyond them must be
    covered by a fact, or it blocks.
    """
    claims = ledger(text, by_construction, understanding.language, plan, deps)
    context = CheckContext(
        speaker=Speaker.AGENT,
        origin=Origin.DRAFT,
        issue=plan.issue,
        language=understanding.language,
        facts=plan.facts,
        claims=claims,
        expects=expects_of(plan),
        text_language=understanding.language,
    )
    verdict = deps.rules.pack.check(text, context)
    return Checked(
        text=text,
        text_hash=text_hash(text),
        verdict=verdict,
        claims=claims,
        look_at=_look_at(plan, written_by),
    )


def expects_of(plan: Plan) -> frozenset[Expect]:
    """What a text for this plan must contain; a human's own text is never asked for it."""
    expected: set[Expect] = {Expect.EMPATHY} if plan.empathy else set()
    if plan.act is Act.OFFER and len(plan.options) > 1:
        expected |= {Expect.OPTIONS, Expect.QUESTION}
    if plan.act is Act.ASK:
        expected.add(Expect.QUESTION)
    return frozenset(expected)


def ledger(text: str, by_construction: tuple[Claim, ...], language: str, plan: Plan, deps: Deps) -> tuple[Claim, ...]:
    """Every claim of the text, each with the fact it rests on or none."""
    now = deps.clock.now()
    found = bind(
        extract(text, language=language, now=now, zone=deps.rules.zone), plan.facts, now=now, zone=deps.rules.zone
    )
    extra = tuple(claim for claim in found if not _covered(claim, by_construction))
    return tuple(sorted((*by_construction, *extra), key=lambda claim: (claim.start, claim.end)))


def _covered(claim: Claim, known: tuple[Claim, ...]) -> bool:
    return any(other.start < claim.end and claim.start < other.end for other in known)


def _look_at(plan: Plan, written_by: WrittenBy) -> tuple[str, ...]:
    """The weakest points of a draft, for the card's one line."""
    notes: list[str] = []
    if any(key == "turn.photo" for key in plan.facts):
        notes.append("photo_unseen")
    if plan.secondary:
        notes.append("questions_left_open")
    if written_by is WrittenBy.MODEL:
        notes.append("model_wording")
    return tuple(notes)
