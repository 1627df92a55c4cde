"""The only door to presidio: its recognisers, called directly on small windows, loaded when the first one is needed.

No AnalyzerEngine and no language model; nothing here reaches the network.
"""

from functools import cache
from typing import Any

Span = tuple[int, int]
_REGIONS = {
    "cn": "CN",
    "us": "US",
    "uk": "GB",
    "gb": "GB",
    "sg": "SG",
    "my": "MY",
    "th": "TH",
    "vn": "VN",
    "ph": "PH",
    "id": "ID",
}
_SEA = ("SG", "MY", "TH", "VN", "PH", "ID")


def regions(market: str | None) -> tuple[str, ...]:
    """The phone regions to look for: the market's own and China; every one we serve when no market is known."""
    if market == "sea":
        return (*_SEA, "CN")
    own = _REGIONS.get((market or "").lower())
    if own is None:
        return ("CN", "US", "GB", *_SEA)
    return (own,) if own == "CN" else (own, "CN")


def emails(text: str) -> list[Span]:
    """Spans of mail addresses in ``text``."""
    return _spans(_email(), text, "EMAIL_ADDRESS")


def phones(text: str, where: tuple[str, ...]) -> list[Span]:
    """Spans of phone numbers that are valid in one of the regions ``where``."""
    return _spans(_phone(where), text, "PHONE_NUMBER")


def cards(text: str) -> list[Span]:
    """Spans of payment card numbers with a valid check digit."""
    return _spans(_card(), text, "CREDIT_CARD")


def _spans(recognizer: Any, text: str, entity: str) -> list[Span]:
    results = recognizer.analyze(text, [entity], None)
    return sorted({(result.start, result.end) for result in results})


@cache
def _email() -> Any:
    import tldextract
    from presidio_analyzer.predefined_recognizers import EmailRecognizer

    # The default extractor downloads the public suffix list on its first call; the copy in the package will do.
    suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    class OfflineEmailRecognizer(EmailRecognizer):
        def validate_result(self, pattern_text: str) -> bool:
            return bool(suffixes(pattern_text).top_domain_under_public_suffix)

    return OfflineEmailRecognizer()


@cache
def _phone(where: tuple[str, ...]) -> Any:
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer

    return PhoneRecognizer(supported_regions=where, leniency=1)


@cache
def _card() -> Any:
    from presidio_analyzer.predefined_recognizers import CreditCardRecognizer

    return CreditCardRecognizer()
