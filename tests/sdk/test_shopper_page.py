"""The shoppers' page in a real browser, under a prefix as the demonstration mounts it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from starlette.applications import Starlette
from starlette.routing import Mount

from copilot.domain.order import Item, Order
from copilot.sdk.testing import serve
from tests.chromium import LAUNCH, need_chromium
from tests.sdk.conftest import Plain


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    need_chromium()
    async with async_playwright() as play:
        browser = await play.chromium.launch(**LAUNCH)
        yield browser
        await browser.close()


@pytest.fixture
async def address(platform: Plain) -> AsyncIterator[str]:
    async with serve(Starlette(routes=[Mount("/platforms/plain", platform.app)])) as base:
        platform.settings(f"{base}/platforms/plain")
        # Without the slash at its end, as people type it.
        yield f"{base}/platforms/plain"


async def opened(browser: Browser, address: str, locale: str) -> tuple[Page, list[str]]:
    context = await browser.new_context(locale=locale)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    await page.wait_for_selector("#shoppers button")
    return page, complaints


async def test_a_person_plays_a_shopper_and_sees_the_answer_live(
    browser: Browser, address: str, platform: Plain
) -> None:
    platform.add_order(Order(id="576653688135258178", items=(Item(name="Mug"),)), "ann")
    page, complaints = await opened(browser, address, "en-US")
    await page.fill("#text", 'where is <img src=x onerror="alert(1)">')
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".line.buyer")
    await page.click("#cards button")
    await page.click("#photo")
    await expect(page.locator(".line")).to_have_count(3)
    assert [line.kind for line in platform.thread("ann")] == ["text", "order_card", "image"]
    platform.accept(platform.chats.of_shopper("ann"), "On its <b>way</b>")
    await expect(page.locator(".line.agent p")).to_have_text("On its <b>way</b>")
    assert await page.locator("#lines img, #lines b").count() == 0
    await page.fill("#text", "I take over")
    await page.click("#colleague")
    await expect(page.locator(".line.agent")).to_have_count(2)
    assert platform.announced[-1].by_call is False
    assert complaints == []


async def test_each_shopper_has_a_window_and_the_page_speaks_the_readers_language(
    browser: Browser, address: str, platform: Plain
) -> None:
    await platform.say("ann", "from ann")
    await platform.say("bo", "from bo")
    page, complaints = await opened(browser, f"{address}/?shopper=bo", "zh-CN")
    await expect(page.locator("#lines")).to_contain_text("from bo")
    assert await page.inner_text("#say") == "以买家身份发送"
    await page.locator("#shoppers button").first.click()
    await expect(page.locator("#lines")).to_contain_text("from ann")
    await expect(page.locator("#lines")).not_to_contain_text("from bo")
    await page.fill("#nickname", "新来的")
    await page.click("#add-button")
    await expect(page.locator("#who")).to_have_text("新来的")
    assert complaints == []
