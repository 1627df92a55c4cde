"""Settings of adapters come back as they were, belong to one shop, and never replace newer ones unseen."""

from typing import Any

import pytest
from pydantic import BaseModel, SecretStr
from sqlalchemy import text, update

from copilot.access import credentials
from copilot.access.credentials import revealed
from copilot.access.errors import StaleCredentials
from copilot.access.vault import Vault
from copilot.domain.clock import FrozenClock
from copilot.domain.errors import BadConfiguration
from copilot.store.engine import Store
from copilot.store.tables import CredentialRow
from tests.access.conftest import SECRET, Two, settings


async def test_they_come_back_and_count_revisions(store: Store, vault: Vault, clock: FrozenClock, two: Two) -> None:
    async with store.merchant(two.a) as session:
        first = await credentials.read(session, vault, two.shop_a)
        assert first is not None
        assert first.revision == 1
        assert first.values == revealed(settings())
        assert await credentials.save(session, vault, two.a, two.shop_a, {"token": '秘 "密"'}, clock) == 2
        again = await credentials.read(session, vault, two.shop_a)
        assert again == credentials.Stored({"token": '秘 "密"'}, 2)


async def test_nothing_readable_is_stored_or_shown(store: Store, vault: Vault, two: Two) -> None:
    async with store.merchant(two.a) as session:
        sealed = await session.scalar(text("SELECT sealed FROM credentials"))
        stored = await credentials.read(session, vault, two.shop_a)
    assert SECRET.encode() not in bytes(sealed)
    assert SECRET not in repr(stored)


async def test_none_when_nobody_entered_any(store: Store, vault: Vault, two: Two) -> None:
    async with store.merchant(two.a) as session:
        assert await credentials.read(session, vault, two.shop_b) is None


async def test_a_row_in_another_shops_place_does_not_open(store: Store, vault: Vault, two: Two) -> None:
    async with store.merchant(two.b) as session:
        foreign = await session.scalar(text("SELECT sealed FROM credentials"))
    async with store.merchant(two.a) as session:
        await session.execute(update(CredentialRow).values(sealed=foreign))
        with pytest.raises(BadConfiguration, match="made for another one"):
            await credentials.read(session, vault, two.shop_a)


async def test_a_refresh_does_not_undo_what_was_entered_meanwhile(
    store: Store, vault: Vault, clock: FrozenClock, two: Two
) -> None:
    async with store.merchant(two.a) as session:
        await credentials.save(session, vault, two.a, two.shop_a, {"token": "entered"}, clock, expected=1)
    with pytest.raises(StaleCredentials):
        async with store.merchant(two.a) as session:
            await credentials.save(session, vault, two.a, two.shop_a, {"token": "refreshed"}, clock, expected=1)
    async with store.merchant(two.a) as session:
        stored = await credentials.read(session, vault, two.shop_a, lock=True)
    assert stored is not None
    assert stored.values == {"token": "entered"}


class _Inner(BaseModel):
    key: SecretStr


class _Deep(BaseModel):
    one: _Inner
    many: tuple[_Inner, ...]
    named: dict[str, SecretStr]


def test_secrets_are_found_wherever_they_stand() -> None:
    deep = _Deep.model_validate({"one": {"key": "a"}, "many": [{"key": "b"}, {"key": "c"}], "named": {"x": "d"}})
    assert revealed(deep) == {"one": {"key": "a"}, "many": [{"key": "b"}, {"key": "c"}], "named": {"x": "d"}}


async def test_a_mask_is_never_stored_for_a_secret(store: Store, vault: Vault, clock: FrozenClock, two: Two) -> None:
    masked: dict[str, Any] = settings().model_dump(mode="json")
    async with store.merchant(two.a) as session:
        with pytest.raises(ValueError, match="masked"):
            await credentials.save(session, vault, two.a, two.shop_a, masked, clock)
