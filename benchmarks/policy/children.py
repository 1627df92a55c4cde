"""Runs what is measured in processes of their own and reads the line of JSON that each prints."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(r"[a-z]+://\S+")
LIMIT = 240.0
"""Seconds after which a part counts as not measured."""


class NotMeasured(Exception):
    """Why a figure is missing, in words for the report."""


def figures(
    module: str,
    *arguments: str,
    python: str = sys.executable,
    env: Mapping[str, str] | None = None,
    limit: float = LIMIT,
) -> Any:
    """What ``python -m module arguments`` prints as its last line; raises ``NotMeasured``."""
    done = _run([python, "-m", module, *arguments], "", env, limit)
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise NotMeasured(f"{module.rpartition('.')[2]} printed no figures") from None


def seconds(command: Sequence[str], stdin: str = "", env: Mapping[str, str] | None = None) -> float:
    """How long ``reply-copilot COMMAND`` takes from its start to its end; raises ``NotMeasured``."""
    start = time.perf_counter()
    _run([sys.executable, "-m", "copilot.cli.main", *command], stdin, env, LIMIT)
    return time.perf_counter() - start


def _run(
    command: Sequence[str], stdin: str, env: Mapping[str, str] | None, limit: float
) -> "subprocess.CompletedProcess[str]":
    try:
        done = subprocess.run(
            command,
            input=stdin,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            capture_output=True,
            encoding="utf-8",
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"took longer than {limit:.0f} s") from None
    except OSError as error:
        raise NotMeasured(f"cannot be started ({error.strerror})") from None
    if done.returncode:
        raise NotMeasured(why(done.returncode, done.stderr or done.stdout))
    return done


def why(code: int, told: str) -> str:
    """The last line that a process has told before it ended with ``code``."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    return f"exit code {code}: {plain(lines[-1]) if lines else 'nothing told'}"


def plain(reason: str) -> str:
    """``reason`` for a page that others read: short, without our folders and without the addresses of servers."""
    return _ADDRESS.sub("an address", reason.replace(str(ROOT), "."))[:300]
