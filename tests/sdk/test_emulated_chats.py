"""What every emulator shares: shoppers and their threads, faults that are used up, a page that takes text as text."""

import asyncio
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest

from copilot.domain.order import Item, Order
from copilot.sdk.testing import Cut, Faults, Shopper, serve
from copilot.sdk.testing.page import picture
from tests.sdk.conftest import Plain


@pytest.fixture
async def page(platform: Plain) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(platform.app) as base, httpx.AsyncClient(base_url=base, trust_env=False) as client:
        platform.settings(base)
        yield client


async def test_card_photo_and_words_are_messages_of_their_own(platform: Plain) -> None:
    last = await platform.say("ann", "broken", order_card="1", photo=True)
    assert [(line.kind, line.role) for line in platform.thread("ann")] == [
        ("order_card", "buyer"),
        ("image", "buyer"),
        ("text", "buyer"),
    ]
    assert platform.thread("ann")[-1].id == last
    assert len(platform.announced) == 3


async def test_the_entrance_is_told_once(platform: Plain) -> None:
    await platform.say("ann", "hi", photo=True, entered_from_order="1")
    assert [said.entered_from_order for said in platform.announced] == ["1", None]


async def test_saying_nothing_is_an_error(platform: Plain) -> None:
    with pytest.raises(ValueError, match="says nothing"):
        await platform.say("ann", "")


async def test_ids_grow_beyond_53_bits_even_when_the_clock_stands(platform: Plain) -> None:
    ids = [int(await platform.say("ann", str(number))) for number in range(50)]
    assert ids == sorted(set(ids))
    assert min(ids) > 2**53
    assert max(ids) < 2**63


async def test_a_shopper_has_the_same_conversation_in_every_run(platform: Plain) -> None:
    again = Plain()
    again.add_shopper(Shopper(id="ann", nickname="Ann"))
    assert again.chats.of_shopper("ann").id == platform.chats.of_shopper("ann").id
    assert platform.chats.of_shopper("bo").id != platform.chats.of_shopper("ann").id


async def test_ours_and_a_colleagues_stand_in_the_window_alike_and_can_be_told_apart(platform: Plain) -> None:
    await platform.colleague_says("ann", "native")
    platform.accept(platform.chats.of_shopper("ann"), "ours")
    assert [line.role for line in platform.thread("ann")] == ["agent", "agent"]
    assert [said.by_call for said in platform.announced] == [False, True]


async def test_a_changed_order_is_announced_and_an_added_one_is_not(platform: Plain) -> None:
    platform.add_order(Order(id="1"), "ann")
    assert platform.changed == []
    await platform.change_order(Order(id="1", items=(Item(name="Mug"),)))
    assert [order.id for order in platform.changed] == ["1"]
    assert platform.orders_of("ann")[0].items[0].name == "Mug"
    assert platform.orders_of("bo") == []


def test_an_order_needs_a_shopper(platform: Plain) -> None:
    with pytest.raises(KeyError):
        platform.add_order(Order(id="1"), "nobody")


def test_a_fault_is_used_up_and_kept_for_the_calls_it_is_meant_for() -> None:
    faults = Faults(throttle=2, only="send")
    assert not faults.take("throttle", "read")
    assert faults.take("throttle", "send")
    assert faults.take("throttle", "send")
    assert not faults.take("throttle", "send")
    assert not faults.take("refuse")


async def test_a_cut_connection_is_no_answer() -> None:
    async with serve(Cut()) as base, httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(base)


async def test_two_servers_in_one_loop_stop_when_their_blocks_end(platform: Plain) -> None:
    async with serve(platform.app) as one, serve(Plain().app) as other:
        assert one != other
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(one)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_page_brings_everything_from_its_own_origin(page: httpx.AsyncClient) -> None:
    for path in ("/", "/shopper/page.js", "/shopper/page.css"):
        answer = await page.get(path)
        assert answer.status_code == 200
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "http://" not in answer.text
        assert "https://" not in answer.text
        assert "innerHTML" not in answer.text


async def test_the_page_shows_a_shoppers_thread_and_says_when_nothing_changed(
    page: httpx.AsyncClient, platform: Plain
) -> None:
    platform.add_order(Order(id="1", items=(Item(name="Mug"),)), "ann")
    await platform.say("ann", "<b>hi</b>")
    state = (await page.get("/shopper/state", params={"shopper": "ann"})).json()
    assert [line["text"] for line in state["lines"]] == ["<b>hi</b>"]
    assert [shopper["nickname"] for shopper in state["shoppers"]] == ["Ann", "Bo"]
    assert state["orders"] == [{"id": "1", "items": ["Mug"]}]
    same = {"shopper": "ann", "since": state["version"]}
    assert (await page.get("/shopper/state", params=same)).json() == {"version": state["version"]}
    await platform.say("ann", "again")
    assert len((await page.get("/shopper/state", params=same)).json()["lines"]) == 2


async def test_a_person_plays_the_shopper_and_the_colleague(page: httpx.AsyncClient, platform: Plain) -> None:
    assert (await page.post("/shopper/say", json={"shopper": "ann", "text": "hello"})).status_code == 204
    assert (await page.post("/shopper/say", json={"shopper": "ann", "order": "1"})).status_code == 204
    assert (await page.post("/shopper/answer", json={"shopper": "ann", "text": "hi"})).status_code == 204
    assert [(line.role, line.kind) for line in platform.thread("ann")] == [
        ("buyer", "text"),
        ("buyer", "order_card"),
        ("agent", "text"),
    ]
    made = (await page.post("/shopper/add", json={"nickname": "Cy"})).json()["id"]
    assert platform.chats.of_shopper(made).shopper.nickname == "Cy"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("say", '{"shopper":"ann"}', 400),
        ("say", '{"shopper":"nobody","text":"x"}', 404),
        ("say", "not json", 400),
        ("say", '{"shopper":"ann","text":"x","role":"agent"}', 400),
        ("answer", '{"shopper":"ann","text":""}', 400),
        ("answer", '{"shopper":"nobody","text":"x"}', 404),
        ("add", '{"nickname":""}', 400),
    ],
)
async def test_the_page_refuses_what_it_does_not_understand(
    page: httpx.AsyncClient, platform: Plain, path: str, body: str, status: int
) -> None:
    answer = await page.post(f"/shopper/{path}", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert platform.announced == []


async def test_another_pages_form_cannot_speak_for_a_shopper(page: httpx.AsyncClient, platform: Plain) -> None:
    body = b'{"shopper":"ann","text":"x"}'
    assert (await page.post("/shopper/say", content=body, headers={"content-type": "text/plain"})).status_code == 400
    assert platform.announced == []


def test_the_photo_is_a_picture() -> None:
    data = picture(16)
    start = data.index(b"IDAT")
    length = int.from_bytes(data[start - 4 : start])
    assert len(zlib.decompress(data[start + 4 : start + 4 + length])) == 16 * 17
