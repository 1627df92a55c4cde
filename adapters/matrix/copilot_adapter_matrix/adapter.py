"""Matrix as the core sees it: an application service. Rooms of buyers are chats, the agents' room shows drafts.

Translates at the edge and keeps no state; what happens in rooms is read in the modules beside it.
"""

from typing import ClassVar, Final
from urllib.parse import urlsplit

from copilot.domain.message import Media
from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Answer,
    Delivery,
    Event,
    Fetch,
    FileReply,
    Identity,
    Level,
    Limits,
    MessageEvent,
    Note,
    Pages,
    Receipt,
    Reply,
    TemplatePages,
    Transport,
)
from copilot.sdk.signing import same
from copilot_adapter_matrix import events, sending, wire
from copilot_adapter_matrix.client import path
from copilot_adapter_matrix.settings import MatrixSettings

_TAKEN: Final = Answer(body=b"{}")
_NONE: Final = Answer(status=404, body=b'{"errcode":"M_NOT_FOUND","error":"nobody of that name here"}')


class Matrix:
    """The adapter ``matrix``: Webhook, Entering, notes with approval, pictures both ways, read marks and links."""

    name = "matrix"
    api = ADAPTER_API
    transport = Transport.PUBLIC
    settings: ClassVar[type[AdapterSettings]] = MatrixSettings
    idempotent_send = True
    # An event may have 65,536 bytes; a character of Chinese has three of them.
    limits = Limits(max_chars=15_000)
    level = Level.FULL
    largest_delivery = wire.MOST_BYTES

    def identify(self, delivery: Delivery) -> Identity:
        """The shop that stands in the address, before the homeserver's own path; else nobody yet.

        Raises:
            Malformed: this is no call of a homeserver.
        """
        return wire.called(delivery)[0]

    def verify(self, delivery: Delivery, account: Account) -> bool:
        """Whether the homeserver knows this shop's hs_token; it signs nothing besides."""
        settings: MatrixSettings = account.settings
        given = delivery.headers.get("authorization", "")
        return same(given, f"Bearer {settings.hs_token.get_secret_value()}")

    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        """What a transaction tells; nothing for a ping or a question.

        Raises:
            Malformed: it cannot be read.
        """
        identity, what = wire.called(delivery)
        if what != "transactions":
            return ()
        # An address without a shop is for whoever verified it.
        shop = identity.shops[0] if identity.shops else account.shop
        return events.events(wire.transaction(delivery.body), shop, account.settings)

    def acknowledge(self, delivery: Delivery, account: Account) -> Answer:
        """An empty object; to whoever asks for users or rooms, that there are no others."""
        del account
        return _TAKEN if wire.called(delivery)[1] in ("transactions", "ping") else _NONE

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Send a text to the buyer's room once."""
        return await sending.send(account, reply, idempotency_key)

    async def send_image(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        """Send a picture to the buyer's room once."""
        return await sending.send_image(account, reply, idempotency_key)

    async def enter(self, account: Account, conversation: str) -> tuple[MessageEvent, ...]:
        """Come into a room that the bot was invited into, and read what was said before."""
        return await sending.enter(account, conversation)

    async def note(self, account: Account, note: Note, idempotency_key: str) -> Receipt:
        """Show a draft in the agents' room once."""
        return await sending.note(account, note, idempotency_key)

    async def settled(self, account: Account, conversation: str, note_id: str, words: str) -> None:
        """Say in the thread below the note what became of it."""
        del conversation  # notes of all conversations stand in one room
        await sending.settled(account, note_id, words)

    async def mark_read(self, account: Account, conversation: str) -> None:
        """Mark the buyer's room as read."""
        await sending.mark_read(account, conversation)

    def fetch(self, account: Account, media: Media) -> Fetch | None:
        """Where the homeserver keeps a picture; only a member may have it."""
        settings: MatrixSettings = account.settings
        parts = urlsplit(media.url)
        if parts.scheme != "mxc":
            return None
        address = path("_matrix", "client", "v1", "media", "download", parts.netloc, parts.path.strip("/"))
        token = settings.as_token.get_secret_value()
        return Fetch(settings.homeserver + address, {"authorization": f"Bearer {token}"})

    def pages(self, account: Account) -> Pages:
        """A buyer's room, in whatever program the person uses; orders are not Matrix's."""
        del account
        return TemplatePages(conversation="https://matrix.to/#/{conversation}")
