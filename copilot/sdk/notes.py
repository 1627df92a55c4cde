"""Drafts in the platform's own window, two capabilities: notes for the shop's people, and their decisions on them."""

from typing import Protocol, runtime_checkable

from copilot.domain.base import Id, Shape
from copilot.sdk.contract import Account, Receipt


class NoteOption(Shape):
    """One of the ways out that a draft offers: its ``key`` such as "A", its ``title``, and the text it would send."""

    key: Id
    title: str
    text: str


class Note(Shape):
    """A draft as the shop's people see it inside the platform; never for the buyer.

    ``draft`` and ``revision`` are ours. ``text`` is what would be sent, empty where the turn got no text; ``options``
    are its ways out, ``remarks`` are findings and what to look at, each a sentence in the shop's ``language`` ("zh",
    "en"), in which the adapter's own words stand too. ``buyer`` is the buyer's name and ``asked`` what they wrote,
    message by message. ``act`` says what accepting does; None: it cannot be accepted as it stands.
    """

    shop: Id
    conversation: Id
    draft: Id
    revision: int
    text: str
    remarks: tuple[str, ...] = ()
    options: tuple[NoteOption, ...] = ()
    language: str = "en"
    buyer: str | None = None
    asked: tuple[str, ...] = ()
    act: str | None = None


@runtime_checkable
class PrivateNote(Protocol):
    """Notes that only the shop's people see: drafts can stand inside the platform's own window."""

    async def note(self, account: Account, note: Note, idempotency_key: str) -> Receipt:
        """Write the note once; the receipt's id is what ``Decided.note_id`` will name.

        Raises:
            OutcomeUnknown, AdapterError: as ``send``.
        """
        ...


@runtime_checkable
class NativeApproval(Protocol):
    """People decide on a note where it stands, by a reaction or a button: ``Decided`` events come in."""

    async def settled(self, account: Account, conversation: str, note_id: str, words: str) -> None:
        """Show beside the note what became of it, in a sentence (sent, refused by a rule, overtaken).

        Raises:
            AdapterError: it could not be shown; nothing else depends on it.
        """
        ...
