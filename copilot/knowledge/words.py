"""Which words mean the same to a buyer and which say nothing: the reading of ``knowledge/words*.yaml``.

Owns the word lists of retrieval. It cuts no text (``tokens.py``) and weighs nothing (``ranking.py``).
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from copilot.assets import policy_folders
from copilot.domain.base import StrictShape
from copilot.domain.errors import BadConfiguration
from copilot.files import read_model

FOLDER = "knowledge"
FILE = "words.yaml"


class Spoken(StrictShape):
    """Words of one meaning, by language."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class WordsFile(StrictShape):
    """``same``: words of one meaning, by a name of ours; ``filler``: words that do not tell questions apart."""

    filler: Spoken = Spoken()
    same: dict[str, Spoken] = {}


@lru_cache(maxsize=8)
def load_words(folders: tuple[Path, ...]) -> WordsFile:
    """The word lists in ``folders``: later ones add words of no meaning and replace lines of the same name.

    Raises:
        PolicyFileError: a file that cannot be used, with file:line.
        BadConfiguration: no folder has one; without it paraphrases would silently not be found.
    """
    files = [read_model(path, WordsFile) for folder in folders if (path := folder / FOLDER / FILE).is_file()]
    if not files:
        looked = ", ".join(str(folder) for folder in folders) or "nowhere"
        raise BadConfiguration(f"{FOLDER}/{FILE} was not found (looked in {looked})", remedy="set COPILOT_POLICIES_DIR")
    filler = Spoken(
        zh=tuple(word for file in files for word in file.filler.zh),
        en=tuple(word for file in files for word in file.filler.en),
    )
    return WordsFile(filler=filler, same={name: words for file in files for name, words in file.same.items()})


def shipped_words(user: Sequence[Path] = ()) -> WordsFile:
    """The shipped word lists with those of the ``user``'s folders laid over them."""
    return load_words(policy_folders(user))
