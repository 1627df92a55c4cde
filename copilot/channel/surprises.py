"""What a call into an adapter may end in besides the contract's errors: the network's, and surprise at an answer."""

from typing import Final

import httpx

SURPRISES: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    OSError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""A time-out is an ``OSError``, what pydantic refuses a ``ValueError``."""
