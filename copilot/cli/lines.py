"""The shapes of lines that commands read and print and that no other part owns. They hold no behaviour."""

from pydantic import Field

from copilot.domain.base import Shape
from copilot.domain.issue import Category, Evidence, Issue, IssueReading, RiskReading, Turn


class TextInput(Shape):
    """A line for ``policy check``, ``classify`` and ``mask``; a plain line of text stands for its ``text``."""

    text: str


class ClassifyLine(Shape):
    """What ``classify`` prints for a text; ``issue`` is the first of ``issues``."""

    issue: Issue
    category: Category
    confidence: float = Field(ge=0, le=1)
    language: str
    evidence: Evidence | None
    turn: Turn
    issues: tuple[IssueReading, ...]
    risks: tuple[RiskReading, ...]


class Entity(Shape):
    """One place with personal data: code points of the original text, end exclusive."""

    type: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class MaskLine(Shape):
    """What ``mask`` prints for a text: the text with placeholders, and what they stand for by place."""

    masked: str
    entities: tuple[Entity, ...]


class RejectedLine(Shape):
    """A line of ``rejected.jsonl``: the place and the problem, never the content."""

    file: str
    line: int = Field(ge=1)
    why: str
