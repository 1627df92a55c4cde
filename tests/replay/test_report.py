"""The report of a replay: stands alone, says everything, gives the same bytes for the same totals."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser

import pytest

from copilot.replay.report import issues, render
from copilot.replay.report.charts import Column, bar, columns
from copilot.replay.report.text import by_name, clean, quote, share
from copilot.replay.samples import Samples, sample_key
from copilot.replay.totals import SAMPLES_PER_AGENT_RULE, SAMPLES_PER_RULE, Group, Totals
from tests.replay.report_made import AGENTS, RULES, drafted, example, group, made, with_changes

LANGUAGES = ("zh", "en")


class Seen(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.marked: list[str] = []
        self.headings: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in ("meta", "br", "rect", "line"):
            self._open.append(tag)
        if tag == "mark":
            self.marked.append("")
        if tag in ("h2", "h3"):
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        assert tag in ("rect", "line") or self._open.pop() == tag, f"{tag} closes nothing"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            return
        self.text += data
        if self._open and self._open[-1] == "mark":
            self.marked[-1] += data
        if "h2" in self._open or "h3" in self._open:
            self.headings[-1] += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_totals_give_equal_bytes_also_after_a_trip_through_json(language: str) -> None:
    totals = with_changes(made(drafts=drafted()))
    page = render(totals, language)
    assert render(with_changes(made(drafts=drafted())), language) == page
    again = json.loads(json.dumps(totals.as_json(), sort_keys=True))
    assert render(Totals.from_json(again), language) == page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_stands_alone_and_its_policy_allows_only_its_own_style(language: str) -> None:
    page = render(with_changes(made(drafts=drafted())), language)
    seen = Seen(page)
    assert seen.tags.count("style") == 1
    style = page[page.index("<style>") + 7 : page.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(value for tag, name, value in seen.attributes if name == "content" and "default-src" in value)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"
    forbidden = {"script", "link", "img", "iframe", "object", "embed", "base", "form", "foreignobject", "use", "image"}
    assert not forbidden & set(seen.tags)
    assert not [one for one in seen.attributes if one[1] == "style" or one[1].startswith("on")]
    assert all(value.startswith("#") for _, name, value in seen.attributes if name in ("href", "src", "xlink:href"))
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"https?://", page)


def test_every_anchor_leads_somewhere() -> None:
    seen = Seen(render(with_changes(made(drafts=drafted()))))
    ids = [value for _, name, value in seen.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, name, value in seen.attributes if name == "href"} <= set(ids)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("客服质检报告", "先改这几件事", "站外引流", "引导买家添加微信", "辅导页", "买家热点问题", "抽样")),
        ("en", ("Service quality report", "Start with these", "Off-platform contact", "invites the buyer to WeChat")),
    ],
)
def test_it_is_written_in_the_language_of_its_reader(language: str, words: tuple[str, ...]) -> None:
    page = render(made(), language)
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page
    text = Seen(page).text
    for word in words:
        assert word in text


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="zh or en"):
        render(made(), "fr")


def test_the_words_of_a_finding_are_marked_with_reason_and_suggestion() -> None:
    seen = Seen(render(made(), "zh"))
    assert "加个V信" in seen.marked
    assert "Add us on WeChat" in seen.marked
    for _, reason, _, better, _ in RULES.values():
        assert reason in seen.text
        assert better in seen.text


@pytest.mark.feature("F133")
def test_coaching_sheets_stand_in_the_order_of_names_and_give_no_ranks() -> None:
    seen = Seen(render(made(), "zh"))
    names = [heading for heading in seen.headings if heading in AGENTS]
    assert names == sorted((agent for agent in AGENTS if agent != "安安"), key=by_name)
    assert names[:2] == ["Mia", "Theo"]
    # Who needs no coaching is named as well.
    assert "安安" in seen.text.partition("没有需要辅导的地方")[2]


def test_an_example_in_another_language_gets_its_wording_in_that_language_too() -> None:
    totals = made()
    rule = "blame_shift.third_party"
    found = example(rule, "thats the courier's fault, sorry", "the courier's fault", 5, agent="Theo")
    totals.coaching[f"Theo|{rule}"] = Samples(SAMPLES_PER_AGENT_RULE, [found])
    text = Seen(render(totals, "zh")).text
    assert RULES[rule][3] in text
    assert RULES[rule][4] in text
    assert RULES["empathy.missing"][4] not in text


def test_an_interrupted_run_says_so() -> None:
    assert "这次运行被中断" in render(made(partial=True), "zh")
    assert "interrupted" in render(made(partial=True), "en")
    assert "interrupted" not in render(made(), "en")


def test_unmasked_outputs_are_marked() -> None:
    totals = made()
    totals.run["masked"] = False
    assert "NOT masked" in render(totals, "en")
    assert "NOT masked" not in render(made(), "en")


def test_what_could_not_be_judged_or_read_is_listed() -> None:
    text = Seen(render(made(), "en")).text
    assert "over_authority.ceiling" in text
    assert "the agent's authority is not known" in text
    assert "not in the encoding that was expected" in text
    assert "douyin.cn@2026-08" in text
    assert "2026-09-14 – 2026-10-31" in text


@pytest.mark.feature("F116")
def test_hot_issues_come_from_a_sample_and_say_so() -> None:
    text = Seen(render(made(), "en")).text
    hot = text[text.index("Hot issues of buyers", text.index("Coaching sheets") + 20) :]
    assert "45 of 4,980 buyer messages" in hot
    assert "Arrived damaged" in hot
    assert any(text in hot for text in ("收到的杯子碎了一个", "the mug came broken"))


def test_the_sample_is_read_in_parts_and_gives_the_same_page(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []

    def alone(
        jobs: Iterable[list[str]], work: Callable[[list[str]], list[str]], *others: object
    ) -> Iterator[tuple[list[str], list[str]]]:
        assert others[0] == 1
        for job in jobs:
            given.append(job)
            yield job, work(job)

    monkeypatch.setattr(issues, "can_inherit", lambda: True)
    monkeypatch.setattr(issues, "share", alone)
    assert render(made(), "en", workers=2) == render(made(), "en")
    assert sum(map(len, given)) == 45 - 20


def test_the_comparison_shows_caught_and_released_by_rule_agent_and_shop() -> None:
    text = Seen(render(with_changes(made()), "en")).text
    part = text[text.rindex("Compared with other rules") :]
    assert re.search(r"31\s*messages are judged differently", part)
    assert re.search(r"23\s*Newly caught", part)
    assert re.search(r"阿青\s*12\s*3\s*0", part)
    assert re.search(r"Kiln & Co\s*3\s*0\s*0", part)
    assert "Pass → Block" in part
    assert "最好先用温水洗一遍再穿" in part
    assert "Compared with other rules" not in Seen(render(made(), "en")).text


def test_drafts_show_coverage_silence_options_and_the_difference_in_cost() -> None:
    text = Seen(render(made(drafts=drafted()), "en")).text
    assert "coverage 81.9%" in text
    assert "no playbook covers this issue yet" in text
    assert "partial refund" in text
    assert "not known: order.total" in text
    assert re.search(r"122\.59 – 2,455\.90\s*1,227\.95 – 2,455\.90\s*\+1,105\.36 … ±0\.00", text)
    assert "您拍个照片看看" in text
    assert re.search(r"Kiln & Co\s*60\s*40\s*66\.7%", text)
    assert "platform complaint" in text
    assert "coverage 81.9%" not in Seen(render(made(), "en")).text


def test_totals_of_nothing_make_a_page() -> None:
    text = Seen(render(Totals(), "en")).text
    assert "Nothing to block and nothing to look at." in text
    assert "Every rule could be judged." in text


def test_the_page_stays_small_whatever_the_archive() -> None:
    totals = Totals()
    long = "很长的话" * 400
    for number in range(300):
        rule = f"abuse.rule_{number:03d}"
        totals.rules[rule] = {"block": number + 1, "messages": number + 1}
        totals.catalogue[rule] = {"family": "abuse", "severity": "block", "source": long, "reason": {"zh": long}}
        texts = (f"{at}{long}" for at in range(SAMPLES_PER_RULE))
        totals.samples[rule] = Samples(SAMPLES_PER_RULE, [example(rule, text, long[:900], 1) for text in texts])
        totals.not_judged[rule] = {"no_claims": 3}
    for number in range(3000):
        agent = f"客服{number}" + "名" * 200
        totals.agents[agent] = group(100, 3, 2, {f"abuse.rule_{number % 300:03d}": 5})
        totals.shops[f"shop {number}"] = group(100, 1, 1, {})
        totals.archives[f"archive {number}"] = {"conversations": 1, "messages": 2, "rejected": 0}
        totals.rejected[f"why {number}"] = 1
        key = f"{agent}|abuse.rule_{number % 300:03d}"
        totals.coaching[key] = Samples(SAMPLES_PER_AGENT_RULE, [example("abuse.rule_001", f"{number}{long}", long, 1)])
    for number in range(600):
        totals.weeks[f"{2015 + number // 52}-W{number % 52 + 1:02d}"] = group(100, 1, 1, {})
    for number in range(400):
        text = f"{number}{long}"
        totals.buyers.add({"key": sample_key(text, number), "text": text[:300], "week": "2026-W40", "shop": ""})
    assert len(render(totals, "zh").encode()) < 3_000_000


def test_a_span_is_cut_out_of_a_long_text_and_stays_whole() -> None:
    found = quote({"excerpt": "前" * 500 + "加我微信" + "后" * 500, "start": 500, "end": 504})
    assert found.hit == "加我微信"
    assert found.before.startswith("…")
    assert found.after.endswith("…")
    assert len(found.before + found.hit + found.after) < 300


@pytest.mark.parametrize(("start", "end"), [(-3, 2), (2, 900), (5, 1), (99, 99)])
def test_a_span_outside_the_text_does_no_harm(start: int, end: int) -> None:
    found = quote({"excerpt": "加我微信", "start": start, "end": end})
    assert "加我微信" == found.before + found.hit + found.after


def test_unfit_characters_are_replaced_one_for_one() -> None:
    assert clean("a\x00b\ud800c\u202ed\ne") == "a\ufffdb\ufffdc\ufffdd\ne"


def test_shares_never_round_something_to_nothing() -> None:
    assert share(1, 100_000) == "<0.1%"
    assert share(99_999, 100_000) == ">99.9%"
    assert share(0, 10) == "0.0%"
    assert share(10, 10) == "100.0%"
    assert share(0, 0) == "–"


def test_bars_show_what_is_there_however_small_and_never_run_over() -> None:
    drawing = bar({"block": 1, "warn": 1, "pass": 1_000_000}, 1_000_002, width=100)
    assert [part.tone for part in drawing.parts] == ["block", "warn", "pass"]
    assert all(part.width >= 1 for part in drawing.parts)
    assert drawing.parts[-1].x + drawing.parts[-1].width <= 100.01


def test_columns_keep_inside_their_drawing() -> None:
    drawing = columns([Column(str(at), {"block": at * 1.5, "warn": 3}, "") for at in range(60)])
    assert all(0 <= part.y and part.y + part.height <= drawing.height for part in drawing.parts)
    assert all(part.x + part.width <= drawing.width for part in drawing.parts)
    assert len(drawing.labels) <= 14
    assert columns([]).lines[-1].text == "1"


def test_one_week_needs_no_chart() -> None:
    totals = made()
    totals.weeks = {"2026-W40": Group(10, {"pass": 10}, {})}
    page = render(totals, "en")
    assert "<line" not in page
    assert "2026-W40" in page
