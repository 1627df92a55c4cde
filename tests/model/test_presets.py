"""What docs/models.md tells people to set is what the program and the installed litellm know."""

import re
from pathlib import Path
from typing import Any

import pytest

from copilot.domain.clock import SystemClock
from copilot.model.completion import Question
from copilot.model.gateway import Gateway, warm
from copilot.model.recipients import PROVIDERS, Recipient, recipient_of
from copilot.settings import Settings, load_settings

DOCS = Path(__file__).parents[2] / "docs"
QUESTION = Question(messages=({"role": "user", "content": "hello"},), answer_schema={})
PAGES = ("models.md", "models.zh-CN.md")


def _rows(page: str) -> list[tuple[str, str]]:
    """Model and variable of its key, in the order of the table."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^\| [^|]+ \| `([a-z]+/[^`]+)`[^|]* \| `([A-Z_]+)`", text, re.M)


def _recipients(page: str) -> list[tuple[str, str, str]]:
    """The first part of each model's name, the variable of its key, and who gets the texts where."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^\| [^|]+ \| `([a-z]+)/[^`N]+`[^|]* \| `([A-Z_]+)` \| ([^|]+?) \|$", text, re.M)


PRESETS = [row for row in _rows("models.md") if not row[0].endswith("/NAME")]


def test_both_languages_say_the_same() -> None:
    assert [provider.split("/")[0] for provider, _ in PRESETS] == ["openai", "anthropic", "deepseek", "dashscope"]
    assert _rows("models.md") == _rows("models.zh-CN.md")


@pytest.mark.parametrize(("page", "language", "comma"), [(PAGES[0], "en", ", "), (PAGES[1], "zh", "，")])
def test_a_page_that_says_who_gets_the_texts_says_the_same(page: str, language: Any, comma: str) -> None:
    told = [(name, one.key, f"{one.who[language]}{comma}{one.where[language]}") for name, one in PROVIDERS.items()]
    assert _recipients(page) == told


def test_another_address_is_told_by_its_host_and_never_with_a_password() -> None:
    def told(model: str, base: str | None = None, **environ: str) -> Recipient:
        return recipient_of(model, base, environ, "en")

    assert told("openai/gpt-4o-mini").where == "United States"
    own = told("openai/qwen", "http://me:secret@127.0.0.1:8080/v1", OPENAI_BASE_URL="https://elsewhere.example")
    assert (own.who, own.host, own.variable) == ("your own server", "127.0.0.1:8080", "COPILOT_MODEL_BASE_URL")
    moved = told("dashscope/qwen-plus", DASHSCOPE_API_BASE="https://dashscope-intl.example/compatible-mode/v1")
    assert (moved.who, moved.where, moved.variable) == (
        "Alibaba Cloud",
        "dashscope-intl.example",
        "DASHSCOPE_API_BASE",
    )
    for nobody in ("gpt-4o-mini", "acme/large"):
        assert "not known to us" in told(nobody).where


@pytest.mark.parametrize(("model", "key"), PRESETS)
async def test_a_preset_is_known_with_its_price_and_its_key(
    monkeypatch: pytest.MonkeyPatch, model: str, key: str
) -> None:
    warm()
    import litellm

    monkeypatch.delenv(key, raising=False)
    assert await Gateway(model, clock=SystemClock()).upper_bound(QUESTION) is not None
    assert key in litellm.validate_environment(model)["missing_keys"]


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_of_models_is_told_with_its_default(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    defaults = load_settings()
    for name in Settings.model_fields:
        if name.startswith("model") and name != "model_seconds":
            assert f"COPILOT_{name.upper()}" in text
    for name in ("model_faults", "model_fault_window", "model_pause"):
        assert f"| `COPILOT_{name.upper()}` | {getattr(defaults, name):g} |" in text


@pytest.mark.parametrize("page", PAGES)
def test_the_series_that_it_names_exist(page: str) -> None:
    from prometheus_client import REGISTRY

    from copilot import metrics

    assert metrics.OTHER
    told = set(re.findall(r"`(copilot_model_\w+)`", (DOCS / page).read_text(encoding="utf-8")))
    known = {f"{family.name}_total" for family in REGISTRY.collect()}
    assert told
    assert told <= known
