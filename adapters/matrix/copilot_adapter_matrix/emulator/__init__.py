"""An emulated homeserver with one shop's application service, for tests and the demonstration.

Never imported by the adapter. ``python -m copilot_adapter_matrix.emulator --port N`` runs it alone.
"""

from copilot_adapter_matrix.emulator.app import MatrixEmulator

__all__ = ["MatrixEmulator"]
