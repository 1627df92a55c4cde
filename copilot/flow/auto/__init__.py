"""What leaves without a person: which fixed text answers a buyer's message, under the shop's rules, once."""

from copilot.flow.auto.answering import AutoReplies

__all__ = ["AutoReplies"]
