"""Which files a replay reads: the paths as given, folders searched, each with its kind."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from copilot.domain.errors import BadInput


class Kind(StrEnum):
    """What stands in a file."""

    LINES = "lines"
    """One JSON conversation per line."""
    TABLE = "table"
    """CSV, one message per row."""
    PARQUET = "parquet"
    EXPORT = "export"
    """One JSON document with conversations in a list, as Chatwoot's interface gives them."""


_KINDS = {
    ".jsonl": Kind.LINES,
    ".ndjson": Kind.LINES,
    ".csv": Kind.TABLE,
    ".tsv": Kind.TABLE,
    ".parquet": Kind.PARQUET,
    ".json": Kind.EXPORT,
}
_PACKED = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class Archive:
    """A file to read. ``name`` is what outputs call it; ``size`` in bytes, ``changed`` in nanoseconds since 1970."""

    name: str
    path: Path
    kind: Kind
    size: int
    changed: int

    @property
    def packed(self) -> bool:
        """Whether it is compressed."""
        return self.path.suffix.lower() in _PACKED

    @property
    def identity(self) -> list[str | int]:
        """What changes when the file does."""
        return [self.name, self.size, self.changed]


@dataclass(frozen=True, slots=True)
class Nothing:
    """A folder or file that gives no archive, and why."""

    name: str
    why: str


def find_archives(paths: Sequence[Path]) -> tuple[list[Archive], list[Nothing]]:
    """The archives of ``paths`` in their order; a folder's are sorted by path. What holds none is told apart.

    Raises:
        BadInput: a path that is not there, or no archive at all.
    """
    found: dict[str, Archive] = {}
    empty: list[Nothing] = []
    for path in paths:
        if not path.exists():
            raise BadInput(f"{path}: no such file or folder", remedy="check the path")
        files = list(_in_folder(path)) if path.is_dir() else [path]
        if not files:
            known = " ".join(sorted(_KINDS))
            empty.append(Nothing(str(path), f"is a folder without archives ({known}, also .gz and .zst)"))
        for file in files:
            stat = file.stat()
            kind = _kind(file) or Kind.LINES
            # A name that is no text in UTF-8 must not break an output.
            name = os.fsencode(file).decode("utf-8", "replace")
            found.setdefault(str(file), Archive(name, file, kind, stat.st_size, stat.st_mtime_ns))
    if not found:
        raise BadInput("; ".join(f"{nothing.name}: {nothing.why}" for nothing in empty) or "no archive is given")
    return list(found.values()), empty


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file() and _kind(path) is not None:
            yield path


def _kind(path: Path) -> Kind | None:
    name = path.name.lower()
    for suffix in _PACKED:
        name = name.removesuffix(suffix)
    return _KINDS.get(Path(name).suffix)
