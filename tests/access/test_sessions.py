"""Who may enter: the right password, not too often, not for ever, and nobody who was sent away."""

import asyncio
import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from copilot.access import passwords, people, sessions, throttle
from copilot.access.errors import TooManyAttempts, WrongLogin
from copilot.access.principal import Role
from copilot.access.sessions import Lifetimes, SignedIn
from copilot.domain.clock import FrozenClock
from copilot.domain.errors import BadInput
from copilot.store.engine import Store
from copilot.store.tables import AuditRow, DirectoryRow, LoginAttemptRow, PersonRow, SessionRow
from tests.access.conftest import Two

PASSWORD = "canary horse battery"
HERE = "203.0.113.7"


@pytest.fixture
async def lina(store: Store, clock: FrozenClock, two: Two) -> uuid.UUID:
    return await people.add_person(store, two.a, "Li.Na", "Li Na", "agent", "zh", PASSWORD, clock)


async def enter(store: Store, clock: FrozenClock, login: str = "li.na", password: str = PASSWORD) -> SignedIn:
    return await sessions.sign_in(store, login, password, HERE, clock)


async def refused(store: Store, clock: FrozenClock, login: str = "li.na", password: str = "wrong") -> None:
    with pytest.raises(WrongLogin):
        await enter(store, clock, login, password)


async def test_a_login_is_known_by_its_secret(store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID) -> None:
    signed = await enter(store, clock, " LI.NA ")
    found = await sessions.find(store, signed.secret, clock)
    assert found == signed.principal
    assert found is not None
    assert (found.merchant, found.id, found.kind, found.role) == (two.a, lina, "person", Role.AGENT)
    assert (found.name, found.login, found.language) == ("Li Na", "li.na", "zh")
    assert len(signed.secret) >= 43
    assert found.csrf is not None
    assert found.csrf != signed.secret


async def test_two_logins_share_nothing(store: Store, clock: FrozenClock, lina: uuid.UUID) -> None:
    first, second = await enter(store, clock), await enter(store, clock)
    assert first.secret != second.secret
    assert first.principal.csrf != second.principal.csrf
    await sessions.sign_out(store, first.principal)
    assert await sessions.find(store, first.secret, clock) is None
    assert await sessions.find(store, second.secret, clock) is not None
    await sessions.sign_out(store, first.principal)


async def test_the_secret_is_stored_nowhere(store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID) -> None:
    signed = await enter(store, clock)
    shown = repr(signed) + repr(signed.principal)
    async with store.merchant(two.a) as session:
        for table in ("sessions", "directory", "audit", "people", "login_attempts"):
            shown += " ".join(await session.scalars(text(f"SELECT row_to_json(t)::text FROM {table} t")))
    assert signed.secret not in shown
    assert PASSWORD not in shown
    assert HERE not in shown
    assert signed.principal.csrf not in repr(signed)


@pytest.mark.parametrize("login", ["nobody", "", "li.na\x00", "\ud800", "x" * 5000, "li na"])
async def test_a_stranger_learns_nothing(store: Store, clock: FrozenClock, lina: uuid.UUID, login: str) -> None:
    with pytest.raises(WrongLogin) as stranger:
        await enter(store, clock, login)
    with pytest.raises(WrongLogin) as known:
        await enter(store, clock, "li.na", "wrong")
    assert str(stranger.value) == str(known.value)


@pytest.mark.parametrize("secret", ["", "x", "\ud800", "rc_x", "a" * 100_000])
async def test_garbage_is_nobodys_login(store: Store, clock: FrozenClock, lina: uuid.UUID, secret: str) -> None:
    assert await sessions.find(store, secret, clock) is None


async def test_a_login_ends_when_it_is_idle_and_when_it_is_old(
    store: Store, clock: FrozenClock, lina: uuid.UUID
) -> None:
    signed = await enter(store, clock)
    for _ in range(15):
        clock.advance(11 * 3600)
        assert await sessions.find(store, signed.secret, clock) is not None, "used, so it slides"
    clock.advance(3 * 3600)
    # Seven days after the login nothing helps.
    assert await sessions.find(store, signed.secret, clock) is None


async def test_twelve_hours_without_use_end_it(store: Store, clock: FrozenClock, lina: uuid.UUID) -> None:
    signed = await enter(store, clock)
    clock.advance(12 * 3600 - 1)
    # A stream that only looks does not count as use.
    assert await sessions.find(store, signed.secret, clock, use=False) is not None
    clock.advance(1)
    assert await sessions.find(store, signed.secret, clock) is None


async def test_use_is_written_down_once_a_minute(store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID) -> None:
    async def seen() -> float:
        async with store.merchant(two.a) as session:
            at = await session.scalar(select(SessionRow.seen_at))
        assert at is not None
        return at.timestamp()

    signed, start = await enter(store, clock), clock.now().timestamp()
    clock.advance(59)
    await sessions.find(store, signed.secret, clock)
    assert await seen() == start
    clock.advance(1)
    await sessions.find(store, signed.secret, clock)
    assert await seen() == start + 60


async def test_lifetimes_are_settings(store: Store, clock: FrozenClock, lina: uuid.UUID) -> None:
    short = Lifetimes(timedelta(minutes=5), timedelta(minutes=6))
    signed = await sessions.sign_in(store, "li.na", PASSWORD, None, clock, lifetimes=short)
    clock.advance(280)
    assert await sessions.find(store, signed.secret, clock, lifetimes=short) is not None
    clock.advance(80)
    assert await sessions.find(store, signed.secret, clock, lifetimes=short) is None


@pytest.mark.feature("F005")
async def test_a_changed_role_holds_from_the_next_request(
    store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID
) -> None:
    signed = await enter(store, clock)
    await people.set_role(store, two.a, "li.na", "qa", clock)
    found = await sessions.find(store, signed.secret, clock)
    assert found is not None
    assert found.role is Role.QA


async def test_somebody_sent_away_is_out_at_once(store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID) -> None:
    signed = await enter(store, clock)
    await people.set_active(store, two.a, "li.na", False, clock)
    assert await sessions.find(store, signed.secret, clock) is None
    await refused(store, clock, password=PASSWORD)
    await people.set_active(store, two.a, "li.na", True, clock)
    assert await sessions.find(store, signed.secret, clock) is None, "an old login does not come back"
    await enter(store, clock)


async def test_a_new_password_ends_every_login(store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID) -> None:
    first, second = await enter(store, clock), await enter(store, clock)
    await people.set_password(store, two.a, "LI.NA", "another horse", clock)
    for signed in (first, second):
        assert await sessions.find(store, signed.secret, clock) is None
    await refused(store, clock, password=PASSWORD)
    await enter(store, clock, password="another horse")
    async with store.system() as session:
        left = await session.scalar(select(func.count()).where(DirectoryRow.kind == "session"))
    assert left == 1


async def test_a_login_is_one_persons_everywhere(store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID) -> None:
    with pytest.raises(BadInput, match="taken"):
        await people.add_person(store, two.b, "ＬＩ.na", "Other", "owner", "en", PASSWORD, clock)
    assert await people.people(store, two.b) == []
    with pytest.raises(BadInput, match="nobody called"):
        await people.set_password(store, two.b, "li.na", "stolen password", clock)
    await enter(store, clock)


async def test_merchants_people_and_logins_are_kept_apart(
    store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID
) -> None:
    await enter(store, clock)
    async with store.merchant(two.b) as session:
        for row in (PersonRow, SessionRow):
            assert await session.scalar(select(func.count()).select_from(row)) == 0
        assert await session.scalar(select(AuditRow).where(AuditRow.action.like("person.%"))) is None


async def test_guessing_gets_slower_and_the_right_password_does_not_help(
    store: Store, clock: FrozenClock, lina: uuid.UUID
) -> None:
    for _ in range(5):
        await refused(store, clock)
    await refused(store, clock)  # the sixth is looked at, and from now on each waits longer
    waits: list[int] = []
    for _ in range(10):
        with pytest.raises(TooManyAttempts) as caught:
            await enter(store, clock)
        waits.append(caught.value.retry_after)
        clock.advance(caught.value.retry_after)
        await refused(store, clock)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    clock.advance(300)
    await enter(store, clock)
    for _ in range(5):
        await refused(store, clock)
    await enter(store, clock)


async def test_an_attempt_that_came_too_early_costs_nothing(store: Store, clock: FrozenClock, lina: uuid.UUID) -> None:
    for _ in range(6):
        await refused(store, clock)
    for _ in range(20):
        with pytest.raises(TooManyAttempts):
            await enter(store, clock)
    clock.advance(2)
    await enter(store, clock)


async def test_many_at_once_are_counted_one_by_one(store: Store, clock: FrozenClock, lina: uuid.UUID) -> None:
    outcomes = await asyncio.gather(*(enter(store, clock, password="wrong") for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(outcome, WrongLogin) for outcome in outcomes) == 6
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 6


async def test_one_address_cannot_try_every_login(store: Store, clock: FrozenClock, lina: uuid.UUID) -> None:
    for number in range(21):
        await refused(store, clock, f"guess{number}")
    with pytest.raises(TooManyAttempts):
        await enter(store, clock)
    elsewhere = await sessions.sign_in(store, "li.na", PASSWORD, "198.51.100.1", clock)
    assert elsewhere.principal.name == "Li Na"


async def test_a_stranger_cannot_keep_somebody_out(store: Store, clock: FrozenClock, lina: uuid.UUID) -> None:
    for _ in range(40):
        with pytest.raises((WrongLogin, TooManyAttempts)) as caught:
            await sessions.sign_in(store, "li.na", "wrong", "198.51.100.1", clock)
        clock.advance(getattr(caught.value, "retry_after", 0))
    await enter(store, clock)


async def test_guessing_from_many_places_gets_slower_too(store: Store, clock: FrozenClock, lina: uuid.UUID) -> None:
    for number in range(51):
        with pytest.raises(WrongLogin):
            await sessions.sign_in(store, "li.na", "wrong", f"198.51.100.{number}", clock)
    with pytest.raises(TooManyAttempts):
        await enter(store, clock)


async def test_counts_are_forgotten_after_a_day(store: Store, clock: FrozenClock, lina: uuid.UUID) -> None:
    for _ in range(6):
        await refused(store, clock)
    await refused(store, clock, "somebody.else")
    clock.advance(24 * 3600 + 1)
    for _ in range(6):
        await refused(store, clock)
    clock.advance(2)
    await enter(store, clock)
    async with store.system() as session:
        assert await session.scalar(select(func.count()).select_from(LoginAttemptRow)) == 0


def test_addresses_of_one_customer_count_together() -> None:
    def key(address: str) -> set[str]:
        return set(throttle.keys("x", address))

    assert key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9")
    assert key("2001:db8:1:2::1") != key("2001:db8:1:3::1")
    assert key("::ffff:203.0.113.7") == key("203.0.113.7")
    assert key("fe80::1%eth0") == key("fe80::1")
    assert len(throttle.keys("x", None)) == 1


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_failures_never_wait_less(first: int, second: int) -> None:
    less, more = sorted((first, second))
    for allowance in (throttle.PERSON, throttle.LOGIN, throttle.ADDRESS):
        assert timedelta(0) <= allowance.wait(less) <= allowance.wait(more) <= timedelta(seconds=allowance.longest)


async def test_signing_in_is_in_the_log(store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID) -> None:
    await enter(store, clock)
    async with store.merchant(two.a) as session:
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.action == "person.signed_in")))
    assert [(row.by, row.object) for row in rows] == [(str(lina), str(lina))]


@pytest.mark.feature("F003")
async def test_two_people_share_no_credential_and_the_log_tells_them_apart(
    store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID
) -> None:
    other = await people.add_person(store, two.a, "w.wei", "Wang Wei", "agent", "zh", PASSWORD, clock)
    for login in ("li.na", "w.wei"):
        await enter(store, clock, login)
    async with store.merchant(two.a) as session:
        rows = list(await session.scalars(select(AuditRow.by).where(AuditRow.action == "person.signed_in")))
        hashes = list(await session.scalars(select(PersonRow.password_hash)))
        secrets = list(await session.scalars(select(SessionRow.secret_hash)))
    assert set(rows) == {str(lina), str(other)}
    assert len(set(hashes)) == len(set(secrets)) == 2, "the same password is another credential"


async def test_stronger_hashes_replace_weaker_ones(
    store: Store, clock: FrozenClock, two: Two, lina: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", type(passwords._hasher)(time_cost=2, memory_cost=64, parallelism=1))  # pyright: ignore[reportPrivateUsage]
    await enter(store, clock)
    async with store.merchant(two.a) as session:
        encoded = await session.scalar(select(PersonRow.password_hash))
    assert "t=2" in str(encoded)
    await enter(store, clock)
