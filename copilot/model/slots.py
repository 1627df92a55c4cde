"""The slots a model fills, and how they become one text.

The letters and their order come from the plan; a model can neither add an option nor leave one out.
"""

from typing import Final

from pydantic import ValidationError

from copilot.domain.base import StrictShape
from copilot.domain.plan import Plan
from copilot.model.completion import ModelFailed, ModelFault
from copilot.model.data import json_of

_TRAILING: Final = " .。;\uff1b,\uff0c"
_ENDS: Final = ".!?…。\uff01\uff1f"


class Slots(StrictShape):
    """What the model words: each a plain sentence or two, options by their letter."""

    empathy: str = ""
    explanation: str = ""
    options: dict[str, str] = {}
    closing: str = ""


def parse(answer: str, plan: Plan) -> Slots:
    """The slots in a model's answer.

    Raises:
        ModelFailed: not JSON, other keys, or options that are not exactly the plan's; the detail names the fields.
    """
    try:
        slots = Slots.model_validate(json_of(answer))
    except ValidationError as error:
        # Only keys of our own are named: an unknown key is the model's text.
        known = sorted(
            {str(e["loc"][0]) for e in error.errors() if e["loc"] and str(e["loc"][0]) in Slots.model_fields}
        )
        raise ModelFailed(ModelFault.INVALID, f"wrong fields {', '.join(known) or '(unknown keys)'}") from None
    offered = [option.id for option in plan.options]
    if sorted(slots.options) != sorted(offered) or not all(text.strip() for text in slots.options.values()):
        raise ModelFailed(ModelFault.INVALID, f"options must be exactly {offered}")
    if not (slots.explanation.strip() or slots.options or slots.closing.strip()):
        raise ModelFailed(ModelFault.INVALID, "nothing was said")
    if slots.empathy.strip() and not plan.empathy:
        slots = slots.model_copy(update={"empathy": ""})
    return slots


def assemble(slots: Slots, plan: Plan, language: str) -> tuple[str, dict[str, str]]:
    """The finished text, and each option's own words by letter."""
    texts = {option.id: _clause(slots.options[option.id]) for option in plan.options}
    zh = language == "zh"
    if len(texts) > 1:
        mark = " " if zh else ") "
        joined = (";" if zh else "; ").join(f"{letter}{mark}{text}" for letter, text in texts.items())
        offer = joined + ("。" if zh else ".")
    else:
        offer = "".join(_sentence(text, zh) for text in texts.values())
    parts = [slots.empathy, slots.explanation, offer, slots.closing]
    sentences = [_sentence(part, zh) for part in parts if part.strip()]
    return ("" if zh else " ").join(sentences), texts


def _clause(text: str) -> str:
    return " ".join(text.split()).rstrip(_TRAILING)


def _sentence(text: str, zh: bool) -> str:
    flat = " ".join(text.split())
    if flat[-1] in _ENDS:
        return flat
    return flat + ("。" if zh else ".")
