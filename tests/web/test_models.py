"""What administrators read of models, and a shop's word that none may see anything of it."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.access.principal import Role
from copilot.settings import Settings
from copilot.store import spans
from copilot.store.tables import TimerRow
from tests.web.conftest import Web
from tests.web.test_admin import enter

SECRET = "in-the-address"
_HOUR = timedelta(hours=1)


@pytest.fixture
def configured(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """The same server with two models, one of them at an address of its own."""
    given = {
        "data_dir": web.parts.settings.data_dir,
        "model": "openai/gpt-4o-mini, deepseek/deepseek-v4-flash",
        "model_base_url": f"https://user:{SECRET}@models.example:8443/v1",
        "model_budget": "0.01",
    }
    object.__setattr__(web.parts, "settings", Settings.model_validate(given))
    for name in ("DEEPSEEK_API_BASE", "COPILOT_FORBID_MODEL_CALLS"):
        monkeypatch.delenv(name, raising=False)
    return web


async def test_models_are_told_in_their_order_with_who_gets_the_texts(configured: Web) -> None:
    owner = await enter(configured, Role.OWNER, "boss")
    answer = await owner.get("/api/models")
    assert SECRET not in answer.text
    told = answer.json()
    assert [(one["name"], one["where"], one["variable"]) for one in told["models"]] == [
        ("openai/gpt-4o-mini", "models.example:8443", "COPILOT_MODEL_BASE_URL"),
        ("deepseek/deepseek-v4-flash", "China", None),
    ]
    assert (told["embedding"], told["forbidden"]) == (None, False)
    settings = {one["variable"]: (one["value"], one["given"]) for one in told["settings"]}
    assert settings["COPILOT_MODEL_BUDGET"] == ("0.01", True)
    assert settings["COPILOT_MODEL_SECONDS"] == ("20", False)
    (shop,) = told["shops"]
    assert (shop["slug"], shop["forbidden"], shop["deadline_seconds"]) == ("cups", False, 18)


async def test_a_shop_forbids_models_and_allows_them_again(configured: Web) -> None:
    owner = await enter(configured, Role.OWNER, "boss")
    at = f"/api/shops/{configured.shop}/models"

    async def shown() -> tuple[bool, str]:
        (shop,) = (await owner.get("/api/models")).json()["shops"]
        asked = await owner.post("/api/translations", json={"text": "马上给您补发", "conversation": str(talk)})
        return shop["forbidden"], asked.json()["state"]

    talk = await configured.buyer("where is my parcel, it should have been here on monday")
    assert await shown() == (False, "pending")
    assert (await owner.post(at, json={"forbidden": True})).status_code == 204
    assert await shown() == (True, "no_model")
    configured.clock.advance(1)
    assert (await owner.post(at, json={"forbidden": False})).status_code == 204
    assert await shown() == (False, "pending")
    # What was stored meanwhile gets its vectors.
    assert "knowledge.embed" in [row.kind for row in await configured.rows(TimerRow)]
    log = (await owner.get("/api/audit?action=shop.changed")).json()["log"]
    assert [one["detail"]["models"] for one in log if one["by"]] == ["allowed", "forbidden"]
    stranger = await owner.post(f"/api/shops/{configured.other_shop}/models", json={"forbidden": True})
    assert stranger.status_code == 404


async def test_what_today_took_is_counted_since_the_shops_own_midnight(web: Web) -> None:
    owner = await enter(web, Role.OWNER, "boss")
    row = await web.draft(await web.buyer("在吗"))

    async def traced(detail: dict[str, Any], hours: float) -> None:
        now = web.clock.now()
        async with web.store.merchant(web.merchant) as session:
            await spans.record(
                session, merchant=web.merchant, trace="t", name="write", seconds=1.0, draft=row.id, detail=detail,
                at=now.replace(hour=16, minute=0, second=0, microsecond=0) + (hours - 24) * _HOUR,
            )  # fmt: skip

    # Midnight in Shanghai is 16:00 UTC of the day before.
    await traced({"written_by": "model", "tokens": [900, 80]}, 0.5)
    await traced({"tokens": [100, 20]}, 0.6)
    await traced({"written_by": "model", "tokens": [5000, 5000]}, -0.5)
    (shop,) = (await owner.get("/api/models")).json()["shops"]
    # The draft itself was composed.
    assert shop["today"] == {"by_model": 1, "composed": 1, "tokens_in": 1000, "tokens_out": 100}
