"""A shop's voice: heard before it is saved, in force from the next draft on, and nothing else of the shop is lost."""

import uuid
from typing import Any

import pytest
from sqlalchemy import select

from copilot.access.principal import Role
from copilot.flow.publishing import rows
from copilot.flow.publishing.files import Kind
from copilot.flow.publishing.rows import Actor, New, State
from copilot.jobs.following import Following
from copilot.store.tables import PublicationRow
from tests.web.conftest import Web
from tests.web.test_admin import enter

ON_FIRST_NAMES: dict[str, Any] = {
    "address": "你",
    "emoji": "light",
    "brand": {"zh": "南山小铺", "en": "Hill Shop"},
    "max_chars": {"zh": 120},
}
TERMS = "terms/douyin.cn.yaml"


async def follow(web: Web) -> None:
    """Every process looks at what is published about once a second."""
    await Following(web.store, web.parts.shops, web.clock, web.parts.settings.cache_dir / "published").look()


async def enforced(web: Web) -> tuple[PublicationRow, dict[str, str]]:
    """The version of the shop that decides, with its files."""
    async with web.store.merchant(web.merchant) as session:
        row = (await session.scalars(select(PublicationRow).where(PublicationRow.state == State.ENFORCE))).one()
        return row, await rows.files_of(session, row.id)


async def test_what_is_saved_is_what_the_next_draft_sounds_like(web: Web) -> None:
    owner, at = await enter(web, Role.OWNER, "boss"), f"/api/shops/{web.shop}/voice"
    before = (await owner.get(at)).json()
    assert (before["own"], before["version"], before["voice"]["address"]) == (False, None, "您")
    assert before["below"]["max_chars"] == {"zh": 200, "en": 500}
    assert [one["name"] for one in before["fields"]] == [
        "address", "emoji", "brand.zh", "brand.en", "length", "punctuation", "max_chars.zh", "max_chars.en",
    ]  # fmt: skip
    saved = await owner.post(at, json=ON_FIRST_NAMES)
    assert saved.status_code == 200, saved.text
    told = saved.json()
    assert (told["own"], told["version"], told["voice"]["max_chars"]) == (True, 1, {"zh": 120})
    await follow(web)
    # Some of the wordings address nobody; which one a conversation gets depends on its key.
    heard = "".join([(await web.broken_cups(f"c{number}"))[1].text or "" for number in range(1, 6)])
    assert "你" in heard
    assert "您" not in heard
    # Another shop's voice is its own.
    heard = "".join([(await web.broken_cups(f"o{number}", "s2"))[1].text or "" for number in range(1, 6)])
    assert "您" in heard
    assert "你" not in heard
    log = (await owner.get("/api/audit")).json()["log"]
    changed = next(one for one in log if one["action"] == "shop.changed" and one["by"])
    assert changed["detail"] == {
        "changed": ["voice.address", "voice.brand", "voice.emoji", "voice.max_chars"], "version": 1,
    }  # fmt: skip
    assert "publication.enforce" in [one["action"] for one in log]
    # The same again is no version.
    assert (await owner.post(at, json=ON_FIRST_NAMES)).json()["version"] == 1


async def test_a_sample_is_heard_without_a_model_and_nothing_is_stored(web: Web) -> None:
    owner, at = await enter(web, Role.OWNER, "boss"), f"/api/shops/{web.shop}/voice/sample"
    plain = (await owner.post(at, json={})).json()["samples"]
    assert [(one["language"], one["scene"]) for one in plain] == [
        (language, scene) for language in ("zh", "en") for scene in ("greet", "offer", "farewell")
    ]
    assert [one["blocked"] for one in plain] == [False] * 6
    heard = (await owner.post(at, json=ON_FIRST_NAMES)).json()["samples"]
    assert "南山小铺" in heard[0]["text"]
    assert "Hill Shop" in heard[3]["text"]
    assert "您" in plain[1]["text"]
    assert "您" not in heard[1]["text"]
    assert len(heard[1]["text"]) <= 120
    assert await web.rows(PublicationRow) == []


async def test_what_else_the_shop_published_stays(web: Web) -> None:
    owner, at = await enter(web, Role.OWNER, "boss"), f"/api/shops/{web.shop}/voice"
    async with web.store.merchant(web.merchant) as session:
        new = New(Kind.PLAYBOOKS, {TERMS: "photo_required: false\n"}, web.shop)
        await rows.add(
            session, web.merchant, new, State.ENFORCE, Actor(str(uuid.UUID(int=1)), Role.OWNER), web.clock.now()
        )
    # A name that other readers of YAML take for a number or a truth.
    assert (await owner.post(at, json={"brand": {"en": "0o17"}})).status_code == 200
    row, files = await enforced(web)
    assert (row.number, row.shop, sorted(files)) == (2, web.shop, [TERMS, "voice/voice.yaml"])
    assert files[TERMS] == "photo_required: false\n"
    assert (await owner.get(at)).json()["voice"]["brand"] == {"en": "0o17"}


@pytest.mark.parametrize(
    ("voice", "status", "code", "field"),
    [
        ({"address": "thou"}, 422, "bad_input", "address"),
        ({"max_chars": {"zh": 0}}, 422, "bad_input", "max_chars.zh"),
        ({"brand": {"zh": "小铺\n加我"}}, 422, "bad_input", "brand.zh"),
        ({"brand": {"zh": "加微信 abc12345"}}, 422, "text_blocked", "brand.zh"),
        ({"loud": True}, 422, "bad_input", "loud"),
    ],
)
async def test_what_cannot_be_a_voice_is_refused_beside_its_field(
    web: Web, voice: dict[str, Any], status: int, code: str, field: str
) -> None:
    owner = await enter(web, Role.OWNER, "boss")
    answer = await owner.post(f"/api/shops/{web.shop}/voice", json=voice)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (status, code, field)
    assert await web.rows(PublicationRow) == []


async def test_nobody_saves_over_what_was_published_meanwhile(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = await enter(web, Role.OWNER, "boss")
    heads = rows.heads

    async def seen_before(store: Any) -> dict[uuid.UUID, int]:
        return {merchant: serial - 1 for merchant, serial in (await heads(store)).items()}

    at = f"/api/shops/{web.shop}/voice"
    assert (await owner.post(at, json={"length": "short"})).status_code == 200
    monkeypatch.setattr("copilot.web.voicing.rows.heads", seen_before)
    answer = await owner.post(at, json={"length": "normal"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "published_meanwhile")
    assert (await enforced(web))[0].number == 1
    for path in ("", "/sample"):
        assert (await owner.post(f"/api/shops/{web.other_shop}/voice{path}", json={})).status_code == 404
