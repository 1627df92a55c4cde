"""What people do in the agents' room about a note: a reaction accepts or rejects, a reply or an edit says it better.

Talk in the thread below a note is an answer at most, never a reply to the buyer. What is about another message than a
note the core knows by its id, and lets it be.
"""

from typing import Any, Final

from copilot.sdk import Decided
from copilot_adapter_matrix import events
from copilot_adapter_matrix.wire import RoomEvent, part, related, words

ACCEPT: Final = ("✅", "☑", "✔")
REJECT: Final = ("❌", "✖", "❎")
_LETTERS: Final = {"🅰": "A", "🅱": "B", **{letter: letter for letter in "ABCDEFGH"}}
_VARIATION: Final = "\ufe0f"
"""Follows an emoji that is to be shown in colour; programs differ in sending it."""


def decided(told: RoomEvent, shop: str) -> Decided | None:
    """The decision, or None for what is none."""
    about = related(told.content)
    note = about.event_id
    if told.type == "m.reaction":
        return _of_sign(told, shop, note, about.key or "") if note else None
    said = words(told.content)
    if told.type != "m.room.message" or told.content.get("msgtype") not in ("m.text", "m.emote") or said is None:
        return None
    if about.rel_type == "m.replace" and note:
        new = words(part(told.content.get("m.new_content")))
        return _of_words(told, shop, note, new) if new is not None else None
    if about.rel_type == "m.thread" and note:
        return _of_sign(told, shop, note, said) or _made(told, shop, note, decision="answer", text=said)
    if about.in_reply_to is not None:
        return _of_words(told, shop, about.in_reply_to.event_id, events.without_quote(said))
    return None


def _of_words(told: RoomEvent, shop: str, note: str, said: str) -> Decided:
    return _of_sign(told, shop, note, said) or _made(told, shop, note, decision="edit", text=said)


def _of_sign(told: RoomEvent, shop: str, note: str, said: str) -> Decided | None:
    """The decision that a sign means, alone or in front of a reason."""
    plain = said.replace(_VARIATION, "").strip()
    if plain in ACCEPT:
        return _made(told, shop, note, decision="accept")
    if plain in _LETTERS:
        return _made(told, shop, note, decision="option", option=_LETTERS[plain])
    if plain.startswith(REJECT):
        return _made(told, shop, note, decision="reject", reason=plain[1:].strip() or None)
    return None


def _made(told: RoomEvent, shop: str, note: str, **what: Any) -> Decided:
    return Decided(shop=shop, conversation=told.room_id, note_id=note, agent=told.sender, at=events.when(told), **what)
