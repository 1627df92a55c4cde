"""What every test gets: no network, no tracing, a frozen clock, commands as subprocesses without a network."""

import atexit
import functools
import gc
import importlib.util
import io
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from tests import compiling, guard, rewriting
from tests.forking import Starter

if TYPE_CHECKING:
    from copilot.flow.shops import Shops

guard.install()

# What importing thousands of modules makes stays, and is not looked through for garbage while it grows.
gc.set_threshold(100_000, 50, 100)

# Set as a user might have them: the package must force them off when it is imported.
TRACING = ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2")
os.environ.update(dict.fromkeys(TRACING, "true"))

# Commands start a hundred times here; each would translate the package again where Python may not keep what it did.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Whatever a test starts finds the shipped packs compiled; what it loads from folders of its own has other names there.
if "COPILOT_CACHE_DIR" not in os.environ:
    os.environ["COPILOT_CACHE_DIR"] = tempfile.mkdtemp(prefix="reply-copilot-tests-")
    atexit.register(shutil.rmtree, os.environ["COPILOT_CACHE_DIR"], ignore_errors=True)

import httpx._transports.default as transports  # noqa: E402

import copilot  # noqa: E402
from copilot import logs  # noqa: E402
from copilot.domain.clock import FrozenClock  # noqa: E402

pytest_plugins = ["tests.fixtures_store"] if importlib.util.find_spec("tests.fixtures_store") else []

ROOT = Path(__file__).parent.parent

# Every client reads the authorities it would trust, which takes longer than most tests: here all of them share theirs.
transports.create_ssl_context = functools.cache(transports.create_ssl_context)

settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "reproducible"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Beside other testers: this one's share of what all of them import."""
    rewriting.rewrite_share(session.config, ROOT)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Importing our modules and tests must not have reached the network."""
    # What is there by now stays to the end: looking through it for garbage took a tenth of the time of all tests.
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    if hasattr(session.config, "workerinput"):
        compiling.wait_for_each_other(Path(os.environ["COPILOT_CACHE_DIR"]))
    if guard.attempts:
        raise pytest.UsageError(f"importing the tests reached the network: {', '.join(guard.attempts)}")


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    guard.attempts.clear()
    yield
    attempts = list(guard.attempts)
    guard.attempts.clear()
    assert not attempts, f"the test reached the network: {attempts}"


@pytest.fixture(scope="session", autouse=True)
def shipped_hasher() -> Iterator[object]:
    """What hashes passwords in the product; tests get one with the least work, because many sign somebody in.

    A shipped hash takes 64 MiB and most of a second of a core; ``tests/access/test_passwords.py`` proves that it does.
    """
    from argon2 import PasswordHasher

    from copilot.access import passwords

    shipped = passwords._hasher  # pyright: ignore[reportPrivateUsage]
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # pyright: ignore[reportPrivateUsage]
    yield shipped
    passwords._hasher = shipped  # pyright: ignore[reportPrivateUsage]


@pytest.fixture(scope="session")
def compiled() -> Iterator[Path]:
    """Where the shipped packs lie compiled, for all processes of a run: it takes three seconds a pack."""
    home = Path(os.environ["COPILOT_CACHE_DIR"])
    held = compiling.read_shipped()
    with compiling.compiling_aside(home):
        yield home
    held.clear()


@pytest.fixture(scope="session")
def shops(compiled: Path) -> "Shops":
    """The shipped rules, loaded once for all tests that only ask them."""
    from copilot.assets import policy_folders, prompt_folders
    from copilot.flow.shops import Shops
    from copilot.model.prompts import Prompts

    return Shops(policy_folders(), Prompts(prompt_folders(), compiled), compiled)


@pytest.fixture
def clock() -> FrozenClock:
    """Stands at 10:00 on Sunday 22 November 2026 in Shanghai."""
    return FrozenClock(datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")))


Cli = Callable[..., "subprocess.CompletedProcess[str]"]


def _env(more: dict[str, str] | None) -> dict[str, str]:
    return {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "", "PYTHONPATH": str(ROOT), **(more or {})}


def _done(arguments: tuple[str, ...], code: int, out: bytes, err: bytes) -> "subprocess.CompletedProcess[str]":
    return subprocess.CompletedProcess(arguments, code, out.decode(), err.decode())


def _bytes(stdin: str | bytes) -> bytes:
    return stdin.encode() if isinstance(stdin, str) else stdin


def _forked(starter: Starter, folder: Path) -> Cli:
    def run(*args: str, stdin: str | bytes = "", env: dict[str, str] | None = None, timeout: float = 60) -> object:
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = starter.start("tests.guard:run_command", args, cwd=folder, env=_env(env), **pipes)
        out, err = process.communicate(_bytes(stdin), timeout)
        return _done(args, process.wait(), out, err)

    return run  # type: ignore[return-value]


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    """Forks processes that have imported the product already."""
    opened = Starter()
    yield opened
    opened.close()


@pytest.fixture
def cli(starter: Starter, tmp_path: Path) -> Cli:
    """Runs ``reply-copilot ARGS…`` in a process of its own, from a folder that is not the checkout.

    ``stdin`` is the text (or bytes) it reads; ``env`` adds variables. A network call makes it exit with 99.
    """
    return _forked(starter, tmp_path)


@pytest.fixture(scope="module")
def module_cli(starter: Starter, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """As ``cli``, for runs that a whole module looks at."""
    return _forked(starter, tmp_path_factory.mktemp("cli"))


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, as a server writes it, at the most talkative level."""
    root, stream = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    logs.configure("DEBUG", stream)
    yield stream
    root.handlers, root.level = before


@pytest.fixture
def fresh_cli(tmp_path: Path) -> Cli:
    """As ``cli``, but an interpreter that starts anew: for what starting, importing or its variables decide."""

    def run(*args: str, stdin: str | bytes = "", env: dict[str, str] | None = None, timeout: float = 60) -> object:
        command = [sys.executable, "-m", "tests.guard", *args]
        done = subprocess.run(
            command, input=_bytes(stdin), capture_output=True, cwd=tmp_path, timeout=timeout, env=_env(env)
        )
        return _done(args, done.returncode, done.stdout, done.stderr)

    return run  # type: ignore[return-value]


assert copilot.__version__
