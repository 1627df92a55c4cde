"""Where a check stands: a fresh adapter, an account with made-up secrets, and a platform that answers from a list."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, cast

import httpx
from pydantic import SecretStr

from copilot.domain.clock import FrozenClock
from copilot.sdk.contract import Account
from copilot.sdk.errors import AdapterError, Malformed
from copilot.sdk.events import Event
from copilot.sdk.inbound import Batch, Delivery
from copilot.sdk.testing.kit.check import Absent, Wrong
from copilot.sdk.testing.kit.payloads import Payload
from copilot.sdk.testing.kit.proof import Proof

TEXT: Final = '好的,"明天"发出。\nIt\'s on its way \U0001f44d — 100% sure & <3'
"""What is sent by checks: quotes, a line break, an emoji and signs that are easily lost."""


@dataclass
class Calls:
    """A platform that gives ``answers`` one after the other and keeps the requests; then it answers 404 for ever."""

    answers: list[Mapping[str, Any]]
    requests: list[httpx.Request] = field(default_factory=list[httpx.Request])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The next answer."""
        self.requests.append(request)
        answer: Mapping[str, Any] = self.answers.pop(0) if self.answers else {"status": 404, "body": ""}
        match answer.get("cut"):
            case "connect":
                raise httpx.ConnectError("nobody listens", request=request)
            case "read":
                raise httpx.ReadError("the connection broke off", request=request)
            case "timeout":
                raise httpx.ReadTimeout("no answer in time", request=request)
            case _:
                pass
        if "body" in answer:
            content = answer["body"].encode()
        else:
            content = json.dumps(answer.get("json", {}), ensure_ascii=False).encode()
        headers = {"content-type": "application/json", **answer.get("headers", {})}
        return httpx.Response(answer.get("status", 200), content=content, headers=headers)


@dataclass
class Bench:
    """One check's own place."""

    proof: Proof
    clock: FrozenClock

    def adapter(self) -> Any:
        """A new instance: nothing of one payload may be remembered for the next."""
        return self.proof.adapter()

    def settings(self, number: int = 1) -> Any:
        """Valid settings of a shop."""
        return self.proof.adapter().settings.model_validate(dict(self.proof.settings(number)))

    @asynccontextmanager
    async def account(
        self, answers: Sequence[Mapping[str, Any]] = (), number: int = 1, payload: Payload | None = None
    ) -> AsyncGenerator[tuple[Account, Calls]]:
        """An account whose calls are answered from ``answers``, or by ``payload`` at the time of that."""
        calls = Calls(list(payload.answers if payload is not None else answers))
        clock = self.clock if payload is None or payload.at is None else FrozenClock(payload.at)
        async with httpx.AsyncClient(transport=httpx.MockTransport(calls), trust_env=False) as http:
            yield Account(self.proof.shop, self.settings(number), http, clock), calls

    def of(self, situation: str) -> list[Payload]:
        """The deliveries, looks and connections that are examples of ``situation``.

        Raises:
            Absent: there is none, and the proof says why.
            Wrong: there is none.
        """
        found = [one for one in self.proof.corpus if one.kind != "send" and one.situation == situation]
        if not found:
            self.lacks(situation, f"no payload is an example of {situation}: record one, or say in `absent` why not")
        return found

    def lacks(self, situation: str, otherwise: str) -> None:
        """End the check: the platform has no such thing, or the proof lacks it.

        Raises:
            Absent, Wrong: one of the two.
        """
        if situation in self.proof.absent:
            raise Absent(situation, self.proof.absent[situation])
        raise Wrong(otherwise)

    def deliveries(self) -> list[Payload]:
        """The recorded deliveries that are good ones.

        Raises:
            Wrong: there is none.
        """
        found = [one for one in self.proof.corpus if one.kind == "delivery" and not one.malformed]
        if not found:
            raise Wrong("no payload is a delivery: record one")
        return found

    def secrets(self, number: int = 1) -> list[str]:
        """Every secret of a shop's settings, in clear."""
        values = self.settings(number).model_dump().values()
        return [
            value.get_secret_value() for value in values if isinstance(value, SecretStr) and value.get_secret_value()
        ]

    async def becomes(self, payload: Payload) -> tuple[Event, ...]:
        """What the adapter makes of a payload.

        Raises:
            Malformed: it refuses it.
            Wrong: it raises something else.
        """
        adapter = self.adapter()
        async with self.account(payload=payload) as (account, _):
            try:
                if payload.kind == "delivery":
                    return read(adapter, payload.delivery, account)
                return await heard(adapter, account, payload.raw.get("cursor"), self.way_of(payload))
            except AdapterError:
                raise
            except Exception as error:
                raise Wrong(f"{payload.name}: {type(error).__name__} instead of events or Malformed") from error

    def way_of(self, payload: Payload) -> str:
        """Whether an exchange is a look or a connection."""
        said = payload.raw.get("mode")
        return said if isinstance(said, str) else ("poll" if hasattr(self.adapter(), "poll") else "connect")


def read(adapter: Any, delivery: Delivery, account: Account) -> tuple[Event, ...]:
    """Identify and parse, as the core does with a delivery that was verified."""
    adapter.identify(delivery)
    events: object = adapter.parse(delivery, account)
    if not isinstance(events, tuple):
        raise Wrong("parse gives a tuple of events")
    return cast("tuple[Event, ...]", events)


async def heard(adapter: Any, account: Account, cursor: str | None, way: str) -> tuple[Event, ...]:
    """What a look, or a connection until it ends, brings."""
    if way == "poll":
        return (await adapter.poll(account, cursor)).events
    events: list[Event] = []
    feed: AsyncGenerator[Batch] = adapter.connect(account, cursor)
    batches = 0
    try:
        async for batch in feed:
            batches += 1
            events += batch.events
    except AdapterError as error:
        # The recorded answers are over: that is how a recorded connection ends.
        if not batches or isinstance(error, Malformed):
            raise
    finally:
        await feed.aclose()
    return tuple(events)
