"""Into rooms: once under a key, whatever the homeserver forgot, and nothing of a person's words as form."""

from typing import Any

import httpx
import pytest
from copilot_adapter_matrix.adapter import Matrix
from copilot_adapter_matrix.conformance import MatrixProof
from copilot_adapter_matrix.settings import MatrixSettings

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Note, NoteOption, OutcomeUnknown, Reply, Unsupported

BUYER = "<b>两只</b> & broken"


def shown(**changed: Any) -> Note:
    values: dict[str, Any] = {
        "shop": "cups",
        "conversation": "!buyer:example.org",
        "draft": "11111111-2222-4333-8444-555555555555",
        "revision": 1,
        "text": "We send <two> new ones.",
        "remarks": ("look at: the photo",),
        "options": (NoteOption(key="A", title="reship", text="A"), NoteOption(key="B", title="refund", text="")),
        "buyer": "Robin",
        "asked": (BUYER,),
        "act": "Send · offers reship",
        **changed,
    }
    return Note.model_validate(values)


def notice(stage: Any) -> dict[str, Any]:
    """The newest event of the agents' room."""
    found: dict[str, Any] = stage.platform.events[stage.account.settings.agents_room][-1]["content"]
    return found


async def test_a_homeserver_that_forgot_its_keys_gets_nothing_twice(stage: Any) -> None:
    stage.platform.faults.cut_after_accepting = 1
    with pytest.raises(OutcomeUnknown):
        await stage.adapter.send(stage.account, stage.reply("It left yesterday."), "key-1")
    stage.platform.rooms.taken.clear()
    receipt = await stage.adapter.send(stage.account, stage.reply("It left yesterday."), "key-1")
    assert stage.said() == ["It left yesterday."]
    assert receipt.message_id == stage.platform.events[stage.room][-1]["event_id"]
    await stage.adapter.send(stage.account, stage.reply("It left yesterday."), "key-2")
    assert len(stage.said()) == 2, "the same words under another key are another message"


async def test_a_note_shows_everything_and_nobodys_words_are_form(stage: Any) -> None:
    await stage.adapter.note(stage.account, shown(), "note-1")
    content = notice(stage)
    assert content["msgtype"] == "m.notice"
    for words in ("Robin", BUYER, "We send <two> new ones.", "A  reship", "look at: the photo", "Send · offers reship"):
        assert words in content["body"]
    assert "<b>" not in content["formatted_body"]
    assert "&lt;b&gt;两只&lt;/b&gt; &amp; broken" in content["formatted_body"]
    assert "We send &lt;two&gt; new ones." in content["formatted_body"]


async def test_a_note_offers_only_what_can_be_done(stage: Any) -> None:
    await stage.adapter.note(stage.account, shown(act=None, options=(), language="zh"), "note-1")
    assert "✅" not in notice(stage)["body"]
    assert "回复这条消息" in notice(stage)["body"]
    await stage.adapter.note(stage.account, shown(text="", act=None, options=()), "note-2")
    assert notice(stage)["body"].startswith("🔔 Robin waits for an answer")
    assert "reply to this message" not in notice(stage)["body"]


async def test_two_things_said_at_once_below_a_note_are_two(stage: Any) -> None:
    receipt = await stage.adapter.note(stage.account, shown(), "note-1")
    for words in ("not sent", "sent", "sent"):
        await stage.adapter.settled(stage.account, stage.room, receipt.message_id, words)
    room = stage.platform.events[stage.account.settings.agents_room]
    below = [one["content"] for one in room if "m.relates_to" in one["content"]]
    assert [one["body"] for one in below] == ["not sent", "sent"]
    assert {one["m.relates_to"]["event_id"] for one in below} == {receipt.message_id}
    stage.clock.advance(6)
    await stage.adapter.settled(stage.account, stage.room, receipt.message_id, "sent")
    assert room[-1]["content"]["body"] == "sent", "another answer in the same words"


async def test_without_a_room_for_agents_there_are_no_notes(stage: Any) -> None:
    account = stage.with_settings(agents_room=None)
    assert not account.settings.presents()
    with pytest.raises(Unsupported):
        await stage.adapter.note(account, shown(), "note-1")


async def test_ids_stay_one_part_of_an_address_and_the_token_in_its_header() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"chunk": []} if request.method == "GET" else {"event_id": "$1"})

    settings = MatrixSettings.model_validate(MatrixProof().settings())
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        account = Account("cups", settings, http, FrozenClock(MatrixProof.now))
        room = "!a/../b?c#d:example.org"
        await Matrix().send(account, Reply(shop="cups", conversation=room, text="x"), "k/1")
    assert [one.url.raw_path.split(b"?")[0] for one in seen] == [
        b"/_matrix/client/v3/rooms/%21a%2F..%2Fb%3Fc%23d%3Aexample.org/messages",
        b"/_matrix/client/v3/rooms/%21a%2F..%2Fb%3Fc%23d%3Aexample.org/send/m.room.message/k%2F1",
    ]
    assert all(one.headers["authorization"] == "Bearer kit-as-token-1" for one in seen)
    assert not any("kit-as-token" in str(one.url) for one in seen)
