"""The environment of the peers, ``.venv-peers``: made by the benchmark, from locked hashes, never by an installation.

A peer that cannot be installed leaves a reason instead; the others are measured.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.policy.children import ROOT, NotMeasured, plain

FOLDER = ROOT / ".venv-peers"
LOCK = ROOT / "requirements" / "peers.txt"
_STAMP = FOLDER / ".installed"
_UV = Path(sys.executable).parent / "uv"
_LIMIT = 900.0


def python() -> str:
    """The interpreter of the peers."""
    return str(FOLDER / ("Scripts" if os.name == "nt" else "bin") / "python")


def install(packages: tuple[str, ...]) -> dict[str, str]:
    """Make the environment when it is missing or out of date; returns the packages that are not there, with reasons."""
    stamp = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if _STAMP.is_file() and _STAMP.read_text("utf-8") == stamp:
        return {}
    print(f"installing the peers into {FOLDER.name}", file=sys.stderr, flush=True)
    try:
        _uv("venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER))
        _uv("pip", "install", "--quiet", "--require-hashes", "--python", python(), "-r", str(LOCK))
    except NotMeasured:
        return _one_by_one(packages)
    _STAMP.write_text(stamp, "utf-8")
    return {}


def _one_by_one(packages: tuple[str, ...]) -> dict[str, str]:
    """What can be installed of ``packages``, each with the versions and hashes of the lock."""
    missing: dict[str, str] = {}
    for package in packages:
        try:
            _uv("pip", "install", "--quiet", "--python", python(), "--constraints", str(LOCK), package)
        except NotMeasured as error:
            missing[package] = f"cannot be installed, {error}"
    return missing


def _uv(*arguments: str) -> None:
    if not _UV.exists():
        raise NotMeasured("uv is not installed beside this Python")
    try:
        done = subprocess.run([_UV, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=_LIMIT)
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"uv took longer than {_LIMIT:.0f} s") from None
    if done.returncode:
        # What went wrong and with what are its first lines; a tree of causes and hints follows.
        lines = [
            line.strip(" ×╰├─▶│").removeprefix("error: ").removeprefix("cause: ") for line in done.stderr.splitlines()
        ]
        raise NotMeasured(plain(": ".join([line for line in lines if line][:2])))
