"""What a shop's phrases lack: those nobody sends, and buyers' questions that none answers, masked and put together."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from copilot.access import people
from copilot.access.principal import Role
from copilot.store.tables import PhraseRow
from tests.channel.platform import said
from tests.web.conftest import PASSWORD, Web

PHRASES = {
    "postage": ("邮费", "退货邮费{谁}承担，您放心。"),
    "invoice": ("开发票", "发票随包裹寄出，也可以开电子发票。"),
    "fresh": ("新品", "新品周五上架。"),
}


@pytest.mark.feature("F047")
async def test_phrases_that_nobody_sends_and_questions_without_one(web: Web) -> None:
    await people.add_person(web.store, web.merchant, "owner", "Owner", Role.OWNER, "zh", PASSWORD, web.clock)
    owner, agent = await web.enter("owner"), await web.enter()
    for id, (title, text) in PHRASES.items():
        path = f"/api/phrases/{id}/zh?shop={web.shop}"
        assert (await owner.put(path, json={"title": title, "text": text})).status_code == 200
    async with web.store.merchant(web.merchant) as session:
        old = web.clock.now() - timedelta(days=40)
        await session.execute(update(PhraseRow).where(PhraseRow.slug != "fresh").values(updated_at=old))
    # One phrase is said in somebody's own way; the other question has its phrase, and these have none.
    await web.buyer("怎么开发票", "c1")
    await web.buyer("杯子能放进洗碗机吗？我电话13812345678", "c2")
    await web.buyer("这杯子能放进洗碗机吗", "c3")
    await web.buyer("好的谢谢", "c4")
    reply = said("s1", "a1", "亲，退货邮费我们承担,您放心~", role="agent", sent_at=web.clock.now().isoformat())
    assert (await web.deliver(reply)).status_code == 200

    report = (await owner.get(f"/api/shops/{web.shop}/phrases/report?days=30")).json()

    assert [one["id"] for one in report["unused"]] == ["invoice"]
    (question,) = report["unanswered"]
    assert question["conversations"] == 2
    assert "洗碗机" in question["question"]
    assert "13812345678" not in str(report)
    assert report["whole"] is True
    assert (await agent.get(f"/api/shops/{web.shop}/phrases/report")).status_code == 403
    assert (await owner.get(f"/api/shops/{web.other_shop}/phrases/report")).status_code == 404
    assert (await owner.get(f"/api/shops/{web.shop}/phrases/report?days=91")).status_code == 422
