"""Machines: a secret shown once, a role that fits machines, revoked at once."""

import uuid

import pytest
from sqlalchemy import select, text

from copilot.access import tokens
from copilot.access.principal import MAY, Action, Principal, Role
from copilot.domain.clock import FrozenClock
from copilot.domain.errors import BadInput
from copilot.store.engine import Store
from copilot.store.tables import TokenRow
from tests.access.conftest import Two


async def test_a_token_opens_its_merchants_door(store: Store, clock: FrozenClock, two: Two) -> None:
    secret = await tokens.add(store, two.a, "erp", "agent", clock)
    assert secret.startswith("rc_")
    found = await tokens.find(store, secret, clock)
    assert found is not None
    assert (found.merchant, found.kind, found.name, found.role) == (two.a, "token", "erp", Role.AGENT)
    assert (found.csrf, found.session, found.login) == (None, None, None)


async def test_only_its_hash_is_kept(store: Store, clock: FrozenClock, two: Two) -> None:
    secret = await tokens.add(store, two.a, "erp", "qa", clock)
    async with store.merchant(two.a) as session:
        for table in ("tokens", "directory", "audit"):
            told = " ".join(await session.scalars(text(f"SELECT row_to_json(t)::text FROM {table} t")))
            assert secret not in told
            assert secret.removeprefix("rc_") not in told


async def test_a_revoked_token_opens_nothing(store: Store, clock: FrozenClock, two: Two) -> None:
    first = await tokens.add(store, two.a, "erp", "agent", clock)
    with pytest.raises(BadInput, match="already"):
        await tokens.add(store, two.a, "erp", "agent", clock)
    with pytest.raises(BadInput, match="no token erp"):
        await tokens.revoke(store, two.b, "erp", clock)
    await tokens.revoke(store, two.a, "erp", clock)
    assert await tokens.find(store, first, clock) is None
    with pytest.raises(BadInput):
        await tokens.revoke(store, two.a, "erp", clock)
    second = await tokens.add(store, two.a, "erp", "qa", clock)
    assert await tokens.find(store, first, clock) is None
    found = await tokens.find(store, second, clock)
    assert found is not None
    assert found.role is Role.QA


@pytest.mark.parametrize("role", ["owner", "general_admin", "supervisor", "", "root"])
async def test_machines_are_no_owners(store: Store, clock: FrozenClock, two: Two, role: str) -> None:
    with pytest.raises(BadInput, match="agent, qa, adapter"):
        await tokens.add(store, two.a, "erp", role, clock)


@pytest.mark.parametrize("secret", ["", "rc_", "rc_x", "Bearer rc_x", "\ud800", "rc_\ud800"])
async def test_garbage_opens_nothing(store: Store, clock: FrozenClock, two: Two, secret: str) -> None:
    assert await tokens.find(store, secret, clock) is None


async def test_use_is_written_down_once_a_minute(store: Store, clock: FrozenClock, two: Two) -> None:
    secret, start = await tokens.add(store, two.a, "erp", "agent", clock), clock.now()
    await tokens.find(store, secret, clock)
    clock.advance(59)
    await tokens.find(store, secret, clock)
    (row,) = await tokens.tokens(store, two.a)
    assert row.used_at == start
    clock.advance(1)
    await tokens.find(store, secret, clock)
    (row,) = await tokens.tokens(store, two.a)
    assert row.used_at == clock.now()
    async with store.merchant(two.b) as session:
        assert await session.scalar(select(TokenRow)) is None


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("owner", "read check reply decide manage assign watch sample hear"),
        ("general_admin", "read check reply decide manage assign watch sample hear"),
        ("supervisor", "read check reply decide assign watch sample hear"),
        ("agent", "read check reply decide"),
        ("qa", "read check sample hear"),
        ("adapter", ""),
    ],
)
def test_roles(role: str, may: str) -> None:
    principal = Principal(uuid.uuid4(), uuid.uuid4(), "person", "x", Role(role), "en")
    assert {action for action in Action if principal.can(action)} == {Action(name) for name in may.split()}
    assert principal.actions() == tuple(sorted(may.split()))


def test_every_role_is_in_the_table() -> None:
    assert set(MAY) == set(Role)
