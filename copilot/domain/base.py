"""What every shape of the vocabulary shares.

Shapes are frozen: a step returns a new value instead of changing one that somebody else holds. Unknown keys are
kept out but accepted, because archives and platforms carry more than we need; validation errors never repeat the
input, because the input is a buyer's words.
"""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.types import AwareDatetime


class Shape(BaseModel):
    """A frozen value object that tolerates unknown keys and hides its input in errors."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class StrictShape(BaseModel):
    """A frozen value object read from a file that people write: unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _not_empty(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


Id = Annotated[str, AfterValidator(_not_empty)]
"""An identifier, always text: platform ids exceed 2**53 and must survive JavaScript."""

Time = AwareDatetime
"""A point in time, RFC 3339 with an offset."""
