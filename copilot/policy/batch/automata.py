"""Multi-pattern search over pairs of bytes, behind one interface: by hashes, by hyperscan, by ahocorasick-rs.

All report the same places; the tests hold them to a plain search. Nothing here knows what a word means.
"""

import hashlib
import importlib
import importlib.util
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from platform import machine
from typing import Any, Protocol

import numpy as np
from ahocorasick_rs import BytesAhoCorasick

from copilot.policy.batch.hashes import HashedAutomaton, Hits
from copilot.policy.cache import cached_bytes


class Automaton(Protocol):
    """Finds every occurrence of every word, overlapping ones included; texts are pairs of bytes as in ``codes``."""

    def hits(self, haystack: bytes) -> Hits:
        """Where words end in ``haystack``, in no particular order."""
        ...


class AhoCorasickAutomaton:
    """ahocorasick-rs: makes a Python object of every place."""

    def __init__(self, words: Sequence[bytes], cache_dir: Path | None = None) -> None:
        """``words`` are not empty and differ; nothing is kept in ``cache_dir``, it is made fast enough."""
        del cache_dir
        self._automaton = BytesAhoCorasick(list(words))

    def hits(self, haystack: bytes) -> Hits:
        """Where words end in ``haystack``."""
        found = self._automaton.find_matches_as_indexes(haystack, overlapping=True)
        if not found:
            return _NONE
        table = np.array(found, dtype=np.int64)
        return table[:, 0], table[:, 2]


class HyperscanAutomaton:
    """The extra ``fast``: hyperscan in literal mode."""

    def __init__(self, words: Sequence[bytes], cache_dir: Path | None = None) -> None:
        """``words`` are not empty and differ; ``cache_dir`` keeps the database, which takes seconds to make."""
        hyperscan: Any = importlib.import_module("hyperscan")
        key = hashlib.sha256(b"\0".join([version("hyperscan").encode(), machine().encode(), *words])).hexdigest()[:32]

        def make() -> bytes:
            database = hyperscan.Database()
            numbers = list(range(len(words)))
            database.compile(expressions=list(words), ids=numbers, elements=len(words), literal=True, flags=0)
            return bytes(hyperscan.dumpb(database))

        stored = cached_bytes(cache_dir, f"words-{key}.hyperscan", make)
        try:
            self._database = hyperscan.loadb(stored, hyperscan.HS_MODE_BLOCK)
        except hyperscan.error:
            # Made by another processor that shares the folder.
            self._database = hyperscan.loadb(make(), hyperscan.HS_MODE_BLOCK)
        self._database.scratch = hyperscan.Scratch(self._database)

    def hits(self, haystack: bytes) -> Hits:
        """Where words end in ``haystack``."""
        ids: list[int] = []
        ends: list[int] = []
        add_id, add_end = ids.append, ends.append

        def found(word: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add_id(word)
            add_end(end)

        self._database.scan(haystack, match_event_handler=found)
        return np.array(ids, dtype=np.int64), np.array(ends, dtype=np.int64)


_NONE: Hits = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
AUTOMATA: dict[str, type[AhoCorasickAutomaton] | type[HyperscanAutomaton] | type[HashedAutomaton]] = {
    "hashes": HashedAutomaton,
    "hyperscan": HyperscanAutomaton,
    "ahocorasick": AhoCorasickAutomaton,
}


def available() -> tuple[str, ...]:
    """The names of the automata that can be made here, the fastest first."""
    return tuple(name for name in AUTOMATA if name != "hyperscan" or importlib.util.find_spec("hyperscan") is not None)


def automaton(words: Sequence[bytes], name: str | None = None, cache_dir: Path | None = None) -> Automaton:
    """An automaton over ``words``: the named one, or the fastest that is available."""
    return AUTOMATA[name or available()[0]](words, cache_dir)
