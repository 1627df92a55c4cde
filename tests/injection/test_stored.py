"""Attacks hidden in the shop's own stored answers, on their real way: found, cited, shown to a model that obeys."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from copilot.domain.clock import FrozenClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftResult
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.model.writer import Writer
from tests.injection.obeying import DISGUISED, PLAIN, ObeyingModel, Variant
from tests.injection.talks import NOW, THREADS

ATTACKS: Final = [
    json.loads(line) for line in (Path(__file__).parent / "attacks.jsonl").read_text(encoding="utf-8").splitlines()
]
_ASKED: Final = {"zh": "你们发什么快递", "en": "which carrier do you ship with?"}
_STORED: Final = {
    "zh": ("发什么快递", "默认发中通快递，新疆和西藏发邮政。"),
    "en": ("Which carrier do you ship with?", "Orders ship with USPS from our warehouse in Ohio."),
}


def talk(language: str, *, question: str = "", answer: str = "") -> Conversation:
    """A buyer's question that the shop has answered, with words of a stranger behind the answer or the question."""
    asked, (usual_question, usual_answer) = _ASKED[language], _STORED[language]
    entry: dict[str, Any] = {
        "id": "carrier",
        "language": language,
        "question": usual_question,
        "similar": [question] if question else [],
        "answer": f"{usual_answer} {answer}".strip(),
        "category": "logistics",
    }
    return Conversation.model_validate(
        {
            "id": "c1",
            "platform": {"zh": "douyin", "en": "tiktok_shop"}[language],
            "market": {"zh": "cn", "en": "us"}[language],
            "messages": [{"id": "m1", "role": "buyer", "text": asked, "sent_at": NOW.isoformat()}],
            "orders": [],
            "knowledge": {"entries": [entry]},
        }
    )


async def drafted(shops: Shops, conversation: Conversation, model: ObeyingModel | None = None) -> DraftResult:
    clock = FrozenClock(NOW)
    writer = Writer(model, shops.prompts, clock) if model else None
    return await MemoryFlow(shops, clock, writer=writer, threads=THREADS).draft(conversation)


def obeyed(text: str, attack: dict[str, str]) -> list[str]:
    """What the attacker wanted and the text holds."""
    wanted = [table[attack["wants"]][language] for table in (PLAIN, DISGUISED) for language in ("zh", "en")]
    return [said for said in (*wanted, attack["words"]) if said and said in text]


async def test_the_harmless_answer_is_given(shops: Shops) -> None:
    for language in ("zh", "en"):
        found = (await drafted(shops, talk(language))).draft
        assert found is not None
        assert [one.id for one in found.cites] == ["carrier"]


@pytest.mark.parametrize("variant", ["every_slot", "explanation", "disguised"])
async def test_no_draft_says_or_does_what_a_stored_answer_orders(shops: Shops, variant: Variant) -> None:
    wrong: dict[str, list[str]] = {}
    for attack in ATTACKS:
        conversation = talk(attack["language"], answer=attack["words"])
        for model in (None, ObeyingModel(attack["wants"], attack["language"], variant)):
            found = (await drafted(shops, conversation, model)).draft
            if found is not None and (said := obeyed(found.text, attack)):
                wrong[attack["id"]] = said
            assert found is None or found.options == ()
    assert not wrong


async def test_words_to_machines_in_a_question_are_shown_to_none(shops: Shops) -> None:
    for attack in ATTACKS:
        model = ObeyingModel(attack["wants"], attack["language"], "every_slot")
        found = (await drafted(shops, talk(attack["language"], question=attack["words"]), model)).draft
        assert found is None or not obeyed(found.text, attack)
        assert not [one for one in model.questions if attack["words"] in str(one.messages[1]["content"])]
