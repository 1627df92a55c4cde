"""Two shops of one merchant in two markets: what one is set to changes nothing in the other."""

import uuid

import pytest
from pydantic import SecretStr

from copilot.access import people
from copilot.access.merchants import NewShop, add_shop
from copilot.access.principal import Role
from tests.channel.platform import PlainSettings
from tests.web.conftest import PASSWORD, Web


async def _abroad(web: Web) -> uuid.UUID:
    """The merchant's second shop, on another platform in another market."""
    new = NewShop(
        slug="mugs",
        name="Mugs",
        platform="tiktok_shop",
        market="us",
        platform_shop_id="s9",
        adapter="plain",
        pack="tiktok_shop.us",
        profile="tiktok_shop.us",
        zone="America/New_York",
        settings=PlainSettings(secret=SecretStr("secret-9"), app="app9"),
    )
    return await add_shop(web.store, web.parts.accounts.vault, web.merchant, new, web.clock)


@pytest.mark.feature("F013")
async def test_two_shops_in_two_markets_keep_answers_greeting_and_policy_apart(web: Web) -> None:
    here, abroad = web.shop, await _abroad(web)
    await people.add_person(web.store, web.merchant, "owner", "Owner", Role.OWNER, "en", PASSWORD, web.clock)
    owner = await web.enter("owner")

    # Answers and greetings under the same keys.
    answers = {here: "付款后从杭州仓发出。", abroad: "We ship from Ohio."}
    for shop, answer in answers.items():
        entry = {"question": "从哪里发货", "answer": answer, "category": "logistics"}
        assert (await owner.put(f"/api/faq/from/zh?shop={shop}", json=entry)).status_code == 200
        hello = {"text": f"您好。{answer}", "cards": ["from"]}
        assert (await owner.put(f"/api/greetings/zh?shop={shop}", json=hello)).status_code == 200
    for shop, answer in answers.items():
        assert (await owner.get(f"/api/faq/from/zh?shop={shop}")).json()["answer"] == answer
        assert (await owner.get(f"/api/greetings/zh?shop={shop}")).json()["text"] == f"您好。{answer}"
    assert (await owner.delete(f"/api/greetings/zh?shop={abroad}")).status_code == 204
    assert (await owner.delete(f"/api/faq/from/zh?shop={abroad}")).status_code == 204
    assert (await owner.get(f"/api/faq/from/zh?shop={here}")).json()["answer"] == answers[here]
    assert (await owner.get(f"/api/greetings/zh?shop={here}")).status_code == 200

    # Rules by market, what leaves by itself, and how each sounds.
    packs = {shop: (await owner.get(f"/api/shops/{shop}/pack")).json() for shop in answers}
    assert {shop: one["pack"].partition("@")[0] for shop, one in packs.items()} == {
        here: "douyin.cn",
        abroad: "tiktok_shop.us",
    }
    assert {one["id"] for one in packs[here]["rules"]} != {one["id"] for one in packs[abroad]["rules"]}
    for shop, pack in packs.items():
        checked = await owner.post("/api/check", json={"text": "您好", "shop": str(shop)})
        assert checked.json()["verdict"]["pack"] == pack["pack"]
    assert (await owner.post(f"/api/shops/{abroad}/posture", json={"posture": "auto"})).status_code == 204
    shops = {one["id"]: one for one in (await owner.get("/api/shops")).json()["shops"]}
    assert {shop: shops[str(shop)]["posture"] for shop in answers} == {here: "draft_only", abroad: "auto"}
    before = (await owner.get(f"/api/shops/{here}/voice")).json()
    saved = await owner.post(f"/api/shops/{abroad}/voice", json={"length": "short"})
    assert saved.status_code == 200, saved.text
    assert (await owner.get(f"/api/shops/{here}/voice")).json() == before
    assert (await owner.get(f"/api/shops/{abroad}/voice")).json() != before
