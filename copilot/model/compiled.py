"""Compiled templates: once for all environments of a process, and on disk for the next process.

Compiling the shipped templates takes four seconds of a processor, which every start would pay. A file that is damaged,
of another release or anybody else's to write costs that time, never a text: what is read here is run.
"""

import contextlib
import hashlib
import os
import pickle
from collections import OrderedDict
from functools import cache
from io import BytesIO
from pathlib import Path
from types import CodeType
from typing import BinaryIO, Final

import jinja2
from jinja2.bccache import Bucket

from copilot.model import say

_OTHERS_WRITE: Final = 0o022


class CompiledTemplates(jinja2.BytecodeCache):
    """What sources were compiled to, kept in the process and, with ``cache_dir``, below that folder."""

    _MOST = 256
    """A process lives for months, and its shops change their templates."""
    _codes: Final[OrderedDict[tuple[str, str], CodeType]] = OrderedDict()

    def __init__(self, cache_dir: Path | None = None) -> None:
        """``cache_dir`` is the deployment's folder for what can be made again (null: nothing is kept on disk)."""
        self._folder = None if cache_dir is None else cache_dir / "templates" / _release()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket its code where that is known; jinja2 compiles it otherwise."""
        known = self._codes.get((bucket.key, bucket.checksum))
        if known is not None:
            bucket.code = known
            return
        if self._folder is None:
            return
        with contextlib.suppress(OSError), (self._folder / bucket.key).open("rb") as file:
            if _is_ours(file):
                _read(bucket, file.read())
        self._hold(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._hold(bucket)
        if self._folder is not None:
            # A folder that cannot be written to costs the next start its time.
            with contextlib.suppress(OSError):
                _write(self._folder / bucket.key, bucket.bytecode_to_string())

    def _hold(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code
        while len(self._codes) > self._MOST:
            self._codes.popitem(last=False)


@cache
def _release() -> str:
    """A name for what compiles: code that another jinja2 or another grammar of ours made is not run."""
    grammar = Path(say.__file__).read_bytes()
    return hashlib.sha256(jinja2.__version__.encode() + b"\0" + grammar).hexdigest()[:16]


def _is_ours(file: BinaryIO) -> bool:
    """Whether nobody but this user or root can have written ``file``."""
    if not hasattr(os, "getuid"):
        return True
    state = os.fstat(file.fileno())
    return state.st_uid in (os.getuid(), 0) and not state.st_mode & _OTHERS_WRITE


def _read(bucket: Bucket, body: bytes) -> None:
    """The code in ``body``, when its check sum holds; unmarshalling half a file may end the process."""
    head, _, code = body.partition(b"\n")
    if hashlib.sha256(code).hexdigest().encode() != head:
        return
    try:
        bucket.load_bytecode(BytesIO(code))
    except (EOFError, pickle.UnpicklingError):
        bucket.reset()


def _write(path: Path, code: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A file of its own and a rename: two processes that compile at once leave one whole file.
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "wb") as file:
            file.write(hashlib.sha256(code).hexdigest().encode() + b"\n" + code)
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
