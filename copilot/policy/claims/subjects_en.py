"""Who an English clause is about, read backwards from its verb: us, the buyer, somebody else, or a thing.

Owns the words for each; whether a promise follows is not decided here.
"""

from enum import Enum
from typing import NamedTuple


class Subject(Enum):
    """Whose doing the verb is."""

    OURS = "ours"
    YOU = "you"
    THING = "thing"
    OTHER = "other"
    NONE = "none"


class Before(NamedTuple):
    """The subject in front of a verb: whose it is, where it begins, its last word and what the clause says before."""

    subject: Subject
    start: int
    word: str
    words: tuple[str, ...]


_BACK = 72
_MARKS = ".!?;,:\n()"
_OURS = frozenset("i we someone somebody i've we've".split())
_STAFF = frozenset(
    "team warehouse manager supervisor colleague technician staff accountant accounts finance support packer boss shop "
    "store partner guys people engineer department workshop".split()
)
_OTHERS = frozenset(
    "courier carrier bank platform tiktok app system driver customs ups usps fedex dhl postman mailman office seller "
    "supplier manufacturer insurer insurance price sale offer account coupon code discount he she nobody they paypal "
    "visa card issuer network shopee lazada amazon provider hermes evri prices event deal promotion policy".split()
)
_YOU = frozenset({"you", "u", "ya"})
_PRONOUNS = frozenset("it that this everything these those both".split())
_GOODS = frozenset(
    "refund replacement order parcel package invoice money label exchange voucher reply answer update".split()
)
"""Things that agents name without an article: refund will be processed today."""
_DETERMINERS = frozenset("the your this that a an another my our both all".split())
_LINKS = frozenset("and so but then or also ok okay sure well yes great right alright now just hi thanks".split())
_NOBODY = frozenset({"nobody", "no", "none", "neither", "never"})


def before(text: str, at: int) -> Before:
    """The subject that ends at ``at``; ``text`` in small letters."""
    first = max(0, at - _BACK)
    window = text[first:at]
    cut = max(window.rfind(mark) for mark in _MARKS) + 1
    words = window[cut:].split()
    while words and not any(character.isalnum() for character in words[-1]):
        words.pop()
    if not words:
        return Before(Subject.NONE, at, "", ())
    last, rest = words[-1], tuple(words[:-1])
    if last in _LINKS:
        return Before(Subject.NONE, at, "", rest)
    found = _of(last, rest)
    begin = text.rfind(last, first, at)
    if found is Subject.OURS and last in _STAFF:
        named = next((word for word in reversed(words) if word in {"our", "the", "my", "someone", "a"}), last)
        begin = text.rfind(named, first, at)
    return Before(found, begin, last, rest)


def _of(last: str, rest: tuple[str, ...]) -> Subject:
    if last in _YOU:
        return Subject.YOU
    if last in _PRONOUNS:
        return Subject.THING
    if last in {"i", "we"}:
        return Subject.OURS
    if _NOBODY & set(rest) or last in _OTHERS:
        return Subject.OTHER
    if last in _OURS or (last in _STAFF and set(rest) & {"our", "the", "my", "a", "someone"}):
        return Subject.OURS
    named = bool(set(rest[-4:]) & _DETERMINERS) or last in _GOODS
    return Subject.THING if named else Subject.OTHER
