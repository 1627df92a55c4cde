"""Whether the device that a buyer names is among those that the goods are stated to fit."""

from typing import Any

import pytest

from copilot.domain.case import Case
from copilot.domain.issue import TOLD, Issue
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide
from copilot.playbook.compatible import Devices

LISTED = ["iPhone 14", "iPhone 15", "iPhone 15 Plus", "iPhone 15 Pro Max"]


@pytest.mark.parametrize(
    ("listed", "said", "model", "fits"),
    [
        (LISTED, "iphone 15 plus", "iPhone 15 Plus", True),
        (LISTED, "iphone15plus", "iPhone 15 Plus", True),
        (LISTED, "苹果15 plus", "iPhone 15 Plus", True),
        (LISTED, "15 pro max", "iPhone 15 Pro Max", True),
        (LISTED, "its an iphone 15", "iPhone 15", True),
        # One model of a name is not the other.
        (LISTED, "i have the iPhone 15 pro", "iPhone 15 Pro", False),
        (LISTED, "iphone 14 plus", "iPhone 14 Plus", False),
        (LISTED, "iphone 13", "iPhone 13", False),
        (LISTED, "galaxy s23 ultra", "Galaxy S23 Ultra", False),
        (LISTED, "华为mate60", "华为Mate 60", False),
        ("iPhone 13/14/15 Plus", "iphone 15 plus", "iPhone 15 Plus", True),
        ("iPhone 13/14/15 Plus", "iphone 15", "iPhone 15", False),
        ("iPhone 15系列", "15plus", "iPhone 15 Plus", True),
        ("iPhone 15 series, Pixel 9", "pixel 9", "Pixel 9", True),
        # From one on: every later one, and none before it or of another make.
        ("iPhone 12 and later, AirPods", "iphone 17 pro", "iPhone 17 Pro", True),
        ("iPhone 12 and later, AirPods", "iphone 11", "iPhone 11", False),
        ("iPhone 12 or newer, Galaxy 20", "galaxy 24", "Galaxy 24", False),
        ("苹果12及以上机型", "苹果 15", "苹果15", True),
        (["iPhone 13以上", "小米 14"], "iphone 12", "iPhone 12", False),
    ],
)
def test_a_model_is_found_or_not(listed: Any, said: str, model: str, fits: bool) -> None:
    devices = Devices(listed)
    found = devices.named(said, whole=True)
    assert (found, devices.fits(found or "")) == (model, fits)


@pytest.mark.parametrize("said", ["samsung", "苹果", "yes", "what do you mean", "the new one"])
def test_words_without_a_model_name_none(said: str) -> None:
    assert Devices(LISTED).named(said, whole=True) is None


@pytest.mark.parametrize("listed", ["most phones", [], None, True, "true to size"])
def test_what_lists_no_model_answers_nothing(listed: Any) -> None:
    assert not Devices(listed)


@pytest.mark.parametrize(
    ("language", "asked", "before", "text", "phrase"),
    [
        ("en", "which phone model?", "will it fit my phone", "iphone 15 plus", "it fits the iPhone 15 Plus"),
        (
            "en",
            "what phone do you have",
            "does it fit",
            "iphone 12",
            "the iPhone 12 isn't among the models it's listed for",
        ),
        ("zh", "您是什么型号的手机", "我手机能用吗", "15 plus", "iPhone 15 Plus可以用"),
        ("zh", "手机型号是?", "我手机能用吗", "iPhone 12", "适配的型号里没有iPhone 12"),
    ],
)
def test_the_answer_to_which_model_is_answered(
    a: Any, playbooks: Any, language: str, asked: str, before: str, text: str, phrase: str
) -> None:
    name = "Clear Phone Case" if language == "en" else "透明手机壳"
    product = Product.model_validate(
        {"id": "p1", "name": name, "status": "live", "attributes": {"compatible_with": LISTED}}
    )
    case = Case(issue=Issue.PRODUCT_QUESTION, language=language)
    situation = a.situation(
        case=case, cases=(case,), turn="answer", language=language, text=text, earlier=before, colleague=asked,
        read={"answered": {TOLD: text}}, products=(product,),
    )  # fmt: skip
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene) == (Act.ANSWER, "known")
    assert plan.facts["question.phrase.compatible_with"].value == phrase


def test_a_model_that_is_only_mentioned_is_no_question(playbooks: Any) -> None:
    product = Product.model_validate({"id": "p1", "name": "Case", "attributes": {"compatible_with": LISTED}})
    assert playbooks.topics.asked("love my iphone 15, when does it ship", product, "en").known == ()


@pytest.mark.parametrize(
    ("listed", "said", "model", "fits"),
    [
        ("iPhone 12及以上机型", "14pro能用不", "iPhone 14 Pro", True),
        ("iPhone 12及以上机型", "11能用吗", "iPhone 11", False),
        ("iPhone 12及以上机型", "12以上的都能用吗", "iPhone 12及以上", True),
        ("Galaxy S21 or newer", "does it work with the s24 ultra", "Galaxy S24 Ultra", True),
        ("Galaxy S21 or newer", "does it work with my s20", "Galaxy S20", False),
        ("iPhone 12 and later, AirPods with wireless case", "works with 13 and up?", "iPhone 13 and later", True),
        # What is no figure of a model names none.
        ("Galaxy S21 or newer", "does it work with a 65 W plug", None, False),
        ("iPhone 12 and later", "does it work for 2 people", None, False),
    ],
)
def test_all_from_one_on_are_named_by_a_figure(listed: str, said: str, model: str | None, fits: bool) -> None:
    devices = Devices(listed)
    found = devices.named(said)
    assert (found, found is not None and devices.fits(found)) == (model, fits)
