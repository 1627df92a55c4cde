"""Judges what a person typed or changed: by the policy of drafts, and their word where nothing known supports it.

``require`` rules never judge a person. A block blocks; a claim without a source needs the person to vouch for it, and
then it is theirs: a promise among those becomes owed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.desk.ledger import known_facts, ledger
from copilot.domain.draft import DraftView
from copilot.domain.errors import CopilotError
from copilot.domain.fact import Claim, FactKind
from copilot.domain.order import Order
from copilot.domain.plan import Promise
from copilot.domain.verdict import Decision, Verdict
from copilot.flow.shops import Rules
from copilot.flow.understand.language import detect
from copilot.policy import CheckContext, Origin, Speaker
from copilot.policy.claims import promises

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
    """What a text is judged with: the shop's rules, the buyer's orders, the draft before the person, their language."""

    rules: Rules
    now: datetime
    orders: Sequence[Order] | None = None
    view: DraftView | None = None
    reader: str = "en"

    def judge(self, text: str, vouch: Collection[str] = ()) -> Judged:
        """The judgement of ``text``; ``vouch`` are the words that the person stands for."""
        language = detect(text) or (self.view.language if self.view else self.reader)
        facts = known_facts(self.rules, self.orders, self.view, language, self.now)
        claims = tuple(_vouched(one, vouch) for one in ledger(text, self.view, facts, language, self.now, self.rules))
        context = CheckContext(
            speaker=Speaker.AGENT,
            origin=Origin.HUMAN,
            issue=self.view.issues[0].issue if self.view and self.view.issues else None,
            language=self.reader,
            facts=facts,
            claims=claims,
        )
        return Judged(text, self.rules.pack.check(text, context), claims, self._owes(text, claims))

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
                "flags": tuple(dict.fromkeys((*self.view.flags, "edited"))),
            }
        )

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


def _vouched(claim: Claim, vouch: Collection[str]) -> Claim:
    if claim.source is None and claim.text in vouch:
        return claim.model_copy(update={"source": AGENT})
    return claim
