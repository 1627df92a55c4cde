"""An agent's name and picture: what waits for a platform's review is not shown, and the one before stays meanwhile."""

import uuid
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from copilot.channel.avatars import Avatars
from copilot.channel.tasks import AVATAR_LOOK
from copilot.sdk import Account, AdapterError, Avatar, AvatarState, OutcomeUnknown, PlatformDown, Reviewed, SendRefused
from copilot.sdk.testing.page import picture
from copilot.store.tables import AvatarRow, TimerRow
from tests.web.conftest import Web

PNG = {"Content-Type": "image/png"}
REASON = "头像中不能出现联系方式"


class Platform:
    """A platform that looks at pictures; ``ends`` are raised by the next ones handed in, after which they are there."""

    def __init__(self, web: Web) -> None:
        self.handed: dict[str, Avatar] = {}
        self.calls = 0
        self.said: dict[str, Reviewed] = {}
        self.ends: list[Exception] = []
        self.down = False
        able: Any = web.adapter
        able.hand_in_avatar, able.avatar_review = self.take, self.ask
        self.web = web
        self.avatars = Avatars(web.store, web.parts.accounts, web.clock)

    async def take(self, account: Account, avatar: Avatar, key: str) -> Reviewed:
        del account
        self.calls += 1
        if self.ends and isinstance(self.ends[0], SendRefused):
            raise self.ends.pop(0)
        self.handed[key] = avatar
        if self.ends:
            raise self.ends.pop(0)
        return self.said.get(key, Reviewed(state=AvatarState.PENDING_REVIEW))

    async def ask(self, account: Account, agent: str, key: str) -> Reviewed | None:
        del account, agent
        if self.down:
            raise PlatformDown("away")
        if key not in self.handed:
            return None
        return self.said.get(key, Reviewed(state=AvatarState.PENDING_REVIEW))

    async def look(self, tries: int = 0) -> None:
        """What the worker's job does for every picture that waits."""
        async with self.web.store.merchant(self.web.merchant) as session:
            waiting = (await session.scalars(select(AvatarRow.id))).all()
        for id in waiting:
            await self.avatars.look(self.web.merchant, id, tries)


async def give(agent: httpx.AsyncClient, body: bytes | None = None, kind: str = "image/png") -> httpx.Response:
    content = picture() if body is None else body
    return await agent.put("/api/me/avatar", content=content, headers={"Content-Type": kind})


async def face(agent: httpx.AsyncClient) -> dict[str, Any]:
    return (await agent.get("/api/me/face")).json()


async def team_avatar(agent: httpx.AsyncClient) -> str | None:
    me = (await agent.get("/api/me")).json()["person"]["id"]
    people = (await agent.get("/api/team")).json()["people"]
    return next(one["avatar"] for one in people if one["id"] == me)


@pytest.mark.feature("F017")
async def test_a_picture_waits_until_the_platform_approved_it_and_the_one_before_stays(web: Web) -> None:
    platform, agent = Platform(web), await web.enter()
    told = (await give(agent)).json()
    first = told["waiting"]["id"]
    assert (told["avatar"], told["waiting"]["state"]) == (None, "pending_review")
    await platform.look()
    assert [one.body for one in platform.handed.values()] == [picture()]
    assert (await face(agent))["waiting"]["state"] == "pending_review"
    assert await team_avatar(agent) is None
    platform.said[first] = Reviewed(state=AvatarState.APPROVED)
    await platform.look()
    assert (await face(agent)) == {"name": told["name"], "avatar": first, "waiting": None}
    assert await team_avatar(agent) == first

    # The next one waits beside it, and is for nobody else to see.
    second = (await give(agent, picture() + b"\0")).json()["waiting"]["id"]
    await platform.look()
    assert (await face(agent))["avatar"] == first == await team_avatar(agent)
    assert (await agent.get(f"/api/avatars/{second}")).content == picture() + b"\0"
    other = await web.enter("qa")
    assert (await other.get(f"/api/avatars/{second}")).status_code == 404
    shown = await other.get(f"/api/avatars/{first}")
    assert (shown.content, shown.headers["content-type"]) == (picture(), "image/png")
    assert "sandbox" in shown.headers["content-security-policy"]
    platform.said[second] = Reviewed(state=AvatarState.REJECTED, reason=REASON)
    await platform.look()
    told = await face(agent)
    assert told["avatar"] == first
    (review,) = told["waiting"]["reviews"]
    assert (told["waiting"]["state"], review["state"], review["reason"]) == ("rejected", "rejected", REASON)
    assert review["shop"] != ""
    # A new one takes the place of what was refused.
    third = (await give(agent)).json()["waiting"]["id"]
    platform.said[third] = Reviewed(state=AvatarState.APPROVED)
    await platform.look()
    assert (await face(agent)) == {"name": told["name"], "avatar": third, "waiting": None}
    assert (await agent.get(f"/api/avatars/{first}")).status_code == 404
    assert (await agent.delete("/api/me/avatar")).json()["avatar"] is None


@pytest.mark.feature("F017")
async def test_a_call_that_breaks_off_hands_nothing_in_twice(web: Web) -> None:
    platform, agent = Platform(web), await web.enter()
    await give(agent)
    platform.ends = [OutcomeUnknown("cut")]
    await platform.look()
    async with web.store.merchant(web.merchant) as session:
        timer = (await session.scalars(select(TimerRow).where(TimerRow.kind == AVATAR_LOOK))).one()
    assert timer.attempt == 1
    assert timer.due_at > web.clock.now()
    await platform.look(1)
    assert (platform.calls, len(platform.handed)) == (1, 1)
    assert (await face(agent))["waiting"]["state"] == "pending_review"
    # Asked in vain it waits on; nothing is made of silence.
    platform.down = True
    await platform.look()
    assert (await face(agent))["waiting"]["state"] == "pending_review"


@pytest.mark.feature("F017")
@pytest.mark.parametrize(("error", "state"), [(SendRefused(REASON), "rejected"), (AdapterError("x"), "pending_review")])
async def test_a_refusal_at_once_is_told_in_the_platforms_words(web: Web, error: AdapterError, state: str) -> None:
    platform, agent = Platform(web), await web.enter()
    await give(agent)
    platform.ends = [error]
    await platform.look()
    waiting = (await face(agent))["waiting"]
    assert waiting["state"] == state
    assert waiting["reviews"][0]["reason"] == (REASON if state == "rejected" else None)


@pytest.mark.feature("F017")
async def test_where_no_platform_looks_a_picture_is_valid_at_once(web: Web) -> None:
    agent = await web.enter()
    told = (await give(agent)).json()
    assert (told["waiting"], told["avatar"]) == (None, await team_avatar(agent))
    assert told["avatar"] is not None
    renamed = await agent.post("/api/me/face", json={"name": "  小  满 "})
    assert renamed.json()["name"] == "小 满" == (await agent.get("/api/me")).json()["person"]["name"]
    assert (await agent.post("/api/me/face", json={"name": " "})).status_code == 422


@pytest.mark.feature("F017")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "image/png"),
        (b"<svg/>", "image/svg+xml"),
        (b"GIF89a", "image/png"),
        (b"....ftyp", "video/mp4"),
        (b"\x89PNG\r\n\x1a\n" + bytes(10 * 1024 * 1024), "image/png"),
    ],
)
async def test_what_is_no_picture_is_not_taken(web: Web, body: bytes, kind: str) -> None:
    agent = await web.enter()
    assert (await give(agent, body, kind)).status_code in (413, 422)
    assert (await face(agent))["avatar"] is None
    assert (await agent.get(f"/api/avatars/{uuid.uuid4()}")).status_code == 404
