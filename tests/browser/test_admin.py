"""The administration page: what is shown to whom, what is sent, what is refused beside its field."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import until

MANAGES = ["assign", "check", "decide", "manage", "read", "reply"]


async def open_admin(page: Page, desk: Desk, section: str) -> None:
    desk.mock.can = MANAGES
    await page.goto(f"{desk.url}/admin#{section}")
    await expect(page.locator("#section h1")).to_be_visible()


async def test_people_are_changed_by_keys_alone(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "people")
    await page.locator("[data-person=zhou]").focus()
    await page.keyboard.press("Enter")
    name = page.locator(".admin-form [name=name]")
    await expect(name).to_be_focused()
    await name.fill("周小舟")
    await page.locator(".admin-form [name=capacity]").fill("7")
    await page.locator(".admin-form [name=group-after_sale]").press("Space")
    await name.press("Enter")
    about = {"name": "周小舟", "role": "agent", "active": True}
    receives = {"capacity": 7, "groups": ["after_sale"], "platform_name": None}
    told = [("POST people/p2", about), ("POST people/p2/reception", receives)]
    await until(page, lambda: desk.mock.admin.told == told, "the change")


async def test_what_is_refused_is_told_beside_its_field_and_nothing_typed_is_lost(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "people")
    desk.mock.admin.refuse["people"] = (409, {"code": "login_taken", "message": "这个账号已被使用", "field": "login"})
    await page.locator("#person-add").click()
    for field, words in (("login", "lin"), ("name", "林二"), ("password", "a long enough one")):
        await page.locator(f".admin-form [name={field}]").fill(words)
    await page.keyboard.press("Enter")
    await expect(page.locator(".admin-form .admin-said")).to_contain_text("这个账号已被使用")
    login = page.locator(".admin-form [name=login]")
    await expect(login).to_have_attribute("aria-invalid", "true")
    await expect(login).to_be_focused()
    await expect(login).to_have_value("lin")


async def test_only_what_was_entered_of_a_shops_settings_is_sent(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "shops")
    await page.locator("#shop-nanshan summary").click()
    form = page.locator("#shop-nanshan form").nth(1)
    secret = form.locator("[name=app_secret]")
    await expect(secret).to_have_attribute("type", "password")
    await expect(secret).to_have_value("")
    await secret.fill("new-secret")
    await form.locator("[name=relay_url]").fill("—")
    await form.get_by_role("button").click()
    sent = ("POST shops/s-douyin/settings", {"values": {"app_secret": "new-secret", "relay_url": None}})
    await until(page, lambda: desk.mock.admin.told == [sent], "the settings")
    await expect(secret).to_have_value("")


async def test_a_question_keeps_what_the_form_does_not_show(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "faq")
    await page.locator("#knowledge-seek").fill("几天发货")
    await page.locator("[data-id='shipping.when/zh']").click()
    await page.locator(".admin-form [name=answer]").fill("今天就发。")
    await page.locator(".admin-form .dc-primary").click()
    await until(page, lambda: len(desk.mock.admin.told) == 1, "the answer")
    path, body = desk.mock.admin.told[0]
    assert path == "PUT faq/shipping.when/zh"
    assert (body["answer"], body["products"], body["similar"]) == ("今天就发。", ["7"], ["几天发货"])
    assert not {"id", "language", "origin"} & set(body)


@pytest.mark.parametrize("role", ["supervisor", "agent"])
async def test_each_role_sees_its_own_sections(page: Page, desk: Desk, role: str) -> None:
    desk.mock.can = ["assign", "read"] if role == "supervisor" else ["read", "reply"]
    await page.goto(f"{desk.url}/admin#log")
    links = page.locator("#sections a")
    await expect(page.locator("#section")).not_to_be_empty()
    assert await links.count() == (2 if role == "supervisor" else 0)
    assert desk.mock.admin.told == []
