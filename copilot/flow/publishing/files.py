"""What a version holds: the files of one folder, path → text, with one hash; and laying them out for the loaders.

It reads and writes files and decides nothing. A path that leaves its folder is refused on both ways.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from copilot.domain.errors import BadConfiguration, BadInput

Files = Mapping[str, str]
"""Text by path ("rules/house_style/pet_name.yaml"), always with forward strokes."""

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of one version: the shipped rules, all of them, take a quarter."""


_MARK, _LENGTH = "v@", 32


class Kind(StrEnum):
    """What is published apart from the other: how texts are judged, and what may be offered."""

    RULES = "rules"
    PLAYBOOKS = "playbooks"


PLACES: Final = {Kind.RULES: ("rules", "packs", "fold"), Kind.PLAYBOOKS: ("playbooks", "terms", "voice")}
"""The folders whose YAML files belong to each kind."""


def collect(folder: Path, kind: Kind) -> dict[str, str]:
    """The files of ``kind`` below ``folder``; empty when it has none.

    Raises:
        BadInput: a file cannot be read, is not UTF-8, or all are too large; names the file.
    """
    found: dict[str, str] = {}
    size = 0
    for place in PLACES[kind]:
        for path in sorted((folder / place).rglob("*.yaml")):
            try:
                content = path.read_bytes()
                found[path.relative_to(folder).as_posix()] = content.decode("utf-8-sig")
            except OSError as error:
                raise BadInput(f"{path}:1: cannot be read ({type(error).__name__})", remedy="correct it") from None
            except UnicodeDecodeError:
                raise BadInput(f"{path}:1: is not UTF-8", remedy="save it as UTF-8") from None
            size += len(content)
            if "\0" in found[path.relative_to(folder).as_posix()]:
                raise BadInput(f"{path}:1: holds a NUL character", remedy="save it as text")
    if size > LARGEST:
        raise BadInput(f"{folder}: {size:,} bytes are too many to publish", remedy=f"at most {LARGEST:,}")
    return found


def digest(files: Files) -> str:
    """One hash over all paths and texts; the same files have the same one everywhere."""
    total = hashlib.sha256()
    for path, text in sorted(files.items()):
        content = text.encode()
        total.update(f"{path}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def lay_out(root: Path, files: Files) -> Path:
    """The folder below ``root`` that holds exactly ``files``: made when it is not there, made anew when it differs.

    Raises:
        BadConfiguration: a path leads out of the folder, or nothing can be written.
    """
    target = root / f"{_MARK}{digest(files)[:_LENGTH]}"
    if _holds(target, files):
        return target
    try:
        root.mkdir(parents=True, exist_ok=True)
        # A folder of its own and a rename: two processes that lay out at once leave one whole folder.
        made = Path(tempfile.mkdtemp(dir=root, prefix=".new-"))
        try:
            for path, text in files.items():
                place = made / _inside(path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8", newline="")
            made.chmod(0o755)
            _put(made, target, files)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise BadConfiguration(
            f"{root}: published files cannot be written there ({type(error).__name__})", remedy="set COPILOT_CACHE_DIR"
        ) from None
    return target


def require_whole(folder: Path) -> None:
    """Refuse a folder that ``lay_out`` made and that no longer holds what it held; of any other nothing is asked.

    The cache may be emptied while a process works: rules that are gone must not look like rules that nobody wrote.

    Raises:
        BadConfiguration: files are missing or changed.
    """
    if not folder.name.startswith(_MARK):
        return
    try:
        found = {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in _files(folder)}
    except (OSError, UnicodeDecodeError):
        found = {}
    if folder.name != f"{_MARK}{digest(found)[:_LENGTH]}":
        raise BadConfiguration(
            "the files of a published version are missing or changed in the cache", remedy="wait a moment, or restart"
        )


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _put(made: Path, target: Path, files: Files) -> None:
    if target.exists():
        shutil.rmtree(target)
    try:
        os.rename(made, target)
    except OSError:
        # Another process was quicker; its folder is as good when it is whole.
        if not _holds(target, files):
            raise


def _holds(folder: Path, files: Files) -> bool:
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    if found.keys() != files.keys():
        return False
    try:
        return all(path.read_bytes() == files[name].encode() for name, path in found.items())
    except OSError:
        return False


def _inside(path: str) -> PurePosixPath:
    found = PurePosixPath(path)
    if found.is_absolute() or ".." in found.parts or "\\" in path or not found.parts:
        raise BadConfiguration("a published file has a path that leaves its folder", remedy="publish it again")
    return found
