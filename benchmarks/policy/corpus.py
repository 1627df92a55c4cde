"""Messages and terms to measure with: the same on every machine, about as long and as mixed as service chat.

They are put together from the everyday messages and the rules' own cases; nothing here is a sample of real people.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from copilot.assets import golden_folder, policy_folders
from copilot.policy.load import open_folders
from copilot.policy.model import Case

MESSAGES = 50_000
VIOLATIONS = 0.05
"""How many of the messages are a case that some rule is there for."""
ABROAD = 0.04
"""How many are in a third language."""
SHORTEST, LONGEST = 5, 120
_RAREST = 0.002
"""A term in more of the messages than this is no term that anyone would list."""
_WHOLE = 0.25
"""How many of the ordinary ones are a line as it is; the rest is put together of clauses."""
_LISTED, _RARELY = 60, 0.0005
"""So many terms are taken from the messages before others come in, and this share of the others: short lists are full
of what is written. About 40 terms stand in 1,000 messages with 100 and 1,000 of them, 125 with 100,000."""
_FIGURE = re.compile(r"\d")
_CLAUSES = re.compile(r"[，。！？；～,.!?;~\n]+")
_ENDS = {True: ("", "", "。", "~", "！", "？"), False: ("", "", ".", "!", "?", " :)")}
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_SAMPLE = 5000
_OTHER = (
    "Kak, pesanan saya sudah dikirim belum ya?",
    "Ukuran L masih ada stok? Warna hitam saja",
    "Terima kasih, barang sudah sampai dengan baik",
    "Boleh tukar ke ukuran yang lebih besar?",
    "Barang saya belum sampai lagi, boleh semak?",
    "Saiz M muat untuk berat 60 kg ke?",
    "Shop ơi, đơn của mình khi nào giao vậy?",
    "Mình muốn đổi sang màu trắng được không ạ?",
    "Hàng nhận rồi, đẹp lắm, cảm ơn shop",
    "Áo này giặt máy có ra màu không?",
    "สินค้าจะถึงวันไหนคะ สั่งไปตั้งแต่วันจันทร์",
    "มีสีดำไหมคะ อยากได้ไซส์ L",
    "ได้รับของแล้วค่ะ ขอบคุณมาก",
    "เปลี่ยนไซส์ได้ไหมครับ ตัวนี้เล็กไป",
    "Hola, ¿cuándo llega mi pedido?",
    "Me llegó una talla más pequeña, ¿la puedo cambiar?",
    "¿Tienen este modelo en azul? Gracias",
    "El paquete llegó bien, muchas gracias",
)


@dataclass(frozen=True, slots=True)
class Stock:
    """What messages are put together from: whole lines, their clauses in Chinese and the others, rules' cases."""

    lines: tuple[str, ...]
    clauses: dict[bool, tuple[str, ...]]
    violations: tuple[str, ...]


@cache
def stock() -> Stock:
    """Everything that is shipped with the rules and the golden conversations."""
    lines = tuple(dict.fromkeys([*open_folders(policy_folders()).everyday(), *_golden()]))
    clauses: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for line in lines:
        for clause in _CLAUSES.split(line):
            if len(clause.strip()) > 1:
                clauses[_chinese(clause)][clause.strip()] = None
    return Stock(lines, {chinese: tuple(known) for chinese, known in clauses.items()}, tuple(_violations()))


def messages(count: int = MESSAGES, seed: int = 7) -> list[str]:
    """``count`` messages of 5 to 120 characters; hardly any is there twice."""
    return list(stream(count, random.Random(seed)))


def stream(count: int, chance: random.Random) -> Iterator[str]:
    """``count`` messages, one after the other."""
    source = stock()
    made = 0
    while made < count:
        drawn = chance.random()
        if drawn < VIOLATIONS:
            text = _around(chance.choice(source.violations), chance, source)
        elif drawn < VIOLATIONS + ABROAD:
            text = " ".join(chance.sample(_OTHER, chance.choice((1, 1, 2))))
        else:
            text = _ordinary(chance, source)
        if SHORTEST <= len(text) <= LONGEST:
            made += 1
            yield text


def _ordinary(chance: random.Random, source: Stock) -> str:
    if chance.random() < _WHOLE:
        return _renumbered(chance.choice(source.lines), chance)
    chinese = chance.random() < 0.6
    parts = chance.choices(source.clauses[chinese], k=chance.choice((1, 1, 2, 3, 3, 4)))
    return _renumbered(("，" if chinese else ", ").join(parts) + chance.choice(_ENDS[chinese]), chance)


def _around(case: str, chance: random.Random, source: Stock) -> str:
    """``case`` by itself, or with a clause before it, which may change what it means."""
    if chance.random() < 0.5 or len(case) > LONGEST // 2:
        return case
    chinese = _chinese(case)
    return chance.choice(source.clauses[chinese]) + ("，" if chinese else ". ") + case


def _renumbered(text: str, chance: random.Random) -> str:
    return _FIGURE.sub(lambda _: str(chance.randrange(10)), text) if _FIGURE.search(text) else text


def _chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _golden() -> Iterator[str]:
    for path in sorted(golden_folder().glob("*.jsonl")):
        if "expected" not in path.name:
            for line in path.read_text(encoding="utf-8").splitlines():
                yield from (text for message in json.loads(line)["messages"] if (text := message.get("text")))


def _violations() -> Iterator[str]:
    for sourced in open_folders(policy_folders()).rules().values():
        for case in sourced.rule.cases.violates:
            yield case.text if isinstance(case, Case) else case


def terms(count: int, corpus: list[str], seed: int = 11) -> list[str]:
    """``count`` distinct terms of 2 to about 14 characters; shorter lists are prefixes of longer ones.

    Like lists that people keep: most share beginnings with what is written every day, few stand in it, and none in more
    than 0.2 % of the messages.
    """
    chance = random.Random(seed)
    sample = [line.lower() for line in corpus[:_SAMPLE]]
    pieces, common = _pieces(sample)
    found: dict[str, None] = {}
    while len(found) < count:
        written = len(found) < _LISTED or chance.random() < _RARELY
        term = _written(chance.choice(sample), chance) if written else _term(chance, pieces)
        if len(term) > 1 and common[term] <= _RAREST * _SAMPLE:
            found[term] = None
    return list(found)


@dataclass(frozen=True, slots=True)
class _Pieces:
    after: dict[str, list[str]]
    """Which ideographs follow one, as often as they do."""
    firsts: list[str]
    words: list[str]


def _written(line: str, chance: random.Random) -> str:
    """Something of ``line`` that a list could hold: two to four ideographs in a row, or one or two whole words."""
    found = re.findall(r"[a-z]{4,}(?: [a-z]{3,})?" if line.isascii() else r"[\u4e00-\u9fff]{2,}", line)
    if not found:
        return ""
    piece = chance.choice(found)
    if line.isascii():
        return piece
    size = min(len(piece), chance.choice((2, 3, 3, 4)))
    start = chance.randrange(len(piece) - size + 1)
    return piece[start : start + size]


def _pieces(sample: list[str]) -> tuple[_Pieces, Counter[str]]:
    """What terms are made of, and how many times each possible term stands in ``sample``."""
    after: dict[str, list[str]] = {}
    words: dict[str, None] = {}
    common: Counter[str] = Counter()
    for line in sample:
        for first, second in pairwise(line):
            if _chinese(first) and _chinese(second):
                after.setdefault(first, []).append(second)
        latin = re.findall(r"[a-z]{3,}", line)
        words.update(dict.fromkeys(latin))
        common.update(f"{first} {second}" for first, second in pairwise(latin))
        common.update(line[at : at + size] for size in range(2, 9) for at in range(len(line) - size + 1))
    return _Pieces(after, sorted(after), sorted(words)), common


def _term(chance: random.Random, pieces: _Pieces) -> str:
    drawn = chance.random()
    if drawn < 0.15:
        return "".join(chance.choices(_LATIN, k=chance.randint(4, 8)))
    if drawn < 0.3:
        return f"{chance.choice(pieces.words)} {chance.choice(pieces.words)}"
    size = chance.choice((2, 3, 3, 4, 4, 5, 6))
    if drawn < 0.5:
        return "".join(chance.choices(pieces.firsts, k=size))
    # A walk along what is written; the last character is any, or the list would stand in every other message.
    term = chance.choice(pieces.firsts)
    while len(term) < size - 1 and term[-1] in pieces.after:
        term += chance.choice(pieces.after[term[-1]])
    return term + chance.choice(pieces.firsts)
