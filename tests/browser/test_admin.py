"""The administration page: what is shown to whom, what is sent, what is refused beside its field."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import until

MANAGES = ["assign", "check", "decide", "manage", "read", "reply", "sample", "watch", "hear"]


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
    await page.locator(".admin-form [name=scope-after_sale_review]").press("Space")
    await name.press("Enter")
    scopes = ["message_reply", "order_handling"]
    about = {"name": "周小舟", "role": "agent", "active": True, "scopes": scopes}
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


async def test_an_origin_that_is_none_is_named_and_nothing_typed_is_lost(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "shops")
    await page.locator("#shop-nanshan summary").press("Enter")
    form = page.locator("#panel-nanshan")
    await expect(form).to_contain_text(f"{desk.url}/panel?merchant=")
    typed = "https://chat.example.com\n\n https://tool.example/path "
    await form.locator("[name=origins]").fill(typed)
    unfit = {"code": "origin_unfit", "message": "不是网址", "field": "origins", "line": 2}
    desk.mock.admin.refuse["shops/s-douyin/panel"] = (422, unfit)
    await form.get_by_role("button").press("Enter")
    await expect(form.locator(".admin-said")).to_contain_text("是这一行：https://tool.example/path")
    await expect(form.locator("[name=origins]")).to_be_focused()
    await expect(form.locator("[name=origins]")).to_have_value(typed)
    given = {"origins": ["https://chat.example.com", "https://tool.example/path"]}
    assert desk.mock.admin.told == [("POST shops/s-douyin/panel", given)]


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


async def test_an_auto_reply_asks_only_for_what_its_trigger_needs(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "auto-replies")
    row = page.locator("#section tbody tr")
    await expect(row).to_contain_text("下班时间 · 22:00 到 09:00 · 周一")
    await page.locator("[data-id='night/zh']").click()
    form = page.locator(".admin-form").first
    await expect(form.locator("[name=keywords]")).to_be_hidden()
    await form.locator("[name=trigger]").select_option("keywords")
    await form.locator("[name=keywords]").fill("发票\n 开票 \n")
    await form.locator("[name=days-monday]").uncheck()
    await form.locator("[name=starts]").fill("")
    await form.locator("[name=ends]").fill("")
    await form.locator("[name=active]").uncheck()
    await form.locator(".dc-primary").click()
    body = {
        "trigger": "keywords",
        "text": "我们早上九点回来,会先回复您。",
        "keywords": ["发票", "开票"],
        "busy_from": None,
        "starts": None,
        "ends": None,
        "days": [],
        "active": False,
    }
    await until(page, lambda: desk.mock.admin.told == [("PUT auto-replies/night/zh", body)], "the auto reply")


async def test_what_an_auto_reply_lacks_is_said_in_the_readers_language(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "auto-replies")
    why = "say from when to when (ends) nobody is there"
    error = {"code": "bad_input", "message": "请求看不懂", "field": "starts", "why": why}
    desk.mock.admin.refuse["auto-replies/night/zh"] = (422, error)
    await page.locator("[data-id='night/zh']").click()
    await page.locator(".admin-form .dc-primary").first.click()
    said = page.locator(".admin-form .admin-said").first
    await expect(said).to_contain_text("开始和结束要一起填")
    await expect(said).not_to_contain_text(why)
    await expect(page.locator(".admin-form [name=starts]")).to_be_focused()


async def test_a_message_that_nobody_wrote_tells_why_each_rule_keeps_quiet(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "auto-replies")
    await page.locator("#auto-try [name=text]").fill("能开发票吗<b>x</b>")
    await page.locator("#auto-try [name=waiting]").fill("3")
    await page.locator("#auto-try .dc-primary").click()
    answer = page.locator("#auto-answer")
    await expect(answer).to_contain_text("不会发出任何内容")
    await expect(answer.locator("tbody tr")).to_contain_text("店铺的模式不是自动")
    assert desk.mock.admin.told == [
        ("POST auto/explain", {"shop": "shop-dy", "text": "能开发票吗<b>x</b>", "waiting": 3})
    ]


async def test_a_greeting_is_kept_by_its_language(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "greetings")
    await page.locator("#knowledge-add").click()
    form = page.locator(".admin-form")
    await form.locator("[name=language]").fill("en")
    await form.locator("[name=text]").fill("Hello, how can we help?")
    await form.locator("[name=cards]").fill("shipping.when\nreturns.how")
    await form.locator(".dc-primary").click()
    sent = ("PUT greetings/en", {"text": "Hello, how can we help?", "cards": ["shipping.when", "returns.how"]})
    await until(page, lambda: desk.mock.admin.told == [sent], "the greeting")


async def test_a_shop_says_by_keys_that_no_model_may_see_anything_of_it(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "models")
    form = page.locator("#models-nanshan")
    await expect(form).to_contain_text("今天：模型写了 12 条草稿，模板写了 3 条；输入 15,200 个 token")
    # Where the texts go stands beside the model, as text.
    await expect(page.locator("tbody tr").first).to_contain_text("<b>gateway.example</b> DEEPSEEK_API_BASE")
    await form.locator("[name=forbidden]").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    sent = ("POST shops/s-douyin/models", {"forbidden": True})
    await until(page, lambda: desk.mock.admin.told == [sent], "the shop's word")


async def test_a_voice_is_heard_before_it_is_saved_and_an_empty_field_says_nothing(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "voice")
    heard, form = page.locator("#voice-heard"), page.locator("#voice-form")
    await expect(heard).to_contain_text("<b>您</b>好")
    await expect(form.locator("[name='max_chars.zh']")).to_have_attribute("placeholder", "200，和所有店铺一样")
    await form.locator("[name=address]").select_option("你")
    await page.locator("#voice-listen").press("Enter")
    await expect(heard).to_contain_text("<b>你</b>好")
    assert desk.mock.admin.told == []
    desk.mock.admin.refuse["voice"] = (422, {"code": "text_blocked", "message": "不允许", "field": "brand.zh"})
    await form.locator("[name='brand.en']").fill(" Hill Shop ")
    await form.locator(".dc-primary").click()
    await expect(form.locator("[name='brand.zh']")).to_be_focused()
    desk.mock.admin.refuse.clear()
    await form.locator(".dc-primary").click()
    await expect(page.locator("#voice-stands")).to_contain_text("本店发布的版本 7")
    sent = {"address": "你", "brand": {"zh": "南山", "en": "Hill Shop"}, "max_chars": {}}
    assert desk.mock.admin.told == [("POST voice", sent)] * 2


async def test_a_token_is_shown_once_and_taken_back_after_a_second_press(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "tokens")
    await page.locator("#token-form [name=name]").fill("仓库系统")
    await page.keyboard.press("Enter")
    secret = page.locator("#token-once input")
    await expect(secret).to_have_value("rc_shown-this-once")
    await expect(secret).to_be_focused()
    await page.locator("#token-once button").press("Enter")
    await expect(page.locator("#token-once")).to_be_empty()
    rows = page.locator("#section tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(1)).to_contain_text("已收回")
    await rows.first.get_by_role("button").press("Enter")
    assert [one for one, _ in desk.mock.admin.told] == ["POST tokens"]
    await page.keyboard.press("Enter")
    sent = [("POST tokens", {"name": "仓库系统", "role": "agent"}), ("POST tokens/t1/revoke", {})]
    await until(page, lambda: desk.mock.admin.told == sent, "taking it back")


@pytest.mark.parametrize("role", ["supervisor", "agent"])
async def test_each_role_sees_its_own_sections(page: Page, desk: Desk, role: str) -> None:
    desk.mock.can = ["assign", "read"] if role == "supervisor" else ["read", "reply"]
    await page.goto(f"{desk.url}/admin#log")
    links = page.locator("#sections a")
    await expect(page.locator("#section")).not_to_be_empty()
    assert await links.count() == (3 if role == "supervisor" else 0)
    assert desk.mock.admin.told == []


async def test_figures_name_shops_and_issues_and_the_sample_names_nobody(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "figures")
    total = page.locator("#figures table").first
    await expect(total.locator("tbody tr")).to_have_count(7)
    await expect(total.locator("tbody tr").first).to_contain_text("50%")
    # Of fewer than ten drafts nothing is told; a shop's name is text.
    stock = page.locator("#figures-issues tr", has_text="库存")
    await expect(stock.locator("td").nth(1)).to_have_text("不显示*")
    assert set((await stock.locator("td").all_inner_texts())[2:]) == {"–"}
    await expect(page.locator("#figures-issues")).to_contain_text("不足 10 条")
    await expect(page.locator("#figures-shops")).to_contain_text("<b>南山</b>旗舰店")
    form = page.locator(".admin-form")
    await form.locator("[name=from]").fill("2026-11-01")
    await form.locator("[name=shop]").select_option(index=1)
    shop = await form.locator("[name=shop]").input_value()
    async with page.expect_response("**/api/figures*") as answer:
        await form.get_by_role("button").press("Enter")
    # What was asked last is what stands there, so the first answer is drawn before the next question.
    await (await answer.value).finished()
    await page.wait_for_timeout(100)
    asked = {"from": "2026-11-01", "to": "2026-11-20", "shop": shop}
    await until(page, lambda: desk.mock.admin.watched[-1] == asked, "the question")
    desk.mock.admin.few = True
    await form.get_by_role("button").press("Enter")
    await expect(page.locator("#figures")).to_have_text(
        "这几天计入的草稿不足 10 条，不显示数字：人少时那就是一个人的数。"
    )
    # QA reads the sample, and no figures.
    desk.mock.can = ["check", "read", "sample"]
    await page.goto(f"{desk.url}/admin#sample")
    await page.reload()
    await expect(page.locator(".sampled")).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(page.locator("#sections a")).to_have_count(1)
    # Whoever may not watch is shown neither.
    desk.mock.can = ["check", "decide", "read", "reply"]
    await page.reload()
    await expect(page.locator("#section")).not_to_be_empty()
    await expect(page.locator("#sections a")).to_have_count(0)


async def test_the_service_of_one_shop_stands_as_counted_here_beside_the_platforms_count(
    page: Page, desk: Desk
) -> None:
    await open_admin(page, desk, "figures")
    await expect(page.locator("#figures-shops")).to_be_visible()
    # Platforms count a shop, never all of them.
    await expect(page.locator("#service")).to_be_empty()
    form = page.locator(".admin-form")
    await form.locator("[name=shop]").select_option(index=1)
    shop = await form.locator("[name=shop]").input_value()
    await form.get_by_role("button").press("Enter")
    rows = page.locator("#service tbody tr")
    await expect(rows).to_have_count(5)
    assert desk.mock.admin.served == [(shop, {"from": "2026-11-14", "to": "2026-11-20"})]
    cells = [await rows.nth(row).locator("td").all_inner_texts() for row in range(5)]
    assert [one[1:] for one in cells] == [
        ["41", "43"], ["75%", "98.1%"], ["97.5%", "上一行已包含"], ["1.5 分钟", "1.4 分钟"], ["–", "95.2%"],
    ]  # fmt: skip
    await expect(page.locator("#service")).to_contain_text("目标 85%")


async def test_hours_are_added_to_the_rota_and_the_gap_goes(page: Page, desk: Desk) -> None:
    await open_admin(page, desk, "rota")
    shop = page.locator("[data-shop]").first
    await expect(shop.locator(".rota-gaps")).to_contain_text("30 分钟")
    await expect(page.locator("#section")).to_contain_text("现在还不在")
    for name, at in (("starts", "21:30"), ("ends", "22:00")):
        await shop.locator(f"[name={name}]").fill(at)
    await shop.locator("[name=person]").select_option("p1")
    await shop.locator("[name=day-friday]").check()
    await shop.locator("[name=day-friday]").press("Enter")
    told = desk.mock.admin.told
    await until(page, lambda: bool(told), "the rota")
    new = {"person": "p1", "starts": "21:30", "ends": "22:00", "days": ["friday"]}
    assert told[0][1]["slots"][-1] == new
    await expect(page.locator("[data-shop]").first).to_contain_text("21:30–22:00")
    await expect(page.locator("[data-shop]").first.locator(".rota-gaps")).to_have_count(0)
