"""The short forms of typing on a phone, written out: "u can keep it and ill give u $9 back".

Owns which of them mean one thing only; refuses to touch what may be a word of its own ("its", "were").
"""

import re

_SHORT_FORMS = tuple(
    (re.compile(rf"(?<![\w']){short}(?![\w'/])", re.IGNORECASE), long)
    for short, long in (
        ("u", "you"), ("ur", "your"), ("ill", "I'll"), ("wanna", "want to"), ("gonna", "going to"), ("w/o", "without"),
        ("w/?", "with"), ("r", "are"), ("pls", "please"), ("tmrw", "tomorrow"), ("ya", "you"), ("cant", "can't"),
        ("lemme", "let me"), ("whats", "what's"), ("gimme", "give me"), ("itll", "it'll"), ("theyll", "they'll"),
        ("youll", "you'll"), ("thatll", "that'll"), ("tmr", "tomorrow"), ("tmw", "tomorrow"), ("2moro", "tomorrow"),
        ("wont", "won't"), ("dont", "don't"), ("im", "I'm"), ("ive", "I've"), ("gotta", "have to"), ("rn", "right now"),
    )
)  # fmt: skip


def plainly(text: str) -> str:
    """``text`` with its short forms written out."""
    for short, long in _SHORT_FORMS:
        text = short.sub(long, text)
    return text
