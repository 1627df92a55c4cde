"""What a turn answers of what we had asked for.

Owns the form of an answer to each slot (order, photo, measurement, size, reason, promised, name, email, phone, account,
address, invoice_title) and whether a short reply answers a question at all; refuses to look an order up.
"""

import re

from copilot.flow.understand.burst import Burst
from copilot.flow.understand.ids import typed_ids
from copilot.flow.understand.text import count_han, fold
from copilot.flow.understand.words import patterns, says

_NAME_LEAD = re.compile(r"^(?:我叫|我是|姓名[:：]?|名字[:：]?|my name is|name is|i'm|i am|it's|this is|username:?)\s*")
_LONG_HAN, _LONG_WORDS = 30, 20
# Thanks, a nod or a nudge with hardly a word beside it tells nothing.
_EMPTY_HAN, _EMPTY_WORDS = 6, 4
_MANNERS = ("thanks", "closing", "ack", "chase")
_CALLS = re.compile(r"\W*(?:在(?:吗|么|嘛|不在|的)?|人呢|有人(?:吗|在吗)?|你好|您好|hello|hi|hey)\W*")


def fill(burst: Burst, asked: tuple[str, ...]) -> dict[str, str]:
    """The slots of ``asked`` that ``burst`` fills, each with the buyer's words for it ("3 photos" for pictures)."""
    found = {slot: _answer(slot, burst) for slot in asked}
    return {slot: value for slot, value in found.items() if value}


def is_short_reply(text: str) -> bool:
    """Whether ``text`` is short enough to be nothing but an answer."""
    folded = fold(text)
    return count_han(folded) <= _LONG_HAN and len(re.findall(r"[a-z0-9@.']+", folded)) <= _LONG_WORDS


def holds_particulars(text: str) -> bool:
    """Whether ``text`` gives an e-mail, a phone, an order number or a measurement."""
    folded = fold(text)
    return bool(
        says("form_email", folded) or says("form_phone", folded) or says("form_measurement", folded) or typed_ids(text)
    )


def _answer(slot: str, burst: Burst) -> str | None:
    if slot == "photo":
        count = burst.photos + burst.videos
        return str(count) if count else None
    if slot == "order":
        return _order(burst)
    if slot == "reason":
        return burst.text.strip() or None
    if slot == "account":
        return burst.text.strip() if is_short_reply(burst.text) else None
    if slot == "promised":
        return None if tells_nothing(burst.text) else burst.text.strip()
    if slot == "name":
        return _name(burst)
    if slot == "invoice_title":
        return _invoice_title(burst)
    pattern = patterns().get(f"form_{slot}")
    if pattern is None:
        return None
    match = pattern.search(fold(burst.text))
    if match is None:
        return None
    return burst.text.strip() if slot == "address" else match.group().strip()


def _order(burst: Burst) -> str | None:
    if burst.order_cards:
        return burst.order_cards[-1]
    ids = typed_ids(burst.text)
    return ids[0].number if ids else None


def _invoice_title(burst: Burst) -> str | None:
    """All that was written, where it names a company, a tax number or "personal"; else a bare name."""
    if names_invoice_title(burst.text):
        return burst.text.strip()
    return None if tells_nothing(burst.text) else _name(burst)


def names_invoice_title(text: str) -> bool:
    """Whether ``text`` by its words alone says whom an invoice is for."""
    return says("form_invoice_title", fold(text))


def tells_nothing(text: str) -> bool:
    """Whether ``text`` is empty, a call for somebody, or a nod, thanks or a nudge with hardly a word beside it."""
    folded = fold(text).strip()
    words = len(re.findall(r"[a-z0-9']+", folded))
    empty = count_han(folded) <= _EMPTY_HAN and words <= _EMPTY_WORDS
    return not folded or bool(_CALLS.fullmatch(folded)) or (empty and any(says(kind, folded) for kind in _MANNERS))


def _name(burst: Burst) -> str | None:
    for line in burst.texts:
        bare = _NAME_LEAD.sub("", line.strip())
        words = bare.split()
        # Two or three capitalised words, or two to four Chinese characters, with nothing else in the line.
        if re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", bare) or (
            1 <= len(words) <= 4
            and all(re.fullmatch(r"[A-Za-z][\w.'-]*", word) for word in words)
            and words[0][0].isupper()
        ):
            return bare
    return None
