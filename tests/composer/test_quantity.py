"""Whether more is wanted or fewer: the number against what was ordered, words only where there is none."""

import pytest

from copilot.model.composer.quantity import wants_fewer


@pytest.mark.parametrize(
    ("text", "ordered", "fewer"),
    [
        ("改成10件可以吗", 1, False),
        ("改成1件", 3, True),
        ("数量改成两个", 1, False),
        ("数量改成两个", 5, True),
        ("我只要一件,拍多了", 2, True),
        ("减一件", 2, True),
        ("再加一件行不行", 1, False),
        ("数量填错了", 1, None),
        ("改一下数量", None, None),
        ("can you change the wireless mouse to 3", 1, False),
        ("make it two please", 1, False),
        ("make it two please", 4, True),
        ("i only want 1", 2, True),
        ("change the quantity to 2 within 3 days", 1, False),
        ("need fewer of them", None, True),
        ("one more please", 1, False),
        ("please update the quantity", 1, None),
    ],
)
def test_more_or_fewer(text: str, ordered: int | None, fewer: bool | None) -> None:
    assert wants_fewer(text, ordered) is fewer
