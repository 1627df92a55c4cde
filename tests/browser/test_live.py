"""What happens elsewhere: it appears by itself, disturbs nobody's hand, and survives a broken line."""

import asyncio
from typing import Any

from playwright.async_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Desk, start, stop
from tests.browser.steps import SETTLED, Held, open_desk, until


def redraft(desk: Desk, conversation: str, text: str) -> None:
    """The buyer writes again and a newer draft stands."""
    one = desk.mock.conversations[conversation]
    old = one["card"]
    draft: dict[str, Any] = {**old["draft"], "text": text, "claims": [], "options": []}
    one["card"] = {**old, "id": f"{old['id']}-2", "text_hash": "hash-2", "state": "proposed", "draft": draft}
    desk.mock.buyer_says(conversation, "还有一个有裂缝")
    desk.mock.emit("draft.proposed", conversation, f"{old['id']}-2")


async def test_a_draft_arrives_without_a_reload(page: Page, desk: Desk) -> None:
    one = desk.mock.conversations["c-answered"]
    await open_desk(page, desk)
    await expect(page.locator("conversation-list [role=option]")).to_have_count(6)
    await expect(page).to_have_title("(6) reply-copilot")
    one["card"] = {**desk.mock.conversations["c-hostile"]["card"], "id": "fresh", "conversation": "c-answered"}
    desk.mock.buyer_says("c-answered", "and the microwave?")
    await expect(page.locator("conversation-list [role=option]", has_text="sunny.k")).to_contain_text("草稿待处理")
    await expect(page.locator("#live")).to_have_text("sunny.k 有新草稿")
    await expect(page).to_have_title("(7) reply-copilot")


async def test_accepted_and_sent_shows_in_the_thread(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    desk.mock.sent("draft-damaged", "好的,给您补寄。")
    await expect(page.locator("message-thread .line-shop")).to_contain_text("好的,给您补寄。")
    await expect(page.locator("draft-card .dc-good")).to_have_text("已发送。")
    await expect(page.locator("draft-card")).to_be_focused()


async def test_a_card_in_focus_holds_still_and_announces_the_newer_one(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    redraft(desk, "c-damaged", "三只都给您补寄。")
    await expect(page.locator("draft-card .dc-newer")).to_be_visible()
    await expect(page.locator("draft-card .dc-text")).to_contain_text("一套四只碎了两只")
    await page.keyboard.press("Enter")
    await page.wait_for_timeout(200)
    assert desk.mock.decisions == []
    await page.keyboard.press("n")
    await expect(page.locator("draft-card .dc-text")).to_have_text("三只都给您补寄。")
    await expect(page.locator("draft-card .dc-newer")).to_have_count(0)


async def test_a_card_nobody_holds_shows_the_newer_one_at_once(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.locator("#search").focus()
    redraft(desk, "c-damaged", "三只都给您补寄。")
    await expect(page.locator("draft-card .dc-text")).to_have_text("三只都给您补寄。")


async def test_an_edit_survives_and_leaves_as_the_agents_own_reply(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("e")
    await page.keyboard.type("我马上看。")
    redraft(desk, "c-damaged", "三只都给您补寄。")
    await expect(page.locator("draft-card .dc-newer")).to_be_visible()
    box = page.locator("draft-card textarea")
    await expect(box).to_be_focused()
    assert (await box.input_value()).endswith("我马上看。")
    await expect(page.locator("draft-card .dc-primary")).to_contain_text("作为我的回复发送")
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "a reply")
    assert desk.mock.decisions == []


async def test_a_box_stays_open_under_the_hand_while_the_draft_is_written_again(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("r")
    await page.keyboard.press("Enter")
    await until(page, lambda: desk.mock.decisions, "a rejection")
    await page.keyboard.press("w")
    redraft(desk, "c-damaged", "三只都给您补寄。")
    await expect(page.locator("draft-card .dc-newer")).to_be_visible()
    # Nothing was typed yet: what is typed now must not fall on the card's keys.
    await page.keyboard.type("er")
    await expect(page.locator("draft-card textarea")).to_have_value("er")
    assert len(desk.mock.decisions) == 1


async def test_a_text_that_was_begun_waits_in_its_conversation(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("e")
    await page.keyboard.type("我马上看。")
    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.locator("#buyer")).to_have_text("山月不知")
    await expect(page.locator("draft-card textarea")).to_have_count(0)
    await page.keyboard.press("Alt+ArrowUp")
    assert (await page.locator("draft-card textarea").input_value()).endswith("我马上看。")


async def test_a_decision_that_comes_too_late_sends_nothing_and_says_so(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    card = desk.mock.conversations["c-damaged"]["card"]
    card["revision"], card["draft"]["text"], card["draft"]["claims"] = 2, "现在是这一条。", []
    await page.keyboard.press("Enter")
    await expect(page.locator("draft-card .dc-bar.dc-warn")).to_contain_text("什么都没有发出")
    await expect(page.locator("draft-card .dc-text")).to_have_text("现在是这一条。")
    assert desk.mock.decisions == []


async def test_it_says_so_too_where_the_newer_one_is_there_before_the_refusal(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    slow = Held()
    await page.route("**/decision", slow.hold)
    await page.keyboard.press("Enter")
    await until(page, lambda: slow.asked, "a decision on its way")
    card = desk.mock.conversations["c-damaged"]["card"]
    card["revision"], card["text_hash"], card["draft"]["text"] = 2, "hash-2", "现在是这一条。"
    card["draft"]["claims"] = []
    desk.mock.emit("draft.proposed", "c-damaged", card["id"])
    await expect(page.locator("draft-card .dc-text")).to_have_text("现在是这一条。")
    slow.go.set()
    await expect(page.locator("draft-card .dc-bar.dc-warn")).to_contain_text("什么都没有发出")
    assert desk.mock.decisions == []


async def test_a_broken_line_is_said_and_nothing_is_lost(page: Page, own_desk: Desk) -> None:
    desk = own_desk
    await open_desk(page, desk, "c-damaged")
    port = int(desk.url.rsplit(":", 1)[1])
    await until(page, lambda: desk.mock.listeners == 1, "a stream")
    desk.server.should_exit = True
    desk.mock.hang_up()
    await expect(page.locator("#offline")).to_be_visible(timeout=10_000)
    desk.mock.buyer_says("c-damaged", "在吗,还有人吗")
    again, thread = start(desk.mock, port)
    try:
        await expect(page.locator("message-thread")).to_contain_text("在吗,还有人吗", timeout=10_000)
        await expect(page.locator("#offline")).to_be_hidden()
        assert await page.locator("message-thread .line", has_text="在吗,还有人吗").count() == 1
    finally:
        stop(again, thread)


async def test_all_pages_of_a_browser_share_one_stream(own_page: Page, desk: Desk) -> None:
    page = own_page
    await open_desk(page, desk)
    await until(page, lambda: desk.mock.listeners == 1, "a stream")
    context: BrowserContext = page.context
    second = await context.new_page()
    await open_desk(second, desk)
    await second.wait_for_timeout(300)
    assert desk.mock.listeners == 1
    await page.close()
    desk.mock.buyer_says("c-answered", "hello again")
    await expect(second.locator("conversation-list [role=option]", has_text="hello again")).to_be_visible()


async def test_without_shared_workers_the_page_listens_itself(own_page: Page, desk: Desk) -> None:
    page = own_page
    await page.add_init_script("delete globalThis.SharedWorker")
    await open_desk(page, desk)
    await until(page, lambda: desk.mock.listeners == 1, "a stream")
    desk.mock.buyer_says("c-answered", "hello again")
    await expect(page.locator("conversation-list [role=option]", has_text="hello again")).to_be_visible()


async def test_an_ended_login_leads_to_the_login(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    desk.mock.signed_in = False
    desk.mock.emit("message.received", "c-damaged")
    await page.wait_for_url("**/login?next=*")
    await page.fill("[name=login]", "lin")
    await page.fill("[name=password]", "wrong")
    await page.keyboard.press("Enter")
    await expect(page.locator("#error")).to_have_text("账号或密码不正确。")
    await page.keyboard.type("right")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/#c-damaged")
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")


async def test_the_login_never_leads_away(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/login?next=//example.com/x")
    await page.fill("[name=login]", "lin")
    await page.fill("[name=password]", "right")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{desk.url}/")


async def test_nobody_signed_in_leads_to_the_login(page: Page, desk: Desk) -> None:
    desk.mock.signed_in = False
    await page.goto(desk.url)
    await page.wait_for_url("**/login")
    await expect(page.locator("h1")).to_have_text("登录")


async def test_what_happens_elsewhere_does_not_move_the_focus(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    button = page.locator("draft-card .dc-quiet-button", has_text="驳回")
    await button.focus()
    desk.mock.emit("conversation.changed", "c-damaged")
    desk.mock.buyer_says("c-answered", "hello again")
    await expect(page.locator("conversation-list [role=option]", has_text="hello again")).to_be_visible()
    await expect(button).to_be_focused()


async def test_the_clock_on_the_card_is_the_platforms(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await expect(page.locator("draft-card .dc-countdown")).to_contain_text("剩 2:")
    listed = await page.locator("conversation-list [aria-selected=true] .row-time").inner_text()
    on_card = await page.locator("draft-card .dc-countdown").inner_text()
    assert abs(int(listed.split(":")[1]) - int(on_card.split(":")[1])) <= 1


async def test_a_draft_is_not_awaited_for_ever(page: Page, desk: Desk) -> None:
    one = desk.mock.conversations["c-damaged"]
    one["card"] = None
    await page.goto(f"{desk.url}/#c-damaged")
    await expect(page.locator("draft-card .dc-silence")).to_contain_text("可以自己写回复")
    desk.mock.buyer_says("c-damaged", "人呢")
    await expect(page.locator("draft-card .dc-writing")).to_be_visible()


async def test_a_decision_made_elsewhere_is_not_called_unsent(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    desk.mock.conversations["c-damaged"]["card"]["state"] = "approved"
    await page.keyboard.press("Enter")
    await expect(page.locator("draft-card .dc-bar.dc-warn")).to_contain_text("此前已有决定")
    assert desk.mock.decisions == []


async def test_what_was_read_before_a_refusal_does_not_undo_it(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    older, go = await (await page.request.get(f"{desk.url}/api/conversations/c-damaged")).text(), asyncio.Event()
    late: list[Route] = []

    async def hold(route: Route) -> None:
        if late:
            return await route.continue_()
        late.append(route)
        await go.wait()
        await route.fulfill(body=older, content_type="application/json")

    await page.route("**/api/conversations/c-damaged", hold)
    desk.mock.emit("conversation.changed", "c-damaged")
    await until(page, lambda: late, "a reading")
    desk.mock.conversations["c-damaged"]["card"]["state"] = "approved"
    await page.keyboard.press("Enter")
    await expect(page.locator("draft-card .dc-bar.dc-warn")).to_contain_text("此前已有决定")
    go.set()
    await page.wait_for_timeout(300)
    await expect(page.locator("draft-card .dc-bar.dc-warn")).to_contain_text("此前已有决定")
    await expect(page.locator("draft-card")).to_have_attribute("data-state", "approved")


async def test_after_an_own_reply_the_draft_before_it_is_let_go(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("w")
    await page.keyboard.type("我来处理。")
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "a reply")
    await expect(page.locator("draft-card")).to_be_focused()
    desk.mock.conversations["c-damaged"]["card"] = None
    desk.mock.emit("draft.superseded", "c-damaged", "draft-damaged")
    await expect(page.locator("draft-card .dc-text")).to_have_count(0)
    await expect(page.locator("draft-card .dc-newer")).to_have_count(0)


async def test_a_draft_that_came_back_can_be_decided_again(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    await expect(page.locator("draft-card .dc-outcome")).to_be_visible()
    desk.mock.conversations["c-damaged"]["card"]["state"] = "proposed"
    desk.mock.emit("draft.proposed", "c-damaged", "draft-damaged")
    await expect(page.locator("draft-card .dc-bar.dc-warn")).to_contain_text("没有发出")
    await expect(page.locator(SETTLED)).to_be_visible()
    await page.keyboard.press("Enter")
    await until(page, lambda: len(desk.mock.decisions) == 2, "the second decision")


async def test_the_newer_draft_shows_when_the_hand_leaves_the_card(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    redraft(desk, "c-damaged", "三只都给您补寄。")
    await expect(page.locator("draft-card .dc-newer")).to_be_visible()
    await page.locator("#search").focus()
    await expect(page.locator("draft-card .dc-text")).to_have_text("三只都给您补寄。")
    await expect(page.locator("#search")).to_be_focused()


async def test_an_address_opens_its_conversation_also_in_an_open_page(page: Page, desk: Desk) -> None:
    await open_desk(page, desk)
    await page.goto(f"{desk.url}/#c-refund")
    await expect(page.locator("#buyer")).to_have_text("maria_r")


async def test_a_new_message_leaves_the_others_as_they_are(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.locator("message-thread .line").first.evaluate("node => (node.marked = true)")
    desk.mock.buyer_says("c-damaged", "还有一个有裂缝")
    await expect(page.locator("message-thread .line").last).to_contain_text("还有一个有裂缝")
    assert await page.locator("message-thread .line").first.evaluate("node => node.marked")
    assert await page.locator("message-thread").evaluate(
        "node => node.scrollHeight - node.scrollTop - node.clientHeight < 2"
    )


async def test_only_what_a_person_asks_for_keeps_the_login_alive(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    assert not any(alone for _, alone in desk.mock.requests)
    await page.wait_for_timeout(2100)
    desk.mock.requests.clear()
    desk.mock.buyer_says("c-damaged", "在吗")
    await until(page, lambda: len(desk.mock.requests) >= 2, "the page reads again")
    assert desk.mock.requests == [(path, True) for path, _ in desk.mock.requests]
    desk.mock.requests.clear()
    await page.keyboard.press("j")

    # What the first conversation's news still asks for by itself is none of it.
    def asked() -> list[tuple[str, bool]]:
        return [one for one in desk.mock.requests if "/conversations/c-" in one[0] and "c-damaged" not in one[0]]

    await until(page, asked, "the next conversation")
    assert asked() == [(path, False) for path, _ in asked()]


async def test_the_keyboard_keeps_its_place_when_what_it_pressed_goes_away(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/#c-unconfirmed")
    await page.locator("message-thread .settle button").first.press("Enter")
    await until(page, lambda: desk.mock.settled, "settled")
    await expect(page.locator("message-thread .settle")).to_have_count(0)
    await expect(page.locator("message-thread")).to_be_focused()

    await open_desk(page, desk, "c-damaged")
    again = page.locator("order-panel .panel-head button")
    await again.press("Enter")
    await expect(again).to_have_class("icon-button turning")
    await expect(again).to_be_focused()
    await expect(again).to_have_class("icon-button")
    await expect(again).to_be_focused()


async def test_what_was_unfolded_stays_when_something_else_happens(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    older = page.locator("order-panel details.older").first
    await older.locator("summary").click()
    desk.mock.buyer_says("c-damaged", "在吗")
    await expect(page.locator("message-thread")).to_contain_text("在吗")
    await expect(older).to_have_attribute("open", "")
    # Also when it is drawn anew because more is known of the orders.
    orders = desk.mock.conversations["c-damaged"]["orders"]["orders"]
    orders[0]["shipments"][0]["events"].append({"at": "2026-11-01T08:00:00+08:00", "text": "已揽收"})
    desk.mock.buyer_says("c-damaged", "还在吗")
    await expect(older).to_contain_text("已揽收")
    await expect(older).to_have_attribute("open", "")


async def test_who_wrote_it_and_where_stands_under_it(page: Page, desk: Desk) -> None:
    one = desk.mock.conversations["c-answered"]
    for number, more in enumerate(
        ({"by": {"id": "p1", "name": "林晓"}}, {"by": {"id": "p2", "name": "陈默"}}, {"agent": "小王", "by": None})
    ):
        one["messages"].append({**one["messages"][-1], "draft": None, "sent_by": "person", "id": f"a{number}", **more})
    await page.goto(f"{desk.url}/#c-answered")
    about = page.locator("message-thread .line-shop .about span:first-child")
    await expect(about.nth(1)).to_have_text("您 · 在此撰写")
    await expect(about.nth(2)).to_have_text("陈默 · 在此撰写")
    await expect(about.nth(3)).to_have_text("小王 · 在平台上回复")


async def test_a_new_draft_is_announced_once(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.evaluate(
        """() => { window.said = []; const live = document.querySelector("#live");
            new MutationObserver(() => said.push(live.textContent)).observe(live, {childList: true}); }"""
    )
    redraft(desk, "c-damaged", "三只都给您补寄。")
    await until_said(page, 1)
    desk.mock.emit("conversation.changed", "c-damaged")
    await page.evaluate("dispatchEvent(new Event('online'))")
    await page.wait_for_timeout(400)
    await until_said(page, 1)


async def until_said(page: Page, times: int) -> None:
    await page.wait_for_function("times => said.length === times", arg=times)


async def test_what_the_desk_begins_with_is_asked_for_before_its_modules_and_once(page: Page, desk: Desk) -> None:
    await open_desk(page, desk)
    asked = """(path) => performance.getEntriesByType("resource").filter((one) => one.name.includes(path))
        .map((one) => [one.name, one.initiatorType])"""
    ((_, by),) = await page.evaluate(asked, "/api/me")
    assert by == "link"
    lists = await page.evaluate(asked, "/api/conversations?")
    # It is read again once the stream stands, but never another one: what was asked early is what the desk shows first.
    assert lists[0][1] == "link"
    assert len({name for name, _ in lists}) == 1
