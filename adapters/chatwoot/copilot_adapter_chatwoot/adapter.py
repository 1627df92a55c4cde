"""Chatwoot as the core sees it: told or asked; replies, pictures and private notes out; its record read back.

Translates at the edge and keeps no state. A shop is an account of a Chatwoot, or one inbox of it; its id is free to
choose and stands in the address that Chatwoot delivers to, because two Chatwoots number their accounts alike.
"""

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from copilot.domain.message import Media
from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Answer,
    Batch,
    Delivery,
    Event,
    FaqReply,
    Fetch,
    FileReply,
    Identity,
    Level,
    Limits,
    Note,
    Pages,
    PlatformMessage,
    Receipt,
    Reply,
    TemplatePages,
    Transport,
)
from copilot_adapter_chatwoot import chat, events, polling
from copilot_adapter_chatwoot.settings import ChatwootSettings
from copilot_adapter_chatwoot.signing import is_signed

_TAKEN: Final = Answer(body=b"{}")
_REDIRECT: Final = "/rails/active_storage/blobs/redirect/"
_PROXY: Final = "/rails/active_storage/blobs/proxy/"


class Chatwoot:
    """The adapter ``chatwoot``: told and asked; all but orders, products, cards of goods, and what only shops have."""

    name = "chatwoot"
    api = ADAPTER_API
    transport = Transport.PUBLIC
    settings: type[AdapterSettings] = ChatwootSettings
    idempotent_send = False
    # Each channel behind an inbox has its own, and Chatwoot cuts nothing.
    limits = Limits()
    level = Level.FULL

    def identify(self, delivery: Delivery) -> Identity:
        """The shop that the address names; without one the secrets are tried."""
        path = delivery.path.strip("/")
        return Identity(shops=(path,)) if path else Identity(unnamed=True)

    def verify(self, delivery: Delivery, account: Account) -> bool:
        """Whether time and raw body are signed with the webhook's secret, lately."""
        settings: ChatwootSettings = account.settings
        secret = settings.webhook_secret.get_secret_value()
        return is_signed(delivery.headers, delivery.body, secret, account.clock.now())

    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        """The events of a delivery, or none for what says nothing about chats.

        Raises:
            Malformed: its kind is known and it cannot be read, or it is of another account.
        """
        return events.events(delivery, account)

    def acknowledge(self, delivery: Delivery, account: Account) -> Answer:
        """An empty object; Chatwoot only looks at the status."""
        del delivery, account
        return _TAKEN

    async def poll(self, account: Account, cursor: str | None) -> Batch:
        """What deliveries may have missed since ``cursor``; the first look goes back an hour."""
        return await polling.poll(account, cursor)

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Send a text; Chatwoot has no key, so ``idempotency_key`` cannot travel.

        Raises:
            OutcomeUnknown: it is open whether Chatwoot took it; read back.
            AdapterError: it did not arrive.
        """
        del idempotency_key
        return await chat.send(account, reply)

    async def sent_since(self, account: Account, conversation: str, since: datetime) -> tuple[PlatformMessage, ...]:
        """Every text of the shop's side since then, all pages, oldest first."""
        return await chat.sent_since(account, conversation, since)

    async def note(self, account: Account, note: Note, idempotency_key: str) -> Receipt:
        """Show a draft as a private note; ends as ``send``."""
        del idempotency_key
        return await chat.note(account, note)

    async def send_image(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        """Send a picture; ends as ``send``."""
        del idempotency_key
        return await chat.send_file(account, reply)

    async def send_video(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        """Send a video; ends as ``send``."""
        del idempotency_key
        return await chat.send_file(account, reply)

    async def send_faq_cards(self, account: Account, reply: FaqReply, idempotency_key: str) -> Receipt:
        """Send a text with questions to tap, or a list of them where the channel shows none; ends as ``send``."""
        del idempotency_key
        return await chat.send_faq_cards(account, reply)

    async def mark_read(self, account: Account, conversation: str) -> None:
        """Set the mark up to which the shop has seen the conversation."""
        await chat.mark_read(account, conversation)

    def fetch(self, account: Account, media: Media) -> Fetch | None:
        """A file of Chatwoot's own storage without the detour: its usual address only leads to another one."""
        settings: ChatwootSettings = account.settings
        told, own = urlsplit(media.url), urlsplit(settings.api_url)
        if (told.scheme, told.netloc) != (own.scheme, own.netloc) or _REDIRECT not in told.path:
            return None
        return Fetch(urlunsplit(told._replace(path=told.path.replace(_REDIRECT, _PROXY, 1))))

    def pages(self, account: Account) -> Pages:
        """The page of a conversation; Chatwoot knows no orders."""
        settings: ChatwootSettings = account.settings
        return TemplatePages(conversation=settings.conversation_page)
