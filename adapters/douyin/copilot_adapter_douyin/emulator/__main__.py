"""Runs the emulated shop alone, with one shopper and one order to begin with."""

import sys

from copilot.sdk.testing.alone import main
from copilot_adapter_douyin.emulator.example import furnish
from copilot_adapter_douyin.emulator.shop import DouyinEmulator

if __name__ == "__main__":
    sys.exit(main(DouyinEmulator, furnish))
