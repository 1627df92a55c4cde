"""Words of others on their way to a model, and JSON on its way back.

Owns how a message becomes a line that cannot end the block of data it stands in, and how a JSON object is found in an
answer; refuses to know what either is about.
"""

import json
import re
from typing import Final

from pydantic import JsonValue

from copilot.model.completion import ModelFailed, ModelFault

_FENCE: Final = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)


def one_line(text: str) -> str:
    """A message on one line that cannot close the block of data it stands in."""
    return without_tags(" ".join(text.split()))


def without_tags(text: str) -> str:
    """``text`` of the same length without the signs that tags are made of."""
    return text.replace("<", "‹").replace(">", "›")


def json_of(answer: str) -> JsonValue:
    """The JSON value in ``answer``, also inside a fence; ``ModelFailed`` when it is none."""
    fenced = _FENCE.match(answer)
    try:
        return json.loads(fenced.group(1) if fenced else answer)
    except (ValueError, RecursionError):
        # A ValueError also for a number with more digits than Python reads.
        raise ModelFailed(ModelFault.INVALID, "not a JSON object") from None
