"""What is frozen as adapter API 1: names, shapes and codes; a change here breaks adapters that nobody here wrote."""

import inspect
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, TypeAdapter

from copilot import sdk
from copilot.desk.words import REPLY_ERRORS
from copilot.sdk import CAPABILITIES, ERRORS, MODES, AnyEvent, FileReply
from copilot.sdk.inbound import Delivery

FROZEN = {
    "AdapterSettings": (),
    "Assigned": ("type", "shop", "conversation", "agent", "at"),
    "Batch": ("events", "cursor", "more", "wait"),
    "CardReply": ("shop", "conversation", "kind", "ref", "item"),
    "ConversationChanged": ("type", "shop", "conversation"),
    "Deauthorized": ("type", "shop"),
    "Decided": (
        "type", "shop", "conversation", "note_id", "decision", "text", "reason", "option", "agent", "at",
    ),
    "Ended": ("type", "shop", "conversation", "at"),
    "FaqCard": ("id", "question"),
    "FaqCardTap": (
        "type", "shop", "conversation", "card", "message_id", "question", "buyer", "nickname", "order_key", "sequence",
        "at",
    ),
    "FaqReply": ("shop", "conversation", "text", "cards"),
    "FileReply": ("shop", "conversation", "body", "content_type", "name"),
    "FoundBuyer": ("order_key", "nickname", "orders"),
    "FoundOrder": ("order", "buyer_key"),
    "Invited": ("type", "shop", "conversation", "at"),
    "Limits": ("max_chars", "emoji"),
    "MessageEdited": ("type", "shop", "conversation", "message_id", "text", "at"),
    "MessageEvent": (
        "type", "shop", "conversation", "message", "buyer", "nickname", "order_key", "entered_from_order", "sequence",
        "visible",
    ),
    "MessageRecalled": ("type", "shop", "conversation", "message_id", "at"),
    "Note": ("shop", "conversation", "draft", "revision", "text", "remarks", "options"),
    "NoteOption": ("key", "title", "text"),
    "OrderChanged": ("type", "shop", "order_id"),
    "PlatformMessage": ("message_id", "text", "sent_at", "sequence"),
    "Rated": ("type", "shop", "conversation", "stars", "at"),
    "Read": ("type", "shop", "conversation", "message_id", "at"),
    "Receipt": ("message_id", "sent_at"),
    "Reply": ("shop", "conversation", "text"),
    "ServiceRecord": ("sessions", "response_percent", "response_minutes", "satisfied_percent", "machines_count"),
    "Who": ("conversation", "buyer", "order_key", "orders"),
}  # fmt: skip
"""The fields of each shape in version 1. Later versions may add some that have a default; none goes or is renamed."""

METHODS = {
    "Adapter": {"send": ("account", "reply", "idempotency_key")},
    "Webhook": {
        "identify": ("delivery",),
        "verify": ("delivery", "account"),
        "parse": ("delivery", "account"),
        "acknowledge": ("delivery", "account"),
    },
    "Polling": {"poll": ("account", "cursor")},
    "Connecting": {"connect": ("account", "cursor")},
    "Orders": {"buyer": ("account", "who"), "order": ("account", "order_id")},
    "Products": {"product": ("account", "product_id")},
    "History": {"sent_since": ("account", "conversation", "since")},
    "Refreshing": {"refresh": ("account",)},
    "Links": {"pages": ("account",)},
    "Attachments": {"fetch": ("account", "media")},
    "ReadMarks": {"mark_read": ("account", "conversation")},
    "Images": {"send_image": ("account", "reply", "idempotency_key")},
    "Videos": {"send_video": ("account", "reply", "idempotency_key")},
    "Cards": {"send_card": ("account", "reply", "idempotency_key")},
    "FaqCards": {"send_faq_cards": ("account", "reply", "idempotency_key")},
    "Opening": {"open_conversation": ("account", "order_id")},
    "Refusing": {"refuse": ("delivery",)},
    "Attending": {"attended_by": ("account", "conversation")},
    "Service": {"service_record": ("account", "first", "last")},
    "AvatarReview": {
        "hand_in_avatar": ("account", "avatar", "idempotency_key"),
        "avatar_review": ("account", "agent", "idempotency_key"),
    },
    "OrderMessages": {"send_order_message": ("account", "message", "idempotency_key")},
    "Entering": {"enter": ("account", "conversation")},
    "PrivateNote": {"note": ("account", "note", "idempotency_key")},
    "NativeApproval": {"settled": ("account", "conversation", "note_id", "words")},
}

CODES = {
    "adapter": False, "malformed": False, "throttled": True, "platform_down": True, "token_expired": True,
    "not_authorized": False, "send_refused": False, "card_refused": False, "window_closed": False,
    "buyer_closed": False,
    "buyer_blocked": False, "contact_not_allowed": False, "quota_used": False, "unsupported": False, "by_hand": False,
    "outcome_unknown": False,
}  # fmt: skip
"""Every code, and whether the same call may succeed later."""


@pytest.mark.parametrize("name", FROZEN)
def test_shapes_keep_their_fields(name: str) -> None:
    shape: type[BaseModel] = getattr(sdk, name)
    fields = tuple(shape.model_fields)
    assert fields[: len(FROZEN[name])] == FROZEN[name]
    assert not [more for more in fields[len(FROZEN[name]) :] if shape.model_fields[more].is_required()]


@pytest.mark.parametrize("name", METHODS)
def test_protocols_keep_their_methods(name: str) -> None:
    protocol = getattr(sdk, name)
    found = {
        method: tuple(inspect.signature(getattr(protocol, method)).parameters)[1:]
        for method, member in vars(protocol).items()
        if inspect.isfunction(member) and not method.startswith("_")
    }
    assert found == METHODS[name]


def test_errors_keep_their_codes() -> None:
    assert {error.code: error.retryable for error in ERRORS} == CODES
    assert len({error.code for error in ERRORS}) == len(ERRORS)


@pytest.mark.feature("F120")
@pytest.mark.feature("F094")
def test_a_person_is_told_each_reason_apart_in_both_languages() -> None:
    for error in ERRORS:
        assert len(set(REPLY_ERRORS[error.code])) == 2
    told = [REPLY_ERRORS[error.code] for error in ERRORS]
    assert len(set(told)) == len(told), (
        "intercepted, closed by the platform, by the buyer, blocked: each in its own words"
    )


def test_every_event_is_told_apart_by_its_type() -> None:
    events: TypeAdapter[Any] = TypeAdapter(AnyEvent)
    kinds = {
        "message_id": "m",
        "text": "x",
        "stars": 3,
        "order_id": "o",
        "note_id": "n",
        "decision": "accept",
        "card": "c",
    }
    kinds["message"] = {"role": "buyer", "text": "x", "id": "m"}
    for name in FROZEN:
        shape = getattr(sdk, name)
        if "type" in shape.model_fields:
            kind = shape.model_fields["type"].default
            event = events.validate_python({"type": kind, "shop": "s", "conversation": "c", **kinds})
            assert type(event) is shape


def test_each_capability_says_in_both_languages_what_is_lost_without_it() -> None:
    names = [one.name for one in (*MODES, *CAPABILITIES)]
    assert len(set(names)) == len(names) == len(METHODS) - 2
    for one in (*MODES, *CAPABILITIES):
        assert one.lost("zh") != one.lost("en")
        assert one.protocol.__name__ in METHODS


def test_nothing_that_travels_shows_what_it_holds() -> None:
    delivery = Delivery("POST", {"sign": "canary"}, {"q": "canary"}, b"canary", "canary")
    assert "canary" not in repr(delivery)
    assert "canary" not in repr(FileReply(shop="s", conversation="c", body=b"canary", content_type="image/png"))
    assert "canary" not in repr(sdk.Fetch("https://x", {"authorization": "canary"}))
    assert "canary" not in str(SecretStr("canary"))


def test_an_error_names_its_help() -> None:
    assert ERRORS[1]("x").help == "docs/writing-an-adapter.md#malformed"
