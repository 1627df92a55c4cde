"""Literals of which one stands in every text with an address or an account name, for engines that look at many texts.

Numbers have a gate of their own: five digits or words for digits with at most three other characters between two.
"""

from functools import cache

from copilot.policy.contact.finder import LABELS
from copilot.policy.contact.links import ENDINGS, ENDS_BACKWARD, PLAIN_ENDINGS, WORDLIKE

_BEFORE = (*".。·点)]}】>", "dot", "d0t", "dot ", "d0t ", "点 ", ") ", "] ")
_BEFORE_PLAIN = (" ", "|", ",", "-", "_", "*")


@cache
def gate_literals() -> tuple[str, ...]:
    """Folded literals: a base view without one of them holds no url, email or handle.

    "end. It is" holds none: endings that are everyday words count only with a path, a scheme or an at-sign.
    """
    found = {f"{before}{end}" for before in _BEFORE for end in ENDINGS}
    found |= {f"{before}{end}" for before in _BEFORE_PLAIN for end in PLAIN_ENDINGS}
    found |= {f"{end}{gap}/" for end in WORDLIKE for gap in ("", " ")}
    found |= {f"{closed}{end}" for end in WORDLIKE for closed in (")", "]")}
    found |= {f"{end}." for end in ENDS_BACKWARD}
    found |= {"@", "http", "hxxp", "www", *LABELS}
    return tuple(sorted(found))
