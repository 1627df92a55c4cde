"""Splits one JSON document into its conversations without reading it whole.

The document is a list, an object with a list under a key, or objects one after the other.
"""

import codecs
import json
import re
from collections.abc import Iterator

from copilot.replay.lines import MAX_LINE
from copilot.replay.pieces import Content, Damage, Items

_PIECE = 1024 * 1024
_HEAD = 65536
_LIST = re.compile(r'"(?:payload|conversations)"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


def split_export(blocks: Iterator[bytes | Damage]) -> Iterator[Content]:
    """The conversations of a document given in ``blocks``; a damage ends it after what could be read."""
    splitter = _Splitter()
    for block in blocks:
        if isinstance(block, Damage):
            yield from splitter.pieces(last=True)
            yield Damage(splitter.number, block.kind, block.why)
            return
        splitter.feed(block)
        yield from splitter.pieces()
        if splitter.over:
            break
    yield from splitter.pieces(last=True)
    yield from splitter.end()


class _Splitter:
    """Text that has been read and not handed on yet, and the number of the conversation that comes next.

    Programs write such documents on one line or on many: only the number finds a conversation again.
    """

    def __init__(self) -> None:
        self.number = 1
        self.over = False
        self._text = ""
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape").decode
        self._begun = self._listed = False
        self._wanted = 0
        self._broken: Damage | None = None

    def feed(self, block: bytes) -> None:
        self._text += self._decode(block)

    def pieces(self, *, last: bool = False) -> Iterator[Items]:
        """The whole conversations in the text; an unfinished one waits for more text, except at the ``last``."""
        if not self._begun and not self._begin(last):
            return
        at, items, lines, size = 0, list[bytes](), list[int](), 0
        while not self.over and (last or len(self._text) - at >= self._wanted):
            at = self._skip(at)
            if at >= len(self._text) or (self._listed and self._text[at] == "]"):
                self.over = at < len(self._text)
                break
            end = self._object_end(at, last)
            if end is None:
                break
            items.append(self._text[at:end].encode("utf-8", "surrogateescape"))
            lines.append(self.number)
            size += end - at
            self.number += 1
            at = end
            if size >= _PIECE:
                yield Items(items, lines)
                items, lines, size = [], [], 0
        self._text = self._text[at:]
        if items:
            yield Items(items, lines)

    def end(self) -> Iterator[Damage]:
        """What was wrong, if anything."""
        if self._broken is not None:
            yield self._broken
        elif self._listed and not self.over:
            yield Damage(self.number, "damaged", "the list of conversations is cut off; export it again")

    def _begin(self, last: bool) -> bool:
        if not last and len(self._text) < _HEAD:
            return False
        self._begun = True
        head = self._text.lstrip()
        found = _LIST.search(self._text, 0, _HEAD)
        if head.startswith("["):
            start = self._text.index("[") + 1
        elif found is not None and '"messages"' not in self._text[: found.start()]:
            start = found.end()
        else:
            return True
        self._listed = True
        self._text = self._text[start:]
        return True

    def _skip(self, at: int) -> int:
        match = _GAP.match(self._text, at)
        return match.end() if match else at

    def _object_end(self, at: int, last: bool) -> int | None:
        try:
            end = _DECODER.raw_decode(self._text, at)[1]
        except (ValueError, RecursionError):
            rest = len(self._text) - at
            if last or rest > MAX_LINE:
                self._broken = Damage(self.number, "json", "is not JSON from here on, or a conversation is too long")
                self.over = True
            # Twice as much text before the next try, so that trying again stays cheap.
            self._wanted = 2 * rest
            return None
        self._wanted = 0
        if end == len(self._text) and not last and self._text[at] not in '{["':
            # A number at the very end of the text may go on.
            return None
        return end
