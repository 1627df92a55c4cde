"""Makes calls over HTTP and keeps what is answered while somebody reads it, also answers that never end."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

import httpx

_HEADERS: Final = ("retry-after",)
"""Those that mean something to an adapter besides the status and the body."""


@dataclass
class Answer:
    """What was read of an answer so far."""

    status: int
    headers: dict[str, str]
    body: bytearray = field(default_factory=bytearray)


class Tape(httpx.AsyncBaseTransport):
    """Keeps the answers to all calls, in their order, until they are taken."""

    def __init__(self, inner: httpx.AsyncBaseTransport | None = None) -> None:
        """``inner`` makes the calls; without one they go out to the network."""
        self._inner = inner or httpx.AsyncHTTPTransport()
        self._answers: list[Answer] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make the call."""
        # Packed bytes are no text.
        request.headers["accept-encoding"] = "identity"
        answer = await self._inner.handle_async_request(request)
        headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
        kept = Answer(answer.status_code, headers)
        self._answers.append(kept)
        assert isinstance(answer.stream, httpx.AsyncByteStream)  # what asynchronous transports give
        answer.stream = _Kept(answer.stream, self, kept)
        return answer

    def heard(self, answer: Answer, chunk: bytes) -> Answer:
        """``chunk`` belongs to ``answer``; to a new one when what came before was taken already."""
        if not any(answer is one for one in self._answers):
            answer = Answer(answer.status, answer.headers)
            self._answers.append(answer)
        answer.body += chunk
        return answer

    def take(self) -> list[Answer]:
        """What was read since the last time."""
        taken, self._answers = self._answers, []
        return taken

    async def aclose(self) -> None:
        """Close what makes the calls."""
        await self._inner.aclose()


class _Kept(httpx.AsyncByteStream):
    """A body that is kept while it is read."""

    def __init__(self, inner: httpx.AsyncByteStream, tape: Tape, answer: Answer) -> None:
        self._inner, self._tape, self._answer = inner, tape, answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._answer = self._tape.heard(self._answer, chunk)
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
