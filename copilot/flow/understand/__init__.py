"""From a buyer's words to meaning: turn, issues, risks, choices, answers, cases and the right order.

Pure functions over the vocabulary; no model, no network, no clock. What they cannot tell they name as unclear.
"""

from copilot.flow.understand.burst import Burst, last_shop_text, unanswered
from copilot.flow.understand.cases import derive_cases, open_case
from copilot.flow.understand.injection import looks_like_injection
from copilot.flow.understand.language import language_of
from copilot.flow.understand.orders import Ambiguous, NoOrder, OrderFinding, Unknown, choose_order, needs_order
from copilot.flow.understand.risks import find_risks
from copilot.flow.understand.turns import TurnReading, read_turn, reading_of, told_by_model

__all__ = [
    "Ambiguous",
    "Burst",
    "NoOrder",
    "OrderFinding",
    "TurnReading",
    "Unknown",
    "choose_order",
    "derive_cases",
    "find_risks",
    "language_of",
    "last_shop_text",
    "looks_like_injection",
    "needs_order",
    "open_case",
    "read_turn",
    "reading_of",
    "told_by_model",
    "unanswered",
]
