"""The queue on the page: what arrives, who takes it, what is handed over, filters that count, and what is owed."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.mock import _person  # pyright: ignore[reportPrivateUsage]
from tests.browser.steps import open_desk, until

ROWS = "conversation-list [role=option]"


def together(desk: Desk) -> None:
    """Two who receive; the first conversation is mine, the second the colleague's, the rest wait for somebody."""
    desk.mock.people += [
        _person("p2", "周舟", held=3, capacity=5),
        _person("p3", "阿敏", page_open=False, online=False),
    ]
    desk.mock.holders["c-damaged"] = {"id": "p1", "name": "林晓", "how": "auto"}
    desk.mock.holders["c-hostile"] = {"id": "p2", "name": "周舟", "how": "transfer"}


@pytest.mark.feature("F034")
async def test_enter_in_the_list_of_those_who_wait_takes_and_opens(page: Page, desk: Desk) -> None:
    together(desk)
    await open_desk(page, desk)
    await page.locator("[data-list=unassigned]").click()
    before = desk.mock.counts()["unassigned"]
    await expect(page.locator(ROWS)).to_have_count(before)
    first = page.locator(ROWS).nth(1)
    key = await first.get_attribute("data-key")
    await first.focus()
    await page.keyboard.press("Enter")
    await until(page, lambda: ("take", {"conversation": key}) in desk.mock.moves, "the taking")
    await expect(page.locator(ROWS)).to_have_count(before - 1)
    assert desk.mock.decisions == []
    # Elsewhere Enter takes nothing.
    await page.locator("[data-list=open]").click()
    await page.evaluate("document.activeElement.blur()")
    taken = sum(act == "take" for act, _ in desk.mock.moves)
    await page.keyboard.press("Enter")
    await page.wait_for_timeout(300)
    assert sum(act == "take" for act, _ in desk.mock.moves) == taken


async def test_who_comes_second_is_told_and_sees_the_holder(page: Page, desk: Desk) -> None:
    together(desk)
    await open_desk(page, desk)
    await page.locator("[data-list=unassigned]").click()
    row = page.locator(ROWS).first
    await expect(row).to_contain_text("待分配")
    key = await row.get_attribute("data-key")
    assert key
    # Taken by the other a moment ago; the news is not here yet.
    desk.mock.faults[f"/api/conversations/{key}/take"] = (409, {"code": "held_by_other", "message": "已经在别人手里"})
    await row.click()
    await expect(page.locator("#toast")).to_contain_text("已经在别人手里")
    desk.mock.holders[key] = {"id": "p2", "name": "周舟", "how": "manual"}
    desk.mock.emit("conversation.assigned", key)
    await expect(page.locator(f'{ROWS}[data-key="{key}"]')).to_have_count(0)
    await page.locator("[data-list=all]").click()
    await expect(page.locator("#holding .with")).to_have_text("周舟接待中")
    assert desk.mock.holders[key]["id"] == "p2"


@pytest.mark.feature("F035")
async def test_giving_shows_who_is_there_and_goes_with_a_word(page: Page, desk: Desk) -> None:
    together(desk)
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("g")
    await expect(page.locator("#team .colleague")).to_have_count(2)
    await expect(page.locator("#team [data-person=p2]")).to_contain_text("手里 3/5 个")
    await expect(page.locator("#team [data-person=p3]")).to_contain_text("不在")
    await page.locator("#give-note").fill("买家很急")
    await page.locator("#team [data-person=p3]").click()
    given = {"conversation": "c-damaged", "to": "p3", "holder": "p1", "note": "买家很急"}
    await until(page, lambda: ("give", given) in desk.mock.moves, "the giving")
    await expect(page.locator("#holding .with")).to_have_text("阿敏接待中")


async def test_everything_is_handed_over_at_once(page: Page, desk: Desk) -> None:
    together(desk)
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("g")
    await page.locator("#give-all").click()
    await page.locator("#team [data-person=p2]").click()
    await until(page, lambda: ("handover", {"holder": "p1", "to": "p2"}) in desk.mock.moves, "the handing over")
    await expect(page.locator("#toast")).to_have_text("已交接 1 个会话")
    await expect(page.locator("[data-list=mine] .count")).to_have_text("0")


async def test_a_place_that_becomes_free_is_filled_without_a_reload(page: Page, desk: Desk) -> None:
    together(desk)
    await open_desk(page, desk, "c-damaged")
    await page.locator("[data-list=mine]").click()
    await expect(page.locator(ROWS)).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    await page.locator("[data-act=end]").click()
    await until(page, lambda: "c-damaged" in desk.mock.ended, "the end")
    # What the server gives out then stands in the list by itself.
    desk.mock.holders["c-answered"] = {"id": "p1", "name": "林晓", "how": "auto"}
    desk.mock.emit("conversation.assigned", "c-answered")
    await expect(page.locator(ROWS)).to_have_count(1)
    await expect(page.locator(ROWS)).to_contain_text("sunny.k")


@pytest.mark.feature("F026")
async def test_filters_count_and_looking_is_seeing(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    newest = desk.mock.conversations["c-damaged"]["messages"][-1]["id"]
    await until(page, lambda: newest in desk.mock.viewed, "the seeing")
    await expect(page.locator(f"{ROWS}[data-key=c-damaged]")).not_to_have_class("row-unread")
    await page.keyboard.press("m")
    await expect(page.locator("[data-narrow=marked] .count")).to_have_text("1")
    await page.locator("[data-narrow=marked]").click()
    await expect(page.locator(ROWS)).to_have_count(1)
    await page.locator("[data-narrow=marked]").click()
    for name in ("unread", "unreplied"):
        chip = page.locator(f"[data-narrow={name}]")
        wanted = int(await chip.locator(".count").inner_text())
        await chip.click()
        await expect(page.locator(ROWS)).to_have_count(wanted)
        await chip.click()


@pytest.mark.feature("F049")
async def test_control_f_in_the_thread_searches_also_what_no_row_shows(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.locator("message-thread").focus()
    await page.keyboard.press("Control+f")
    await expect(page.locator("#search")).to_be_focused()
    order = desk.mock.conversations["c-damaged"]["orders"]["orders"][0]["id"]
    await page.keyboard.type(order)
    await expect(page.locator(f"{ROWS}[data-key=c-damaged]")).to_be_visible()
    await expect(page.locator(f"{ROWS}[data-key=c-answered]")).to_have_count(0)
    assert not any("search?" in path or order in path for path, _ in desk.mock.requests)


@pytest.mark.feature("F050")
async def test_tab_moves_through_the_list_while_it_has_the_hand_and_leaves_behind_the_last(
    page: Page, desk: Desk
) -> None:
    await open_desk(page, desk)
    rows = page.locator(ROWS)
    names = await rows.locator(".row-name").all_inner_texts()
    await rows.first.focus()
    for name in names[1:]:
        await page.keyboard.press("Tab")
        await expect(page.locator("#buyer")).to_contain_text(name)
        assert await page.evaluate("document.activeElement.closest('conversation-list') !== null")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.closest('conversation-list') === null")


async def test_where_one_receives_there_is_no_toggle_and_nothing_to_take(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    for hidden in ("#receives", "[data-list=unassigned]", "[data-list=mine]", "[data-act=take]", "[data-act=give]"):
        await expect(page.locator(hidden)).to_be_hidden()


async def test_the_toggle_says_whether_new_ones_come(page: Page, desk: Desk) -> None:
    together(desk)
    await open_desk(page, desk)
    await expect(page.locator("#receives")).to_contain_text("接待中")
    await page.locator("#receives").click()
    await expect(page.locator("#receives")).to_contain_text("暂停接待")
    assert desk.mock.people[0]["receives"] is False


async def test_what_is_owed_is_listed_ticked_off_and_leads_to_its_conversation(page: Page, desk: Desk) -> None:
    one = {"shop": desk.mock.conversations["c-damaged"]["shop"], "state": "owed", "order_id": "69203481",
           "buyer": {"id": "b", "nickname": "<b>小满</b>"}, "conversation": "c-damaged"}  # fmt: skip
    late = {**one, "id": "o1", "text": "今天18点前退款29.95元", "due": "2020-01-01T00:00:00Z", "late": True,
            "todo": "在售后页退款29.95元", "link": "https://seller.test/after-sale/9"}  # fmt: skip
    due = {**one, "id": "o2", "text": "明天补发", "due": None, "late": False, "todo": None, "link": None}
    desk.mock.owed = [late, due]
    await open_desk(page, desk)
    await expect(page.locator("#owed-open")).to_contain_text("2")
    await page.keyboard.press("o")
    await expect(page.locator("#owed .owed-row")).to_have_count(2)
    await expect(page.locator("#owed .owed-row").first).to_contain_text("<b>小满</b>")
    await expect(page.locator("#owed a")).to_have_attribute("href", "https://seller.test/after-sale/9")
    await page.locator("#done-o1").click()
    await expect(page.locator("#owed .owed-row")).to_have_count(1)
    assert desk.mock.settled == [("o1", "done")]
    # The hand is on no other promise's button.
    assert await page.evaluate("document.activeElement.tagName") == "H2"
    await page.locator("#look-o2").click()
    await expect(page.locator("#owed")).to_be_hidden()
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")


@pytest.mark.feature("F035")
async def test_what_a_colleague_moves_is_seen_without_any_act_of_ones_own(page: Page, desk: Desk) -> None:
    together(desk)
    await open_desk(page, desk)
    # What the lists hold is known beforehand: counted on the page, it may be the list that was there before.
    before = desk.mock.counts()["mine"]
    await page.locator("[data-list=unassigned]").click()
    await expect(page.locator(ROWS)).to_have_count(desk.mock.counts()["unassigned"])
    row = page.locator(ROWS).first
    key = await row.get_attribute("data-key")
    assert key
    await page.locator("[data-list=mine]").click()
    await expect(page.locator(ROWS)).to_have_count(before)
    # A colleague gives it: nothing else tells of it.
    desk.mock.holders[key] = {"id": "p1", "name": "林晓", "how": "transfer"}
    desk.mock.emit("conversation.assigned", key)
    await expect(page.locator(f'{ROWS}[data-key="{key}"]')).to_have_count(1)
