"""Pending, replied, closed: what each platform's own traffic makes of a conversation, read on the desk."""

import uuid
from datetime import timedelta

import pytest
from copilot_adapter_chatwoot.conformance import ChatwootProof
from copilot_adapter_douyin.conformance import DouyinProof
from copilot_adapter_matrix.conformance import MatrixProof
from copilot_adapter_tiktok_shop.conformance import TikTokShopProof
from sqlalchemy import select

from copilot.assets import policy_folders
from copilot.channel.taking import Taking
from copilot.channel.told import told_by_feed
from copilot.domain.clock import FrozenClock
from copilot.sdk import Ended, OfConversation
from copilot.sdk.testing.kit import Proof
from copilot.sdk.testing.kit.bench import Bench
from copilot.store.tables import ShopRow
from tests.web.conftest import Web

TRAFFIC = [
    (TikTokShopProof, ("message_text",), "pending"),
    (TikTokShopProof, ("message_image",), "pending"),
    (TikTokShopProof, ("message_order_card",), "pending"),
    (TikTokShopProof, ("message_text", "message_by_auto_reply"), "pending"),
    (TikTokShopProof, ("message_text", "message_by_robot"), "pending"),
    (TikTokShopProof, ("message_text", "message_by_colleague"), "replied"),
    (TikTokShopProof, ("message_by_colleague", "message_text"), "pending"),
    (DouyinProof, ("chat_text",), "pending"),
    (DouyinProof, ("chat_picture",), "pending"),
    (DouyinProof, ("chat_text", "chat_robot"), "pending"),
    (DouyinProof, ("chat_text", "chat_colleague"), "replied"),
    (MatrixProof, ("message_text",), "pending"),
    (MatrixProof, ("message_sticker",), "pending"),
    (MatrixProof, ("message_text", "message_colleague"), "replied"),
    (ChatwootProof, ("message_text",), "pending"),
    (ChatwootProof, ("message_text", "message_greeting"), "pending"),
    (ChatwootProof, ("message_text", "message_by_bot"), "pending"),
    (ChatwootProof, ("message_text", "private_note"), "pending"),
    (ChatwootProof, ("message_text", "message_by_colleague"), "replied"),
    (ChatwootProof, ("message_text", "conversation_resolved"), "closed"),
    (ChatwootProof, ("message_text", "message_by_colleague", "conversation_resolved"), "closed"),
    (ChatwootProof, ("conversation_resolved", "message_text"), "pending"),
]
"""An adapter's recorded traffic in the order in which it happens, and where the conversation then stands."""


async def happens(web: Web, kind: type[Proof], names: tuple[str, ...]) -> uuid.UUID:
    """Let it all happen in one conversation of the shop, a second between two things."""
    proof = kind()
    bench = Bench(proof, FrozenClock(proof.now))
    known = {one.name: one for one in proof.corpus}
    taking = Taking(web.store, web.parts.accounts.vault, policy_folders(), web.clock, timedelta(days=30))
    async with web.store.merchant(web.merchant) as session:
        shop = (await session.scalars(select(ShopRow).where(ShopRow.id == web.shop))).one()
    for place, name in enumerate(names):
        web.clock.advance(1)
        for event in await bench.becomes(known[name]):
            if not isinstance(event, OfConversation):
                continue
            here = event.model_copy(update={"shop": shop.platform_shop_id, "conversation": "c1"})
            if here.type == "message":
                # Each was recorded at a time and a place of its own.
                said = here.message.model_copy(update={"id": f"m{place}", "sent_at": web.clock.now()})
                here = here.model_copy(update={"message": said, "sequence": place})
            await taking.heard(shop, [told_by_feed(shop, here)], "t", web.clock.now(), None)
    return uuid.UUID((await listed(web))["id"])


async def listed(web: Web) -> dict[str, str]:
    """The one conversation as the desk's list has it."""
    agent = web.clients[0] if web.clients else await web.enter()
    (row,) = (await agent.get("/api/conversations?list=all")).json()["conversations"]
    return row


@pytest.mark.feature("F021")
@pytest.mark.parametrize(("kind", "names", "state"), TRAFFIC, ids=lambda value: getattr(value, "__name__", str(value)))
async def test_where_a_conversation_stands(web: Web, kind: type[Proof], names: tuple[str, ...], state: str) -> None:
    await happens(web, kind, names)
    assert (await listed(web))["state"] == state


@pytest.mark.parametrize("kind", [TikTokShopProof, DouyinProof, MatrixProof], ids=lambda kind: kind.__name__)
async def test_where_the_platform_tells_no_end_a_person_closes(web: Web, kind: type[Proof]) -> None:
    assert not any(isinstance(event, Ended) for one in kind().corpus for event in one.becomes)
    name = "chat_text" if kind is DouyinProof else "message_text"
    talk = await happens(web, kind, (name,))
    assert (await web.clients[0].post(f"/api/conversations/{talk}/end")).status_code < 300
    assert (await listed(web))["state"] == "closed"
