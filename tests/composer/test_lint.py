"""``policy lint`` over templates: every scene and option that a playbook may plan has words in both languages."""

import shutil
from pathlib import Path

import pytest

from copilot.assets import policy_folders, prompt_folders
from copilot.model.composer.lint import lint

PLAYBOOK = """issue: stock
title: {zh: 库存, en: Stock}
order: none
scenes:
  half:
    when: product.known
    act: answer
  nowhere:
    act: answer
"""


def test_the_shipped_playbooks_are_worded() -> None:
    assert lint(policy_folders()) == []


def test_a_scene_without_words_is_found(tmp_path: Path) -> None:
    own = tmp_path / "policies" / "playbooks" / "stock.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(PLAYBOOK, encoding="utf-8")
    words = tmp_path / "prompts" / "write"
    words.mkdir(parents=True)
    (words / "stock.zh.j2").write_text(
        '{% extends "builtin/write/stock.zh.j2" %}{% block answer_half %}有。{% endblock %}', encoding="utf-8"
    )
    found = lint([*policy_folders(), tmp_path / "policies"], [tmp_path / "prompts", *prompt_folders()])
    assert [(one.file, one.line, one.text) for one in found] == [
        (own, 5, "no template has the block answer_half in en"),
        (own, 8, "no template has the block answer_nowhere in zh"),
        (own, 8, "no template has the block answer_nowhere in en"),
    ]


@pytest.mark.parametrize("form", ["option", "confirm"])
def test_an_option_without_words_is_found(form: str, tmp_path: Path) -> None:
    shutil.copytree(policy_folders()[0] / "playbooks", tmp_path / "playbooks")
    for file in (tmp_path / "playbooks").glob("*.yaml"):
        file.write_text(file.read_text(encoding="utf-8").replace("  repair:", "  mend:").replace("[repair]", "[mend]"))
    found = [one.text for one in lint([tmp_path])]
    assert f"no template has the block {form}_mend in zh" in found
    assert f"no template has the block {form}_mend in en" in found


def test_playbooks_that_do_not_load_are_not_judged_twice(tmp_path: Path) -> None:
    shutil.copytree(policy_folders()[0] / "playbooks", tmp_path / "playbooks")
    (tmp_path / "playbooks" / "stock.yaml").write_text("issue: [", encoding="utf-8")
    assert lint([tmp_path]) == []
