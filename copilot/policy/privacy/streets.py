"""Postal addresses in Latin letters: the United States, the United Kingdom and South-East Asia, in a base view."""

import re
from collections.abc import Iterator

Hit = tuple[str, int, int]
_STATES = (
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or"
    "|pa|ri|sc"
    "|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc"
)
_ZIP = r"(?:\d{5}(?:-\d{4})?(?!\d))"
_POSTCODE = r"(?:[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}(?![a-z]))"
_TOWN = r"[a-z][a-z'.]{1,20}(?:\s[a-z][a-z'.]{1,20}){0,2}"
_CITY = (
    rf"(?:,?\s{_TOWN}?,?\s(?:(?:{_STATES})|[a-z]{{4,14}})\s{_ZIP}|,?\s(?:{_TOWN},?\s)?{_POSTCODE}|,\s{_TOWN}(?=\s?"
    rf"(?:$|[.\n])))"
)
_UNIT = r"(?:,?\s(?:apt|apartment|unit|suite|ste|floor|fl|flat|room|rm|#)\.?\s?#?[a-z0-9-]{1,6}|,?\s#[a-z0-9-]{1,6})"
_STRONG = "street|avenue|boulevard|blvd|parkway|pkwy|highway|hwy|terrace|crescent|road|rd|lane|ave"
_WEAK = (
    "st|dr|ln|ct|pl|cir|circle|drive|court|close|way|place|square|grove|gardens|row|hill|mews|queensway|walk|view|park"
)
_NUMBER = r"(?<![\w#.$£€%-])\d{1,6}[a-z]?"
_SIDE = r"(?:\s(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)(?![a-z])\.?)?"
_WORDS = r"(?P<words>(?:[a-z0-9][a-z0-9.']*\s){1,4}?)"
_FLAT = r"(?:(?:flat|apt|apartment|unit|suite)\s?\d{1,4}[a-z]?,?\s)?"
_NAMED = re.compile(
    rf"{_FLAT}{_NUMBER},?\s{_WORDS}(?:{_STRONG})(?![a-z])\.?(?:\s\d{{1,4}}(?=,))?{_SIDE}{_UNIT}?{_CITY}?"
)
_TAILED = re.compile(
    rf"{_FLAT}{_NUMBER},?\s(?P<words>(?:[a-z0-9][a-z0-9.']*\s){{0,4}}?)(?:[a-z]+way|{_WEAK})(?![a-z])\.?"
    rf"(?:{_UNIT}{_CITY}?|{_CITY})"
)
_SHORT = re.compile(
    rf"{_FLAT}{_NUMBER}\s(?P<words>(?:[a-z][a-z0-9.']*\s){{1,3}}?)(?:st|dr|ln|ct|cir|pl)(?![a-z])(?:\.|(?=\s?(?:$"
    rf"|[,;!?\n]|instead|not )))"
)
_BOX = re.compile(rf"p\.?\s?o\.?\sbox\s\d{{1,6}}{_CITY}?")
_INTRODUCED = re.compile(
    r"(?:address(?: ko)?(?: po)?(?: is| to|\s?:)|deliver (?:it )?to|send (?:it |this )?to|ship (?:it )?to|live at"
    r"|moved to|change it to|vivo en|post it to"
    r"|hantar ke|kirim ke|alamat(?: saya| baru)?(?: di|\s?:)?|(?:đ|d)ia chi(?: moi)?(?: la|\s?:)?|giao (?:đ|d)en)"
    rf"\s?(?P<place>(?:(?:flat|apt|unit|no\.?|so|lot|blk)\s?\d{{1,4}}[a-z]?,?\s)?\d{{1,5}}[a-z]?"
    rf"(?:[/-]\d{{1,4}}){{0,2}},?\s{_TOWN}(?:\s(?:{_STRONG}|{_WEAK}))?"
    rf"(?:,\s[a-z0-9][a-z0-9 .'/-]{{1,30}}){{0,5}}(?:\s{_POSTCODE}|\s\d{{4,6}})?)"
)
_PART = (
    r"(?:,?\s(?:rt|rw|kec|kel|kab|kecamatan|kelurahan|blok|no|kav|brgy|barangay|purok|quan|q|phuong|p|tp|soi|moo"
    r"|taman|kampung|kg|lot|level|floor)\.?\s?[a-z0-9][a-z0-9/.-]*(?:\s[a-z]{3,14}){0,3})"
)
_MORE = rf"(?:{_PART}|,?\ssingapore\s\d{{6}}|,\s[a-z0-9#][a-z0-9#.'/-]*(?:\s[a-z0-9.'/-]+){{0,4}}){{0,6}}"
_SEA = re.compile(
    # Indonesia and Malaysia
    rf"(?<![a-z])(?:(?:no\.?|lot|unit|blok)\s?[a-z]?\d{{1,4}}[a-z]?(?:-\d+)*,?\s)?"
    rf"(?:jl\.?|jln\.?|(?<!di )(?<!dalam )jalan|gang|gg\.|lorong|persiaran|perumahan|perum|komplek)\s"
    rf"(?P<jalan>[a-z][a-z']+"
    rf"(?:\s[a-z][a-z']+){{0,4}}?)"
    rf"(?:(?:,?\sblok\s[a-z]{{1,2}}\d{{0,3}})?,?\s(?:no\.?|nomor|kav\.?|blok)\s?[a-z]?\d{{1,4}}[a-z]?"
    rf"(?:/\d{{1,3}})?|\s\d{{1,4}}(?:/\d{{1,3}})?[a-z]?(?![a-z\d])){_MORE}"
    rf"|(?<![a-z\d])(?:no\.?\s?)?\d{{1,4}}[a-z]?,?\s(?:jalan|jln)\s[a-z]{{0,3}}\d{{1,3}}/\d{{1,3}}[a-z]?{_MORE}"
    rf"|(?<![a-z])(?:no\.?|lot|unit)\s?\d{{1,4}}[a-z]?(?:-\d+)*,?\s(?:jalan|jln\.?|lorong|persiaran|lebuh)"
    rf"\s[a-z]{{3,}}(?:\s[a-z]{{3,}}){{0,2}}{_MORE}"
    # Viet Nam
    rf"|(?<![a-z\d])(?:so(?: nha)?\s)?\d{{1,4}}[a-z]?(?:/\d{{1,4}}){{0,3}},?\s(?:duong|đuong|pho|ngo"
    rf"|hem)\s[a-z]{{2,}}(?:\s[a-z]{{2,}}){{0,3}}{_MORE}"
    rf"|(?<![a-z])(?:ngo|hem|ngach)\s\d{{1,4}}(?:/\d{{1,4}})*\s[a-z]{{2,}}(?:\s[a-z]{{2,}}){{0,2}}{_MORE}"
    rf"|(?<![a-z\d])\d{{1,4}}(?:/\d{{1,4}})*\s[a-z]{{2,}}(?:\s[a-z]{{2,}}){{1,3}},\s(?:p\.|phuong|q\."
    rf"|quan)\s?[a-z0-9]{_MORE}"
    # Thailand
    rf"|(?<![a-z\d])\d{{1,4}}(?:/\d{{1,4}})?\s(?:soi|moo|thanon)\s[a-z0-9]+(?:\s[a-z0-9]+){{0,3}}{_MORE}"
    # Singapore
    rf"|(?<![a-z])(?:blk|block)\s?\d{{1,4}}[a-z]?,?\s[a-z][a-z' ]{{3,40}}\d{{0,3}}(?:,?\s?#\d{{1,3}}-\d{{1,4}})?{_MORE}"
    rf"|(?<![a-z\d])\d{{1,4}}[a-z]?\s[a-z][a-z' ]{{3,40}}\d{{0,3}},?\s#\d{{1,3}}-\d{{1,4}}{_MORE}"
    # the Philippines
    rf"|(?<![a-z])(?:blk|block)\.?\s?\d{{1,3}},?\slot\.?\s?\d{{1,3}}{_MORE}"
    rf"|(?<![a-z])(?:brgy\.?|barangay|purok)\s[a-z0-9]+(?:\s[a-z]{{3,}}){{0,2}},\s[a-z]{{3,}}(?:\s[a-z]{{3,}}){{0,2}}"
)
_NOT_STREET = frozenset(
    "the a an on in by of for to and my your our this that is are was were be days day hours hour hr hrs weeks "
    "week months "
    "min mins minute minutes off star stars percent out more away at it its x am pm ft feet foot inch inches in "
    "meter meters pack gb tb mb cm mm kg lbs oz items item pcs "
    "times only just or but too still with from no not left per pack packs years year".split()
)
_AFTERWARDS = re.compile(
    r"(?:,?\s(?:instead|pls|plz|please|thanks|thank you|thx|ty|asap|now|and|but|or(?!\s\d)|po|ya|kak|nha|nhe|by"
    r"|before|if|is|was|i|it"
    r"|my|the|for|not|so|when|with|because|can|you|will|leave|ring|call|gracias|terima|kasih|makasih|tolong)"
    r"(?![a-z]).*)$"
)
_FIGURE = re.compile(r"\d")
_NOT_JALAN = frozenset("ya kak udah sudah belum masih hari yang terus lagi kok nih dong aja".split())


def streets(text: str) -> Iterator[Hit]:
    """(type, start, end) of addresses in Latin letters in ``text``, a base view."""
    if not _FIGURE.search(text):
        return
    for kind, start, end in _streets(text):
        yield kind, start, start + len(_AFTERWARDS.sub("", text[start:end]))


def _streets(text: str) -> Iterator[Hit]:
    for pattern in (_NAMED, _TAILED, _SHORT):
        for match in pattern.finditer(text):
            if _NOT_STREET.isdisjoint(match["words"].split()):
                yield "address", match.start(), match.end()
    for match in _BOX.finditer(text):
        yield "address", match.start(), match.end()
    for match in _INTRODUCED.finditer(text):
        if _NOT_STREET.isdisjoint(re.split(r"[\s,]+", match["place"])):
            yield "address", match.start("place"), match.end("place")
    for match in _SEA.finditer(text):
        if _NOT_JALAN.isdisjoint((match["jalan"] or "").split()):
            yield "address", match.start(), match.end()
