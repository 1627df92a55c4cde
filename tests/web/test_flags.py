"""The red dot and "unreplied" follow from what was said and seen, stand in no column, and any message raises them."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from copilot.channel.sent import record_sent
from copilot.desk.known import KnownRows
from copilot.store.tables import Base, ConversationRow, MessageRow, OutboxRow
from tests.channel.platform import said
from tests.web.conftest import Web


async def flags(client: httpx.AsyncClient) -> dict[str, tuple[bool, str | None]]:
    """Of every conversation: whether it is unread, and what is unreplied in it."""
    rows = (await client.get("/api/conversations?list=all")).json()["conversations"]
    return {row["buyer"]["nickname"].removeprefix("buyer of "): (row["unread"], row["unreplied"]) for row in rows}


async def replay(web: Web) -> None:
    """The platform tells every buyer's message once more."""
    rows = sorted(await web.rows(MessageRow), key=lambda row: row.position)
    names = {row.id: row.platform_conversation_id for row in await web.rows(ConversationRow)}
    for row in rows:
        if row.role != "buyer":
            continue
        more: dict[str, Any] = {"sent_at": row.sent_at.isoformat()} if row.sent_at else {}
        event = said("s1", row.platform_message_id, row.text, conversation=names[row.conversation], **more)
        assert (await web.deliver(event)).status_code == 200


@pytest.mark.feature("F037")
async def test_the_dot_and_the_label_are_derived_and_the_same_after_a_replay(web: Web) -> None:
    agent = await web.enter()
    talks = {name: await web.buyer("在吗", name) for name in ("fresh", "seen", "answered", "again")}
    for talk in talks.values():
        assert (await agent.post(f"/api/conversations/{talk}/take")).status_code == 200
    for name in ("seen", "answered", "again"):
        said_there = [row for row in await web.rows(MessageRow) if row.conversation == talks[name]]
        newest = max(said_there, key=lambda row: row.position)
        url = f"/api/conversations/{talks[name]}/view"
        assert (await agent.post(url, json={"message": str(newest.id)})).status_code == 204
    for name in ("answered", "again"):
        reply = {"id": str(uuid.uuid4()), "text": "在的，您请说"}
        assert (await agent.post(f"/api/conversations/{talks[name]}/replies", json=reply)).status_code == 202
        async with web.store.merchant(web.merchant) as session:
            row = await session.get_one(OutboxRow, (web.merchant, uuid.UUID(reply["id"])))
            await record_sent(session, row, f"sent-{name}", web.clock)
    await web.buyer("还有一个问题", "again")
    found = await flags(agent)
    assert {name: (dot, label is not None) for name, (dot, label) in found.items()} == {
        "fresh": (True, True), "seen": (False, True), "answered": (False, False), "again": (True, True),
    }  # fmt: skip
    await replay(web)
    assert await flags(agent) == found
    # A process that remembers nothing finds the same.
    web.app.state.parts = replace(web.parts, known=KnownRows())
    assert await flags(agent) == found
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert not {name for name in columns if "unread" in name or "unreplied" in name}


@pytest.mark.feature("F106")
@pytest.mark.parametrize(
    "day",
    [
        datetime(2026, 11, 20, 4, tzinfo=UTC),
        # A Sunday, and the national holiday.
        datetime(2026, 11, 22, 4, tzinfo=UTC),
        datetime(2027, 10, 1, 4, tzinfo=UTC),
    ],
)
async def test_every_kind_of_message_needs_a_reply_on_every_day(web: Web, day: datetime) -> None:
    web.clock.advance((day - web.clock.now()).total_seconds())
    agent = await web.enter()
    for kind in ("text", "sticker", "image", "video", "order_card", "product_card"):
        about = {"product_id": "p1"} if kind == "product_card" else {"order_id": "1"} if kind == "order_card" else {}
        await web.buyer("在吗" if kind == "text" else "", kind, kind=kind, **about)
    rows = (await agent.get("/api/conversations?list=all&filter=unreplied")).json()["conversations"]
    waiting = {row["buyer"]["nickname"].removeprefix("buyer of ") for row in rows}
    assert waiting == {"text", "sticker", "image", "video", "order_card", "product_card"}
