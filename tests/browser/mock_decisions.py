"""The mock's half for what a shop decides on the administration page: its models, its voice, its tokens."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

Told = list[tuple[str, dict[str, Any]]]
Refuse = dict[str, tuple[int, dict[str, Any]]]


def decisions(app: FastAPI, told: Callable[[], Told], refuse: Callable[[], Refuse]) -> None:
    """The routes; what is changed is kept in ``told``, and ``refuse`` says what is refused."""

    @app.get("/api/tokens")
    async def tokens() -> dict[str, Any]:
        return {"tokens": TOKENS, "roles": ["agent", "qa", "adapter"]}

    @app.post("/api/tokens")
    async def make_token(request: Request) -> Response:
        told().append(("POST tokens", await request.json()))
        return JSONResponse({**TOKENS[0], "secret": "rc_shown-this-once"}, 201)

    @app.get("/api/models")
    async def models() -> dict[str, Any]:
        return MODELS

    @app.get("/api/shops/{shop}/voice")
    async def voice(shop: str) -> dict[str, Any]:
        return VOICE

    @app.post("/api/shops/{shop}/voice")
    async def save_voice(shop: str, request: Request) -> Response:
        told().append(("POST voice", await request.json()))
        if "voice" in refuse():
            status, error = refuse()["voice"]
            return JSONResponse({"error": {"message": "refused", "remedy": None, **error}}, status)
        return JSONResponse({**VOICE, "own": True, "version": 7})

    @app.post("/api/shops/{shop}/voice/sample")
    async def sound(shop: str, request: Request) -> dict[str, Any]:
        given = await request.json()
        text = f"<b>{given['address']}</b>好"
        return {"samples": [{"language": "zh", "scene": "greet", "text": text, "findings": [], "blocked": False}]}


_TIMES: dict[str, Any] = {"created_at": "2026-01-01T02:00:00Z", "used_at": None, "revoked_at": None}
TOKENS: list[dict[str, Any]] = [
    {**_TIMES, "id": "t1", "name": "<b>ERP</b>", "role": "agent"},
    {**_TIMES, "id": "t2", "name": "old", "role": "qa", "revoked_at": "2026-01-02T02:00:00Z"},
]
VOICE: dict[str, Any] = {
    "shop": "shop-dy",
    "voice": {"address": "您", "brand": {"zh": "南山"}, "max_chars": {}},
    "below": {"address": "您", "brand": {}, "max_chars": {"zh": 200}},
    "own": False,
    "version": None,
    "emoji": True,
    "max_chars": 500,
    "fields": [
        {"name": "address", "part": "address", "language": None, "kind": "choice", "choices": ["您", "你"]},
        {"name": "brand.zh", "part": "brand", "language": "zh", "kind": "text", "choices": []},
        {"name": "brand.en", "part": "brand", "language": "en", "kind": "text", "choices": []},
        {"name": "max_chars.zh", "part": "max_chars", "language": "zh", "kind": "number", "choices": []},
    ],
}
MODELS: dict[str, Any] = {
    "models": [
        {
            "name": "deepseek/deepseek-v4-flash",
            "who": "深度求索",
            "where": "<b>gateway.example</b>",
            "host": "gateway.example",
            "variable": "DEEPSEEK_API_BASE",
        }
    ],
    "embedding": None,
    "forbidden": False,
    "settings": [{"variable": "COPILOT_MODEL_SECONDS", "value": "20", "given": False}],
    "shops": [
        {
            "id": "s-douyin",
            "slug": "nanshan",
            "name": "南山旗舰店",
            "forbidden": False,
            "deadline_seconds": 18,
            "today": {"by_model": 12, "composed": 3, "tokens_in": 15200, "tokens_out": 2100},
        }
    ],
}
