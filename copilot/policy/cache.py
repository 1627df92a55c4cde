"""Compiled packs on disk: written whole or not at all, read only when their check sum holds.

A cache that is damaged, foreign or not writable costs time, never a verdict.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import orjson


def cached_bytes(folder: Path | None, name: str, make: Callable[[], bytes]) -> bytes:
    """What ``make`` gives for the file ``name``, from ``folder`` when it is there and sound."""
    if folder is None:
        return make()
    known = _sound(folder / name)
    if known is None:
        known = make()
        _write(folder / name, known)
    return known


def cached(folder: Path | None, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What ``make`` gives for the name ``name``, from ``folder`` when it is there and sound."""
    if folder is None:
        return make()
    path = folder / f"{name}.json"
    known = _read(path)
    if known is None:
        known = make()
        _write(path, json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode())
    return known


def _read(path: Path) -> dict[str, Any] | None:
    body = _sound(path)
    if body is None:
        return None
    try:
        value = orjson.loads(body)
    except ValueError:
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _sound(path: Path) -> bytes | None:
    """What ``path`` holds, when its check sum holds."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return body if hashlib.sha256(body).hexdigest().encode() == head else None


def _write(path: Path, body: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A file of its own and a rename: two processes that compile at once leave one whole file.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            # Rules are no secret, and whoever shares the folder may run under another name.
            os.fchmod(file.fileno(), 0o644)
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
