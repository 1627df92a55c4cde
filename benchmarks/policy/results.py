"""What a run has measured, and what it could not; no words for people here."""

from dataclasses import dataclass, field

from benchmarks.measure import Row
from benchmarks.policy.replaying import Replayed

SIZES = (100, 1_000, 10_000, 100_000)


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that looks for terms: ours (with the pack ``kind`` and a ``matcher``), or a peer's name and package."""

    name: str
    kind: str = ""
    matcher: str = ""
    package: str = ""

    @property
    def ours(self) -> bool:
        """Whether this is our engine."""
        return not self.package


OURS = tuple(
    Engine(f"reply-copilot, {kind}, {matcher}", kind=kind, matcher=matcher)
    for kind, matchers in (
        ("list", ("hashes", "hyperscan", "ahocorasick")),
        ("terms", ("hashes",)),
        ("everything", ("hashes",)),
    )
    for matcher in matchers
)
PEERS = (Engine("presidio", package="presidio-analyzer"), Engine("guardrails", package="guardrails-ai"))
ENGINES = (*OURS, *PEERS)


@dataclass(frozen=True, slots=True)
class Rate:
    """An engine at a number of terms.

    Messages a second: the median round, the slowest, the fastest; how many messages a round had; seconds to compile
    the rules (None: nothing to compile) and to be ready from there; findings in 1,000 messages (None: not counted);
    how many of the first 1,000 hold a listed term (None: not looked); most megabytes.
    """

    per_second: float
    slowest: float
    fastest: float
    messages: int
    version: str
    open_seconds: float
    compile_seconds: float | None = None
    findings: float | None = None
    listed: int | None = None
    memory: float | None = None


@dataclass
class Results:
    """All figures of a run; ``missing`` says why one is not there, by the name of the part."""

    sizes: tuple[int, ...] = SIZES
    rates: dict[tuple[str, int], Rate] = field(default_factory=dict[tuple[str, int], Rate])
    rows: list[Row] = field(default_factory=list[Row])
    replays: list[Replayed] = field(default_factory=list[Replayed])
    missing: dict[str, str] = field(default_factory=dict[str, str])

    def per_second(self, name: str, size: int) -> float | None:
        """Messages a second of an engine; None when it was not measured."""
        rate = self.rates.get((name, size))
        return rate.per_second if rate else None

    def row(self, what: str) -> Row | None:
        """The row of that name."""
        return next((row for row in self.rows if row.what == what), None)


def draft_row(language: str, *, candidate: bool) -> str:
    """What the row of such drafts is called."""
    return f"draft, {language}, {'with' if candidate else 'without'} a personal-data candidate"
