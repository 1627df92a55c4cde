"""Entries that come with the product: read from the policy folders, copied into a shop, and set back when edited."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.base import Id, StrictShape, Time
from copilot.domain.errors import BadInput
from copilot.domain.issue import Category
from copilot.domain.knowledge import Audience, Entry, Origin
from copilot.files import read_model
from copilot.knowledge import records
from copilot.knowledge.kinds import FAQ
from copilot.knowledge.origin import set_back
from copilot.knowledge.records import Changes, Place
from copilot.knowledge.tokens import Tokenizer
from copilot.knowledge.words import FOLDER

FILES: Final = ("presets*.yaml", "staff*.yaml")


class PresetEntry(StrictShape):
    """An entry in a file: the fields of ``Entry`` but for where it comes from."""

    id: Id
    language: str
    question: str = Field(min_length=1)
    similar: tuple[str, ...] = ()
    answer: str = Field(min_length=1)
    category: Category
    audience: Audience = Audience.BUYER
    products: tuple[str, ...] = ()
    valid_from: Time | None = None
    valid_to: Time | None = None
    source: str | None = None


class PresetEntries(StrictShape):
    """A file ``knowledge/*.yaml`` of entries."""

    entries: tuple[PresetEntry, ...]


def load_presets(folders: Sequence[Path], language: str | None = None) -> tuple[Entry, ...]:
    """The entries that ``folders`` ship, in one language or in all; a later folder replaces one by id and language.

    Raises:
        PolicyFileError: a file that cannot be used, with file:line.
    """
    found: dict[tuple[str, str], Entry] = {}
    for folder in folders:
        for path in sorted(path for name in FILES for path in (folder / FOLDER).glob(name)):
            for one in read_model(path, PresetEntries).entries:
                found[one.id, one.language] = Entry(**one.model_dump(), origin=Origin.PRESET)
    return tuple(one for one in found.values() if language is None or one.language == language)


async def copy_presets(
    session: AsyncSession, place: Place, presets: Sequence[Entry], tokenizer: Tokenizer
) -> Changes:  # fmt: skip
    """Bring ``presets`` into the shop. One that the shop edited or made its own is left as it is."""
    stored = {FAQ.key(entry): entry for entry in await records.listed(session, FAQ, place.shop)}
    new: list[Entry] = []
    for preset in presets:
        before = stored.get(FAQ.key(preset))
        if before is None or (before.origin is Origin.PRESET and before.original is None):
            new.append(preset)
    return await records.put(session, place, FAQ, new, tokenizer, action="faq.presets_copied")


async def reset(session: AsyncSession, place: Place, id: str, language: str, tokenizer: Tokenizer) -> Entry:
    """Give a preset the words back that it came with.

    Raises:
        BadInput: it is no preset, or not there.
    """
    entry = await records.one(session, FAQ, place.shop, (id, language))
    if entry is None or entry.origin is not Origin.PRESET:
        raise BadInput("there is no preset of this id and language", remedy="an entry of your own has no other words")
    before = set_back(entry)
    await records.put(session, place, FAQ, [before], tokenizer)
    return before
