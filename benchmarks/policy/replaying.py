"""Measures the replay of an archive: wall time, rate, and the memory of every process that takes part."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.policy.archive import write_archive
from benchmarks.policy.children import ROOT, NotMeasured, why

MESSAGES = 1_000_000
WORKERS = 2
_EVERY = 0.2
_LIMIT = 300.0
_ENOUGH = 60.0
"""Seconds after which no further run is begun."""
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Replayed:
    """One run: seconds, most megabytes of all processes together in its first and second half (None: not told here).

    ``findings`` and ``written`` (megabytes) are what it left; ``repeated`` is the share of messages that say what the
    same side has said before.
    """

    messages: int
    seconds: float
    early: float | None
    late: float | None
    findings: int
    written: float
    repeated: float = 0.0

    @property
    def peak(self) -> float | None:
        """The most megabytes at any time."""
        return None if self.early is None or self.late is None else max(self.early, self.late)


def replays(messages: int = MESSAGES, times: int = 3) -> list[Replayed]:
    """Up to ``times`` runs over the same archive, the fastest first; raises ``NotMeasured``."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        repeated = write_archive(folder / "archive.jsonl", messages)
        runs: list[Replayed] = []
        while len(runs) < times and sum(run.seconds for run in runs) < _ENOUGH:
            runs.append(replace(_replay(folder, messages), repeated=repeated))
    return sorted(runs, key=lambda run: run.seconds)


def _replay(folder: Path, messages: int) -> Replayed:
    out = folder / "out"
    command = [sys.executable, "-m", "copilot.cli.main", "replay", "run", str(folder / "archive.jsonl")]
    command += ["--pack", "generic", "--out", str(out), "--workers", str(WORKERS)]
    env = {**os.environ, "COPILOT_DATA_DIR": str(folder / "data")}
    start = time.perf_counter()
    with (folder / "told").open("wb") as told:
        # A session of its own: its processes are known by its number.
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=told, stderr=told, start_new_session=True)
        try:
            samples = _watched(process, start)
        finally:
            process.kill()
    taken = time.perf_counter() - start
    if process.returncode:
        raise NotMeasured(why(process.returncode, (folder / "told").read_text("utf-8", errors="replace")))
    early = [size for at, size in samples if at < taken / 2]
    late = [size for at, size in samples if at >= taken / 2]
    written = sum(file.stat().st_size for file in out.iterdir())
    return Replayed(
        messages=messages,
        seconds=taken,
        early=max(early, default=None),
        late=max(late, default=None),
        findings=_counted(out, messages),
        written=written / _MEGABYTE,
    )


def _watched(process: "subprocess.Popen[bytes]", start: float) -> list[tuple[float, float]]:
    """Wait for the end; returns (seconds since ``start``, megabytes of the session) now and then."""
    samples: list[tuple[float, float]] = []
    while True:
        size = session_memory(process.pid)
        if size is not None:
            samples.append((time.perf_counter() - start, size))
        try:
            process.wait(_EVERY)
        except subprocess.TimeoutExpired:
            if time.perf_counter() - start > _LIMIT:
                raise NotMeasured(f"took longer than {_LIMIT:.0f} s") from None
        else:
            return samples


def session_memory(session: int) -> float | None:
    """Megabytes in memory of all processes of a session; a page that several share counts once. None without /proc.

    What a process shared that ends during a look is counted twice there: the smaller of two looks.
    """
    looks = [look for look in (_looked(session), _looked(session)) if look is not None]
    return min(looks, default=None)


def _looked(session: int) -> float | None:
    total = 0.0
    known = False
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == session:
                total += _share(folder)
                known = True
        except OSError:
            continue
    return total / _MEGABYTE if known else None


def _share(process: Path) -> float:
    """The bytes of a process, of pages that n processes share the n-th part."""
    for line in (process / "smaps_rollup").read_text("utf-8").splitlines():
        name, _, size = line.partition(":")
        if name == "Pss":
            return int(size.split()[0]) * 1024
    return 0.0


def _counted(out: Path, messages: int) -> int:
    """How many findings were written; ``NotMeasured`` when messages were not seen or there is no report."""
    seen = sum(json.loads((out / "totals.json").read_text("utf-8"))["messages"].values())
    if seen != messages or not (out / "report.html").is_file():
        raise NotMeasured(f"the replay saw {seen} of {messages} messages or left no report")
    with (out / "findings.jsonl").open("rb") as file:
        return sum(1 for _ in file)
