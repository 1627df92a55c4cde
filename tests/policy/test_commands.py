"""The commands as people and pipes call them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.assets import policy_folders
from copilot.cli.main import main
from copilot.cli.policy_explaining import page
from copilot.policy.document import read_document
from copilot.policy.explain import explain
from copilot.policy.load import open_folders
from copilot.policy.model import Rule
from tests.conftest import ROOT, Cli

Call = Callable[..., tuple[int, list[dict[str, object]], str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests keep compiled packs: what one has compiled, the next one reads."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def call(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(data))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("COPILOT_POLICIES_DIR", raising=False)

    def run(*arguments: str, lines: str | None = None) -> tuple[int, list[dict[str, object]], str]:
        extra: tuple[str, ...] = ()
        if lines is not None:
            file = tmp_path / "in.txt"
            file.write_text(lines, encoding="utf-8")
            extra = (str(file),)
        code = main([*arguments, *extra])
        out, err = capfd.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


def test_check_prints_one_verdict_per_line(call: Call) -> None:
    code, verdicts, _ = call("policy", "check", "--pack", "douyin.cn", lines='亲加V信说更方便\n{"text":"在的"}\n')
    assert code == 0
    assert [verdict["decision"] for verdict in verdicts] == ["block", "pass"]
    assert str(verdicts[0]["pack"]).startswith("douyin.cn@")
    (finding,) = verdicts[0]["findings"]  # type: ignore[misc]
    assert (finding["start"], finding["end"], finding["text"]) == (1, 4, "加V信")
    assert finding["rule"] == "off_platform.wechat"


def test_a_bad_line_is_told_by_place_only_and_the_run_goes_on(call: Call) -> None:
    code, verdicts, err = call("policy", "check", lines='{"text": 秘密\n{"words":"秘密"}\n在的\n')
    assert code == 0
    assert len(verdicts) == 1
    assert "in.txt:1:" in err
    assert "in.txt:2:" in err
    assert "秘密" not in err


def test_fail_on_sets_the_exit_code(call: Call) -> None:
    assert call("policy", "check", "--fail-on", "block", lines="加微信聊\n")[0] == 1
    assert call("policy", "check", "--fail-on", "block", lines="在的\n")[0] == 0


def test_a_line_may_carry_context(call: Call) -> None:
    line = {
        "text": "这款29.95元",
        "origin": "draft",
        "claims": [{"kind": "amount", "start": 2, "end": 8, "text": "29.95元", "value": None, "source": None}],
    }
    _, (verdict,), _ = call("policy", "check", lines=json.dumps(line))
    assert verdict["decision"] == "block"
    _, (typed,), _ = call("policy", "check", lines=json.dumps({**line, "origin": "human"}))
    assert typed["decision"] == "warn"


def test_the_reason_is_in_the_language_asked_for(call: Call) -> None:
    _, (verdict,), _ = call("policy", "check", "--lang", "en", lines="加微信聊\n")
    assert "WeChat" in json.dumps(verdict["findings"])


def test_an_unknown_pack_is_one_line(call: Call) -> None:
    code, out, err = call("policy", "check", "--pack", "nowhere", lines="在的\n")
    assert (code, out) == (2, [])
    assert err.count("\n") == 1
    assert "known packs" in err


def test_the_shipped_rules_pass_test_and_lint(call: Call) -> None:
    code, _, err = call("policy", "test")
    assert code == 0, err
    assert "0 failed" in err


def test_a_failing_case_is_named_with_what_the_rule_saw(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine" / "rules" / "off_platform"
    folder.mkdir(parents=True)
    (folder / "sample.yaml").write_text(
        "id: off_platform.sample\nfamily: off_platform\nseverity: block\nreason: {zh: a, en: b}\nsource: s\n"
        "suggestion: {zh: c, en: d}\nmatchers:\n  - {kind: terms, terms: [暗号]}\ncases:\n  violates: [什么都没有]\n"
        "  allowed: [说暗号吧]\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("COPILOT_POLICIES_DIR", str(tmp_path / "mine"))
    code, _, err = call("policy", "test", "off_platform.sample")
    assert code == 1
    assert "sample.yaml:10:" in err
    assert "saw nothing" in err
    assert "1–3 '暗号'" in err
    assert call("policy", "lint", "--folder", str(tmp_path / "mine"))[0] == 1


def test_lint_speaks_the_readers_language(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine/rules/house").mkdir(parents=True)
    (tmp_path / "mine/rules/house/one.yaml").write_text("id: house.one\nseverty: block\n", encoding="utf-8")
    code, _, err = call("policy", "lint", "--folder", str(tmp_path / "mine"))
    assert (code, err.splitlines()[-1]) == (1, "1 error, 0 notes")
    assert "one.yaml:2: error: unknown key 'severty'; did you mean 'severity'?" in err
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    _, _, err = call("policy", "lint", "--folder", str(tmp_path / "mine"))
    assert err.splitlines()[-1] == "1 个错误，0 条提示"


def test_a_broken_rule_file_ends_a_check_with_its_line(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine/rules/house").mkdir(parents=True)
    (tmp_path / "mine/rules/house/one.yaml").write_text("id: house.one\nseverty: block\n", encoding="utf-8")
    monkeypatch.setenv("COPILOT_POLICIES_DIR", str(tmp_path / "mine"))
    for command in (("policy", "check"), ("policy", "test")):
        code, out, err = call(*command, **({"lines": "在的\n"} if command[1] == "check" else {}))
        assert (code, out) == (2, [])
        assert "one.yaml:2: unknown key 'severty'" in err
        assert err.count("\n") == 1


def test_test_takes_a_family_and_tells_an_unknown_name(call: Call) -> None:
    code, _, err = call("policy", "test", "structure")
    assert (code, err.splitlines()[-1].partition(",")[0]) == (0, "2 rules")
    code, _, err = call("policy", "test", "structur")
    assert code == 2
    assert "did you mean 'structure'" in err


def test_check_takes_a_market_and_a_day(call: Call) -> None:
    _, (verdict,), _ = call("policy", "check", "--pack", "tiktok_shop", "--market", "us", lines="hi\n")
    assert str(verdict["pack"]).startswith("tiktok_shop.us@")
    code, _, err = call("policy", "check", "--pack", "douyin.cn", "--market", "nowhere", lines="hi\n")
    assert code == 2
    assert "unknown policy pack 'douyin.nowhere'" in err
    assert call("policy", "check", "--at", "2026-11-02", lines="hi\n")[0] == 0
    assert call("policy", "check", "--at", "yesterday", lines="hi\n")[0] == 2


def test_check_uses_the_pack_of_the_day(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packs = tmp_path / "mine/packs"
    packs.mkdir(parents=True)
    text = "name: mine\neffective: {}\nextends: generic\n{}"
    (packs / "mine.yaml").write_text(text.format("2026-11-01", ""), encoding="utf-8")
    off = "rules:\n  off_platform.wechat: {enabled: false, reason: a trial}\n"
    (packs / "mine@later.yaml").write_text(text.format("2027-01-01", off), encoding="utf-8")
    monkeypatch.setenv("COPILOT_POLICIES_DIR", str(tmp_path / "mine"))
    seen = [
        call("policy", "check", "--pack", "mine", "--at", day, lines="方便加个微信吗\n")[1][0]["pack"]
        for day in ("2026-12-31", "2027-01-01")
    ]
    assert seen == ["mine@2026-11", "mine@2027-01"]


def test_a_line_may_say_what_the_agent_may_grant(call: Call) -> None:
    line = {"text": "给您退200元", "resolved": True, "translated": False, "text_language": "zh", "judgements": {}}
    money = {"amount": "500", "currency": "CNY"}
    _, (bare,), _ = call("policy", "check", lines=json.dumps(line))
    _, (told,), _ = call("policy", "check", lines=json.dumps({**line, "authority": money}))
    assert "no_authority" in json.dumps(bare["not_judged"]) or bare["not_judged"] == told["not_judged"]
    assert "no_authority" not in json.dumps(told["not_judged"])
    assert "case_unknown" not in json.dumps(told["not_judged"])


def test_explain_names_the_file_and_the_packs(call: Call) -> None:
    code, (rule,), _ = call("policy", "explain", "blame_shift.buyer")
    assert code == 0
    assert str(rule["file"]).endswith("blame_shift/buyer.yaml:1")
    assert {"douyin.cn", "generic", "tiktok_shop.us"} <= set(rule["packs"])  # type: ignore[call-overload]
    assert call("policy", "explain", "blame_shift.buyr")[0] == 2


@pytest.mark.parametrize(("lang", "words"), [("en", "Must be found"), ("zh", "必须发现")])
def test_explain_is_a_page_on_a_terminal(lang: str, words: str) -> None:
    told = explain("blame_shift.buyer", policy_folders())
    shown = page(told, lang)
    assert shown.startswith("blame_shift.buyer\n")
    newest = told["packs"]["douyin.cn"]  # type: ignore[index,call-overload]
    for part in (words, "blame_shift/buyer.yaml:1", f"{newest['edition']}: block", str(newest["since"])):  # type: ignore[index,call-overload]
        assert part in shown
    assert told["reason"][lang] in shown  # type: ignore[index,call-overload]
    assert all(f"  - {text}" in shown for text in told["violates"])  # type: ignore[union-attr]


def test_new_writes_a_file_once_and_says_what_is_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COPILOT_POLICIES_DIR", raising=False)
    assert main(["policy", "new", "off_platform.pager"]) == 0
    out, err = capfd.readouterr()
    assert out == "policies/rules/off_platform/pager.yaml\n"
    assert "policy test off_platform.pager --folder policies" in err
    assert (tmp_path / "policies/schemas/rule.json").is_file()
    assert main(["policy", "new", "off_platform.pager"]) == 2
    assert main(["policy", "new", "pager"]) == 2
    assert "family.rule" in capfd.readouterr().err


def test_new_replaces_a_shipped_rule_only_when_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["policy", "new", "blame_shift.buyer"]) == 2
    assert "--copy" in capfd.readouterr().err
    assert main(["policy", "new", "blame_shift.buyer", "--copy", "--folder", "mine"]) == 0
    copied = read_document(tmp_path / "mine/rules/blame_shift/buyer.yaml").parse(Rule)
    assert copied == open_folders(policy_folders()).rules()["blame_shift.buyer"].rule
    assert main(["policy", "new", "blame_shift.buyr", "--copy"]) == 2
    assert "did you mean 'blame_shift.buyer'" in capfd.readouterr().err


@pytest.mark.parametrize("kind", ["rule", "pack", "fold", "presets"])
def test_schema_prints_what_stands_in_the_documents(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "schema", kind]) == 0
    assert capfd.readouterr().out == (ROOT / f"docs/schemas/{kind}.json").read_text(encoding="utf-8")


def test_mask_prints_text_and_places(call: Call) -> None:
    code, lines, _ = call("mask", lines='{"text":"打13912345670"}\n订单号139123456701234567\n')
    assert code == 0
    assert lines == [
        {"masked": "打⟨phone_1⟩", "entities": [{"type": "phone", "start": 1, "end": 12}]},
        {"masked": "订单号139123456701234567", "entities": []},
    ]


@pytest.mark.parametrize(
    "line",
    [
        {"claims": [{"kind": "amount", "start": 0, "end": 99, "text": "9", "value": "9", "source": None}]},
        {"claims": [{"kind": "amount", "start": 2, "end": 1, "text": "9", "value": "9", "source": None}]},
        {"claims": [{"kind": "amount", "start": -5, "end": 2, "text": "9", "value": "9", "source": None}]},
        {"limits": {"max_chars": -4}},
    ],
)
def test_what_lies_outside_the_text_is_a_rejected_line(cli: Cli, line: dict[str, object]) -> None:
    done = cli("policy", "check", "-", "--pack", "generic", stdin=json.dumps({"text": "退9元", **line}))
    assert (done.returncode, done.stdout) == (2, "")
    assert "standard input:1: " in done.stderr
