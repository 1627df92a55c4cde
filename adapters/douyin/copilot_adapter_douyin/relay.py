"""Replies out, to the relay of our chat contract; one request, whose meaning is told apart as exactly as it can be.

The relay honours the idempotency key, so an unknown outcome may be asked for again with the same key.
"""

import asyncio
import json
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.sdk import (
    Account,
    AdapterError,
    BuyerBlocked,
    BuyerClosed,
    ByHand,
    NotAuthorized,
    OutcomeUnknown,
    PlatformDown,
    QuotaUsed,
    Receipt,
    Reply,
    SendRefused,
    Throttled,
    WindowClosed,
)
from copilot.sdk.calls import Read, broke_off, exchange, retry_after
from copilot_adapter_douyin import chat
from copilot_adapter_douyin.settings import DouyinSettings

PATIENCE_SECONDS: Final = 12.0
"""How long an answer may take altogether; the same as the platform's own SDK waits."""


class Taken(BaseModel):
    """The relay's answer when the reply stands on the platform."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    message_id: chat.ChatId
    sent_at: chat.ChatTime | None = None


class _Refusal(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    code: str = ""


class RelayRefused(AdapterError):
    """The relay does not take the request as it is: an address or a version that does not fit."""

    code = "relay_refused"


def reply_body(reply: Reply) -> bytes:
    """The bytes of a reply that are signed and sent."""
    fields = {"shop_id": reply.shop, "conversation_id": reply.conversation, "text": reply.text}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


async def send(account: Account, reply: Reply, key: str) -> Receipt:
    """Hand one reply over.

    Raises:
        ByHand: the shop has no relay for replies; a person sends it.
        OutcomeUnknown: it may stand on the platform; ask again with the same key.
        AdapterError: it does not.
    """
    settings: DouyinSettings = account.settings
    if settings.relay_url is None or settings.relay_secret is None:
        raise ByHand("this shop's replies have no relay", remedy="send it in the Feige window, or enter relay_url")
    body, stamp = reply_body(reply), str(int(account.clock.now().timestamp()))
    headers = {
        "content-type": "application/json",
        chat.KEY_HEADER: key,
        chat.TIMESTAMP_HEADER: stamp,
        chat.SIGN_HEADER: chat.sign(settings.relay_secret.get_secret_value(), chat.TO_RELAY, stamp, body, key),
    }
    request = account.http.build_request("POST", f"{settings.relay_url}/replies", content=body, headers=headers)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer = await exchange(account.http, request, "relay", sending=True)
    except TimeoutError as error:
        raise broke_off("relay", error, sending=True) from None
    return _receipt(answer)


def _receipt(answer: Read) -> Receipt:
    if answer.status not in (200, 201):
        raise _error(answer)
    try:
        taken = Taken.model_validate_json(answer.body)
    except ValidationError:
        raise OutcomeUnknown(f"relay: HTTP {answer.status} without a message id") from None
    return Receipt(message_id=taken.message_id, sent_at=taken.sent_at)


def _error(answer: Read) -> AdapterError:
    code = _code(answer)
    message = f"relay: HTTP {answer.status} {code}"
    by_code: dict[str, Any] = {
        "refused": SendRefused,
        "window_closed": WindowClosed,
        "buyer_blocked": BuyerBlocked,
        "buyer_closed": BuyerClosed,
        "unknown_conversation": WindowClosed,
        "quota_used": QuotaUsed,
        "in_progress": OutcomeUnknown,
        "unavailable": PlatformDown,
    }
    if code in by_code:
        return by_code[code](message)
    if answer.status == 429:
        return Throttled(message, retry_after(answer.headers))
    if answer.status in (401, 403):
        return NotAuthorized(message)
    # 202: taken, and not yet on the platform. 5xx: it broke off somewhere.
    if answer.status < 300 or answer.status >= 500:
        return OutcomeUnknown(message)
    return RelayRefused(message)


def _code(answer: Read) -> str:
    try:
        code = _Refusal.model_validate_json(answer.body).code
    except ValidationError:
        return ""
    return code if code.isidentifier() and code.isascii() and len(code) <= 40 else ""
