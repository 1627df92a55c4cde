"""Both languages say everything."""

import re
from pathlib import Path
from typing import get_args

import pytest
from playwright.async_api import Page, expect

from copilot.domain.draft import DraftState, RejectReason
from copilot.domain.issue import Category, Issue, Risk
from copilot.domain.message import Kind, SentBy
from copilot.domain.order import AfterSaleKind, OrderStatus
from copilot.domain.verdict import Severity
from copilot.model.completion import ModelFault
from copilot.playbook.schema import Action
from copilot.web.api.models import SHOWN
from copilot.web.api.voice import voice_fields
from tests.browser.conftest import Desk
from tests.browser.steps import open_desk

STATIC = Path(__file__).parents[2] / "copilot" / "web" / "static"
CLOSED_SETS = {
    "issue.": Issue,
    "category.": Category,
    "risk.": Risk,
    "draft.": DraftState,
    "reject.": RejectReason,
    "kind.": Kind,
    "sent_by.": SentBy,
    "after_sale.": AfterSaleKind,
    "order.status.": OrderStatus,
    "severity.": Severity,
    "composed.": ModelFault,
}


def words(language: str) -> dict[str, str]:
    """The words of both files of a language."""
    found: dict[str, str] = {}
    for file in (STATIC / "card" / f"words.{language}.js", STATIC / f"words.{language}.js"):
        lines = re.findall(r'^  "([^"]+)": "((?:[^"\\]|\\.)*)",$', file.read_text(), re.M)
        assert len(lines) == file.read_text().count('\n  "'), f"{file.name} has a line of another form"
        assert not found.keys() & {key for key, _ in lines}, "a key stands in both files"
        assert len({key for key, _ in lines}) == len(lines), f"{file.name} has a key twice"
        found |= dict(lines)
    return found


def test_both_languages_have_the_same_words_with_the_same_values() -> None:
    chinese, english = words("zh"), words("en")
    assert chinese.keys() == english.keys()
    for key, text in chinese.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english[key])), key


def test_every_word_that_the_page_asks_for_is_there() -> None:
    asked: set[str] = set()
    for file in STATIC.rglob("*"):
        if file.suffix in (".js", ".html") and not file.name.startswith("words."):
            asked |= set(re.findall(r'\bt\("([\w.]+)"', file.read_text()))
            asked |= set(re.findall(r'#words\("([\w.]+)"', file.read_text()))
            asked |= set(re.findall(r'data-t(?:-[a-z-]+)?="([\w.]+)"', file.read_text()))
    assert len(asked) > 100
    assert asked <= words("zh").keys()


@pytest.mark.parametrize("prefix", CLOSED_SETS)
def test_every_value_of_a_closed_set_has_a_word(prefix: str) -> None:
    assert {f"{prefix}{one.value}" for one in CLOSED_SETS[prefix]} <= words("zh").keys()


def test_every_action_of_an_option_has_a_word() -> None:
    assert {f"action.{one}" for one in get_args(Action)} <= words("zh").keys()


def test_every_field_of_a_voice_and_every_setting_of_models_has_its_words() -> None:
    voice = {name for one in voice_fields() for name in (f"voice.{one.part}", f"voice.{one.part}.about")}
    voice |= {f"voice.{one.part}.{choice}" for one in voice_fields() for choice in one.choices}
    settings = {f"models.set.COPILOT_{name.upper()}" for name in SHOWN}
    assert voice | settings <= words("zh").keys()


async def test_the_language_is_switched_and_kept(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await expect(page.locator(".dc-accept")).to_be_visible()
    await expect(page.locator("[data-list=open]")).to_contain_text("待处理")
    desk.mock.conversations["c-damaged"]["card"]["button"] = "Send · offers a reship"
    await page.locator("#language").click()
    await expect(page.locator("[data-list=open]")).to_contain_text("Open")
    await expect(page.locator(".dc-accept")).to_contain_text("offers a reship")
    await expect(page.locator("draft-card .dc-written")).to_contain_text("templates")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    assert desk.mock.language == "en"
    await page.reload()
    await expect(page.locator("[data-list=open]")).to_contain_text("Open")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_no_key_shows_through(page: Page, desk: Desk, language: str) -> None:
    desk.mock.language = language
    for conversation in ("c-damaged", "c-refund", "c-ambiguous", "c-failed"):
        await page.goto("about:blank")
        await open_desk(page, desk, conversation)
        text = await page.locator("body").inner_text()
        assert not re.findall(r"\b(?:row|draft|claim|order|reply|list|issue)\.[a-z_]+\b", text)
        assert "undefined" not in text
        assert "{" not in text


@pytest.mark.parametrize(
    ("message", "remedy", "told"),
    [
        ("the draft has changed", "read it and decide again", "The draft has changed. Read it and decide again."),
        ("这条草稿已经变了", "看一下现在的版本再决定", "这条草稿已经变了。看一下现在的版本再决定。"),
        ("2 replies wait. Is that right?", None, "2 replies wait. Is that right?"),
    ],
)
async def test_what_the_server_says_is_a_sentence(
    page: Page, desk: Desk, message: str, remedy: str | None, told: str
) -> None:
    await page.goto(f"{desk.url}/login")
    said = await page.evaluate(
        """async ([message, remedy]) => {
            const { ApiError } = await import("/static/api.js");
            const { explain } = await import("/static/session.js");
            return explain(new ApiError(409, "code", message, { remedy }), (key) => key);
        }""",
        [message, remedy],
    )
    assert said == told


async def test_times_are_told_in_the_shops_zone(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/login")
    told = await page.evaluate(
        """async () => {
            const { when, countdown } = await import("/static/card/format.js");
            const now = () => Date.parse("2026-11-22T10:00:00Z");
            const env = (zone, language) => ({ zone, language, now, t: (key) => key });
            const [shanghai, chicago] = [env("Asia/Shanghai", "zh"), env("America/Chicago", "en")];
            const times = ["2026-11-22T06:20:00Z", "2026-11-21T23:30:00Z"];
            const told = times.flatMap((time) => [when(time, shanghai), when(time, chicago)]);
            return [...told, countdown("2026-11-22T10:00:25Z", shanghai).text,
                    countdown("2026-11-22T09:59:00Z", shanghai).level];
        }"""
    )
    assert told[0] == "14:20"
    assert told[1].replace("\u202f", " ") == "12:20 AM"
    assert told[2] == "07:30"
    assert told[3].replace("\u202f", " ") == "Nov 21 5:30 PM"
    assert told[4:] == ["0:25", "late"]
