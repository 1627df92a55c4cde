"""Which digits can be a telephone number of which country, by the plans of the countries we serve. Knows no words."""

import re

_CN_MOBILE = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}")
_CN_LINE = re.compile(r"(?:0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7})")
_CN_LOCAL = re.compile(r"[2-9]\d{6,7}")
_NANP = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
# National numbers as they are dialled at home, leading zero included.
_HOME = {
    "GB": re.compile(r"07\d{9}|0[12]\d{8,9}"),
    "SG": re.compile(r"[3689]\d{7}"),
    "MY": re.compile(r"01\d{8,9}|0[3-9]\d{7,8}"),
    "TH": re.compile(r"0[689]\d{8}|0[2-7]\d{7}"),
    "VN": re.compile(r"0[35789]\d{8}|02\d{9}"),
    "PH": re.compile(r"09\d{9}|02\d{8}"),
    "ID": re.compile(r"08[1-9]\d{6,10}|02[1-9]\d{6,8}"),
}
_LISTED = re.compile(r"(?:86)?1[3-9]\d{9}|0[1-9]\d{8,10}|[2-9]\d{2}[2-9]\d{6}|[3-6]\d{14,18}|[1-9]\d{5}(?:19|20)\d{10}")
_TRUNK = re.compile(r"0[1-9]\d{7,11}")
_DASHED = re.compile(r"\d[-.)]")


def is_listed(digits: str) -> bool:
    """Whether ``digits`` are worth a closer look in a long list of numbers: a mobile, a fixed line, a card."""
    return _LISTED.fullmatch(digits) is not None


def is_mobile(digits: str) -> bool:
    """Whether ``digits`` are a mainland mobile number, the country code included or not."""
    return _CN_MOBILE.fullmatch(digits) is not None


def is_fixed(digits: str) -> bool:
    """Whether ``digits`` are a mainland fixed line with its area code."""
    return _CN_LINE.fullmatch(digits) is not None


def is_local(digits: str) -> bool:
    """Whether ``digits`` can be a mainland fixed line without its area code."""
    return _CN_LOCAL.fullmatch(digits) is not None


def is_north_american(digits: str) -> bool:
    """Whether ``digits`` follow the plan of the United States and Canada."""
    return _NANP.fullmatch(digits) is not None


def is_dashed(groups: tuple[int, ...], written: str) -> bool:
    """Whether ten digits are written as phones are in North America; three sizes in a row are not."""
    return groups in {(3, 3, 4), (1, 3, 3, 4)} and _DASHED.search(written) is not None


def is_home(digits: str, where: tuple[str, ...]) -> bool:
    """Whether ``digits`` are a number as dialled within one of the regions ``where``."""
    return any(region in _HOME and _HOME[region].fullmatch(digits) for region in where)


def is_trunk(digits: str) -> bool:
    """Whether ``digits`` begin as national numbers outside North America do."""
    return _TRUNK.fullmatch(digits) is not None
