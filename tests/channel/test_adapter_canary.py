"""A shopper's words and a shop's secrets on the whole way through each shipped adapter: none of it is written down.

In over the webhook edge (good, badly signed, mangled), out over the outbox to a platform that repeats all it was sent
and fails; what is read afterwards are the logs, the errors, the reprs, and the rows that are told to people.
"""

import io
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.accounts import Accounts
from copilot.channel.inbound import Inbound
from copilot.channel.outbox import Outbox
from copilot.channel.registry import Registry, installed
from copilot.channel.typed import queue_typed
from copilot.channel.verifying import BadSignature
from copilot.cli.adapters_proofs import proof_of
from copilot.domain.clock import FrozenClock
from copilot.domain.errors import CopilotError
from copilot.domain.message import Kind, Role
from copilot.sdk import Account, AdapterError, Delivery, Malformed, MessageEvent, Reply
from copilot.sdk.testing.kit import Proof
from copilot.sdk.testing.kit.mangling import mangled
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, DeadLetterRow, EventRow, MessageRow, OutboxRow, SpanRow

WORDS = "call 13812345678 about the cracked vase"
ANSWER = "we ring 13987654321 about the vase tonight"
_MANGLED = 40


@dataclass
class Echo:
    """A platform that answers with what it was asked, keys included; ``status`` None breaks off instead.

    ``first`` are good answers to the calls that come before.
    """

    status: int | None = 400
    first: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    asked: list[str] = field(default_factory=list[str])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        told = f"{request.url} {dict(request.headers)} {request.content.decode('utf-8', 'replace')}"
        self.asked.append(told)
        if self.first:
            answer = self.first.pop(0)
            return httpx.Response(answer.get("status", 200), json=answer["json"])
        if self.status is None:
            raise httpx.ReadError(told, request=request)
        return httpx.Response(self.status, json={"code": 40002, "message": told, "error": told, "errcode": told})


@dataclass
class Way:
    """One shop behind one shipped adapter."""

    proof: Proof
    store: Store
    clock: FrozenClock
    accounts: Accounts
    inbound: Inbound
    echo: Echo
    account: Account
    merchant: uuid.UUID
    errors: list[BaseException] = field(default_factory=list[BaseException])

    @property
    def secrets(self) -> list[str]:
        """Every secret of the shop, in clear."""
        values = self.account.settings.model_dump().values()
        found = [one.get_secret_value() for one in values if isinstance(one, SecretStr)]
        assert [one for one in found if one]
        return [one for one in found if one]

    async def rows(self, table: type[Any]) -> list[Any]:
        """All rows of the table."""
        async with self.store.merchant(self.merchant) as session:
            return list(await session.scalars(select(table)))

    async def take(self, delivery: Delivery) -> None:
        """What comes in, and the error in which it may end."""
        try:
            await self.inbound.take(self.proof.adapter.name, delivery)
        except CopilotError as error:
            self.errors.append(error)


@pytest.fixture(params=sorted(installed().names()))
async def way(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Way]:
    async with _open(proof_of(request.param), store) as opened:
        yield opened


@asynccontextmanager
async def _open(proof: Proof, store: Store) -> AsyncIterator[Way]:
    clock, echo, adapter = FrozenClock(proof.now), Echo(), proof.adapter()
    merchant = await add_merchant(store, "acme", "Acme", clock)
    vault = Vault(["q0Vc2kgSk9vJ9Fh8c4sEJ3zM1qvkz1yQm1lXk5m0n3E="], "test")
    settings = adapter.settings.model_validate(dict(proof.settings()))
    new = NewShop(
        slug="shop",
        name="Shop",
        platform="douyin",
        market="cn",
        platform_shop_id=proof.shop,
        adapter=adapter.name,
        pack="douyin.cn",
        profile="douyin.cn",
        zone="Asia/Shanghai",
        settings=settings,
    )
    await add_shop(store, vault, merchant, new, clock)
    async with httpx.AsyncClient(transport=httpx.MockTransport(echo), trust_env=False) as http:
        accounts = Accounts(store, vault, Registry([adapter]), clock, http)
        inbound = Inbound(store, accounts, policy_folders(), clock)
        account = Account(proof.shop, settings, http, clock)
        yield Way(proof, store, clock, accounts, inbound, echo, account, merchant)


def spoken(proof: Proof) -> Delivery:
    """A recorded delivery in which a shopper says ``WORDS``; not signed yet."""
    for one in proof.corpus:
        said = next((event for event in one.becomes if isinstance(event, MessageEvent)), None)
        if one.kind != "delivery" or said is None or (said.message.role, said.message.kind) != (Role.BUYER, Kind.TEXT):
            continue
        words = json.dumps(said.message.text, ensure_ascii=False)[1:-1].encode()
        if said.visible and one.delivery.body.count(words) == 1:
            return replace(one.delivery, body=one.delivery.body.replace(words, WORDS.encode()))
    raise AssertionError(f"{proof.adapter.name}: no payload in which a shopper writes")


async def test_nothing_of_a_shopper_or_a_secret_is_written_down(way: Way, logged: io.StringIO) -> None:
    proof, delivery = way.proof, spoken(way.proof)
    signed = proof.signed(delivery, way.account)
    await way.take(replace(signed, headers={**signed.headers, **dict.fromkeys(signed.headers, way.secrets[0] + "x")}))
    assert [type(error) for error in way.errors] == [BadSignature]
    await way.take(signed)
    assert [row.text for row in await way.rows(MessageRow)] == [WORDS], "it did arrive"
    (talk,) = await way.rows(ConversationRow)
    for body in mangled(delivery.body, _MANGLED, "canary"):
        broken = replace(delivery, body=body)
        try:
            proof.adapter().parse(broken, way.account)
        except AdapterError as error:
            way.errors.append(error)
        # What cannot be read cannot be signed by every platform either.
        with suppress(Malformed):
            await way.take(proof.signed(broken, way.account))
    assert len(way.errors) + len(await way.rows(DeadLetterRow)) > 3, "some could not be read"

    recorded = next(one.raw for one in proof.corpus if one.kind == "send" and "message_id" in one.raw["becomes"])
    before = recorded["answers"][:-1]
    outbox = Outbox(way.store, way.accounts, way.clock, policy_folders())
    for status in (400, 401, 503, None):
        way.echo.status = status
        reply = await _typed(way, talk)
        for _ in range(3):
            way.echo.first = list(before)
            await outbox.send(way.merchant, reply)
            way.clock.advance(30)
        way.echo.first = list(before)
        directly = Reply(shop=proof.shop, conversation=recorded["send"]["conversation"], text=ANSWER)
        with pytest.raises(AdapterError) as raised:
            await proof.adapter().send(way.account, directly, str(reply))
        way.errors.append(raised.value)
    assert len([told for told in way.echo.asked if "13987654321" in told]) >= 6, "the words did leave"
    outcomes = await way.rows(OutboxRow)
    assert not [row.state for row in outcomes if row.state == "sent"]

    told = logged.getvalue()
    assert "delivery_taken" in told
    assert "reply_called" in told
    rows = [
        *((row.error, row.state) for row in outcomes),
        *(row.detail for row in await way.rows(SpanRow)),
        *((row.topic, row.ref) for row in await way.rows(EventRow)),
        *(row.error for row in await way.rows(DeadLetterRow)),
    ]
    shown = [told, repr(rows), *(_whole(error) for error in way.errors)]
    shown += [
        repr(way.account),
        repr(way.account.settings),
        str(way.account.settings),
        repr(signed),
        repr(proof.adapter()),
    ]
    for place, text in enumerate(shown):
        for canary in (*way.secrets, "13812345678", "13987654321", "cracked vase", "vase tonight"):
            assert canary not in text, (place, text.split(canary)[0][-200:])


async def _typed(way: Way, talk: ConversationRow) -> uuid.UUID:
    reply = uuid.uuid4()
    async with way.store.merchant(way.merchant) as session:
        await queue_typed(
            session,
            merchant=way.merchant,
            shop=talk.shop,
            conversation=talk.id,
            id=reply,
            text=ANSWER,
            by="agent-1",
            clock=way.clock,
        )
    return reply


def _whole(error: BaseException | None) -> str:
    """An error and everything that it hangs on."""
    told = ""
    while error is not None:
        told += f"{error} {error!r} {getattr(error, 'remedy', '')}\n"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told
