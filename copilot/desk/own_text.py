"""Judges what a person typed or changed: by the policy of drafts, and their word where nothing known supports it.

``require`` rules never judge a person. A block blocks; a claim without a source needs the person to vouch for it, and
then it is theirs: a promise among those becomes owed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from copilot.channel.owing import COMING_BACK
from copilot.desk.approval_words import APPROVAL, CEILINGS, GIVES
from copilot.desk.ledger import known_facts, ledger
from copilot.desk.own_cost import Piece, Worth, total
from copilot.desk.own_ways import Matter
from copilot.desk.words import Language, said
from copilot.domain.draft import DraftView
from copilot.domain.errors import CopilotError
from copilot.domain.fact import Claim, FactKind
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.order import Order, Product
from copilot.domain.plan import Grant, Limits, Promise
from copilot.domain.verdict import Decision, Finding, Severity, Verdict, decide
from copilot.flow.shops import Rules
from copilot.flow.understand.language import detect
from copilot.model.composer.wording import Wording
from copilot.playbook.authority import Over, limits_of
from copilot.policy import CheckContext, Origin, Speaker
from copilot.policy.claims import promises
from copilot.policy.claims.gives import Kind, unread

CEILING = "over_authority.ceiling"
"""The rule that holds a person's words to what they may give."""
UNPRICED = "over_authority.unpriced"
"""The rule that holds a person to what they may give when nobody knows what it costs."""
UNREAD = "over_authority.unread"
"""The rule that says of a text that nobody here can read whether it gives something."""
_OF_AUTHORITY = (CEILING, UNPRICED)
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
    """A person's text under policy and ledger.

    ``gives`` is what it gives at the shop's cost, ``cost`` what the priced part of that comes to.
    """

    text: str
    verdict: Verdict
    claims: tuple[Claim, ...]
    owes: tuple[Promise, ...] = ()
    gives: tuple[Piece, ...] = ()
    cost: Money | None = None

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

    ``authority`` is the most that the person may still give, ``ceilings`` what each of their ceilings leaves,
    ``senior`` whether a supervisor's hold for them. ``allowed`` is what a supervisor let them give in exactly these
    words, which then pass for authority and nothing else. ``matter`` is what a text is about that no draft stands
    before. ``goods`` are the shop's products that the text names, on sale or not; null: nobody looked, and then no
    product's name is judged.
    """

    rules: Rules
    now: datetime
    orders: Sequence[Order] | None = None
    view: DraftView | None = None
    reader: str = "en"
    authority: Over | None = None
    allowed: Grant | None = None
    matter: Matter = field(default_factory=Matter)
    senior: bool = False
    ceilings: tuple[Over, ...] = ()
    goods: tuple[Product, ...] | None = None

    def judge(
        self, text: str, vouch: Collection[str] = (), *, translated: bool | None = None, alone: bool = True
    ) -> Judged:
        """The judgement of ``text``; ``vouch`` are the words that the person stands for.

        ``translated`` says that a machine will translate it: then what it translates badly is marked. ``alone`` is
        false for a translation, whose source tells what it gives.
        """
        language = detect(text) or (self.view.language if self.view else self.reader)
        facts = known_facts(self.rules, self.orders, self.view, language, self.now, about=self.matter.order)
        stated = ledger(text, self.view, facts, language, self.now, self.rules, self.goods)
        claims = tuple(_vouched(one, vouch) for one in stated)
        context = CheckContext(
            speaker=Speaker.AGENT,
            origin=Origin.HUMAN,
            issue=self._issue,
            language=self.reader,
            facts=facts,
            claims=claims,
            authority=None if self.allowed or self.authority is None else self.authority.left,
            translated=translated,
            limits=self.rules.own_limits,
        )
        verdict = self.rules.pack.check(text, context)
        if vouch and context.authority is not None:
            # A person's word for an amount makes it theirs to answer for, not theirs to give.
            unsupported = tuple(
                one.model_copy(update={"source": None}) if one.source == AGENT else one for one in claims
            )
            verdict = _with_ceiling(verdict, self.rules.pack.check(text, replace(context, claims=unsupported)))
        read = self._worth.read(text, claims, language)
        cost = self._cost(claims, read.pieces)
        if not self.allowed:
            verdict = _without(verdict, CEILING, read.free)
            verdict = _with_findings(verdict, self._beyond(text, read.pieces, cost))
        if alone and unread(text, language):
            verdict = _with_findings(verdict, [self._unread(text)])
        return Judged(text, verdict, claims, self._owes(text, claims), read.pieces, cost)

    def too_much(self, judged: Judged) -> Money | None:
        """The most that the text gives above the person's authority; None when it gives nothing above it."""
        found = [judged.cost] if judged.cost is not None and self._is_over(judged.cost) else []
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
                "replaces": self.view.replaces if _still_chosen(judged) else None,
                "flags": tuple(dict.fromkeys((*self.view.flags, "edited"))),
                # What the old words said in other languages, the new ones do not.
                "readings": {},
            }
        )

    def gives(self, judged: Judged) -> Grant | None:
        """What words that no draft stands before give at the shop's cost, all together; None when nothing counts.

        What is due anyway, or promised already, is given once and was counted then. Without a firm word it is only
        offered.
        """
        if judged.cost is None or judged.cost.minor <= 0:
            return None
        settled = any(one.firm for one in judged.gives)
        return Grant(cost=judged.cost, settled=settled, issue=self._issue, limits=self._limits())

    @property
    def _worth(self) -> Worth:
        return Worth(self.rules, self.now, self.orders, self.view, self.matter, self.goods or ())

    def _cost(self, claims: Sequence[Claim], pieces: Sequence[Piece]) -> Money | None:
        """What the pieces cost; words beside what the plan decided come on top of that, words in its place do not."""
        own = total(pieces, self.authority.left.currency if self.authority is not None else None)
        grant = self.view.grant if self.view is not None else None
        # A promise rests on the options whatever it promises; amounts and times are what still stands of one.
        stated = (one for one in claims if one.kind is not FactKind.PROMISE)
        kept = any((one.source or "").startswith("option.") for one in stated)
        if own is None or grant is None or not kept or grant.cost.currency != own.currency:
            return own
        return Money.from_minor(own.minor + grant.cost.minor, own.currency)

    def _beyond(self, text: str, pieces: Sequence[Piece], cost: Money | None) -> list[Finding]:
        """What of the text is above what its person may give: all that costs, when it is too much together."""
        language: Language = "zh" if self.reader == "zh" else "en"
        over = cost is not None and cost.minor > 0 and self._is_over(cost)
        found: list[Finding] = []
        for one in pieces:
            if one.cost is None and not self.senior:
                key = "unnamed" if one.what in (Kind.GAP, Kind.COMPENSATION, Kind.SHIPPING) else "unpriced"
                found.append(self._finding(UNPRICED, text, one, said(APPROVAL, key, language)))
            elif one.cost is not None and over:
                found.append(self._finding(CEILING, text, one, said(APPROVAL, "remedy", language)))
        return found

    def _finding(self, rule: str, text: str, piece: Piece, reason: str) -> Finding:
        language: Language = "zh" if self.reader == "zh" else "en"
        words = text[piece.start : piece.end]
        what = words if piece.what is Kind.MONEY else said(GIVES, piece.what, language)
        left = self._left_words(language)
        told = f"{reason.format(what=what)}{left}" if rule == CEILING else reason.format(what=what)
        return Finding(
            rule=rule, family="over_authority", severity=Severity.BLOCK, start=piece.start, end=piece.end, text=words,
            reason=told,
        )  # fmt: skip

    def _left_words(self, language: Language) -> str:
        """What the ceiling that is passed still leaves, in words; empty when no currency is known."""
        if self.authority is None:
            return ""
        money = Wording(language, self.now, self.rules.zone).money(self.authority.left)
        return said(APPROVAL, "left", language).format(
            ceiling=said(CEILINGS, self.authority.ceiling, language), left=money
        )

    def _unread(self, text: str) -> Finding:
        language: Language = "zh" if self.reader == "zh" else "en"
        return Finding(
            rule=UNREAD, family="over_authority", severity=Severity.WARN, start=0, end=len(text), text=text,
            reason=said(APPROVAL, "unread", language),
        )  # fmt: skip

    def _is_over(self, cost: Money) -> bool:
        """Whether it is above what this person may give: a supervisor may give what an agent's plan left out."""
        left = self.authority.left if self.authority is not None else None
        return left is None or left.currency != cost.currency or cost.minor > left.minor

    def _grant(self, judged: Judged) -> Grant | None:
        """What the draft counts, and more where the person's own promises give more."""
        grant, cost = self.view.grant if self.view else None, judged.cost
        if cost is None or cost.minor <= 0:
            return grant
        if grant is None:
            return Grant(cost=cost, settled=False, issue=self._issue, limits=self._limits())
        if grant.cost.currency == cost.currency and cost.minor <= grant.cost.minor:
            return grant
        # More than a supervisor allowed is the agent's own to give, or nobody's.
        return grant.model_copy(update={"cost": cost, "ruling": None})

    def _limits(self) -> dict[str, Limits]:
        issue, roles = self._issue, self.rules.terms.authority
        return {"agent": limits_of(roles.agent, issue), "supervisor": limits_of(roles.supervisor, issue)}

    @property
    def _issue(self) -> Issue | None:
        if self.view is None:
            return self.matter.issue
        return self.view.issues[0].issue if self.view.issues else None

    def _owes(self, text: str, claims: Sequence[Claim]) -> tuple[Promise, ...]:
        """What of the draft's promises still stands in the text, and what the person promises on their own account."""
        cited = {claim.source for claim in claims}
        kept = tuple(promise for promise in (self.view.owes if self.view else ()) if promise.fact in cited)
        # Also what some fact carries: a person who writes it promises it, offered or not.
        taken = {promise.fact for promise in kept}
        own = [claim for claim in claims if claim.kind is FactKind.PROMISE and claim.source not in taken]
        return (*kept, *promises(text, claims, now=self.now, zone=self.rules.zone, fact=AGENT, of=own))


def _still_chosen(judged: Judged) -> bool:
    """Whether the words still give what the buyer chose anew, or something in its place: more than word."""
    if any(one.what not in COMING_BACK for one in judged.owes):
        return True
    return any((one.source or "").startswith("option.") for one in judged.claims if one.kind is not FactKind.PROMISE)


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
    others = tuple(one for one in judged.verdict.findings if one.rule not in _OF_AUTHORITY)
    return decide(others) is not Decision.BLOCK


def _marks(finding: Finding, claim: Claim) -> bool:
    return finding.rule == CEILING and finding.start < claim.end and claim.start < finding.end


def _with_ceiling(verdict: Verdict, strict: Verdict) -> Verdict:
    """``verdict`` with the findings about authority of a ``strict`` one."""
    return _with_findings(verdict, [one for one in strict.findings if one.rule == CEILING])


def _without(verdict: Verdict, rule: str, spans: Sequence[tuple[int, int]]) -> Verdict:
    """``verdict`` without what ``rule`` says of those spans."""
    kept = tuple(
        one
        for one in verdict.findings
        if one.rule != rule or not any(start < one.end and one.start < end for start, end in spans)
    )
    return verdict.model_copy(update={"findings": kept, "decision": decide(kept)})


def _with_findings(verdict: Verdict, more: Sequence[Finding]) -> Verdict:
    known = [(one.rule, one.start, one.end) for one in verdict.findings]
    new = [
        one
        for one in more
        if not any(one.rule == rule and one.start < end and start < one.end for rule, start, end in known)
    ]
    findings = tuple(sorted((*verdict.findings, *new), key=lambda one: one.start))
    return verdict.model_copy(update={"findings": findings, "decision": decide(findings)}) if new else verdict


def _vouched(claim: Claim, vouch: Collection[str]) -> Claim:
    if claim.source is None and claim.text in vouch:
        return claim.model_copy(update={"source": AGENT})
    return claim
