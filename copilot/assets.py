"""Finds the shipped folders: prompts, policies and the golden conversations.

Owns the one answer to "where does this file come from"; refuses to guess from the working directory, and never
falls back to content of its own.
"""

import functools
import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from copilot.domain.errors import BadConfiguration

PROJECT = "reply-copilot"
_CODE = Path(__file__).resolve().parent


def prompt_folders(user: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The folders of templates; the first folder that has a file wins, the shipped one is last."""
    return (*_existing(user), shipped("prompts"))


def policy_folders(user: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The layers of rules, packs, playbooks, profiles and terms; the shipped one is first, later layers win."""
    return (shipped("policies"), *_existing(user))


def golden_folder() -> Path:
    """The golden conversations, which ``demo`` plays and the tests hold drafts to."""
    return shipped("golden", in_checkout="tests/golden")


def adapter_examples() -> Path:
    """The adapters of the tutorial, from which ``adapters new`` makes another one."""
    return shipped("examples_of_adapters", in_checkout="docs/examples/adapters")


def split_folders(value: str | None) -> tuple[Path, ...]:
    """The folders of a setting such as ``COPILOT_PROMPTS_DIR``, separated like ``PATH``."""
    return tuple(Path(part).expanduser() for part in (value or "").split(os.pathsep) if part.strip())


def shipped(name: str, code: Path = _CODE, *, in_checkout: str | None = None) -> Path:
    """The folder ``name`` that belongs to the package in ``code``: beside its code, or in our own checkout.

    ``in_checkout`` is its path there when that differs.

    Raises:
        BadConfiguration: neither place has it; the message names both.
    """
    packaged = code / name
    if packaged.is_dir():
        return packaged
    checkout = code.parent / (in_checkout or name)
    # A folder of that name beside an installed package may be somebody else's.
    if checkout.is_dir() and _is_ours(code.parent / "pyproject.toml"):
        return checkout
    raise BadConfiguration(
        f"the folder {name}/ was not found; looked at {packaged} and {checkout} (a checkout of {PROJECT})",
        remedy="reinstall the package, or run from a complete checkout",
    )


@functools.cache
def _is_ours(project_file: Path) -> bool:
    try:
        with project_file.open("rb") as file:
            data: dict[str, object] = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError):
        return False
    project = data.get("project")
    return isinstance(project, dict) and cast("dict[str, object]", project).get("name") == PROJECT


def _existing(folders: Sequence[Path]) -> tuple[Path, ...]:
    for folder in folders:
        if not folder.is_dir():
            raise BadConfiguration(f"{folder} is not a folder", remedy="create it or take it out of the settings")
    return tuple(folder.resolve() for folder in folders)
