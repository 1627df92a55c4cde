"""Each file of ``payloads`` holds a delivery and what it must become."""

import json
from pathlib import Path
from typing import Any

import pytest
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from pydantic import TypeAdapter

from copilot.sdk import Delivery, Event, Malformed

CORPUS = [
    path
    for path in sorted((Path(__file__).parent / "payloads").glob("*.json"))
    if not path.stem.startswith(("send_", "look_"))
]
EVENTS: TypeAdapter[tuple[Event, ...]] = TypeAdapter(tuple[Event, ...])


def test_there_is_a_corpus() -> None:
    assert len(CORPUS) > 30


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_delivery_becomes_what_it_says(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    body = json.dumps(case["json"], ensure_ascii=False).encode()
    delivery = Delivery("POST", {}, {}, body)
    if case["becomes"] == "malformed":
        with pytest.raises(Malformed):
            TikTokShop().parse(delivery)
        return
    assert TikTokShop().parse(delivery) == EVENTS.validate_python(case["becomes"])
    assert TikTokShop().identify(delivery).shops == ("7494049642642441621",)
