"""docs/writing-an-adapter: its code is the example's, its tables are complete, what it links to is there."""

import re
from pathlib import Path

import pytest

from copilot.sdk import CAPABILITIES, ERRORS, MODES
from copilot.sdk.testing.kit import CHECKS
from copilot.sdk.testing.kit.proof import MAY_BE_ABSENT
from tests.conftest import ROOT

PAGES = {
    name: (ROOT / "docs" / name).read_text("utf-8") for name in ("writing-an-adapter.md", "writing-an-adapter.zh-CN.md")
}
ENGLISH = PAGES["writing-an-adapter.md"]
EXAMPLE = ROOT / "docs/examples/adapters/webhook"
SHOWN = re.findall(r"<!-- file: (\S+) -->\n```python\n(.*?)```", ENGLISH, re.DOTALL)


@pytest.mark.parametrize(
    ("file", "code"), SHOWN, ids=[f"{number}-{Path(file).stem}" for number, (file, _) in enumerate(SHOWN)]
)
def test_code_of_the_page_is_the_examples(file: str, code: str) -> None:
    # The formatter moves code of a page to the left, and its functions apart.
    assert _plain(code) in _plain((EXAMPLE / file).read_text("utf-8"))


def _plain(code: str) -> str:
    return "\n".join(line.strip() for line in code.splitlines() if line.strip())


def test_the_page_shows_each_part_of_the_example() -> None:
    assert {Path(file).stem for file, _ in SHOWN} == {"settings", "wire", "adapter", "sending", "conformance"}


@pytest.mark.parametrize("page", PAGES)
def test_tables_are_complete_in_both_languages(page: str) -> None:
    text = PAGES[page]
    for one in CAPABILITIES:
        lost = one.lost("zh" if "zh" in page else "en")
        assert f"| `{one.name}` | `{one.protocol.__name__}` | {lost} |" in text
    for mode in MODES:
        assert f"`{mode.name}`" in text
    for error in ERRORS:
        assert f"`{error.__name__}`" in text


def test_every_error_has_its_help_where_it_says() -> None:
    headings = set(re.findall(r"^### (\S+)$", ENGLISH, re.MULTILINE))
    assert headings == {error.code for error in ERRORS}
    assert all(error("x").help == f"docs/writing-an-adapter.md#{error.code}" for error in ERRORS)


def test_every_check_stands_in_the_table_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (listed|base|full) \| ([\w, ]*) \| (.+) \|$", ENGLISH, re.MULTILINE)
    about = [", ".join(name for name in (one.about, one.besides) if name) for one in CHECKS]
    told = zip(CHECKS, about, strict=True)
    assert rows == [(one.id, one.level.value, needs, one.words) for one, needs in told]


def test_what_may_be_absent_is_a_situation_of_a_check() -> None:
    named = " ".join(one.id for one in CHECKS)
    words = {"unauthorized": "send_unauthorized", "refused": "send_refused", "window_closed": "send_window"}
    words |= {
        "signature_body": "signature_tampered",
        "signature_time": "signature_stale",
        "throttled": "send_throttled",
        "read_back": "live_key",
        "polled_messages": "live_poll",
    }
    assert all((words.get(one) or f"corpus_{one}") in named for one in MAY_BE_ABSENT)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", PAGES[page]):
        assert (ROOT / "docs" / target).exists(), target
