"""A text that leaves together with the one in which its person thought it: both judged, and held to say the same.

The claims and promises are those of the source, which a person wrote and can vouch for; its translation is held to them
by comparison and judged by policy like any text.
"""

from collections.abc import Collection
from dataclasses import dataclass

from copilot.desk.own_text import Bench, Judged
from copilot.domain.errors import CopilotError
from copilot.flow.translating import differing
from copilot.flow.understand.language import detect


class TranslationDiffers(CopilotError):
    """The two texts do not state the same; ``differing`` are the kinds of things."""

    code = "translation_differs"

    def __init__(self, differing: tuple[str, ...]) -> None:
        """Keep the kinds for the caller to show."""
        super().__init__("the translation does not state what the text states", remedy="translate it again")
        self.differing = differing


@dataclass(frozen=True)
class Pair:
    """Both judgements; ``languages`` are those of source and translation."""

    source: Judged
    translation: Judged
    languages: tuple[str, str]

    @property
    def parts(self) -> tuple[Judged, Judged]:
        """The source first: what is wrong there is what its person understands."""
        return self.source, self.translation


def judge_pair(bench: Bench, source: str, translation: str, vouch: Collection[str] = ()) -> Pair:
    """Both texts under policy, and the ledger of ``source``.

    Raises:
        TranslationDiffers: they do not state the same, or it cannot be told.
    """
    languages = detect(source) or bench.reader, detect(translation) or ""
    found = differing(source, translation, *languages, bench.rules, bench.now)
    if found:
        raise TranslationDiffers(tuple(one.kind for one in found))
    first = bench.judge(translation, alone=False)
    # Its source is vouched for, and it states the same: nobody vouches twice.
    return Pair(
        bench.judge(source, vouch, translated=True),
        bench.judge(translation, first.needs_vouching, alone=False),
        languages,
    )
