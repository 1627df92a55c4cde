"""What an adapter's author gives the kit to prove it with: settings, recorded traffic, a signature, and an emulator."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

from copilot.sdk.contract import Account, Level
from copilot.sdk.inbound import Delivery
from copilot.sdk.testing.emulator import Emulator
from copilot.sdk.testing.kit.payloads import Payload, read_payloads

MAY_BE_ABSENT: Final = frozenset(
    {
        "colleague",
        "machine",
        "invisible",
        "card",
        "media",
        "unknown_kind",
        "big_numbers",
        "nothing",
        "polled_messages",
        "signature_body",
        "signature_time",
        "throttled",
        "refused",
        "window_closed",
        "unauthorized",
        "read_back",
    }
)
"""What a platform may lack; a proof says so with its reason, which is printed. Nothing else can be left out."""


class Proof(ABC):
    """Subclass it in the adapter's own package and name the class by an entry point ``copilot.conformance``.

    ``shop`` and ``now`` are the shop's id in the payloads and the time at which they were recorded. ``window`` is how
    many seconds old a signed delivery may be (None: the platform signs no time; say so in ``absent``). ``absent`` maps
    what the platform does not have to the reason.
    """

    adapter: ClassVar[type[Any]]
    payloads: ClassVar[Path]
    shop: ClassVar[str]
    now: ClassVar[datetime] = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    window: ClassVar[float | None] = None
    absent: ClassVar[Mapping[str, str]] = {}
    emulator: ClassVar[type[Emulator] | None] = None

    @abstractmethod
    def settings(self, number: int = 1) -> Mapping[str, Any]:
        """What a person enters for a shop, secrets made up; another ``number`` is another shop, with other secrets."""

    def signed(self, delivery: Delivery, account: Account) -> Delivery:
        """``delivery`` as the platform signs it for this shop at the account's time; its body stays as it is."""
        raise NotImplementedError("a platform that calls us signs its deliveries: implement signed()")

    def signs_time(self, delivery: Delivery) -> bool:
        """Whether this delivery is one of those whose signature holds a time; all of them, unless you say otherwise."""
        del delivery
        return True

    @property
    def level(self) -> Level:
        """What the adapter claims."""
        return self.adapter().level

    @cached_property
    def corpus(self) -> tuple[Payload, ...]:
        """The recorded traffic; read once.

        Raises:
            BadInput: it cannot be read.
        """
        return read_payloads(self.payloads)
