"""The conformance kit: checks that any adapter is held to, by level and by what it declares; it needs no pytest."""

from copilot.sdk.testing.kit.check import Check, Outcome, Report, State, Wrong
from copilot.sdk.testing.kit.payloads import Payload, payload_folder, read_payloads
from copilot.sdk.testing.kit.proof import Proof
from copilot.sdk.testing.kit.running import run, run_check
from copilot.sdk.testing.kit.table import CHECKS, checks_for

__all__ = [
    "CHECKS",
    "Check",
    "Outcome",
    "Payload",
    "Proof",
    "Report",
    "State",
    "Wrong",
    "checks_for",
    "payload_folder",
    "read_payloads",
    "run",
    "run_check",
]
