"""Judges what a person typed or changed: by the policy of drafts, and their word where nothing known supports it.

``require`` rules never judge a person. A block blocks; a claim without a source needs the person to vouch for it, and
then it is theirs: a promise among those becomes owed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time

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

AGENT = "agent"
"""The source of a claim that a person vouches for."""

_WHEN = frozenset({FactKind.TIME, FactKind.DATE})


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
        own = (claim for claim in claims if claim.kind is FactKind.PROMISE and claim.source == AGENT)
        return (*kept, *(Promise(what=str(one.value), due=self._due(text, one, claims), fact=AGENT) for one in own))

    def _due(self, text: str, promise: Claim, claims: Sequence[Claim]) -> datetime:
        """The time that the same sentence names; without one the end of the shop's day, which nobody can call late."""
        start, end = _sentence(text, promise)
        for claim in claims:
            if claim.kind in _WHEN and start <= claim.start and claim.end <= end:
                named = self._moment(str(claim.value))
                if named is not None and named > self.now:
                    return named
        return self._end_of_day(self.now)

    def _moment(self, value: str) -> datetime | None:
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=self.rules.zone)
        return self._end_of_day(at) if len(value) <= len("2026-11-22") else at

    def _end_of_day(self, at: datetime) -> datetime:
        return datetime.combine(at.astimezone(self.rules.zone), time(23, 59), tzinfo=self.rules.zone)


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


def _sentence(text: str, claim: Claim) -> tuple[int, int]:
    ends = "。！？!?\n;；"
    start = max((text.rfind(mark, 0, claim.start) for mark in ends), default=-1) + 1
    after = [at for mark in ends if (at := text.find(mark, claim.end)) >= 0]
    return start, min(after, default=len(text))
