"""Features that the command line proves end to end, over all golden conversations."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from copilot.domain.issue import CATEGORY_OF, Issue
from copilot.domain.message import Role
from tests.conftest import ROOT, Cli

Json = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A golden conversation and what ``draft`` printed for it."""

    conversation: Json
    result: Json

    @property
    def draft(self) -> Json:
        """The draft, which is there."""
        return self.result["draft"]

    @property
    def order_status(self) -> str | None:
        """The status of the order that the draft is about."""
        chosen = self.draft["order"]
        orders = {order["id"]: order["status"] for order in self.conversation.get("orders") or []}
        return orders.get(chosen["id"]) if chosen else None


@pytest.fixture(scope="module")
def golden() -> list[Json]:
    """Every golden conversation, Chinese and English."""
    texts = [(ROOT / f"tests/golden/{language}.jsonl").read_text(encoding="utf-8") for language in ("zh", "en")]
    return [json.loads(line) for text in texts for line in text.splitlines()]


@pytest.fixture(scope="module")
def runs(golden: list[Json], module_cli: Cli) -> list[Run]:
    """What ``draft`` makes of them, in one process."""
    done = module_cli("draft", "-", stdin="".join(json.dumps(line) + "\n" for line in golden), timeout=180)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result["conversation"] for result in results] == [line["id"] for line in golden]
    return [Run(line, result) for line, result in zip(golden, results, strict=True)]


def _drafts(runs: list[Run], issue: str | None = None) -> list[Run]:
    drafted = [run for run in runs if run.result["draft"]]
    chosen = [run for run in drafted if issue is None or issue in [seen["issue"] for seen in run.draft["issues"]]]
    assert len(chosen) >= 5
    return chosen


def test_there_is_a_draft_or_a_reason_and_nothing_fails(runs: list[Run]) -> None:
    for run in runs:
        assert (run.result["draft"] is None) != (run.result["reason"] is None)
    assert [run.result["conversation"] for run in runs if run.result["reason"] == "failed"] == []


@pytest.mark.feature("F063")
def test_order_and_parcel_questions_are_drafted_from_facts_without_a_model(runs: list[Run]) -> None:
    for run in _drafts(runs, "logistics_query"):
        assert run.draft["written_by"] == "composer"
        assert run.draft["composed_because"] == "no_model"
        assert all(claim["source"] for claim in run.draft["claims"])
    sources = " ".join(claim["source"] for run in _drafts(runs, "logistics_query") for claim in run.draft["claims"])
    assert "shipment." in sources
    assert "order." in sources


@pytest.mark.feature("F082")
def test_a_choice_has_lettered_options_and_ends_in_a_question(runs: list[Run]) -> None:
    choices = [run for run in _drafts(runs) if run.draft["turn"] != "choice" and len(run.draft["options"]) > 1]
    assert len(choices) >= 10
    for run in choices:
        options = run.draft["options"]
        assert [option["id"] for option in options] == ["A", "B", "C"][: len(options)]
        assert all(option["text"] and option["text"] in run.draft["text"] and option["action"] for option in options)
        assert all("cost" in option for option in options)
        assert run.draft["text"].rstrip()[-1] in "?？", run.result["conversation"]


ALLOWED = {
    "cancel_refund": {"unpaid", "to_ship"},
    "reship": {"shipped", "delivered", "completed"},
    "return_refund": {"shipped", "delivered", "completed"},
    "exchange": {"shipped", "delivered", "completed"},
}


@pytest.mark.feature("F083")
def test_every_option_can_be_carried_out_for_the_order_as_it_stands(runs: list[Run]) -> None:
    offered = [(run, option) for run in _drafts(runs) for option in run.draft["options"]]
    assert len(offered) >= 20
    for run, option in offered:
        assert run.order_status in ALLOWED.get(option["action"], {run.order_status}), run.result["conversation"]
    assert {option["action"] for _, option in offered} >= {"cancel_refund", "reship", "return_refund", "exchange"}


@pytest.mark.feature("F075")
def test_classes_are_closed_with_a_confidence_and_the_words_that_show_it(golden: list[Json], module_cli: Cli) -> None:
    texts = [m["text"] for line in golden for m in line["messages"] if m["role"] == Role.BUYER.value and m["text"]]
    done = module_cli("classify", "-", stdin="".join(json.dumps({"text": text}) + "\n" for text in texts))
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(texts)
    for text, line in zip(texts, lines, strict=True):
        assert line["category"] == CATEGORY_OF[Issue(line["issue"])].value
        for seen in line["issues"]:
            assert 0 <= seen["confidence"] <= 1
            evidence = seen["evidence"]
            assert evidence["text"] == text[evidence["start"] : evidence["end"]] != ""
    assert {Issue.LOGISTICS_QUERY.value, Issue.DAMAGED.value, Issue.SIZE_FIT.value} <= {line["issue"] for line in lines}


@pytest.mark.feature("F092")
def test_a_finding_names_rule_place_reason_and_a_wording_that_passes(module_cli: Cli) -> None:
    texts = ["亲,加V信聊,便宜点", "您自己没看清说明", "全网第一的材质", "add me on whatsapp and I'll sort you out"]
    check = ("policy", "check", "--pack", "douyin.cn", "-")
    verdicts = [json.loads(v) for v in module_cli(*check, stdin="\n".join(texts)).stdout.splitlines()]
    findings = [(text, f) for text, verdict in zip(texts, verdicts, strict=True) for f in verdict["findings"]]
    assert {text for text, _ in findings} == set(texts)
    for text, finding in findings:
        assert finding["text"] == text[finding["start"] : finding["end"]] != ""
        assert finding["rule"].startswith(f"{finding['family']}.")
        assert finding["reason"]
    rewrites = [finding["suggestion"] for _, finding in findings]
    again = [json.loads(v)["decision"] for v in module_cli(*check, stdin="\n".join(rewrites)).stdout.splitlines()]
    assert again == ["pass"] * len(rewrites)


def _checked(module_cli: Cli, lines: list[Json]) -> list[Json]:
    done = module_cli(
        "policy", "check", "--pack", "douyin.cn", "-", stdin="".join(json.dumps(line) + "\n" for line in lines)
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(verdict) for verdict in done.stdout.splitlines()]


@pytest.mark.feature("F079")
def test_a_draft_for_a_complaint_without_empathy_is_a_warning_with_a_fix(runs: list[Run], module_cli: Cli) -> None:
    asked: Json = {"origin": "draft", "expects": ["empathy"]}
    bare = [("damaged", "zh", "您把订单号发我。"), ("not_received", "en", "Please send the order number.")]
    kind = [
        ("damaged", "zh", "收到碎的换谁都窝火。您把订单号发我。"),
        ("not_received", "en", "Sorry about this. Which order is it?"),
    ]
    lines = [{"text": text, "issue": issue, "language": language, **asked} for issue, language, text in bare + kind]
    found = [
        [f["rule"] for f in verdict["findings"] if f["family"] == "empathy"] for verdict in _checked(module_cli, lines)
    ]
    assert found == [["empathy.missing"], ["empathy.missing"], [], []]
    warned = _checked(module_cli, lines[:1])[0]
    assert warned["decision"] == "warn"
    assert warned["findings"][0]["suggestion"]
    assert not [
        run for run in _drafts(runs) for finding in run.draft["verdict"]["findings"] if finding["family"] == "empathy"
    ]


@pytest.mark.feature("F091")
def test_superlatives_are_found_and_plain_words_are_not(module_cli: Cli) -> None:
    violates = ["这款面料全网最好", "销量全球第一", "The best phone case in the world", "国家级品质"]
    allowed = ["我第一时间帮您看", "最好今天下单", "第一步先量脚长", "Best wishes, and thanks", "您最晚什么时候要用"]
    decisions = [v["decision"] for v in _checked(module_cli, [{"text": text} for text in violates + allowed])]
    assert decisions == ["block"] * len(violates) + ["pass"] * len(allowed)
