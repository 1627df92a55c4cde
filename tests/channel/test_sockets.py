"""Calls over our own sockets: kept, limited in time, and ended in httpx's words."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from copilot.channel import sockets
from copilot.channel.sockets import DirectTransport

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@asynccontextmanager
async def listening(serve: Serve, secure: ssl.SSLContext | None = None) -> AsyncGenerator[int]:
    """A server on loopback; its port."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(one, "127.0.0.1", 0, ssl=secure)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def client(secure: ssl.SSLContext | None = None, seconds: float = 5.0) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=DirectTransport(secure), trust_env=False, timeout=seconds)


async def asked(reader: asyncio.StreamReader) -> bytes:
    """One request, with a body where it says so."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().splitlines():
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    return head


async def test_a_connection_is_kept_and_one_that_was_closed_meanwhile_is_not_used_again() -> None:
    met: list[int] = []
    gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(0)
        for _ in range(2):
            await asked(reader)
            met[-1] += 1
            writer.write(OK)
        await writer.drain()
        writer.transport.abort()
        gone.set()

    transport = DirectTransport()
    async with listening(serve) as port, httpx.AsyncClient(transport=transport, trust_env=False) as http:
        for _ in range(2):
            assert (await http.post(f"http://127.0.0.1:{port}/", content=b"words")).text == "ok"
        await gone.wait()
        async with asyncio.timeout(5):
            # Nobody tells of it: whoever wants a connection asks it.
            while not all(one.has_expired() for one in transport.connections):  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert (await http.get(f"http://127.0.0.1:{port}/")).text == "ok"
    assert met == [2, 1]


async def test_large_bodies_pass_both_ways_and_wait_for_who_reads() -> None:
    large = b"0123456789abcdef" * 2**17  # 2 MB

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = await asked(reader)
        half = len(large) // 2
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for piece in (sent[-len(large) :][:half], sent[-half:]):
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        await reader.read()

    async with (
        listening(serve) as port,
        client() as http,
        http.stream("PUT", f"http://127.0.0.1:{port}/", content=large) as answer,
    ):
        pieces = [piece async for piece in answer.aiter_raw()]
    assert b"".join(pieces) == large


async def _never(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def _half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")
    await writer.drain()


async def _nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await asked(reader)


@pytest.mark.parametrize(
    ("serve", "seconds", "failure"),
    [
        (_never, 0.1, httpx.ReadTimeout),
        (_half, 5.0, httpx.RemoteProtocolError),
        # The end of the connection or its reset, as the system tells it.
        (_nothing, 5.0, (httpx.RemoteProtocolError, httpx.ReadError)),
    ],
)
async def test_an_answer_that_does_not_come_is_told_in_httpx_words(
    serve: Serve, seconds: float, failure: type[Exception] | tuple[type[Exception], ...]
) -> None:
    async with listening(serve) as port, client(seconds=seconds) as http:
        with pytest.raises(failure):
            await http.get(f"http://127.0.0.1:{port}/")


async def test_a_host_where_nobody_listens_is_told_as_that() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with client() as http:
            with pytest.raises(httpx.ConnectError):
                await http.get(f"http://127.0.0.1:{taken.getsockname()[1]}/")


async def _answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(OK)
    await writer.drain()
    await reader.read()


async def test_an_address_that_fails_or_hangs_does_not_keep_the_next_one_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = sockets._opened  # pyright: ignore[reportPrivateUsage]
    tried: list[str] = []

    async def connect(family: int, address: Any, local: str | None) -> socket.socket:
        tried.append(address[0])
        if address[0] == "127.0.0.2":
            raise OSError("no route")
        if address[0] == "127.0.0.3":
            await asyncio.Event().wait()
        return await opened(family, address, local)

    async with listening(_answers) as port, client() as http:

        async def resolved(*_: object) -> list[tuple[int, Any]]:
            return [(socket.AF_INET, (host, port)) for host in ("127.0.0.2", "127.0.0.3", "127.0.0.1")]

        monkeypatch.setattr(sockets, "_addresses", resolved)
        monkeypatch.setattr(sockets, "_opened", connect)
        assert (await http.get(f"http://platform.test:{port}/")).text == "ok"
    assert tried == ["127.0.0.2", "127.0.0.3", "127.0.0.1"]


async def test_who_is_no_more_waited_for_leaves_no_connection_behind() -> None:
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        try:
            await asked(reader)
            await reader.read()
        finally:
            ended.set()

    async with listening(serve) as port, client() as http:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await http.get(f"http://127.0.0.1:{port}/")
        async with asyncio.timeout(5):
            await ended.wait()


async def test_tls_is_spoken_and_only_to_whom_we_trust(tmp_path: Path) -> None:
    theirs, ours = _certified(tmp_path)
    async with listening(_answers, theirs) as port:
        async with client(ours) as http:
            assert (await http.get(f"https://127.0.0.1:{port}/")).text == "ok"
        async with client() as http:
            with pytest.raises(httpx.ConnectError):
                await http.get(f"https://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "scenario",
    [
        test_a_connection_is_kept_and_one_that_was_closed_meanwhile_is_not_used_again,
        test_large_bodies_pass_both_ways_and_wait_for_who_reads,
        test_a_host_where_nobody_listens_is_told_as_that,
        test_who_is_no_more_waited_for_leaves_no_connection_behind,
    ],
)
def test_the_same_holds_on_the_loop_that_processes_run_on(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=pytest.importorskip("uvloop").new_event_loop) as runner:
        runner.run(scenario())


def test_tls_is_spoken_on_that_loop_as_well(tmp_path: Path) -> None:
    with asyncio.Runner(loop_factory=pytest.importorskip("uvloop").new_event_loop) as runner:
        runner.run(test_tls_is_spoken_and_only_to_whom_we_trust(tmp_path))


def _certified(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's side of TLS, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "platform.test")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "platform.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(file)
    ours = ssl.create_default_context(cafile=str(file))
    return theirs, ours
