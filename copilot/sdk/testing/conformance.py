"""The kit as tests of pytest: subclass ``AdapterConformance``, name the proof, and each check is a test.

The checks themselves are ``copilot.sdk.testing.kit``; this file alone needs pytest (the extra ``testing``).
"""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from copilot.sdk.testing.kit.check import Check, State
from copilot.sdk.testing.kit.proof import Proof
from copilot.sdk.testing.kit.running import require_honest, run_check
from copilot.sdk.testing.kit.table import CHECKS, checks_for


class AdapterConformance:
    """Every check that the adapter is held to at the level it claims, as a test named after it.

    ``proof`` is the adapter's ``Proof``. A standard test cannot be overridden: that is an error when the class is made.
    What a platform does not have stands in the proof's ``absent``, with its reason.
    """

    proof: ClassVar[type[Proof]]

    def __init_subclass__(cls, **more: Any) -> None:
        """Add the tests.

        Raises:
            TypeError: the class has no proof, or overrides a standard test.
        """
        super().__init_subclass__(**more)
        overridden = sorted({f"test_{check.id}" for check in CHECKS} & set(vars(cls)))
        if overridden:
            raise TypeError(f"{cls.__name__} overrides standard tests of the kit: {', '.join(overridden)}")
        if not isinstance(getattr(cls, "proof", None), type):
            raise TypeError(f"{cls.__name__} names no proof")
        proof = cls.proof()
        require_honest(proof)
        for check in checks_for(proof.adapter(), proof.level):
            setattr(cls, f"test_{check.id}", _test_of(check))

    def test_level(self) -> None:
        """The level it claims is one that the kit can show."""
        proof = self.proof()
        assert checks_for(proof.adapter(), proof.level)


def _test_of(check: Check) -> Callable[[AdapterConformance], None]:
    def test(self: AdapterConformance) -> None:
        outcome = run_check(self.proof(), check)
        if outcome.state is State.FAILED:
            pytest.fail(f"{check.id}: {outcome.why}", pytrace=False)

    test.__doc__ = check.words
    return test
