"""Judges a finished text once, the same way for a composed one, a model's and one that an agent edited.

Owns the meeting of policy and claim ledger; refuses to change a word.
"""

import hashlib

from copilot.domain.draft import WrittenBy
from copilot.domain.fact import Claim, Fact, FactKind
from copilot.domain.issue import Understanding
from copilot.domain.plan import Act, Plan
from copilot.domain.verdict import Finding, Severity, Verdict, decide
from copilot.flow.deps import Deps
from copilot.flow.goods import Goods
from copilot.flow.shapes import Checked
from copilot.policy import CheckContext, Expect, Origin, Speaker
from copilot.policy.claims import bind, extract, products

UNGROUNDED_PRODUCT = "false_promise.ungrounded_product"
"""The rule about goods that nobody may buy here."""
_UNTRANSLATABLE = "translation"
"""The family of the words that machines translate badly."""


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
    goods: Goods | None = None,
) -> Checked:
    """The verdict and the ledger of a draft's text.

    ``by_construction`` are claims whose spans the composer recorded; what the extractor finds beyond them must be
    covered by a fact, or it blocks. ``goods`` are the products that a draft may name, and those that stand in it.
    """
    goods = goods or Goods()
    claims = ledger(text, by_construction, understanding.language, plan, deps, goods)
    context = CheckContext(
        speaker=Speaker.AGENT,
        origin=Origin.DRAFT,
        issue=plan.issue,
        language=understanding.language,
        facts=plan.facts,
        claims=claims,
        expects=expects_of(plan),
        text_language=understanding.language,
        translated=deps.translated or None,
        limits=deps.rules.own_limits,
    )
    verdict = deps.rules.pack.check(text, context)
    deps.watched.text(text, context, verdict)
    if written_by is WrittenBy.MODEL and untranslatable(verdict):
        # Whoever reads the translation cannot see what it was made from: it is written again.
        verdict = _refused(verdict)
    if not goods.looked_up and written_by is WrittenBy.MODEL:
        verdict = _not_checked(verdict, text, understanding.language)
    return Checked(
        text=text,
        text_hash=text_hash(text),
        verdict=verdict,
        claims=claims,
        look_at=(*_look_at(plan, written_by), *(() if goods.looked_up else ("goods_unchecked",))),
    )


def untranslatable(verdict: Verdict) -> bool:
    """Whether the text, which is going to be translated, holds words that come out wrong."""
    return any(finding.family == _UNTRANSLATABLE for finding in verdict.findings)


def _refused(verdict: Verdict) -> Verdict:
    """``verdict`` with a block for each of those words."""
    findings = tuple(
        one.model_copy(update={"severity": Severity.BLOCK}) if one.family == _UNTRANSLATABLE else one
        for one in verdict.findings
    )
    return verdict.model_copy(update={"findings": findings, "decision": decide(findings)})


def _not_checked(verdict: Verdict, text: str, language: str) -> Verdict:
    """``verdict`` with a block: a model's text may name goods, and nobody could look which there are."""
    zh = language.startswith("zh")
    finding = Finding(
        rule=UNGROUNDED_PRODUCT,
        family="false_promise",
        severity=Severity.BLOCK,
        start=0,
        end=len(text),
        text=text,
        reason="商品查不到，不能确认文中的商品在售" if zh else "the goods could not be looked up",
    )
    findings = (*verdict.findings, finding)
    return verdict.model_copy(update={"findings": findings, "decision": decide(findings)})


def expects_of(plan: Plan) -> frozenset[Expect]:
    """What a text for this plan must contain; a human's own text is never asked for it."""
    expected: set[Expect] = {Expect.EMPATHY} if plan.empathy else set()
    if plan.act is Act.OFFER and len(plan.options) > 1:
        expected |= {Expect.OPTIONS, Expect.QUESTION}
    if plan.act is Act.ASK:
        expected.add(Expect.QUESTION)
    return frozenset(expected)


def ledger(
    text: str, by_construction: tuple[Claim, ...], language: str, plan: Plan, deps: Deps, goods: Goods | None = None
) -> tuple[Claim, ...]:
    """Every claim of the text, each with the fact it rests on or none."""
    now, zone, goods = deps.clock.now(), deps.rules.zone, goods or Goods()
    names = products(text, (one.name for one in (*goods.named, *goods.listed)), {**plan.facts, **goods.facts()})
    known = {**plan.facts, **_stated(plan, language, deps)}
    read = (claim for claim in extract(text, language=language, now=now, zone=zone) if not _in_name(claim, names))
    found = bind(read, known, now=now, zone=zone)
    extra = [claim for claim in found if not _covered(claim, by_construction)]
    extra += [claim for claim in names if not _covered(claim, _saying(claim, by_construction, goods))]
    return tuple(sorted((*by_construction, *extra), key=lambda claim: (claim.start, claim.end)))


def _stated(plan: Plan, language: str, deps: Deps) -> dict[str, Fact]:
    """What the shop's answers and notices state, so that other words may say the same; the id stays the answer's."""
    found: dict[str, Fact] = {}
    for fact in plan.facts.values():
        if fact.source not in ("faq", "notice") or fact.kind is not FactKind.ATTRIBUTE:
            continue
        stated = extract(str(fact.value), language=language, now=deps.clock.now(), zone=deps.rules.zone)
        for number, claim in enumerate(stated):
            found[f"{fact.id}#{number}"] = fact.model_copy(update={"kind": claim.kind, "value": claim.value})
    return found


def _in_name(claim: Claim, names: tuple[Claim, ...]) -> bool:
    """Whether what was read is a part of a product's name ("24cm" of a pan's) that has a fact."""
    return any(one.source is not None and one.start <= claim.start and claim.end <= one.end for one in names)


def _saying(claim: Claim, by_construction: tuple[Claim, ...], goods: Goods) -> tuple[Claim, ...]:
    """What may cover a product's name: its own fact, and any words of the shop that hold no product taken off sale."""
    gone = claim.source is None and any(one.name == claim.value for one in (*goods.named, *goods.listed))
    return tuple(one for one in by_construction if one.kind is FactKind.PRODUCT) if gone else by_construction


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
