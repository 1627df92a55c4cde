"""Writing rules: the public test helpers, new files, schemas, explanations, and packs that extend others."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

from copilot.assets import policy_folders
from copilot.domain.errors import BadInput, PolicyFileError
from copilot.domain.verdict import Severity
from copilot.policy import load_pack
from copilot.policy.explain import explain
from copilot.policy.lint import lint
from copilot.policy.load import platform_of
from copilot.policy.new import write_rule
from copilot.policy.schema import KEYS, MODELS, schema
from copilot.policy.testing import RuleCase, assert_case, cases, crossings, run_cases
from tests.conftest import ROOT

EXAMPLE = ROOT / "docs/examples/my-shop"
RULE = """\
id: {id}
family: {family}
severity: {severity}
reason: {{zh: 原因, en: reason}}
source: a test
suggestion: {{zh: 建议, en: suggestion}}
matchers:
  - {{kind: terms, terms: [{term}]}}
cases:
  violates: [{violates}]
  allowed: [{allowed}]
"""


def _rule(
    root: Path, rule_id: str, term: str, violates: str, allowed: str, severity: str = "block", more: str = ""
) -> Path:
    family, name = rule_id.split(".")
    path = root / "rules" / family / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = RULE.format(id=rule_id, family=family, severity=severity, term=term, violates=violates, allowed=allowed)
    path.write_text(text + more, encoding="utf-8")
    return path


def _pack(root: Path, name: str, text: str) -> None:
    (root / "packs").mkdir(parents=True, exist_ok=True)
    (root / "packs" / f"{name}.yaml").write_text(text, encoding="utf-8")


# Cases.


@pytest.mark.parametrize("case", cases(policy_folders([EXAMPLE]), within=EXAMPLE), ids=str)
def test_the_example_of_the_tutorial_holds(case: RuleCase) -> None:
    assert_case(case)


def test_a_third_party_runs_the_example_with_its_own_pytest(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    shutil.copytree(EXAMPLE, folder)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert f"{len(cases(policy_folders([EXAMPLE]), within=EXAMPLE))} passed" in done.stdout


def test_a_case_has_a_name_and_a_place(tmp_path: Path) -> None:
    _rule(tmp_path, "sample.word", "暗号", "[一暗号, 二暗号]"[1:-1], "你好")
    names = [str(case) for case in cases([tmp_path])]
    assert names == ["sample.word-violates-1", "sample.word-violates-2", "sample.word-allowed-1"]
    assert cases([tmp_path])[1].place.endswith("sample/word.yaml:10")


def test_a_failing_case_says_where_and_what_was_seen(tmp_path: Path) -> None:
    _rule(tmp_path, "sample.word", "暗号", "没有", "说暗号吧")
    silent, fired = cases([tmp_path])
    with pytest.raises(AssertionError, match=r"word.yaml:10: sample.word: '没有' should fire, but saw nothing"):
        assert_case(silent)
    with pytest.raises(AssertionError, match=r"word.yaml:11: .* should stay quiet, but saw 1–3 '暗号'"):
        assert_case(fired)
    said = silent.judge().said
    assert said is not None
    assert said.zh == "应当触发，却什么也没看到"


def test_a_wrong_span_is_a_failure(tmp_path: Path) -> None:
    _rule(tmp_path, "sample.word", "暗号", "{text: 说暗号吧, span: 说暗号}", "你好")
    (result, _) = run_cases([tmp_path])
    assert result.problem == "should see '说暗号', but saw 1–3 '暗号'"


def test_a_case_that_cannot_be_judged_says_what_it_lacks(tmp_path: Path) -> None:
    path = _rule(tmp_path, "sample.money", "退", "退您200元", "你好")
    matcher = "{kind: amount_over, needs: {words: [退]}}"
    text = path.read_text(encoding="utf-8").replace("{kind: terms, terms: [退]}", matcher)
    path.write_text(text, encoding="utf-8")
    result = next(run_cases([tmp_path]))
    assert result.problem is not None
    assert "no_authority" in result.problem
    path.write_text(text.replace("[退您200元]", "[{text: 退您200元, authority: 80 CNY}]"), encoding="utf-8")
    assert next(run_cases([tmp_path])).passed


def test_cases_can_be_chosen_by_rule_family_and_folder(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    _rule(first, "one.a", "暗号", "暗号", "你好")
    _rule(first, "one.b", "口令", "口令", "你好")
    _rule(second, "two.a", "密语", "密语", "你好")

    def ids(*arguments: object, **more: Path) -> set[str]:
        return {case.rule.id for case in cases([first, second], *arguments, **more)}  # type: ignore[arg-type]

    assert ids() == {"one.a", "one.b", "two.a"}
    assert ids("one.b") == {"one.b"}
    assert ids("one") == {"one.a", "one.b"}
    assert ids(within=second) == {"two.a"}
    with pytest.raises(BadInput, match=r"did you mean 'one.b'"):
        ids("one.bb")


def test_a_rule_is_judged_alone(tmp_path: Path) -> None:
    _rule(tmp_path, "one.wide", "说暗号吧", "说暗号吧", "你好")
    _rule(tmp_path, "one.narrow", "暗号", "说暗号吧", "你好", severity="warn")
    assert all(result.passed for result in run_cases([tmp_path]))


def test_an_allowed_case_that_another_rule_blocks_is_a_crossing(tmp_path: Path) -> None:
    _rule(tmp_path, "one.a", "暗号", "说暗号", "说口令")
    _rule(tmp_path, "two.b", "口令", "说的口令", "你好")
    (crossing,) = crossings(cases([tmp_path]))
    assert (crossing.case.rule.id, crossing.finding.rule, crossing.finding.text) == ("one.a", "two.b", "口令")
    _rule(tmp_path, "two.b", "口令", "说口令", "你好")
    assert crossings(cases([tmp_path])) == [], "the other rule says so itself"
    _rule(tmp_path, "two.b", "口令", "说的口令", "你好", severity="warn")
    assert crossings(cases([tmp_path])) == [], "a warning holds nothing"


# New files.


def test_a_new_rule_loads_and_fails_lint_until_it_is_filled_in(tmp_path: Path) -> None:
    path = write_rule(tmp_path, "house.style", json.dumps(schema("rule")))
    text = path.read_text(encoding="utf-8")
    hint = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / hint).resolve() == tmp_path / "schemas/rule.json"
    jsonschema.Draft202012Validator(schema("rule")).validate(yaml.safe_load(text))
    (tmp_path / "fold").symlink_to(ROOT / "policies/fold")
    open_places = [finding for finding in lint([tmp_path]) if "TODO" in finding.text]
    assert {"source", "terms", "violates", "reason", "suggestion"} <= {
        part for finding in open_places for part in finding.text.split()[0].split(".")
    }


def test_a_new_rule_holds_no_text_before_it_is_filled_in(tmp_path: Path) -> None:
    write_rule(tmp_path, "one.fresh", "{}")
    (tmp_path / "fold").symlink_to(ROOT / "policies/fold")
    _pack(tmp_path, "p", "name: p\neffective: 2026-01-01\nfamilies: [one]\n")
    pack = load_pack("p", [tmp_path])
    assert pack.check("está todo bien, TODO listo").findings == ()


def test_a_new_rule_never_overwrites(tmp_path: Path) -> None:
    path = write_rule(tmp_path, "house.style", "{}")
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="is there already"):
        write_rule(tmp_path, "house.style", "{}")
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("rule_id", ["style", "House.style", "house.style.more", "../x.y", "house."])
def test_what_is_no_id_is_refused(tmp_path: Path, rule_id: str) -> None:
    with pytest.raises(BadInput, match="is no rule id"):
        write_rule(tmp_path, rule_id, "{}")
    assert list(tmp_path.iterdir()) == []


# Schemas.


def test_every_key_has_a_description_in_both_languages() -> None:
    for kind, model in MODELS.items():
        made = schema(kind)
        for name, definition in {model.__name__: made, **made["$defs"]}.items() if "$defs" in made else ():
            for key, told in definition.get("properties", {}).items():
                words = told.get("description", "")
                assert any(character.isascii() and character.isalpha() for character in words), (kind, name, key)
                assert any("\u4e00" <= character <= "\u9fff" for character in words), (kind, name, key)


def test_descriptions_name_only_keys_that_exist() -> None:
    known: dict[str, set[str]] = {}
    for kind, model in MODELS.items():
        made = schema(kind)
        for name, definition in {model.__name__: made, **made.get("$defs", {})}.items():
            known[name] = set(definition.get("properties", {}))
    assert {name: set(words) - known[name] for name, words in KEYS.items() if set(words) - known[name]} == {}


# Explanations.


def test_layers_are_told_from_the_bottom_up(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    _rule(first, "one.a", "暗号", "暗号", "你好")
    _rule(second, "one.a", "暗号", "暗号", "你好", severity="warn")
    told = explain("one.a", [first, second])
    assert [layer["severity"] for layer in told["layers"]] == ["block", "warn"]  # type: ignore[index,call-overload,union-attr]
    assert told["file"] == f"{second}/rules/one/a.yaml:1"


def test_packs_tell_since_when_a_rule_is_in_force(tmp_path: Path) -> None:
    _rule(tmp_path, "one.a", "暗号", "暗号", "你好")
    _rule(tmp_path, "two.b", "口令", "口令", "你好")
    _pack(tmp_path, "p@1", "name: p\neffective: 2026-01-01\nfamilies: [two]\n")
    _pack(tmp_path, "p@2", "name: p\neffective: 2026-02-01\nfamilies: [one, two]\n")
    _pack(tmp_path, "p@3", "name: p\neffective: 2026-03-01\nfamilies: [one, two]\n")
    off = "rules:\n  one.a: {enabled: false, reason: a trial}\n"
    _pack(tmp_path, "q", f"name: q\neffective: 2026-01-01\nfamilies: [one]\n{off}")
    packs = explain("one.a", [tmp_path])["packs"]
    assert isinstance(packs, dict)
    assert packs["p"] == {
        "enabled": True, "severity": "block", "reason": None, "since": "2026-02-01", "edition": "p@2026-03",
        "file": f"{tmp_path}/packs/p@3.yaml:3", "extends": None,
    }  # fmt: skip
    assert packs["q"]["enabled"] is False  # type: ignore[index,call-overload]
    assert (packs["q"]["since"], packs["q"]["reason"]) == (None, "a trial")  # type: ignore[index,call-overload]
    assert packs["q"]["file"] == f"{tmp_path}/packs/q.yaml:5"  # type: ignore[index,call-overload]


# Packs that extend others.

BASE = "name: base.cn\neffective: 2026-01-01\nfamilies: [one]\nlimits: {max_chars: 100, other: 7}\ndomains: [a.com]\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    _rule(tmp_path, "one.a", "暗号", "暗号", "你好")
    _rule(tmp_path, "one.b", "口令", "口令", "你好", severity="warn")
    _rule(tmp_path, "two.c", "密语", "密语", "你好")
    _pack(tmp_path, "base.cn", BASE)
    return tmp_path


def _extend(shop: Path, more: str, name: str = "mine", effective: str = "2026-02-01", extends: str = "base.cn") -> None:
    _pack(shop, name, f"name: {name}\neffective: {effective}\nextends: {extends}\n{more}")


def test_a_pack_extends_another_with_two_changes(shop: Path) -> None:
    changes = "rules:\n  one.a: {severity: warn, reason: we sell it}\n  one.b: {severity: block}\n"
    _extend(shop, f"families: [two]\nlimits: {{max_chars: 50}}\ndomains: [b.com]\n{changes}")
    pack = load_pack("mine", [shop])
    assert {rule.id: rule.severity for rule in pack.rules} == {
        "one.a": Severity.WARN,
        "one.b": Severity.BLOCK,
        "two.c": Severity.BLOCK,
    }
    assert (pack.name, pack.limits, pack.domains) == ("mine@2026-02", {"max_chars": 50, "other": 7}, ("a.com", "b.com"))
    assert pack.market == "cn"
    assert platform_of("mine", [shop], None) == "base.cn"
    assert load_pack("base.cn", [shop]).check("暗号").decision == "block"


def test_a_block_of_the_base_is_weakened_only_with_a_reason(shop: Path) -> None:
    _extend(shop, "rules:\n  one.a: {severity: warn}\n")
    with pytest.raises(PolicyFileError, match=r"mine.yaml:5: .*without a reason"):
        load_pack("mine", [shop])


def test_the_base_is_the_edition_in_force(shop: Path) -> None:
    _pack(shop, "base.cn@later", BASE.replace("2026-01-01", "2026-06-01").replace("[one]", "[two]"))
    _extend(shop, "")
    assert {rule.family for rule in load_pack("mine", [shop], at=date(2026, 3, 1)).rules} == {"one"}
    assert {rule.family for rule in load_pack("mine", [shop], at=date(2026, 7, 1)).rules} == {"two"}
    _extend(shop, "", extends="base.cn@2026-01")
    assert {rule.family for rule in load_pack("mine", [shop], at=date(2026, 7, 1)).rules} == {"one"}


def test_the_cache_tells_editions_of_the_base_apart(shop: Path, tmp_path: Path) -> None:
    _pack(shop, "base.cn@later", BASE.replace("2026-01-01", "2026-06-01").replace("[one]", "[two]"))
    _extend(shop, "")
    cache = tmp_path / "cache"
    before = load_pack("mine", [shop], at=date(2026, 3, 1), cache_dir=cache)
    after = load_pack("mine", [shop], at=date(2026, 7, 1), cache_dir=cache)
    assert (before.check("密语").decision, after.check("密语").decision) == ("pass", "block")


def test_a_new_edition_may_extend_the_old_one_of_the_same_name(shop: Path) -> None:
    _extend(shop, "families: [two]\n", name="base.cn", effective="2026-05-01", extends="base.cn@2026-01")
    (shop / "packs/base.cn.yaml").rename(shop / "packs/base.cn@may.yaml")
    _pack(shop, "base.cn", BASE)
    assert {rule.family for rule in load_pack("base.cn", [shop]).rules} == {"one", "two"}
    assert {rule.family for rule in load_pack("base.cn", [shop], at=date(2026, 4, 1)).rules} == {"one"}


@pytest.mark.parametrize(
    ("extends", "words"),
    [("mine", "extends itself"), ("nowhere", "unknown policy pack 'nowhere'; known packs: base.cn")],
)
def test_an_extends_that_leads_nowhere_is_told_with_its_line(shop: Path, extends: str, words: str) -> None:
    _extend(shop, "", extends=extends)
    with pytest.raises(PolicyFileError, match=f"mine.yaml:3: .*{words}"):
        load_pack("mine", [shop])
    assert any(words.split(";")[0] in finding.text for finding in lint([shop]))


def test_two_packs_that_extend_each_other_are_refused(shop: Path) -> None:
    _extend(shop, "", name="first", extends="second")
    _extend(shop, "", name="second", extends="first")
    with pytest.raises(PolicyFileError, match="extends itself"):
        load_pack("first", [shop])


def test_a_pack_needs_families_or_a_base(shop: Path) -> None:
    _pack(shop, "bare", "name: bare\neffective: 2026-01-01\n")
    with pytest.raises(PolicyFileError, match="names families, or the pack that it extends"):
        load_pack("bare", [shop])
