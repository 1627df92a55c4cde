"""Our own texts for a plan are made when somebody reads them, and no more of them than are read."""

import pytest

from copilot.model.familiar import Familiar
from copilot.model.wordings import Wordings


def _counting(made: list[int], first: str | None = None) -> Wordings:
    def make(place: int) -> str:
        made.append(place)
        return f"parcel{place}"

    return Wordings(make, 12, first)


def test_a_text_is_made_once_and_only_when_it_is_read() -> None:
    made: list[int] = []
    wordings = _counting(made, first="there already")
    assert len(wordings) == 12
    assert made == []
    assert wordings[:3] == ("there already", "parcel1", "parcel2")
    assert (wordings[2], wordings[-1]) == ("parcel2", "parcel11")
    assert made == [1, 2, 11]
    with pytest.raises(IndexError):
        wordings[12]


def test_further_texts_are_read_only_until_every_word_is_known() -> None:
    made: list[int] = []
    wordings = _counting(made)
    familiar = Familiar.of("en", ["your order"], wordings)
    assert familiar.strange("Your order!") == ()
    assert made == []
    assert familiar.strange("parcel2") == ()
    assert made == [0, 1, 2]
    # What was read stays known; where a word stands nowhere all of them are read.
    assert familiar.strange("parcel1") == ()
    assert made == [0, 1, 2]
    assert familiar.strange("parcel99") == ("99",)
    assert made == list(range(12))
