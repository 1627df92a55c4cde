"""Each parser that ships takes ten thousand changed payloads: nothing escapes but the contract's errors."""

import contextlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from copilot_adapter_chatwoot.conformance import ChatwootProof
from copilot_adapter_douyin.conformance import DouyinProof
from copilot_adapter_matrix.conformance import MatrixProof
from copilot_adapter_tiktok_shop.conformance import TikTokShopProof
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, AdapterError, Batch, Delivery, Malformed, Polling
from copilot.sdk.inbound import LARGEST_DELIVERY, largest_of
from copilot.sdk.testing.kit import Proof
from copilot.sdk.testing.kit.bench import read
from copilot.sdk.testing.kit.mangling import hostile, mangled
from copilot.sdk.testing.kit.payloads import compact
from copilot.sdk.testing.kit.weighing import held
from tests.sdk.corner.proof import CornerProof

PROOFS: tuple[Proof, ...] = (TikTokShopProof(), DouyinProof(), ChatwootProof(), MatrixProof(), CornerProof())
EACH = 50
ROUNDS = 200
"""Together ten thousand for each parser, in a fraction of the time that as many examples of one would take."""


def account(proof: Proof) -> Account:
    form = proof.adapter.settings.model_validate(dict(proof.settings()))
    return Account(proof.shop, form, None, FrozenClock(datetime(2026, 11, 20, tzinfo=UTC)))  # type: ignore[arg-type]


def bodies(proof: Proof) -> list[Any]:
    return [one.delivery for one in proof.corpus if one.kind == "delivery"]


@pytest.mark.parametrize("proof", PROOFS, ids=lambda one: one.adapter.name)
def test_ten_thousand_changed_payloads_are_events_or_malformed(proof: Proof) -> None:
    deliveries, shop, adapter = bodies(proof), account(proof), proof.adapter()
    count = 0

    @settings(max_examples=ROUNDS, deadline=None)
    @given(st.integers(0, len(deliveries) - 1), st.integers(0, 10**6))
    def changed(which: int, seed: int) -> None:
        nonlocal count
        for body in by_chance(deliveries[which].body, str(seed)):
            count += 1
            with contextlib.suppress(Malformed):
                assert isinstance(read(adapter, replace(deliveries[which], body=body), shop), tuple)

    changed()
    assert count >= 10_000


ASKED = tuple(proof for proof in PROOFS if isinstance(proof.adapter(), Polling))


@pytest.mark.parametrize("proof", ASKED, ids=lambda one: one.adapter.name)
async def test_changed_answers_to_a_look_are_events_or_an_error_of_the_contract(proof: Proof) -> None:
    """What a platform answers when it is asked is a stranger's word too."""
    looks = [one for one in proof.corpus if one.kind == "exchange" and hasattr(proof.adapter(), "poll")]
    looks = [one for one in looks if one.raw.get("mode", "poll") == "poll" and not one.malformed]
    assert looks
    count = 0
    for seed in range(40):
        look = looks[seed % len(looks)]
        good = [compact(one.get("json", {})) for one in look.answers]
        place = seed // len(looks) % len(good)
        for body in by_chance(good[place], f"look {seed}"):
            count += 1
            answers = iter([*good[:place], body, *good[place + 1 :]])
            transport = httpx.MockTransport(lambda _, left=answers: httpx.Response(200, content=next(left, b"")))
            async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
                of = replace(account(proof), http=http, clock=FrozenClock(proof.now))
                with contextlib.suppress(AdapterError):
                    assert isinstance(await proof.adapter().poll(of, look.raw.get("cursor")), Batch)
    assert count >= 2_000


def by_chance(body: bytes, seed: str) -> Iterator[bytes]:
    """Those that chance changes, without the ones that are the same for every seed."""
    everything = list(mangled(body, EACH, seed))
    yield from everything[-EACH:]


@pytest.mark.parametrize("proof", PROOFS, ids=lambda one: one.adapter.name)
def test_a_parser_is_given_anything_that_is_no_delivery(proof: Proof) -> None:
    shop, adapter, delivery = account(proof), proof.adapter(), bodies(proof)[0]

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=300) | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps))
    def anything(raw: bytes | str) -> None:
        body = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
        with contextlib.suppress(Malformed):
            read(adapter, replace(delivery, body=body), shop)

    anything()


def doors(proof: Proof) -> list[Delivery]:
    """One delivery for each address at which a platform calls: each has a reader of its own."""
    first: dict[str, Delivery] = {}
    for delivery in bodies(proof):
        first.setdefault(delivery.path.partition("/")[0], delivery)
    return list(first.values())


HOSTILE = [
    pytest.param(proof, delivery, body, id=f"{proof.adapter.name}-{delivery.path.partition('/')[0]}-{what}")
    for proof in PROOFS
    for delivery in doors(proof)
    for what, body in hostile(delivery.body, largest_of(proof.adapter()))
]


def test_the_calls_that_a_platform_waits_for_are_among_them() -> None:
    assert {one.path for one in doors(DouyinProof())} == {"", "spi"}


@pytest.mark.parametrize(("proof", "of", "body"), HOSTILE)
def test_a_hostile_body_is_refused_by_the_typed_error_and_megabytes_before_they_are_read(
    proof: Proof, of: Delivery, body: bytes
) -> None:
    shop, adapter = account(proof), proof.adapter()
    delivery = replace(of, body=body)

    def refuse() -> None:
        with pytest.raises(Malformed):
            read(adapter, delivery, shop)

    memory, _ = held(refuse)
    if len(body) > largest_of(adapter):
        assert memory <= LARGEST_DELIVERY
    # A secret beside the body signs none of it; here there is not even that.
    with contextlib.suppress(Malformed):
        assert adapter.verify(delivery, shop) is False


def test_what_reads_first_holds_more_than_any_delivery_has() -> None:
    """Otherwise the bound above would hold for everybody."""
    text = b'"' + b"x" * 5_000_000 + b'"'
    assert held(lambda: json.loads(text))[0] > LARGEST_DELIVERY
    assert held(lambda: len(text))[0] < 10_000


def test_chance_is_the_same_in_every_run() -> None:
    body = bodies(PROOFS[0])[0].body
    assert list(itertools.islice(mangled(body, 5, "a"), 100)) == list(itertools.islice(mangled(body, 5, "a"), 100))
    assert list(mangled(body, 20, "a"))[-20:] != list(mangled(body, 20, "b"))[-20:]
