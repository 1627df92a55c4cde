"""Each draft that was on screen has one fate, and what was sent faster than it can be skimmed was not read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from copilot.desk.figures.fate import Decided, Fate, Story, fate_of, seconds_to_read, unread
from copilot.desk.figures.sample import nameless

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ZH = "图收到了，碎片别直接用手捡。您来定：A 重新寄您一整套，明天18点前发出；B 退您29.95元。选A还是B？"
EN = "Tracking shows it left at your front door at 4:12 PM yesterday. I can refund $34.99 today. Which works for you?"


def decided(kind: str, **more: Any) -> Decided:
    """A decision."""
    return Decided(**{"kind": kind, "edit_class": None, "reason": None, "at": NOW, **more})


CHOSEN = decided("reject", reason="options")


@pytest.mark.parametrize(
    ("story", "fate"),
    [
        (Story("sent", decisions=[decided("accept")]), Fate.VERBATIM),
        (Story("sent", decisions=[decided("edit", edit_class="verbatim")]), Fate.VERBATIM),
        (Story("sent", decisions=[decided("edit", edit_class="surface")]), Fate.SURFACE),
        (Story("sent", decisions=[decided("edit", edit_class="substance")]), Fate.SUBSTANCE),
        (Story("sent", decisions=[decided("edit")]), Fate.SUBSTANCE),
        (Story("writing", decisions=[decided("reject", reason="tone")]), Fate.REJECTED),
        (Story("rejected", decisions=[decided("ignore")]), Fate.REJECTED),
        # What stood there first was not good, whatever came after it.
        (Story("sent", decisions=[decided("reject", reason="wrong_fact"), decided("accept")]), Fate.REJECTED),
        # Which options are offered is the agent's to choose: no rejection.
        (Story("proposed", decisions=[CHOSEN]), Fate.OPEN),
        (Story("sent", decisions=[CHOSEN, decided("accept")]), Fate.VERBATIM),
        (Story("sent", decisions=[CHOSEN, CHOSEN, decided("edit", edit_class="surface")]), Fate.SURFACE),
        (Story("superseded", decisions=[CHOSEN]), Fate.OVERTAKEN),
        # Accepted and held back, because the buyer wrote: what left is what counts.
        (Story("proposed", decisions=[decided("accept")]), Fate.OPEN),
        (Story("superseded", decisions=[decided("accept")]), Fate.OVERTAKEN),
        (Story("sent", decisions=[decided("accept"), decided("edit", edit_class="substance")]), Fate.SUBSTANCE),
        (Story("superseded"), Fate.OVERTAKEN),
        (Story("superseded", answered=True), Fate.OWN_WORDS),
        # The panel's words that were sent in the platform's own window.
        (Story("superseded", answered=True, same_words=True), Fate.VERBATIM),
        (Story("expired"), Fate.LATE),
        (Story("expired", answered=True), Fate.OWN_WORDS),
        (Story("sent", late=True, decisions=[decided("accept")]), Fate.LATE),
        (Story("superseded", late=True), Fate.LATE),
        (Story("proposed"), Fate.OPEN),
    ],
)
def test_a_draft_on_screen_has_one_fate(story: Story, fate: Fate) -> None:
    assert fate_of(story) is fate


def test_the_time_to_skim_a_text_grows_with_its_words_in_each_language() -> None:
    assert 2 < seconds_to_read(ZH) < 5
    assert 2 < seconds_to_read(EN) < 5
    assert seconds_to_read(ZH * 2) == pytest.approx(2 * seconds_to_read(ZH))
    assert seconds_to_read("，。！?") == 0


@pytest.mark.parametrize("text", [ZH, EN])
def test_an_accept_faster_than_that_was_not_read(text: str) -> None:
    for seconds, found in ((1.0, True), (8.0, False)):
        assert unread(Story("sent", decisions=[decided("accept", read_seconds=seconds)]), text) is found
    # The last look counts: after a choice of options another text stood there.
    assert unread(Story("sent", decisions=[CHOSEN, decided("accept", read_seconds=1)]), text) is True
    for silent in (
        Story("sent", decisions=[decided("accept")]),
        Story("sent", decisions=[decided("edit", edit_class="surface", read_seconds=1)]),
        Story("superseded", answered=True, same_words=True),
    ):
        assert unread(silent, text) is None
    assert unread(Story("sent", decisions=[decided("accept", read_seconds=1)]), None) is None


def test_a_sampled_text_names_nobody() -> None:
    text = "您好,我是客服林晓,电话13812345678。阿敏您放心,Lin 会跟进 linen 桌布。"
    found = nameless(text, "cn", {"林晓", "阿敏", "lin", "林"})
    assert "林晓" not in found
    assert "阿敏" not in found
    assert "13812345678" not in found
    assert "▢ 会跟进 linen 桌布" in found
