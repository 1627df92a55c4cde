"""A buyer is forgotten: their words, names, numbers and orders leave every table, the figures stay.

It neither asks nor tells a platform, which keeps what it has; a buyer who writes again is a new one.
"""

from copilot.channel.erasing.buyers import Erased, NoSuchBuyer, ReplyLeaving, erase_buyer, erase_of_conversation

__all__ = ["Erased", "NoSuchBuyer", "ReplyLeaving", "erase_buyer", "erase_of_conversation"]
