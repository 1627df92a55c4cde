"""Checks of level base for platforms that call us: signatures, whose a delivery is, and that no bytes do any harm."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from copilot.sdk.contract import Account
from copilot.sdk.errors import Malformed
from copilot.sdk.inbound import LARGEST_DELIVERY, Answer, Delivery, largest_of
from copilot.sdk.testing.kit.bench import Bench, read
from copilot.sdk.testing.kit.check import require, wrong
from copilot.sdk.testing.kit.mangling import hostile, mangled, places, replaced
from copilot.sdk.testing.kit.weighing import held

_GARBAGE: Final = (
    "",
    "\x00",
    "é\udc80",
    "下",
    "0" * 64,
    "Bearer x",
    "sha256=",
    "t=,s=",
    "A" * 100_000,
    "=" * 44,
    "null",
)
_BODIES: Final = (b"", b"{}", b"[]", b"null", b"0", b'"x"', b"\xff\xfe", b"{", b"[{}]", b'{"":null}', b"a=b&c=d")
_MOST_PLACES: Final = 60
_CANARY: Final = "canary of a buyer's words 13812345678"


async def good(bench: Bench) -> None:
    """A rightly signed delivery is believed."""
    for payload in bench.deliveries():
        async with bench.account() as (account, _):
            signed = bench.proof.signed(payload.delivery, account)
            require(bench.adapter().verify(signed, account) is True, f"{payload.name}: rightly signed, and refused")


async def missing(bench: Bench) -> None:
    """Without a signature nothing is believed."""
    await _refused(bench, lambda one: replace(one, headers={}, query={}), "no signature at all")


async def garbage(bench: Bench) -> None:
    """A signature may be anything: it is refused without an error."""
    for value in _GARBAGE:
        await _refused(bench, lambda one, value=value: _with(one, value), "a signature of garbage")


def _with(delivery: Delivery, value: str) -> Delivery:
    return replace(
        delivery,
        headers=dict.fromkeys(delivery.headers, value),
        query=dict.fromkeys(delivery.query, value),
    )


async def tampered(bench: Bench) -> None:
    """The end of the body is signed too."""
    _signs_bodies(bench)

    def other(delivery: Delivery) -> Delivery:
        body = bytearray(delivery.body)
        at = max(index for index, value in enumerate(body) if chr(value).isalnum())
        body[at] = ord("8") if body[at] != ord("8") else ord("9")
        return replace(delivery, body=bytes(body))

    await _refused(bench, other, "a body that was changed at its end")


async def raw_bytes(bench: Bench) -> None:
    """The raw bytes are signed, not what they mean."""
    _signs_bodies(bench)

    def spaced(delivery: Delivery) -> Delivery:
        return replace(delivery, body=delivery.body[:1] + b" " + delivery.body[1:])

    await _refused(bench, spaced, "the same JSON with another blank")


def _signs_bodies(bench: Bench) -> None:
    """End the check where a secret stands beside the body and signs nothing of it."""
    if "signature_body" in bench.proof.absent:
        bench.lacks("signature_body", "")


async def _refused(bench: Bench, change: Callable[[Delivery], Delivery], what: str) -> None:
    payload = bench.deliveries()[0]
    async with bench.account() as (account, _):
        changed = change(bench.proof.signed(payload.delivery, account))
        require(_verdict(bench.adapter(), changed, account) is False, f"{what} is believed")


def _verdict(adapter: Any, delivery: Delivery, account: Account) -> object:
    try:
        return adapter.verify(delivery, account)
    except Exception as error:
        wrong(f"verify raises {type(error).__name__}: it must answer false")


async def other_shop(bench: Bench) -> None:
    """Another shop's secret signs nothing for this one, also after this one's was seen."""
    payload = bench.deliveries()[0]
    adapter = bench.adapter()
    async with bench.account() as (one, _), bench.account(number=2) as (other, _):
        require(
            set(bench.secrets(1)) - set(bench.secrets(2)), "settings(2) of the proof has the secrets of settings(1)"
        )
        signed = bench.proof.signed(payload.delivery, one)
        _verdict(adapter, signed, one)
        require(_verdict(adapter, signed, other) is False, "what one shop's secret signed is believed for another")


async def stale(bench: Bench) -> None:
    """An old delivery is not believed any more: somebody may have written it down."""
    await _aged(bench, 1)


async def ahead(bench: Bench) -> None:
    """Nor is one from the future."""
    await _aged(bench, -1)


async def _aged(bench: Bench, sign: int) -> None:
    window = bench.proof.window
    if window is None:
        bench.lacks("signature_time", "the proof has no window, and does not say why the platform signs no time")
        return
    payload = next((one for one in bench.deliveries() if bench.proof.signs_time(one.delivery)), None)
    if payload is None:
        wrong("no recorded delivery has a signature that holds a time: record one")
    async with bench.account() as (account, _):
        signed = bench.proof.signed(payload.delivery, account)
        bench.clock.shift(timedelta(seconds=sign * (window - 2)))
        require(_verdict(bench.adapter(), signed, account) is True, "within the window it is refused")
        bench.clock.shift(timedelta(seconds=sign * 4))
        require(_verdict(bench.adapter(), signed, account) is False, "outside of the window it is believed")


async def names(bench: Bench) -> None:
    """Every shop that a delivery speaks of is named before anything is believed."""
    for payload in bench.deliveries():
        identity = bench.adapter().identify(payload.delivery)
        named = set(identity.shops)
        if identity.unnamed or (identity.app and not named):
            continue
        told = {event.shop for event in payload.becomes} | set(payload.raw.get("shops", ()))
        require(told <= named, f"{payload.name}: identify does not name {len(told - named)} of its shops")


async def unknown_bodies(bench: Bench) -> None:
    """What is no delivery at all is Malformed, or names nobody."""
    for body in _BODIES:
        try:
            bench.adapter().identify(Delivery("POST", {}, {}, body))
        except Malformed:
            continue
        except Exception as error:
            wrong(f"identify raises {type(error).__name__} for {body[:12]!r}: raise Malformed")


async def mangled_bodies(bench: Bench) -> None:
    """Whatever a delivery's fields are, it becomes events or is Malformed."""
    async with bench.account() as (account, _):
        for payload in bench.deliveries():
            for body in mangled(payload.delivery.body, 40, seed=payload.name):
                _typed(bench, replace(payload.delivery, body=body), account, payload.name)


async def hostile_bodies(bench: Bench) -> None:
    """Megabytes are refused before they are read; deep nesting, endless numbers and wrong encodings do no harm."""
    delivery, largest = bench.deliveries()[0].delivery, largest_of(bench.adapter())
    for what, body in hostile(delivery.body, largest):
        sent = replace(delivery, body=body)
        async with bench.account() as (account, _):
            if len(body) > largest:
                _unread(bench, sent, account, what)
            else:
                _typed(bench, sent, account, what)


def _unread(bench: Bench, delivery: Delivery, account: Account, what: str) -> None:
    memory, refused = held(lambda: _typed(bench, delivery, account, what))
    require(refused, f"{what}: more than any delivery has, and taken: raise Malformed")
    unread = memory <= LARGEST_DELIVERY
    require(unread, f"{what}: read before it was refused: look at the size first (copilot.sdk.bounded)")


def _typed(bench: Bench, delivery: Delivery, account: Account, what: str) -> bool:
    """Whether it was refused, by the error that says so."""
    try:
        read(bench.adapter(), delivery, account)
    except Malformed:
        return True
    except Exception as error:
        wrong(f"{what}: {type(error).__name__} escapes from a changed body: raise Malformed")
    return False


async def again(bench: Bench) -> None:
    """The same delivery twice is the same events, with the same ids: the second one is known by them."""
    for payload in bench.deliveries():
        adapter = bench.adapter()
        async with bench.account() as (account, _):
            try:
                first = read(adapter, payload.delivery, account)
                second = read(adapter, payload.delivery, account)
            except Malformed:
                continue  # what it should become is another check's
            require(first == second, f"{payload.name}: other events the second time")


async def quiet(bench: Bench) -> None:
    """An error never repeats what a buyer wrote."""
    async with bench.account() as (account, _):
        for payload in bench.deliveries():
            for body in _canaried(payload.delivery.body):
                try:
                    read(bench.adapter(), replace(payload.delivery, body=body), account)
                # Whether it should have raised that is another check's.
                except Exception as error:
                    require(_CANARY not in str(error), "the error about a delivery repeats its words")


def _canaried(body: bytes) -> Iterator[bytes]:
    """``body`` with the canary, in a form that fits nowhere, in place of one value after the other."""
    try:
        whole = json.loads(body)
    except ValueError:
        return
    for place in itertools.islice(places(whole), _MOST_PLACES):
        yield json.dumps(replaced(whole, place, [_CANARY]), ensure_ascii=False).encode("utf-8", "surrogatepass")


async def acknowledged(bench: Bench) -> None:
    """What was stored is acknowledged in the platform's own words."""
    for payload in bench.deliveries():
        async with bench.account() as (account, _):
            answer: object = bench.adapter().acknowledge(payload.delivery, account)
        if not isinstance(answer, Answer):
            wrong("acknowledge gives an Answer")
        require(200 <= answer.status < 300, f"acknowledge answers {answer.status}: the platform would send it again")
