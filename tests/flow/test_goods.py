"""A draft names only goods of its talk that are on sale, whoever worded it."""

from typing import Any

import pytest

from copilot.domain.clock import FrozenClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftResult
from copilot.domain.order import Product
from copilot.flow.deps import NothingKnown
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from tests.flow.conftest import NOON

CUP = {"id": "p1", "name": "青釉茶杯", "attributes": {"material": "瓷"}, "stock": 9}
GONE = {"id": "p2", "name": "月白茶壶", "status": "off_shelf", "stock": 4}


def talk(words: str, *products: dict[str, Any], card: str | None = "p1", **more: Any) -> Conversation:
    messages = [{"id": "m2", "role": "buyer", "text": words, "sent_at": NOON.isoformat()}]
    if card:
        messages.insert(
            0,
            {"id": "m1", "role": "buyer", "kind": "product_card", "text": "", "product_id": card,
             "sent_at": NOON.isoformat()},
        )  # fmt: skip
    given = {"id": "c1", "platform": "douyin", "market": "cn", "messages": messages, "orders": [], "products": products}
    return Conversation.model_validate(given | more)


async def drafted(shops: Shops, conversation: Conversation, *said: str, **more: Any) -> DraftResult:
    clock = FrozenClock(NOON)
    script = [f'{{"explanation": "{one}"}}' for one in said]
    writer = Writer(ScriptedModel(script), shops.prompts, clock) if script else None
    return await MemoryFlow(shops, clock, writer=writer, **more).draft(conversation)


@pytest.mark.feature("F070")
@pytest.mark.parametrize(
    ("said", "by"),
    [
        ("这款是瓷的。", "model"),
        ("青釉茶杯是瓷的，有货。", "model"),
        ("这款是瓷的，配月白茶壶更好看。", "composer"),
        ("这款是瓷的，也推荐您看看《星河》。", "composer"),
        ("这款是瓷的，推荐您试试“云朵抱枕”。", "composer"),
        ("这款是瓷的，我们店里有款“云朵抱枕”现在有货。", "composer"),
    ],
)
async def test_a_model_names_only_what_is_on_sale_in_this_talk(shops: Shops, said: str, by: str) -> None:
    found = (await drafted(shops, talk("什么材质", CUP, GONE), said)).draft
    assert found is not None
    assert found.written_by == by
    assert "月白茶壶" not in found.text
    assert "星河" not in found.text


async def test_a_stored_answer_with_goods_that_are_gone_is_held(shops: Shops) -> None:
    entry = {"id": "e1", "language": "zh", "question": "可以一起买什么", "category": "pre_sale"}
    asked = talk("可以一起买什么", CUP, GONE, card=None)
    for answer, reason in (("可以搭青釉茶杯一起拍。", None), ("可以搭月白茶壶一起拍。", "blocked")):
        known = {"entries": [{**entry, "answer": answer}]}
        result = await drafted(shops, asked.model_copy(update={"knowledge": _knowledge(known)}))
        assert result.reason == reason


def _knowledge(given: dict[str, Any]) -> Any:
    return talk("x", knowledge=given).knowledge


class Unread(NothingKnown):
    """A shop whose goods cannot be looked up."""

    async def named(self, text: str) -> tuple[Product, ...]:
        raise TimeoutError


async def test_while_nobody_can_tell_what_is_on_sale_no_model_words_a_draft(shops: Shops) -> None:
    found = (await drafted(shops, talk("什么材质", CUP), "这款是瓷的。", knowledge=Unread())).draft
    assert found is not None
    assert found.written_by == "composer"
    assert "goods_unchecked" in found.flags


async def test_what_is_gone_is_neither_named_nor_said_to_be_there(shops: Shops) -> None:
    for words in ("还有货吗", "多少钱", "什么材质", "能机洗吗"):
        found = (await drafted(shops, talk(words, {**GONE, "attributes": {"material": "瓷"}}, card="p2"))).draft
        if found is not None:
            assert "月白茶壶" not in found.text
            assert "有货" not in found.text
            assert "4件" not in found.text
