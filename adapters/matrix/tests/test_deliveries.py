"""From the homeserver: whose a call is, and what nobody may do to others by what they write."""

import json
from typing import Any

import pytest
from copilot_adapter_matrix.adapter import Matrix

from copilot.sdk import Delivery, Identity, Malformed, MessageEvent

AT = 1_795_147_199_000


def delivery(path: str, body: Any = None, token: str | None = None, method: str = "PUT") -> Delivery:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return Delivery(method, headers, {}, json.dumps(body).encode(), path)


def event(number: int, room: str, **content: Any) -> dict[str, Any]:
    return {
        "type": "m.room.message",
        "event_id": f"${number}",
        "room_id": room,
        "sender": "@robin:example.org",
        "origin_server_ts": AT,
        "content": content,
    }


def test_the_shop_stands_in_the_address_or_whoever_verifies_is_meant() -> None:
    adapter = Matrix()
    assert adapter.identify(delivery("cups/_matrix/app/v1/transactions/7")) == Identity(shops=("cups",))
    assert adapter.identify(delivery("_matrix/app/v1/transactions/7")) == Identity(unnamed=True)
    for path in ("", "cups", "cups/_matrix/client/v3/sync", "a/b/_matrix/app/v1/transactions/7"):
        with pytest.raises(Malformed):
            adapter.identify(delivery(path))


async def test_an_address_without_a_shop_tells_the_one_whose_token_it_has(stage: Any) -> None:
    told = delivery("_matrix/app/v1/transactions/7", {"events": [event(1, "!a:x", msgtype="m.text", body="hi")]})
    assert not stage.adapter.verify(told, stage.account)
    (said,) = stage.adapter.parse(told, stage.account)
    assert (said.shop, said.message.text) == (stage.account.shop, "hi")


async def test_questions_are_answered_and_nobody_else_is_here(stage: Any) -> None:
    for path, status in (
        ("cups/_matrix/app/v1/ping", 200),
        ("cups/_matrix/app/v1/users/@support:example.org", 404),
        ("cups/_matrix/app/v1/rooms/%23cups:example.org", 404),
    ):
        asked = delivery(path, method="GET")
        assert stage.adapter.parse(asked, stage.account) == ()
        assert stage.adapter.acknowledge(asked, stage.account).status == status


async def test_what_one_person_writes_never_takes_anothers_words_with_it(stage: Any) -> None:
    odd: list[dict[str, Any]] = [
        {"msgtype": ["m.text"], "body": "x"},
        {"msgtype": "m.text"},
        {"msgtype": "m.image", "body": "x", "url": 7, "info": "big"},
        {"msgtype": "m.text", "body": "x", "m.relates_to": {"rel_type": 1, "event_id": {}}},
        {"msgtype": "m.text", "body": "x", "m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}},
    ]
    told = [event(number, "!evil:x", **content) for number, content in enumerate(odd)]
    told.append(event(99, "!good:x", msgtype="m.text", body="where is it"))
    events = stage.adapter.parse(delivery("cups/_matrix/app/v1/transactions/7", {"events": told}), stage.account)
    said = [one for one in events if isinstance(one, MessageEvent)]
    assert said[-1].message.text == "where is it"
    assert {one.message.id for one in said} == {"$0", "$1", "$2", "$3", "$99"}


async def test_nobody_edits_the_other_sides_words(stage: Any) -> None:
    content = {
        "msgtype": "m.text",
        "body": "* x",
        "m.new_content": {"body": "refund of 500"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$ours"},
    }
    (edited,) = stage.adapter.parse(
        delivery("cups/_matrix/app/v1/transactions/7", {"events": [event(1, "!a:x", **content)]}), stage.account
    )
    assert (edited.type, edited.role) == ("edited", "buyer")
