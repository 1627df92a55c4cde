"""Knowledge that stands in a file and not in the store: the same tokens, weights and order as the store's search."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from copilot.domain.knowledge import Audience, Entry, Match
from copilot.knowledge.ranking import Asked, Prepared, Rarity, rank
from copilot.knowledge.tokens import Tokenizer
from copilot.knowledge.words import WordsFile, shipped_words


class Index:
    """Entries of one shop, ready to be searched."""

    def __init__(self, entries: Iterable[Entry], words: WordsFile | None = None) -> None:
        """Cut every entry; ``words`` are the shipped lists unless given."""
        self._tokenizer = Tokenizer(words or shipped_words())
        by_language: dict[str, list[Prepared]] = {}
        for entry in entries:
            by_language.setdefault(entry.language, []).append(Prepared.of(entry, self._tokenizer))
        self._languages = {language: (all, Rarity.among(all)) for language, all in by_language.items()}

    def find(
        self,
        question: str,
        *,
        language: str,
        at: datetime,
        audience: Audience = Audience.BUYER,
        limit: int = 3,
        products: Sequence[str] = (),
    ) -> tuple[Match, ...]:
        """The entries in ``language`` that answer ``question`` best, at most ``limit``; those usable at ``at`` only."""
        prepared, rarity = self._languages.get(language, ((), Rarity(0, {})))
        asked = Asked.of(question, self._tokenizer, rarity)
        return tuple(rank(asked, prepared, rarity, at=at, audience=audience, products=products)[:limit])
