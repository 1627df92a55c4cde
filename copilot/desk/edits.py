"""What a person made of a draft's text before it was sent: nothing, other words, or another thing said.

A claim, an option, an amount or a promise that is gone, new or different is substance; everything else is surface.
"""

import json
import re
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
        _stated(before.claims) == _stated(judged.claims)
        and _promised(before.owes) == _promised(judged.owes)
        and _offered(view.text, view.options) == _offered(judged.text, view.options)
    )
    return EditClass.SURFACE if same else EditClass.SUBSTANCE


def _stated(claims: Iterable[Claim]) -> set[tuple[str, str]]:
    """What is said, whatever the words: "18点" and "18:00" are one time."""
    return {(claim.kind.value, json.dumps(claim.value, sort_keys=True)) for claim in claims}


def _promised(owes: Iterable[Promise]) -> set[tuple[str, str]]:
    return {(one.what, one.amount.model_dump_json() if one.amount else "") for one in owes}


def _offered(text: str, options: Iterable[Option]) -> set[str]:
    """The letters of the choices that stand in the text."""
    return set(_LETTER.findall(text)) & {one.id for one in options}
