"""What a platform's record proves, whatever stands in it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.channel.readback import Seen, Trace, judge, same_words, wordings
from copilot.store.tables import OutboxRow

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TEXTS = st.sampled_from(["好的", "好的 ", "稍等", "OK\r\nthanks", "OK\nthanks", ""])
SEEN = st.lists(st.tuples(st.integers(1, 6), TEXTS).map(lambda one: Seen(f"p{one[0]}", one[1], AT)), max_size=8)
IDS = st.sets(st.integers(1, 6).map(lambda one: f"p{one}"))


@given(TEXTS, SEEN, IDS, st.integers(0, 2))
def test_a_reply_has_arrived_only_as_the_one_free_message_with_its_words(
    text: str, seen: list[Seen], taken: set[str], rivals: int
) -> None:
    found = judge(text, seen, taken, rivals)

    free = {one.message_id for one in seen if one.text.strip().split() == text.split()} - taken
    if found.trace is Trace.ARRIVED:
        assert found.message is not None
        assert free == {found.message.message_id}
        assert not rivals
    elif found.trace is Trace.ABSENT:
        assert not free
    else:
        assert len(free) > 1 or rivals
    assert (found.message is None) == (found.trace is not Trace.ARRIVED)


@given(TEXTS, SEEN, IDS, st.integers(0, 2))
def test_the_order_and_repetition_of_the_record_mean_nothing(
    text: str, seen: list[Seen], taken: set[str], rivals: int
) -> None:
    by_id = list({one.message_id: one for one in seen}.values())
    again = [*by_id, *reversed(by_id)]

    assert judge(text, again, taken, rivals).trace is judge(text, by_id, taken, rivals).trace


@pytest.mark.parametrize("stands", ["你好", "你好\n1. 什么时候发货"])
def test_a_greeting_with_questions_stands_there_as_its_list_or_as_the_text_above_them(stands: str) -> None:
    cards = {"text": "你好", "cards": [{"id": "ship", "question": "什么时候发货"}]}
    row = OutboxRow(text="你好\n1. 什么时候发货", cards=cards)
    found = judge(wordings(row), [Seen("p1", stands, AT), Seen("p2", "稍等", AT)], (), 0)
    assert (found.trace, found.message) == (Trace.ARRIVED, Seen("p1", stands, AT))
    assert (
        judge(wordings(OutboxRow(text="你好")), [Seen("p1", "你好\n1. 什么时候发货", AT)], (), 0).trace is Trace.ABSENT
    )


def test_platforms_trim_edges_and_change_line_ends_and_nothing_else() -> None:
    assert same_words("好的\r\n稍等", " 好的\n稍等\n")
    assert not same_words("好的 稍等", "好的稍等")
    assert not same_words("好的", "好的。")
