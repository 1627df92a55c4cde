"""Runs the emulator alone, with one shopper and one order to begin with."""

import sys

from copilot.sdk.testing.alone import main
from copilot_adapter_tiktok_shop.emulator.app import TikTokShopEmulator
from copilot_adapter_tiktok_shop.emulator.example import furnish

if __name__ == "__main__":
    sys.exit(main(TikTokShopEmulator, furnish))
