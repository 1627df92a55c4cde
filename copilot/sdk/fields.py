"""Kinds of settings that nearly every adapter asks for; what they refuse is never repeated.

Use them as the types of fields of ``AdapterSettings``.
"""

from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

_LONGEST: Final = 2_000


def _address(value: str) -> str:
    parts = urlsplit(value)
    whole = not (parts.query or parts.fragment or parts.username) and not any(sign.isspace() for sign in value)
    if not (parts.hostname and whole):
        raise ValueError("must be an address such as https://chat.example.com")
    # A token that travels in clear is everybody's; only this machine may be spoken to so.
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname)):
        raise ValueError("must begin with https:// (http:// is for this machine only)")
    return value.rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _filled(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().strip():
        raise ValueError("must not be empty")
    return value


BaseAddress = Annotated[str, Field(max_length=_LONGEST), AfterValidator(_address)]
"""Where calls go: https (http on this machine), without query, name or a slash at its end, so that paths can follow."""
FilledSecret = Annotated[SecretStr, AfterValidator(_filled)]
"""A secret that is more than blanks."""
