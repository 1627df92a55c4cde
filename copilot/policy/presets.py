"""Generic preset answers: the ones that chat tools ship, and whether an answer is still one of them.

Reads the files ``presets/*.yaml`` of the policy folders. It keeps no answers of a shop and changes none.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from copilot.domain.base import StrictShape
from copilot.domain.errors import BadConfiguration, PolicyFileError
from copilot.policy.courtesy import Courtesy
from copilot.policy.document import Document, read_document
from copilot.policy.fold import Folder
from copilot.policy.load import PolicyFolders
from copilot.policy.model import Words
from copilot.policy.tables import Tables, simplified

FOLDER = "presets"
PresetId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class PresetAnswer(StrictShape):
    """A generic answer in a file: its wordings, in any language, and what would make it the shop's own."""

    texts: tuple[str, ...] = Field(min_length=1)
    remedy: Words


class CourtesyWords(StrictShape):
    """Words that add nothing at the beginning or the end of an answer."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class PresetFile(StrictShape):
    """A file ``presets/*.yaml``: answers by id, words around answers, signs that count as little as an emoji."""

    presets: dict[PresetId, PresetAnswer] = {}
    courtesy: CourtesyWords = CourtesyWords()
    emoticons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preset:
    """A generic answer; ``remedy`` says in both languages what would make it the shop's own."""

    id: str
    texts: tuple[str, ...]
    remedy: Words
    document: Document

    def line(self, *loc: str | int) -> int:
        """The line in its file, or of the place ``loc`` in it."""
        return self.document.line(("presets", self.id, *loc))


class Presets:
    """The generic answers of some folders; made by ``load_presets``."""

    def __init__(self, presets: Iterable[Preset], courtesy: Courtesy) -> None:
        """Of two presets with the same wording the later one counts."""
        self.all = tuple(presets)
        """Every preset, those of the last folder at the end."""
        self._courtesy = courtesy
        self._known: dict[str, Preset] = {}
        for preset in self.all:
            for text in preset.texts:
                self._known.update(dict.fromkeys(self.keys(text), preset))
        self._longest = max(map(len, self._known), default=0)

    def match(self, text: str) -> Preset | None:
        """The preset that ``text`` still is, whatever decoration stands around it; null when it says anything else."""
        # A word has a character or more: what has more words than any preset has characters is none, however long.
        forms = self._courtesy.forms(text, self._longest)
        return next((self._known[form] for form in forms if form in self._known), None)

    def keys(self, text: str) -> tuple[str, ...]:
        """The forms under which a preset's wording is known: as it stands, and with nothing around it.

        None for a wording without letters and digits.
        """
        forms = self._courtesy.forms(text)
        return tuple(dict.fromkeys(form for form in (forms[0], forms[-1]) if form))


def load_presets(folders: Sequence[Path]) -> Presets:
    """The preset answers in ``folders``; a later folder adds to them, or replaces one by its id.

    Courtesy words and emoticons of all files count together.

    Raises:
        PolicyFileError: a file that cannot be used, with file:line.
        BadConfiguration: no folder holds presets, because nothing would be found then.
    """
    opened = PolicyFolders(tuple(folder for folder in folders if folder.is_dir()))
    if not opened.files(FOLDER):
        looked = ", ".join(str(folder) for folder in folders) or "nowhere"
        raise BadConfiguration(f"no preset answers found (looked in {looked})", remedy="set COPILOT_POLICIES_DIR")
    found: dict[str, Preset] = {}
    files: list[PresetFile] = []
    for folder in opened.folders:
        here: dict[str, Preset] = {}
        for file, document in preset_files(folder):
            files.append(file)
            for preset in _presets(file, document):
                _refuse_twice(preset, here)
                here[preset.id] = preset
        found = {name: preset for name, preset in found.items() if name not in here} | here
    return Presets(found.values(), _courtesy(files))


def preset_files(folder: Path) -> Iterator[tuple[PresetFile, Document]]:
    """The preset files of one policy folder; raises ``PolicyFileError``."""
    for path in PolicyFolders((folder,)).files(FOLDER):
        document = read_document(path)
        yield document.parse(PresetFile), document


def _presets(file: PresetFile, document: Document) -> Iterator[Preset]:
    for preset_id, answer in file.presets.items():
        yield Preset(preset_id, answer.texts, answer.remedy, document)


def _refuse_twice(preset: Preset, here: dict[str, Preset]) -> None:
    if preset.id in here:
        place = f"{preset.document.path}:{preset.line()}"
        other = here[preset.id].document.path.name
        raise PolicyFileError(f"{place}: preset '{preset.id}' is also in {other}", remedy="give it another id")


def _courtesy(files: Sequence[PresetFile]) -> Courtesy:
    return Courtesy(
        [word for file in files for word in file.courtesy.before],
        [word for file in files for word in file.courtesy.after],
        [sign for file in files for sign in file.emoticons],
        Folder(Tables(simplified=simplified())),
    )
