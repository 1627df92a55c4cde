"""The keyboard: one press, one act, and never by accident."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import open_desk, press_raw, until


async def test_enter_accepts_what_stands_on_the_card(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    assert desk.mock.decisions == [
        {"id": "draft-damaged", "kind": "accept", "revision": 1, "text_hash": "hash-draft-damaged"}
    ]
    await expect(page.locator(".dc-outcome")).to_be_visible()


async def test_an_enter_of_the_input_method_never_accepts(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await press_raw(page, "Enter", isComposing=True)
    await press_raw(page, "Enter", keyCode=229)
    await page.wait_for_timeout(200)
    assert desk.mock.decisions == []
    await press_raw(page, "Enter")
    await until(page, lambda: desk.mock.decisions, "the plain press")


async def test_a_held_key_accepts_nothing(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await press_raw(page, "Enter", repeat=True)
    await page.wait_for_timeout(200)
    assert desk.mock.decisions == []


async def test_presses_are_lost_for_a_moment_after_the_card_changed(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    early = await page.evaluate(
        """async () => {
            const list = document.querySelector("conversation-list"), card = document.querySelector("draft-card");
            list.querySelector('[data-key="c-hostile"]').click();
            while (!card.querySelector(".dc-text")?.textContent.includes("好的,明天"))
                await new Promise(requestAnimationFrame);
            const settling = card.querySelector(".dc-accept").getAttribute("aria-disabled");
            card.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
            card.querySelector(".dc-accept").click();
            return settling;
        }"""
    )
    assert early == "true"
    await page.wait_for_timeout(500)
    assert desk.mock.decisions == []
    await expect(page.locator("draft-card")).to_be_focused()
    await page.keyboard.press("Enter")
    await until(page, lambda: [one["id"] for one in desk.mock.decisions] == ["draft-hostile"], "the later press")


async def test_two_quick_presses_act_once(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    desk.mock.delay = 0.15
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await until(page, lambda: desk.mock.decisions, "a decision")
    await page.wait_for_timeout(600)
    assert len(desk.mock.decisions) == 1


async def test_enter_beside_the_card_only_leads_to_it(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("Enter")
    await expect(page.locator("draft-card")).to_be_focused()
    assert desk.mock.decisions == []


async def test_enter_on_another_button_is_that_buttons(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.locator("draft-card .dc-button", has_text="自己写").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("draft-card textarea")).to_be_focused()
    assert desk.mock.decisions == []


async def test_letters_in_a_text_box_are_letters(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("w")
    await page.keyboard.type("jkerw?/ Enter")
    await expect(page.locator("draft-card textarea")).to_have_value("jkerw?/ Enter")
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")


async def test_j_and_k_move_through_the_list_as_it_is_sorted(page: Page, desk: Desk) -> None:
    await open_desk(page, desk)
    # The first one is open already, and the hand is nowhere yet: the first step goes into it, not past it.
    await expect(page.locator("#buyer")).to_have_text("maria_r")
    await expect(page.locator("draft-card")).not_to_be_focused()
    await page.keyboard.press("j")
    await expect(page.locator("#buyer")).to_have_text("maria_r")
    await expect(page.locator("draft-card")).to_be_focused()
    await page.keyboard.press("j")
    await expect(page.locator("#buyer")).to_contain_text("小满不吃辣")
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.locator("#buyer")).to_have_text("maria_r")
    await page.keyboard.press("k")
    await expect(page.locator("#buyer")).to_have_text("maria_r")


async def test_tab_is_never_trapped(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.evaluate("document.activeElement.blur()")
    seen = set[str]()
    for _ in range(60):
        await page.keyboard.press("Tab")
        seen.add(
            await page.evaluate(
                "document.activeElement.closest('conversation-list, draft-card, order-panel, header')?.tagName ?? ''"
            )
        )
        if {"CONVERSATION-LIST", "DRAFT-CARD", "ORDER-PANEL", "HEADER"} <= seen:
            return
    raise AssertionError(f"Tab reached only {seen}")


async def test_the_sheet_of_keys_opens_and_closes(page: Page, desk: Desk) -> None:
    await open_desk(page, desk, "c-damaged")
    await page.keyboard.press("?")
    await expect(page.locator("#help")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#help")).to_be_hidden()
    assert desk.mock.decisions == []


async def test_slash_searches(page: Page, desk: Desk) -> None:
    await open_desk(page, desk)
    await page.keyboard.press("/")
    await page.keyboard.type("MARIA")
    await expect(page.locator("conversation-list [role=option]")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator("conversation-list [role=option]")).to_have_count(6)
