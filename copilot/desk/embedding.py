"""Which origins may show the panel with a shop's conversations, as the shop's settings say.

It checks and reads origins; what a browser is told of them is the web's matter.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from copilot.domain.errors import BadInput
from copilot.store.tables import ShopRow

SETTING: Final = "panel"
"""Key in a shop's ``settings``: an object whose ``origins`` are those that may embed the panel."""
MOST: Final = 20
_ORIGIN: Final = re.compile(
    r"(?:https://[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|http://(?:localhost|127\.0\.0\.1))(?::[0-9]{1,5})?"
)


def origin(text: str) -> str:
    """``text`` as an origin: scheme, host and perhaps a port, exactly as browsers write it.

    Raises:
        BadInput: it has a path or a wildcard, or is not https (http is for this machine only).
    """
    found = text.strip().lower()
    if not _ORIGIN.fullmatch(found):
        raise BadInput(
            "an origin that may show the panel cannot be used",
            remedy="write scheme and host as in https://chat.example.com, without a path or *",
        )
    return found.removesuffix(":443") if found.startswith("https") else found.removesuffix(":80")


def origins_of(shop: ShopRow) -> tuple[str, ...]:
    """The origins that may show the panel with the shop's conversations; none unless somebody set them."""
    kept: dict[str, Any] = shop.settings.get(SETTING) or {}
    return tuple(str(one) for one in kept.get("origins", ()))


def all_origins(shops: Iterable[ShopRow]) -> tuple[str, ...]:
    """The origins of any of ``shops``, each once."""
    return tuple(sorted({one for shop in shops for one in origins_of(shop)}))
