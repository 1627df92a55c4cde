"""A buyer's phone number and a shop's secret go through every door; no log, metric or refusal repeats them."""

import io
import json
import uuid

from tests.channel.platform import said, signature
from tests.web.conftest import PASSWORD, Web

PHONE = "13812345678"
SECRET = "secret-1"


async def test_nothing_of_a_buyer_or_a_secret_is_written_down(web: Web, logged: io.StringIO) -> None:
    words = f"我的电话是{PHONE}，收到碎了两个"
    talk = await web.buyer(words)
    draft = await web.draft(talk)
    agent = await web.enter()
    shown = {"revision": draft.revision, "text_hash": draft.text_hash}
    answers = [
        await agent.get("/api/conversations"),
        await agent.get(f"/api/conversations/{talk}"),
        await agent.get(f"/api/drafts/{draft.id}"),
        await agent.post("/api/check", json={"text": words, "shop": str(web.shop)}),
        await agent.post("/api/check", json={"text": words, "shop": words}),
        await agent.post("/api/paste", json={"shop": str(web.shop), "text": words, "order_id": PHONE}),
        await agent.post(f"/api/conversations/{talk}/replies", json={"id": str(uuid.uuid4()), "text": words}),
        await agent.post(f"/api/conversations/{talk}/replies", json={"id": words, "text": words}),
        await agent.post(f"/api/drafts/{draft.id}/decision", json={**shown, "kind": "edit", "text": words}),
        await agent.post(f"/api/drafts/{draft.id}/decision", json={**shown, "kind": words}),
        await agent.post(f"/api/conversations/{talk}/lookup"),
        await agent.post("/api/login", json={"login": PHONE, "password": PASSWORD + PHONE}),
        await agent.get(f"/api/conversations/{PHONE}"),
        await agent.get(f"/api/events?after={PHONE}", headers={"Cookie": ""}),
    ]
    body = json.dumps({"shops": ["s1"], "events": [{"type": "message", "shop": "s1", "text": words}]}).encode()
    stranger = web.stranger()
    answers.append(await stranger.post("/in/plain", content=body, headers={"sign": signature(SECRET, body)}))
    answers.append(await stranger.post("/in/plain", content=words.encode(), headers={"sign": SECRET}))
    answers.append(await stranger.post(f"/in/{PHONE}", content=body))
    answers.append(await web.deliver(said("s1", "m-9", words), secret="secret-2"))
    assert {answer.status_code for answer in answers} >= {200, 202, 400, 401, 404, 422}
    for answer in answers:
        if answer.status_code >= 400 and answer.json()["error"]["code"] not in ("needs_vouching", "text_blocked"):
            assert PHONE not in answer.text, answer.url

    metrics = (await stranger.get("/metrics")).text
    told = logged.getvalue()
    assert "delivery_taken" in told
    for canary in (PHONE, SECRET, PASSWORD, "碎了", agent.cookies["copilot_session"], agent.headers["X-CSRF-Token"]):
        assert canary not in told
        assert canary not in metrics
