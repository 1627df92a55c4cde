"""What a merchant's rules take away from the deployment's: told by rule, how, why and where; and what is pinned."""

from pathlib import Path

import pytest

from copilot.domain.errors import PolicyFileError
from copilot.policy import load_pack
from copilot.policy.load import PolicyFolders
from copilot.policy.pins import load_pins
from copilot.policy.weakening import Weakened, base_name, edition, weakened

RULE = """\
id: {id}
family: house
severity: {severity}
source: house rule
reason: {{zh: 不这样说, en: we do not say so}}
suggestion: {{zh: 换个说法, en: say it otherwise}}
matchers:
  - {{kind: terms, terms: [{terms}]}}
cases:
  violates: [{case}]
  allowed: [您好]
"""
PACK = "name: shop.cn\neffective: 2026-01-01\nfamilies: [house]\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rule(id: str, terms: str, case: str, severity: str = "block") -> dict[str, str]:
    name = f"rules/house/{id.partition('.')[2]}.yaml"
    return {name: RULE.format(id=id, terms=terms, case=case, severity=severity)}


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    files = {"packs/shop.cn.yaml": PACK, **rule("house.red", "红色杯子", "红色杯子有货")}
    return write(tmp_path / "ours", files | rule("house.blue", "蓝色杯子", "蓝色杯子有货"))


def found(ours: Path, theirs: Path, name: str = "shop.cn") -> list[Weakened]:
    own, both = (ours,), (ours, theirs)
    new = edition(both, name, None)
    base = base_name(own, name, new.pack.platform, None, "generic")
    before, after = load_pack(base, own), load_pack(name, both)
    return list(weakened(edition(own, base, None), new, before, after, own))


def test_more_rules_and_stricter_ones_weaken_nothing(ours: Path, tmp_path: Path) -> None:
    theirs = write(tmp_path / "theirs", rule("house.green", "绿色杯子", "绿色杯子有货"))
    write(theirs, rule("house.red", "红色杯子, 红杯子", "红杯子有货"))
    assert found(ours, theirs) == []


def test_a_pack_that_switches_off_or_warns_gives_its_reason_and_its_line(ours: Path, tmp_path: Path) -> None:
    changes = (
        "rules:\n  house.red: {enabled: false, reason: sold out}\n  house.blue: {severity: warn, reason: only a hint}\n"
    )
    theirs = write(tmp_path / "theirs", {"packs/shop.cn.yaml": PACK + changes})
    red, blue = sorted(found(ours, theirs), key=lambda one: one.rule, reverse=True)
    assert (red.rule, red.how, red.reason) == ("house.red", "off", "sold out")
    assert red.place == f"{theirs}/packs/shop.cn.yaml:5"
    assert (blue.rule, blue.how, blue.reason) == ("house.blue", "milder", "only a hint")


def test_a_family_left_out_is_switched_off_without_a_reason(ours: Path, tmp_path: Path) -> None:
    other = {
        "packs/shop.cn.yaml": PACK.replace("[house]", "[other]"),
        "rules/other/x.yaml": RULE.replace("family: house", "family: other").format(
            id="other.x", terms="黄色杯子", case="黄色杯子有货", severity="block"
        ),
    }
    weak = found(ours, write(tmp_path / "theirs", other))
    assert [(one.rule, one.how, one.reason) for one in weak] == [
        ("house.blue", "off", None),
        ("house.red", "off", None),
    ]
    assert weak[0].place.endswith("packs/shop.cn.yaml:3")


def test_a_replaced_rule_that_goes_blind_or_mild_is_told_with_its_file(ours: Path, tmp_path: Path) -> None:
    theirs = write(tmp_path / "theirs", rule("house.red", "深红色的大杯子", "深红色的大杯子有货"))
    write(theirs, rule("house.blue", "蓝色杯子", "蓝色杯子有货", "warn"))
    assert [(one.rule, one.how, one.place) for one in found(ours, theirs)] == [
        ("house.blue", "milder", f"{theirs}/rules/house/blue.yaml:3"),
        ("house.red", "blind", f"{theirs}/rules/house/red.yaml:7"),
    ]


def test_a_pack_of_their_own_is_held_to_the_platform_s(ours: Path, tmp_path: Path) -> None:
    text = (
        "name: theirs\neffective: 2026-01-01\nextends: shop.cn\n"
        "rules:\n  house.red: {enabled: false, reason: sold out}\n"
    )
    theirs = write(tmp_path / "theirs", {"packs/theirs.yaml": text})
    assert [(one.rule, one.reason) for one in found(ours, theirs, "theirs")] == [("house.red", "sold out")]


def test_pins_name_rules_or_families_and_nothing_else(ours: Path) -> None:
    rules = PolicyFolders((ours,)).rules()
    assert load_pins((ours,), rules) == {}
    write(ours, {"pinned.yaml": "pinned: {house: the platform fines it}\n"})
    assert load_pins((ours,), rules) == dict.fromkeys(("house.blue", "house.red"), "the platform fines it")
    write(ours, {"pinned.yaml": "pinned:\n  house.blue: law\n  house.rde: law\n"})
    with pytest.raises(PolicyFileError, match=r"pinned\.yaml:3: 'house\.rde' is no rule.*'house\.red'"):
        load_pins((ours,), rules)
    write(ours, {"pinned.yaml": "pined: {}\n"})
    with pytest.raises(PolicyFileError, match=r"pinned\.yaml:1: unknown key 'pined'"):
        load_pins((ours,), rules)
