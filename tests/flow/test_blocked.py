"""A text that was held back says by which rule, for which of its words, and what helps."""

import json
from collections.abc import Callable
from typing import Any

import pytest

LINE = {
    "id": "k1", "platform": "douyin", "market": "cn", "orders": [],
    "messages": [{"role": "buyer", "text": "这个杯子是什么材质的", "sent_at": "2026-11-22T10:00:00+08:00"}],
    "products": [
        {"id": "p1", "name": "马克杯", "status": "live", "attributes": {"material": "陶瓷，加微信kf7701看实物"},
         "price": {"amount": "19.90", "currency": "CNY"}, "stock": 5}
    ],
}  # fmt: skip


def test_rule_words_source_and_remedy_are_named(cli: Callable[..., Any]) -> None:
    done = cli("draft", "-", stdin=json.dumps(LINE, ensure_ascii=False) + "\n")
    result = json.loads(done.stdout)
    assert (result["draft"], result["reason"]) == (None, "blocked")
    (held,) = result["blocked"]
    assert (held["rule"], held["text"], held["source"]) == (
        "off_platform.wechat", "加微信", "product.p1.attributes.material",
    )  # fmt: skip
    assert set(held["reason"]) == set(held["remedy"]) == {"zh", "en"}
    assert all("policy explain off_platform.wechat" in told for told in held["remedy"].values())


@pytest.mark.parametrize("text", ["你好", "在吗"])
def test_a_draft_that_passes_holds_nothing(text: str, cli: Callable[..., Any]) -> None:
    line = LINE | {"messages": [LINE["messages"][0] | {"text": text}]}  # type: ignore[index]
    result = json.loads(cli("draft", "-", stdin=json.dumps(line, ensure_ascii=False) + "\n").stdout)
    assert result["draft"] is not None
    assert result["blocked"] == []
