"""A buyer who closed the chat: the order is proposed as another way, a person approves it, and it goes there once."""

import uuid
from typing import Any

import httpx
import pytest

from copilot.assets import policy_folders
from copilot.channel.outbox import Outbox
from copilot.sdk import Account, BuyerClosed, OrderMessage, OutcomeUnknown, Receipt, Reply
from copilot.store.tables import AuditRow, MessageRow, OutboxRow
from tests.web.conftest import ORDER, Web

TEXT = "您好，在的，请问还有什么可以帮您？"


class Platform:
    """A chat that its buyer closed, and orders at which texts can be left; ``ends`` are raised by the next of those."""

    def __init__(self, web: Web, *, at_orders: bool = True) -> None:
        self.left: list[OrderMessage] = []
        self.keys: list[str] = []
        self.ends: list[Exception] = []
        self.closed, self.said = True, 0
        able: Any = web.adapter
        able.send = self.send
        if at_orders:
            able.send_order_message = self.leave
        self.web = web
        self.outbox = Outbox(web.store, web.parts.accounts, web.clock, policy_folders())

    async def send(self, account: Account, reply: Reply, key: str) -> Receipt:
        del account, reply, key
        if self.closed:
            raise BuyerClosed("closed")
        self.said += 1
        return Receipt(message_id=f"chat-{self.said}")

    async def leave(self, account: Account, message: OrderMessage, key: str) -> Receipt:
        del account
        if self.ends:
            raise self.ends.pop(0)
        self.left.append(message)
        self.keys.append(key)
        return Receipt(message_id=f"order-{len(self.left)}")

    async def write(self, agent: httpx.AsyncClient, talk: uuid.UUID, **more: str) -> httpx.Response:
        """Type a reply and let the worker's job send it."""
        given = {"id": str(uuid.uuid4()), "text": TEXT, **more}
        answer = await agent.post(f"/api/conversations/{talk}/replies", json=given)
        if answer.status_code == 202:
            self.web.clock.advance(1)
            await self.outbox.send(self.web.merchant, uuid.UUID(given["id"]))
        return answer


async def proposals(agent: httpx.AsyncClient, talk: uuid.UUID) -> list[list[str]]:
    replies = (await agent.get(f"/api/conversations/{talk}")).json()["replies"]
    return [one["at_orders"] for one in replies if one["state"] == "failed"]


async def known(web: Web, agent: httpx.AsyncClient) -> uuid.UUID:
    """A conversation whose buyer's order is known."""
    talk, _ = await web.broken_cups()
    await agent.post(f"/api/conversations/{talk}/lookup")
    return talk


@pytest.mark.feature("F093")
async def test_the_order_is_proposed_and_what_a_person_approves_for_it_is_left_there_once(web: Web) -> None:
    platform, agent = Platform(web), await web.enter()
    talk = await known(web, agent)
    assert (await platform.write(agent, talk)).status_code == 202
    assert await proposals(agent, talk) == [[ORDER]]
    assert platform.left == [], "nothing goes to an order by itself"

    id = str(uuid.uuid4())
    for _ in range(2):
        assert (await platform.write(agent, talk, id=id, at_order=ORDER)).status_code == 202
    assert [(one.order, one.text) for one in platform.left] == [(ORDER, TEXT)]
    assert platform.keys == [id]
    row = next(one for one in await web.rows(OutboxRow) if str(one.id) == id)
    assert (row.state, row.sendable, row.source_kind) == ("sent", "order_message", "typed")
    message = next(one for one in await web.rows(MessageRow) if one.platform_message_id == "order-1")
    assert (message.role, message.kind, message.text, message.order_id) == ("agent", "text", TEXT, ORDER)
    (noted,) = [one.detail for one in await web.rows(AuditRow) if one.object == id]
    assert noted["at_order"] == ORDER
    assert await proposals(agent, talk) == [[]], "what was left there is not proposed again"
    # The chat stays closed: the next text is proposed anew.
    await platform.write(agent, talk, text="好的，您慢慢说。")
    assert await proposals(agent, talk) == [[], [ORDER]]


async def test_the_text_of_an_accepted_draft_is_proposed_too(web: Web) -> None:
    platform, agent = Platform(web), await web.enter()
    talk, draft = await web.broken_cups()
    await agent.post(f"/api/conversations/{talk}/lookup")
    decided = {"kind": "accept", "revision": draft.revision, "text_hash": draft.text_hash}
    assert (await agent.post(f"/api/drafts/{draft.id}/decision", json=decided)).status_code in (200, 202)
    (row,) = await web.rows(OutboxRow)
    await platform.outbox.send(web.merchant, row.id)
    assert await proposals(agent, talk) == [[ORDER]]


async def test_only_to_a_closed_chat_s_own_buyer_s_order_and_only_where_the_platform_has_it(web: Web) -> None:
    platform, agent = Platform(web), await web.enter()
    talk = await known(web, agent)

    async def refused(**more: str) -> tuple[str, str | None]:
        error = (await platform.write(agent, talk, **more)).json()["error"]
        return error["code"], error.get("field") or error.get("state")

    assert await refused(at_order=ORDER) == ("wrong_state", "open")
    await platform.write(agent, talk)
    assert await refused(at_order="of-somebody-else") == ("bad_input", "at_order")
    assert await refused(at_order="a\x00b") == ("bad_input", "at_order")
    # The rules hold for this way as well.
    blocked = await platform.write(agent, talk, text="加我微信 abc123 聊", at_order=ORDER)
    assert blocked.json()["error"]["code"] == "text_blocked"
    # Who writes again has opened the chat.
    await web.buyer("在吗")
    assert await refused(at_order=ORDER) == ("wrong_state", "open")
    assert await proposals(agent, talk) == [[]]
    assert platform.left == []


async def test_without_such_messages_nothing_is_proposed_or_taken(web: Web) -> None:
    platform, agent = Platform(web, at_orders=False), await web.enter()
    talk = await known(web, agent)
    await platform.write(agent, talk)
    assert await proposals(agent, talk) == [[]]
    assert (await platform.write(agent, talk, at_order=ORDER)).json()["error"]["code"] == "unsupported"


async def test_an_unknown_outcome_is_never_tried_again_by_itself(web: Web) -> None:
    platform, agent = Platform(web), await web.enter()
    talk = await known(web, agent)
    await platform.write(agent, talk)
    platform.ends.append(OutcomeUnknown("cut"))
    id = str(uuid.uuid4())
    await platform.write(agent, talk, id=id, at_order=ORDER)
    for _ in range(3):
        web.clock.advance(60)
        await platform.outbox.send(web.merchant, uuid.UUID(id))
    (row,) = [one for one in await web.rows(OutboxRow) if str(one.id) == id]
    assert (row.state, row.error, platform.left) == ("unconfirmed", "outcome_unknown", [])
    assert await proposals(agent, talk) == [[]], "it may stand there already"
