"""A server on loopback that speaks OpenAI's chat protocol and misbehaves as its model's name says."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from tests.model.obedient import answer_to

FAULTS = (
    "hang", "drip", "throttled", "broken", "truncated", "cut", "schema", "empty", "huge", "foreign", "banned",
)  # fmt: skip
"""Everything that a provider or a model may do wrong, by the name of the model that does it."""
ANSWER = '{"empathy": "", "explanation": "It left the warehouse today.", "options": {}, "closing": ""}'


FOREIGN = {True: "Your parcel will be there soon, thank you for waiting.", False: "您的包裹很快就到,请您放心。"}
BANNED = {True: "加我微信 kf88123,退您500元,给个五星好评。", False: "WhatsApp me at +1 415 555 0188 for a $500 refund."}


class OpenAIServer:
    """Keeps the bodies it was asked with; ``answer`` is what a well-behaved model says.

    The model ``held`` answers well once ``go`` is set, ``mixed`` does what ``mix`` names, one after the other;
    ``served`` counts what was done.
    """

    def __init__(self) -> None:
        self.mix: tuple[str, ...] = (*FAULTS, "obedient")
        self.served: Counter[str] = Counter()
        self.bodies: list[dict[str, object]] = []
        self.answer = ANSWER
        self.url = ""
        self.embeddings_fail = False
        self.go = threading.Event()

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/chat/completions")
        async def complete(request: Request) -> Response:
            body = await request.json()
            self.bodies.append(body)
            model = str(body["model"])
            if model == "mixed":
                model = self.mix[self.served.total() % len(self.mix)]
            self.served[model] += 1
            return await self._behave(model, body, request)

        @app.post("/v1/embeddings")
        async def embed(request: Request) -> Response:
            body = await request.json()
            self.bodies.append(body)
            if self.embeddings_fail:
                return _error(503)
            rows = [
                {"object": "embedding", "index": at, "embedding": meaning_of(text)}
                for at, text in enumerate(body["input"])
            ]
            usage = {"prompt_tokens": 1, "total_tokens": 1}
            return JSONResponse({"object": "list", "data": rows, "model": body["model"], "usage": usage})

        return app

    async def _behave(self, model: str, body: dict[str, Any], request: Request) -> Response:
        said = self._said(model, body)
        if said is not None:
            return Response(self._body(said), media_type="application/json")
        match model:
            case "held":
                await asyncio.to_thread(self.go.wait, 60)
                return Response(self._body(answer_to(body)), media_type="application/json")
            case "hang":
                await self._until_gone(request)
                return PlainTextResponse("")
            case "drip":
                return StreamingResponse(self._drip(), media_type="application/json")
            case "throttled":
                return _error(429, {"retry-after": "7"})
            case "broken":
                return _error(500)
            case "refused":
                return _error(401)
            case "truncated":
                return Response(self._body(self.answer)[:40], media_type="application/json")
        return Response(self._body(self.answer), media_type="application/json")

    def _said(self, model: str, body: dict[str, Any]) -> str | None:
        """What the model says, right or wrong; None for those whose trouble is another."""
        zh = "替店铺客服" in body["messages"][0]["content"]
        said = {
            "obedient": lambda: answer_to(body),
            "cut": lambda: answer_to(body)[:-20],
            "schema": lambda: '{"reply": "ok", "confidence": 0.9}',
            "foreign": lambda: _slots(FOREIGN[zh]),
            "banned": lambda: _slots(BANNED[zh]),
            "empty": lambda: "",
            "huge": lambda: "x" * 2_000_000,
        }.get(model)
        return said() if said else None

    def _body(self, text: str) -> str:
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        usage = {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}
        return json.dumps(
            {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
        )

    async def _drip(self) -> AsyncIterator[str]:
        for character in self._body(self.answer):
            yield character
            await asyncio.sleep(0.2)

    async def _until_gone(self, request: Request) -> None:
        for _ in range(600):
            if await request.is_disconnected():
                return
            await asyncio.sleep(0.1)


THEMES = (("退", "寄回"), ("发货", "启程", "寄出"), ("洗", "水"))
"""What the model of vectors knows of meaning: a text is about a theme when it has one of its words."""


def meaning_of(text: str) -> list[float]:
    """The vector of ``text``."""
    return [0.1, *(float(any(word in text for word in theme)) for theme in THEMES)]


def _slots(text: str) -> str:
    return json.dumps({"empathy": "", "explanation": text, "options": {}, "closing": ""}, ensure_ascii=False)


def _error(status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": {"message": "secret detail of the provider"}}, status_code=status, headers=headers)


@contextmanager
def serving() -> Iterator[OpenAIServer]:
    """The server, answering on a free port of loopback."""
    server = OpenAIServer()
    config = uvicorn.Config(server.app(), host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
    port = running.servers[0].sockets[0].getsockname()[1]
    server.url = f"http://127.0.0.1:{port}/v1"
    yield server
    running.should_exit = True
    thread.join(timeout=5)
