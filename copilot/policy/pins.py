"""Rules that the deployment pins: no merchant may switch them off or weaken them.

Reads ``pinned.yaml`` of policy folders; refuses a name that is neither a rule nor a family, because it would protect
nothing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from copilot.domain.base import StrictShape
from copilot.domain.errors import PolicyFileError
from copilot.policy.document import read_document
from copilot.policy.load import Sourced
from copilot.policy.mistakes import nearest

FILE = "pinned.yaml"


class PinsFile(StrictShape):
    """``pinned`` maps a rule's id or a family to why it is pinned."""

    pinned: dict[str, str] = {}


def load_pins(folders: Sequence[Path], rules: Mapping[str, Sourced]) -> dict[str, str]:
    """Why each pinned rule is, by rule id; the pins of all ``folders`` count together.

    Raises:
        PolicyFileError: a file cannot be used, or names no rule and no family of ``rules``.
    """
    families = {sourced.rule.family for sourced in rules.values()}
    found: dict[str, str] = {}
    for folder in folders:
        path = folder / FILE
        if not path.is_file():
            continue
        document = read_document(path)
        for name, why in document.parse(PinsFile).pinned.items():
            if name not in rules and name not in families:
                near = nearest(name, [*rules, *families])
                place = f"{path}:{document.line(('pinned', name))}"
                raise PolicyFileError(
                    f"{place}: '{name}' is no rule and no family",
                    remedy=f"did you mean '{near}'?" if near else "remove it",
                )
            found |= {rule_id: why for rule_id, one in rules.items() if name in (rule_id, one.rule.family)}
    return found
