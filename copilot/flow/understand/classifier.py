"""The local classifier: clauses and turns into calibrated probabilities over the closed set.

Owns inference (NumPy only) and the weights file; training is ``train.py``. It refuses to guess: below the threshold
that calibration chose, a text is unclear.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from copilot.domain.errors import BadConfiguration
from copilot.flow.understand.features import features

WEIGHTS = "weights.npz"
_REMEDY = "train it with: python -m copilot.flow.understand.train"


@dataclass(frozen=True, slots=True)
class Label:
    """A class with its calibrated probability in 0–1; names that begin with "_" are turns without an issue."""

    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """A linear model over hashed features.

    ``weights`` is int8 of shape (DIMENSIONS, classes), ``scale`` its step per class, ``bias`` per class,
    ``temperature`` divides the scores before the softmax, ``threshold`` is the least probability of a clear text.
    """

    names: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float
    threshold: float
    trained_on: str

    def rank(self, text: str, top: int = 3) -> tuple[Label, ...]:
        """The ``top`` likeliest classes of ``text``, best first; empty for a text without words."""
        found = features(text)
        if not len(found.indices):
            return ()
        scores = (found.values @ self.weights[found.indices].astype(np.float32)) * self.scale + self.bias
        scores = scores / self.temperature
        odds = np.exp(scores - scores.max())
        odds /= odds.sum()
        best = np.argsort(-odds, kind="stable")[:top]
        return tuple(Label(self.names[int(at)], float(odds[at])) for at in best)


@cache
def load() -> Classifier:
    """The shipped classifier, read once; ``BadConfiguration`` when its weights are missing."""
    path = resources.files("copilot.flow.understand") / "data" / WEIGHTS
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return Classifier(
                names=tuple(str(name) for name in stored["names"]),
                weights=stored["weights"],
                scale=stored["scale"],
                bias=stored["bias"],
                temperature=float(stored["temperature"]),
                threshold=float(stored["threshold"]),
                trained_on=str(stored["trained_on"]),
            )
    except FileNotFoundError:
        raise BadConfiguration(f"the classifier's weights are missing: {path}", remedy=_REMEDY) from None
