"""Who is in a conversation, and the shop's service over days, as the platform tells them."""

from typing import Any

from copilot.sdk import ServiceRecord
from copilot.sdk.testing import Thread
from copilot_adapter_tiktok_shop.emulator import shapes


def participants(thread: Thread, shop_id: str, *, listed: bool = False) -> list[dict[str, Any]]:
    """The shopper, the shop, and the agent who joined; the list of conversations calls one field otherwise."""
    found = [
        {
            "im_user_id": shapes.im_user_id(thread.shopper.id),
            "user_id": shapes.user_id(thread.shopper.id),
            "role": "BUYER",
            "nickname": thread.shopper.nickname,
            "avatar": "",
            "buyer_platform" if listed else "platform": "TIKTOK_SHOP",
        },
        {"im_user_id": shapes.im_user_id(shop_id), "user_id": "", "role": "SHOP", "nickname": "", "avatar": ""},
    ]
    if thread.agent:
        joined = {"im_user_id": thread.agent, "user_id": "", "role": "CUSTOMER_SERVICE", "nickname": "", "avatar": ""}
        found.append(joined)
    return found


def performance(counted: ServiceRecord | None) -> dict[str, Any]:
    """Percentages and minutes are text; where nothing was counted yet they stand there empty."""
    told = counted or ServiceRecord()
    return {
        "response_percentage": _text(told.response_percent),
        "response_time_mins": _text(told.response_minutes),
        "satisfaction_percentage": _text(told.satisfied_percent),
        **({} if told.sessions is None else {"support_session_count": told.sessions}),
    }


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
