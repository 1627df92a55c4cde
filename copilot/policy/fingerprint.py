"""What tells one pack from another: all that a verdict may depend on besides the text and its context."""

import hashlib
from collections.abc import Mapping, Sequence

from copilot.policy.learned import Learned


def fingerprint(
    name: str,
    digest: str,
    limits: Mapping[str, int],
    domains: Sequence[str],
    market: str | None,
    learned: Learned | None,
) -> str:
    """The pack's hash, 16 hexadecimal digits; ``digest`` is that of its compiled rules."""
    parts = (name, digest, repr(sorted(limits.items())), repr(domains), repr(market), model_of(learned))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def model_of(learned: Learned | None) -> str:
    """The digest of the models; nothing without any."""
    return learned.digest if learned is not None else ""
