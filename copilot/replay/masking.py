"""Makes texts fit to be shown: personal data is starred out, the words of a finding stay readable."""

from copilot.policy.privacy import Find, find, readable

Span = tuple[int, int]
_LONG = 2000
_AROUND = 400
_BEFORE = 60
_SPAN = 240
"""Characters of a finding's own words that are shown; a whole message too long is cut there."""


Excerpt = tuple[str, str, int, int]
"""A span's own words, then an excerpt of the text with the span's start and end in it."""
_SHORT = 64
"""Characters of a text that hardly ever comes alone."""
_MOST = 8192


class Excerpts:
    """Excerpts of texts as outputs show them; those of short texts are remembered, a few megabytes at most."""

    def __init__(self, market: str | None, masked: bool, look: Find = find) -> None:
        """``market`` picks the formats of personal data, which ``look`` finds; ``masked`` stars it out."""
        self._market, self._masked, self._look = market, masked, look
        self._known: dict[tuple[str, tuple[Span, ...]], list[Excerpt]] = {}

    def of(self, text: str, spans: tuple[Span, ...]) -> list[Excerpt]:
        """One excerpt per span."""
        known = self._known.get((text, spans))
        if known is None:
            shown = Shown(text, [*spans], self._market, self._masked, self._look)
            known = [shown.around(span) for span in spans]
            if len(text) <= _SHORT:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[text, spans] = known
        return known


class Shown:
    """A text as outputs may show it, with the places of some spans in it."""

    __slots__ = ("_look", "_market", "_masked", "_text", "_whole")

    def __init__(self, text: str, spans: list[Span], market: str | None, masked: bool, look: Find = find) -> None:
        """Mask ``text`` unless ``masked`` is false; of a long text only what stands around a span."""
        self._text, self._market, self._masked, self._look = text, market, masked, look
        self._whole: dict[Span, tuple[str, Span]] | None = None
        if masked and len(text) <= _LONG:
            shown, moved = readable(text, market, spans, look)
            self._whole = {span: (shown, there) for span, there in zip(spans, moved, strict=True)}

    def around(self, span: Span) -> Excerpt:
        """The excerpt around ``span``."""
        shown, (start, end) = self._at(span)
        cut = min(end, start + _SPAN)
        left, right = max(0, start - _BEFORE), min(len(shown), cut + _BEFORE)
        before, after = "…" if left else "", "…" if right < len(shown) else ""
        words = shown[start:cut] + ("…" if cut < end else "")
        moved = len(before) - left
        return words, before + shown[left:right] + after, start + moved, cut + moved

    def _at(self, span: Span) -> tuple[str, Span]:
        if not self._masked:
            return self._text, span
        if self._whole is not None:
            return self._whole[span]
        # Twice as far as an excerpt reaches: a number cut by the window's edge never gets into one.
        left = max(0, span[0] - _AROUND)
        end = min(span[1], span[0] + _SPAN)
        shown, moved = readable(
            self._text[left : end + _AROUND], self._market, [(span[0] - left, end - left)], self._look
        )
        return shown, moved[0]


def shown_whole(text: str, market: str | None, masked: bool) -> str:
    """``text`` as outputs may show it."""
    return readable(text, market, [])[0] if masked else text
