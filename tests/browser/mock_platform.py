"""The mock's platform: what it takes besides texts, and its own pages."""

from typing import Any

from fastapi import FastAPI, Request


class Offers:
    """Nothing, until a test says otherwise; ``sent`` is what was handed to it."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.cards: list[str] = []
        self.pages: dict[str, Any] = {"conversation": None, "orders": {}, "after_sales": {}, "products": {}}
        self.sent: list[tuple[str, str, Any]] = []


def offered(app: FastAPI, offers: Offers) -> None:
    """The routes."""

    @app.get("/api/conversations/{id}/sendables")
    async def takes(id: str) -> dict[str, list[str]]:
        return {"files": offers.files, "cards": offers.cards}

    @app.get("/api/conversations/{id}/links")
    async def links(id: str) -> dict[str, Any]:
        return offers.pages

    @app.put("/api/conversations/{id}/files/{reply}", status_code=202)
    async def file(id: str, reply: str, request: Request, name: str) -> dict[str, str]:
        offers.sent.append((id, f"{name} {request.headers['content-type']}", await request.body()))
        return {"id": reply, "state": "queued"}

    @app.post("/api/conversations/{id}/cards", status_code=202)
    async def card(id: str, body: dict[str, str]) -> dict[str, str]:
        offers.sent.append((id, body["card"], body["ref"]))
        return {"id": body["id"], "state": "queued"}
