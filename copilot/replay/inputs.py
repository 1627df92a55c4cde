"""Opens what a command reads: a file, ``-`` for standard input, ``.gz`` and ``.zst`` by their suffix.

Damage is an error, never a shorter file: a truncated archive raises ``BadInput``.
"""

import gzip
import io
import sys
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from copilot.domain.errors import BadInput

STDIN = "-"
_CHUNK = 1 << 17


def name_of(source: str | Path) -> str:
    """How messages call ``source``."""
    return "standard input" if str(source) == STDIN else str(source)


@contextmanager
def opened(source: str | Path) -> Generator[BinaryIO]:
    """The bytes of ``source``, decompressed; ``BadInput`` when they are damaged."""
    if str(source) == STDIN:
        yield sys.stdin.buffer
        return
    path = Path(source)
    try:
        with path.open("rb") as file:
            yield decompressed(path, file)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadInput(f"{source}: is damaged or not a gzip file", remedy="copy it again or decompress it") from error


def decompressed(path: Path, file: IO[bytes]) -> BinaryIO:
    """What the open ``file`` holds, decompressed as the suffix of ``path`` says; damage raises as the formats do."""
    match path.suffix.lower():
        case ".gz":
            return cast(BinaryIO, gzip.GzipFile(fileobj=file))
        case ".zst":
            return io.BufferedReader(_Zstandard(path, file), _CHUNK)  # pyright: ignore[reportReturnType]
        case _:
            return cast(BinaryIO, file)


class _Zstandard(io.RawIOBase):
    """Reads a zstandard file frame by frame; unlike the library's own reader it notices a missing end."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path, self._file = path, file
        self._frame: Any = None
        self._input = b""
        self._output = memoryview(b"")
        try:
            import zstandard
        except ImportError:
            raise BadInput(
                f"{path}: reading .zst needs the package zstandard", remedy="install it or decompress the file"
            ) from None
        self._errors = zstandard.ZstdError
        self._new_frame = zstandard.ZstdDecompressor().decompressobj

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer)
        while not self._output:
            chunk = self._input or self._file.read(_CHUNK)
            if not chunk:
                if self._frame is not None:
                    raise BadInput(f"{self._path}: is cut off", remedy="copy it again")
                return 0
            self._output = memoryview(self._decompress(chunk))
        size = min(len(target), len(self._output))
        target[:size] = self._output[:size]
        self._output = self._output[size:]
        return size

    def _decompress(self, chunk: bytes) -> bytes:
        self._frame = self._frame or self._new_frame()
        try:
            output: bytes = self._frame.decompress(chunk)
        except self._errors as error:
            raise BadInput(f"{self._path}: is damaged or not a zstandard file", remedy="copy it again") from error
        self._input = b""
        if self._frame.eof:
            self._input, self._frame = self._frame.unused_data, None
        return output
