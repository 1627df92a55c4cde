"""What lint remarks, each by a small folder that has exactly that fault and by one that has not."""

from pathlib import Path

import pytest

from copilot.policy.lint import LintFinding, lint

GOOD = """\
id: {family}.{name}
family: {family}
severity: {severity}
reason: {{zh: 说了暗号, en: says the word}}
source: a test
suggestion: {{zh: 请换个说法, en: say it differently}}
matchers:
  - kind: terms
    views: [base, compact]
    terms: [{terms}]
allow: [{allow}]
cases:
  violates: [{violates}]
  allowed: [你好, 在的, 好的呀, {near}]
"""
FACTS = {
    "family": "sample",
    "name": "word",
    "severity": "block",
    "terms": "秘密暗号",
    "allow": "",
    "violates": "说秘密暗号, 秘密暗号一, 秘密暗号二, 秘密暗号三, secret 秘密暗号",
    "near": "秘密花园, 暗号不对",
}
PACK = "name: p\neffective: 2026-11-01\nfamilies: [sample]\n"


def folder(root: Path, *rules: dict[str, str], pack: str = PACK, everyday: str = "你好呀\n") -> Path:
    for changes in rules or ({},):
        facts = {**FACTS, **changes}
        place = root / "rules" / facts["family"]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{facts['name']}.yaml").write_text(GOOD.format(**facts), encoding="utf-8")
    (root / "packs").mkdir(exist_ok=True)
    (root / "packs/p.yaml").write_text(pack, encoding="utf-8")
    (root / "everyday").mkdir(exist_ok=True)
    (root / "everyday/zh.txt").write_text(everyday, encoding="utf-8")
    return root


def said(findings: list[LintFinding], level: str) -> list[str]:
    return [f"{finding.file.name}:{finding.line}: {finding.text}" for finding in findings if finding.level == level]


def only(findings: list[LintFinding], level: str, words: str) -> LintFinding:
    (found,) = [finding for finding in findings if finding.level == level and words in finding.text]
    return found


def test_a_good_folder_has_nothing_to_remark(tmp_path: Path) -> None:
    assert lint([folder(tmp_path)]) == []


def test_every_remark_is_there_in_chinese_too(tmp_path: Path) -> None:
    poor = {"terms": "秘密暗号, 秘密暗号", "violates": "秘密暗号, 秘密暗号", "near": "在的", "allow": "别的"}
    findings = lint([folder(tmp_path, poor)])
    assert len(findings) > 3
    assert all(finding.zh and finding.zh != finding.text for finding in findings)


@pytest.mark.parametrize(
    ("changes", "level", "words", "line"),
    [
        ({"violates": "秘密暗号"}, "error", "1 cases under 'violates', at least 5", 13),
        ({"violates": FACTS["violates"] + ", 说秘密暗号"}, "error", "the same case stands twice", 13),
        ({"near": "秘密花园, 说秘密暗号"}, "error", "the same case violates and is allowed", 14),
        ({"terms": "秘密暗号, 秘密 暗号, 秘密暗号"}, "error", "term '秘密暗号' stands twice", 10),
        ({"terms": '秘密暗号, "。。"'}, "error", "no letter, digit or sign", 10),
        ({"near": "没关系, 明白了"}, "note", "add near misses", 14),
        ({"allow": "普通的话"}, "note", "'普通的话' touches no term", 11),
    ],
)
def test_one_rule(tmp_path: Path, changes: dict[str, str], level: str, words: str, line: int) -> None:
    finding = only(lint([folder(tmp_path, changes)]), level, words)
    assert (finding.file.name, finding.line) == ("word.yaml", line)


def test_an_allow_literal_that_overlaps_a_term_is_fine(tmp_path: Path) -> None:
    assert lint([folder(tmp_path, {"allow": "秘密暗号本, 号码"})]) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("zh: 说了暗号", "zh: says it", "reason.zh has no Chinese"),
        ("en: say it differently", "en: 请换个说法", "suggestion.en is not English"),
        ("source: a test", "source: TODO", "source is still to be written"),
        ("source: a test", "source: a test\nlanguages: [zh]", "language en is missing"),
        ("id: sample.word", "id: sample.other", "should be sample/other.yaml"),
    ],
)
def test_words_and_names(tmp_path: Path, before: str, after: str, words: str) -> None:
    folder(tmp_path)
    path = tmp_path / "rules/sample/word.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    only(lint([tmp_path]), "error", words)


@pytest.mark.parametrize(("pattern", "fine"), [("[a-z]+ .* [0-9]+", False), ("(?:加|添加)我[^,]{0,4}群", True)])
def test_a_pattern_names_a_word(tmp_path: Path, pattern: str, fine: bool) -> None:
    folder(tmp_path)
    path = tmp_path / "rules/sample/word.yaml"
    text = path.read_text(encoding="utf-8") + ""
    more = f"  - kind: pattern\n    patterns: ['{pattern}']\nallow:"
    path.write_text(text.replace("allow:", more), encoding="utf-8")
    found = [finding for finding in lint([tmp_path]) if "must stand in every match" in finding.text]
    assert [finding.line for finding in found] == ([] if fine else [12])


def test_a_rule_in_the_shadow_of_another_is_told(tmp_path: Path) -> None:
    wide = {"name": "wide", "terms": "暗号", "near": "秘密花园, 暗语"}
    narrow = {"name": "narrow"}
    finding = only(lint([folder(tmp_path, wide, narrow)]), "note", "also found by 'sample.wide'")
    assert finding.file.name == "narrow.yaml"


def test_a_weaker_rule_throws_no_shadow(tmp_path: Path) -> None:
    wide = {"name": "wide", "terms": "暗号", "severity": "warn", "near": "秘密花园, 暗语"}
    findings = lint([folder(tmp_path, wide, {"name": "narrow"})])
    assert only(findings, "note", "also found by").file.name == "wide.yaml"


def test_shadows_reach_over_families(tmp_path: Path) -> None:
    wide = {"family": "other", "name": "wide", "terms": "暗号", "near": "秘密花园, 暗语"}
    pack = PACK.replace("[sample]", "[sample, other]")
    only(lint([folder(tmp_path, wide, {}, pack=pack)]), "note", "also found by 'other.wide'")


def test_one_case_of_its_own_is_enough_to_stand_in_the_light(tmp_path: Path) -> None:
    wide = {"name": "wide", "terms": "暗号", "near": "秘密花园, 暗语"}
    narrow = {"name": "narrow", "terms": "秘密暗号, 芝麻开门", "violates": FACTS["violates"] + ", 芝麻开门"}
    findings = lint([folder(tmp_path, wide, narrow)])
    assert "also found by 'sample.wide'" not in str(findings)


def test_a_term_in_two_rules_is_told_on_the_second(tmp_path: Path) -> None:
    findings = lint([folder(tmp_path, {"name": "first"}, {"name": "second"})])
    assert only(findings, "note", "also stands in 'sample.first'").file.name == "second.yaml"


def test_a_block_that_hits_everyday_messages_is_too_broad(tmp_path: Path) -> None:
    broad = {"terms": "秘密暗号, 发货", "near": "秘密花园, 暗号不对"}
    finding = only(lint([folder(tmp_path, broad, everyday="今天发货\n明天发货\n在的\n")]), "error", "'发货' hits")
    assert finding.line == 10
    assert "今天发货" in finding.text


def test_a_warning_may_hit_a_few_everyday_messages(tmp_path: Path) -> None:
    broad = {"terms": "秘密暗号, 发货", "severity": "warn"}
    rare = lint([folder(tmp_path / "a", broad, everyday="今天发货\n" + "".join(f"在的{n}\n" for n in range(999)))])
    often = lint([folder(tmp_path / "b", broad, everyday="今天发货\n在的\n")])
    assert (said(rare, "error"), len(said(rare, "note"))) == ([], 1)
    only(often, "error", "'发货' hits 1 of 2 everyday messages")


def test_a_suggestion_that_is_itself_a_violation_is_told(tmp_path: Path) -> None:
    folder(tmp_path)
    path = tmp_path / "rules/sample/word.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("请换个说法", "请说秘密暗号"), encoding="utf-8")
    assert only(lint([tmp_path]), "error", "suggestion is itself blocked by 'sample.word'").line == 6


def test_a_replaced_rule_is_noted_and_a_weakened_block_is_an_error(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped")
    same = lint([shipped, folder(tmp_path / "same")])
    assert "replaces the rule in" in only(same, "note", "replaces").text
    weak = lint([shipped, folder(tmp_path / "weak", {"severity": "warn"})])
    assert only(weak, "error", "weakens block to warn").line == 3


def test_a_block_weakened_in_a_pack_needs_a_reason_and_is_noted_with_one(tmp_path: Path) -> None:
    silent = PACK + "rules:\n  sample.word: {severity: warn}\n"
    finding = only(lint([folder(tmp_path / "a", pack=silent)]), "error", "without a reason")
    assert (finding.file.name, finding.line) == ("p.yaml", 5)
    told = PACK + "rules:\n  sample.word: {severity: warn, reason: we sell it}\n"
    only(lint([folder(tmp_path / "b", pack=told)]), "note", "is only warn: we sell it")
    off = PACK + "rules:\n  sample.word: {enabled: false, reason: we sell it}\n"
    only(lint([folder(tmp_path / "c", pack=off)]), "note", "is switched off: we sell it")


def test_a_rule_in_no_pack_is_noted(tmp_path: Path) -> None:
    rules = ({}, {"family": "lonely", "name": "rule", "terms": "孤独", "violates": "孤独一, 孤独二"})
    only(lint([folder(tmp_path, *rules)]), "note", "'lonely.rule' is in no pack")


def test_all_unreadable_files_are_told_at_once(tmp_path: Path) -> None:
    folder(tmp_path, {"name": "a"}, {"name": "b"}, {"name": "c"})
    for name, text in (("a", "id: [x"), ("b", "severty: block\n")):
        (tmp_path / f"rules/sample/{name}.yaml").write_text(text, encoding="utf-8")
    assert [line.split(":")[0] for line in said(lint([tmp_path]), "error")] == ["a.yaml", "b.yaml"]


def test_within_a_folder_only_its_own_files_are_remarked(tmp_path: Path) -> None:
    other = folder(tmp_path / "other", {"violates": "秘密暗号"})
    mine = folder(tmp_path / "mine", {"name": "mine", "terms": "另一个", "violates": "另一个"})
    findings = lint([other, mine], within=mine)
    assert findings
    assert all(finding.file.is_relative_to(mine) for finding in findings)
