"""Generic preset answers: found under any decoration, left alone once they say something; layers and the command."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.assets import policy_folders
from copilot.cli.main import main
from copilot.domain.errors import BadConfiguration, PolicyFileError
from copilot.policy.courtesy import MOST
from copilot.policy.lint_presets import lint
from copilot.policy.presets import Presets, load_presets
from copilot.policy.schema import schema
from tests.conftest import Cli

FILE = """\
presets:
  {id}:
    texts: [{texts}]
    remedy: {{zh: 写明时间, en: say when}}
"""
COURTESY = {"hello", "here", "thanks", "noted", "goodbye"}
"""Presets with wordings that are courtesy themselves: of “hi, thanks” any of them may be named."""
Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def presets() -> Presets:
    return load_presets(policy_folders())


def folder(root: Path, name: str = "mine", **facts: str) -> Path:
    """A policy folder with one preset file of this name."""
    (root / "presets").mkdir(parents=True, exist_ok=True)
    (root / f"presets/{name}.yaml").write_text(FILE.format(**facts), encoding="utf-8")
    return root


def found(presets: Presets, text: str) -> str | None:
    preset = presets.match(text)
    return preset.id if preset else None


# What is found.


@pytest.mark.feature("F059")
def test_the_preset_of_the_feature_is_found(presets: Presets) -> None:
    assert found(presets, "Let me look into this for you") == "let_me_look"


def test_every_shipped_wording_is_found_as_its_own(presets: Presets) -> None:
    told = [(preset.id, text) for preset in presets.all for text in preset.texts]
    assert [(preset_id, text) for preset_id, text in told if found(presets, text) != preset_id] == []


@pytest.mark.parametrize(
    "around", ["亲，{}哦～", "亲亲您好！{}呢😊", "Hi dear, {} Thanks!", "您好\n{}\n谢谢亲~~", "  【{}】[微笑]🇨🇳"]
)
def test_decoration_hides_no_shipped_wording(presets: Presets, around: str) -> None:
    wrong = [
        (preset.id, text, name)
        for preset in presets.all
        for text in preset.texts
        if (name := found(presets, around.format(text))) != preset.id and {name, preset.id} - COURTESY
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "preset"),
    [
        ("請稍等一下", "please_wait"),
        ("请 稍 等 . . .", "please_wait"),
        ("稍等哈", "please_wait"),
        ("亲亲，您稍等一下哦～😊😊", "please_wait"),
        ("ＰＬＥＡＳＥ　ＷＡＩＴ！！", "please_wait"),
        ("LET ME LOOK INTO THIS FOR YOU.", "let_me_look"),
        ("Hi there! Let me look into this for you, please 🙏", "let_me_look"),
        ("Sure, let me look into this for you.", "let_me_look"),
        ("Thanks! I’ll look into this for you", "let_me_look"),
        ("谢谢😊请提供您的订单号", "order_number"),
        ("亲爱的，麻烦提供一下订单号呢(*^o^*)", "order_number"),
        ("Dear customer, could you please provide your order number? Thank you!", "order_number"),
        ("我們會儘快發貨的呢", "ships_soon"),
        ("亲，在的", "here"),
        ("您好呀~", "hello"),
        ("谢谢亲~", "thanks"),
        ("好的亲", "noted"),
        ("Your order has shipped 🇺🇸", "on_its_way"),
        ("支持 ７ 天无理由退换 O(∩_∩)O", "returns_ok"),
    ],
)
def test_decorated_presets_are_found(presets: Presets, text: str, preset: str) -> None:
    assert found(presets, text) == preset


@pytest.mark.parametrize(
    "text",
    [
        # a product
        "稍等，我帮您看一下保温杯的库存",
        "欢迎光临山野茶舍",
        "Let me look into this kettle for you",
        "Welcome to Hill Tea",
        # a time
        "请稍等三分钟",
        "48小时内发货",
        "我们会在今天18点前回复您",
        "Please wait 5 minutes",
        "We will ship your order by Friday",
        "支持15天无理由退换",
        # a step
        "请提供订单号，在“我的订单”里长按可以复制",
        "请在订单里申请售后，原因选“质量问题”",
        "Please provide your order number so I can cancel it",
        "Let me look into this for you and call the carrier",
        # another thing altogether, though made of the same words
        "支持的呢",
        "不支持退换货",
        "可以退货吗",
        "有货吗",
        "理解",
        "for your order",
        "the inconvenience",
        "Thanks for your help",
        "hit",
        "this",
        # nothing to read
        "",
        "😊😊",
        "……",
    ],
)
def test_answers_that_say_something_are_left_alone(presets: Presets, text: str) -> None:
    assert found(presets, text) is None


def test_a_text_of_particles_alone_stays_cheap(presets: Presets) -> None:
    assert found(presets, "亲" * 200_000) is None
    assert found(presets, "hi " * 100_000) is None
    assert found(presets, "亲" * (MOST - 1) + "请稍等" + "哦" * (MOST - 1)) == "please_wait"


# What is shipped.


def test_there_are_about_forty_in_each_language_with_a_remedy(presets: Presets) -> None:
    def han(text: str) -> bool:
        return any("\u4e00" <= character <= "\u9fff" for character in text)

    for in_chinese in (True, False):
        assert sum(any(han(text) is in_chinese for text in preset.texts) for preset in presets.all) >= 40
    for preset in presets.all:
        assert han(preset.remedy.zh), preset.id
        assert not han(preset.remedy.en), preset.id
        assert not preset.remedy.zh.endswith("。"), preset.id
        assert not preset.remedy.en.endswith("."), preset.id


def test_a_remedy_is_never_a_preset_itself(presets: Presets) -> None:
    assert [p.id for p in presets.all if presets.match(p.remedy.zh) or presets.match(p.remedy.en)] == []


def test_lint_has_nothing_to_remark_about_the_shipped_ones() -> None:
    assert lint(policy_folders()) == []


# Folders over folders.


def test_a_folder_adds_presets(tmp_path: Path) -> None:
    presets = load_presets((*policy_folders(), folder(tmp_path, id="ask_boss", texts="我问一下老板")))
    assert found(presets, "亲，我問一下老板哦") == "ask_boss"
    assert found(presets, "请稍等") == "please_wait"


def test_a_folder_replaces_a_preset_by_its_id(tmp_path: Path) -> None:
    presets = load_presets((*policy_folders(), folder(tmp_path, id="please_wait", texts="等会儿")))
    assert found(presets, "等会儿哦") == "please_wait"
    assert found(presets, "请稍等") is None
    (replaced,) = [preset for preset in presets.all if preset.id == "please_wait"]
    assert replaced.remedy.en == "say when"


def test_of_the_same_wording_the_later_folder_counts(tmp_path: Path) -> None:
    folders = (*policy_folders(), folder(tmp_path, id="our_wait", texts="请稍等"))
    assert found(load_presets(folders), "请稍等") == "our_wait"
    (remark,) = lint(folders)
    assert (remark.level, remark.line) == ("note", 3)
    assert "also stands in preset 'please_wait'" in remark.text
    assert remark.zh is not None


def test_a_folder_adds_courtesy_and_emoticons(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    text = "courtesy: {before: [老铁], after: [嗷]}\nemoticons: ['[狗头]']\n"
    (tmp_path / "presets/words.yaml").write_text(text, encoding="utf-8")
    assert found(load_presets((*policy_folders(), tmp_path)), "老铁请稍等嗷[狗头]") == "please_wait"
    assert found(load_presets(policy_folders()), "老铁请稍等嗷") is None


# Files that are wrong.


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("texts:", "text:"), 3, ["unknown key 'text'", "did you mean 'texts'"]),
        (("presets:", "preset:"), 1, ["unknown key 'preset'", "presets"]),
        ((", en: say when", ""), 4, ["key 'en' is missing"]),
        (("[等一等]", "[]"), 3, ["must not be empty"]),
        (("[等一等]", "等一等"), 3, ["must be a list", "brackets"]),
        (("[等一等]", "[等一等, 12]"), 3, ["must be text", "put it in quotes"]),
        (("  wait:", "  Wait a bit:"), 2, ["does not look like"]),
        (("[等一等]", "[等一等"), 4, ["not valid YAML"]),
    ],
)
def test_a_wrong_file_is_told_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, words: list[str]
) -> None:
    path = folder(tmp_path, id="wait", texts="等一等") / "presets/mine.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(PolicyFileError) as caught:
        load_presets([tmp_path])
    message = str(caught.value)
    assert message.startswith(f"{path}:{line}: "), message
    assert [word for word in words if word not in message] == []
    (remark,) = lint([tmp_path])
    assert (remark.file, remark.line, remark.level) == (path, line, "error")


def test_an_id_stands_once_in_a_folder(tmp_path: Path) -> None:
    folder(tmp_path, "a", id="wait", texts="等一等")
    folder(tmp_path, "b", id="wait", texts="等等")
    with pytest.raises(PolicyFileError, match=r"b\.yaml:2: preset 'wait' is also in a\.yaml"):
        load_presets([tmp_path])


def test_a_wording_without_letters_is_an_error_of_lint(tmp_path: Path) -> None:
    (remark,) = lint([folder(tmp_path, id="smile", texts='"😊"')])
    assert (remark.level, remark.line) == ("error", 3)
    assert "never found" in remark.text


def test_without_presets_nothing_is_compared_in_silence(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="no preset answers found"):
        load_presets([tmp_path])
    assert lint([tmp_path]) == []


def test_the_schema_describes_the_file() -> None:
    assert set(schema("presets")["properties"]) == {"presets", "courtesy", "emoticons"}
    assert main(["policy", "schema", "presets"]) == 0


# The command.


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.delenv("COPILOT_POLICIES_DIR", raising=False)

    def call(file: str, content: str | bytes, *options: str) -> tuple[int, str]:
        (tmp_path / file).write_bytes(content.encode() if isinstance(content, str) else content)
        code = main(["policy", "lint", "--answers", file, *options])
        out, err = capfd.readouterr()
        assert out == ""
        return code, err

    return call


GENERIC, OWN = "亲，请稍等哦～", "我查一下仓库，三分钟内告诉您"


def rows(*answers: object) -> str:
    return "".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)


def test_lines_of_json_are_told_by_place_id_and_remedy(run: Run) -> None:
    lines = rows({"id": "7", "question": "在吗", "answer": GENERIC}, {"answer": OWN}, {"id": 9, "answer": "OK!"})
    code, err = run("faq.jsonl", lines)
    first, second, last = err.splitlines()
    assert code == 0
    assert first.startswith("faq.jsonl:1: note: '7' is the generic preset 'please_wait', which says nothing about this")
    assert first.endswith("three minutes at most”")
    assert second.startswith("faq.jsonl:3: note: '9' is the generic preset 'noted'")
    assert last == "3 answers, 2 notes"


def test_strict_makes_notes_a_failed_gate(run: Run) -> None:
    assert run("faq.jsonl", rows({"answer": GENERIC}), "--strict")[0] == 1
    assert run("faq.jsonl", rows({"answer": OWN}), "--strict") == (0, "1 answer, 0 notes\n")


def test_notes_are_in_the_readers_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    _, err = run("faq.jsonl", rows({"answer": GENERIC}))
    assert "提示：回答仍是通用预设“please_wait”，没有说到本店的任何内容；写明要等多久" in err
    assert err.splitlines()[-1] == "1 条回答，1 条提示"


@pytest.mark.parametrize("column", ["answer", "答案", "回答", " Answer "])
def test_a_table_is_read_by_its_column(run: Run, column: str) -> None:
    table = f'id,question,{column}\n1,"在\n吗",{OWN}\n2,忙吗,"{GENERIC}"\n'
    code, err = run("faq.csv", "\ufeff" + table)
    assert code == 0
    assert "faq.csv:4: note: '2' is the generic preset 'please_wait'" in err
    assert err.splitlines()[-1] == "2 answers, 1 note"


def test_a_packed_table_with_other_separators_is_read(run: Run) -> None:
    code, err = run("faq.tsv.gz", gzip.compress(f"问题\t答案\n忙吗\t{GENERIC}\n".encode()))
    assert code == 0
    assert "faq.tsv.gz:2: note: the answer is the generic preset" in err


def test_what_is_no_answer_is_rejected_by_line_and_the_run_goes_on(run: Run) -> None:
    lines = '{"answer": 秘密\n{"reply": "秘密"}\n{"answer": 3}\n{"answer": " "}\n[1]\n' + rows({"answer": GENERIC})
    code, err = run("faq.jsonl", lines)
    assert code == 0
    assert [f"faq.jsonl:{number}: " in err for number in range(1, 7)] == [True] * 6
    assert "faq.jsonl:2: answer: Field required" in err
    assert "faq.jsonl:4: answer: must not be empty" in err
    assert err.splitlines()[-2:] == ["reply-copilot: 5 of 6 lines were rejected", "1 answer, 1 note"]
    assert "秘密" not in err


def test_rows_that_cannot_be_read_are_rejected(run: Run) -> None:
    broken = b"id,answer\n1\n2,\n3," + "请稍等".encode("gbk") + f"\n4,{GENERIC}\n".encode()
    code, err = run("faq.csv", broken)
    assert code == 0
    assert "faq.csv:2: answer: must not be empty" in err
    assert "faq.csv:3: answer: must not be empty" in err
    assert "faq.csv:4: is not UTF-8" in err
    assert "faq.csv:5: note: '4' is" in err


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("faq.jsonl", '{"reply": "x"}\n', "1 of 1 lines were rejected"),
        ("faq.csv", "question,reply\na,b\n", "faq.csv:1: has no column answer, 答案 or 回答"),
        ("faq.csv", "问题,答案\n忙吗,请稍等\n".encode("gbk"), "UTF-8"),
        ("faq.csv", "", "is empty"),
    ],
)
def test_a_file_of_no_use_exits_with_2(run: Run, file: str, content: str | bytes, words: str) -> None:
    code, err = run(file, content)
    assert (code, words in err) == (2, True), err


def test_a_file_that_is_not_there_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", "--answers", "nowhere.csv"]) == 2
    assert capfd.readouterr().err == "reply-copilot: nowhere.csv: no such file or folder\n"


def test_a_folder_of_presets_is_laid_over_the_others(run: Run, tmp_path: Path) -> None:
    mine = folder(tmp_path / "mine", id="ask_boss", texts="我问一下老板")
    _, err = run("faq.jsonl", rows({"answer": "我问一下老板哈"}, {"answer": GENERIC}), "--folder", str(mine))
    assert "faq.jsonl:1: note: the answer is the generic preset 'ask_boss'" in err
    assert err.splitlines()[-1] == "2 answers, 2 notes"


def test_a_broken_preset_file_ends_the_command_with_its_line(run: Run, tmp_path: Path) -> None:
    mine = folder(tmp_path / "mine", id="Boss", texts="x")
    code, err = run("faq.jsonl", rows({"answer": OWN}), "--folder", str(mine))
    assert code == 2
    assert "mine/presets/mine.yaml:2: " in err


@pytest.mark.parametrize("lines", [rows({"answer": GENERIC}), f"问题,答案\n忙吗,{GENERIC}\n"])
def test_standard_input_may_be_either(cli: Cli, lines: str) -> None:
    done = cli("policy", "lint", "--answers", "-", stdin=lines)
    assert (done.returncode, done.stdout) == (0, "")
    assert "standard input:" in done.stderr
    assert "generic preset 'please_wait'" in done.stderr
    assert done.stderr.endswith("1 answer, 1 note\n")


def test_policy_lint_remarks_on_preset_files(run: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    mine = folder(tmp_path / "mine", id="smile", texts='"😊"')
    assert main(["policy", "lint", "--folder", str(mine)]) == 1
    err = capfd.readouterr().err
    assert "mine/presets/mine.yaml:3: error: '😊' has no letter or digit" in err
    assert err.splitlines()[-1] == "1 error, 0 notes"
