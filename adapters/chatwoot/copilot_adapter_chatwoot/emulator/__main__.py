"""Runs the emulator alone, with one shopper to begin with."""

import sys

from copilot.sdk.testing import Emulator, Shopper
from copilot.sdk.testing.alone import main
from copilot_adapter_chatwoot.emulator.app import ChatwootEmulator


def furnish(platform: Emulator) -> None:
    """Somebody to write as."""
    platform.add_shopper(Shopper(id="robin", nickname="Robin"))


if __name__ == "__main__":
    sys.exit(main(ChatwootEmulator, furnish))
