"""The buyer's level and tags beside the conversation: seen by all, changed by whoever may reply, and written down."""

import uuid

from sqlalchemy import update

from copilot.store.tables import AuditRow, BuyerRow
from tests.web.conftest import Web


async def _told(web: Web, level: str | None, tags: list[str] | None) -> None:
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(BuyerRow).values(level=level, told_tags=tags))


async def test_a_persons_tags_stand_beside_the_platforms_and_its_level(web: Web) -> None:
    talk = await web.buyer("在吗")
    await _told(web, "gold", ["VIP"])
    agent = await web.enter()
    path = f"/api/conversations/{talk}"

    added = await agent.post(f"{path}/buyer-tags", json={"add": ["老客", " 老客 ", "VIP"]})
    assert (added.status_code, added.json()) == (200, {"tags": ["VIP", "老客"]})
    shown = (await agent.get(path)).json()["buyer"]
    assert (shown["level"], shown["tags"]) == ("gold", ["VIP", "老客"])

    assert (await agent.post(f"{path}/buyer-tags", json={"remove": ["VIP"]})).json() == {"tags": ["老客"]}
    await _told(web, "", ["VIP", "批发"])
    shown = (await agent.get(path)).json()["buyer"]
    assert (shown["level"], shown["tags"]) == (None, ["批发", "老客"])


async def test_the_tags_hold_in_every_conversation_of_the_buyer_and_not_in_the_rows_own(web: Web) -> None:
    first = await web.buyer("在吗", buyer="b-1")
    second = await web.buyer("在吗", "c2", buyer="b-1")
    agent = await web.enter()
    await agent.post(f"/api/conversations/{first}/tags", json={"tags": ["急"]})
    await agent.post(f"/api/conversations/{first}/buyer-tags", json={"add": ["VIP"]})
    assert (await agent.get(f"/api/conversations/{second}")).json()["buyer"]["tags"] == ["VIP"]
    rows = {row["id"]: row["tags"] for row in (await agent.get("/api/conversations?list=all")).json()["conversations"]}
    assert rows == {str(first): ["急"], str(second): []}


async def test_a_change_is_written_down_without_the_words_and_none_is_not(web: Web) -> None:
    talk = await web.buyer("在吗")
    agent = await web.enter()
    path = f"/api/conversations/{talk}/buyer-tags"
    for body in ({"add": ["VIP", "急"]}, {"add": ["VIP"]}, {"remove": ["急"]}, {}):
        assert (await agent.post(path, json=body)).status_code == 200
    (buyer,) = await web.rows(BuyerRow)
    told = [(row.object, row.detail) for row in await web.rows(AuditRow) if row.action == "buyer.tagged"]
    assert sorted(told, key=lambda one: one[1]["removed"]) == [
        (str(buyer.id), {"added": 2, "removed": 0}),
        (str(buyer.id), {"added": 0, "removed": 1}),
    ]


async def test_who_may_only_look_another_merchant_and_what_is_too_long(web: Web) -> None:
    talk = await web.buyer("在吗")
    path, body = f"/api/conversations/{talk}/buyer-tags", {"add": ["VIP"]}
    assert (await (await web.enter("qa")).post(path, json=body)).status_code == 403
    assert (await (await web.enter("stranger")).post(path, json=body)).status_code == 404
    agent = await web.enter()
    assert (await agent.post(path, json={"add": ["x" * 41]})).status_code == 422
    assert (await agent.post(path, json={"add": [f"t{n}" for n in range(41)]})).status_code == 422
    unknown = f"/api/conversations/{uuid.uuid4()}/buyer-tags"
    assert (await agent.post(unknown, json=body)).status_code == 404
    assert [row.tags for row in await web.rows(BuyerRow)] == [[]]
