"""What a text states, in a form that can be laid beside that of a text in another language.

Owns the reading of one text; it never sees the other one.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, cast

from copilot.domain.fact import FactKind
from copilot.policy.claims import extract
from copilot.policy.claims.amounts import amounts
from copilot.policy.claims.counts import records
from copilot.policy.claims.extract import narrow
from copilot.policy.claims.found import Found
from copilot.policy.claims.numbers import FIGURES, number, plain
from copilot.policy.claims.percents import percents
from copilot.policy.pairing.words import BY_CLAIMS, Tongue, tongue

# An option's letter: before a bracket or another mark, at the head of a clause in Chinese, or named as one.
_LETTER = re.compile(
    r"(?<![A-Za-z0-9])([A-K])(?=[):、.:]\s?\S)|(?<![A-Za-z0-9])([A-K])(?= ?[\u3400-\u9fff])"
    r"|(?:选|option |opsi |pilihan |opción |tùy chọn |ตัวเลือก ?)([A-K])(?![a-z])"
    r"|(?<![A-Za-z0-9])([A-K])(?= (?:or|还是|或|atau|hay|hoặc|o|หรือ) ?[A-K](?![A-Za-z0-9]))"
    r"|(?<= or )([A-K])(?![A-Za-z0-9])|(?<=[还或]是)([A-K])(?![A-Za-z0-9])"
)
_PLACEHOLDER = re.compile(r"⟨[a-z_]+_\d+⟩")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|(?<![\w.])[a-z0-9-]+\.(?:com|net|cn|org|me|ly|io)\b\S*")
_FIGURE = re.compile(rf"(?<![\w.,⟨])(?:{FIGURES})(?![\d])")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_PARTED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


@dataclass
class Reading:
    """What a text states, by kind: each a set of values in one form for all languages.

    ``words`` are all small numbers that it may mean, in figures or words; ``demanded`` those that it surely means.
    """

    values: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    demanded: set[str] = field(default_factory=set[str])
    words: set[str] = field(default_factory=set[str])
    offers: set[str] = field(default_factory=set[str])
    promises: set[str] = field(default_factory=set[str])
    today: bool = False
    negated: bool = False

    def add(self, kind: str, value: object) -> None:
        """One more value."""
        self.values.setdefault(kind, set()).add(str(value))


def read(text: str, language: str, now: datetime, zone: tzinfo, currency: str) -> Reading:
    """What ``text`` states; ``currency`` is what a bare price counts in."""
    words = tongue(language)
    reading = Reading()
    low = narrow(text).lower()
    found = list(
        _claims(text, language, now, zone) if language in BY_CLAIMS else _foreign(low, words, now, zone, currency)
    )
    for one in found:
        _take(reading, one, zone)
    for kind, pattern in (("placeholder", _PLACEHOLDER), ("address", _ADDRESS)):
        for match in pattern.finditer(low):
            reading.add(kind, match.group())
    for match in _LETTER.finditer(narrow(text)):
        reading.add("option", next(group for group in match.groups() if group))
    _figures(reading, low, words, [(one.start, one.end) for one in found if one.kind not in _LOOSE])
    reading.offers = {name for name, pattern in words.offers.items() if pattern.search(low)}
    reading.today = words.today.search(low) is not None
    reading.negated = words.negation.search(low) is not None
    return reading


_LOOSE = frozenset({FactKind.PROMISE, FactKind.ACTION, FactKind.CAUSE, FactKind.QUANTITY, FactKind.ATTRIBUTE})


def _claims(text: str, language: str, now: datetime, zone: tzinfo) -> Iterator[Found]:
    for claim in extract(text, language=language, now=now, zone=zone):
        yield Found(claim.kind, claim.start, claim.end, claim.value)


def _take(reading: Reading, found: Found, zone: tzinfo) -> None:
    value: Any = found.value
    match found.kind:
        case FactKind.AMOUNT:
            reading.add("amount", f"{value['currency']} {Decimal(value['amount']).normalize():f}")
        case FactKind.DATE:
            reading.add("date", value)
        case FactKind.TIME:
            day, _, clock = str(value).partition("T")
            if day:
                local = datetime.fromisoformat(str(value)).astimezone(zone)
                day, clock = local.date().isoformat(), f"{local:%H:%M}"
                reading.add("date", day)
            reading.add("time", clock)
        case FactKind.DURATION:
            both = cast("list[int]", value if isinstance(value, list) else [value])
            for seconds in both:
                reading.add("duration", seconds)
        case FactKind.PERCENT:
            reading.add("percent", value)
        case FactKind.NUMBER:
            reading.add("number", str(value).upper())
        case FactKind.PROMISE:
            reading.promises.add(str(value))
        case _:
            pass


def _figures(reading: Reading, low: str, words: Tongue, taken: Iterable[tuple[int, int]]) -> None:
    """Small numbers that are no other value, in figures and in words."""
    rest = list(_PLACEHOLDER.sub(lambda match: " " * len(match.group()), low))
    for match in _DIGITS.finditer("".join(rest)):
        reading.words |= _meanings(match.group())
    for start, end in taken:
        rest[start:end] = " " * (end - start)
    left = "".join(rest)
    for match in _FIGURE.finditer(left):
        value = number(match.group())
        if value is not None and value > 1:
            reading.demanded.add(f"{plain(value)}")
    for word, value in words.numbers.items():
        if _stands(word, low, words.spaced):
            reading.words.add(str(value))
        if words.spaced and _stands(word, left, spaced=True):
            reading.demanded.add(str(value))
    for match in _COUNTED_ZH.finditer(left) if not words.spaced else ():
        value = number(match["number"])
        if value is not None and value > 1:
            reading.demanded.add(f"{plain(value)}")
    reading.words |= reading.demanded


_COUNTED_ZH = re.compile(
    r"(?<![第十百千万零一二两三四五六七八九])(?P<number>[二两三四五六七八九])(?=[件个只套双台箱瓶盒条支把张块份单款种](?!月))"
)


def _stands(word: str, text: str, spaced: bool) -> bool:
    if not spaced:
        return word in text
    return re.search(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", text) is not None


def _meanings(written: str) -> set[str]:
    """What figures may mean: a point parts thousands or cents, as the language has it."""
    found = {written.replace(",", ""), written.replace(".", "").replace(",", ".")}
    if _PARTED.fullmatch(written):
        found.add(re.sub(r"[.,]", "", written))
    values = (number(one) for one in found)
    return {f"{plain(value)}" for value in values if value is not None}


def _foreign(low: str, words: Tongue, now: datetime, zone: tzinfo, currency: str) -> Iterator[Found]:
    """The values of a text in a language that claims do not read."""
    claimed = [*amounts(low, currency), *percents(low), *records(low)]
    claimed += _days(_blank(low, claimed), words, now.astimezone(zone).date())
    claimed += _clocks(_blank(low, claimed), words)
    claimed += _durations(_blank(low, claimed), words)
    yield from claimed


def _blank(text: str, found: Iterable[Found]) -> str:
    rest = list(text)
    for one in found:
        rest[one.start : one.end] = " " * (one.end - one.start)
    return "".join(rest)


def _days(text: str, words: Tongue, today: date) -> list[Found]:
    found: list[Found] = []
    if words.months:
        names = "|".join(sorted(map(re.escape, words.months), key=len, reverse=True))
        pattern = re.compile(rf"(?<!\d)(\d{{1,2}})\s?(?:de |hb )?({names})(?:\s?(?:de )?(\d{{4}}))?")
        for match in pattern.finditer(text):
            found += _dated(match.span(), int(match[1]), words.months[match[2]], match[3], today)
    for match in re.finditer(r"(?<!\d)(\d{1,2}) tháng (\d{1,2})(?: năm (\d{4}))?", text):
        found += _dated(match.span(), int(match[1]), int(match[2]), match[3], today)
    for match in re.finditer(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])", text):
        found += _dated(match.span(), int(match[1]), int(match[2]), match[3], today)
    for match in re.finditer(r"(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)", text):
        found += _dated(match.span(), int(match[3]), int(match[2]), match[1], today)
    taken = _blank(text, found)
    for word in sorted(words.days, key=len, reverse=True):
        for match in re.finditer(rf"(?<![^\W\d_]){word}(?![^\W\d_])" if words.spaced else re.escape(word), taken):
            day = today + timedelta(days=words.days[word])
            found.append(Found(FactKind.DATE, *match.span(), day.isoformat()))
        taken = _blank(taken, found)
    # "de mañana" behind a clock or a day's word is tomorrow; "de la mañana" is a part of the day.
    for match in re.finditer(r"(?<!la )(?<!esta )(?<!pasado )\bmañana\b", taken):
        found.append(Found(FactKind.DATE, *match.span(), (today + timedelta(days=1)).isoformat()))
    return found


def _dated(span: tuple[int, int], day: int, month: int, year: str | None, today: date) -> list[Found]:
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    named = [date(one, month, day) for one in years if 1 <= month <= 12 and 1 <= day <= monthrange(one, month)[1]]
    if not named:
        return []
    # Without a year the nearest one is meant.
    nearest = min(named, key=lambda one: abs((one - today).days))
    return [Found(FactKind.DATE, *span, nearest.isoformat())]


_CLOCK = re.compile(
    r"(?:(?P<word>pukul|jam|เวลา|lúc|a las?|las?)\s?)?(?<![\d.,:])(?P<hour>\d{1,2})"
    r"(?:(?P<mark>[:.h])(?P<minute>\d{2}))?"
    r"(?P<behind>\s?(?:น\.|นาฬิกา|โมง|giờ))?(?![\d%])"
)


def _is_clock(match: re.Match[str]) -> bool:
    """Whether figures are a time and no amount or count."""
    named, behind = match["word"] or match["behind"], match["behind"] or ""
    if match["mark"] == ":" or (named and match["minute"]):
        return True
    # "2 giờ" is two o'clock and two hours.
    return match["word"] in ("pukul", "lúc") or bool(behind and "giờ" not in behind)


def _clocks(text: str, words: Tongue) -> list[Found]:
    found: list[Found] = []
    for match in _CLOCK.finditer(text):
        after = words.afternoon.match(text, match.end()) if words.afternoon else None
        if not (after or _is_clock(match)):
            continue
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        end = after.end() if after else match.end()
        hour += 12 if after and hour < 12 else 0
        if hour < 24 and minute < 60:
            found.append(Found(FactKind.TIME, match.start(), end, f"T{hour:02d}:{minute:02d}"))
    return found


def _durations(text: str, words: Tongue) -> list[Found]:
    units = "|".join(sorted(map(re.escape, words.units), key=len, reverse=True))
    pattern = re.compile(
        rf"(?<![\d.,:/])(?P<low>\d{{1,4}})\s?(?:(?:-|–|—|sampai|hingga|đến|ถึง|a)\s?(?P<high>\d{{1,4}})\s?)?(?P<unit>{units})"
    )
    found: list[Found] = []
    for match in pattern.finditer(text):
        scale = words.units[match["unit"]]
        values = [int(one) * scale for one in (match["low"], match["high"]) if one]
        found.append(Found(FactKind.DURATION, *match.span(), values[0] if len(values) == 1 else list(values)))
    return found
