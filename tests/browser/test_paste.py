"""The paste page: words in, a checked draft out, nothing sent."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import until


async def test_a_draft_is_made_and_copied(page: Page, desk: Desk) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{desk.url}/paste")
    await expect(page.locator(".promise")).to_have_text("本页内容不会发送，也不会保存。")
    await page.locator("#words").fill("杯子碎了两个")
    await page.locator("#order").fill("6938215504471120385")
    await page.keyboard.press("Control+Enter")
    box = page.locator("#out textarea")
    await expect(box).to_be_focused()
    await expect(page.locator("#out .order")).to_contain_text("青釉茶杯四只装")
    await page.wait_for_timeout(450)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#out .dc-primary")).to_contain_text("已复制")
    assert await page.evaluate("navigator.clipboard.readText()") == await box.input_value()
    assert desk.mock.decisions == []
    assert desk.mock.replies == []


async def test_a_blocked_text_is_not_copied(page: Page, desk: Desk) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{desk.url}/paste")
    await page.evaluate("navigator.clipboard.writeText('before')")
    await page.locator("#words").fill("杯子碎了两个")
    await page.locator("#do").click()
    await page.locator("#out textarea").fill("加我微信")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#out .dc-finding-line.dc-block")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "before"


async def test_without_an_answer_of_the_check_an_edit_is_not_copied(page: Page, desk: Desk) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{desk.url}/paste")
    await page.evaluate("navigator.clipboard.writeText('before')")
    await page.locator("#words").fill("杯子碎了两个")
    await page.locator("#do").click()
    desk.mock.faults["/api/check"] = (503, {"code": "try_again", "message": "later"})
    await page.locator("#out textarea").fill("好的")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_timeout(600)
    await expect(page.locator("#out .dc-primary")).to_have_attribute("aria-disabled", "true")
    assert await page.evaluate("navigator.clipboard.readText()") == "before"


async def test_silence_gives_its_reason(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/paste")
    await page.locator("#words").fill("?")
    await page.locator("#do").click()
    await expect(page.locator("#out .dc-reason-line")).to_contain_text("看不出买家的诉求")
    await expect(page.locator("#live")).to_contain_text("看不出买家的诉求")


async def test_an_error_is_said_in_words(page: Page, desk: Desk) -> None:
    desk.mock.faults["/api/paste"] = (500, {"code": "error", "message": "出错了", "remedy": "请重试"})
    await page.goto(f"{desk.url}/paste")
    await page.locator("#words").fill("在吗")
    await page.locator("#do").click()
    await expect(page.locator("#out")).to_contain_text("出错了。请重试。")


async def test_an_edited_draft_is_checked_with_its_order(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/paste")
    await page.locator("#words").fill("杯子碎了两个")
    await page.locator("#order").fill(" 6938215504471120385")
    await expect(page.locator("#do")).to_be_enabled()
    await page.keyboard.press("Control+Enter")
    await page.locator("#out textarea").fill("好的")
    await until(page, lambda: desk.mock.checks, "a check")
    assert desk.mock.checks[-1]["order_id"] == "6938215504471120385"


async def test_the_focus_is_not_taken_from_somebody_who_types(page: Page, desk: Desk) -> None:
    desk.mock.delay = 0.4
    await page.goto(f"{desk.url}/paste", wait_until="commit")
    await page.locator("#order").focus()
    await expect(page.locator("#shop option")).not_to_have_count(0)
    await expect(page.locator("#order")).to_be_focused()
    await page.locator("#words").fill("杯子碎了两个")
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.pastes, "the words are sent")
    await page.locator("#words").press_sequentially("又一句", delay=30)
    await expect(page.locator("#out textarea")).to_be_visible()
    await expect(page.locator("#words")).to_be_focused()
