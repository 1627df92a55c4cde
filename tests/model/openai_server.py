"""A server on loopback that speaks OpenAI's chat protocol and misbehaves as its model's name says."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

ANSWER = '{"empathy": "", "explanation": "It left the warehouse today.", "options": {}, "closing": ""}'


class OpenAIServer:
    """Keeps the bodies it was asked with; ``answer`` is what a well-behaved model says."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, object]] = []
        self.answer = ANSWER
        self.url = ""

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/chat/completions")
        async def complete(request: Request) -> Response:
            body = await request.json()
            self.bodies.append(body)
            return await self._behave(str(body["model"]), request)

        return app

    async def _behave(self, model: str, request: Request) -> Response:
        match model:
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
            case "empty":
                return Response(self._body(""), media_type="application/json")
            case "huge":
                return Response(self._body("x" * 2_000_000), media_type="application/json")
        return Response(self._body(self.answer), media_type="application/json")

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
        for _ in range(100):
            if await request.is_disconnected():
                return
            await asyncio.sleep(0.1)


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
