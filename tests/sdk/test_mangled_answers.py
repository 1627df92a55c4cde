"""What a platform answers when an order, a product or a chat's past is read: changed anywhere, nothing else escapes.

Each call is made once against the adapter's emulator, and what that answered is what is changed here, answer by answer.
"""

import contextlib
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import httpx
import pytest
from copilot_adapter_chatwoot.conformance import ChatwootProof
from copilot_adapter_douyin.conformance import DouyinProof
from copilot_adapter_matrix.conformance import MatrixProof
from copilot_adapter_tiktok_shop.conformance import TikTokShopProof

from copilot.domain.clock import FrozenClock
from copilot.domain.money import Money
from copilot.domain.order import Product
from copilot.sdk import Account, AdapterError, FoundBuyer, FoundOrder, MessageEvent, PlatformMessage, Who
from copilot.sdk.testing.kit import Proof
from copilot.sdk.testing.kit.bench import Bench
from copilot.sdk.testing.kit.mangling import hostile, mangled
from copilot.sdk.testing.kit.stage import Stage, on_stage

BODIES: Final = 300
"""For each call; the table of values that stands before chance has about as many."""
PRODUCT: Final = "1729000000000000001"

Call = Callable[[Stage, Account], Awaitable[object]]
Heard = list[tuple[str, bytes]]


async def buyer(stage: Stage, account: Account) -> object:
    who = Who(conversation=stage.thread().id, orders=(stage.order("mine").id,))
    found = await stage.adapter.buyer(account, who)
    assert isinstance(found, FoundBuyer)
    return found.orders


async def order(stage: Stage, account: Account) -> object:
    number = stage.order("mine").id
    found = await stage.adapter.order(account, number)
    assert found is None or (isinstance(found, FoundOrder) and found.order.id == number)
    return found


async def product(stage: Stage, account: Account) -> object:
    found = await stage.adapter.product(account, PRODUCT)
    assert found is None or isinstance(found, Product)
    return found


async def sent_since(stage: Stage, account: Account) -> object:
    since = stage.platform.clock.now() - timedelta(hours=1)
    found = await stage.adapter.sent_since(account, stage.thread().id, since)
    assert all(isinstance(one, PlatformMessage) for one in found)
    return found


async def enter(stage: Stage, account: Account) -> object:
    found = await stage.adapter.enter(account, stage.thread().id)
    assert all(isinstance(one, MessageEvent) for one in found)
    return found


@dataclass(frozen=True)
class Reading:
    """One call of an adapter that reads."""

    proof: Proof
    call: Call

    def __str__(self) -> str:
        return f"{self.proof.adapter.name}-{self.call.__name__}"


READINGS: Final = (
    *(Reading(TikTokShopProof(), call) for call in (buyer, order, product, sent_since)),
    *(Reading(DouyinProof(), call) for call in (buyer, order)),
    Reading(ChatwootProof(), sent_since),
    Reading(MatrixProof(), enter),
)


@contextlib.asynccontextmanager
async def heard_by(reading: Reading) -> AsyncGenerator[tuple[Stage, Heard]]:
    """A stage on which the call went well, and each answer that it was given."""
    heard: Heard = []

    async def keep(response: httpx.Response) -> None:
        heard.append((_key(response.request), await response.aread()))

    async with on_stage(Bench(reading.proof, FrozenClock(reading.proof.now))) as stage:
        await stage.platform.say("robin", "where is it")
        if hasattr(stage.adapter, "order"):
            stage.platform.add_order(stage.order("mine"), "robin")
        if hasattr(stage.adapter, "product"):
            price = Money(amount="59.90", currency=stage.platform.currency)
            stage.platform.add_product(Product(id=PRODUCT, name="Cup", price=price))
        await stage.send("on its way")
        stage.account.http.event_hooks = {"response": [keep]}
        assert await reading.call(stage, stage.account), "nothing was read, and nothing would be changed"
        yield stage, heard


def _key(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"


def answers(heard: Heard, at: int, body: bytes) -> Callable[[httpx.Request], httpx.Response]:
    """Answers as they were heard, whatever order they are asked for in, but for the one ``at`` its place."""
    left: dict[str, list[bytes]] = {}
    for number, (key, good) in enumerate(heard):
        left.setdefault(key, []).append(body if number == at else good)

    def answer(request: httpx.Request) -> httpx.Response:
        waiting = left.get(_key(request))
        return httpx.Response(200, content=waiting.pop(0)) if waiting else httpx.Response(404)

    return answer


async def ends_well(reading: Reading, stage: Stage, answer: Callable[[httpx.Request], httpx.Response]) -> bool:
    """Whether something was read; an error of the contract is as good."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), trust_env=False) as http:
        with contextlib.suppress(AdapterError):
            await reading.call(stage, replace(stage.account, http=http))
            return True
    return False


def changed(heard: Heard, seed: str) -> list[tuple[int, bytes]]:
    """Changed answers and their places: ``BODIES`` of all that there are, the same in every run."""
    every = [(at, body) for at, (_, good) in enumerate(heard) for body in mangled(good, BODIES, f"{seed} {at}")]
    return random.Random(seed).sample(every, BODIES)


@pytest.mark.parametrize("reading", READINGS, ids=str)
async def test_changed_answers_are_read_or_an_error_of_the_contract(reading: Reading) -> None:
    async with heard_by(reading) as (stage, heard):
        bodies = changed(heard, str(reading))
        ends = [await ends_well(reading, stage, answers(heard, at, body)) for at, body in bodies]
    assert len(ends) == BODIES
    assert {True, False} == set(ends), "changes that are never noticed, or always, prove nothing"


@pytest.mark.parametrize("reading", READINGS, ids=str)
async def test_hostile_answers_are_refused_by_an_error_of_the_contract(reading: Reading) -> None:
    async with heard_by(reading) as (stage, heard):
        at = next(number for number, (key, _) in enumerate(heard) if not key.startswith("POST /platform/_matrix"))
        for what, body in hostile(heard[at][1]):
            read = await ends_well(reading, stage, answers(heard, at, body))
            assert not read or what == "an endless number", what
