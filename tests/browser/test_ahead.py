"""The next conversation is read before anybody asks for it: a step waits for nobody, and never shows what is over."""

from playwright.async_api import Page, Response, expect

from tests.browser.conftest import Desk
from tests.browser.steps import Held, open_desk, until

FIRST = "c-damaged"


async def next_row(page: Page) -> tuple[str, str]:
    """The id and the name of the row behind the open one."""
    row = page.locator("conversation-list [role=option][aria-selected=true] + [role=option]")
    return await row.get_attribute("data-key") or "", await row.locator(".row-name").inner_text()


async def read(page: Page, desk: Desk, conversation: str) -> None:
    """Wait until the page has read the conversation."""
    path = f"/api/conversations/{conversation}"
    await until(page, lambda: any(one == path for one, _ in desk.mock.requests), f"{conversation} was read")
    await page.wait_for_timeout(100)


async def test_a_step_shows_the_next_conversation_without_waiting_for_the_server(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, FIRST)
    conversation, name = await next_row(page)
    await read(page, desk, conversation)
    held = Held()
    await page.route(f"**/api/conversations/{conversation}", held.hold)
    await page.keyboard.press("j")
    await expect(page.locator("#buyer")).to_contain_text(name)
    await expect(page.locator("message-thread")).to_be_visible()
    await until(page, lambda: held.asked, "it is read again all the same")
    held.go.set()


async def test_a_draft_read_before_something_happened_is_not_shown(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, FIRST)
    conversation, name = await next_row(page)
    await read(page, desk, conversation)
    held = Held()
    await page.route(f"**/api/conversations/{conversation}", held.hold)
    desk.mock.buyer_says(conversation, "what happened since")
    await until(page, lambda: held.asked, "it is read again")
    await page.keyboard.press("j")
    # Who it is and what was said stands there at once, and nothing that could be decided.
    await expect(page.locator("#buyer")).to_contain_text(name)
    await expect(page.locator("message-thread")).to_contain_text("what happened since")
    await expect(page.locator("draft-card")).to_have_attribute("data-state", "loading")
    for key in ("Enter", "Shift+Enter", "e", "r", "w"):
        await page.keyboard.press(key)
    await expect(page.locator("draft-card textarea")).to_have_count(0)
    held.go.set()
    await expect(page.locator("draft-card")).not_to_have_attribute("data-state", "loading")
    await expect(page.locator("message-thread .line", has_text="what happened since")).to_have_count(1)
    assert desk.mock.decisions == []


async def test_what_happens_to_the_next_one_is_read_before_anybody_steps(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-refund")
    conversation, name = await next_row(page)
    await read(page, desk, conversation)
    card = desk.mock.conversations[conversation]["card"]
    card["revision"], card["text_hash"], card["draft"]["text"] = 7, "hash-7", "what stands there now"
    card["draft"]["claims"], card["draft"]["findings"] = [], []

    # What was on its way before tells the older words.
    async def newer(answer: Response) -> bool:
        if not answer.url.endswith(f"/api/conversations/{conversation}"):
            return False
        return bool((await answer.json())["card"]["revision"] == 7)

    async with page.expect_response(newer):
        desk.mock.emit("draft.proposed", conversation, card["id"])
    await page.wait_for_timeout(100)
    held = Held()
    await page.route(f"**/api/conversations/{conversation}", held.hold)
    await page.keyboard.press("j")
    await expect(page.locator("#buyer")).to_contain_text(name)
    await expect(page.locator("draft-card .dc-text")).to_have_text("what stands there now")
    held.go.set()


async def test_a_row_that_has_not_changed_stays_as_it_was_drawn(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, FIRST)
    await page.evaluate(
        """() => {
            for (const row of document.querySelectorAll("conversation-list [role=option]")) row.firstChild.old = true;
            for (const one of document.querySelector("#sort").options) one.old = true;
        }"""
    )
    desk.mock.buyer_says("c-hostile", "one more thing")
    row = page.locator("conversation-list [data-key=c-hostile]")
    await expect(row).to_contain_text("one more thing")
    await page.keyboard.press("j")
    await expect(page.locator(f"conversation-list [data-key={FIRST}]")).to_have_attribute("aria-selected", "false")
    drawn = await page.locator("conversation-list [role=option]").evaluate_all(
        "rows => rows.filter((row) => !row.firstChild.old).map((row) => row.dataset.key)"
    )
    # The open one was read: it is no longer shown as new.
    assert set(drawn) <= {"c-hostile", FIRST, *(await selected(page))}
    assert await page.locator("#sort option").evaluate_all("all => all.every((one) => one.old)")


async def selected(page: Page) -> list[str]:
    """The row of the open conversation."""
    rows = page.locator("conversation-list [role=option][aria-selected=true]")
    return await rows.evaluate_all("rows => rows.map((row) => row.dataset.key)")


async def test_a_step_into_the_unknown_shows_the_row_and_nothing_of_the_one_before(page: Page, desk: Desk) -> None:
    held = Held()
    await page.route("**/api/conversations/c-hostile", held.hold)
    await open_desk(page, desk, FIRST)
    await page.locator("conversation-list [data-key=c-hostile]").click()
    await expect(page.locator("#buyer")).to_contain_text("<b>怪</b>")
    shown = "".join([await page.locator(part).inner_text() for part in ("message-thread", "draft-card", "order-panel")])
    assert "刚拆开碎了两个" not in shown
    assert "29.95" not in shown
    assert "青釉茶杯" not in shown
    held.go.set()
    await expect(page.locator("draft-card .dc-text")).to_contain_text("好的,明天18点前")


async def test_a_conversation_seen_before_stands_there_at_once(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, FIRST)
    await page.locator("conversation-list [data-key=c-hostile]").click()
    await expect(page.locator("draft-card .dc-text")).to_contain_text("好的,明天18点前")
    held = Held()
    await page.route(f"**/api/conversations/{FIRST}", held.hold)
    await page.locator(f"conversation-list [data-key={FIRST}]").click()
    await expect(page.locator("draft-card .dc-text")).to_contain_text("一套四只碎了两只")
    held.go.set()


async def test_the_next_conversation_does_not_wait_for_the_one_before(page: Page, desk: Desk) -> None:
    await open_desk(page, desk)
    held = Held()
    await page.route("**/api/conversations/c-hostile", held.hold)
    await page.locator("conversation-list [data-key=c-hostile]").click()
    await until(page, lambda: held.asked, "the reading of the one before")
    await page.locator(f"conversation-list [data-key={FIRST}]").click()
    await expect(page.locator("draft-card .dc-text")).to_contain_text("一套四只碎了两只")
    held.go.set()
    await page.wait_for_timeout(200)
    # An answer that comes late is of somebody who is not looked at any more.
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")
    await expect(page.locator("draft-card .dc-text")).to_contain_text("一套四只碎了两只")
