"""Files that people write: errors name file, line and remedy; layers, dates, cache and failing checks."""

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from copilot.domain.errors import BadConfiguration, PolicyFileError
from copilot.policy import CheckContext, Origin, Pack, load_pack
from copilot.policy.compile import compile_rules
from copilot.policy.learned import load_learned
from copilot.policy.lint import lint
from copilot.policy.load import open_folders
from copilot.policy.model import FoldFile

RULE = """\
id: off_platform.sample
family: off_platform
severity: block
reason: {zh: 原因, en: reason}
source: a test
suggestion: {zh: 建议, en: suggestion}
matchers:
  - kind: terms
    views: [base, compact]
    terms: [秘密暗号]
cases:
  violates: [说秘密暗号, 秘密暗号一, 秘密暗号二, 秘密暗号三, 秘 密 暗 号]
  allowed: [你好, 在的, 好的, 秘密, 暗号]
"""
PACK = "name: p\neffective: 2026-11-01\nfamilies: [off_platform]\n"
FOLD = "lists:\n  refusal: [不能]\n"


def _folder(root: Path, rule: str = RULE, pack: str = PACK, name: str = "sample") -> Path:
    for kind in ("rules/off_platform", "packs", "fold"):
        (root / kind).mkdir(parents=True, exist_ok=True)
    (root / "rules/off_platform" / f"{name}.yaml").write_text(rule, encoding="utf-8")
    (root / "packs/p.yaml").write_text(pack, encoding="utf-8")
    (root / "fold/f.yaml").write_text(FOLD, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("severity: block", "severty: block"), 3, ["unknown key 'severty'", "severity"]),
        (("    terms:", "    term:"), 10, ["'term'", "terms"]),
        (("severity: block", "severity: stop"), 3, ["severity"]),
        (("kind: terms", "kind: words"), 8, ["matchers"]),
        (("id: off_platform.sample", "id: blame.sample"), 1, ["family"]),
        (("source: a test", "source: a test\nsource: b"), 6, ["stands twice"]),
        (("source: a test", "source: [a"), 6, ["not valid YAML"]),
    ],
)
def test_a_wrong_file_is_told_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, words: list[str]
) -> None:
    folder = _folder(tmp_path, RULE.replace(*change))
    with pytest.raises(PolicyFileError) as caught:
        load_pack("p", [folder])
    assert f"sample.yaml:{line}:" in str(caught.value)
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("severity: block", "severity: bloc"), 3, ["'bloc' is not known", "did you mean 'block'", "warn, info"]),
        (("severity: block", "severity: no"), 3, ["'false' is not known", "block, warn, info"]),
        (("[base, compact]", "[base, compct]"), 9, ["views.1", "did you mean 'compact'"]),
        (("[base, compact]", "base"), 9, ["must be a list, not text", "[ … ]"]),
        (("kind: terms", "kind: term"), 8, ["'term' is not known", "did you mean 'terms'"]),
        (("kind: terms", "knd: terms"), 8, ["'kind' is missing", "'knd'"]),
        (("[秘密暗号]", "[on]"), 10, ["must be text, not true", "put it in quotes"]),
        (("[秘密暗号]", "[1688]"), 10, ["must be text, not the number 1688", "put it in quotes"]),
        (("[秘密暗号]", "[]"), 10, ["must not be empty"]),
        (("[说秘密暗号,", "[{txt: 秘密},"), 12, ["unknown key 'txt'", "did you mean 'text'"]),
        (("[说秘密暗号,", "[{span: 秘密},"), 12, ["key 'text' is missing"]),
        (("  violates", "\tviolates"), 12, ["a tab stands", "blanks"]),
        (("source: a test", "source: @test"), 5, ["cannot begin with @", "quotes"]),
        (("source: a test", "source:"), 5, ["must be text, not empty"]),
        (("source: a test", "source: a test\nsource: b"), 6, ["'source' stands twice (also in line 5)"]),
        (("{zh: 原因, en: reason}", "原因"), 4, ["must be a mapping"]),
        (("{zh: 原因, en: reason}", "{zh: 原因}"), 4, ["key 'en' is missing"]),
        (("cases:", "---\ncases:"), 11, ["a second document begins here"]),
        (("source: a test", "source: &a [*a]"), 5, ["too deep"]),
    ],
)
def test_a_mistake_is_told_in_words_that_help(
    tmp_path: Path, change: tuple[str, str], line: int, words: list[str]
) -> None:
    assert change[0] in RULE
    test_a_wrong_file_is_told_with_its_line(tmp_path, change, line, words)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("2026-11-01", "soon"), 2, ["must be a date such as 2026-11-01"]),
        (("families: [off_platform]", "familis: [off_platform]"), 3, ["'familis'", "families"]),
        (("[off_platform]", "[off_platfrm]"), 3, ["no rule of family 'off_platfrm'"]),
        (("[off_platform]", "[off_platform]\nrules: {off_platform.smple: {severity: warn}}"), 4, ["unknown rule"]),
        (("[off_platform]", "[off_platform]\nrules: {off_platform.sample: {severity: wrn}}"), 4, ["mean 'warn'"]),
    ],
)
def test_a_wrong_pack_is_told_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, words: list[str]
) -> None:
    with pytest.raises(PolicyFileError) as caught:
        load_pack("p", [_folder(tmp_path, pack=PACK.replace(*change))])
    assert f"p.yaml:{line}:" in str(caught.value)
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "packs/p.yaml").write_bytes(PACK.encode() + b"# \xff\n")
    with pytest.raises(PolicyFileError, match=r"p.yaml:1: is not UTF-8; save it as UTF-8"):
        load_pack("p", [folder])


@pytest.mark.parametrize("pattern", [r"(?<=加)微", r"(?!x)y", r"(a)\1"])
def test_look_arounds_and_back_references_are_refused_with_a_remedy(tmp_path: Path, pattern: str) -> None:
    rule = RULE.replace(
        "  - kind: terms\n    views: [base, compact]\n    terms: [秘密暗号]",
        f"  - kind: pattern\n    patterns: ['{pattern}']",
    )
    with pytest.raises(PolicyFileError, match=r"sample.yaml:9: .*unless_before"):
        load_pack("p", [_folder(tmp_path, rule)])


def test_an_unknown_pack_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="known packs: p"):
        load_pack("q", [_folder(tmp_path)])


def test_no_rules_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="no policy rules"):
        load_pack("p", [tmp_path])


def test_an_unknown_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match=r"sample.yaml:14: unknown list '@nothing'"):
        load_pack("p", [_folder(tmp_path, RULE + 'unless_before: ["@nothing"]\n')])


def test_a_later_folder_overrides_a_rule_by_its_id(tmp_path: Path) -> None:
    first = _folder(tmp_path / "a")
    second = _folder(tmp_path / "b", RULE.replace("severity: block", "severity: warn"))
    assert load_pack("p", [first]).check("秘密暗号").decision == "block"
    assert load_pack("p", [first, second]).check("秘密暗号").decision == "warn"


def test_a_block_is_switched_off_only_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match=r"p.yaml:5: .*without a reason"):
        load_pack("p", [_folder(tmp_path, pack=PACK + "rules:\n  off_platform.sample: {enabled: false}\n")])
    reason = "rules:\n  off_platform.sample: {enabled: false, reason: our own app}\n"
    folder = _folder(tmp_path, pack=PACK + reason)
    assert load_pack("p", [folder]).check("秘密暗号").decision == "pass"
    assert any("switched off: our own app" in finding.text for finding in lint([folder]))


def test_the_pack_in_force_is_chosen_by_date(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "packs/p@2027.yaml").write_text(PACK.replace("2026-11", "2027-02"), encoding="utf-8")
    assert load_pack("p", [folder]).name == "p@2027-02"
    assert load_pack("p", [folder], at=date(2026, 12, 1)).name == "p@2026-11"
    assert load_pack("p", [folder], at=date(2020, 1, 1)).name == "p@2026-11"
    assert load_pack("p@2026-11", [folder]).name == "p@2026-11"


def test_lint_tells_what_loading_tolerates(tmp_path: Path) -> None:
    poor = RULE.replace("[你好, 在的, 好的, 秘密, 暗号]", "[你好]").replace("[秘密暗号]", "[秘密暗号, 秘密暗号]")
    texts = [finding.text for finding in lint([_folder(tmp_path, "languages: [zh]\n" + poor)])]
    assert any("at least 5" in text for text in texts)
    assert any("stands twice" in text for text in texts)
    assert any("language en" in text for text in texts)


def test_the_same_id_twice_in_a_folder_is_an_error(tmp_path: Path) -> None:
    _folder(tmp_path)
    with pytest.raises(PolicyFileError, match="is also in"):
        load_pack("p", [_folder(tmp_path, name="second")])


def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    folder, cache = _folder(tmp_path / "p"), tmp_path / "cache"
    first = load_pack("p", [folder], cache_dir=cache)
    (file,) = cache.iterdir()
    sound = file.read_bytes()
    for damage in (sound[:-9], b"", b"x" * 200, sound.replace("秘密暗号".encode(), "秘密暗语".encode())):
        file.write_bytes(damage)
        again = load_pack("p", [folder], cache_dir=cache)
        assert again.check("秘密暗号").decision == "block"
        assert again.hash == first.hash
        assert file.read_bytes() == sound


def test_a_change_of_a_rule_is_never_served_from_the_cache(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    before = load_pack("p", [_folder(tmp_path / "p")], cache_dir=cache)
    after = load_pack("p", [_folder(tmp_path / "p", RULE.replace("秘密暗号", "另外的话"))], cache_dir=cache)
    assert after.check("秘密暗号").decision == "pass"
    assert before.hash != after.hash


def test_writers_at_once_leave_a_sound_cache(tmp_path: Path) -> None:
    folder, cache = _folder(tmp_path / "p"), tmp_path / "cache"
    threads = [threading.Thread(target=load_pack, args=("p", [folder], None, cache)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.suffix for path in cache.iterdir()] == [".json"]
    assert load_pack("p", [folder], cache_dir=cache).check("秘密暗号").decision == "block"


def test_a_cache_that_cannot_be_written_costs_no_verdict(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert load_pack("p", [_folder(tmp_path / "p")], cache_dir=blocked / "cache").check("秘密暗号").decision == "block"


def test_an_exception_in_one_rule_blocks_and_names_it(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = next(judge for judge in pack._judges if judge.rule.id == "off_platform.link")

    def broken(*_: object) -> list[object]:
        raise RuntimeError("secret words of a buyer")

    monkeypatch.setattr(judge, "found", broken)
    verdict = pack.check("在的,您看 www.mystore.top")
    assert verdict.decision == "block"
    (finding,) = verdict.findings
    assert finding.rule == "off_platform.link"
    assert "RuntimeError" in finding.reason
    assert "secret" not in finding.reason


def test_an_exception_before_the_rules_blocks(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "_scanner", None)
    verdict = pack.check("在的")
    assert (verdict.decision, verdict.findings[0].rule) == ("block", "policy.engine")


def test_rules_without_their_context_are_listed_and_silent(pack: Pack) -> None:
    verdict = pack.check("退您29.95元")
    assert verdict.findings == ()
    assert verdict.not_judged["false_promise.ungrounded"] == "no_claims"
    assert verdict.not_judged["empathy.missing"] == "not_asked"


def test_a_search_that_breaks_leaves_each_text_its_verdict(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["在的", "加我微信kf889"] * 300
    alone = {text: pack.check(text) for text in set(texts)}
    expected = [alone[text] for text in texts]
    pack.check_many(texts)

    def broken(*_: object) -> None:
        raise RuntimeError

    assert pack._searches
    for search in pack._searches.values():
        monkeypatch.setattr(search, "woken", broken)
    assert pack.check_many(texts) == expected


def test_the_hash_names_all_that_a_verdict_depends_on() -> None:
    compiled = compile_rules([], FoldFile(), {})
    plain = Pack("p", compiled, limits={}, domains=())
    fold = FoldFile(looks_like={"ν": "v"})
    others = [
        Pack("p", compile_rules([], fold, {}), limits={}, domains=()),
        Pack("p", compiled, limits={}, domains=(), market="cn"),
        Pack("p", compiled, limits={"max_chars": 3}, domains=()),
        Pack("p", compiled, limits={}, domains=("shop.example",)),
    ]
    assert plain.hash == Pack("p", compiled, limits={}, domains=()).hash
    assert len({plain.hash, *(pack.hash for pack in others)}) == 5


def test_a_model_that_learnt_something_else_changes_the_hash(folders: tuple[Path, ...]) -> None:
    learned = load_learned(folders)
    assert learned is not None
    opened = open_folders(folders)
    rules = [sourced.rule for name, sourced in opened.rules().items() if name.endswith(".wording")]
    compiled = compile_rules(rules, opened.fold(), {})
    models = (learned, replace(learned, digest="another"))
    assert len({Pack("p", compiled, limits={}, domains=(), learned=model).hash for model in models}) == 2


def test_a_question_nobody_answered_is_listed_and_silences_nothing(tmp_path: Path) -> None:
    asked = RULE.replace("matchers:", "matchers:\n  - {kind: judge, question: {zh: 是否, en: does it}}")
    pack = load_pack("p", [_folder(tmp_path, asked)])
    silent = pack.check("你好")
    assert (silent.decision, silent.not_judged) == ("pass", {"off_platform.sample": "no_judgements"})
    assert pack.check("秘密暗号").decision == "block"
    answered = pack.check("你好", CheckContext(judgements={"off_platform.sample": False}))
    assert (answered.decision, answered.not_judged) == ("pass", {})
    assert pack.check("你好", CheckContext(judgements={"off_platform.sample": True})).decision == "block"


_LONG = "这款有灰白两色，尺码偏大一点，下单后明天发出，包裹里附有安装说明和备用螺丝，有问题在这里找我就可以，谢谢"


def test_a_limit_comes_from_the_profile(folders: tuple[Path, ...], compiled: Path) -> None:
    assert "length.max_chars" in load_pack("generic", folders, cache_dir=compiled).check(_LONG[:50]).not_judged
    limited = load_pack("generic", folders, cache_dir=compiled, profile_values={"message.max_chars": 40})
    assert limited.check(_LONG[:40]).findings == ()
    (finding,) = limited.check(_LONG[:50]).findings
    assert (finding.rule, finding.start, finding.end) == ("length.max_chars", 40, 50)
    assert limited.check(_LONG[:20], CheckContext(origin=Origin.DRAFT, limits={"max_chars": 10})).decision == "block"
