"""How a process that runs for long runs: on the quick loop, and with answers that leave as they are written."""

import asyncio
import gc
import socket
import sys
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from copilot.cli.listening import bound
from copilot.cli.running import run_for_long
from copilot.sdk.testing import serve


@pytest.fixture
def pace() -> Iterator[None]:
    """The collector's pace is the process's; it is put back."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("pace")
@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not for Windows")
def test_it_runs_on_the_quick_loop_and_raises_what_is_raised() -> None:
    seen: list[str] = []

    async def main() -> None:
        seen.append(type(asyncio.get_running_loop()).__module__)
        raise RuntimeError("told")

    with pytest.raises(RuntimeError, match="told"):
        run_for_long(main())
    assert seen == ["uvloop"]


@pytest.mark.usefixtures("pace")
def test_where_there_is_no_quick_loop_the_standard_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    seen: list[str] = []

    async def main() -> None:
        seen.append(type(asyncio.get_running_loop()).__module__)

    run_for_long(main())
    assert seen[0].startswith("asyncio.")


def test_an_answer_in_two_parts_does_not_wait_for_the_other_side() -> None:
    with bound("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()) as _:
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_nor_does_an_emulators(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[socket.socket] = []
    create = socket.create_server

    def watched(address: tuple[str, int]) -> socket.socket:
        made.append(create(address))
        return made[-1]

    monkeypatch.setattr(socket, "create_server", watched)
    async with serve(FastAPI()):
        assert made[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
