"""The peak of ``python -m benchmarks peak``: a short one passes, and what would be wrong is told."""

from collections.abc import Mapping, Sequence

import pytest

from benchmarks.peak import Peak, lines, run
from benchmarks.peak.crowd import Visitor
from benchmarks.peak.truth import Heard, Left, astray, lost, misplaced, undecided, unrecorded
from copilot.store.events import EventId
from tests.chromium import need_chromium

ANNA, BORA = Visitor("a", "Anna", ("Anna", "5774001")), Visitor("b", "Bora", ("Bora", "5774002"))
RIGHT: Mapping[str, Sequence[Heard]] = {"Anna": [Heard("1", "Anna, 5774001\nis on its way")], "Bora": []}


def test_a_peak_of_seconds_loses_nothing_and_sends_nothing_astray() -> None:
    need_chromium()
    done = run(Peak(minutes=0.25, buyers=3, pause=3))
    assert done.wrong == []
    assert sum(done.said.values()) > 0
    assert done.events > 0, "the page heard nothing"
    assert done.painted, "nobody pressed a key"
    assert lines(done)[-1] == "nothing lost, nothing astray, nothing twice"


@pytest.mark.parametrize("text", ["Bora, one moment", "order 5774002 is on its way"])
def test_what_belongs_to_another_shopper_is_recognised(text: str) -> None:
    assert astray([ANNA, BORA], RIGHT) == []
    assert astray([ANNA, BORA], {"Anna": [Heard("2", text)]}) == [f"Anna was told of Bora: {text}"]


def test_a_reply_that_nobody_sent_or_that_arrived_twice_is_told() -> None:
    decided = {"Anna": ["Anna, 5774001 is on its way"]}
    assert undecided(RIGHT, decided) == []
    assert len(undecided({"Anna": [*RIGHT["Anna"], *RIGHT["Anna"]]}, decided)) == 1
    assert len(undecided({"Bora": RIGHT["Anna"]}, decided)) == 1


def test_windows_and_outbox_must_hold_the_same() -> None:
    heard = {"talk": [Heard("1", "hello")]}
    assert unrecorded(heard, [Left("talk", "1", "hello")]) == []
    assert len(unrecorded(heard, [])) == 1
    assert len(unrecorded(heard, [Left("other", "1", "hello")])) == 2


def test_events_must_reach_the_page_once() -> None:
    since, first, second = EventId(5, 0), EventId(6, 1), EventId(6, 2)
    assert lost([EventId(4, 9), first, second], [first, second], since) == []
    assert lost([first, second], [first], since) == ["1 events that never reached the page"]
    assert lost([first], [first, first], since) == ["1 events that reached it twice"]
    assert lost([first], [first, second], since) == ["1 events of the page that nobody stored"]


def test_messages_must_be_stored_once_and_in_their_order() -> None:
    said = {"talk": ["1", "2"]}
    assert misplaced(said, {"talk": ["1", "2"]}) == []
    assert misplaced(said, {"talk": ["2", "1"]}) == ["1 talks out of order"]
    assert misplaced(said, {})[0] == "2 messages missing"
    assert "1 messages stored twice" in misplaced(said, {"talk": ["1", "2", "2"]})
