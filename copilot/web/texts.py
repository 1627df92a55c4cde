"""What a person may send as words: anything that can be stored and shown again; the rest is refused at once."""

from typing import Annotated

from pydantic import AfterValidator, Field


def _whole(value: str) -> str:
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("holds characters that no text has")
    return value


Words = Annotated[str, Field(max_length=10_000), AfterValidator(_whole)]
"""A text of a conversation."""
Brief = Annotated[str, Field(max_length=200), AfterValidator(_whole)]
"""A name, a number, a login."""
Note = Annotated[str, Field(max_length=2_000), AfterValidator(_whole)]
"""A remark."""
Vouched = Annotated[tuple[Note, ...], Field(max_length=50)]
"""The words that a person stands for."""
