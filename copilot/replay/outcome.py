"""What comes back for one piece: lines for the output files, and what to add to the totals."""

from dataclasses import dataclass, field

from copilot.replay.totals import Totals


@dataclass(slots=True)
class Outcome:
    """Findings, changes and rejects as JSON lines in the order of the archive.

    ``edges`` is null or, for rows, the hash of the first conversation's name, whether it is judged here, and the hash
    of the last one's: a conversation that goes on in the next piece is counted once.
    """

    findings: bytes = b""
    changes: bytes = b""
    rejected: bytes = b""
    totals: Totals = field(default_factory=Totals)
    edges: tuple[int, bool, int] | None = None
