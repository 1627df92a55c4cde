"""The mock's person: a name and a picture, which a platform looks at where a test says so."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response

from copilot.sdk.testing.page import picture


class Faces:
    """``face`` is what /api/me/face answers; with ``shop`` its platform looks at what is given."""

    def __init__(self, name: str) -> None:
        self.face: dict[str, Any] = {"name": name, "avatar": None, "waiting": None}
        self.shop: str | None = None
        self.given: list[tuple[str, bytes]] = []


def faces(app: FastAPI, kept: Faces, people: Callable[[], list[dict[str, Any]]]) -> None:
    """The routes; ``people`` are the team, of whom the first sits at the page."""

    def told() -> dict[str, Any]:
        people()[0].update(name=kept.face["name"], avatar=kept.face["avatar"])
        return kept.face

    @app.get("/api/me/face")
    async def face() -> dict[str, Any]:
        return told()

    @app.post("/api/me/face")
    async def rename(body: dict[str, str]) -> dict[str, Any]:
        kept.face["name"] = body["name"]
        return told()

    @app.put("/api/me/avatar")
    async def give(request: Request) -> dict[str, Any]:
        kept.given.append((request.headers["content-type"], await request.body()))
        review = {"shop": kept.shop, "state": "pending_review", "reason": None}
        if kept.shop:
            kept.face["waiting"] = {"id": "waits", "state": "pending_review", "reviews": [review]}
        else:
            kept.face["avatar"] = "a1"
        return told()

    @app.delete("/api/me/avatar")
    async def remove() -> dict[str, Any]:
        kept.face.update(avatar=None, waiting=None)
        return told()

    @app.get("/api/avatars/{id}")
    async def shown(id: str) -> Response:
        return Response(picture(), media_type="image/png")
