"""Who else must look at a turn, and why, in the person's language.

Owns the reading of a case's one line (``playbook/handover.py``), which is made of codes, ids and numbers.
"""

from collections.abc import Iterator

from copilot.desk import words
from copilot.desk.approval_words import ESCALATION, RISKS, WHY
from copilot.desk.words import Language, Words, said
from copilot.domain.issue_names import ISSUES
from copilot.domain.plan import Escalation

_LISTS: dict[str, Words] = {"offered": words.OPTIONS, "asked for": words.SLOTS, "risk": RISKS}


def escalation_text(escalation: Escalation, language: Language) -> str:
    """One line such as 请主管看：收货破损；订单 6938…；已给方案：补发、部分退款."""
    why = ("；" if language == "zh" else "; ").join(_parts(escalation.why, language))
    template = ESCALATION.get(escalation.to)
    return why if template is None else said(ESCALATION, escalation.to, language).format(why=why)


def _parts(line: str, language: Language) -> Iterator[str]:
    for part in line.split("; "):
        begins = next((word for word in WHY if part.startswith(f"{word} ")), None)
        if begins is None:
            yield said(WHY if part in WHY else ISSUES, part, language)
            continue
        # The platform's state of an order stands beside the card in its own words.
        rest = part.removeprefix(f"{begins} ").partition(": ")[0]
        yield said(WHY, begins, language).format(what=_listed(rest, _LISTS.get(begins), language))


def _listed(rest: str, table: Words | None, language: Language) -> str:
    if table is None:
        return rest
    return ("、" if language == "zh" else ", ").join(said(table, code, language) for code in rest.split(", "))
