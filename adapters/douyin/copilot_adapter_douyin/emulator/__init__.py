"""An emulated shop of Douyin Shop with a relay beside it; for tests, the demonstration and trying things out."""

from copilot_adapter_douyin.emulator.shop import DouyinEmulator

__all__ = ["DouyinEmulator"]
