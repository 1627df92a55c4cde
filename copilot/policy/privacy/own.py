"""A user's own recognisers: a YAML file with patterns as presidio describes them, checked before anything runs."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from copilot.domain.base import StrictShape
from copilot.domain.errors import PolicyFileError
from copilot.files import read_model
from copilot.policy.privacy import engine
from copilot.policy.privacy.mask import Finder


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error.msg}") from None
    return pattern


class OwnPattern(StrictShape):
    """An expression and how sure a hit of it is, from 0 to 1."""

    name: str
    regex: Annotated[str, AfterValidator(_compiles)]
    score: float = Field(ge=0, le=1)


class OwnRecognizer(StrictShape):
    """One recogniser: its type ("EMPLOYEE_ID"), its patterns, and words that make a hit near them surer."""

    name: str
    supported_entity: str = Field(pattern=r"^[A-Z][A-Z_]{0,30}$")
    patterns: tuple[OwnPattern, ...] = Field(min_length=1)
    context: tuple[str, ...] = ()


class OwnFile(StrictShape):
    """The file that the setting COPILOT_RECOGNIZERS names."""

    recognizers: tuple[OwnRecognizer, ...] = Field(min_length=1)


def load_own(path: Path) -> Finder:
    """The finder of the recognisers in ``path``, to be passed to ``mask`` as ``own``.

    Raises:
        PolicyFileError: the file cannot be read or used; the message begins with file:line.
    """
    document = read_model(path, OwnFile)
    plain = [recognizer.model_dump(mode="json", exclude_defaults=True) for recognizer in document.recognizers]
    try:
        return engine.custom(plain)
    except ValueError as error:
        raise PolicyFileError(f"{path}:1: {error}") from None
