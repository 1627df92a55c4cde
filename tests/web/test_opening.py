"""Writing first about an order: the platform's rule, its own word, and one conversation however often it is opened."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from copilot.access import people
from copilot.access.principal import Role
from copilot.domain.order import AfterSale, AfterSaleKind
from copilot.sdk import Account, AdapterError, ContactNotAllowed, PlatformDown
from copilot.store.tables import AuditRow, ConversationRow, ShopRow
from tests.web.conftest import ORDER, PASSWORD, Web, cups


class Platform:
    """Opens the conversation ``place``, or ends in ``ends``."""

    def __init__(self, web: Web, place: str = "c9") -> None:
        self.asked: list[str] = []
        self.place, self.ends = place, list[Exception]()
        able: Any = web.adapter
        able.open_conversation = self.open

    async def open(self, account: Account, order_id: str) -> str:
        del account
        self.asked.append(order_id)
        if self.ends:
            raise self.ends.pop(0)
        return self.place


async def on_tiktok(web: Web) -> None:
    """The shop stands under a profile that has a window for orders."""
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(ShopRow).where(ShopRow.id == web.shop).values(profile="tiktok_shop.us"))


def ordered(web: Web, ago: timedelta, *requests: str) -> None:
    """The order was made so long ago; ``requests`` are the states of what was asked for since."""
    found = cups()
    made = AfterSale(id="r", kind=AfterSaleKind.RETURN, status="requested")
    after_sales = tuple(made.model_copy(update={"id": f"r{n}", "status": one}) for n, one in enumerate(requests))
    order = found.order.model_copy(update={"created_at": web.clock.now() - ago, "after_sales": after_sales})
    web.adapter.found[ORDER] = found.model_copy(update={"order": order})


async def ask(client: httpx.AsyncClient, web: Web, order: str = ORDER) -> tuple[int, str]:
    """The status, and the code of the error or the id."""
    answer = await client.post(f"/api/shops/{web.shop}/conversations", json={"order": order})
    told = answer.json()
    return answer.status_code, told["id"] if answer.status_code == 201 else told["error"]["code"]


@pytest.mark.feature("F015")
@pytest.mark.parametrize(
    ("ago", "requests", "allowed"),
    [
        (timedelta(days=60), (), True),
        (timedelta(days=60, seconds=1), (), False),
        (timedelta(days=61), (), False),
        (timedelta(days=61), ("awaiting_return",), True),
        (timedelta(days=61), ("refunded", "requested"), True),
        (timedelta(days=61), ("closed", "rejected", "refunded"), False),
    ],
)
async def test_a_recent_order_or_an_open_return(
    web: Web, ago: timedelta, requests: tuple[str, ...], allowed: bool
) -> None:
    platform, agent = Platform(web), await web.enter()
    await on_tiktok(web)
    ordered(web, ago, *requests)
    status, code = await ask(agent, web)
    if allowed:
        assert (status, platform.asked) == (201, [ORDER])
    else:
        assert (status, code, platform.asked) == (409, "contact_not_allowed", [])
        assert await web.rows(ConversationRow) == []


async def test_it_is_one_conversation_with_its_order_in_the_hands_of_who_opened_it(web: Web) -> None:
    Platform(web)
    ordered(web, timedelta(days=2))
    agent = await web.enter()
    first, again = await ask(agent, web), await ask(agent, web, f" {ORDER} ")
    assert first == again
    assert first[0] == 201
    (row,) = await web.rows(ConversationRow)
    assert (str(row.id), row.platform_conversation_id, row.entered_from_order) == (first[1], "c9", ORDER)
    shown = (await agent.get("/api/conversations?list=in_progress")).json()["conversations"]
    assert [one["id"] for one in shown] == [first[1]]
    assert [one.action for one in await web.rows(AuditRow) if one.object == first[1]].count("conversation.open") == 2
    # The buyer's answer comes to the same place.
    assert str(await web.buyer("收到了", "c9")) == first[1]


async def test_a_chat_that_there_is_keeps_what_the_buyer_entered_from_and_its_holder(web: Web) -> None:
    Platform(web, "c1")
    ordered(web, timedelta(days=2))
    talk = await web.buyer("在吗", entered_from_order="6900000000000001")
    for login, role in (("boss", Role.SUPERVISOR), ("second", Role.AGENT)):
        await people.add_person(web.store, web.merchant, login, login, role, "zh", PASSWORD, web.clock)
    agent, boss, second = [await web.enter(login) for login in ("agent", "boss", "second")]
    assert await ask(agent, web) == (201, str(talk))
    assert await ask(boss, web) == (201, str(talk)), "who stands above the agents may always"
    assert await ask(second, web) == (409, "held_by_other")
    (row,) = await web.rows(ConversationRow)
    assert (row.entered_from_order, row.assignee is not None) == ("6900000000000001", True)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ContactNotAllowed("no"), 409, "contact_not_allowed"),
        (PlatformDown("down"), 503, "platform_unavailable"),
        (AdapterError("no"), 503, "platform_unavailable"),
        (KeyError("x"), 503, "platform_unavailable"),
    ],
)
async def test_the_platforms_own_word_counts(web: Web, error: Exception, status: int, code: str) -> None:
    platform = Platform(web)
    platform.ends.append(error)
    ordered(web, timedelta(days=2))
    agent = await web.enter()
    assert await ask(agent, web) == (status, code)
    assert await web.rows(ConversationRow) == []


async def test_what_cannot_be_opened_says_why(web: Web) -> None:
    agent = await web.enter()
    assert await ask(agent, web) == (422, "cannot_write_first")
    Platform(web)
    assert await ask(agent, web, "404") == (404, "order_not_found")
    assert await ask(agent, web, "  ") == (422, "bad_input")
    for language, words in (("zh", "店铺里没有这个订单"), ("en", "the shop has no such order")):
        await agent.post("/api/me/language", json={"language": language})
        answer = await agent.post(f"/api/shops/{web.shop}/conversations", json={"order": "404"})
        assert answer.json()["error"]["message"] == words


async def test_the_page_is_told_which_shops_may_write_first(web: Web) -> None:
    agent = await web.enter()
    (shop,) = (await agent.get("/api/me")).json()["shops"]
    assert shop["writes_first"] is False
    Platform(web)
    (shop,) = (await agent.get("/api/me")).json()["shops"]
    assert shop["writes_first"] is True
