"""The panel inside a chat tool on another site, in a real browser before the real product.

The tool is served from ``localhost`` and the panel from ``127.0.0.1``: on another port of one name every cookie would
arrive and nothing would be proved.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Frame, FrameLocator, Page, async_playwright, expect
from sqlalchemy import select

from copilot.channel.sent import ReplyState, mark
from copilot.domain.clock import SystemClock
from copilot.sdk.testing import serve
from copilot.store.tables import ConversationRow, OutboxRow, ShopRow
from tests.chromium import LAUNCH, need_chromium
from tests.live.conftest import LOGIN, PASSWORD, Desk, listening, shopper
from tests.live.host import host_app
from tests.live.test_replies import delivered_order, said
from tests.tooling.node import needs

AXE = "axe-core/axe.min.js"
_PATIENCE = 20_000
_STILL = 0.6
_MARKUP = '<img src=x onerror="document.title=1"><b>lost</b> says delivered yesterday, nothing here'


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once."""
    need_chromium()
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(**LAUNCH)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tool() -> AsyncIterator[str]:
    """A chat tool on another site; its address."""
    async with serve(host_app()) as address:
        yield address.replace("127.0.0.1", "localhost")


async def listing(desk: Desk, *origins: str) -> None:
    async with desk.store.merchant(desk.merchant) as session:
        row = (await session.scalars(select(ShopRow))).one()
        row.settings = {**row.settings, "panel": {"origins": list(origins)}}


async def handed_over(desk: Desk, conversation: str, text: str) -> uuid.UUID:
    """A reply that was approved and lies with a person to send; our id of it."""
    reply, now = uuid.uuid4(), datetime.now(UTC)
    async with desk.store.merchant(desk.merchant) as session:
        of_it = ConversationRow.platform_conversation_id == conversation
        talk = (await session.scalars(select(ConversationRow).where(of_it))).one()
        row = OutboxRow(
            merchant=desk.merchant, id=reply, shop=talk.shop, conversation=talk.id, source_kind="typed",
            source_id=reply, text=text, state="sending", created_at=now, updated_at=now, attempted_at=now,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        await mark(session, row, ReplyState.HANDED_OVER, SystemClock())
    return reply


async def host_page(browser: Browser, tool: str, desk: Desk) -> Page:
    context = await browser.new_context(viewport={"width": 900, "height": 800}, locale="en-US")
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE)
    await page.goto(f"{tool}/?panel={desk.server.url}/panel?merchant=tiktok-shop")
    return page


async def enter(page: Page, panel: FrameLocator, *, look: bool = False) -> None:
    async with page.expect_popup() as opening:
        await panel.locator("#enter").click()
    popup = await opening.value
    await expect(popup.locator("#about")).to_contain_text("http://localhost:")
    await popup.locator("input[name=login]").fill(f"{LOGIN}-tiktok-shop")
    await popup.locator("input[name=password]").fill(PASSWORD)
    await expect(popup.locator("#enter")).to_be_enabled()
    for scheme in ("dark", "light") if look else ():
        await popup.emulate_media(color_scheme=scheme)
        assert await serious(popup.main_frame) == [], scheme
    closing = popup.wait_for_event("close")
    await popup.keyboard.press("Enter")
    await closing


async def serious(frame: Frame) -> list[str]:
    """What keeps somebody from using what the frame shows, by axe's own judgement."""
    await frame.evaluate(needs(AXE).read_text("utf-8"))
    return await frame.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        ".filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => one.id)"
    )


async def told(page: Page, type: str) -> list[dict[str, Any]]:
    return await page.evaluate("type => heard.filter((one) => one.type === type)", type)


async def hears(page: Page, type: str) -> None:
    await page.wait_for_function("type => heard.some((one) => one.type === type)", arg=type)


def frame_of(page: Page) -> Frame:
    return next(frame for frame in page.frames if frame.parent_frame and "/panel?" in frame.url)


async def test_the_panel_in_a_chat_tool_of_another_site(browser: Browser, tool: str, tiktok: Desk) -> None:
    await listing(tiktok, tool)
    who = shopper(tiktok.emulator, delivered_order())
    async with listening(tiktok) as ear:
        await tiktok.emulator.say(who, _MARKUP)
        await ear.hears("draft.proposed", 60)
        page = await host_page(browser, tool, tiktok)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        panel = page.frame_locator("#panel")
        card = panel.locator("draft-card")
        id = tiktok.emulator.chats.of_shopper(who).id
        await expect(panel.locator("#enter")).to_be_visible()
        await page.evaluate("id => open_chat(id)", id)
        await enter(page, panel)
        # No cookie of the desk came: the pop-up signed it in.
        await expect(card).to_have_attribute("data-state", "proposed", timeout=_PATIENCE)
        await expect(card).to_contain_text("$34.99")
        assert await frame_of(page).locator("b, img[src=x]").count() == 0

        # What a window of another origin says is not heard: it would show nothing and ask for another conversation.
        await page.evaluate("say_from_elsewhere('nobody')")
        await page.evaluate("say_from_a_frame_inside('nobody')")
        await asyncio.sleep(_STILL)
        await expect(card).to_be_visible()

        # Into the reply box: nothing is sent.
        await panel.locator("#insert").click()
        await hears(page, "reply-copilot:insert")
        inserted = (await told(page, "reply-copilot:insert"))[0]
        assert inserted["conversation"] == id
        assert "$34.99" in inserted["text"]
        # A press beside the frame is the tool's own.
        await page.locator("#box").focus()
        await page.keyboard.press("Enter")
        await asyncio.sleep(_STILL)
        assert said(tiktok, who) == []

        await card.focus()
        await page.keyboard.press("Enter")
        await ear.hears("reply.sent", 40)
        assert said(tiktok, who) == [inserted["text"]]
        await hears(page, "reply-copilot:sent")

        # What is approved where nobody but the agent can send lies in the tool's box, until the tool says it was sent.
        by_hand = await handed_over(tiktok, id, "the parcel is on its way")
        given = "id => heard.some((one) => one.type === 'reply-copilot:insert' && one.reply === id)"
        await page.wait_for_function(given, arg=str(by_hand))
        assert await page.locator("#box").input_value() == "the parcel is on its way"
        await expect(panel.locator("#handed")).to_contain_text("the parcel is on its way")
        # Like every page it tells how many did not leave, and leads to them outside of the frame.
        tray = panel.locator("#tray")
        await expect(tray).to_have_text("1 to look after")
        async with page.context.expect_page() as beside:
            await tray.click()
        await expect((await beside.value).locator("#tray")).to_have_attribute("aria-pressed", "true")
        await (await beside.value).close()
        about = {"conversation": id, "reply": str(by_hand)}
        # Of another conversation, and of another reply: neither is this one's end.
        for other in ({**about, "conversation": "c9"}, {**about, "reply": "r9"}):
            await page.evaluate("said => tell_panel('sent', said)", other)
        await page.evaluate("said => tell_panel('sent', said)", {**about, "message": "feige-1"})
        await expect(panel.locator("#handed")).to_be_hidden()
        await expect(tray).to_be_hidden()
        async with tiktok.store.merchant(tiktok.merchant) as session:
            ended = (await session.scalars(select(OutboxRow).where(OutboxRow.id == by_hand))).one()
        assert (ended.state, ended.platform_message_id) == ("sent", "feige-1")
        assert len(said(tiktok, who)) == 1

        # The stream reaches it: the next draft comes by itself, after the server was away, too.
        await asyncio.to_thread(tiktok.server.stop)
        await asyncio.to_thread(tiktok.server.start)
        await tiktok.emulator.say(who, "the refund pls")
        await expect(card).to_have_attribute("data-state", "proposed", timeout=3 * _PATIENCE)
        assert len(said(tiktok, who)) == 1
        assert complaints == []


async def test_a_tool_that_is_not_listed_shows_no_panel(browser: Browser, tool: str, tiktok: Desk) -> None:
    await listing(tiktok, "https://chat.example.com")
    page = await host_page(browser, tool, tiktok)
    await asyncio.sleep(1)
    assert all("/panel" not in frame.url or "chrome-error" in frame.url for frame in page.frames[1:])
    # And shows one when it is.
    await listing(tiktok, tool)
    await page.reload()
    await expect(page.frame_locator("#panel").locator("#enter")).to_be_visible()


async def test_chatwoots_own_words_open_a_conversation_and_nothing_keeps_anybody_out(
    browser: Browser, tool: str, tiktok: Desk
) -> None:
    needs(AXE)
    await listing(tiktok, tool)
    who = shopper(tiktok.emulator, delivered_order("577408813309944130"), "by_chatwoot")
    async with listening(tiktok) as ear:
        await tiktok.emulator.say(who, "says delivered yesterday, nothing here")
        await ear.hears("draft.proposed", 60)
    page = await host_page(browser, tool, tiktok)
    panel = page.frame_locator("#panel")
    await expect(panel.locator("#enter")).to_be_visible()
    await page.wait_for_function("heard.includes('chatwoot-dashboard-app:fetch-info')")
    await page.evaluate("id => chatwoot(id)", tiktok.emulator.chats.of_shopper(who).id)
    await enter(page, panel, look=True)
    await expect(panel.locator("draft-card")).to_have_attribute("data-state", "proposed", timeout=_PATIENCE)
    await asyncio.sleep(_STILL)
    frame = frame_of(page)
    assert await frame.evaluate("document.documentElement.scrollWidth") <= 380
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await serious(frame) == [], scheme
