"""What a person made of a draft's text before it was sent: nothing, other words, or another thing said.

A claim, an option, an amount or a promise that is gone, new or different is substance, and so is one that is said of
another option; everything else is surface.
"""

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from copilot.desk.own_text import Bench, Judged
from copilot.domain.case import Option
from copilot.domain.draft import EditClass
from copilot.domain.fact import Claim
from copilot.domain.plan import Promise

# "A refund" names no choice, "A) a refund", "A or B?" and "A 退30元" do.
_LETTER: Final = re.compile(r"(?<![A-Za-z0-9])([A-E])(?=[)）.、:：，,?？]|\s+or\b|\s*[\u3400-\u9fff]|\s*$)")


def edit_class(bench: Bench, judged: Judged) -> EditClass | None:
    """What became of the draft before the person in the text as ``judged``; None where none stands there."""
    view = bench.view
    if view is None:
        return None
    if judged.text == view.text:
        return EditClass.VERBATIM
    # Both texts are read by the same eyes at the same moment: what a draft knows of itself says more than its words do.
    before = bench.judge(view.text, alone=False)
    same = (
        _stated(view.text, before.claims, view.options) == _stated(judged.text, judged.claims, view.options)
        and _promised(before.owes) == _promised(judged.owes)
        and _offered(view.text, view.options) == _offered(judged.text, view.options)
    )
    return EditClass.SURFACE if same else EditClass.SUBSTANCE


def _stated(text: str, claims: Iterable[Claim], options: Iterable[Option]) -> dict[tuple[str, str], list[str]]:
    """What is said of which option, by kind and in order, whatever the words: "18点" and "18:00" are one time.

    The order counts because a value says nothing by itself: "30 of 60" and "60 of 30" name the same two. Who only moved
    a sentence is taken for the worse. A value that is said again adds nothing.
    """
    letters = _letters(text, options)
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for claim in sorted(claims, key=lambda one: one.start):
        behind = bisect_right(letters, claim.start, key=lambda one: one[0])
        values = said[letters[behind - 1][1] if behind else "", claim.kind.value]
        if (value := json.dumps(claim.value, sort_keys=True)) not in values:
            values.append(value)
    return dict(said)


def _promised(owes: Iterable[Promise]) -> set[tuple[str, str]]:
    return {(one.what, one.amount.model_dump_json() if one.amount else "") for one in owes}


def _offered(text: str, options: Iterable[Option]) -> set[str]:
    """The letters of the choices that stand in the text."""
    return {letter for _, letter in _letters(text, options)}


def _letters(text: str, options: Iterable[Option]) -> list[tuple[int, str]]:
    """Where the text names which choice, in order."""
    known = {one.id for one in options}
    return [(found.start(), found[1]) for found in _LETTER.finditer(text) if found[1] in known]
