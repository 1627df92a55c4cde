"""The lines of a text in any encoding. What cannot be read is told in its place; what comes after it is read."""

import codecs
from collections.abc import Iterator

from copilot.replay.lines import MAX_LINE
from copilot.replay.pieces import Damage

NO_TEXT = "copilot.no_text"
"""How decoders answer bytes that are no text: each becomes half a surrogate pair, which whoever uses the text refuses.

Python's own ``surrogateescape`` raises for bytes below 128, which stand in the damage of UTF-16 and its like.
"""


def _halves(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(NO_TEXT, _halves)


def text_lines(blocks: Iterator[bytes | Damage], encoding: str) -> Iterator[str | Damage]:
    """The lines in ``blocks``, each with its end; a damage counts as the line in whose place it stands."""
    carry, number, skipping = "", 0, False
    for text in _texts(blocks, encoding):
        if isinstance(text, Damage):
            yield Damage(number + 1, text.kind, text.why)
            return
        *whole, carry = (carry + text).split("\n")
        if skipping and whole:
            whole, number, skipping = whole[1:], number + 1, False
        for line in whole:
            yield line + "\n"
        number += len(whole)
        if skipping:
            carry = ""
        elif len(carry) > MAX_LINE:
            yield Damage(number + 1, "long", f"the line is longer than {MAX_LINE // 2**20} MiB")
            carry, skipping = "", True
    if carry and not skipping:
        yield carry


def _texts(blocks: Iterator[bytes | Damage], named: str) -> Iterator[str | Damage]:
    """What the blocks hold as text, to the last byte: also half a character is there to be refused."""
    decoder: codecs.IncrementalDecoder | None = None
    try:
        for block in blocks:
            if isinstance(block, Damage):
                yield block
                return
            decoder = decoder or codecs.getincrementaldecoder(_encoding(block, named))(NO_TEXT)
            yield decoder.decode(block)
        if decoder is not None:
            yield decoder.decode(b"", True)
    except UnicodeError:
        # UTF-16 and UTF-32 without the mark that says which end comes first: no error handler is asked.
        yield Damage(0, "encoding", f"is not {named}; name the encoding in a mapping file (--map)")


def _encoding(block: bytes, named: str) -> str:
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig" if codecs.lookup(named).name == "utf-8" else named
