"""Amounts of money in a text that lie above what an agent may grant."""

from decimal import Decimal
from typing import cast

from copilot.domain.money import Money
from copilot.policy.claims.amounts import amounts

Span = tuple[int, int]


def amounts_over(text: str, ceiling: Money) -> list[Span]:
    """Where ``text`` names more than ``ceiling`` in the same currency; a bare number counts in that currency."""
    spans: list[Span] = []
    for found in amounts(text, ceiling.currency):
        value = cast("dict[str, str]", found.value)
        if value["currency"] == ceiling.currency and Decimal(value["amount"]) > Decimal(ceiling.amount):
            spans.append((found.start, found.end))
    return spans
