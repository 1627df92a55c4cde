"""Whatever strangers wrote into an archive, a report shows it as text and nothing else."""

import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

import pytest

from copilot.replay.drafts.totals import DraftTotals
from copilot.replay.report import junit, render
from copilot.replay.samples import Samples, sample_key
from copilot.replay.totals import Changes, Totals
from tests.replay.report_made import example, group

PAYLOADS = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example>",
    "<!--",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "{{ 7*7 }}{% for x in y %}",
    "{{ ''.__class__.__mro__ }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\u202e<script>\u2066alert(1)",
    "\ud83d<b>half",
    "＜script＞alert(1)＜/script＞",
    "<plaintext>",
    "<textarea><noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "%(percent)s {0} {read}",
    "a\r\nContent-Type: text/html\r\n\r\n<script>",
    "<style>*{display:none}</style>",
]


class Skeleton(HTMLParser):
    """The elements and attributes of a page, without its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.other: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        if decl != "doctype html":
            self.other.append(decl)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)


def full_of(words: str) -> Totals:
    """Totals in which every text and every name is ``words``."""
    totals = Totals()
    told = {"zh": words, "en": words}
    totals.run = {"pack": words, "against": words, "masked": True, "partial": True, words: words}
    totals.archives = {words: {"conversations": 2, "messages": 9, "rejected": 1}}
    totals.messages = {"buyer": 4, words: 5}
    totals.marks = {words: 3}
    totals.packs = {words: 9}
    totals.pack_days = {words: [words, words]}
    totals.rejected = {words: 1}
    totals.not_judged = {words: {words: 3}}
    totals.catalogue = {
        words: {"family": words, "severity": "block", "source": words, "reason": told, "suggestion": told}
    }
    totals.rules = {words: {"block": 3, "messages": 3}}
    totals.speakers = {"agent": group(9, 3, 0, {words: 3})}
    totals.agents = {words: group(9, 3, 0, {words: 3})}
    totals.shops = {words: group(9, 3, 0, {words: 3})}
    totals.weeks = {words: group(9, 3, 0, {}), words + "2": group(9, 3, 0, {})}
    places = dict.fromkeys(("archive", "conversation", "message", "sent_at", "shop", "agent", "pack"), words)
    found = example(words, words, words, 1, **places)
    totals.samples = {words: Samples(12, [found])}
    totals.coaching = {f"{words}|{words}": Samples(2, [found])}
    asked = f"where is my parcel? {words}"
    totals.buyers.add({"key": sample_key(words, 1), "text": asked, "week": words, "shop": words})
    moved = {words: {"caught": 1, "released": 1}}
    samples = {f"{words}|caught": Samples(8, [found])}
    totals.changes = Changes(3, {f"{words}>{words}": 3}, moved, moved, moved, samples)
    totals.extra = {"drafts": _drafts(words)}
    return totals


def _drafts(words: str) -> dict[str, Any]:
    totals = DraftTotals(against=words, model=words, conversations=1, turns=2, drafted=1)
    for tally in (totals.silent, totals.issues, totals.issues_drafted, totals.acts, totals.options, totals.verdicts):
        tally[words] = 1
    totals.left_out[f"{words}: {words}"] = 1
    totals.rules[words] = totals.risks[words] = totals.unfit[words] = 1
    totals.shops.update({words: 2, words + "2": 1})
    totals.changes[words] = totals.changed_issues[words] = totals.changed = 1
    totals.costs = {words: {"CNY": [1, 2, 3]}}
    totals.titles = {words: {"zh": words, "en": words}}
    offer = {"act": words, "reason": words, "options": [{"key": words, "gives": {"amount": words}}]}
    sample: dict[str, Any] = dict.fromkeys(("buyer", "answer", "shop", "issue", "change", "sent_at"), words)
    sample |= {"draft": {"text": words, "options": [{"title": words}]}, "before": offer, "now": {"act": words}}
    for bucket in ("silent", "drafted", "changed"):
        totals.samples.offer(f"{bucket}|{words}", "k", lambda: sample)
    return totals.as_json()


HARMLESS = {language: Skeleton(render(full_of("harmless"), language)).elements for language in ("zh", "en")}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_words_change_no_element_of_the_page(payload: str) -> None:
    for language in ("zh", "en"):
        page = render(full_of(payload), language)
        page.encode("utf-8")
        found = Skeleton(page)
        assert found.elements == HARMLESS[language]
        assert not found.other


def test_there_are_payloads_enough_and_they_are_shown_as_they_were_written() -> None:
    assert len(PAYLOADS) >= 20
    shown = Skeleton(render(full_of(PAYLOADS[0]), "en")).text
    assert shown.count(PAYLOADS[0]) > 40


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_words_leave_the_junit_file_readable(payload: str) -> None:
    root = ET.fromstring(junit(full_of(payload), "block"))
    assert [element.tag for element in root.iter()] == ["testsuite", "testcase", "failure"]
