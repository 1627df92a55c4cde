"""How a deadline is said in Indonesian, Malay, Vietnamese, Thai and Spanish, which have a hold text and nothing else.

Owns their clock, days and months; what is said with them is the templates' business. zh and en are in ``wording``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


def _id_clock(moment: datetime) -> str:
    return f"pukul {moment:%H.%M}"


def _ms_clock(moment: datetime) -> str:
    hour = moment.hour
    part = "pagi" if hour < 12 else "tengah hari" if hour < 14 else "petang" if hour < 19 else "malam"
    return f"pukul {hour % 12 or 12}.{moment.minute:02d} {part}"


def _colon_clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment.minute:02d}"


def _th_clock(moment: datetime) -> str:
    return f"{moment:%H.%M} น."


def _es_clock(moment: datetime) -> str:
    return f"{'la' if moment.hour == 1 else 'las'} {moment.hour}:{moment.minute:02d}"


@dataclass(frozen=True)
class Speech:
    """One language's forms; in them ``clock`` is a time, ``day`` a day and ``month`` a month.

    ``today`` and ``tomorrow`` are a clock time on those days, ``by_today`` and ``by_date`` a last day.
    """

    clock: Callable[[datetime], str]
    months: tuple[str, ...]
    today: str
    tomorrow: str
    by_today: str
    by_date: str


SPEECH = {
    "id": Speech(
        _id_clock,
        tuple("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()),
        "sebelum {clock} hari ini",
        "sebelum {clock} besok",
        "paling lambat hari ini",
        "paling lambat tanggal {day} {month}",
    ),
    "ms": Speech(
        _ms_clock,
        tuple("Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember".split()),
        "sebelum {clock} hari ini",
        "sebelum {clock} esok",
        "selewat-lewatnya hari ini",
        "selewat-lewatnya pada {day} {month}",
    ),
    "vi": Speech(
        _colon_clock,
        tuple(str(number) for number in range(1, 13)),
        "trước {clock} hôm nay",
        "trước {clock} ngày mai",
        "trong hôm nay",
        "chậm nhất là ngày {day}/{month}",
    ),
    "th": Speech(
        _th_clock,
        tuple("มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()),
        "ก่อนเวลา {clock} วันนี้",
        "ก่อนเวลา {clock} พรุ่งนี้",
        "ภายในวันนี้",
        "ภายในวันที่ {day} {month}",
    ),
    "es": Speech(
        _es_clock,
        tuple("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()),
        "antes de {clock} de hoy",
        "antes de {clock} de mañana",
        "a más tardar hoy",
        "a más tardar el {day} de {month}",
    ),
}


def by_time(moment: datetime, language: str, now: datetime, zone: ZoneInfo) -> str:
    """A deadline, never rounded: "sebelum pukul 18.00 hari ini", "antes de las 9:00 de mañana".

    The clock is told today and tomorrow only, as ``Wording.by_time`` does, so that both say the same.
    """
    speech = SPEECH[language]
    local = moment.astimezone(zone)
    away = (local.date() - now.astimezone(zone).date()).days
    if away not in (0, 1) or (local.hour == 23 and local.minute >= 55):
        return _by_day(local.date(), away, speech)
    return (speech.tomorrow if away else speech.today).format(clock=speech.clock(local))


def _by_day(day: date, away: int, speech: Speech) -> str:
    if away == 0:
        return speech.by_today
    return speech.by_date.format(day=day.day, month=speech.months[day.month - 1])
