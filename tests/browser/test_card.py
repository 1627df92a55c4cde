"""The card: what it shows, and what may be done with it."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import SETTLED, open_desk, until


async def test_marks_stand_where_the_server_counts_them(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-hostile")
    await expect(page.locator("draft-card .dc-text mark")).to_have_text(["明天18点前", "29.95元"])
    await expect(page.locator("draft-card .dc-text")).to_have_text("😀👍🏽好的,明天18点前发出 ✨ 退您29.95元。")


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("abc", [(0, 1), (1, 3)]),
        ("😀a😀b", [(0, 1), (1, 2), (2, 4)]),
        ("👩‍👩‍👧退29元", [(5, 9)]),
        ("𠮷野家退款", [(0, 3), (3, 5)]),
        ("abc", [(2, 9), (5, 7)]),
        ("", [(0, 0)]),
    ],
)
async def test_pieces_cover_the_text_and_each_span_exactly(
    page: Page, desk: Desk, text: str, spans: list[tuple[int, int]]
) -> None:
    await page.goto(f"{desk.url}/login")
    claims = [
        {"kind": "amount", "start": start, "end": end, "text": "", "source": "order.1.total"} for start, end in spans
    ]
    pieces = await page.evaluate(
        "async ([text, claims]) => (await import('/static/card/marks.js')).pieces(text, claims, [])", [text, claims]
    )
    assert "".join(piece["text"] for piece in pieces) == text
    for start, end in spans:
        covered = [
            piece["text"]
            for piece in pieces
            if any(one["start"] == start and one["end"] == end for one in piece["claims"])
        ]
        assert "".join(covered) == text[start:end]


async def test_findings_are_underlined_by_severity_and_explained(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-refund")
    marked = page.locator("draft-card .dc-finding.dc-warn")
    await expect(marked).to_have_text("Banks usually take 5–10 business days")
    assert "dashed" in await marked.evaluate("node => getComputedStyle(node).textDecorationStyle")
    await expect(page.locator("draft-card .dc-finding-line")).to_contain_text("a time that the shop does not control")


async def test_what_needs_care_opens_for_editing_and_leaves_by_control_enter(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-refund")
    await page.keyboard.press("Enter")
    await expect(page.locator("draft-card textarea")).to_be_focused()
    assert desk.mock.decisions == []
    await page.wait_for_timeout(450)
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    assert desk.mock.decisions[0]["kind"] == "accept"
    # The box goes with its words: nothing is left there that could be sent once more.
    await expect(page.locator("draft-card textarea")).to_have_count(0)
    await expect(page.locator("draft-card")).to_be_focused()
    desk.mock.conversations["c-refund"]["card"] = None
    desk.mock.emit("draft.sent", "c-refund", "draft-refund")
    await expect(page.locator("draft-card .dc-text")).to_have_count(0)
    await page.keyboard.press("Control+Enter")
    await page.wait_for_timeout(300)
    assert (len(desk.mock.decisions), desk.mock.replies) == (1, [])


async def test_an_edit_carries_the_new_text_and_what_it_was_made_from(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("e")
    await page.keyboard.type("麻烦您了。")
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    said = desk.mock.decisions[0]
    assert (said["kind"], said["revision"], said["text_hash"]) == ("edit", 1, "hash-draft-damaged")
    assert said["text"].endswith("选A还是B?麻烦您了。")
    assert desk.mock.checks[-1]["draft"] == "draft-damaged"


async def test_a_blocked_text_does_not_leave(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("e")
    await page.keyboard.type("加我微信")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("draft-card .dc-finding-line.dc-block")).to_contain_text("引导买家到平台外联系")
    await expect(page.locator("draft-card .dc-mirror .dc-block")).to_have_text("微信")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_timeout(300)
    assert desk.mock.decisions == []


async def test_a_claim_without_a_source_leaves_with_the_agents_word(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("e")
    await page.keyboard.type("再退¥99")
    await page.keyboard.press("Control+Enter")
    box = page.locator("draft-card .dc-vouch input")
    await expect(box).to_be_focused()
    assert desk.mock.decisions == []
    await page.keyboard.press("Space")
    await page.locator("draft-card textarea").focus()
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    assert desk.mock.decisions[0]["vouch"] == ["¥99"]


async def test_an_input_methods_enter_does_not_send_an_edit(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("e")
    await page.keyboard.type("好")
    await page.evaluate(
        """() => { const box = document.activeElement;
            box.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
            box.dispatchEvent(new KeyboardEvent("keydown",
                {key: "Enter", ctrlKey: true, isComposing: true, bubbles: true, cancelable: true})); }"""
    )
    await page.wait_for_timeout(500)
    assert desk.mock.decisions == []


async def test_a_rejection_says_why(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("r")
    await page.get_by_label("语气不对").check()
    await page.locator("draft-card input[name=note]").fill("太生硬")
    await page.keyboard.press("Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    assert desk.mock.decisions[0]["rejection"] == {"reason": "tone", "note": "太生硬"}


async def test_without_a_draft_the_reason_and_the_candidates_stand_there(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-ambiguous")
    await expect(page.locator("draft-card .dc-reason-line")).to_contain_text("有多个订单符合")
    await page.wait_for_timeout(450)
    await page.locator("draft-card .dc-candidate", has_text="炒锅").click()
    await until(page, lambda: desk.mock.decisions, "a decision")
    assert desk.mock.decisions[0]["kind"] == "reject"
    assert desk.mock.decisions[0]["rejection"] == {"reason": "wrong_order", "order": "6938300417728840193"}


async def test_an_own_reply_is_sent_once_however_often_it_is_tried(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("w")
    await page.keyboard.type("我来处理,请稍等。")
    desk.mock.faults["/api/conversations/c-damaged/replies"] = (503, {"code": "try_again", "message": "later"})
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("draft-card .dc-bar.dc-bad")).to_have_text("Later.")
    await expect(page.locator("draft-card textarea")).to_have_value("我来处理,请稍等。")
    desk.mock.faults.clear()
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "a reply")
    assert desk.mock.replies[0]["text"] == "我来处理,请稍等。"
    await expect(page.locator("message-thread .line-pending")).to_contain_text("我来处理")


async def test_a_failed_reply_gives_its_words_back(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-failed")
    await expect(page.locator("message-thread .pending-failed")).to_contain_text("内容未通过审核")
    # Once: on the card where the card is of that draft, else beside the words.
    await expect(page.get_by_role("button", name="改写后重发")).to_have_count(1)
    desk.mock.conversations["c-failed"]["card"] = None
    desk.mock.emit("conversation.changed", "c-failed")
    await page.locator("message-thread").get_by_role("button", name="改写后重发").click()
    await expect(page.locator("draft-card textarea")).to_have_value("您这单预计后天送到,中通快递运单号78810467731205。")


async def test_an_unconfirmed_reply_is_settled_by_a_person(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/#c-unconfirmed")
    await expect(page.locator("draft-card .dc-silence")).to_contain_text("尚未确认")
    await page.get_by_role("button", name="没有送达").click()
    await until(page, lambda: desk.mock.settled == [("o2", "failed")], "the settling")


async def test_a_reply_that_is_the_agents_to_send_says_so_and_is_ended_by_them(page: Page, desk: Desk) -> None:
    talk = desk.mock.conversations["c-unconfirmed"]
    talk["replies"][0]["state"] = "handed_over"
    await page.goto(f"{desk.url}/#c-unconfirmed")
    line = page.locator("message-thread .pending-handed_over")
    await expect(line).to_contain_text("待您发送")
    await expect(line).to_contain_text("请在平台窗口里发送")
    await line.get_by_role("button", name="我已发送").click()
    await until(page, lambda: desk.mock.settled == [("o2", "sent")], "the settling")


async def test_buyers_words_are_never_markup(page: Page, desk: Desk) -> None:
    desk.mock.conversations["c-hostile"]["buyer"]["nickname"] = "<img src=x onerror=alert(1)>"
    desk.mock.conversations["c-hostile"]["buyer"]["tags"] = ["<script>alert(1)</script>"]
    await open_desk(page, desk, "c-hostile")
    await expect(page.locator("message-thread .bubble")).to_contain_text("<img src=x onerror=")
    assert await page.locator("img, main script").count() == 0
    assert "owned" not in await page.title()


async def test_a_picture_that_cannot_be_loaded_becomes_a_word(page: Page, desk: Desk) -> None:
    message = desk.mock.conversations["c-damaged"]["messages"][2]
    message["media"] = {"url": "/static/nothing.png", "width": 10, "height": 10}
    await open_desk(page, desk, "c-damaged")
    await expect(page.locator("message-thread .bubble-card", has_text="[图片]")).to_be_visible()
    message["media"]["url"] = "javascript:alert(1)"
    await page.reload()
    await expect(page.locator("message-thread .bubble-card", has_text="[图片]")).to_be_visible()
    assert await page.locator("message-thread img").count() == 0


@pytest.mark.parametrize("away", ["Escape", "press"])
async def test_a_picture_is_shown_larger_and_put_away_again(page: Page, desk: Desk, away: str) -> None:
    photo = {"url": "/static/icon.svg", "width": 40, "height": 40}
    desk.mock.conversations["c-damaged"]["messages"][2]["media"] = photo
    await open_desk(page, desk, "c-damaged")
    small = page.locator("message-thread").get_by_role("button", name="放大查看")
    await small.focus()
    await page.keyboard.press("Enter")
    large = page.get_by_role("dialog", name="[图片]").locator("img")
    await expect(large).to_be_visible()
    before, after = await small.bounding_box(), await large.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"]
    await page.keyboard.press("Escape") if away == "Escape" else await large.click()
    await expect(page.locator("dialog.larger")).to_have_count(0)
    await expect(small).to_be_focused()
    assert desk.mock.decisions == []


async def test_what_is_owed_stands_beside_the_orders_in_words(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-refund")
    owed = page.locator("order-panel .owed")
    await expect(owed).to_contain_text("Answer about the refund")
    # What we call it inside is nobody's language.
    await expect(owed).not_to_contain_text("hold")


async def test_the_order_panel_says_which_order_it_is(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-ambiguous")
    await page.wait_for_timeout(450)
    await page.locator("order-panel .order", has_text="炒锅").get_by_role("button", name="说的是这个订单").click()
    await until(page, lambda: desk.mock.decisions, "a decision")
    assert desk.mock.decisions[0]["rejection"] == {"reason": "wrong_order", "order": "6938300417728840193"}
    await expect(page.locator("draft-card")).to_be_focused()
    await expect(page.locator("draft-card").get_by_role("button", name="写回复")).to_be_visible()


async def test_choosing_an_order_never_costs_a_text(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-ambiguous")
    await page.keyboard.press("w")
    await page.keyboard.type("稍等。")
    await page.locator("order-panel").get_by_role("button", name="说的是这个订单").first.click()
    await expect(page.locator("draft-card .dc-bar.dc-warn")).to_contain_text("请先发送或取消")
    await expect(page.locator("draft-card textarea")).to_have_value("稍等。")
    assert desk.mock.decisions == []


async def test_a_text_left_by_escape_is_there_again(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    for key, words in (("e", "麻烦您了。"), ("w", "我来处理。")):
        await page.keyboard.press(key)
        await page.keyboard.type(words)
        await page.keyboard.press("Escape")
        await expect(page.locator("draft-card textarea")).to_have_count(0)
        await expect(page.locator("draft-card")).to_be_focused()
        await page.keyboard.press(key)
        assert (await page.locator("draft-card textarea").input_value()).endswith(words)
        await page.keyboard.press("Escape")
    assert desk.mock.decisions == []


async def test_words_that_were_sent_are_not_there_again(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-ambiguous")
    await page.keyboard.press("w")
    await page.keyboard.type("稍等。")
    await page.keyboard.press("Escape")
    await page.keyboard.press("w")
    await page.wait_for_timeout(450)
    await page.keyboard.press("Control+Enter")
    await until(page, lambda: desk.mock.replies, "a reply")
    await expect(page.locator("draft-card")).to_be_focused()
    await page.keyboard.press("w")
    await expect(page.locator("draft-card textarea")).to_have_value("")


async def test_danger_is_said_where_nothing_was_drafted(page: Page, desk: Desk) -> None:
    card = desk.mock.conversations["c-ambiguous"]["card"]
    card["risks"] = [{"risk": "injury", "evidence": {"start": 0, "end": 2, "text": "割伤"}}]
    await open_desk(page, desk, "c-ambiguous")
    await expect(page.locator("draft-card .dc-risk")).to_contain_text("受伤或过敏")
    await expect(page.locator("draft-card .dc-risk q")).to_have_text("割伤")


async def test_options_are_called_in_the_readers_language_above_the_drafts_own_word(page: Page, desk: Desk) -> None:
    card = desk.mock.conversations["c-damaged"]["card"]
    card["titles"] = {"A": "Replacement"}
    await open_desk(page, desk, "c-damaged")
    first = page.locator("draft-card .dc-option").first
    await expect(first.locator("strong")).to_have_text("Replacement")
    await expect(first.locator("[lang=zh]")).to_have_text(card["draft"]["options"][0]["title"])


async def test_what_can_be_done_is_in_sight_however_long_the_draft(page: Page, desk: Desk) -> None:
    draft = desk.mock.conversations["c-damaged"]["card"]["draft"]
    draft.update(text="三只都给您补寄。" * 60, claims=[])
    await open_desk(page, desk, "c-damaged")
    await page.set_viewport_size({"width": 390, "height": 700})
    card = page.locator("draft-card")
    # Nothing of the text shows below them.
    assert await card.evaluate(
        """card => Math.abs(card.querySelector(".dc-row").getBoundingClientRect().bottom
            - card.getBoundingClientRect().bottom) <= 2"""
    )
    assert await card.evaluate("card => card.scrollHeight > card.clientHeight")
    for part in (card.locator(".dc-accept"), *(card.get_by_role("button", name=name) for name in ("编辑", "驳回"))):
        await expect(part).to_be_in_viewport(ratio=1)
    await card.evaluate("card => card.scrollTo(0, card.scrollHeight)")
    await expect(card.locator("dl")).to_be_in_viewport()
    await expect(card.locator(".dc-accept")).to_be_in_viewport(ratio=1)


async def test_a_card_that_fits_does_not_scroll(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-hostile")
    assert await page.locator("draft-card").evaluate("card => card.scrollHeight - card.clientHeight") == 0


async def test_the_cards_keys_stand_in_one_row(page: Page, desk: Desk) -> None:
    for language, button in (
        ("zh", "发送 · 提供补发或部分退款29.95元"),
        ("en", "Send · offers reship or $34.99 refund"),
    ):
        desk.mock.language = language
        desk.mock.conversations["c-damaged"]["card"]["button"] = button
        await open_desk(page, desk, "c-damaged")
        await page.reload()
        await expect(page.locator(SETTLED)).to_be_visible()
        boxes = [await one.bounding_box() for one in await page.locator("draft-card .dc-row button").all()]
        assert len(boxes) == 6
        assert len({round(box["y"]) for box in boxes if box}) == 1
        assert all(box["height"] <= 36 for box in boxes if box)
        room = await page.locator("draft-card .dc-row").bounding_box()
        assert room is not None
        assert all(box["x"] + box["width"] <= room["x"] + room["width"] + 1 for box in boxes if box)
