"""What became of a draft's text: the same values said of other options are another reply."""

import re
from types import SimpleNamespace
from typing import Any, cast

import pytest

from copilot.desk.edits import edit_class
from copilot.desk.own_text import Bench, Judged
from copilot.domain.draft import EditClass
from copilot.domain.fact import Claim, FactKind
from copilot.domain.money import Money

DRAFT = "A) refund $34.99 or B) keep it and take $10.00 back. A or B?"


class Reader:
    """Finds every amount in a text, as a bench does, and nothing else; two options stood in the draft."""

    view = SimpleNamespace(text=DRAFT, options=(SimpleNamespace(id="A"), SimpleNamespace(id="B")))

    def judge(self, text: str, **_: object) -> Judged:
        claims = tuple(
            Claim(
                kind=FactKind.AMOUNT, start=found.start(), end=found.end(), text=found[0], source=None,
                value=Money.model_validate({"amount": found[1], "currency": "USD"}).model_dump(mode="json"),
            )
            for found in re.finditer(r"\$(\d+\.\d\d)", text)
        )  # fmt: skip
        return Judged(text, cast(Any, None), claims)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (DRAFT, EditClass.VERBATIM),
        (DRAFT.replace("take", "get"), EditClass.SURFACE),
        (DRAFT.replace(" A or B?", " Which one, A or B?"), EditClass.SURFACE),
        # Said again, it says nothing new.
        (DRAFT.replace("$34.99 or", "$34.99, the full $34.99, or"), EditClass.SURFACE),
        ("A) refund $10.00 or B) keep it and take $34.99 back. A or B?", EditClass.SUBSTANCE),
        ("A) keep it and take $10.00 back or B) refund $34.99. A or B?", EditClass.SUBSTANCE),
        ("A) refund $34.99 or $10.00 or B) keep it. A or B?", EditClass.SUBSTANCE),
        ("I can refund $34.99, or you keep it and take $10.00 back.", EditClass.SUBSTANCE),
    ],
)
def test_an_amount_belongs_to_its_option(text: str, made: EditClass) -> None:
    bench = Reader()
    assert edit_class(cast(Bench, bench), bench.judge(text)) is made
