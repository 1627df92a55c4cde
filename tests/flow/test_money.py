"""Amounts as they come from outside: exact, and of a size that can be written out."""

import pytest
from pydantic import ValidationError

from copilot.domain.money import Money


@pytest.mark.parametrize("amount", ["1e1000000", "1e-1000000", "0e1000000", "1e15", "0.0000000000000001", "9" * 16])
def test_an_amount_that_is_short_to_write_and_long_to_say_is_refused(amount: str) -> None:
    with pytest.raises(ValidationError, match="at most 15 digits"):
        Money(amount=amount, currency="CNY")


@pytest.mark.parametrize(
    ("amount", "currency", "whole"),
    [("9.990", "CNY", True), ("9.999", "CNY", False), ("10", "JPY", True), ("10.5", "JPY", False)],
)
def test_it_is_known_whether_minor_units_hold_it(amount: str, currency: str, whole: bool) -> None:
    assert Money(amount=amount, currency=currency).whole is whole
