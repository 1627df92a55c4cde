"""A new adapter, made from the tutorial's example: the same files under another name, passing level base at once."""

import keyword
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from copilot.domain.errors import BadInput

Mode = Literal["webhook", "poll", "connect"]
MODES: Final[tuple[Mode, ...]] = ("webhook", "poll", "connect")
_EXAMPLE: Final = "shoplet"
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def scaffold(examples: Path, name: str, mode: Mode, target: Path) -> Sequence[Path]:
    """Write an adapter called ``name`` into the folder ``target``; returns its files.

    ``examples`` holds the example of each mode: that of ``webhook`` is whole, the others hold what differs from it.

    Raises:
        BadInput: the name cannot be one, or ``target`` is there already.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or len(name) > 40:
        raise BadInput(f"{name} cannot be an adapter's name", remedy="use lower-case letters, digits and _: my_shop")
    if target.exists():
        raise BadInput(f"{target} is there already", remedy="choose another name, or --out")
    written: list[Path] = []
    for source, relative in _sources(examples, mode):
        file = target / _named(str(relative), name)
        file.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix in (".json", ".py", ".md", ".toml"):
            file.write_text(_named(source.read_text(encoding="utf-8"), name), encoding="utf-8")
        else:
            shutil.copyfile(source, file)
        written.append(file)
    return written


def _sources(examples: Path, mode: Mode) -> list[tuple[Path, Path]]:
    """The files of an example with their places; what a mode has of its own stands in place of the webhook's."""
    found = {one.relative_to(examples / "webhook"): one for one in _files(examples / "webhook")}
    if mode != "webhook":
        # Deliveries are a webhook's own; recorded sends are everybody's.
        found = {place: one for place, one in found.items() if "payloads" not in place.parts or _is_send(place)}
        found |= {one.relative_to(examples / mode): one for one in _files(examples / mode)}
    return [(found[place], place) for place in sorted(found)]


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file() and "__pycache__" not in one.parts]


def _is_send(place: Path) -> bool:
    return place.name.startswith("send_")


def _named(text: str, name: str) -> str:
    """``text`` with the example's name replaced, in the spelling that its place asks for."""
    hyphens, camel = name.replace("_", "-"), "".join(part.capitalize() for part in name.split("_"))
    text = text.replace(f"copilot_adapter_{_EXAMPLE}", f"copilot_adapter_{name}")
    text = re.sub(rf"{_EXAMPLE}(?=[-.]|-adapter)", hyphens, text)
    text = text.replace(f"copilot-adapter-{_EXAMPLE}", f"copilot-adapter-{hyphens}")
    return text.replace(_EXAMPLE.capitalize(), camel).replace(_EXAMPLE, name)
