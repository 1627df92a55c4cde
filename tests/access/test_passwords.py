"""Passwords are long enough, hashed slowly, and cost the same for a login that does not exist."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, extract_parameters

from copilot.access import passwords
from copilot.domain.errors import BadInput


@pytest.fixture(autouse=True)
def _shipped(shipped_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hash of the product in the place of the quick one of the other tests."""
    monkeypatch.setattr(passwords, "_hasher", shipped_hasher)
    passwords._nobody.cache_clear()  # pyright: ignore[reportPrivateUsage]
    yield
    passwords._nobody.cache_clear()  # pyright: ignore[reportPrivateUsage]


async def test_a_shipped_hash_costs_what_rfc_9106_asks_of_small_machines() -> None:
    found = extract_parameters(await passwords.encode("correct horse"))
    assert found.memory_cost >= 64 * 1024
    assert found.time_cost >= 3
    assert not passwords.is_outdated(await passwords.encode("correct horse"))


@pytest.mark.parametrize("password", ["", "123456789", " " * 12, "x" * 201, "li.na@shop", "ＬＩ.NA@SHOP"])
def test_what_can_be_guessed_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(BadInput) as caught:
        passwords.check(password, "Li.Na@Shop")
    assert not password.strip() or password not in str(caught.value)


@pytest.mark.parametrize("password", ["1234567890", "十个汉字也可以当密码", "a b c d e f"])
def test_long_enough_is_enough(password: str) -> None:
    assert passwords.check(password, "li.na") == password


async def test_only_the_right_one_matches() -> None:
    encoded = await passwords.encode("correct horse 马")
    assert encoded.startswith("$argon2id$")
    assert await passwords.matches(encoded, "correct horse 马")
    # An input method in full-width mode types the same password.
    assert await passwords.matches(encoded, "ｃorrect horse 马")
    assert not await passwords.matches(encoded, "Correct horse 马")
    assert not await passwords.matches(encoded, "")
    assert not await passwords.matches(encoded, "\ud800")


async def test_nobodys_password_is_never_right() -> None:
    for guess in ("", "correct horse", "\ud800"):
        assert not await passwords.matches(None, guess)
        assert not await passwords.matches("damaged", guess)


async def test_nobodys_password_is_compared_with_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            compared.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    # Whoever ran before in this process may have hashed with other parameters.
    passwords._nobody.cache_clear()  # pyright: ignore[reportPrivateUsage]
    encoded = await passwords.encode("correct horse")
    await passwords.matches(encoded, "wrong")
    await passwords.matches(None, "wrong")
    assert len(compared) == 2
    assert compared[0] == compared[1], "the parameters decide how long it takes"


async def test_it_never_blocks_the_loop_and_never_runs_more_than_two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, threads = 0, 0, set[int]()
    lock = threading.Lock()

    class Watched(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
                threads.add(threading.get_ident())
            done = super().hash(password, salt=salt)
            with lock:
                running -= 1
            return done

    monkeypatch.setattr(passwords, "_hasher", Watched(time_cost=1, memory_cost=8192, parallelism=1))
    await asyncio.gather(*(passwords.encode(f"password {number}") for number in range(8)))
    assert most <= 2
    assert threading.get_ident() not in threads
