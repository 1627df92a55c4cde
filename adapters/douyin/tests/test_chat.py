"""The written contract and the code say the same."""

import re
from pathlib import Path

from copilot_adapter_douyin import chat

from copilot.domain.message import Kind, Role

CONTRACT = (Path(__file__).parent.parent / "CHAT.md").read_text("utf-8")


def test_the_examples_of_the_contract_are_right() -> None:
    secret = "0123456789abcdef0123456789abcdef"
    inbound = chat.sign(secret, chat.TO_COPILOT, "1795348800", b"[]")
    body = '{"conversation_id":"c-1","shop_id":"12345","text":"您好"}'
    outbound = chat.sign(secret, chat.TO_RELAY, "1795348800", body.encode(), "k-1")
    assert body in CONTRACT
    assert re.findall(r"`([0-9a-f]{64})`", CONTRACT) == [inbound, outbound]


def test_both_languages_list_every_field_and_value() -> None:
    english, chinese = CONTRACT.split("\n## 中文\n")
    fields = set(chat.ChatMessage.model_fields)
    for text in (english, chinese):
        rows = " ".join(re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE))
        assert fields <= set(re.findall("`(.+?)`", rows))
        assert all(f"`{kind}`" in text for kind in Kind)
        assert all(f"`{role}`" in text for role in Role)
        assert all(header in text for header in (chat.TIMESTAMP_HEADER, chat.SIGN_HEADER, chat.KEY_HEADER))
        assert str(chat.REPLAY_SECONDS) in text
