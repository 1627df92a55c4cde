"""What the shoppers of the demonstration say and have bought: read from ``script.yaml``, dated from now."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from copilot.demo.moments import dated
from copilot.domain.base import StrictShape
from copilot.domain.knowledge import Phrase
from copilot.domain.order import Order
from copilot.files import read_model

_SCRIPT = Path(__file__).with_name("script.yaml")


class Says(StrictShape):
    """One message of a shopper; ``photo`` sends a picture with it, ``card`` the card of their order of that number."""

    text: str = ""
    photo: bool = False
    card: str | None = None
    entered_from: str | None = None


class Role(StrictShape):
    """One shopper: where they buy, when they first write (seconds after the start), and what.

    ``answers`` are what they say to our replies, one for each.
    """

    shop: str
    nickname: str
    at: float
    orders: tuple[dict[str, Any], ...] = ()
    says: tuple[Says, ...]
    answers: tuple[Says, ...] = ()


class Stage(StrictShape):
    """A shop; ``emulator`` is the adapter's name, ``phrases`` are what its agents insert with a slash."""

    slug: str
    name: str
    emulator: str
    market: str
    zone: str
    phrases: tuple[Phrase, ...] = ()


class Script(StrictShape):
    """Shops by key, and who writes to them."""

    shops: dict[str, Stage]
    shoppers: tuple[Role, ...]


@dataclass(frozen=True)
class Cast:
    """A shopper with orders dated from now."""

    id: str
    role: Role
    orders: tuple[Order, ...]


def read_script(path: Path = _SCRIPT) -> Script:
    """The script.

    Raises:
        PolicyFileError: it cannot be read; the message names file and line.
    """
    return read_model(path, Script)


def cast_of(script: Script, now: datetime) -> list[Cast]:
    """Everybody who appears, in the order of their entrance."""
    found: list[Cast] = []
    for number, role in enumerate(sorted(script.shoppers, key=lambda one: one.at), 1):
        zone = ZoneInfo(script.shops[role.shop].zone)
        orders = tuple(Order.model_validate(dated(order, now, zone)) for order in role.orders)
        found.append(Cast(f"{role.shop}-{number}", role, orders))
    return found
