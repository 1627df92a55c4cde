"""An emulated TikTok Shop: the platform's calls and deliveries with every signature checked, for tests and the demo.

Never imported by the adapter. ``python -m copilot_adapter_tiktok_shop.emulator --port N`` runs it alone.
"""

from copilot_adapter_tiktok_shop.emulator.app import TikTokShopEmulator

__all__ = ["TikTokShopEmulator"]
