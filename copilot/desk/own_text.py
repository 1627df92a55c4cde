"""Judges what a person typed or changed: by the policy of drafts, and their word where nothing known supports it.

``require`` rules never judge a person. A block blocks; a claim without a source needs the person to vouch for it, and
then it is theirs: a promise among those becomes owed.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from copilot.desk import words
from copilot.desk.approval_words import APPROVAL
from copilot.desk.ledger import known_facts, ledger
from copilot.desk.words import said
from copilot.domain.draft import DraftView
from copilot.domain.errors import CopilotError
from copilot.domain.fact import Claim, FactKind
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.order import Order
from copilot.domain.plan import Grant, NotOffered, Promise
from copilot.domain.verdict import Decision, Finding, Severity, Verdict, decide
from copilot.flow.shops import Rules
from copilot.flow.understand.language import detect
from copilot.playbook.authority import Over, limits_of
from copilot.policy import CheckContext, Origin, Speaker
from copilot.policy.claims import promises

CEILING = "over_authority.ceiling"
"""The rule that holds a person's words to what they may give."""
# What a promise is called in the text → the options that give it. Money has its amount; goods have no word for theirs.
_REMEDIES = {"reship": ("reship", "send_missing")}
AGENT = "agent"
"""The source of a claim that a person vouches for."""


class Unsupported(CopilotError):
    """The text states what nothing known supports; ``judged`` says what."""

    code = "needs_vouching"

    def __init__(self, judged: "Judged") -> None:
        """Keep the judgement for the caller to show."""
        super().__init__("the text states what nothing known supports", remedy="vouch for it or change it")
        self.judged = judged


@dataclass(frozen=True)
class Judged:
    """A person's text under policy and ledger."""

    text: str
    verdict: Verdict
    claims: tuple[Claim, ...]
    owes: tuple[Promise, ...] = ()

    @property
    def needs_vouching(self) -> tuple[str, ...]:
        """The words that nothing supports, each once."""
        return tuple(dict.fromkeys(claim.text for claim in self.claims if claim.source is None))

    @property
    def blocked(self) -> bool:
        """Whether policy stops the text."""
        return self.verdict.decision is Decision.BLOCK


@dataclass(frozen=True)
class Bench:
    """What a text is judged with: the shop's rules, the buyer's orders, the draft before the person, their language.

    ``authority`` is the most that the person may still give; ``allowed`` is what a supervisor let them give in exactly
    these words, which then pass for authority, and for nothing else.
    """

    rules: Rules
    now: datetime
    orders: Sequence[Order] | None = None
    view: DraftView | None = None
    reader: str = "en"
    authority: Over | None = None
    allowed: Grant | None = None

    def judge(self, text: str, vouch: Collection[str] = ()) -> Judged:
        """The judgement of ``text``; ``vouch`` are the words that the person stands for."""
        language = detect(text) or (self.view.language if self.view else self.reader)
        facts = known_facts(self.rules, self.orders, self.view, language, self.now)
        claims = tuple(_vouched(one, vouch) for one in ledger(text, self.view, facts, language, self.now, self.rules))
        context = CheckContext(
            speaker=Speaker.AGENT,
            origin=Origin.HUMAN,
            issue=self._issue,
            language=self.reader,
            facts=facts,
            claims=claims,
            authority=None if self.allowed or self.authority is None else self.authority.left,
        )
        verdict = self.rules.pack.check(text, context)
        if vouch and context.authority is not None:
            # A person's word for an amount makes it theirs to answer for, not theirs to give.
            unsupported = tuple(
                one.model_copy(update={"source": None}) if one.source == AGENT else one for one in claims
            )
            verdict = _with_ceiling(verdict, self.rules.pack.check(text, replace(context, claims=unsupported)))
        verdict = _with_findings(verdict, [] if self.allowed else self._beyond(claims))
        return Judged(text, verdict, claims, self._owes(text, claims))

    def too_much(self, judged: Judged) -> Money | None:
        """The most that the text gives above the person's authority; None when it gives nothing above it."""
        found = [one.cost for _, one in self._promised_beyond(judged.claims) if one.cost and self._is_over(one.cost)]
        for claim in judged.claims:
            if claim.kind is FactKind.AMOUNT and any(_marks(one, claim) for one in judged.verdict.findings):
                found.append(Money.model_validate(claim.value))
        return max(found, key=lambda one: one.minor, default=None)

    def edited(self, judged: Judged) -> DraftView | None:
        """The draft with the person's words in it, as it stands in the row once they are approved."""
        if self.view is None:
            return None
        return self.view.model_copy(
            update={
                "text": judged.text,
                "claims": judged.claims,
                "verdict": judged.verdict,
                "owes": judged.owes,
                "grant": self.allowed or self._grant(judged),
                "flags": tuple(dict.fromkeys((*self.view.flags, "edited"))),
            }
        )

    def _promised_beyond(self, claims: Sequence[Claim]) -> Iterator[tuple[Claim, NotOffered]]:
        """Promises of what the plan left out for want of authority; its cost stands in no word of the text."""
        for claim in claims:
            keys = _REMEDIES.get(str(claim.value), ()) if claim.kind is FactKind.PROMISE else ()
            yield from ((claim, one) for one in (self.view.over_ceiling if self.view else ()) if one.key in keys)

    def _beyond(self, claims: Sequence[Claim]) -> list[Finding]:
        language = "zh" if self.reader == "zh" else "en"
        return [
            Finding(
                rule=CEILING,
                family="over_authority",
                severity=Severity.BLOCK,
                start=claim.start,
                end=claim.end,
                text=claim.text,
                reason=said(APPROVAL, "remedy", language).format(what=said(words.OPTIONS, one.key, language)),
            )
            for claim, one in self._promised_beyond(claims)
            if one.cost is not None and self._is_over(one.cost)
        ]

    def _is_over(self, cost: Money) -> bool:
        """Whether it is above what this person may give: a supervisor may give what an agent's plan left out."""
        left = self.authority.left if self.authority is not None else None
        return left is None or left.currency != cost.currency or cost.minor > left.minor

    def _grant(self, judged: Judged) -> Grant | None:
        """What the draft counts, and more where the person's own promises give more."""
        grant = self.view.grant if self.view else None
        own = [one.amount for one in judged.owes if one.amount is not None and one.fact == AGENT]
        own += [one.cost for _, one in self._promised_beyond(judged.claims) if one.cost is not None]
        dearest = max(own, key=lambda one: one.minor, default=None)
        if dearest is None or (grant is not None and dearest.minor <= grant.cost.minor):
            return grant
        if grant is not None:
            # More than a supervisor allowed is the agent's own to give, or nobody's.
            return grant.model_copy(update={"cost": dearest, "ruling": None})
        issue, roles = self._issue, self.rules.terms.authority
        limits = {"agent": limits_of(roles.agent, issue), "supervisor": limits_of(roles.supervisor, issue)}
        return Grant(cost=dearest, settled=False, issue=issue, limits=limits)

    @property
    def _issue(self) -> Issue | None:
        return self.view.issues[0].issue if self.view and self.view.issues else None

    def _owes(self, text: str, claims: Sequence[Claim]) -> tuple[Promise, ...]:
        """What of the draft's promises still stands in the text, and what the person promises on their own account."""
        cited = {claim.source for claim in claims}
        kept = tuple(promise for promise in (self.view.owes if self.view else ()) if promise.fact in cited)
        # Also what some fact carries: a person who writes it promises it, offered or not.
        taken = {promise.fact for promise in kept}
        own = [claim for claim in claims if claim.kind is FactKind.PROMISE and claim.source not in taken]
        return (*kept, *promises(text, claims, now=self.now, zone=self.rules.zone, fact=AGENT, of=own))


def require_fit(judged: Judged) -> Judged:
    """``judged``, when every claim has a source.

    Raises:
        Unsupported: some have none.
    """
    if judged.needs_vouching:
        raise Unsupported(judged)
    return judged


def only_authority_blocks(judged: Judged) -> bool:
    """Whether the text would be let out if its person were allowed to give so much."""
    others = tuple(one for one in judged.verdict.findings if one.rule != CEILING)
    return decide(others) is not Decision.BLOCK


def _marks(finding: Finding, claim: Claim) -> bool:
    return finding.rule == CEILING and finding.start < claim.end and claim.start < finding.end


def _with_ceiling(verdict: Verdict, strict: Verdict) -> Verdict:
    """``verdict`` with the findings about authority of a ``strict`` one."""
    return _with_findings(verdict, [one for one in strict.findings if one.rule == CEILING])


def _with_findings(verdict: Verdict, more: Sequence[Finding]) -> Verdict:
    known = {(one.rule, one.start) for one in verdict.findings}
    new = [one for one in more if (one.rule, one.start) not in known]
    findings = tuple(sorted((*verdict.findings, *new), key=lambda one: one.start))
    return verdict.model_copy(update={"findings": findings, "decision": decide(findings)}) if new else verdict


def _vouched(claim: Claim, vouch: Collection[str]) -> Claim:
    if claim.source is None and claim.text in vouch:
        return claim.model_copy(update={"source": AGENT})
    return claim
