"""An emulated Chatwoot: its calls and deliveries with token and signature for real, for tests and the demo.

Never imported by the adapter. ``python -m copilot_adapter_chatwoot.emulator --port N`` runs it alone.
"""

from copilot_adapter_chatwoot.emulator.app import ChatwootEmulator

__all__ = ["ChatwootEmulator"]
