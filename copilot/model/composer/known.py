"""The facts of a plan as templates look them up, and the record of what was claimed from which of them.

Owns patterns ("shipment.*.eta") and claims by construction; refuses to word anything that has no fact.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from pydantic import JsonValue

from copilot.domain.fact import Claim, Fact, FactKind
from copilot.domain.money import Money
from copilot.model.composer.sentences import NotSayable
from copilot.model.composer.spans import Span, clean, mark


class Known:
    """Facts by id or pattern; ``*`` stands for one part of an id."""

    def __init__(self, facts: dict[str, Fact], points: Sequence[str] = ()) -> None:
        """``facts`` as the plan holds them, ``points`` the ids of those to be told, in their order."""
        self._facts = facts
        self._points = {id: at for at, id in reversed(list(enumerate(points)))}
        self._found: dict[str, Fact | None] = {}
        self._marked: list[tuple[str, FactKind | None, JsonValue, str]] = []

    def find(self, pattern: str) -> Fact | None:
        """The fact of that id, or the first by id that fits the pattern."""
        if pattern not in self._found:
            self._found[pattern] = self._look(pattern)
        return self._found[pattern]

    def get(self, pattern: str) -> Fact:
        """The fact; ``NotSayable`` when there is none or its value is null."""
        fact = self.find(pattern)
        if fact is None or fact.value is None:
            raise NotSayable(f"no fact {pattern}")
        return fact

    def ids(self, pattern: str) -> list[str]:
        """Every id that fits the pattern, sorted."""
        expression = _expression(pattern)
        return sorted(key for key in self._facts if expression.fullmatch(key))

    def in_order(self, pattern: str) -> list[str]:
        """Every id that fits the pattern, in the order in which the plan tells them; the rest behind, sorted."""
        return sorted(self.ids(pattern), key=lambda id: self._points.get(id, len(self._points)))

    def text(self, pattern: str) -> str:
        """A text value without line breaks and marks."""
        text = clean(str(self.get(pattern).value))
        if not text:
            raise NotSayable(f"fact {pattern} is empty")
        return text

    def number(self, pattern: str) -> float:
        """A numeric value."""
        value = self.get(pattern).value
        try:
            return float(str(value))
        except ValueError:
            raise NotSayable(f"fact {pattern} is no number") from None

    def money(self, pattern: str) -> Money:
        """An amount."""
        return Money.model_validate(self.get(pattern).value)

    def time(self, pattern: str) -> datetime | date:
        """A time, or a date for facts that have no hour."""
        fact = self.get(pattern)
        text = str(fact.value)
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)

    def said(self, pattern: str, text: str, kind: FactKind | None = None, value: JsonValue = None) -> str:
        """``text`` marked as a claim that rests on the fact; kind and value are the fact's unless given."""
        fact = self.get(pattern)
        self._marked.append(("claim", kind or fact.kind, fact.value if value is None else value, fact.id))
        return mark(text, len(self._marked) - 1)

    def option(self, option_id: str, text: str) -> str:
        """``text`` marked as the sentence that offers an option."""
        self._marked.append(("option", None, None, option_id))
        return mark(text, len(self._marked) - 1)

    def claims(self, text: str, spans: tuple[Span, ...]) -> tuple[Claim, ...]:
        """The claims of a finished text."""
        claims: list[Claim] = []
        for span in spans:
            what, kind, value, source = self._marked[span.tag]
            if what == "claim" and kind is not None and span.end > span.start:
                said = text[span.start : span.end]
                claims.append(Claim(kind=kind, start=span.start, end=span.end, text=said, value=value, source=source))
        return tuple(claims)

    def has_option(self, spans: tuple[Span, ...]) -> bool:
        """Whether one of the spans is an option's sentence."""
        return any(self._marked[span.tag][0] == "option" for span in spans)

    def option_begins(self, spans: tuple[Span, ...]) -> int:
        """Where the first option of a sentence begins; 0 in one that has none."""
        return next((span.start for span in spans if self._marked[span.tag][0] == "option"), 0)

    def option_texts(self, text: str, spans: tuple[Span, ...]) -> dict[str, str]:
        """The sentence of each option in a finished text."""
        marked = ((self._marked[span.tag], span) for span in spans)
        return {entry[3]: text[span.start : span.end] for entry, span in marked if entry[0] == "option"}

    def verbatim(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """The spans that quote a name or somebody's words, which no voice may change."""
        quoted = (FactKind.PRODUCT, FactKind.ATTRIBUTE)
        return tuple(span for span in spans if self._marked[span.tag][1] in quoted)

    def _look(self, pattern: str) -> Fact | None:
        if "*" not in pattern:
            return self._facts.get(pattern)
        ids = self.ids(pattern)
        return self._facts[ids[0]] if ids else None


@lru_cache(maxsize=512)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("[^.]+".join(re.escape(part) for part in pattern.split("*")))
