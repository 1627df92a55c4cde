"""The kit as tests of pytest: subclass ``AdapterConformance``, name the proof, and each check is a test.

The checks themselves are ``copilot.sdk.testing.kit``; this file alone needs pytest (the extra ``testing``).
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any, ClassVar

import pytest

from copilot.sdk.testing.kit.check import Check, Outcome, Report, State, line_of
from copilot.sdk.testing.kit.proof import Proof
from copilot.sdk.testing.kit.running import require_honest, run_check
from copilot.sdk.testing.kit.table import CHECKS, checks_for


class AdapterConformance:
    """Every check that the adapter is held to at the level it claims, as a test named after it.

    ``proof`` is the adapter's ``Proof``. A standard test cannot be overridden: that is an error when the class is made.
    What a platform does not have stands in the proof's ``absent``: its tests are skipped, with that reason.
    """

    proof: ClassVar[type[Proof]]
    outcomes: ClassVar[list[Outcome]] = []

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

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _level(cls, request: pytest.FixtureRequest) -> Iterator[None]:
        """Print what was reached, once all was asked; a worker of a split run has nowhere to print it."""
        cls.outcomes = []
        yield
        proof, plugins = cls.proof(), request.config.pluginmanager
        reporter, capture = plugins.get_plugin("terminalreporter"), plugins.get_plugin("capturemanager")
        if reporter is None or len(cls.outcomes) < len(checks_for(proof.adapter(), proof.level)):
            return
        with capture.global_and_fixture_disabled() if capture is not None else nullcontext():
            reporter.ensure_newline()
            reporter.write_line(line_of(Report(proof.adapter.name, proof.level, tuple(cls.outcomes))))


def _test_of(check: Check) -> Callable[[AdapterConformance], None]:
    def test(self: AdapterConformance) -> None:
        outcome = run_check(self.proof(), check)
        self.outcomes.append(outcome)
        if outcome.state is State.FAILED:
            pytest.fail(f"{check.id}: {outcome.why}", pytrace=False)
        if outcome.state is State.ABSENT:
            # Neither held nor hidden.
            pytest.skip(f"{check.id}: not on this platform: {outcome.why}")

    test.__doc__ = check.words
    return test
