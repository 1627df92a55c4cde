"""An agent in a real browser before the real product: logs in, a draft arrives by itself, one key sends it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.chromium import LAUNCH, need_chromium
from tests.live.conftest import LOGIN, PASSWORD, Desk, listening, shopper
from tests.live.test_replies import delivered_order, said

# The machine may be busy with everything else.
_PATIENCE = 20_000
expect.set_options(timeout=_PATIENCE)
# For so long after a card changed keys are not for it.
_STILL = 0.6


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once."""
    need_chromium()
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(**LAUNCH)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page as wide as the desk is made for, in English, with a login of its own."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    opened = await context.new_page()
    opened.set_default_timeout(_PATIENCE)
    yield opened
    await context.close()


async def sign_in(page: Page, desk: Desk, password: str = PASSWORD) -> None:
    await page.goto(desk.server.url)
    await page.locator("input[name=login]").fill(f"{LOGIN}-tiktok-shop")
    await page.locator("input[name=password]").fill(password)
    # The button is off until the page can send it itself; a person is slower than this.
    await expect(page.locator("#enter")).to_be_enabled()
    await page.keyboard.press("Enter")


async def test_log_in_see_a_draft_arrive_send_it_with_a_key_and_survive_a_restart(page: Page, tiktok: Desk) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    who = shopper(tiktok.emulator, delivered_order())
    rows = page.locator("conversation-list [role=option]")
    card = page.locator("draft-card")

    await sign_in(page, tiktok, "not the password")
    await expect(page.locator("#error")).to_be_visible()
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#list-state")).to_be_visible()

    async with listening(tiktok) as ear:
        # Nobody reloads: the row and its draft come over the event stream.
        await tiktok.emulator.say(who, "says delivered yesterday, nothing here, checked w/ neighbors")
        await expect(rows).to_have_count(1, timeout=_PATIENCE)
        await page.keyboard.press("j")
        await expect(card).to_contain_text("$34.99", timeout=_PATIENCE)
        await expect(card).to_contain_text("577408813309944127")
        await asyncio.sleep(_STILL)
        # It opened by itself before there was a draft: the first press brought the hand to the card to come.
        await expect(card).to_be_focused()
        await page.keyboard.press("Enter")
        await ear.hears("reply.sent")
        sent = said(tiktok, who)
        assert len(sent) == 1
        assert "$34.99" in sent[0]
        await expect(page.locator("message-thread")).to_contain_text(sent[0], timeout=_PATIENCE)

        # The server goes and comes back; the page is still the same one.
        await asyncio.to_thread(tiktok.server.stop)
        await tiktok.emulator.say(who, "the refund pls")
        await asyncio.to_thread(tiktok.server.start)
        await expect(page.locator("message-thread")).to_contain_text("the refund pls", timeout=3 * _PATIENCE)
        await expect(card).to_contain_text("already about it", timeout=_PATIENCE)
        await asyncio.sleep(_STILL)
        # The first press only brings the hand back to the card when it is elsewhere.
        await card.focus()
        await page.keyboard.press("Enter")
        await ear.hears("reply.sent", 40)
    assert len(said(tiktok, who)) == 2
    bubbles = page.locator("message-thread .line .bubble")
    await expect(bubbles).to_have_count(4, timeout=_PATIENCE)
    assert complaints == []


@pytest.mark.feature("F016")
async def test_what_one_device_sends_the_other_shows_and_cannot_send_again(page: Page, tiktok: Desk) -> None:
    who = shopper(tiktok.emulator, delivered_order("577408813309944128"), "two_devices")
    await sign_in(page, tiktok)
    await expect(page.locator("#merchant")).not_to_be_empty()
    other = await page.context.new_page()
    await other.goto(tiktok.server.url)
    await tiktok.emulator.say(who, "where is my package")
    for device in (page, other):
        await device.locator("conversation-list [role=option]", has_text="two_devices").click()
        await expect(device.locator("draft-card")).to_have_attribute("data-state", "proposed", timeout=_PATIENCE)
    await asyncio.sleep(_STILL)
    await page.locator("draft-card").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("message-thread .line .bubble")).to_have_count(2, timeout=_PATIENCE)
    await expect(other.locator("message-thread .line .bubble")).to_have_count(2, timeout=_PATIENCE)
    await other.keyboard.press("Enter")
    await asyncio.sleep(1)
    assert len(said(tiktok, who)) == 1


async def test_the_paste_page_drafts_and_copies_without_sending(page: Page, tiktok: Desk) -> None:
    shopper(tiktok.emulator, delivered_order("577408813309944129"), "pasted")
    await sign_in(page, tiktok)
    await expect(page.locator("#merchant")).not_to_be_empty()
    before = tiktok.get("/api/conversations?list=all")["total"]
    await page.goto(f"{tiktok.server.url}/paste")
    # The page listens to keys when it says so, not as soon as its fields are there.
    await expect(page.locator("#out")).to_contain_text("The draft appears here.")
    await page.locator("#words").fill("says delivered yesterday, nothing here")
    await page.locator("#order").fill("577408813309944129")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#out")).to_contain_text("$34.99")
    assert said(tiktok, "shopper-pasted") == []
    assert tiktok.get("/api/conversations?list=all")["total"] == before
