"""The blind sample of a week: what was accepted and sent as it stood, and nobody by name."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update

from copilot.access import people
from copilot.access.principal import Role
from copilot.access.vault import Vault
from copilot.desk.figures.figures import chosen_shops
from copilot.desk.figures.sample import Sample, read_sample
from copilot.store.tables import DraftRow, ShopRow
from tests.counting import counted
from tests.web.conftest import PASSWORD, Web
from tests.web.test_figures import decide, sent
from tests.web.test_sights import see

WEEK, MONDAY = "2026-11-18", date(2026, 11, 16)
KEYS = [Fernet.generate_key().decode() for _ in range(2)]


async def accepted(web: Web, agent: httpx.AsyncClient, name: str) -> DraftRow:
    """A draft that was seen, accepted as it stood, and sent."""
    _, draft = await web.broken_cups(name)
    await see(agent, draft)
    web.clock.advance(30)
    await decide(agent, draft, "accept")
    await sent(web, draft)
    return draft


async def next_week(web: Web, login: str = "qa") -> httpx.AsyncClient:
    """Who reads it, when the week is over."""
    web.clock.advance(timedelta(days=3).total_seconds())
    return await web.enter(login)


async def test_it_is_blind_masked_and_always_the_same(web: Web) -> None:
    agent = await web.enter()
    me = (await agent.get("/api/me")).json()["person"]
    await people.add_person(web.store, web.merchant, "lin", "林晓", Role.AGENT, "zh", PASSWORD, web.clock)
    kept: list[DraftRow] = []
    for number in range(5):
        name = f"c{number}"
        await web.buyer(f"我是林晓,电话1381234567{number}", name)
        _, draft = await web.broken_cups(name)
        # One was not on screen, one was changed, one never left: nobody got them as they stood.
        if number != 0:
            await see(agent, draft)
        web.clock.advance(30)
        more = {"text": f"{draft.text}谢谢。"} if number == 1 else {}
        await decide(agent, draft, "edit" if number == 1 else "accept", **more)
        if number != 2:
            await sent(web, draft)
        kept.append(draft)
    qa = await next_week(web)
    answer = await qa.get("/api/figures/sample", params={"week": WEEK})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["monday"], found["of"], len(found["drafts"])) == ("2026-11-16", 2, 2)
    for one in found["drafts"]:
        assert one["issue"] == "收货破损"
        assert one["text"]
        assert any("碎了两个" in line for line in one["buyer"])
    for secret in ("1381234567", "林晓", "buyer of", me["id"], me["name"], *(str(one.id) for one in kept)):
        assert secret not in answer.text, secret
    # Whoever reads the log knows merchant, week and drafts, and finds no sampled one with that.
    for draft in kept:
        told = f"{web.merchant} 2026-11-16 {draft.id}".encode()
        assert hashlib.sha256(told).hexdigest()[:12] not in answer.text
    for params in ({"week": "2026-11-16"}, {}):
        assert (await qa.get("/api/figures/sample", params=params)).json() == found


async def test_another_key_names_and_orders_it_otherwise(web: Web) -> None:
    agent = await web.enter()
    for number in range(3):
        await accepted(web, agent, f"c{number}")
    first, again, other = [await _read(web, key) for key in (KEYS[0], KEYS[0], KEYS[1])]
    assert first == again
    assert {one.text for one in first.drafts} == {one.text for one in other.drafts}
    assert {one.id for one in first.drafts}.isdisjoint(one.id for one in other.drafts)


async def _read(web: Web, key: str) -> Sample:
    async with web.store.merchant(web.merchant) as session:
        shops = await chosen_shops(session, None)
        return await read_sample(session, shops, MONDAY, "zh", Vault([key], "here"))


async def test_more_drafts_ask_the_database_no_more_often(web: Web) -> None:
    agent = await web.enter()
    asked: list[int] = []
    for number in range(3):
        await accepted(web, agent, f"c{number}")
        with counted() as seen:
            found = await _read(web, KEYS[0])
        assert len(found.drafts) == number + 1
        asked.append(seen["statements"])
    assert len(set(asked)) == 1, asked


@pytest.mark.parametrize(("language", "words"), [("zh", "还没有过完"), ("en", "not over yet")])
async def test_a_week_that_is_not_over_is_refused_in_ones_own_words(web: Web, language: str, words: str) -> None:
    qa = await web.enter("qa")
    assert (await qa.post("/api/me/language", json={"language": language})).status_code < 300
    # Today is Friday the 20th.
    for week in ("2026-11-16", "2026-11-20", "2026-11-22", "2026-11-23", "2027-05-01"):
        answer = await qa.get("/api/figures/sample", params={"week": week})
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["last"]) == (422, "week_runs", "2026-11-09"), week
        assert words in error["message"]
    assert (await qa.get("/api/figures/sample", params={"week": "2026-11-15"})).status_code == 200
    # Sunday is over in the west when it is long Monday in the east.
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(ShopRow).values(zone="America/Los_Angeles"))
    web.clock.advance((datetime(2026, 11, 23, 7, 0, tzinfo=UTC) - web.clock.now()).total_seconds())
    qa = await web.enter("qa")
    answer = await qa.get("/api/figures/sample", params={"week": "2026-11-22"})
    assert answer.status_code == 422, "it is Sunday evening in Los Angeles"
    web.clock.advance(2 * 3600)
    answer = await qa.get("/api/figures/sample", params={"week": "2026-11-22"})
    assert answer.status_code == 200, answer.text
