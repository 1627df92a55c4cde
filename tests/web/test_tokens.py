"""Tokens of other programs: told once, listed without a secret, taken back at once, each of it written down."""

import uuid

import httpx

from copilot.access.principal import Role
from tests.web.conftest import Web
from tests.web.test_admin import enter


def _bearer(web: Web, secret: str) -> httpx.AsyncClient:
    client = web.stranger()
    client.headers["Authorization"] = f"Bearer {secret}"
    return client


async def test_a_token_is_made_used_and_taken_back(web: Web) -> None:
    owner = await enter(web, Role.OWNER, "boss")
    made = await owner.post("/api/tokens", json={"name": "仓库系统", "role": "qa"})
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    secret, id = made.json()["secret"], made.json()["id"]
    program = _bearer(web, secret)
    assert (await program.get("/api/conversations")).status_code == 200
    listed = await owner.get("/api/tokens")
    (told,) = listed.json()["tokens"]
    assert (told["id"], told["name"], told["role"], told["revoked_at"]) == (id, "仓库系统", "qa", None)
    assert told["used_at"] is not None
    # A program manages nothing, whoever made it.
    assert (await program.get("/api/tokens")).status_code == 403
    taken = await owner.post("/api/tokens", json={"name": "仓库系统"})
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "token_taken")
    web.clock.advance(1)
    assert (await owner.post(f"/api/tokens/{id}/revoke")).status_code == 204
    assert (await program.get("/api/conversations")).status_code == 401
    again = await owner.post(f"/api/tokens/{id}/revoke")
    assert (again.status_code, again.json()["error"]["state"]) == (409, "revoked")
    log = await owner.get("/api/audit?action=token")
    assert [(one["action"], one["by"]["name"]) for one in log.json()["log"]] == [
        ("token.revoked", "Boss"),
        ("token.added", "Boss"),
    ]
    for answer in (listed, log, await owner.get("/api/tokens")):
        assert secret not in answer.text


async def test_what_cannot_be_a_token_is_refused(web: Web) -> None:
    owner = await enter(web, Role.OWNER, "boss")
    for body, field in (({"name": " "}, "name"), ({"name": "erp", "role": "owner"}, "role")):
        answer = await owner.post("/api/tokens", json=body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert (await owner.post(f"/api/tokens/{uuid.uuid4()}/revoke")).status_code == 404
    await web.machine(name="theirs")
    (theirs,) = (await owner.get("/api/tokens")).json()["tokens"]
    stranger = await web.enter("stranger")
    assert (await stranger.post(f"/api/tokens/{theirs['id']}/revoke")).status_code == 403
