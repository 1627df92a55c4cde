"""``make bench-policy``: measures the policy engine beside its peers in one run and writes the page of results.

``python -m benchmarks.policy [--quick] [--only PART] [--out FILE]``; a part that cannot run says why, the rest goes on.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import machine
from benchmarks.policy.children import ROOT
from benchmarks.policy.collect import FULL, PARTS, QUICK, Collecting
from benchmarks.policy.report import Setting, page
from copilot import __version__
from copilot.domain.clock import SystemClock

RESULTS = ROOT / "benchmarks" / "results"
WHOLE, PART = RESULTS / "policy.md", RESULTS / "policy.local.md"


def main(arguments: list[str]) -> int:
    """Measure, print and write; returns 1 when a part could not be measured."""
    wanted = _parser().parse_args(arguments)
    whole = not wanted.quick and not wanted.only
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    before, start = machine(), time.perf_counter()
    collecting = Collecting(QUICK if wanted.quick else FULL)
    for part in PARTS:
        if not wanted.only or part in wanted.only:
            getattr(collecting, part)()
    setting = Setting(
        day=f"{SystemClock().now():%Y-%m-%d %H:%M} UTC",
        machine=tuple(_machine()),
        before=before,
        after=machine(),
        minutes=(time.perf_counter() - start) / 60,
        command="make bench-policy" if whole else f"python -m benchmarks.policy {' '.join(arguments)}",
        whole=whole,
        busy=busy,
    )
    text = page(collecting.results, setting)
    print(text)
    out = wanted.out or (WHOLE if whole else PART)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, "utf-8")
    print(f"written to {os.path.relpath(out)}", file=sys.stderr)
    return 1 if collecting.results.missing else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.policy", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small numbers: only shows that everything runs")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part; may be repeated")
    parser.add_argument("--out", type=Path, help=f"the page (default: {WHOLE.name}, or {PART.name} for a part)")
    return parser


def _machine() -> Iterator[str]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = _of("/proc/meminfo", "MemTotal")
    size = f", {int(memory.split()[0]) / 1024**2:.0f} GB" if memory else ""
    yield f"{_of('/proc/cpuinfo', 'model name') or platform.machine()}, {cores} cores{size}, {platform.platform()}"
    yield f"Python {platform.python_version()}, reply-copilot {__version__}{_commit()}"


def _of(path: str, key: str) -> str:
    """The first value of ``key`` in a file of the system; empty where there is none."""
    try:
        lines = Path(path).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def _commit() -> str:
    """Which state of the files was measured; empty without git."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return f" ({done.stdout.strip()})" if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
