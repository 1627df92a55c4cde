"""What a model that does as it is told would answer: it reads the options and the facts off the question."""

import json
import re
from typing import Any

_OPTION = re.compile(r"^([A-D])[::] ?(.+?)(?:[((](?:facts|事实)[::](.*)[))])?$", re.MULTILINE)
_FACT = re.compile(r"^(\S+) = (.+?)(  \[.+\])?$", re.MULTILINE)

_FELT = {True: "换谁都着急", False: "Sorry about that"}


def answer_to(body: dict[str, Any]) -> str:
    """The slots for the question in ``body``, worded from its own facts only."""
    system, question = body["messages"][0]["content"], body["messages"][1]["content"]
    zh = "替店铺客服" in system
    head = question.split("<conversation>")[0]
    facts = {found[1]: found[2] for found in _FACT.finditer(head)}
    wanted = [found[2] for found in _FACT.finditer(head) if found[3]]
    options = {found[1]: _option(found[2], found[3], facts) for found in _OPTION.finditer(head)}
    said = wanted[0] if wanted else ""
    slots = {
        "empathy": _FELT[zh] if "开头一句共情" in system or "One short sentence of empathy" in system else "",
        "explanation": (f"这边看到的是{said}" if zh else f"What I see here is {said}") if said else "",
        "options": options,
        "closing": ("您看怎么办合适?" if zh else "Which works for you?"),
    }
    return json.dumps(slots, ensure_ascii=False)


def _option(title: str, ids: str | None, facts: dict[str, str]) -> str:
    told = [
        facts[one] for one in re.split(r"[,、]\s*", ids or "") if one in facts and any(map(str.isdigit, facts[one]))
    ]
    return " ".join([title.strip(), *told])
