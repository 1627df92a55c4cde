"""Contact details in a folded text: phones, account names, addresses, in digits, words or disguise."""

from copilot.policy.contact.finder import ContactFinder, Hit, NumbersOnce
from copilot.policy.contact.gate import gate_literals

__all__ = ["ContactFinder", "Hit", "NumbersOnce", "gate_literals"]
