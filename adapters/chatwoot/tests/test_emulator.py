"""The emulator over a socket: a buyer through the public interface, the loop guard, notes, the record read back."""

from datetime import timedelta

import httpx
import pytest
from copilot_adapter_chatwoot.chat import note_text

from copilot.sdk import FileReply, MessageEvent, Note, NoteOption
from copilot.sdk.testing import Shopper
from copilot.sdk.testing.page import picture

from .conftest import NOON, Shop

NOTE = Note(shop="s", conversation="1", draft="d", revision=2, text="It left.", remarks=("look at: the date",))


async def test_a_buyer_writes_through_the_public_interface(shop: Shop) -> None:
    inbox = f"{shop.platform.base_url}/public/api/v1/inboxes/{shop.platform.inbox_identifier}/contacts"
    contact = (await shop.http.post(inbox, json={"name": "Kim"})).json()
    talks = f"{inbox}/{contact['source_id']}/conversations"
    talk = (await shop.http.post(talks)).json()
    told = (await shop.http.post(f"{talks}/{talk['id']}/messages", json={"content": "hi", "echo_id": "e1"})).json()
    assert (told["content"], told["echo_id"], told["message_type"]) == ("hi", "e1", 0)
    await shop.platform.settled()
    (said,) = [one for one in shop.heard if isinstance(one, MessageEvent)]
    assert (said.conversation, said.buyer, said.nickname) == (str(talk["id"]), str(contact["id"]), "Kim")
    other = f"{shop.platform.base_url}/public/api/v1/inboxes/nobody/contacts"
    assert (await shop.http.post(other, json={})).status_code == 404


async def test_no_loop(shop: Shop) -> None:
    """Our reply comes back under its receipt's id, our note not at all; a colleague's reply is another message."""
    await shop.platform.say("robin", "hello")
    receipt = await shop.adapter.send(shop.account, shop.reply("It left."), "k")
    await shop.adapter.note(shop.account, NOTE.model_copy(update={"conversation": shop.talk}), "k2")
    theirs = await shop.platform.colleague_says("robin", "I take this one.")
    assert await shop.messages() == [("buyer", "hello"), ("agent", "It left."), ("agent", "I take this one.")]
    ids = [one.message.id for one in shop.heard if isinstance(one, MessageEvent)]
    assert ids[1:] == [receipt.message_id, theirs]
    assert [one.text for one in shop.platform.notes] == [note_text(NOTE)]


async def test_what_happens_to_a_conversation(shop: Shop) -> None:
    await shop.platform.say("robin", "hello")
    await shop.platform.assign("robin", "2")
    await shop.platform.assign("robin", None)
    await shop.platform.resolve("robin")
    last = await shop.platform.take_back("robin")
    await shop.platform.settled()
    told = [one for one in shop.heard if not isinstance(one, MessageEvent)]
    assert [one.type for one in told[:4]] == ["conversation_changed", "assigned", "assigned", "ended"]
    assert [getattr(one, "agent", "") for one in told[1:3]] == ["2", None]
    assert (told[4].type, getattr(told[4], "message_id", "")) == ("recalled", last)
    await shop.platform.say("robin", "one more thing")
    assert shop.platform.states[shop.talk] == "open", "a buyer's message opens it again"


async def test_the_record_has_every_page_and_neither_notes_nor_files(shop: Shop) -> None:
    for number in range(45):
        await shop.platform.colleague_says("robin", f"reply {number}")
        shop.clock.advance(1)
    picture_of = FileReply(shop="s", conversation=shop.talk, body=picture(), content_type="image/png", name="cup.png")
    await shop.adapter.send_image(shop.account, picture_of, "k")
    await shop.adapter.note(shop.account, NOTE.model_copy(update={"conversation": shop.talk}), "k2")
    told = await shop.adapter.sent_since(shop.account, shop.talk, NOON + timedelta(seconds=3, milliseconds=500))
    assert [one.text for one in told] == [f"reply {number}" for number in range(3, 45)]


def test_a_note_says_what_would_be_sent_what_to_look_at_and_what_it_offers() -> None:
    options = (NoteOption(key="A", title="Refund", text="…"), NoteOption(key="B", title="Reship", text="…"))
    told = note_text(NOTE.model_copy(update={"options": options}))
    assert told == "— reply-copilot · 2 —\n\nIt left.\n\n• look at: the date\n\nA) Refund\nB) Reship"
    held = note_text(NOTE.model_copy(update={"text": ""}))
    assert held == "— reply-copilot · 2 —\n\n• look at: the date"


async def test_a_look_reads_every_page_and_nothing_twice(shop: Shop) -> None:
    """More conversations and more messages than one page holds; notes and what was heard before are not among it."""
    begun = await shop.adapter.poll(shop.account, None)
    assert (begun.events, begun.wait) == ((), 60.0)
    await shop.platform.say("robin", "hello")
    heard = await shop.adapter.poll(shop.account, begun.cursor)
    shop.clock.advance(1)
    for number in range(60):
        shop.platform.add_shopper(Shopper(id=f"s{number}", nickname=f"S{number}"))
        await shop.platform.say(f"s{number}", f"from {number}")
    for number in range(130):
        await shop.platform.colleague_says("robin", f"reply {number}")
    await shop.adapter.note(shop.account, NOTE.model_copy(update={"conversation": shop.talk}), "k2")
    found = await shop.adapter.poll(shop.account, heard.cursor)
    told = [one.message.text for one in found.events if isinstance(one, MessageEvent)]
    assert sorted(one for one in told if one.startswith("from")) == sorted(f"from {number}" for number in range(60))
    assert [one for one in told if one.startswith("reply")] == [f"reply {number}" for number in range(130)]
    assert len(told) == 190
    assert (await shop.adapter.poll(shop.account, found.cursor)).events == ()


async def test_what_is_said_during_a_look_is_left_to_the_next_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message with a higher number elsewhere must not hide one that came while the look was reading."""
    shop.platform.add_shopper(Shopper(id="kim", nickname="Kim"))
    for name in ("robin", "kim"):
        await shop.platform.say(name, "one")
    begun = await shop.adapter.poll(shop.account, None)
    shop.clock.advance(1)
    for name in ("robin", "kim"):
        await shop.platform.say(name, "two")
    send, calls = shop.http.send, list[str]()

    async def meanwhile(request: httpx.Request, **more: object) -> httpx.Response:
        """Both write on after the first conversation was read."""
        answer = await send(request)
        if request.url.path.endswith("/messages"):
            calls.append(request.url.path)
            if len(calls) == 1:
                for name in ("robin", "kim"):
                    await shop.platform.say(name, "three")
        return answer

    monkeypatch.setattr(shop.http, "send", meanwhile)
    seen = await shop.adapter.poll(shop.account, begun.cursor)
    rest = await shop.adapter.poll(shop.account, seen.cursor)
    texts = [[one.message.text for one in told.events if isinstance(one, MessageEvent)] for told in (seen, rest)]
    assert texts == [["two", "two"], ["three", "three"]]
