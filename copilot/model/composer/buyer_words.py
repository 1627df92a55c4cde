"""What templates may ask of the buyer's own words and of the thing that they bought: for tone, never for facts.

Owns how a reply takes up what happened to the goods; refuses to state anything that only the buyer said.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from copilot.model.composer.names import names_several
from copilot.model.composer.order_words import OrderWords
from copilot.model.composer.quantity import wants_fewer

# What buyers say happened to their goods, and how a reply takes the word up; the first that fits.
_HURTS = {
    "zh": (
        ("碎", "碎了"), ("裂", "裂了"), ("压(?:坏|扁|烂)|挤压", "压坏了"), ("变形", "变形了"), ("漏(?!发)|洒", "漏了"),
        ("破(?:了|损|洞|的)|[摔磕弄]破", "破了"), ("", "坏了"),
    ),
    "en": (
        (r"\bshatter", "shattered"), (r"\bcrack", "cracked"), (r"\b(?:smash|crush)", "smashed"),
        (r"\bdent(?:s|ed)?\b", "dented"),
        (r"\bleak", "leaking"), (r"\b(?:torn|ripped)", "torn"), (r"\bbro(?:ke|ken)\b|\bin pieces", "broken"),
        ("", "damaged"),
    ),
}  # fmt: skip

_ENDING = "(?:s|es|d|ed|ing|er|ger|r|ly|ish)?"


@dataclass
class BuyerWords(OrderWords):
    """The functions over the buyer's turn."""

    burst_text: str

    def buyer_functions(self) -> tuple[Callable[..., object], ...]:
        """The functions of this class that templates may call."""
        return self.mentions, self.fewer, self.hurt, self.several, self.a_set

    def mentions(self, *words: str) -> bool:
        """Whether the buyer's turn uses one of the words; for tone only, never for facts.

        A word of letters stands by itself or with an ending ("color" in "colors", not "add" in "address").
        """
        text = self.burst_text.casefold()
        return any(
            re.search(rf"(?<![a-z]){re.escape(word)}{_ENDING}(?![a-z])", text) if word.isascii() else word in text
            for word in map(str.casefold, words)
        )

    def fewer(self) -> bool:
        """Whether the buyer wants fewer pieces than were ordered."""
        known = self.has("case.item.quantity")
        return bool(wants_fewer(self.burst_text, int(self.known.number("case.item.quantity")) if known else None))

    def hurt(self) -> str:
        """What the buyer says happened to the goods, in the buyer's own word."""
        text = self.burst_text.casefold()
        return next(said for word, said in _HURTS[self.wording.language] if re.search(word, text))

    def several(self) -> bool:
        """Whether the thing holds several pieces, of which some may still be good."""
        if self.has("case.item.quantity") and self.known.number("case.item.quantity") > 1:
            return True
        return self.a_set()

    def a_set(self) -> bool:
        """Whether the thing is listed as a set."""
        return self.has("case.item.name") and names_several(self.known.text("case.item.name"))
