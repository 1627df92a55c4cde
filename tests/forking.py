"""Processes that need not import the product again: ``python -m tests.forking`` imports it once and forks.

A command's own work is often a tenth of a second, importing what it needs three. A forked process is a process of its
own all the same: its memory, folder, environment, pipes and exit code are nobody else's, and it can be killed. What a
fresh interpreter does on its way there is proved where a test asks for one (``fresh_cli``, the servers of
``tests/ops``, ``make demo``).
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import random
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

ROOT = Path(__file__).parent.parent
_READY = b"ready\n"
_RARE = ("copilot.sdk.testing", "copilot.demo")
_SIZE = 1 << 20


class Forked:
    """A process that the starter forked; what it offers means what it means in ``subprocess.Popen``."""

    def __init__(self, pid: int, line: socket.socket, pipes: Mapping[int, int]) -> None:
        self.pid, self._line = pid, line
        self.returncode: int | None = None
        self._pipes = {number: os.fdopen(end, "rb" if number else "wb") for number, end in pipes.items()}

    @property
    def stdout(self) -> IO[bytes]:
        """What it writes, where that was made a pipe."""
        return self._pipes[1]

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, negative for the signal that ended it."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                self.returncode = int(self._line.recv(64))
            except TimeoutError as error:
                raise subprocess.TimeoutExpired("a forked process", timeout or 0) from error
            self._line.close()
        return self.returncode

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self.returncode is None:
            with contextlib.suppress(subprocess.TimeoutExpired, BlockingIOError):
                self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal it, unless it is over."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """As the kernel would."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, data: bytes = b"", timeout: float | None = None) -> tuple[bytes, bytes]:
        """Feed it ``data``; what it wrote, once it is over."""
        found = {1: b"", 2: b""}

        def read(number: int) -> None:
            found[number] = self._pipes[number].read()

        threads = [threading.Thread(target=read, args=(number,), daemon=True) for number in self._pipes if number]
        threads.append(threading.Thread(target=self._feed, args=(data,), daemon=True))
        for thread in threads:
            thread.start()
        try:
            self.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            for thread in threads:
                thread.join(timeout)
            for pipe in self._pipes.values():
                pipe.close()
        return found[1], found[2]

    def _feed(self, data: bytes) -> None:
        # Whoever stops reading has its reasons; its exit code tells them.
        with contextlib.suppress(BrokenPipeError):
            if 0 in self._pipes:
                self._pipes[0].write(data)
                self._pipes[0].close()


class Starter:
    """The process that forks; ends with the one that opened it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rc-forking-")
        self._path = f"{self._folder.name}/line"
        self._ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tests.forking", self._path, str(theirs.fileno())]
        env = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": ""}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=env, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        assert self._ours.recv(64) == _READY, "the product could not be imported"

    def start(
        self,
        function: str,
        arguments: Sequence[str],
        *,
        cwd: Path,
        env: dict[str, str],
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
        stderr: int = subprocess.DEVNULL,
    ) -> Forked:
        """``module:function`` with these arguments in ``sys.argv``, in ``cwd`` and with just this environment."""
        pipes: dict[int, int] = {}
        theirs: list[int] = []
        to_close: list[int] = []
        for number, stream in enumerate((stdin, stdout, stderr)):
            if stream == subprocess.PIPE:
                read, write = os.pipe()
                pipes[number], stream = (read, write) if number else (write, read)
                to_close.append(stream)
            elif stream == subprocess.DEVNULL:
                stream = os.open(os.devnull, os.O_RDWR)
                to_close.append(stream)
            theirs.append(stream)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        line.connect(self._path)
        asked = {"function": function, "arguments": list(arguments), "cwd": str(cwd), "env": env}
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SIZE)
        socket.send_fds(line, [json.dumps(asked).encode()], theirs)
        pid = int(line.recv(64))
        for descriptor in to_close:
            os.close(descriptor)
        return Forked(pid, line, pipes)

    def close(self) -> None:
        """End it; what it forked and still runs stays."""
        self._ours.close()
        self._process.wait(30)
        self._folder.cleanup()


def serve(path: str, lifeline: socket.socket) -> None:
    """Fork for whoever asks at ``path``, until the lifeline ends."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(path)
    listener.listen()
    found = selectors.DefaultSelector()
    found.register(listener, selectors.EVENT_READ)
    found.register(lifeline, selectors.EVENT_READ)
    lifeline.sendall(_READY)
    while True:
        for key, _ in found.select():
            if key.fileobj is lifeline:
                return
            if key.fileobj is listener:
                _take(listener, found)
            else:
                _over(key, found)


def _take(listener: socket.socket, found: selectors.BaseSelector) -> None:
    line, _ = listener.accept()
    data, streams, _, _ = socket.recv_fds(line, _SIZE, 3)
    # One thread, or what another one holds is held for ever in what is forked.
    assert threading.active_count() == 1
    pid = os.fork()
    if pid == 0:
        _become(json.loads(data), streams, [line, listener, *_lines(found)])
    for descriptor in streams:
        os.close(descriptor)
    line.sendall(str(pid).encode())
    found.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, line))


def _lines(found: selectors.BaseSelector) -> list[Any]:
    return [key.fileobj for key in found.get_map().values()] + [
        key.data[1] for key in found.get_map().values() if key.data
    ]


def _over(key: selectors.SelectorKey, found: selectors.BaseSelector) -> None:
    pid, line = key.data
    _, status = os.waitpid(pid, 0)
    found.unregister(key.fileobj)
    os.close(key.fd)
    with contextlib.suppress(OSError):
        line.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    line.close()


def _become(asked: dict[str, Any], streams: list[int], others: list[Any]) -> NoReturn:
    """Be what was asked for, to the end."""
    code = 1
    try:
        for one in others:
            os.close(one) if isinstance(one, int) else one.close()
        for number, descriptor in enumerate(streams):
            os.dup2(descriptor, number)
        for descriptor in streams:
            os.close(descriptor)
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["env"])
        # Our package forces off, in the environment it is imported in, what would post a buyer's words elsewhere.
        importlib.reload(sys.modules["copilot"])
        time.tzset()
        random.seed()
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)
        module, _, function = asked["function"].partition(":")
        sys.argv = [module, *asked["arguments"]]
        getattr(importlib.import_module(module), function)()
        code = 0
    except SystemExit as ended:
        code = _code(ended)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        _leave(code)


def _code(ended: SystemExit) -> int:
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    print(ended.code, file=sys.stderr)  # noqa: T201
    return 1


def _leave(code: int) -> NoReturn:
    # As an interpreter ends: threads are waited for, what is registered runs, what is written leaves.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _import_everything() -> None:
    """Whatever a command may import, but what takes seconds more and few need."""
    import copilot

    for found in pkgutil.walk_packages(copilot.__path__, "copilot."):
        if not found.name.startswith(_RARE) and not found.name.endswith(".train"):
            importlib.import_module(found.name)
    gc.freeze()


if __name__ == "__main__":
    from tests import guard

    guard.install()
    _import_everything()
    serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
