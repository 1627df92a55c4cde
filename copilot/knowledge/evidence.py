"""What the platform wants to see with a report of force majeure: the reading of ``knowledge/evidence.yaml``.

Owns the shape of the list and where it is found; judges no attachment (``force_majeure.py``).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from copilot.domain.base import StrictShape
from copilot.domain.errors import BadConfiguration
from copilot.files import read_model
from copilot.policy.model import Words

FILE = Path("knowledge") / "evidence.yaml"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class AttachmentKind(StrictShape):
    """A kind of attachment; ``refused`` says why the platform takes none of it, null: it counts."""

    name: Words
    refused: Words | None = None


class EvidenceItem(StrictShape):
    """One thing to hand in: ``about`` explains it, ``needs`` are the kinds of attachment that it takes, all of them."""

    name: Words
    about: Words
    needs: tuple[Name, ...] = Field(min_length=1)


class WordLists(StrictShape):
    """Words by language."""

    zh: tuple[str, ...] = Field(min_length=1)
    en: tuple[str, ...] = Field(min_length=1)

    def of(self, language: str) -> tuple[str, ...]:
        """Those for ``language``: Chinese for "zh…", English for everything else."""
        return self.zh if language.startswith("zh") else self.en


class ReportRoute(StrictShape):
    """The one way to report: ``entry`` (an id) must name ``route``, answers on ``topic`` none of ``other_routes``."""

    entry: str
    topic: WordLists
    route: WordLists
    other_routes: WordLists


class EvidenceFile(StrictShape):
    """The whole list: kinds of attachments and things to hand in, by names of ours, and the way to hand them in."""

    title: Words
    source: str = Field(min_length=1)
    kinds: dict[Name, AttachmentKind]
    items: dict[Name, EvidenceItem]
    report: ReportRoute

    @model_validator(mode="after")
    def _needs_can_be_met(self) -> Self:
        for name, item in self.items.items():
            for kind in item.needs:
                if kind not in self.kinds:
                    raise ValueError(f"{name} needs {kind!r}, which is no kind here")
                if self.kinds[kind].refused is not None:
                    raise ValueError(f"{name} needs {kind!r}, which is refused")
        return self


def load_evidence(folders: Sequence[Path]) -> EvidenceFile:
    """The list of the last of ``folders`` that has one.

    Raises:
        PolicyFileError: a file that cannot be used, with file:line.
        BadConfiguration: no folder has one.
    """
    found = next((folder / FILE for folder in reversed(folders) if (folder / FILE).is_file()), None)
    if found is None:
        looked = ", ".join(str(folder) for folder in folders) or "nowhere"
        raise BadConfiguration(f"{FILE} was not found (looked in {looked})", remedy="set COPILOT_POLICIES_DIR")
    return read_model(found, EvidenceFile)
