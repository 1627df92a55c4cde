"""The utterances that the classifier is trained on, and their fingerprint.

Owns the reading of ``data/utterances/<language>/<class>.txt`` (one utterance a line, "#" begins a comment); refuses a
file that is not named after an issue or a known turn.
"""

import hashlib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from copilot.domain.errors import BadConfiguration
from copilot.domain.issue import Issue

TURNS = ("_answer", "_chase", "_closing", "_small_talk")
"""Classes of turns that carry no issue; thanks and greetings are issues of the closed set."""
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One labelled line."""

    text: str
    label: str
    language: str


def utterances() -> tuple[Utterance, ...]:
    """Every labelled line, in a stable order; ``BadConfiguration`` for a file with an unknown name."""
    found: list[Utterance] = []
    for language, label, file in _files():
        lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
        found.extend(Utterance(line, label, language) for line in lines if line and not line.startswith("#"))
    return tuple(found)


def fingerprint() -> str:
    """A hash of everything the weights depend on: utterances, concepts and masks, whatever the line endings."""
    digest = hashlib.sha256()
    for one in utterances():
        digest.update(f"{one.language}\t{one.label}\t{one.text}\n".encode())
    for name in ("concepts.yaml", "masks.yaml"):
        digest.update("\n".join((_data() / name).read_text(encoding="utf-8").splitlines()).encode())
    return digest.hexdigest()


def _data() -> Traversable:
    return resources.files("copilot.flow.understand") / "data"


def _files() -> list[tuple[str, str, Traversable]]:
    known = {issue.value for issue in Issue} | set(TURNS)
    found: list[tuple[str, str, Traversable]] = []
    for language in LANGUAGES:
        for file in sorted((_data() / "utterances" / language).iterdir(), key=lambda one: one.name):
            label = file.name.removesuffix(".txt")
            if label not in known:
                raise BadConfiguration(f"{file}: no issue or turn has this name", remedy="rename the file")
            found.append((language, label, file))
    return found
