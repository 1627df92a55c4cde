"""What slugs, logins and names may look like; whatever is typed twice the same way is the same thing."""

import re
import unicodedata
from typing import Final

from copilot.domain.errors import BadInput

_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LOGIN: Final = re.compile(r"[\w.@+-]{2,64}")
_LONGEST_NAME: Final = 100
MERCHANT_KIND: Final = "merchant"
LOGIN_KIND: Final = "login"
"""The directory's kind of logins; they are unique over the deployment, because people name no merchant."""


def slug(value: str, what: str = "slug") -> str:
    """``value`` as an identifier that may stand in addresses and name a folder.

    Raises:
        BadInput: it holds anything but a–z, 0–9 and inner hyphens.
    """
    if not _SLUG.fullmatch(value):
        raise BadInput(f"{what} {value!r} cannot be used", remedy="use a-z, 0-9 and hyphens, at most 63 of them")
    return value


def is_slug(value: str) -> bool:
    """Whether there could be such a slug at all."""
    return _SLUG.fullmatch(value) is not None


def login(value: str) -> str:
    """``value`` as logins are compared: width and case do not matter.

    Raises:
        BadInput: it is too short or holds signs that logins do not have.
    """
    folded = fold_login(value)
    if not is_login(folded):
        raise BadInput("the login cannot be used", remedy="use 2 to 64 letters, digits, or . @ + - _")
    return folded


def fold_login(value: str) -> str:
    """As ``login``, for a login that somebody tries: never an error, it is simply not found."""
    return unicodedata.normalize("NFKC", value).strip().casefold()


def is_login(folded: str) -> bool:
    """Whether there could be such a login at all."""
    return _LOGIN.fullmatch(folded) is not None


def name(value: str, what: str = "name") -> str:
    """``value`` as people read it, without surrounding space.

    Raises:
        BadInput: it is empty, too long, or holds control characters.
    """
    shown = " ".join(value.split())
    if not shown or len(shown) > _LONGEST_NAME or any(unicodedata.category(sign) == "Cc" for sign in shown):
        raise BadInput(f"the {what} cannot be used", remedy=f"use 1 to {_LONGEST_NAME} characters")
    return shown
