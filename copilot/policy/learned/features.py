"""Features of sentences: hashed runs of characters and of Latin words, and pairs of tokens that stand near each other.

For one text or a whole batch alike. Pairs know what belongs together across the words between: "add … number".

Works on code points of the base view. A sentence ends at a full stop, a question or exclamation mark, a semicolon, a
line's end or the text's; no feature reaches beyond.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

BITS = 18
"""Runs and words are hashed into 2**BITS rows."""
PAIR_BITS = 19
"""Pairs are hashed into 2**PAIR_BITS rows behind those."""
NOTHING = (1 << BITS) + (1 << PAIR_BITS)
"""The row of a place without a feature."""
_LENGTHS = 4
"""Runs have one to as many characters."""
_WORDS = 3
"""Latin words in a row, at most."""
_LONGEST_WORD = 24
_NEAR = 10
"""The second token of a pair is at most so many tokens behind the first."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_FOLD = np.uint64(29)
_BASE = np.array([pow(0x100000001B3, power, 1 << 64) for power in range(_LENGTHS)], dtype=np.uint64)
_LETTER = np.array([pow(0x5851F42D4C957F2D, 1 + at, 1 << 64) for at in range(_LONGEST_WORD)], dtype=np.uint64)
_SALT = np.array([pow(0xD6E8FEB86659FD93, 3 + at, 1 << 64) for at in range(_LENGTHS + _WORDS)], dtype=np.uint64)
_FIRST, _SECOND = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
_STOP, _BLANK = ord("."), ord(" ")
_ENDS = np.zeros(0x110000, dtype=np.bool_)
_ENDS[[ord(character) for character in "\x01\n。!?;…"]] = True
_IS_LATIN = np.zeros(0x110000, dtype=np.bool_)
_IS_LATIN[[39, *range(97, 123)]] = True
IS_BLANK = np.zeros(0x110000, dtype=np.bool_)
IS_BLANK[[*range(33), 0xA0, 0x3000]] = True
Points = NDArray[np.uint32]
Places = NDArray[np.int64]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Features:
    """Where sentences stand and what they are made of.

    ``runs`` of shape (4, characters), ``words`` of shape (3, Latin words) and ``pairs`` of shape (10, tokens) are rows,
    ``NOTHING`` where there is no feature; word ``i`` begins at the character ``first[i]``, the token ``i`` at
    ``tokens[i]``. Sentence ``i`` goes from ``starts[i]`` to ``ends[i]``.
    """

    runs: Places
    words: Places
    first: Places
    pairs: Places
    tokens: Places
    starts: Places
    ends: Places


def features(points: Points) -> Features:
    """The features of ``points``: base views with a line feed or a 1 behind each text."""
    over = _ENDS.take(points)
    stops = np.flatnonzero(points == _STOP)
    if len(stops):
        # A full stop ends a sentence only before a blank or another end.
        after = np.minimum(stops + 1, len(points) - 1)
        over[stops[(points[after] == _BLANK) | over[after]]] = True
    # The last character ends the last sentence, whatever it is.
    over[-1] = True
    ends = np.flatnonzero(over)
    number = np.cumsum(over) - over
    starts = np.concatenate([[0], ends[:-1] + 1])
    words, first, hashed = _latin(points, number)
    pairs, tokens = _pairs(points, over, number, first, hashed)
    return Features(_runs(points, over, number), words, first, pairs, tokens, starts, ends)


def _runs(points: Points, over: NDArray[np.bool_], number: Places) -> Places:
    count = len(points)
    values = points.astype(np.uint64)
    values[(points >= 48) & (points <= 57)] = 48
    padded = np.concatenate([values, np.zeros(_LENGTHS, dtype=np.uint64)])
    # Behind the last character begins a sentence that nothing belongs to.
    owner = np.concatenate([np.where(over, -1, number), np.full(_LENGTHS, -2)])
    hashed = np.empty((_LENGTHS, count), dtype=np.uint64)
    inside = np.empty((_LENGTHS, count), dtype=np.bool_)
    running = np.zeros(count, dtype=np.uint64)
    for at in range(_LENGTHS):
        running += padded[at : at + count] * _BASE[at]
        hashed[at] = running + _SALT[at]
        np.equal(owner[at : at + count], number, out=inside[at])
    # A long number says no more than a short one, however many of its digits look alike.
    digit = values == 48
    deep = digit.copy()
    for back in range(1, _LENGTHS):
        deep[back:] &= digit[:-back]
        deep[:back] = False
    rows = _rows(hashed)
    np.copyto(rows, NOTHING, where=~inside | deep)
    return rows


def _latin(points: Points, number: Places) -> tuple[Places, Places, Hashes]:
    """The rows of runs of words, where the words begin, and the hash of each."""
    letter = _IS_LATIN.take(points)
    edges = np.flatnonzero(letter[1:] != letter[:-1]) + 1
    if letter[0]:
        edges = np.concatenate([[0], edges])
    first, last = edges[::2], edges[1::2]
    if len(first) > len(last):
        last = np.concatenate([last, [len(points)]])
    count = len(first)
    if not count:
        return np.zeros((_WORDS, 0), dtype=np.int64), first, np.zeros(0, dtype=np.uint64)
    lengths = last - first
    begin = np.cumsum(lengths) - lengths
    within = np.minimum(np.arange(int(lengths.sum())) - np.repeat(begin, lengths), _LONGEST_WORD - 1)
    words = np.add.reduceat(points[letter].astype(np.uint64) * _LETTER[within], begin)
    padded = np.concatenate([words, np.zeros(_WORDS, dtype=np.uint64)])
    owner = np.concatenate([number[first], np.full(_WORDS, -2)])
    hashed = np.empty((_WORDS, count), dtype=np.uint64)
    inside = np.empty((_WORDS, count), dtype=np.bool_)
    running = np.zeros(count, dtype=np.uint64)
    for at in range(_WORDS):
        running = (running ^ padded[at : at + count]) * _LETTER[at]
        hashed[at] = running + _SALT[_LENGTHS + at]
        np.equal(owner[at : at + count], owner[:count], out=inside[at])
    rows = _rows(hashed)
    rows[~inside] = NOTHING
    return rows, first, words


def _pairs(
    points: Points, over: NDArray[np.bool_], number: Places, first: Places, words: Hashes
) -> tuple[Places, Places]:
    """The rows of pairs of tokens, and where the first of each begins.

    A token is a Latin word, a number, or any other character but a blank; an end of a sentence is none.
    """
    digit = (points >= 48) & (points <= 57)
    begins = ~(over | IS_BLANK.take(points) | _IS_LATIN.take(points))
    begins[1:] &= ~(digit[1:] & digit[:-1])
    values = points.astype(np.uint64) * _LETTER[0]
    values[digit] = np.uint64(48)
    begins[first] = True
    values[first] = words
    tokens = np.flatnonzero(begins)
    count = len(tokens)
    if not count:
        return np.zeros((_NEAR, 0), dtype=np.int64), tokens
    padded = np.concatenate([values[tokens], np.zeros(_NEAR, dtype=np.uint64)])
    owner = np.concatenate([number[tokens], np.full(_NEAR, -2)])
    # The token so many behind each, for every distance at once.
    seconds = sliding_window_view((padded ^ (padded >> _FOLD)) * _SECOND, count)[1:]
    owners = sliding_window_view(owner, count)
    firsts = padded[:count] * _FIRST
    rows = np.empty((_NEAR, count), dtype=np.int64)
    for at, second in enumerate(seconds):
        # One distance after the other: all of them at once leave the processor's caches.
        row = _rows(firsts + second, PAIR_BITS)
        row += 1 << BITS
        np.copyto(row, NOTHING, where=owners[at + 1] != owners[0])
        rows[at] = row
    return rows, tokens


def _rows(hashed: Hashes, bits: int = BITS) -> Places:
    mixed = hashed >> _FOLD
    mixed ^= hashed
    mixed *= _MIX
    mixed >>= np.uint64(64 - bits)
    return mixed.view(np.int64)
