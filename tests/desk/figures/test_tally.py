"""Of too few drafts nothing is told, and nothing that would give it away."""

import uuid

import pytest

from copilot.desk.figures.fate import Fate
from copilot.desk.figures.seen import Outcome, Seen
from copilot.desk.figures.tally import Group, lines, tally, told


def drafts(number: int, fate: Fate = Fate.VERBATIM, **more: bool) -> list[Seen]:
    """So many of one fate."""
    outcome = Outcome(issue="damaged", fate=fate, **more)
    return [Seen(uuid.uuid4(), False, outcome, "好的") for _ in range(number)]


def test_nine_drafts_are_not_told_and_ten_are() -> None:
    assert told(tally(drafts(9))) is None
    found = told(tally(drafts(10)))
    assert found is not None
    assert found.classes["verbatim"] == 10


def test_what_counts_for_nothing_makes_no_number_large_enough() -> None:
    seen = [*drafts(9), *drafts(5, Fate.OPEN), Seen(uuid.uuid4(), None, Outcome(issue="damaged", fate=Fate.OPEN))]
    assert told(tally(seen)) is None


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 30, "b": 20}, ["a", "b"]),
        # Alone it would be the whole without the others.
        ({"a": 30, "b": 20, "c": 3}, ["a"]),
        ({"a": 30, "b": 20, "c": 6, "d": 4}, ["a", "b"]),
        ({"a": 30, "c": 9}, []),
        ({"a": 6, "b": 6}, []),
        ({"a": 5}, []),
        ({"a": 5, "b": 4}, []),
    ],
)
def test_the_lines_that_are_left_out_are_together_of_enough(sizes: dict[str, int], shown: list[str]) -> None:
    groups = [Group(name, name, drafts(size)) for name, size in sizes.items()]
    whole = tally(one for group in groups for one in group.drafts)
    found = lines(whole, groups)
    assert [one.key for one in found if one.tally is not None] == shown
    assert sorted(one.key for one in found) == sorted(sizes)
    # In which order the others come says nothing of their size.
    hidden = [one.key for one in found if one.tally is None]
    assert hidden == sorted(hidden)


def test_how_texts_did_is_asked_of_those_that_left_alone() -> None:
    left = drafts(2, left=True, corrected=True)
    late = drafts(1, Fate.LATE, left=True)
    after = tally([*left, *late, *drafts(3), *drafts(2, Fate.OWN_WORDS)]).after
    assert (after.sent, after.corrected) == (3, 2)
