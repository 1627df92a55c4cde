"""What was said of texts that are not long: the same text gets the same verdict, and service chat repeats itself.

Holds verdicts of one process and no more than some twenty megabytes of them; what is forgotten is judged again.
"""

from copilot.domain.verdict import Finding, Verdict
from copilot.policy import CheckContext, Pack, Speaker

_LONGEST = 64
"""Characters of a text that is worth remembering: longer ones hardly come twice."""
_MOST, _OFTEN = 32_768, 16_384
"""Texts of a generation, of which the one before it is kept as well, and texts that came again."""


class Remembered:
    """Verdicts by pack, speaker and text; all that a verdict of a replay depends on."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._known: dict[tuple[str, Speaker, str | None], _Generations] = {}

    def verdicts(self, pack: Pack, context: CheckContext, texts: list[str]) -> list[Verdict]:
        """One verdict per text, the same as ``pack.check_many`` gives; equal texts are judged once."""
        known = self._known.setdefault((pack.hash, context.speaker, context.language), _Generations())
        found = known.of(texts)
        new = [text for text, verdict in found.items() if verdict is None]
        judged = pack.check_many(new, context)
        if len(new) == len(texts):
            known.add(new, judged)
            return judged
        found.update(zip(new, judged, strict=True))
        known.add(new, judged)
        # Every text has one by now.
        return list(map(found.__getitem__, texts))  # pyright: ignore[reportReturnType]


_SET = "__pydantic_fields_set__"
_FINDING, _VERDICT = set(Finding.model_fields), set(Verdict.model_fields)


def _make_lean(verdict: Verdict) -> None:
    """Let a verdict and its findings share the sets that say which of their fields were given, half of what they take.

    Nobody asks which were: shapes are frozen and written whole.
    """
    object.__setattr__(verdict, _SET, _VERDICT)
    for finding in verdict.findings:
        object.__setattr__(finding, _SET, _FINDING)


class _Generations:
    """Verdicts by text: the newest ones, those before, and those of texts that came again, which outlive both.

    What people say often comes again and again, and most else never does. When there are too many of those that came
    again, they begin anew: nobody says the same for years.
    """

    def __init__(self) -> None:
        self.newest: dict[str, Verdict] = {}
        self.before: dict[str, Verdict] = {}
        self.often: dict[str, Verdict] = {}

    def of(self, texts: list[str]) -> dict[str, Verdict | None]:
        """What is known of each of ``texts``, each once."""
        found: dict[str, Verdict | None] = dict.fromkeys(texts)
        again = {text: place[text] for place in (self.before, self.newest) for text in found.keys() & place.keys()}
        found.update((text, self.often[text]) for text in found.keys() & self.often.keys())
        found.update(again)
        if len(self.often) + len(again) > _OFTEN:
            self.often = {}
        if len(again) <= _OFTEN:
            self.often.update(again)
            for text in again:
                self.newest.pop(text, None)
        return found

    def add(self, texts: list[str], verdicts: list[Verdict]) -> None:
        """Keep what is worth it."""
        short = {text: verdict for text, verdict in zip(texts, verdicts, strict=True) if len(text) <= _LONGEST}
        for verdict in short.values():
            if verdict.findings:
                _make_lean(verdict)
        if len(self.newest) + len(short) > _MOST:
            self.before, self.newest = self.newest, {}
        if len(short) <= _MOST:
            self.newest.update(short)
