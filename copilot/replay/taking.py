"""Takes messages out of conversations, whatever program wrote them.

The loop over messages is the hot path of a replay: plain dictionaries and tuples, no shapes.
"""

import json
from collections.abc import Callable
from typing import Any, cast
from zlib import crc32

import orjson

from copilot.replay.chatwoot import from_chatwoot, is_chatwoot
from copilot.replay.lines import MAX_LINE
from copilot.replay.said import FORMS, LONGEST, ROLES, SPEAKERS, Said, Taken, name_of
from copilot.replay.times import Times

_BAD: Any = object()
_new: Any = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class Part:
    """The part of the whole that is judged here: all, or every n-th conversation by a hash of its id."""

    def __init__(self, shard: tuple[int, int] | None) -> None:
        """``shard`` is (k, n), k from 1."""
        self._mine: Callable[[int], bool] = _everything if shard is None else _every(*shard)

    def has(self, seed: int) -> bool:
        """Whether the conversation whose id has this ``crc32`` is among it."""
        return self._mine(seed)

    def tells(self, name: str) -> bool:
        """Whether what belongs to no conversation, at the place ``name``, is told here."""
        return self._mine(crc32(name.encode("utf-8", "replace")))


def _everything(seed: int) -> bool:
    return True


def _every(k: int, n: int) -> Callable[[int], bool]:
    return lambda seed: seed % n == k - 1


class Taker:
    """Fills a ``Taken`` from JSON objects."""

    def __init__(self, times: Times, part: Part) -> None:
        """``times`` reads the times of messages, ``part`` leaves out what others judge."""
        self._when, self._part = times.when, part
        self.taken = Taken()

    def item(self, line: int, raw: bytes) -> None:
        """Take the conversation that is the JSON object ``raw``."""
        if len(raw) > MAX_LINE:
            self.taken.reject(line, "long", f"the line is longer than {MAX_LINE // 2**20} MiB")
            return
        try:
            value: Any = orjson.loads(raw)
        except orjson.JSONDecodeError:
            value = self._again(line, raw)
        if isinstance(value, dict):
            self._conversation(line, cast("dict[str, Any]", value))
        elif value is not _BAD:
            self.taken.reject(line, "shape", "must be a JSON object")

    def _again(self, line: int, raw: bytes) -> Any:
        """The strict reader refuses what other programs write: halves of surrogate pairs, very deep nesting, NaN."""
        try:
            value: Any = json.loads(raw.decode())
            # No output can hold half a pair: a question mark takes its place, so that all places stay.
            return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        except UnicodeDecodeError as error:
            self.taken.reject(line, "encoding", f"is not UTF-8 (byte {error.start + 1})")
        except json.JSONDecodeError as error:
            self.taken.reject(line, "json", f"is not JSON: {error.msg} (column {error.colno})")
        except RecursionError:
            self.taken.reject(line, "json", "is nested too deeply")
        except ValueError:
            self.taken.reject(line, "json", "holds a number that cannot be used")
        return _BAD

    def _conversation(self, line: int, value: dict[str, Any]) -> None:
        if is_chatwoot(value):
            value = from_chatwoot(value)
        messages, name = value.get("messages"), name_of(value.get("id"))
        if not isinstance(messages, list) or not name:
            self.taken.reject(line, "shape", "needs an id and a list of messages")
            return
        if not self._part.has(crc32(name.encode())):
            return
        self.taken.conversations += 1
        shop, take = name_of(value.get("shop")), self._message
        for index, message in enumerate(cast("list[Any]", messages)):
            if isinstance(message, dict):
                take(line, index, name, shop, cast("dict[str, Any]", message))
            else:
                self.taken.reject(line, "shape", f"messages.{index}: must be an object", index)

    def _message(self, line: int, index: int, name: str, shop: str, message: dict[str, Any]) -> None:
        get = message.get
        role, agent, form = get("role"), get("agent"), get("kind")
        text: Any = get("text")
        if (
            text.__class__ is not str
            or not 0 < len(text) <= LONGEST
            or role not in SPEAKERS
            or form not in FORMS
            or get("private")
        ):
            self._unusual(line, index, message)
            return
        if agent.__class__ is not str or role == "buyer":
            agent = name_of(agent) if role != "buyer" else ""
        # What the class would do with nine arguments, in a third of the time.
        self.taken.add(_new(Said, (line, index, name, text, self._when(get("sent_at")), role, agent, shop, message)))

    def _unusual(self, line: int, index: int, message: dict[str, Any]) -> None:
        role, form = message.get("role"), message.get("kind")
        if not isinstance(role, str) or role not in ROLES:
            why = f"messages.{index}.role: must be one of agent, bot, buyer, system"
            self.taken.reject(line, "shape", why, index)
            return
        form = form if isinstance(form, str | None) else "?"
        private = bool(message.get("private"))
        self.taken.unusual(line, index, role, message.get("text"), private=private, form=form)
