"""Scenes that can be true together, as ``policy lint --overlaps`` tells them."""

from pathlib import Path
from typing import Any

import pytest

from copilot.playbook.overlaps import overlaps
from tests.conftest import Cli
from tests.playbook.test_files import change, folder

__all__ = ["folder"]


def told(folder: Path) -> list[tuple[str, str, int]]:
    return [(one.first, one.then, one.line) for one in overlaps([folder]) if one.file.name == "damaged.yaml"]


@pytest.mark.parametrize(
    ("when", "above"),
    [
        ("turn.photo && order.days_since_delivered >= terms.return_days", ["too_late"]),
        # A special case of the scene above, what excludes it, and what asks for other facts: none is told.
        ("turn.photo && order.delivered && order.days_since_delivered > terms.return_days", []),
        ("order.delivered && order.days_since_delivered <= terms.return_days", []),
        ("product.known", []),
        # Where both hold, a scene above both is taken.
        ("order.days_since_delivered >= terms.return_days && after_sale.open", []),
    ],
)
def test_scenes_that_meet_are_told_at_the_lower_one(when: str, above: list[str], folder: Path) -> None:
    line = change(folder / "playbooks" / "damaged.yaml", 'when: "!item.known"', f'when: "{when}"')
    before = ("too_late", "photo_later")
    assert [one for one in told(folder) if one[0] in before] == [(one, "ask_product", line - 1) for one in above]


def test_scenes_that_do_the_same_are_not_told(folder: Path) -> None:
    file = folder / "playbooks" / "damaged.yaml"
    change(file, 'when: "!item.known"\n    act: ask\n    asks: [product]', 'when: "X"\n    act: decline\n    asks: []')
    change(file, '"X"', '"turn.photo && order.days_since_delivered >= terms.return_days"')
    assert ("too_late", "ask_product") not in [one[:2] for one in told(folder)]


def test_the_shipped_playbooks_are_told_in_a_list_that_can_be_read(a: Any) -> None:
    assert 0 < len(overlaps(a.POLICIES)) < 100


@pytest.mark.parametrize(("language", "ends"), [("en", "pairs of scenes overlap"), ("zh", "对场景互相重叠")])
def test_the_command_tells_place_and_remedy_in_both_languages(language: str, ends: str, folder: Path, cli: Cli) -> None:
    when = "turn.photo && order.days_since_delivered >= terms.return_days"
    line = change(folder / "playbooks" / "damaged.yaml", 'when: "!item.known"', f'when: "{when}"')
    env = {"LANG": {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language]}
    done = cli("policy", "lint", "--overlaps", "--folder", str(folder), env=env)
    assert done.returncode == 0
    [found] = [one for one in done.stderr.splitlines() if f"damaged.yaml:{line - 1}:" in one and "too_late" in one]
    assert {"en": "swap them", "zh": "对调"}[language] in found
    assert done.stderr.splitlines()[-1].endswith(ends)
