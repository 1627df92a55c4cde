"""A province's Chinese name as an ISO 3166-2 code of the numbered kind ("CN-44"), and back; from ``provinces.json``.

Owns the reading of one name; it never sees an address.
"""

import json
from functools import cache
from importlib.resources import files

_FULL = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


@cache
def _codes() -> dict[str, str]:
    text = files(__package__ or "").joinpath("provinces.json").read_text(encoding="utf-8")
    return {str(name): str(code) for name, code in json.loads(text).items()}


def region_of(province: str) -> str | None:
    """The code of a province by its short or full name ("广东", "广东省"); None for any other word."""
    name = province.strip()
    ending = next((one for one in _FULL if name.endswith(one)), "")
    return _codes().get(name.removesuffix(ending))


def province_of(region: str) -> str | None:
    """The short name of the province with that code; None for any other code."""
    return next((name for name, code in _codes().items() if code == region), None)
