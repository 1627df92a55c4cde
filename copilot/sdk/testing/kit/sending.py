"""Checks of level base about replies on their way out: once, word for word, and every end told apart."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, cast

import httpx

from copilot.sdk.contract import Receipt, Reply
from copilot.sdk.errors import ERRORS, AdapterError, OutcomeUnknown, PlatformDown, Throttled
from copilot.sdk.testing.kit.bench import TEXT, Bench, Calls
from copilot.sdk.testing.kit.check import require, wrong
from copilot.sdk.testing.kit.payloads import Payload

_KEY: Final = "0d9f7c1e-7a52-4c6e-9a55-0b8a6a2f6f01"
_CODES: Final = frozenset(error.code for error in ERRORS)
_RUBBISH: Final[tuple[dict[str, Any], ...]] = (
    {"status": 200, "body": "<html>"},
    {"status": 200, "body": ""},
    {"status": 200, "json": []},
    {"status": 200, "json": {"no": "id"}},
)


def _sends(bench: Bench) -> Sequence[Payload]:
    return [one for one in bench.proof.corpus if one.kind == "send"]


def _good(bench: Bench) -> Payload:
    for one in _sends(bench):
        if "message_id" in one.raw["becomes"]:
            return one
    wrong("no payload is a recorded send that went well: record one")


def _reply(bench: Bench, payload: Payload, text: str | None = None) -> Reply:
    told: Mapping[str, Any] = payload.raw["send"]
    return Reply(shop=bench.proof.shop, conversation=told["conversation"], text=text or told["text"])


async def _send(
    bench: Bench, answers: Sequence[Mapping[str, Any]], reply: Reply, number: int = 1
) -> tuple[Receipt | AdapterError, Calls]:
    async with bench.account(answers, number) as (account, calls):
        try:
            return await bench.adapter().send(account, reply, _KEY), calls
        except AdapterError as error:
            return error, calls
        except Exception as error:
            wrong(f"{type(error).__name__} escapes from send: raise an AdapterError")


async def receipt(bench: Bench) -> None:
    """A reply that the platform took has the platform's id."""
    for payload in _sends(bench):
        if "message_id" not in payload.raw["becomes"]:
            continue
        ended, _ = await _send(bench, payload.answers, _reply(bench, payload))
        require(isinstance(ended, Receipt), f"{payload.name}: no receipt")
        assert isinstance(ended, Receipt)
        require(
            ended.message_id == payload.raw["becomes"]["message_id"], f"{payload.name}: another id than the platform's"
        )
    _good(bench)


async def words(bench: Bench) -> None:
    """The text leaves word for word: quotes, line breaks, emoji."""
    payload = _good(bench)
    _, calls = await _send(bench, payload.answers, _reply(bench, payload, TEXT))
    require(any(_says(request, TEXT) for request in calls.requests), "no request holds the text as it was approved")


def _says(request: httpx.Request, text: str) -> bool:
    body = request.content.decode("utf-8", "replace")
    try:
        return _holds(json.loads(body), text)
    except ValueError:
        return text in body or text in httpx.URL(f"http://x/?{body}").params.values()


def _holds(value: Any, text: str) -> bool:
    if isinstance(value, str):
        return value == text or (value.startswith(("{", "[")) and _within(value, text))
    if isinstance(value, dict):
        return any(_holds(one, text) for one in cast("dict[str, Any]", value).values())
    return isinstance(value, list) and any(_holds(one, text) for one in cast("list[Any]", value))


def _within(value: str, text: str) -> bool:
    try:
        return _holds(json.loads(value), text)
    except ValueError:
        return False


async def once(bench: Bench) -> None:
    """A call that failed is not made again: the core decides that, after it has looked."""
    for payload in _sends(bench):
        failed = payload.answers[-1]
        if "error" in payload.raw["becomes"]:
            # The same end again and again: whoever tries a second time takes it.
            _, calls = await _send(bench, [*payload.answers, failed, failed], _reply(bench, payload))
            require(len(calls.requests) <= len(payload.answers), f"{payload.name}: the call is made again")
    payload = _good(bench)
    for cut in ("connect", "read", "timeout"):
        answers = [*payload.answers[:-1], {"cut": cut}, {"cut": cut}]
        _, calls = await _send(bench, answers, _reply(bench, payload))
        require(len(calls.requests) <= len(payload.answers), "a call that broke off is made again")


async def stateless(bench: Bench) -> None:
    """What one shop sends with is not used for the next one."""
    payload = _good(bench)
    adapter = bench.adapter()
    for number in (1, 2):
        async with bench.account(payload.answers, number) as (account, calls):
            try:
                await adapter.send(account, _reply(bench, payload), _KEY)
            except AdapterError as error:
                wrong(f"a good send ends as {error.code} for shop {number}")
            theirs = set(bench.secrets(3 - number)) - set(bench.secrets(number))
            sent = [str(one.url) + str(one.headers.raw) + str(one.content) for one in calls.requests]
            require(
                not [one for one in theirs if any(one in told for told in sent)], "a secret of another shop is sent"
            )


def ends(situation: str, *codes: str) -> Callable[[Bench], Awaitable[None]]:
    """The check that recorded refusals of a kind end in one of ``codes``."""

    async def check(bench: Bench) -> None:
        found = [one for one in _sends(bench) if one.raw["becomes"].get("error") in codes]
        if not found:
            bench.lacks(
                situation, f"no recorded send ends as {' or '.join(codes)}: record one, or say in `absent` why not"
            )
        for payload in found:
            ended, _ = await _send(bench, payload.answers, _reply(bench, payload))
            told = payload.raw["becomes"]
            code = ended.code if isinstance(ended, AdapterError) else "a receipt"
            require(code == told["error"], f"{payload.name}: ends as {code}, wanted {told['error']}")
            if isinstance(ended, Throttled) and "retry_after" in told:
                require(ended.retry_after == told["retry_after"], f"{payload.name}: other seconds of Retry-After")

    return check


async def other_ends(bench: Bench) -> None:
    """Every other recorded refusal ends as it says, with a code that the core knows."""
    usual = {"throttled", "token_expired", "not_authorized", "send_refused", "window_closed"}
    for payload in _sends(bench):
        told = payload.raw["becomes"].get("error")
        if told is None or told in usual:
            continue
        ended, _ = await _send(bench, payload.answers, _reply(bench, payload))
        code = ended.code if isinstance(ended, AdapterError) else "a receipt"
        require(code == told, f"{payload.name}: ends as {code}, wanted {told}")
        require(code in _CODES, f"{payload.name}: the code {code} is none of the contract's: keep the parent's")


async def broken(bench: Bench) -> None:
    """A call that breaks off may have arrived: its outcome is unknown."""
    payload = _good(bench)
    for cut in ("read", "timeout"):
        ended, _ = await _send(bench, [*payload.answers[:-1], {"cut": cut}], _reply(bench, payload))
        require(isinstance(ended, OutcomeUnknown), f"after {cut} it is not OutcomeUnknown")


async def unreached(bench: Bench) -> None:
    """Where nobody listens nothing arrived: it may be sent again."""
    payload = _good(bench)
    ended, _ = await _send(bench, [{"cut": "connect"}], _reply(bench, payload))
    require(isinstance(ended, PlatformDown), "without a connection it is not PlatformDown")


async def rubbish(bench: Bench) -> None:
    """An answer that cannot be read leaves open what happened."""
    payload = _good(bench)
    for answer in _RUBBISH:
        ended, _ = await _send(bench, [*payload.answers[:-1], answer], _reply(bench, payload))
        require(isinstance(ended, OutcomeUnknown), "success without an id is not OutcomeUnknown")


async def quiet(bench: Bench) -> None:
    """No error holds the text or a secret."""
    payload = _good(bench)
    echoing = {"status": 400, "json": {"error": TEXT, "message": TEXT, "msg": TEXT}}
    for answer in (echoing, {"cut": "read"}, {"cut": "connect"}, {"status": 500, "body": TEXT}):
        ended, _ = await _send(bench, [*payload.answers[:-1], answer], _reply(bench, payload, TEXT))
        shown = f"{ended!r} {ended}" if isinstance(ended, AdapterError) else ""
        require(TEXT not in shown and repr(TEXT)[1:-1] not in shown, "an error repeats the text")
        require(not [one for one in bench.secrets() if one in shown], "an error shows a secret")
