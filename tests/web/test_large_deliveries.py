"""A platform that packs much into one call: the door lets in what its adapter says, and no byte more."""

import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from copilot_adapter_matrix.adapter import Matrix
from copilot_adapter_matrix.settings import MatrixSettings

from copilot.access.merchants import NewShop, add_shop
from copilot.access.vault import Vault
from copilot.channel.registry import Registry
from copilot.flow.shops import Shops
from copilot.settings import Settings
from copilot.store.tables import DeadLetterRow, MessageRow
from copilot.web.app import make_app
from copilot.web.parts import open_parts
from tests.channel.platform import NOON
from tests.web.conftest import ORIGIN, Web

TOKEN = "t" * 40
MOST_EVENTS, MOST_OF_ONE = 100, 65_536
"""What a homeserver packs into one transaction: so many events, of so many bytes each."""


def event(number: int, size: int) -> dict[str, Any]:
    """A buyer's message that has ``size`` bytes on the wire, or one or two more."""
    told: dict[str, Any] = {
        "type": "m.room.message",
        "event_id": f"${number}",
        "room_id": f"!room{number % 7}:example.org",
        "sender": "@robin:example.org",
        "origin_server_ts": int(NOON.timestamp() * 1000) + number,
        "content": {"msgtype": "m.text", "body": "什么时候发货"},
    }
    told["content"]["org.example.padding"] = "x" * (size - len(json.dumps(told)))
    return told


def transaction(*events: dict[str, Any]) -> bytes:
    return json.dumps({"events": events}).encode()


@pytest.fixture
async def homeserver(web: Web, rules: Shops, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Delivers to a shop on Matrix beside the others."""
    settings = Settings.model_validate({"data_dir": tmp_path})
    form = MatrixSettings.model_validate(
        {
            "homeserver": "https://matrix.example.org",
            "as_token": "a" * 40,
            "hs_token": TOKEN,
            "bot": "@support:example.org",
        }
    )
    shop = NewShop(
        slug="rooms", name="Rooms", platform="matrix", market="cn", platform_shop_id="rooms", adapter="matrix",
        pack="generic", profile="generic", zone="Asia/Shanghai", settings=form,
    )  # fmt: skip
    await add_shop(web.store, Vault.load(settings), web.merchant, shop, web.clock)
    adapters = Registry([web.adapter, Matrix()])
    async with open_parts(web.store, settings, web.clock, adapters=adapters, shops=rules) as parts:
        transport = httpx.ASGITransport(app=make_app(parts), raise_app_exceptions=False)
        headers = {"authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
            yield client


async def deliver(client: httpx.AsyncClient, body: bytes) -> httpx.Response:
    return await client.put(f"/in/matrix/rooms/_matrix/app/v1/transactions/{uuid.uuid4()}", content=body)


async def test_the_largest_transaction_of_a_homeserver_is_taken_and_a_larger_one_refused(
    web: Web, homeserver: httpx.AsyncClient
) -> None:
    few = transaction(*(event(number, MOST_OF_ONE) for number in range(31)))
    full = transaction(*(event(100 + number, MOST_OF_ONE) for number in range(MOST_EVENTS)))
    assert len(few) > 2_000_000
    assert len(full) > 6_500_000
    before = len(await web.rows(MessageRow))
    for body, stored in ((few, 31), (full, 31 + MOST_EVENTS)):
        assert (await deliver(homeserver, body)).status_code == 200
        assert len(await web.rows(MessageRow)) - before == stored
    too_large = transaction(*(event(300 + number, MOST_OF_ONE) for number in range(130)))
    assert len(too_large) > Matrix.largest_delivery
    assert (await deliver(homeserver, too_large)).status_code == 413
    assert len(await web.rows(MessageRow)) - before == 31 + MOST_EVENTS
    assert await web.rows(DeadLetterRow) == []


async def test_one_adapters_word_holds_for_no_other(web: Web, homeserver: httpx.AsyncClient) -> None:
    body = b"x" * (2**20 + 1)
    for path in ("/in/plain", "/in/plain/matrix", "/in/nobody", "/in/matri", "/in/"):
        assert (await homeserver.post(path, content=body)).status_code == 413, path
    assert (await homeserver.put("/in/matrix/rooms/_matrix/app/v1/transactions/1", content=body)).status_code == 200
