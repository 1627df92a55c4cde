"""How often the shipped classifier is right, as measured when its weights were made.

Owns the file beside the weights; refuses to measure: that takes a minute and the training library.
"""

from datetime import date
from importlib import resources

from pydantic import ValidationError

from copilot.domain.base import StrictShape
from copilot.domain.errors import BadConfiguration

FILE = "accuracy.json"


class InLanguage(StrictShape):
    """Shares in 0–1 over ``utterances`` by models that had not seen them.

    ``top1`` the likeliest class is the right one; ``clear`` above the threshold; ``right_when_clear`` right of those
    """

    utterances: int
    top1: float
    clear: float
    right_when_clear: float


class Accuracy(StrictShape):
    """The k-fold result of one training: ``trained_on``, ``temperature`` and ``threshold`` are those of its weights."""

    trained_on: str
    on: date
    folds: int
    temperature: float
    threshold: float
    languages: dict[str, InLanguage]


def load() -> Accuracy:
    """The figures of the shipped weights; ``BadConfiguration`` when there are none or they cannot be read."""
    path = resources.files("copilot.flow.understand") / "data" / FILE
    try:
        return Accuracy.model_validate_json(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        raise BadConfiguration(
            f"the classifier's accuracy cannot be read: {path}",
            remedy="train again: python -m copilot.flow.understand.train",
        ) from None
