"""The shop of the flow's tests, so that what is looked at here is what the flow really leaves behind."""

from tests.flow.conftest import world

__all__ = ["world"]
