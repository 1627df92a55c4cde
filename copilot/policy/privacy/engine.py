"""The only door to presidio: its recognisers, called directly on small windows, loaded when the first one is needed.

No language model; nothing here reaches the network. The recognisers are asked where our own shapes do not decide;
an AnalyzerEngine exists only for recognisers that a user brings. For phones the library beneath presidio's recogniser
is asked, in the same words: presidio itself takes a second and 70 MB to load, in each process that judges.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

Span = tuple[int, int]
_EVERY = "xx"
_LENIENCY = 1
"""Numbers must be valid in their region, however they are grouped."""
_NOT_TYPE = re.compile(r"[^a-z_]")
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
    import phonenumbers

    found = {
        (match.start, match.end)
        for region in where
        for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=_LENIENCY)
    }
    # A number of one region may be a part of another's: the longer one is meant.
    return sorted(one for one in found if not any(_inside(one, other) for other in found))


def _inside(one: Span, other: Span) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


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


def custom(recognizers: Sequence[Mapping[str, Any]]) -> Callable[[str], list[tuple[str, int, int]]]:
    """A finder of (type, start, end) for a user's own pattern recognisers, given as presidio describes them in YAML.

    They run in an AnalyzerEngine with an empty pipeline for every language; words of ``context`` raise a score, and
    what stays below 0.4 is no hit. Types are their ``supported_entity`` in small letters.

    Raises:
        ValueError: a description cannot be used; the message names the recogniser.
    """
    analyzer = _analyzer(recognizers)

    def find(text: str) -> list[tuple[str, int, int]]:
        found = analyzer.analyze(text, language=_EVERY, score_threshold=0.4)
        return [(_NOT_TYPE.sub("_", hit.entity_type.lower()), hit.start, hit.end) for hit in found]

    return find


def _analyzer(recognizers: Sequence[Mapping[str, Any]]) -> Any:
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine

    class EmptyPipeline(SpacyNlpEngine):
        """Words and their places, no model and nothing to download."""

        def load(self) -> None:
            self.nlp = {_EVERY: spacy.blank(_EVERY)}

        def process_text(self, text: str, language: str) -> NlpArtifacts:
            document: Any = self.nlp[language](text)
            places = [token.idx for token in document]
            return NlpArtifacts([], document, places, [token.lower_ for token in document], self, language)

    registry: Any = RecognizerRegistry(supported_languages=[_EVERY])
    for number, recognizer in enumerate(recognizers, 1):
        try:
            registry.add_pattern_recognizer_from_dict({**recognizer, "supported_language": _EVERY})
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # the library's own ways to refuse
            name = recognizer.get("name", number)
            raise ValueError(f"recogniser {name}: {type(error).__name__}") from None
    pipeline = EmptyPipeline(models=[{"lang_code": _EVERY, "model_name": "blank"}])
    pipeline.load()
    return AnalyzerEngine(registry=registry, nlp_engine=pipeline, supported_languages=[_EVERY])
