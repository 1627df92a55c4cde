"""Real traffic without anybody in it: every name, number, word and address becomes another of the same shape.

What is the same stays the same within one recording, so that ids still agree; nothing can be read back, because the
key is thrown away. Times, small numbers and the words of a protocol (types, roles, states) stay as they are.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, cast

_KEPT_KEYS: Final = re.compile(
    r"(type|kind|role|status|state|event|tag|author|currency|locale|language|lang|msgtype|sender|phase|scope|version)$",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,39}\Z|\d{1,4}\Z")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CHINESE: Final = "的一是不了在有我他这中大来上个们到说时要就出会可也你对生能子那得于着下自之年过发后作里"
_NUMBER: Final = re.compile(r"\d{5,}")
_HEAD: Final = re.compile(r"[a-z]{1,10}: ?|")
_OF_PROTOCOL: Final = re.compile(r"(event|retry): ?[A-Za-z0-9_.-]{1,40}\Z|:?\s*\Z")
_SMALL: Final = 10_000


class Redactor:
    """Redacts one recording; ``key`` is made anew unless given, ``keep`` are more fields that hold protocol words."""

    def __init__(self, key: bytes | None = None, keep: Iterable[str] = ()) -> None:
        """Two redactors give different results for the same traffic."""
        self._key, self._keep = key or secrets.token_bytes(32), frozenset(keep)

    def body(self, raw: bytes) -> bytes:
        """A body; one that is no JSON is redacted as text.

        Raises:
            ValueError: it is no text: an encrypted or packed body cannot be redacted.
        """
        text = raw.decode("utf-8")
        try:
            value: Any = json.loads(text)
        except (ValueError, RecursionError):
            return self.text(text).encode()
        return json.dumps(self.value(value), ensure_ascii=False, separators=(",", ":")).encode()

    def lines(self, raw: bytes) -> str:
        """A body that may be a stream: JSON as a whole, or line by line behind a word such as ``data:``.

        Raises:
            ValueError: it is no text.
        """
        text = raw.decode("utf-8")
        with suppress(ValueError, RecursionError):
            return json.dumps(self.value(json.loads(text)), ensure_ascii=False, separators=(",", ":"))
        return "".join(self._line(line) for line in text.splitlines(keepends=True))

    def place(self, cursor: str) -> str:
        """An adapter's own place: it holds nobody's words, so only the numbers in it become those of the recording."""
        return _NUMBER.sub(lambda found: str(self._string(found.group(), "")), cursor)

    def _line(self, line: str) -> str:
        told, end = line.rstrip("\r\n"), line[len(line.rstrip("\r\n")) :]
        head = _HEAD.match(told)
        prefix = head.group() if head else ""
        inner = _inner(told[len(prefix) :].strip())
        if inner is not None:
            return f"{prefix}{json.dumps(self.value(inner), ensure_ascii=False, separators=(',', ':'))}{end}"
        return (told if _OF_PROTOCOL.match(told) else f"{prefix}{self.text(told[len(prefix) :])}") + end

    def value(self, value: Any, key: str = "") -> Any:
        """A JSON value that stands under ``key``."""
        if isinstance(value, dict):
            return {name: self.value(one, str(name)) for name, one in cast("dict[Any, Any]", value).items()}
        if isinstance(value, list):
            return [self.value(one, key) for one in cast("list[Any]", value)]
        if isinstance(value, str):
            return self._string(value, key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value if abs(value) < _SMALL or _is_time(value) else int(self.text(str(value)))
        return value

    def _string(self, value: str, key: str) -> str:
        inner = _inner(value)
        if inner is not None:
            return json.dumps(self.value(inner), ensure_ascii=False, separators=(",", ":"))
        if _TIME.match(value) or (value.isdigit() and (len(value) < 5 or _is_time(int(value)))):
            return value
        if (_KEPT_KEYS.search(key) or key in self._keep) and _WORD.match(value):
            return value
        if _URL.match(value):
            return f"https://media.example/{self._stream(value)[:6].hex()}{_ending(value)}"
        return self.text(value)

    def text(self, text: str) -> str:
        """Words, a name or an id: letters for letters, digits for digits, signs and blanks as they are."""
        stream = self._stream(text, len(text))
        return "".join(_other(one, stream[number], number) for number, one in enumerate(text))

    def _stream(self, text: str, least: int = 32) -> bytes:
        found = b""
        while len(found) < least:
            found += hmac.new(self._key, f"{len(found)}\n{text}".encode("utf-8", "replace"), hashlib.sha256).digest()
        return found


def _other(one: str, chance: int, number: int) -> str:
    if one.isascii() and one.isdigit():
        return str(chance % 9 + 1) if number == 0 else str(chance % 10)
    if one.isascii() and one.isalpha():
        return chr((ord("A") if one.isupper() else ord("a")) + chance % 26)
    return _CHINESE[chance % len(_CHINESE)] if one.isalnum() else one


def _is_time(value: int) -> bool:
    return 10**9 <= value < 4 * 10**9 or 10**12 <= value < 4 * 10**12


def _ending(url: str) -> str:
    found = re.search(r"\.(png|jpe?g|gif|webp|mp4)(?=$|[?#])", url, re.IGNORECASE)
    return found.group(0).lower() if found else ""


def _inner(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return None
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("Any", found) if isinstance(found, dict | list) else None
