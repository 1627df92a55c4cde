"""What carries the calls to platforms: asyncio's own transports under httpx, with nothing between the two.

A look-up is several calls, and httpx's default way to a socket costs as much processor time as the rest of a call does:
it asks the system about every idle connection and opens a scope of its own around each read and write. Nothing else is
different: connections are kept, time is limited and failures are named as with httpx's own.
"""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, groupby, zip_longest
from typing import Any, Final, cast

import httpcore
import httpx

_MOST_UNREAD: Final = 2**18
"""Bytes that may wait for a reader before the other side is held back."""
_NEXT_ADDRESS: Final = 0.25
"""Seconds until the next address of a host is tried beside one that does not answer."""
_LIMITS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=5.0)

Option = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class DirectTransport(httpx.AsyncHTTPTransport):
    """httpx's transport for HTTP/1.1 without proxies, over our own sockets."""

    def __init__(self, secure: ssl.SSLContext | None = None) -> None:
        """Nothing of the environment counts, neither proxies nor certificates; ``secure`` is what TLS goes by."""
        secure = secure or httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=secure, trust_env=False, limits=_LIMITS)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=secure,
            max_connections=_LIMITS.max_connections,
            max_keepalive_connections=_LIMITS.max_keepalive_connections,
            keepalive_expiry=_LIMITS.keepalive_expiry,
            network_backend=_Sockets(),
        )

    @property
    def connections(self) -> Sequence[httpcore.AsyncConnectionInterface]:
        """Those that there are, in use or kept."""
        return self._pool.connections


class _Sockets(httpcore.AsyncNetworkBackend):
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's contract
        local_address: str | None = None,
        socket_options: Iterable[Option] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                opened = await _connected(host, port, local_address)
                try:
                    for option in socket_options or ():
                        opened.setsockopt(*cast(Any, option))
                    made = await asyncio.get_running_loop().create_connection(_Arriving, sock=opened)
                except BaseException:
                    opened.close()
                    raise
        return _Stream(*made)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Arriving(asyncio.Protocol):
    """What came over a connection and was not read yet."""

    def __init__(self) -> None:
        self.unread = bytearray()
        self.ended = False
        self.error: Exception | None = None
        self.full = False
        self._held = False
        self._waiting: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is none by its class.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.unread += data
        if len(self.unread) > _MOST_UNREAD and not self._held and self._transport is not None:
            self._held = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self.ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended, self.error = True, self.error or exc
        self._wake()

    def pause_writing(self) -> None:
        self.full = True

    def resume_writing(self) -> None:
        self.full = False
        self._wake()

    def take(self, most: int) -> bytes:
        """Up to ``most`` bytes of what came."""
        taken = bytes(self.unread[:most])
        del self.unread[:most]
        if self._held and len(self.unread) <= _MOST_UNREAD // 2 and self._transport is not None and not self.ended:
            self._held = False
            self._transport.resume_reading()
        return taken

    async def change(self, seconds: float | None) -> None:
        """Return when something came, ended or may be written again; ``TimeoutError`` after so many seconds."""
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await self._waiting
        finally:
            self._waiting = None

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, transport: asyncio.Transport, arriving: _Arriving) -> None:
        self._transport = transport
        self._arriving = arriving

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's contract
    ) -> bytes:
        arriving = self._arriving
        with _named(httpcore.ReadTimeout, httpcore.ReadError):
            while not arriving.unread and not arriving.ended:
                await arriving.change(timeout)
        if not arriving.unread and arriving.error is not None:
            raise httpcore.ReadError(str(arriving.error))
        return arriving.take(max_bytes)

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's contract
    ) -> None:
        if not buffer:
            return
        if self._transport.is_closing() or self._arriving.error is not None:
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)
        with _named(httpcore.WriteTimeout, httpcore.WriteError):
            while self._arriving.full and not self._transport.is_closing():
                await self._arriving.change(timeout)

    async def aclose(self) -> None:
        # Whoever closes has read all that they wanted: there is nothing to wait for, nor anybody who would.
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's contract
    ) -> httpcore.AsyncNetworkStream:
        with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
            try:
                async with asyncio.timeout(timeout):
                    secure = await asyncio.get_running_loop().start_tls(
                        self._transport, self._arriving, ssl_context, server_hostname=server_hostname
                    )
            except BaseException:
                self._transport.abort()
                raise
            if secure is None:
                raise ConnectionError("the connection was closed")
        self._arriving.connection_made(secure)
        return _Stream(secure, self._arriving)

    def get_extra_info(self, info: str) -> Any:
        # What asyncio has heard counts: an idle connection with news on it is over.
        if info == "is_readable":
            return bool(self._arriving.unread) or self._arriving.ended or self._transport.is_closing()
        names = {"ssl_object": "ssl_object", "client_addr": "sockname", "server_addr": "peername", "socket": "socket"}
        return self._transport.get_extra_info(names[info]) if info in names else None


@contextmanager
def _named(late: type[Exception], broken: type[Exception]) -> Generator[None]:
    """Failures in httpcore's words, which httpx translates; the system's own may hold an address."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:
        raise broken(str(error)) from error


async def _connected(host: str, port: int, local_address: str | None) -> socket.socket:
    """A connection to the first address of ``host`` that answers; those that do not are not waited for (RFC 8305)."""
    addresses = deque(_mixed(await _addresses(host, port)))
    trying: set[asyncio.Task[socket.socket]] = set()
    failures: list[BaseException] = []
    try:
        while addresses or trying:
            if addresses:
                trying.add(asyncio.create_task(_opened(*addresses.popleft(), local_address)))
            done, trying = await asyncio.wait(
                trying, timeout=_NEXT_ADDRESS if addresses else None, return_when=asyncio.FIRST_COMPLETED
            )
            for one in done:
                if one.exception() is None:
                    trying |= done - {one}
                    return one.result()
            failures += [error for one in done if (error := one.exception()) is not None]
    finally:
        await _give_up(trying)
    raise failures[0] if failures else OSError("the host has no address")


async def _addresses(host: str, port: int) -> list[tuple[int, Any]]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, *_, address in found]


async def _opened(family: int, address: Any, local_address: str | None) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setblocking(False)
        if local_address is not None:
            opened.bind((local_address, 0))
        await asyncio.get_running_loop().sock_connect(opened, address)
    except BaseException:
        opened.close()
        raise
    return opened


async def _give_up(trying: Iterable[asyncio.Task[socket.socket]]) -> None:
    for one in trying:
        one.cancel()
    for one in trying:
        with suppress(asyncio.CancelledError, OSError):
            (await one).close()


def _mixed(addresses: Sequence[tuple[int, Any]]) -> Iterable[tuple[int, Any]]:
    """The addresses in their order, families by turns: where one of them leads nowhere the other is next."""
    by_family = groupby(sorted(addresses, key=lambda one: one[0] != addresses[0][0]), key=lambda one: one[0])
    rounds = zip_longest(*(list(group) for _, group in by_family))
    return (one for one in chain.from_iterable(rounds) if one is not None)
