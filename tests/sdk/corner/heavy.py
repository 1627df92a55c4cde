"""The corner's adapter in a module that loads a database library."""

import sqlalchemy  # noqa: F401

from tests.sdk.corner.adapter import Corner


class Heavy(Corner):
    """Wrong only in what its module costs."""
