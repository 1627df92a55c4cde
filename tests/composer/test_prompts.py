# ruff: noqa: E501 (facts and templates read best on one line)
import hashlib

import pytest

from copilot.assets import prompt_folders
from copilot.domain.errors import LanguageUnsupported, PromptError, SceneUnknown
from copilot.domain.plan import Act, Plan
from copilot.model.prompts import Prompts

WELCOME = Plan(act=Act.WELCOME, scene="thanks")


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_shop_changes_one_block_and_keeps_the_rest(tmp_path, say):
    own = write(
        tmp_path, "write/common.zh.j2",
        '{% extends "builtin/write/common.zh.j2" %}{% block welcome %}{% say %}谢谢您光顾小店。{% endsay %}{% endblock %}',
    )  # fmt: skip
    prompts = Prompts(prompt_folders([tmp_path]))
    composed = say(WELCOME, "zh", prompts=prompts)
    assert composed.text == "谢谢您光顾小店。"
    used = {use.name: use.hash for use in composed.templates}
    assert used["write/common.zh.j2"] == hashlib.sha256(own.read_bytes()).hexdigest()
    assert {"builtin/write/common.zh.j2", "write/options.zh.j2", "write/base.j2"} <= set(used)
    assert len(say(Plan(act=Act.FAREWELL, scene="closing"), "zh", prompts=prompts).text) > 8


def test_plain_text_in_a_block_is_a_sentence_too(tmp_path, say):
    write(
        tmp_path,
        "write/common.en.j2",
        '{% extends "builtin/write/common.en.j2" %}{% block welcome %}Any time.{% endblock %}',
    )
    assert say(WELCOME, "en", prompts=Prompts(prompt_folders([tmp_path]))).text == "Any time."


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{% block welcome %}\n{{ nobody_knows }}{% endblock %}", r"common\.zh\.j2:2: UndefinedError: 'nobody_knows'"),
        ("{% block welcome %}\n\n{% say shout %}x{% endsay %}{% endblock %}", r"common\.zh\.j2:3: unknown kind of sentence"),
        ("{% block welcome %}{% say %}x{% endblock %}", r"common\.zh\.j2:1: .*endsay"),
        ("{% block welcome %}{% say %}{{ money('order.*.total') }}{% endsay %}{% endblock %}", r"no fact order\.\*\.total"),
        ("{% block welcome %}{% say %}{{ 1 / 0 }}{% endsay %}{% endblock %}", r"common\.zh\.j2:1: ZeroDivisionError"),
    ],
)  # fmt: skip
def test_a_broken_template_names_its_line(tmp_path, say, body, message):
    write(tmp_path, "write/common.zh.j2", '{% extends "builtin/write/common.zh.j2" %}' + body)
    with pytest.raises(PromptError, match=message):
        say(WELCOME, "zh", prompts=Prompts(prompt_folders([tmp_path])))


def test_a_template_cannot_reach_outside(tmp_path, say):
    prompts = Prompts(prompt_folders([tmp_path]))
    assert not prompts.has("../pyproject.toml")
    assert not prompts.has("builtin/../policies/x")
    write(tmp_path, "write/common.zh.j2", "{{ ''.__class__.__mro__ }}")
    with pytest.raises(PromptError):
        say(WELCOME, "zh", prompts=Prompts(prompt_folders([tmp_path])))


def test_errors_for_what_is_not_worded(prompts, say):
    with pytest.raises(LanguageUnsupported):
        say(WELCOME.model_copy(), "ja")
    with pytest.raises(SceneUnknown, match="answer/nowhere"):
        say(Plan(act=Act.ANSWER, scene="nowhere"), "zh")
    with pytest.raises(PromptError, match="was not found"):
        prompts.render("write/none.zh.j2", {})
    with pytest.raises(PromptError, match="no prompt folder"):
        Prompts([])


def test_every_shipped_template_compiles(prompts):
    names = prompts.names("write/")
    assert len(names) > 30
    prompts.warm("write/")


def test_both_languages_word_the_same_blocks(prompts):
    def blocks(language: str) -> dict[str, frozenset[str]]:
        names = [name for name in prompts.names("write/") if f".{language}." in name]
        return {name.split(".")[0]: prompts.block_names(name) for name in names}

    zh, en = blocks("zh"), blocks("en")
    assert set(zh) == set(en)
    acts = tuple(act.value for act in Act)
    for name, own in zh.items():
        mine = {block for block in own if block.startswith(acts)}
        assert mine == {block for block in en[name] if block.startswith(acts)}, name
