"""A platform without a wire, and two shoppers in it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from starlette.routing import BaseRoute

from copilot.domain.clock import FrozenClock
from copilot.domain.order import Order
from copilot.sdk.testing import Emulator, Said, Shopper

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


class Plain(Emulator):
    """A platform without a wire."""

    name: ClassVar[str] = "plain"
    title: ClassVar[str] = "Plain & Co"

    def __init__(self) -> None:
        super().__init__(clock=FrozenClock(NOW))
        self.shop_id = "77"
        self.announced: list[Said] = []
        self.changed: list[Order] = []

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    def announce(self, said: Said) -> None:
        self.announced.append(said)

    def order_changed(self, order: Order) -> None:
        self.changed.append(order)

    def settings(self, base_url: str) -> dict[str, str]:
        return super().settings(base_url)


@pytest.fixture
def platform() -> Plain:
    emulator = Plain()
    for shopper in ("ann", "bo"):
        emulator.add_shopper(Shopper(id=shopper, nickname=shopper.title()))
    return emulator
