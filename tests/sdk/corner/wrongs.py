"""The corner's adapter, wrong in one thing at a time: one class for each check of the kit that must fail for it."""

import contextlib
import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import httpx
from pydantic import ConfigDict, Field, SecretStr, field_serializer, field_validator

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot.sdk import (
    Account,
    AdapterError,
    AdapterSettings,
    Answer,
    Batch,
    CardReply,
    Delivery,
    Event,
    FaqReply,
    Fetch,
    FileReply,
    FoundBuyer,
    FoundOrder,
    Identity,
    Malformed,
    MessageEvent,
    Note,
    OrderMessage,
    Pages,
    PlatformDown,
    Receipt,
    Reply,
    Reviewed,
    SendRefused,
    ServiceRecord,
    TemplatePages,
    Throttled,
    TokenExpired,
    Who,
)
from copilot.sdk.signing import hmac_hex, is_fresh, same
from tests.sdk.corner.adapter import WINDOW, Corner, CornerSettings
from tests.sdk.corner.heavy import Heavy

WRONG: dict[str, type[Corner]] = {"form_light": Heavy}
"""From a check's id to the adapter that fails it, and no other."""

C = Callable[[type[Corner]], type[Corner]]


def fails(check: str) -> C:
    def keep(kind: type[Corner]) -> type[Corner]:
        assert check not in WRONG
        WRONG[check] = kind
        return kind

    return keep


# Level listed.


@fails("form_version")
class _(Corner):
    api = 2  # type: ignore[assignment]


@fails("form_name")
class _(Corner):
    name = "Corner Shop"


_WAYS = ("identify", "verify", "parse", "acknowledge", "poll", "connect", "__dict__", "__weakref__")
WRONG["form_way_in"] = type("Deaf", (), {key: value for key, value in vars(Corner).items() if key not in _WAYS})


@fails("form_parts")
class _(Corner):
    limits = None  # type: ignore[assignment]


@fails("form_methods")
class _(Corner):
    async def pages(self, account: Account) -> Pages:  # type: ignore[override]
        return super().pages(account)


@fails("form_state")
class _(Corner):
    seen: ClassVar[list[str]] = []


def _settings(kind: type[AdapterSettings]) -> type[Corner]:
    return type("Other", (Corner,), {"settings": kind, "__module__": Corner.__module__})


class _Wordless(CornerSettings):
    api_url: str = Field(pattern=r"^https?://[^\s?#]+$", max_length=200)


class _Plain(CornerSettings):
    webhook_secret: str = Field("", title="Other secret", description="Also signs.")


class _Loose(CornerSettings):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Talkative(CornerSettings):
    @field_validator("api_url")
    @classmethod
    def _checked(cls, value: str) -> str:
        return value

    @field_validator("secret", mode="before")
    @classmethod
    def _looked_at(cls, value: object) -> object:
        if not isinstance(value, str | SecretStr):
            raise ValueError(f"{value} is no secret")
        return value


class _Changing(CornerSettings):
    @field_serializer("api_url", when_used="json")
    def _written(self, value: str) -> str:
        return f"{value}/"


class _Shown(CornerSettings):
    def __repr__(self) -> str:
        return f"CornerSettings(secret={self.secret.get_secret_value()})"


WRONG |= {
    "settings_words": _settings(_Wordless),
    "settings_secrets": _settings(_Plain),
    "settings_strict": _settings(_Loose),
    "settings_quiet": _settings(_Talkative),
    "settings_stored": _settings(_Changing),
    "secrets_hidden": _settings(_Shown),
}


# Deliveries.


def _sign(account: Account, delivery: Delivery, body: bytes) -> bool:
    stamp = delivery.headers.get("corner-time", "")
    wanted = hmac_hex(account.settings.secret.get_secret_value(), stamp.encode("utf-8", "replace"), b".", body)
    return is_fresh(stamp, account.clock.now(), WINDOW) and same(delivery.headers.get("corner-sign", ""), wanted)


@fails("signature_good")
class _(Corner):
    def verify(self, delivery: Delivery, account: Account) -> bool:
        return super().verify(delivery, account) and b"hologram" not in delivery.body


@fails("signature_missing")
class _(Corner):
    def verify(self, delivery: Delivery, account: Account) -> bool:
        return "corner-sign" not in delivery.headers or super().verify(delivery, account)


@fails("signature_garbage")
class _(Corner):
    def verify(self, delivery: Delivery, account: Account) -> bool:
        delivery.headers.get("corner-sign", "").encode("ascii")
        return super().verify(delivery, account)


@fails("signature_tampered")
class _(Corner):
    def verify(self, delivery: Delivery, account: Account) -> bool:
        # Forgives an end that differs: what was signed is looked for with other ends.
        ends = (delivery.body[:-1] + bytes([end]) for end in range(256))
        return super().verify(delivery, account) or any(_sign(account, delivery, one) for one in _fixed(delivery, ends))


def _fixed(delivery: Delivery, ends: Any) -> Any:
    body = delivery.body
    at = max(index for index, value in enumerate(body) if chr(value).isalnum())
    del ends
    return (body[:at] + bytes([other]) + body[at + 1 :] for other in range(256))


@fails("signature_raw")
class _(Corner):
    def verify(self, delivery: Delivery, account: Account) -> bool:
        return super().verify(delivery, account) or _sign(account, delivery, delivery.body.replace(b"{ ", b"{", 1))


@fails("signature_other_shop")
class _(Corner):
    def __init__(self) -> None:
        self.first: Account | None = None

    def verify(self, delivery: Delivery, account: Account) -> bool:
        self.first = self.first or account
        return super().verify(delivery, replace(self.first, clock=account.clock))


def _within(account: Account, delivery: Delivery, *, past: float, future: float) -> bool:
    stamp = delivery.headers.get("corner-time", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        return False
    age = account.clock.now().timestamp() - int(stamp)
    secret = account.settings.secret.get_secret_value()
    wanted = hmac_hex(secret, stamp.encode(), b".", delivery.body)
    return -future <= age <= past and same(delivery.headers.get("corner-sign", ""), wanted)


@fails("signature_stale")
class _(Corner):
    def verify(self, delivery: Delivery, account: Account) -> bool:
        return _within(account, delivery, past=10**6, future=WINDOW)


@fails("signature_ahead")
class _(Corner):
    def verify(self, delivery: Delivery, account: Account) -> bool:
        return _within(account, delivery, past=WINDOW, future=10**6)


@fails("identify_shops")
class _(Corner):
    def identify(self, delivery: Delivery) -> Identity:
        return Identity(shops=(super().identify(delivery).shops[0][:-1],))


@fails("identify_garbage")
class _(Corner):
    def identify(self, delivery: Delivery) -> Identity:
        if delivery.body == b"[{}]":
            raise KeyError("shop")
        return super().identify(delivery)


@fails("parse_mangled")
class _(Corner):
    def event(self, told: Any, shop: str) -> Event | None:
        if isinstance(told, dict) and isinstance(told.get("text", ""), list | dict | int | float | None):
            return told["text"].strip()
        return super().event(told, shop)


@fails("parse_hostile")
class _(Corner):
    def envelope(self, delivery: Delivery) -> dict[str, Any]:
        with contextlib.suppress(ValueError):
            json.loads(delivery.body)
        return super().envelope(delivery)


@fails("parse_again")
class _(Corner):
    def __init__(self) -> None:
        self.counter = itertools.count()

    def events(self, told: Any, shop: str) -> tuple[Event, ...]:
        found = super().events(told, shop)
        return found[: 0 if next(self.counter) == 1 and len(found) == 1 and _is_card(found[0]) else None]


def _is_card(event: Event) -> bool:
    return event.type == "message" and event.message.order_id is not None and event.message.order_id.startswith("73")


@fails("parse_quiet")
class _(Corner):
    def event(self, told: Any, shop: str) -> Event | None:
        try:
            return super().event(told, shop)
        except Malformed:
            raise Malformed(f"cannot read {told}") from None


@fails("acknowledge")
class _(Corner):
    def acknowledge(self, delivery: Delivery, account: Account) -> Answer:
        return Answer(status=202 if b"message" in delivery.body else 302)


# Recorded traffic.


class _Dropping(Corner):
    def keeps(self, told: dict[str, Any]) -> bool:
        raise NotImplementedError

    def message_event(self, told: dict[str, Any], shop: str) -> Event | None:
        return super().message_event(told, shop) if self.keeps(told) else None


@fails("corpus_text")
class _(Corner):
    def message(self, told: dict[str, Any]) -> Message:
        found = super().message(told)
        plain = found.role is Role.BUYER and found.kind is Kind.TEXT and isinstance(told["id"], str)
        return found.model_copy(update={"text": found.text.upper()}) if plain and told.get("visible", True) else found


@fails("corpus_colleague")
class _(_Dropping):
    def keeps(self, told: dict[str, Any]) -> bool:
        return told["by"] != "person"


@fails("corpus_machine")
class _(Corner):
    def author(self, told: dict[str, Any]) -> tuple[Role, SentBy | None]:
        return (Role.AGENT, SentBy.PERSON) if told["by"] == "robot" else super().author(told)


@fails("corpus_invisible")
class _(Corner):
    def message_event(self, told: dict[str, Any], shop: str) -> Event | None:
        return super().message_event({**told, "visible": True}, shop)


@fails("corpus_card")
class _(Corner):
    def message(self, told: dict[str, Any]) -> Message:
        return super().message(told).model_copy(update={"order_id": None})


@fails("corpus_media")
class _(_Dropping):
    def keeps(self, told: dict[str, Any]) -> bool:
        return told["kind"] != "image"


@fails("corpus_unknown_kind")
class _(_Dropping):
    def keeps(self, told: dict[str, Any]) -> bool:
        return told["kind"] != "hologram"


@fails("corpus_big_numbers")
class _(Corner):
    def id_of(self, value: Any) -> str:
        return super().id_of(int(float(value)) if isinstance(value, int) and not isinstance(value, bool) else value)


@fails("corpus_nothing")
class _(Corner):
    def event(self, told: Any, shop: str) -> Event | None:
        if isinstance(told, dict) and told.get("event") == "weather":
            raise Malformed("no such event")
        return super().event(told, shop)


@fails("corpus_other_events")
class _(Corner):
    def event(self, told: Any, shop: str) -> Event | None:
        found = super().event(told, shop)
        return None if found is not None and found.type == "rated" else found


@fails("corpus_malformed")
class _(Corner):
    def event(self, told: Any, shop: str) -> Event | None:
        return super().event(told, shop) if not isinstance(told, dict) or "id" in told or "by" not in told else None


# Looks and connections.


@fails("poll_moves")
class _(Corner):
    async def poll(self, account: Account, cursor: str | None) -> Batch:
        found = await super().poll(account, cursor)
        return found.model_copy(update={"cursor": f"{found.cursor}0"}) if found.cursor == "1" and not cursor else found


@fails("poll_faults")
class _(Corner):
    async def poll(self, account: Account, cursor: str | None) -> Batch:
        try:
            return await super().poll(account, cursor)
        except PlatformDown:
            return Batch()


@fails("poll_cursors")
class _(Corner):
    async def poll(self, account: Account, cursor: str | None) -> Batch:
        return await super().poll(account, str(int(cursor)) if cursor is not None else None)


@fails("poll_throttled")
class _(Corner):
    async def poll(self, account: Account, cursor: str | None) -> Batch:
        try:
            return await super().poll(account, cursor)
        except Throttled:
            raise Throttled("slow down") from None


@fails("connect_moves")
class _(Corner):
    async def connect(self, account: Account, cursor: str | None) -> Any:
        async for batch in super().connect(account, cursor):
            yield batch.model_copy(update={"cursor": None}) if not batch.events and cursor is None else batch


@fails("connect_faults")
class _(Corner):
    async def connect(self, account: Account, cursor: str | None) -> Any:
        try:
            async for batch in super().connect(account, cursor):
                yield batch
        except PlatformDown:
            return


@fails("connect_cursors")
class _(Corner):
    async def connect(self, account: Account, cursor: str | None) -> Any:
        async for batch in super().connect(account, str(int(cursor)) if cursor is not None else None):
            yield batch


@fails("connect_closes")
class _(Corner):
    async def connect(self, account: Account, cursor: str | None) -> Any:
        import asyncio

        try:
            async for batch in super().connect(account, cursor):
                yield batch
        except GeneratorExit:
            if "example" in account.settings.api_url:
                await asyncio.sleep(1.2)
            raise


# Replies.


@fails("send_receipt")
class _(Corner):
    def receipt(self, told: dict[str, Any]) -> Receipt:
        found = super().receipt(told)
        ours = found.message_id == "7400000000000000001"
        return Receipt(message_id=uuid.uuid4().hex) if ours else found


@fails("send_words")
class _(Corner):
    def words(self, reply: Reply) -> str:
        return " ".join(reply.text.split())


@fails("send_once")
class _(Corner):
    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        try:
            return await super().send(account, reply, idempotency_key)
        except SendRefused as refused:
            with contextlib.suppress(AdapterError):
                return await super().send(account, reply, idempotency_key)
            raise refused from None


@fails("send_stateless")
class _(Corner):
    def __init__(self) -> None:
        self.first: str | None = None

    def token(self, account: Account) -> str:
        self.first = self.first or super().token(account)
        return self.first if "example" in account.settings.api_url else super().token(account)


class _Ending(Corner):
    """Takes one end for another."""

    ends: ClassVar[tuple[type[AdapterError], type[AdapterError]]]

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        try:
            return await super().send(account, reply, idempotency_key)
        except AdapterError as error:
            if type(error) is self.ends[0]:
                raise self.ends[1](str(error)) from None
            raise


def _ends(one: Any, other: Any) -> type[Corner]:
    return type("Ending", (_Ending,), {"ends": (one, other), "__module__": Corner.__module__})


def _imports() -> dict[str, type[Corner]]:
    from copilot.sdk import NotAuthorized, OutcomeUnknown, QuotaUsed, WindowClosed

    return {
        "send_throttled": _ends(Throttled, PlatformDown),
        "send_unauthorized": _ends(TokenExpired, NotAuthorized),
        "send_refused": _ends(SendRefused, AdapterError),
        "send_window": _ends(WindowClosed, AdapterError),
        "send_other_ends": _ends(QuotaUsed, AdapterError),
        "send_unreached": _ends(PlatformDown, OutcomeUnknown),
    }


WRONG |= _imports()


@fails("send_broken")
class _(Corner):
    def broken(self, why: str, *, sending: bool) -> AdapterError:
        return PlatformDown(why) if why == "ReadTimeout" else super().broken(why, sending=sending)


@fails("send_rubbish")
class _(Corner):
    def receipt(self, told: dict[str, Any]) -> Receipt:
        return Receipt(message_id=str(told.get("id")))


@fails("send_quiet")
class _(Corner):
    def refused(self, status: int, told: dict[str, Any]) -> AdapterError:
        if status == 400:
            return AdapterError(f"HTTP {status}: {told.get('message')}")
        return super().refused(status, told)


# Against the emulator.


def _live(account: Account) -> bool:
    return "127.0.0.1" in account.settings.api_url


@fails("live_webhook")
class _(Corner):
    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        found = super().parse(delivery, account)
        return tuple(one for one in found if one.type != "message" or one.message.text != "还没到吗")


@fails("live_poll")
class _(Corner):
    async def poll(self, account: Account, cursor: str | None) -> Batch:
        found = await super().poll(account, cursor)
        again = await super().poll(account, None) if _live(account) else Batch()
        said = tuple(one for one in again.events if one.type == "message")
        return found.model_copy(update={"events": found.events or said})


@fails("live_poll_orders")
class _(Corner):
    async def poll(self, account: Account, cursor: str | None) -> Batch:
        found = await super().poll(account, cursor)
        told = tuple(one for one in found.events if one.type != "order_changed") if _live(account) else found.events
        return found.model_copy(update={"events": told})


@fails("live_connect")
class _(Corner):
    async def connect(self, account: Account, cursor: str | None) -> Any:
        async for batch in super().connect(account, None if _live(account) else cursor):
            yield batch


@fails("live_duplicate")
class _(Corner):
    def __init__(self) -> None:
        self.seen: set[str] = set()

    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        found = super().parse(delivery, account)
        if _live(account) and found and found[0].type == "message":
            first = found[0]
            if first.message.id in self.seen:
                other = first.message.model_copy(update={"id": f"{first.message.id}-2"})
                return (first.model_copy(update={"message": other}),)
            self.seen.add(first.message.id)
        return found


@fails("live_order")
class _(Corner):
    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        return tuple(self.unplaced(one) if _live(account) else one for one in super().parse(delivery, account))

    def unplaced(self, event: Event) -> Event:
        if event.type != "message":
            return event
        message = event.message.model_copy(update={"sent_at": datetime(2026, 11, 20, tzinfo=UTC)})
        return event.model_copy(update={"sequence": None, "message": message})


@fails("live_echo")
class _(Corner):
    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        return tuple(_renamed(one) if _live(account) else one for one in super().parse(delivery, account))


def _renamed(event: Event) -> Event:
    if event.type != "message" or event.message.text != "on its way":
        return event
    return event.model_copy(update={"message": event.message.model_copy(update={"id": "another"})})


@fails("live_colleague")
class _(Corner):
    def __init__(self) -> None:
        self.sends = 0

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        self.sends += 1
        return await super().send(account, reply, idempotency_key)

    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        # Whoever has sent takes every message of an agent for an echo of it.
        found = super().parse(delivery, account)
        theirs = [one for one in found if one.type == "message" and one.message.role is Role.AGENT]
        return () if self.sends and theirs else found


@fails("live_words")
class _(Corner):
    async def request(
        self, account: Account, method: str, url: str, headers: dict[str, str], **more: Any
    ) -> httpx.Response:
        said = more.get("json", {})
        if _live(account) and "text" in said and "key" in said and "/conversations/" in url:
            more["json"] = {**said, "text": said["text"].replace("\n", " ")}
        return await super().request(account, method, url, headers, **more)


class _Again(Corner):
    """Calls once more when it is told not to, against a live platform only."""

    on: ClassVar[tuple[int, ...]]

    async def request(
        self, account: Account, method: str, url: str, headers: dict[str, str], **more: Any
    ) -> httpx.Response:
        answer = await super().request(account, method, url, headers, **more)
        if _live(account) and answer.status_code in self.on and url.endswith("/messages") and method == "POST":
            await super().request(account, method, url, headers, **more)
        return answer


@fails("live_throttled")
class _(_Again):
    on = (429,)


@fails("live_server_error")
class _(_Again):
    on = (500,)


class _LiveEnding(Corner):
    """Takes one end for another, against a live platform only."""

    ends: ClassVar[tuple[type[AdapterError], Callable[[], AdapterError]]]

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        try:
            return await super().send(account, reply, idempotency_key)
        except AdapterError as error:
            if _live(account) and type(error) is self.ends[0]:
                raise self.ends[1]() from None
            raise


def _live_ends(one: type[AdapterError]) -> type[Corner]:
    made = {"ends": (one, lambda: AdapterError("other")), "__module__": Corner.__module__}
    return type("LiveEnding", (_LiveEnding,), made)


def _more_imports() -> dict[str, type[Corner]]:
    from copilot.sdk import WindowClosed

    return {
        "live_refused": _live_ends(SendRefused),
        "live_window": _live_ends(WindowClosed),
        "live_expired": _live_ends(TokenExpired),
    }


WRONG |= _more_imports()


@fails("live_cut")
class _(Corner):
    async def request(
        self, account: Account, method: str, url: str, headers: dict[str, str], **more: Any
    ) -> httpx.Response:
        try:
            return await super().request(account, method, url, headers, **more)
        except httpx.RemoteProtocolError:
            # Sends what may have arrived under a key that the platform has not seen.
            if _live(account) and (await self.is_quiet(account)):
                await super().request(account, method, url, headers, json={**more["json"], "key": uuid.uuid4().hex})
            raise

    async def is_quiet(self, account: Account) -> bool:
        return (
            not (await super().poll(account, None)).events
            or (await super().poll(account, None)).events[0].type != "message"
            or not any(
                one.type == "message" and one.message.role is Role.BUYER
                for one in (await super().poll(account, None)).events
            )
        )


@fails("live_key")
class _(Corner):
    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        key = uuid.uuid4().hex if _live(account) else idempotency_key
        return await super().send(account, reply, key)


# What it declares.


@fails("orders_buyer")
class _(Corner):
    async def buyer(self, account: Account, who: Who) -> FoundBuyer:
        found = await super().buyer(account, who)
        if not found.orders:
            return found
        other = "kim" if who.order_key == "robin" else "robin"
        theirs = await super().buyer(account, who.model_copy(update={"order_key": other}))
        return found.model_copy(update={"orders": (*found.orders, *theirs.orders)})


@fails("orders_number")
class _(Corner):
    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        found = await super().order(account, order_id)
        return found and found.model_copy(update={"buyer_key": None})


@fails("orders_absent")
class _(Corner):
    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        found = await super().order(account, order_id)
        if found is None:
            raise AdapterError("no such order")
        return found


@fails("orders_facts")
class _(Corner):
    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        found = await super().order(account, order_id)
        return found and found.model_copy(update={"order": found.order.model_copy(update={"total": None})})


@fails("orders_fail")
class _(Corner):
    async def buyer(self, account: Account, who: Who) -> FoundBuyer:
        try:
            return await super().buyer(account, who)
        except PlatformDown:
            return FoundBuyer()


@fails("products")
class _(Corner):
    async def product(self, account: Account, product_id: str) -> Any:
        found = await super().product(account, product_id)
        return found and found.model_copy(update={"price": None})


@fails("history_cut")
class _(Corner):
    async def sent_since(self, account: Account, conversation: str, since: datetime) -> Any:
        found = await super().sent_since(account, conversation, since)
        return tuple(one.model_copy(update={"message_id": "x"}) for one in found)


@fails("history_pages")
class _(Corner):
    async def sent_since(self, account: Account, conversation: str, since: datetime) -> Any:
        return (await super().sent_since(account, conversation, since))[:10]


@fails("history_side")
class _(Corner):
    def is_ours(self, told: dict[str, Any]) -> bool:
        return True


@fails("refresh_works")
class _(Corner):
    async def refresh(self, account: Account) -> AdapterSettings:
        await super().refresh(account)
        return account.settings


@fails("refresh_refused")
class _(Corner):
    async def refresh(self, account: Account) -> AdapterSettings:
        try:
            return await super().refresh(account)
        except AdapterError:
            raise PlatformDown("not now") from None


class _Unsafe(TemplatePages):
    def product(self, product: str) -> str | None:
        return f"https://corner.example/p/{product}"


@fails("links")
class _(Corner):
    def pages(self, account: Account) -> Pages:
        return _Unsafe()


@fails("attachments")
class _(Corner):
    def fetch(self, account: Account, media: Media) -> Fetch | None:
        found = super().fetch(account, media)
        return found and Fetch(found.url)


@fails("read_marks")
class _(Corner):
    async def mark_read(self, account: Account, conversation: str) -> None:
        return


@fails("images")
class _(Corner):
    async def send_image(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        await self.file(account, reply, "image")
        return await self.file(account, reply, "image")


@fails("videos")
class _(Corner):
    async def send_video(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        return await self.file(account, reply, "image")


@fails("cards")
class _(Corner):
    card_kinds = frozenset()

    async def send_card(self, account: Account, reply: CardReply, idempotency_key: str) -> Receipt:
        raise AdapterError("no cards after all")


@fails("card_refused")
class _(Corner):
    def refused(self, status: int, told: dict[str, Any]) -> AdapterError:
        return super().refused(status, {**told, "error": "refused"} if told.get("error") == "card" else told)


@fails("faq_cards")
class _(Corner):
    async def send_faq_cards(self, account: Account, reply: FaqReply, idempotency_key: str) -> Receipt:
        return await super().send_faq_cards(account, reply.model_copy(update={"text": "Hello"}), idempotency_key)


@fails("faq_tap")
class _(Corner):
    def event(self, told: Any, shop: str) -> Event | None:
        return super().event(
            {**told, "card": "1"} if isinstance(told, dict) and told.get("event") == "tapped" else told, shop
        )


@fails("opening")
class _(Corner):
    async def open_conversation(self, account: Account, order_id: str) -> str:
        try:
            return await super().open_conversation(account, order_id)
        except AdapterError:
            return ""


@fails("attending")
class _(Corner):
    async def attended_by(self, account: Account, conversation: str) -> str | None:
        return await super().attended_by(account, conversation) or "nobody"


@fails("service")
class _(Corner):
    async def service_record(self, account: Account, first: date, last: date) -> ServiceRecord:
        try:
            return await super().service_record(account, first, last)
        except AdapterError:
            return ServiceRecord()


@fails("order_messages_closed")
class _(Corner):
    def refused(self, status: int, told: dict[str, Any]) -> AdapterError:
        return super().refused(status, {**told, "error": "closed"} if told.get("error") == "buyer" else told)


@fails("order_messages")
class _(Corner):
    async def send_order_message(self, account: Account, message: OrderMessage, idempotency_key: str) -> Receipt:
        return await super().send_order_message(
            account, message.model_copy(update={"text": message.text.strip(" !")[:8]}), idempotency_key
        )


@fails("avatar_review")
class _(Corner):
    async def avatar_review(self, account: Account, agent: str, idempotency_key: str) -> Reviewed | None:
        found = await super().avatar_review(account, agent, idempotency_key)
        return found and Reviewed(state=found.state)


@fails("entering")
class _(Corner):
    async def enter(self, account: Account, conversation: str) -> tuple[MessageEvent, ...]:
        await super().enter(account, conversation)
        return ()


@fails("private_note")
class _(Corner):
    async def note(self, account: Account, note: Note, idempotency_key: str) -> Receipt:
        found = await super().note(account, note, idempotency_key)
        if note.remarks and await self.is_talking(account):
            await super().send(account, Reply(shop=note.shop, conversation=note.conversation, text=note.text), "n")
        return found

    async def is_talking(self, account: Account) -> bool:
        return bool((await super().poll(account, None)).events)


@fails("native_approval")
class _(Corner):
    async def settled(self, account: Account, conversation: str, note_id: str, words: str) -> None:
        return
