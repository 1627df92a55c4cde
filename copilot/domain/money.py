"""Money as a decimal string with a currency, and as integer minor units for arithmetic."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Self

from pydantic import field_validator

from copilot.domain.base import Shape

# ISO 4217 currencies of the supported markets that have no two-digit minor unit.
_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "IDR": 2}
_MOST_DIGITS = 15
"""Before and behind the point: more than any shop's books, and little enough to be written out and added up."""


class Money(Shape):
    """An amount of money.

    ``amount`` is a decimal string ("19.90"); ``currency`` an ISO 4217 code ("CNY").
    """

    amount: str
    currency: str

    @field_validator("amount", mode="before")
    @classmethod
    def _decimal_string(cls, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
            raise ValueError('must be a decimal string such as "19.90"')
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise ValueError('must be a decimal string such as "19.90"') from None
        if not number.is_finite():
            raise ValueError("must be a finite amount")
        places = number.as_tuple().exponent
        if number.adjusted() >= _MOST_DIGITS or not isinstance(places, int) or abs(places) > _MOST_DIGITS:
            # "1e1000000" is short to write and a million digits long.
            raise ValueError(f"must have at most {_MOST_DIGITS} digits before and behind the point")
        return format(number, "f")

    @field_validator("currency")
    @classmethod
    def _code(cls, value: str) -> str:
        if len(value) != 3 or not value.isascii() or not value.isalpha():
            raise ValueError('must be a three-letter code such as "CNY"')
        return value.upper()

    @property
    def minor(self) -> int:
        """The amount in minor units (fen, cents), rounded half up."""
        scale = Decimal(10) ** exponent(self.currency)
        return int((Decimal(self.amount) * scale).to_integral_value(ROUND_HALF_UP))

    @property
    def whole(self) -> bool:
        """Whether minor units hold the amount without rounding."""
        return Decimal(self.minor).scaleb(-exponent(self.currency)) == Decimal(self.amount)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Self:
        """The amount of ``minor`` units of ``currency``, written with all its digits ("29.95")."""
        digits = exponent(currency)
        return cls(amount=format(Decimal(minor).scaleb(-digits), f".{digits}f"), currency=currency)


def exponent(currency: str) -> int:
    """How many digits the minor unit of ``currency`` has."""
    return _EXPONENTS.get(currency.upper(), 2)
