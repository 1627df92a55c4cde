"""The commands as people and pipes call them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.cli.main import main

Call = Callable[..., tuple[int, list[dict[str, object]], str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
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
        "text": "退您29.95元",
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
    assert call("policy", "lint")[0] == 1


def test_explain_names_the_file_and_the_packs(call: Call) -> None:
    code, (rule,), _ = call("policy", "explain", "blame_shift.buyer")
    assert code == 0
    assert str(rule["file"]).endswith("blame_shift/buyer.yaml:1")
    assert set(rule["packs"]) == {"douyin.cn", "generic", "tiktok_shop.us"}  # type: ignore[call-overload]
    assert call("policy", "explain", "blame_shift.buyr")[0] == 2


def test_mask_prints_text_and_places(call: Call) -> None:
    code, lines, _ = call("mask", lines='{"text":"打13912345670"}\n订单号139123456701234567\n')
    assert code == 0
    assert lines == [
        {"masked": "打⟨phone_1⟩", "entities": [{"type": "phone", "start": 1, "end": 12}]},
        {"masked": "订单号139123456701234567", "entities": []},
    ]
