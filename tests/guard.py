"""Keeps tests off the network: a connection or a name look-up beyond this machine is refused and remembered.

Remembered, because libraries swallow the refusal and fall back: the test must fail all the same.
"""

import ipaddress
import socket
import sys
from typing import Any

attempts: list[str] = []


class NetworkReached(OSError):
    """A test tried to leave this machine."""


def _local(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(target: object) -> None:
    attempts.append(str(target))
    raise NetworkReached(f"a test may not reach {target}")


def install() -> None:
    """Guard every socket of this process, including those that imports open; once, however often it is called."""
    if getattr(socket.socket.connect, "__name__", "") == "guarded_connect":
        return
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    look_up = socket.getaddrinfo

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not _local(address[0]):
            _refuse(address)

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        check(self, rest[-1])
        return sendto(self, data, *rest)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _local(host):
            _refuse(host)
        return look_up(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.socket.sendto = guarded_sendto  # type: ignore[method-assign,assignment]
    socket.getaddrinfo = guarded_look_up


def run_command() -> None:
    """``python -m tests.guard ARGS…`` is ``reply-copilot ARGS…`` without a network; an attempt exits with 99."""
    install()
    from copilot.cli.main import main

    code = main(sys.argv[1:])
    if attempts:
        sys.stderr.write(f"network: {attempts}\n")
        code = 99
    sys.exit(code)


if __name__ == "__main__":
    run_command()
