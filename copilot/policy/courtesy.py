"""What stands around an answer and says nothing: greetings, forms of address, particles, thanks, emoji.

Owns how far an answer can be peeled. It knows no preset: what the peeled forms are compared with is ``presets``.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from copilot.policy.fold import Folder

MOST = 40
"""Words taken off one end at most, so that a text of nothing but particles stays cheap."""
_TOKEN = re.compile(r"[a-z]+(?:['’‘`][a-z]+)*|[0-9]+|[^\W_]")
# Folding reads the halves of a flag as the letters that they are drawn with.
_FLAGS = dict.fromkeys(range(0x1F1E6, 0x1F200), "\n")

Tokens = tuple[str, ...]


class Courtesy:
    """Peels texts with the words of the preset files."""

    def __init__(
        self, before: Collection[str], after: Collection[str], emoticons: Collection[str], folder: Folder
    ) -> None:
        """``before`` and ``after`` are words for the ends of a text, ``emoticons`` count as little as an emoji."""
        self._folder = folder
        folded = {folder.term(sign.strip()) for sign in emoticons} - {""}
        # The longest first: one may be a part of another.
        signs = sorted(folded, key=lambda sign: (-len(sign), sign))
        self._emoticons = re.compile("|".join(map(re.escape, signs))) if signs else None
        self._before, self._after = self._words(before), self._words(after)
        self._longest = max(map(len, self._before | self._after), default=0)

    def forms(self, text: str, longest: int | None = None) -> tuple[str, ...]:
        """``text`` in folded form with less and less around it, the longest first; only letters and digits are left.

        The last may be empty; a text without any letter or digit has the empty form only. Forms of more than
        ``longest`` words may be left out.
        """
        tokens, apart = self._tokens(text)
        starts, ends = self._starts(tokens, apart), self._ends(tokens, apart)
        most = len(tokens) if longest is None else longest
        found = {"".join(tokens[start:end]) for start in starts for end in ends if 0 <= end - start <= most}
        return tuple(sorted(found, key=lambda form: (-len(form), form)))

    def _words(self, words: Iterable[str]) -> frozenset[Tokens]:
        return frozenset(tokens for word in words if (tokens := tuple(self._tokens(word)[0])))

    def _tokens(self, text: str) -> tuple[list[str], set[int]]:
        """The words of ``text`` (a Han character is one), and before which of them a sign stands."""
        base = self._folder.term(text.translate(_FLAGS))
        if self._emoticons is not None:
            base = self._emoticons.sub("\n", base)
        tokens: list[str] = []
        apart: set[int] = set()
        end = 0
        for found in _TOKEN.finditer(base):
            if base[end : found.start()].strip(" "):
                apart.add(len(tokens))
            tokens.append("".join(filter(str.isalnum, found[0])))
            end = found.end()
        return tokens, apart | {0, len(tokens)}

    def _starts(self, tokens: Sequence[str], apart: Collection[int]) -> list[int]:
        """Where the text may begin."""
        starts = [0]
        while len(starts) <= MOST:
            at = starts[-1]
            cuts = range(min(at + self._longest, len(tokens)), at, -1)
            cut = next((cut for cut in cuts if self._counts(tokens[at:cut], self._before, cut in apart)), None)
            if cut is None:
                break
            starts.append(cut)
        return starts

    def _ends(self, tokens: Sequence[str], apart: Collection[int]) -> list[int]:
        """Where the text may end."""
        ends = [len(tokens)]
        while len(ends) <= MOST:
            at = ends[-1]
            cuts = range(max(at - self._longest, 0), at)
            cut = next((cut for cut in cuts if self._counts(tokens[cut:at], self._after, cut in apart)), None)
            if cut is None:
                break
            ends.append(cut)
        return ends

    def _counts(self, words: Sequence[str], here: Collection[Tokens], apart: bool) -> bool:
        """Whether ``words`` say nothing at this end: “thanks” before a text is part of it unless a sign follows."""
        word = tuple(words)
        return word in here or (apart and (word in self._before or word in self._after))
