"""Posts over one connection that is kept, with as little work as can be.

Who writes shares the processors with the server that is measured: a whole client would cost as much as the server.
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

_GOOD = range(200, 300)


class Line:
    """A connection to ``address``; used by one at a time, and made anew after it broke."""

    def __init__(self, address: str) -> None:
        """Nothing is connected yet."""
        parts = urlsplit(address)
        assert parts.hostname is not None  # it names one
        assert parts.port is not None
        self._place = (parts.hostname, parts.port)
        self._head = f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\n"
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes, headers: Mapping[str, str], seconds: float) -> bool:
        """Whether it was taken, within ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                return await self._posted(body, headers) in _GOOD
        except (OSError, EOFError, ValueError):
            self.close()
            return False

    def close(self) -> None:
        """Let go of the connection."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    async def _posted(self, body: bytes, headers: Mapping[str, str]) -> int:
        if self._open is None:
            self._open = await asyncio.open_connection(*self._place)
        reader, writer = self._open
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"{self._head}{told}content-length: {len(body)}\r\n\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *lines = head.rstrip().split("\r\n")
        answered = dict(line.lower().split(": ", 1) for line in lines)
        await reader.readexactly(int(answered.get("content-length", "0")))
        if answered.get("connection") == "close":
            self.close()
        return int(status.split(" ")[1])
