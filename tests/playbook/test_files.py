"""Playbook, option and terms files: what people write, and what they are told when it is wrong."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from copilot import files
from copilot.domain.base import StrictShape
from copilot.domain.errors import BadConfiguration, BadInput, PolicyFileError
from copilot.playbook import lint, load_playbooks, load_terms
from copilot.playbook.conditions import Expression, ExpressionError, Missing
from copilot.playbook.logic import covered, excludes, implies, impossible


@pytest.fixture
def folder(a: Any, tmp_path: Path) -> Path:
    """A deployment's own folder with the shipped playbooks copied into it."""
    for name in ("playbooks", "terms"):
        shutil.copytree(a.POLICIES[0] / name, tmp_path / name)
    return tmp_path


def change(file: Path, old: str, new: str) -> int:
    """Replace ``old`` once; the line on which it stood."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_files_are_clean(a: Any) -> None:
    assert lint(a.POLICIES) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("empathy:", "emphaty:", "did you mean 'empathy'?"),
        ("issue: damaged", "issue: quality_defect", "must be 'damaged'"),
        ("when: after_sale.open", "when: after_sale.opne", "did you mean 'after_sale.open'?"),
        ("when: after_sale.open", "when: after_sale.open &&", "is no CEL expression"),
        (
            "options: [reship_pieces, reship, refund_pieces, refund_keep]",
            "options: [reshp, refund_keep]",
            "did you mean 'reship'?",
        ),
        ("title: {zh: 收到破损, en: Arrived damaged}", "title: {zh: 收到破损}", "title.en"),
        ("act: ask", "act: aks", "scenes.photo_missing.act"),
    ],
)
def test_a_mistake_names_its_place_and_the_remedy(old: str, new: str, told: str, folder: Path) -> None:
    file = folder / "playbooks" / "damaged.yaml"
    change(file, old, new)
    with pytest.raises(PolicyFileError) as caught:
        load_playbooks([folder])
    message = str(caught.value)
    assert message.startswith(f"{file}:")
    assert told in message
    assert "\n" not in message
    assert [finding.file for finding in lint([folder])] == [file]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("asks: [photo]", "asks: [foto]", "'foto' is no slot"),
        ("points: [case.item.name]", "points: [case.item.nam]", "'case.item.nam' is no fact"),
        ("declined: [terms.return_days, case.window_end]", "", "no 'declined' facts"),
        ('when: "!item.known"', "when: after_sale.open", "never reached"),
        ('when: "!item.known"', "when: 'true'", "never reached: 'ask_product' above is always true"),
        ("    asks: [photo]\n", "", "asks for nothing"),
    ],
)
def test_lint_finds_what_loads_and_cannot_be_right(old: str, new: str, told: str, folder: Path) -> None:
    change(folder / "playbooks" / "damaged.yaml", old, new)
    assert any(told in finding.text for finding in lint([folder]))


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("order.shipped == false && turn.photo", "'checking' above is true whenever this is"),
        ("!order.shipped", "'checking' above has the same condition"),
        ("(turn.photo) && (after_sale.open && item.known)", "'in_progress' above is true whenever this is"),
        ("after_sale.open || order.shipped == false", "the scenes above together"),
        ("after_sale.open && turn.photo || order.shipped == false && turn.photo", "the scenes above together"),
        ("order.shipped && turn.photo", None),
        ("order.status == 'shipped' && order.status == 'delivered'", "always false"),
        ("order.days_since_delivered > 9 && order.days_since_delivered < 3", "always false"),
        ("order.days_since_delivered > 3 && order.days_since_delivered < 9", None),
    ],
)
def test_a_scene_that_an_earlier_one_hides_is_found(when: str, told: str | None, folder: Path) -> None:
    line = change(folder / "playbooks" / "damaged.yaml", 'when: "!item.known"', f'when: "{when}"')
    found = [finding for finding in lint([folder]) if "never reached" in finding.text]
    assert bool(found) is (told is not None)
    for finding in found:
        assert told is not None
        assert told in finding.text
        # The finding stands at the scene, whose condition is the line below its name.
        assert finding.line == line - 1


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("order.shipped", "'more' may stand beside 'refund_keep', the same action refund"),
        ("order.shipped && turn.photo", "'more' may stand beside"),
        ("turn.photo", "'more' may stand beside"),
        ("!order.shipped", "'more' is never offered here: wherever its condition holds, 'checking' above is taken"),
        ("order.shipped == false && turn.photo", "'more' is never offered here"),
        ("false", "'more' can never be offered"),
        ("turn.photo && !turn.photo", "'more' can never be offered"),
        ("order.days_since_delivered < 3 && order.days_since_delivered >= 3", "'more' can never be offered"),
    ],
)
def test_two_options_of_one_action_must_not_hold_together(when: str, text: str | None, folder: Path) -> None:
    file = folder / "playbooks" / "damaged.yaml"
    change(
        file,
        "options: [reship_pieces, reship, refund_pieces, refund_keep]",
        "options: [reship_pieces, reship, refund_pieces, refund_keep, more]",
    )
    with file.open("a", encoding="utf-8") as own:
        own.write(
            "options:\n  more:\n    title: {zh: 退一点, en: a bit back}\n    action: refund\n"
            f'    when: "{when}"\n    amount: item.total\n    cost: item.total\n'
        )
    found = [finding.text for finding in lint([folder])]
    assert [(text or "?") in one for one in found] == [True] * len(found), found
    assert bool(found) is (text is not None)


def test_an_offer_that_its_own_twin_hides_is_found(folder: Path) -> None:
    file = folder / "playbooks" / "damaged.yaml"
    change(file, "otherwise: [return_fault]", "otherwise: [return_fault, twin]")
    with file.open("a", encoding="utf-8") as own:
        own.write(
            "options:\n  twin:\n    key: return_refund\n    title: {zh: 退货, en: return}\n    action: return_refund\n"
            '    when: "order.delivered && case.fault_left >= 0 && turn.photo"\n'
            "    amount: item.total\n    cost: item.total\n    gives: {label: terms.fault_label}\n"
        )
    assert [finding.text for finding in lint([folder])] == [
        "'return_refund' is never offered: under its condition 'return_refund', the same action return_refund"
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("damaged", "{zh: 收到破损, en: Arrived damaged}", "{zh: Damaged, en: Arrived damaged}", "is not Chinese"),
        ("damaged", "{zh: 收到破损, en: Arrived damaged}", "{zh: 收到破损, en: 收到破损}", "is not English"),
        ("options", "{zh: 补发, en: replacement}", "{zh: reship, en: replacement}", "is not Chinese"),
        ("invoice", "{zh: 开发票, en: issue the invoice}", "{zh: 开发票, en: 发票}", "is not English"),
        ("invoice", "{zh: 开发票, en: issue the invoice}", '{zh: 开发票, en: " "}', "is not English"),
    ],
)
def test_a_title_in_the_other_language_is_found(file: str, old: str, new: str, told: str, folder: Path) -> None:
    change(folder / "playbooks" / f"{file}.yaml", old, new)
    assert [told in finding.text for finding in lint([folder])] == [True]


def test_an_option_of_the_playbook_s_own_in_no_scene_is_found(folder: Path) -> None:
    change(folder / "playbooks" / "invoice.yaml", "options: [invoice]", "options: [return_refund]")
    assert any("the option 'invoice' is in no scene" in finding.text for finding in lint([folder]))


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ("a.b && c.d", "a.b", True),
        ("a.b", "a.b && c.d", False),
        ("a.b", "a.b || c.d", True),
        ("a.b || c.d", "a.b", False),
        ("a.b && (c.d || e.f)", "a.b", True),
        ("a.b == true", "a.b", True),
        ("!(a.b == 'x')", "a.b != 'x'", True),
        ("a.b == 'x && y'", "a.b == 'x && y'", True),
        ("a.b ? c.d : e.f", "a.b", False),
        ("a.b > 0", "a.b >= 0", True),
    ],
)
def test_what_one_condition_says_of_another(left: str, right: str, result: bool) -> None:
    assert implies(left, right) is result


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ("a.b", "!a.b", True),
        ("a.b && c.d", "a.b == false", True),
        ("a.b > 0", "a.b <= 0", True),
        ("a.b > 0", "a.b < 0", True),
        ("a.b == 'x'", "a.b == 'y'", True),
        ("a.b == 'x'", "a.b == c.d", False),
        ("a.b", "c.d", False),
        ("a.b || c.d", "!a.b", False),
    ],
)
def test_conditions_that_cannot_hold_together(left: str, right: str, result: bool) -> None:
    assert excludes(left, right) is result


def test_an_option_in_no_scene_is_found(folder: Path) -> None:
    with (folder / "playbooks" / "options.yaml").open("a", encoding="utf-8") as file:
        file.write("  gift:\n    title: {zh: 礼物, en: gift}\n    action: voucher\n")
    assert [finding.text for finding in lint([folder])] == ["the option 'gift' is in no scene"]


def test_a_shop_s_file_replaces_the_playbook(a: Any, tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    own = tmp_path / "playbooks" / "damaged.yaml"
    own.write_text(
        "issue: damaged\ntitle: {zh: 破损, en: Damaged}\nscenes:\n  only:\n    act: hold\n", encoding="utf-8"
    )
    playbooks = load_playbooks(a.POLICIES, [tmp_path])
    damaged = next(one for issue, one in playbooks.by_issue.items() if issue == "damaged")
    assert [scene.id for scene in damaged.scenes] == ["only"]
    assert len(playbooks.by_issue) == len(load_playbooks(a.POLICIES).by_issue)


def test_terms_are_laid_over_each_other_key_by_key(a: Any, tmp_path: Path) -> None:
    merchant, shop = tmp_path / "m", tmp_path / "m" / "shops" / "s"
    for place, text in (
        (merchant, "return_days: 15\nreship: {within_days: 3, cutoff: 20:00}\n"),
        (shop, "reship: {cutoff: 12:00}\n"),
    ):
        (place / "terms").mkdir(parents=True)
        (place / "terms" / "douyin.cn.yaml").write_text(text, encoding="utf-8")
    terms = load_terms("douyin.cn", a.POLICIES, [merchant])
    assert (terms.return_days, terms.keep_refund_percent) == (15, 50)
    assert terms.reship is not None
    assert (terms.reship.within_days, terms.reship.cutoff.hour) == (3, 20)
    with pytest.raises(PolicyFileError, match=r"douyin\.cn\.yaml:1: reship\.within_days: Field required"):
        load_terms("douyin.cn", a.POLICIES, [merchant, shop])


def test_a_conversation_overrides_and_takes_back(a: Any) -> None:
    terms = load_terms("douyin.cn", a.POLICIES)
    changed = terms.overlaid({"return_days": 30, "reship": None, "authority": {"agent": {"per_order": None}}})
    assert (changed.return_days, changed.reship, changed.authority.agent.per_order) == (30, None, None)
    assert changed.keep_refund_percent == terms.keep_refund_percent
    with pytest.raises(BadInput, match=r"terms\.return_dys: .*did you mean 'return_days'"):
        terms.overlaid({"return_dys": 3})
    with pytest.raises(BadInput, match=r"terms\.keep_refund_percent"):
        terms.overlaid({"keep_refund_percent": 500})


def test_unknown_terms_name_the_nearest(a: Any) -> None:
    with pytest.raises(BadConfiguration, match=r"no terms for 'douyn\.cn'; did you mean 'douyin\.cn'"):
        load_terms("douyn.cn", a.POLICIES)


NAMES = frozenset({"order.total", "order.late", "turn.photo"})


@pytest.mark.parametrize(
    ("source", "values", "result"),
    [
        ("order.total > 7", {"order": {"total": 8}}, True),
        ("order.total > 7", {"order": {}}, Missing("order.total")),
        ("turn.photo && order.late", {"order": {}, "turn": {"photo": False}}, False),
        ("turn.photo || order.late", {"order": {}, "turn": {"photo": True}}, True),
        ("turn.photo && order.late", {"order": {}, "turn": {"photo": True}}, Missing("order.late")),
        ("has(order.late)", {"order": {}}, False),
        ("!has(order.late) || order.late", {"order": {}}, True),
        ("order.total", {"order": {"total": 1}}, Missing("order.total")),
        ("order.total > 'a'", {"order": {"total": 1}}, Missing("order.total > 'a'")),
    ],
)
def test_unknown_is_a_value_of_its_own(source: str, values: dict[str, object], result: object) -> None:
    assert Expression(source, NAMES).holds(values) == result


@pytest.mark.parametrize("source", ["order.", "order.x > 1", "nothing == 1", "order.total >"])
def test_a_condition_that_cannot_be_meant_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        Expression(source, NAMES)


def test_text_in_a_condition_is_no_path() -> None:
    assert Expression("turn.photo == 'order.nothing'", NAMES).paths == ("turn.photo",)


def test_an_expression_is_given_only_what_it_names() -> None:
    # What CEL has no value for would make every condition unknown.
    values: dict[str, object] = {"order": {"total": 8, "other": object()}, "buyer": {"tags": object()}}
    assert Expression("order.total > 7 && !has(order.late)", NAMES).holds(values) is True
    assert Expression("turn.photo && order.total > 7", NAMES).holds(values) == Missing("turn.photo")


class Line(StrictShape):
    key: str
    when: str | None = None


class Page(StrictShape):
    id: str
    cutoff: str = ""
    lines: tuple[Line, ...] = ()
    named: dict[str, Line | None] = {}
    count: int = 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id: x\nlines:\n  - key: a\n    whn: b\n", r":4: lines\.0\.whn: unknown key; did you mean 'when'\?"),
        ("id: x\nnamed:\n  a:\n    key: a\n    wen: b\n", r":5: named\.a\.wen: unknown key; did you mean 'when'\?"),
        ("id: x\nid: y\n", r":2: the key 'id' stands here twice"),
        ("id: &a x\ncutoff: *a\n", r":1: anchors and aliases are not allowed"),
        ("id: x\ncount: many\n", r":2: count: .*\(it is 'many'\)"),
        ("id: [\n", r":2: "),
        ("", r":1: holds 0 documents"),
        ("id: x\n---\nid: y\n", r":1: holds 2 documents"),
    ],
)
def test_a_file_s_mistake_has_a_line(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "page.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFileError, match=r"page\.yaml" + told):
        files.read_model(file, Page)


def test_plain_words_stay_words(tmp_path: Path) -> None:
    file = tmp_path / "page.yaml"
    file.write_text("id: no\ncutoff: 18:00\nlines: [{key: 2026-01-01, when: on}]\ncount: 3\n", encoding="utf-8")
    page = files.read_model(file, Page)
    assert (page.id, page.cutoff, page.count) == ("no", "18:00", 3)
    assert page.lines[0] == Line(key="2026-01-01", when="on")


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match="cannot be read"):
        files.read_model(tmp_path / "none.yaml", Page)
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyFileError, match="is not UTF-8"):
        files.read_model(tmp_path / "bad.yaml", Page)


NEVER, REMEDY = "'gift' is never offered here", "; take it out of this list or correct a condition"


@pytest.mark.parametrize(
    ("first", "when", "told"),
    [
        ("order.delivered", "!order.delivered", [f"{NEVER}: 'second' excludes it{REMEDY}"]),
        (
            "turn.photo",
            "turn.photo",
            [f"{NEVER}: wherever its condition holds, 'first' above is taken{REMEDY}"],
        ),
        ("turn.photo", "!turn.photo", []),
        ("turn.photo", "true", []),
    ],
)
def test_an_option_that_no_way_leads_to_is_found(first: str, when: str, told: list[str], folder: Path) -> None:
    scene = "    act: offer\n    options: [gift]\n    declined: [order.status]\n"
    (folder / "playbooks" / "missing_item.yaml").write_text(
        "issue: missing_item\ntitle: {zh: 少件, en: Missing item}\nscenes:\n"
        f'  first:\n    when: "{first}"\n    act: hold\n'
        f"  second:\n    when: order.delivered && order.known\n{scene}"
        "  rest:\n    act: hold\n"
        "options:\n  gift:\n    title: {zh: 补寄, en: send it}\n    action: resend_gift\n"
        f'    when: "{when}"\n',
        encoding="utf-8",
    )
    if first == "order.delivered":
        change(folder / "playbooks" / "missing_item.yaml", f'when: "{first}"', "when: turn.shards")
    found = [one.text for one in lint([folder]) if one.file.name == "missing_item.yaml"]
    assert found == told


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("true", False),
        ("false", True),
        ("order.total > 500 && order.total <= 500", True),
        ("order.total >= 500 && order.total <= 500", False),
        ("order.total == 3 && order.total > 7", True),
        ("order.total == 9 && order.total > 7", False),
        ("order.total < 3 && item.total > 7", False),
        ("(order.shipped && !order.shipped) || turn.photo", False),
    ],
)
def test_a_condition_that_contradicts_itself(source: str, result: bool) -> None:
    assert impossible(source) is result


@pytest.mark.parametrize(
    ("source", "others", "result"),
    [
        ("true", ("turn.photo", "!turn.photo"), True),
        ("true", ("turn.kind == 'chase'", "turn.kind != 'chase'"), True),
        ("true", ("turn.photo && turn.shards", "!turn.shards", "turn.shards && !turn.photo"), True),
        ("true", ("turn.photo && turn.shards", "!turn.photo"), False),
        # What is not known is neither: a third scene still has its turn.
        ("true", ("order.delivered", "!order.delivered"), False),
        ("order.known", ("order.known && turn.photo", "!turn.photo"), True),
        ("order.total > 9", ("order.total > 3",), True),
        ("order.total > 3", ("order.total > 9",), False),
    ],
)
def test_scenes_that_cover_another_together(source: str, others: tuple[str, ...], result: bool) -> None:
    assert covered(source, others) is result


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ("order.total > 7", "order.total > 3", True),
        ("order.total > 3", "order.total > 7", False),
        ("order.total >= 3", "order.total > 3", False),
        ("order.total == 5", "order.total != 3", True),
        ("order.total <= 2", "order.total < 3", True),
        ("order.total > 7", "item.total > 3", False),
    ],
)
def test_a_number_beyond_a_bound_is_beyond_a_lower_one(left: str, right: str, result: bool) -> None:
    assert implies(left, right) is result
