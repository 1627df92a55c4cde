"""Every case of the rules in this folder, as one test each: ``pytest docs/examples/my-shop``."""

from pathlib import Path

import pytest

from copilot.assets import policy_folders
from copilot.policy.testing import RuleCase, assert_case, cases

HERE = Path(__file__).parent


@pytest.mark.parametrize("case", cases(policy_folders([HERE]), within=HERE), ids=str)
def test_rule(case: RuleCase) -> None:
    """The rule does what its case says."""
    assert_case(case)
