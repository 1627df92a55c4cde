"""Where personal data stands in a base view: the one look that masking and the ``personal`` matcher share."""

from copilot.policy.privacy.digits import numbers
from copilot.policy.privacy.engine import regions
from copilot.policy.privacy.words import words

Hit = tuple[str, int, int]


def find(base: str, market: str | None) -> list[Hit]:
    """(type, start, end) of personal data in ``base``, a base view; overlapping hits are all given."""
    return [*numbers(base, regions(market)), *words(base)]
