"""axe-core over every page and dialog, both languages, both colour schemes, wide and narrow; Tab leads out again."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk
from tests.browser.test_admin import MANAGES
from tests.browser.test_long_list import case
from tests.browser.test_queue import together
from tests.tooling.node import needs

AXE = "axe-core/axe.min.js"
_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join("; ")}`)"""


@pytest.fixture(autouse=True)
def _axe_is_there() -> None:
    needs(AXE)


async def serious(page: Page) -> list[str]:
    """What keeps somebody from using the page as it stands, by axe's own judgement."""
    if not await page.evaluate("typeof axe === 'object'"):
        # By the browser's own console, as a person would: the page's policy lets nothing else in.
        await page.evaluate(needs(AXE).read_text("utf-8"))
    found: list[Any] = await page.evaluate(_RUN)
    return [str(one) for one in found]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_serious_keeps_anybody_out_of_the_desk(
    page: Page, desk: Desk, language: str, scheme: Any
) -> None:
    desk.mock.language = language
    desk.mock.can = MANAGES
    together(desk)
    desk.mock.cases = [case(), case(id="case-2", late=False, state="resolved")]
    late = {"id": "o1", "conversation": "c-damaged", "shop": "s-douyin", "buyer": {"id": "b", "nickname": "阿敏"}}
    owed = {"text": "补发", "due": None, "late": True, "state": "owed", "order_id": "1", "todo": None, "link": None}
    desk.mock.owed = [{**late, **owed}]
    await page.emulate_media(color_scheme=scheme)
    await open_desk(page, desk, "c-damaged")
    assert await serious(page) == []
    # And it would say so.
    await page.evaluate("document.querySelector('.brand').before(document.createElement('button'))")
    assert ["button-name"] == [one.partition(":")[0] for one in await serious(page)]
    await page.evaluate("document.querySelector('.top > button').remove()")
    for key, dialog in (("o", "#owed"), ("c", "#cases"), ("g", "#team"), ("?", "#help")):
        await page.keyboard.press(key)
        await expect(page.locator(dialog)).to_be_visible()
        assert await serious(page) == [], dialog
        await page.keyboard.press("Escape")
        await expect(page.locator(dialog)).to_be_hidden()
    await page.locator("#today-open").click()
    assert await serious(page) == [], "today"
    await page.keyboard.press("Escape")
    await page.locator("draft-card").focus()
    await page.keyboard.press("e")
    await expect(page.locator("draft-card textarea")).to_be_visible()
    assert await serious(page) == [], "editing"


@pytest.mark.parametrize("width", [380, 1920])
async def test_nothing_serious_at_the_edges_and_elsewhere(page: Page, desk: Desk, width: int) -> None:
    desk.mock.can = MANAGES
    await page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/",
        "/#c-damaged",
        "/paste",
        "/login",
        "/admin#people",
        "/admin#shops",
        "/admin#models",
        "/admin#voice",
        "/admin#tokens",
        "/admin#faq",
        "/admin#auto-replies",
        "/admin#log",
        "/admin#figures",
        "/admin#rota",
        "/admin#feedback",
        "/admin#sample",
    ):
        await page.goto("about:blank")
        await page.goto(f"{desk.url}{path}")
        await page.wait_for_load_state("networkidle") if path == "/login" else await expect(
            page.locator("#merchant")
        ).not_to_be_empty()
        await expect(page.locator("main, .login, form").first).to_be_visible()
        assert await serious(page) == [], path
        wide: bool = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{path} scrolls sideways"


async def test_tab_goes_round_the_whole_desk_and_is_nowhere_held(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.locator(".brand").focus()
    seen: list[str] = []
    for _ in range(120):
        await page.keyboard.press("Tab")
        at = await page.evaluate("document.activeElement === document.body ? 'body' : document.activeElement.tagName")
        seen.append(at)
        if await page.evaluate("document.activeElement.closest('draft-card, order-panel') !== null"):
            break
        # The list takes Tab for its next conversation; Escape is the way out of it.
        if await page.evaluate("document.activeElement.matches('[role=option]')"):
            await page.keyboard.press("Escape")
    else:
        pytest.fail(f"Tab never got behind the list: {seen[-10:]}")
