"""Messages to judge, and what is collected while they are taken out of an archive."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from copilot.replay.times import When

LONGEST = 100_000
"""Characters of the longest message that is judged; a chat message is never that long."""
# Tuples, because what stands in an archive need not have a hash.
SPEAKERS = ("buyer", "agent", "bot")
ROLES = (*SPEAKERS, "system")
FORMS = ("text", None, "", "other")
"""The forms of a message whose text somebody said; a card's words are the platform's."""
_AUTO = ("auto", "platform_bot")


class Said(NamedTuple):
    """A message to judge; ``line`` and ``position`` are its place in the archive, ``raw`` is the message as it came."""

    line: int
    position: int
    conversation: str
    text: str
    when: When
    role: str
    agent: str
    shop: str
    raw: Mapping[str, Any]

    @property
    def message(self) -> str:
        """The message's own id, or nothing."""
        return name_of(self.raw.get("id"))

    @property
    def sent_by(self) -> str:
        """How it came about ("person", "auto" …), or nothing."""
        return name_of(self.raw.get("sent_by"))


Kind = tuple[str, str, str, str]
"""Role, agent, shop and day: what messages are counted under."""


class Taken:
    """What was taken out of one piece.

    ``said`` is grouped by the place of the pack in force and whether the buyer speaks; ``rejected`` holds line, index
    (-1: the whole line), kind and words; ``edges`` is as in ``Outcome``.
    """

    def __init__(self) -> None:
        """Nothing yet."""
        self.said: dict[tuple[int, bool], list[Said]] = {}
        self.kinds: dict[Kind, int] = {}
        self.whens: dict[str, When] = {}
        self.conversations = 0
        self.roles: dict[str, int] = {}
        self.marks: dict[str, int] = {}
        self.rejected: list[tuple[int, int, str, str]] = []
        self.edges: tuple[int, bool, int] | None = None

    def mark(self, name: str) -> None:
        """Count something that may matter to the reader of a report."""
        self.marks[name] = self.marks.get(name, 0) + 1

    def reject(self, line: int, kind: str, why: str, index: int = -1) -> None:
        """Note a line, or with ``index`` a message, that cannot be used."""
        self.rejected.append((line, index, kind, why))

    def add(self, said: Said) -> None:
        """Take a message to judge. Called once per message: every line of it counts."""
        _, _, _, _, when, role, agent, shop, raw = said
        day = when[0]
        if not day:
            if not when.possible:
                self.roles[role] = self.roles.get(role, 0) + 1
                why = "sent_at: is no moment; seconds since 1970 are neither negative nor beyond the year 9999"
                self.reject(said.line, "time", why, said.position)
                return
            self.mark("no_time" if when.ok else "bad_time")
        if raw.get("recalled_at"):
            self.mark("recalled")
        if raw.get("sent_by") in _AUTO:
            self.mark("auto")
        kind, kinds = (role, agent, shop, day), self.kinds
        if kind in kinds:
            kinds[kind] += 1
        else:
            kinds[kind] = 1
            self.whens[day] = when
        try:
            self.said[when[2], role == "buyer"].append(said)
        except KeyError:
            self.said[when[2], role == "buyer"] = [said]

    def unusual(self, line: int, index: int, role: str, text: object, *, private: bool, form: object) -> None:
        """Count or reject a message of a known ``role`` that is not judged."""
        self.roles[role] = self.roles.get(role, 0) + 1
        if text is None or text == "":
            self.mark("empty")
        elif not isinstance(text, str):
            self.reject(line, "shape", f"messages.{index}.text: must be a string", index)
        elif private:
            self.mark("private")
        elif form not in FORMS:
            self.mark("not_text")
        elif len(text) > LONGEST:
            self.reject(line, "long", f"the message is longer than {LONGEST} characters", index)


def name_of(value: object) -> str:
    """``value`` as an id or a name: text as it is, a number in digits, anything else nothing."""
    if value.__class__ is str:
        return value  # pyright: ignore[reportReturnType]
    return str(value) if isinstance(value, int | float) else ""


def is_text(text: str) -> bool:
    """Whether ``text`` has a form in UTF-8: no halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
