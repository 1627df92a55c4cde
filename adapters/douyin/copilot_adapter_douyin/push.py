"""Deliveries: the platform's order pushes and a relay's chat, both in the platform's push envelope on one address.

A batch is one or the other, told by its tags: chat is believed only with the relay's signature, orders only with the
platform's. Refuses to believe anything before ``genuine``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from copilot.sdk import Account, Answer, Delivery, Event, Identity, Malformed, OrderChanged, bounded
from copilot_adapter_douyin import chat
from copilot_adapter_douyin.settings import DouyinSettings
from copilot_adapter_douyin.signing import push_is_genuine
from copilot_adapter_douyin.wire import PushEntry

ACKNOWLEDGED: Final = Answer(body=b'{"code":0,"msg":"success"}')

_ENTRIES: Final = TypeAdapter(list[PushEntry])
_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,40}\Z")
_ORDER_TAGS: Final = frozenset({*range(100, 107), 108, 109, 110, 111, 113, 126})
_AFTER_SALE_TAGS: Final = frozenset({*range(200, 210), *range(211, 219), *range(224, 228)})
_WATCHED: Final = frozenset(str(tag) for tag in _ORDER_TAGS | _AFTER_SALE_TAGS)


@dataclass(frozen=True)
class Batch:
    """A delivery that was read; ``is_chat`` says whose signature it needs."""

    entries: tuple[PushEntry, ...]
    is_chat: bool


def read(delivery: Delivery) -> Batch:
    """The batch that a delivery holds.

    Raises:
        Malformed: it is no push, or it mixes chat with orders, whose signatures differ.
    """
    try:
        entries = tuple(_ENTRIES.validate_python(from_json(bounded(delivery.body))))
    except ValueError:
        raise Malformed("the body is no list of push messages") from None
    kinds = {entry.tag.startswith(chat.NAMESPACE) for entry in entries}
    if len(kinds) > 1:
        raise Malformed("chat and other messages stand in one batch")
    return Batch(entries, is_chat=kinds == {True})


def identity(delivery: Delivery) -> Identity:
    """Whose shops the batch speaks of, and the app that the platform names; an unreadable chat message is refused here.

    The platform may leave the app out of its test of the address; then ``?app_key=…`` in the address tells it.
    """
    batch = read(delivery)
    named = [shop for entry in batch.entries if (shop := _id(_fields(entry).get("shop_id")))]
    if batch.is_chat:
        told = [shape.shop_id for shape in _chat(batch)]
        return Identity(shops=tuple(dict.fromkeys([*told, *named])))
    app = delivery.headers.get("app-id") or delivery.query.get("app_key")
    return Identity(shops=tuple(dict.fromkeys(named)), app=app if app and _ID.match(app) else None)


def genuine(delivery: Delivery, account: Account) -> bool:
    """Whether this shop's secret signed the delivery; never raises."""
    settings: DouyinSettings = account.settings
    try:
        batch = read(delivery)
    except Malformed:
        return False
    if batch.is_chat:
        secret = settings.relay_secret
        return secret is not None and chat.is_genuine(
            secret.get_secret_value(), chat.TO_COPILOT, delivery.headers, delivery.body, account.clock.now()
        )
    return push_is_genuine(
        delivery.headers.get("event-sign", ""),
        delivery.body,
        app_key=settings.app_key,
        app_secret=settings.app_secret.get_secret_value(),
    )


def events(delivery: Delivery) -> tuple[Event, ...]:
    """What happened, in the order it stands in; the test of the address and unknown tags are nothing.

    Raises:
        Malformed: a message of a known tag cannot be read.
    """
    batch = read(delivery)
    if batch.is_chat:
        return tuple(chat.event_of(shape) for shape in _chat(batch))
    return tuple(_order_changed(entry) for entry in batch.entries if entry.tag in _WATCHED)


def _chat(batch: Batch) -> Iterator[chat.ChatMessage | chat.ChatConversation]:
    for number, entry in enumerate(batch.entries):
        shape = {chat.MESSAGE: chat.ChatMessage, chat.CONVERSATION: chat.ChatConversation}.get(entry.tag)
        if shape is None:
            continue
        try:
            yield shape.model_validate({key: value for key, value in _fields(entry).items() if value is not None})
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise Malformed(f"message {number} of the batch, {entry.tag}: {place}: {first['type']}") from None


def _order_changed(entry: PushEntry) -> OrderChanged:
    fields = _fields(entry)
    shop, order = _id(fields.get("shop_id")), _id(fields.get("p_id"))
    if shop is None or order is None:
        raise Malformed(f"a push of tag {entry.tag} names no shop or no order")
    return OrderChanged(shop=shop, order_id=order)


def _fields(entry: PushEntry) -> dict[str, Any]:
    """What an entry tells: its data is JSON in a string, or the object itself; the test's is neither."""
    data: object = entry.data
    if isinstance(data, str):
        try:
            data = from_json(data)
        except ValueError:
            return {}
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


def _id(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        value = str(value)
    return value if isinstance(value, str) and _ID.match(value) else None
