"""Short messages of the languages in which a hold text exists; ours are never taken for one of them."""

from pathlib import Path

import pytest

from copilot.flow.understand.language import detect
from tests.conftest import ROOT

SHORT = Path(__file__).parent / "short"
LANGUAGES = ("id", "ms", "vi", "th", "es")
BORROWED = {"hola", "muchas gracias", "terima kasih ya"}
"""What buyers of English shops say too; it is in the other language nevertheless."""
OURS = ROOT / "copilot/flow/understand/data/utterances"


def lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_message_shows_its_language(language: str) -> None:
    said = lines(SHORT / f"{language}.txt")
    assert len(said) >= 30
    assert {text: found for text in said if (found := detect(text)) != language} == {}


def test_words_of_both_malay_and_indonesian_are_read_as_one_of_them() -> None:
    assert {detect(text) for text in lines(SHORT / "id_or_ms.txt")} <= {"id", "ms"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_buyers_write_in_our_languages_is_never_taken_for_another(language: str) -> None:
    said = [text for path in sorted((OURS / language).glob("*.txt")) for text in lines(path)]
    assert len(said) > 3000
    strange = [(text, found) for text in said if (found := detect(text)) in LANGUAGES and text not in BORROWED]
    assert strange == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_agents_say_in_our_languages_is_never_taken_for_another(language: str) -> None:
    said = lines(ROOT / f"policies/everyday/agents.{language}.txt")
    strange = [(text, found) for text in said if (found := detect(text)) not in (None, language, "zh", "en")]
    assert strange == []
