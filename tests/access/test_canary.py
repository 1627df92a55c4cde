"""A buyer's phone number, an agent's password and a shop's secret go through every door; no log tells them."""

import io
import json
import uuid

import httpx
from pydantic import SecretStr
from sqlalchemy import text

from copilot.access.merchants import add_shop
from tests.access.conftest import new_shop
from tests.channel.platform import PlainSettings, said
from tests.conftest import ROOT
from tests.fixtures_store import Postgres
from tests.web.conftest import Web, rules, web  # noqa: F401

PHONE = "13822223333"
NAME = "canary-nickname"
SECRET = "canary-secret-41c2"
PASSWORD = "canary-password-77"
TOLD_NOWHERE = (PHONE, NAME, SECRET, PASSWORD, "rc_canary", "canary-header")


async def _shop(web: Web) -> None:  # noqa: F811
    settings = PlainSettings(secret=SecretStr(SECRET), app="app1")
    shop = new_shop(adapter="plain", platform="douyin", pack="douyin.cn", profile="douyin.cn", settings=settings)
    await add_shop(web.store, web.parts.accounts.vault, web.merchant, shop.__class__(**{
        **shop.__dict__, "platform_shop_id": "s1"}), web.clock)  # fmt: skip


async def _platform(web: Web) -> uuid.UUID:  # noqa: F811
    """Deliveries, good and bad."""
    for secret in (SECRET, f"{SECRET}x"):
        event = said("s1", "m1", f"我的电话 {PHONE} 收到碎了", conversation="c1", nickname=NAME)
        await web.deliver(event, secret=secret)
    web.adapter.breaks = "parse"
    await web.deliver(said("s1", "m2", f"电话 {PHONE}", conversation="c1", nickname=NAME), secret=SECRET)
    web.adapter.breaks = ""
    # Something that the database refuses.
    await web.deliver(said("s1", "m\x003", f"{PHONE}\x00", conversation=f"{PHONE}\x00", nickname=NAME), secret=SECRET)
    for body in (f'{{"shops": ["{PHONE}"', f'{{"shops": ["{PHONE}"], "events": 1}}', PHONE):
        await web.stranger().post("/in/plain", content=body, headers={"sign": "canary-header"})
    async with web.store.merchant(web.merchant) as session:
        return (await session.scalars(text("SELECT id FROM conversations ORDER BY created_at LIMIT 1"))).one()


async def _desk(web: Web, person: httpx.AsyncClient, talk: uuid.UUID) -> None:  # noqa: F811
    """Everything a person can do, well and badly."""
    draft = await web.draft(talk)
    words = f"亲,稍后致电 {PHONE}"
    about = {"revision": draft.revision, "text_hash": draft.text_hash}
    for path, body in (
        ("/api/login", {"login": PHONE, "password": PASSWORD}),
        ("/api/login", {"login": "agent", "password": [PASSWORD]}),
        ("/api/check", {"text": words, "conversation": str(talk)}),
        ("/api/check", {"text": [words], PHONE: NAME}),
        ("/api/paste", {"text": words, "shop": str(web.shop), "order_id": PHONE}),
        (f"/api/drafts/{draft.id}/decision", {**about, "kind": "edit", "text": words, "vouch": [PHONE]}),
        (f"/api/drafts/{draft.id}/decision", {**about, "kind": PHONE}),
        (
            f"/api/drafts/{draft.id}/decision",
            {**about, "kind": "reject", "rejection": {"reason": "other", "note": words}},
        ),
        (f"/api/conversations/{talk}/replies", {"id": str(uuid.uuid4()), "text": words, "vouch": [words]}),
        (f"/api/conversations/{talk}/replies", {"id": str(uuid.uuid4()), "text": "您好，在的", "vouch": [words]}),
        (f"/api/conversations/{talk}/lookup", {}),
        (f"/api/nothing/{PHONE}", {"x": NAME}),
    ):
        await person.post(path, json=body, headers={"x-odd": "canary-header"})
    for path in (f"/api/conversations/{talk}", f"/api/conversations/{PHONE}", f"/api/events?after={PHONE}x", "/api/me"):
        if "events" not in path:
            await person.get(path)
    await web.stranger().get("/api/me", headers={"Authorization": f"Bearer rc_canary{PHONE}"})
    await web.stranger().get("/api/me", headers={"Cookie": f"copilot_session=rc_canary{PHONE}"})


async def test_nothing_private_is_logged_or_counted(
    web: Web,  # noqa: F811
    logged: io.StringIO,
    postgres: Postgres,
) -> None:
    await _shop(web)
    person = await web.enter()
    talk = await _platform(web)
    await _desk(web, person, talk)
    lines = logged.getvalue().splitlines()
    assert any(json.loads(line)["event"] == "delivery_taken" for line in lines), "the log was listened to"
    assert any(json.loads(line)["event"] == "dead_letter_kept" for line in lines)
    metrics = (await web.stranger().get("/metrics")).text
    server = postgres.log.read_text(encoding="utf-8", errors="replace") if postgres.log.exists() else ""
    for secret in TOLD_NOWHERE:
        for place, words in (("log", logged.getvalue()), ("metrics", metrics), ("server", server)):
            assert secret not in words, (place, secret)


async def test_nothing_private_stands_where_it_does_not_belong(web: Web) -> None:  # noqa: F811
    await _shop(web)
    person = await web.enter()
    await _desk(web, person, await _platform(web))
    tables = "audit", "events", "directory", "timers", "spans", "sessions", "login_attempts", "dead_letters", "shops"
    async with web.store.merchant(web.merchant) as session:
        queue = list(await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'jobs'")))
        for table in (*tables, *(f"jobs.{name}" for name in queue)):
            rows = " ".join(await session.scalars(text(f"SELECT row_to_json(t)::text FROM {table} t")))
            for secret in TOLD_NOWHERE:
                assert secret not in rows, (table, secret)


def test_the_canaries_are_ours() -> None:
    """They must not stand anywhere that would make the search pass or fail by itself."""
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "copilot").rglob("*.py"))
    assert not [canary for canary in TOLD_NOWHERE if canary in code]
