"""What an adapter takes to refuse a body that was made to hurt: megabytes, nests, endless numbers, no text."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

from benchmarks.measure import Row, summed
from copilot.channel.registry import installed
from copilot.cli.adapters_proofs import proof_of
from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Malformed, Webhook
from copilot.sdk.testing.kit import Proof
from copilot.sdk.testing.kit.bench import read
from copilot.sdk.testing.kit.mangling import hostile

_ROUNDS = 20


def refuse() -> Iterator[Row]:
    """Identifying, verifying and parsing each hostile body, adapter by adapter; p99 is near the worst body's."""
    for name in installed().names():
        proof = proof_of(name)
        if isinstance(proof.adapter(), Webhook):
            yield summed(f"hostile bodies, {name}", _times(proof), "p99 ≤ 50 ms", 0.05)


def _times(proof: Proof) -> list[float]:
    adapter: Any = proof.adapter()
    form = adapter.settings.model_validate(dict(proof.settings()))
    shop = Account(proof.shop, form, cast("Any", None), FrozenClock(proof.now))
    first = next(one.delivery for one in proof.corpus if one.kind == "delivery")
    times: list[float] = []
    for _, body in hostile(first.body):
        delivery = replace(first, body=body)
        for _ in range(_ROUNDS):
            begun = time.perf_counter()
            with suppress(Malformed):
                adapter.verify(delivery, shop)
            with suppress(Malformed):
                read(adapter, delivery, shop)
            times.append(time.perf_counter() - begun)
    return times
