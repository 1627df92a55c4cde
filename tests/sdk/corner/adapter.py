"""A platform that exists only here and has everything: the adapter that the kit's checks are tried on.

It is written to be changed in one place at a time: each way of being wrong is a method that a subclass overrides.
"""

import json
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import httpx
from pydantic import Field, SecretStr, ValidationError
from pydantic_core import from_json

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot.domain.order import Order, Product
from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterError,
    AdapterSettings,
    Answer,
    Avatar,
    Batch,
    BuyerClosed,
    CardKind,
    CardRefused,
    CardReply,
    Decided,
    Delivery,
    Event,
    FaqCardTap,
    FaqReply,
    Fetch,
    FileReply,
    FoundBuyer,
    FoundOrder,
    Identity,
    Invited,
    Level,
    Limits,
    Malformed,
    MessageEvent,
    NotAuthorized,
    Note,
    OrderChanged,
    OrderMessage,
    OutcomeUnknown,
    Pages,
    PlatformDown,
    PlatformMessage,
    QuotaUsed,
    Rated,
    Receipt,
    Reply,
    Reviewed,
    SendRefused,
    ServiceRecord,
    TemplatePages,
    Throttled,
    TokenExpired,
    Transport,
    Unsupported,
    Who,
    WindowClosed,
)
from copilot.sdk.signing import hmac_hex, is_fresh, same

WINDOW = 300
ERRORS: Mapping[str, type[AdapterError]] = {
    "token": TokenExpired,
    "refused": SendRefused,
    "card": CardRefused,
    "closed": WindowClosed,
    "buyer": BuyerClosed,
    "quota": QuotaUsed,
    "denied": NotAuthorized,
}
KINDS = {"text": Kind.TEXT, "image": Kind.IMAGE, "order": Kind.ORDER_CARD, "product": Kind.PRODUCT_CARD}
BY = {
    "buyer": (Role.BUYER, None),
    "person": (Role.AGENT, SentBy.PERSON),
    "robot": (Role.BOT, SentBy.PLATFORM_BOT),
    "notice": (Role.SYSTEM, None),
}


class CornerSettings(AdapterSettings):
    """What a shop enters."""

    secret: SecretStr = Field(min_length=1, title="Secret", description="Signs deliveries.")
    access_token: SecretStr = Field(min_length=1, title="Access token", description="Makes calls.")
    refresh_token: SecretStr = Field(min_length=1, title="Refresh token", description="Renews access.")
    api_url: str = Field(title="Address", description="Where calls go.", pattern=r"^https?://[^\s?#]+$", max_length=200)


class Corner:
    """The good one."""

    name = "corner"
    api = ADAPTER_API
    transport = Transport.PUBLIC
    settings: ClassVar[type[AdapterSettings]] = CornerSettings
    idempotent_send = True
    limits = Limits(max_chars=1000)
    level = Level.FULL
    card_kinds = frozenset({CardKind.ORDER, CardKind.PRODUCT})

    # The platform calls us.

    def identify(self, delivery: Delivery) -> Identity:
        shop = self.envelope(delivery).get("shop")
        if not isinstance(shop, str) or not shop:
            raise Malformed("no shop")
        return Identity(shops=(shop,))

    def envelope(self, delivery: Delivery) -> dict[str, Any]:
        if len(delivery.body) > 1_000_000:
            raise Malformed("too large")
        try:
            found = from_json(delivery.body)
        except ValueError:
            raise Malformed("no JSON") from None
        if not isinstance(found, dict):
            raise Malformed("no object")
        return found

    def verify(self, delivery: Delivery, account: Account) -> bool:
        stamp = delivery.headers.get("corner-time", "")
        secret = account.settings.secret.get_secret_value()
        if not is_fresh(stamp, account.clock.now(), WINDOW):
            return False
        return same(delivery.headers.get("corner-sign", ""), hmac_hex(secret, stamp.encode(), b".", delivery.body))

    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        told = self.envelope(delivery)
        return self.events(told.get("events"), str(told.get("shop")))

    def acknowledge(self, delivery: Delivery, account: Account) -> Answer:
        return Answer(body=b'{"ok":true}')

    # What it all means.

    def events(self, told: Any, shop: str) -> tuple[Event, ...]:
        if not isinstance(told, list):
            raise Malformed("no list of events")
        found = [self.event(one, shop) for one in told]
        return tuple(one for one in found if one is not None)

    def event(self, told: Any, shop: str) -> Event | None:
        if not isinstance(told, dict):
            raise Malformed("an event is no object")
        try:
            match told.get("event"):
                case "message":
                    return self.message_event(told, shop)
                case "order":
                    return OrderChanged(shop=shop, order_id=told["order"])
                case "rated":
                    return Rated(shop=shop, conversation=told["conversation"], stars=told["stars"])
                case "decided":
                    return self.decided(told, shop)
                case "tapped":
                    return FaqCardTap(
                        shop=shop,
                        conversation=told["conversation"],
                        card=told["card"],
                        message_id=self.id_of(told["id"]),
                    )
                case "invited":
                    return Invited(shop=shop, conversation=told["conversation"])
                case _:
                    return None
        except (ValidationError, KeyError, TypeError, ValueError, OverflowError):
            raise Malformed("an event that cannot be read") from None

    def message_event(self, told: dict[str, Any], shop: str) -> Event | None:
        message = self.message(told)
        return MessageEvent(
            shop=shop,
            conversation=told["conversation"],
            message=message,
            buyer=told.get("buyer"),
            order_key=told.get("buyer"),
            sequence=self.sequence(told),
            visible=told.get("visible", True),
        )

    def sequence(self, told: dict[str, Any]) -> int | None:
        return told.get("place")

    def message(self, told: dict[str, Any]) -> Message:
        role, sent_by = self.author(told)
        kind = self.kind(told)
        return Message(
            id=self.id_of(told["id"]),
            role=role,
            sent_by=sent_by,
            kind=kind,
            text=told.get("text") or ("" if kind is not Kind.OTHER else f"[{told.get('kind')}]"),
            sent_at=self.time(told),
            order_id=told.get("ref") if kind is Kind.ORDER_CARD else None,
            product_id=told.get("ref") if kind is Kind.PRODUCT_CARD else None,
            media=Media(url=told["picture"]) if kind is Kind.IMAGE else None,
        )

    def time(self, told: dict[str, Any]) -> datetime | None:
        return datetime.fromtimestamp(told["at"], UTC)

    def id_of(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > 100:
            raise ValueError("no id")
        return str(value)

    def author(self, told: dict[str, Any]) -> tuple[Role, SentBy | None]:
        return BY[told["by"]]

    def kind(self, told: dict[str, Any]) -> Kind:
        return KINDS.get(str(told["kind"]), Kind.OTHER)

    def decided(self, told: dict[str, Any], shop: str) -> Event:
        more = {key: told.get(key) for key in ("text", "reason", "option")}
        return Decided(
            shop=shop, conversation=told["conversation"], note_id=told["note"], decision=told["decision"], **more
        )

    # Calls to the platform.

    async def call(
        self, account: Account, method: str, path: str, *, sending: bool = False, **more: Any
    ) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.token(account)}", **more.pop("headers", {})}
        try:
            answer = await self.request(account, method, account.settings.api_url + path, headers, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise self.unreached() from None
        except httpx.HTTPError as error:
            raise self.broken(type(error).__name__, sending=sending) from None
        return self.answered(answer, sending=sending)

    async def request(
        self, account: Account, method: str, url: str, headers: dict[str, str], **more: Any
    ) -> httpx.Response:
        return await account.http.request(method, url, headers=headers, **more)

    def token(self, account: Account) -> str:
        return account.settings.access_token.get_secret_value()

    def unreached(self) -> AdapterError:
        return PlatformDown("nobody listens")

    def broken(self, why: str, *, sending: bool) -> AdapterError:
        return OutcomeUnknown(why) if sending else PlatformDown(why)

    def answered(self, answer: httpx.Response, *, sending: bool) -> dict[str, Any]:
        if answer.status_code == 429:
            raise self.throttled(answer)
        if answer.status_code >= 500:
            raise self.broken(f"HTTP {answer.status_code}", sending=sending)
        try:
            found = json.loads(answer.content)
        except (ValueError, RecursionError):
            raise self.unreadable(sending=sending) from None
        if not isinstance(found, dict):
            raise self.unreadable(sending=sending)
        if answer.status_code >= 400:
            raise self.refused(answer.status_code, found)
        return found

    def throttled(self, answer: httpx.Response) -> AdapterError:
        wait = answer.headers.get("retry-after", "")
        return Throttled("slow down", float(wait) if wait.isdigit() else None)

    def unreadable(self, *, sending: bool) -> AdapterError:
        return OutcomeUnknown("unreadable") if sending else Malformed("unreadable")

    def refused(self, status: int, told: dict[str, Any]) -> AdapterError:
        return ERRORS.get(str(told.get("error")), AdapterError)(f"HTTP {status}")

    # We ask, or stay connected.

    async def poll(self, account: Account, cursor: str | None) -> Batch:
        told = await self.call(account, "GET", "/events", params={"after": cursor or ""})
        return self.batch(told, account)

    def batch(self, told: dict[str, Any], account: Account) -> Batch:
        place = told.get("next")
        if not isinstance(place, str):
            raise Malformed("no place")
        return Batch(events=self.events(told.get("events"), account.shop), cursor=place, more=bool(told.get("more")))

    async def connect(self, account: Account, cursor: str | None) -> AsyncGenerator[Batch]:
        headers = {"authorization": f"Bearer {self.token(account)}"}
        url = account.settings.api_url + "/stream"
        try:
            async with account.http.stream("GET", url, headers=headers, params={"after": cursor or ""}) as answer:
                if answer.status_code != 200:
                    await answer.aread()
                    self.answered(answer, sending=False)
                async for line in answer.aiter_lines():
                    yield self.batch(self.line(line), account)
        except httpx.HTTPError as error:
            raise PlatformDown(type(error).__name__) from None
        raise PlatformDown("the stream ended")

    def line(self, text: str) -> dict[str, Any]:
        try:
            found = json.loads(text)
        except ValueError:
            raise Malformed("a line is no JSON") from None
        if not isinstance(found, dict):
            raise Malformed("a line is no object")
        return found

    # Replies.

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        body = {"text": self.words(reply), "key": idempotency_key}
        path = f"/conversations/{reply.conversation}/messages"
        return self.receipt(await self.call(account, "POST", path, sending=True, json=body))

    def words(self, reply: Reply) -> str:
        return reply.text

    def receipt(self, told: dict[str, Any]) -> Receipt:
        if not isinstance(told.get("id"), str):
            raise self.unreadable(sending=True)
        return Receipt(message_id=told["id"])

    async def send_image(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        return await self.file(account, reply, "image")

    async def send_video(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        return await self.file(account, reply, "video")

    async def file(self, account: Account, reply: FileReply, kind: str) -> Receipt:
        path = f"/conversations/{reply.conversation}/files"
        return self.receipt(
            await self.call(account, "POST", path, sending=True, params={"kind": kind}, content=reply.body)
        )

    async def send_card(self, account: Account, reply: CardReply, idempotency_key: str) -> Receipt:
        if reply.kind not in self.card_kinds:
            raise Unsupported("no such card")
        body = {"kind": reply.kind.value, "ref": reply.ref}
        path = f"/conversations/{reply.conversation}/cards"
        return self.receipt(await self.call(account, "POST", path, sending=True, json=body))

    async def send_faq_cards(self, account: Account, reply: FaqReply, idempotency_key: str) -> Receipt:
        body = {
            "text": reply.text,
            "key": idempotency_key,
            "questions": {one.id: one.question for one in reply.cards},
        }
        path = f"/conversations/{reply.conversation}/messages"
        return self.receipt(await self.call(account, "POST", path, sending=True, json=body))

    async def mark_read(self, account: Account, conversation: str) -> None:
        await self.call(account, "POST", f"/conversations/{conversation}/read")

    async def open_conversation(self, account: Account, order_id: str) -> str:
        return (await self.call(account, "POST", "/open", json={"order": order_id}))["conversation"]

    async def attended_by(self, account: Account, conversation: str) -> str | None:
        return (await self.call(account, "GET", f"/conversations/{conversation}"))["agent"]

    async def service_record(self, account: Account, first: date, last: date) -> ServiceRecord:
        days = {"first": first.isoformat(), "last": last.isoformat()}
        return ServiceRecord.model_validate(await self.call(account, "GET", "/service", params=days))

    async def send_order_message(self, account: Account, message: OrderMessage, idempotency_key: str) -> Receipt:
        body = {"text": message.text, "key": idempotency_key}
        return self.receipt(
            await self.call(account, "POST", f"/orders/{message.order}/messages", sending=True, json=body)
        )

    async def hand_in_avatar(self, account: Account, avatar: Avatar, idempotency_key: str) -> Reviewed:
        path, kind = f"/agents/{avatar.agent}/avatars/{idempotency_key}", {"content-type": avatar.content_type}
        told = await self.call(account, "PUT", path, sending=True, content=avatar.body, headers=kind)
        return Reviewed.model_validate(told)

    async def avatar_review(self, account: Account, agent: str, idempotency_key: str) -> Reviewed | None:
        told = await self.call(account, "GET", f"/agents/{agent}/avatars/{idempotency_key}")
        return Reviewed.model_validate(told) if told else None

    async def enter(self, account: Account, conversation: str) -> tuple[MessageEvent, ...]:
        told = await self.call(account, "POST", f"/conversations/{conversation}/enter")
        found = self.events(told["events"], account.shop)
        return tuple(one for one in found if isinstance(one, MessageEvent))

    async def note(self, account: Account, note: Note, idempotency_key: str) -> Receipt:
        body = {"text": "\n".join([note.text, *note.remarks, *(one.text for one in note.options)])}
        path = f"/conversations/{note.conversation}/notes"
        return self.receipt(await self.call(account, "POST", path, sending=True, json=body))

    async def settled(self, account: Account, conversation: str, note_id: str, words: str) -> None:
        await self.call(account, "PUT", f"/notes/{note_id}", json={"settled": words})

    # What the shop knows.

    async def buyer(self, account: Account, who: Who) -> FoundBuyer:
        told = await self.call(account, "GET", "/orders", params={"buyer": who.order_key or ""})
        orders = tuple(self.found(one) for one in told["orders"])
        return FoundBuyer(order_key=who.order_key, orders=orders)

    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        told = await self.call(account, "GET", f"/orders/{order_id}")
        return self.found(told["order"]) if told["order"] else None

    def found(self, told: dict[str, Any]) -> FoundOrder:
        return FoundOrder(order=Order.model_validate(told["order"]), buyer_key=told["buyer"])

    async def product(self, account: Account, product_id: str) -> Product | None:
        told = await self.call(account, "GET", f"/products/{product_id}")
        return Product.model_validate(told["product"]) if told["product"] else None

    async def sent_since(self, account: Account, conversation: str, since: datetime) -> tuple[PlatformMessage, ...]:
        found: list[PlatformMessage] = []
        page = 0
        while page is not None:
            params = {"page": str(page), "since": str(since.timestamp())}
            told = await self.call(account, "GET", f"/conversations/{conversation}/messages", params=params)
            found += [self.platform_message(one) for one in told["messages"] if self.is_ours(one)]
            page = told["next"]
        return tuple(found)

    def is_ours(self, told: dict[str, Any]) -> bool:
        return told["by"] == "person"

    def platform_message(self, told: dict[str, Any]) -> PlatformMessage:
        at = datetime.fromtimestamp(told["at"], UTC)
        return PlatformMessage(message_id=told["id"], text=told["text"], sent_at=at, sequence=told["place"])

    async def refresh(self, account: Account) -> AdapterSettings:
        body = {"refresh": account.settings.refresh_token.get_secret_value()}
        told = await self.call(account, "POST", "/token", json=body)
        return self.renewed(account, told)

    def renewed(self, account: Account, told: dict[str, Any]) -> AdapterSettings:
        fresh = {key: SecretStr(told[key]) for key in ("access_token", "refresh_token")}
        return account.settings.model_copy(update=fresh)

    def pages(self, account: Account) -> Pages:
        return TemplatePages(
            conversation="https://corner.example/c/{conversation}", order="https://corner.example/{order}"
        )

    def fetch(self, account: Account, media: Media) -> Fetch | None:
        if not media.url.startswith("corner:"):
            return None
        url = f"{account.settings.api_url}/media/{media.url.removeprefix('corner:')}"
        return Fetch(url, {"authorization": f"Bearer {self.token(account)}"})
