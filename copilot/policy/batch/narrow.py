"""Which of the expressions that a batch has woken match at all: one look over all texts that woke one, put together.

A superset again: what is left is judged text by text. Most expressions that wake match nowhere, and asking each of them
for each text would cost more than everything else.
"""

from collections.abc import Callable, Mapping, Sequence

from copilot.policy.batch.views import Views
from copilot.policy.linear import Expression


def narrowed(
    views: Views, woken: Mapping[int, Sequence[int]], expression: Callable[[int], Expression | None]
) -> dict[int, list[int]]:
    """``woken`` (units by the place of a text) without expressions that match in neither view, nor texts with no other.

    ``expression`` gives that of a unit; null for units of other kinds, which stay.
    """
    found: dict[int, list[int]] = {}
    asked: dict[int, list[int]] = {}
    for text, units in woken.items():
        for unit in units:
            if unit >= 0 and expression(unit) is not None:
                asked.setdefault(unit, []).append(text)
            else:
                found.setdefault(text, []).append(unit)
    for unit, texts in asked.items():
        looked_for = expression(unit)
        if looked_for is not None:
            for text in _matching(views, looked_for, texts):
                found.setdefault(text, []).append(unit)
    return found


def _matching(views: Views, expression: Expression, texts: Sequence[int]) -> dict[int, None]:
    """Those of ``texts`` in one of whose views ``expression`` may match."""
    bases, tights = views.base_bytes, views.tight_bytes
    owners = [*texts]
    lines = [bases[text] for text in texts]
    for text in texts:
        tight = tights.get(text)
        if tight is not None:
            owners.append(text)
            lines.append(tight)
    return dict.fromkeys(owners[at] for at in expression.among(lines))
