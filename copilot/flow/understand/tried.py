"""Whether a buyer has done with a faulty thing what helps or what a colleague told them to do, and it is as it was.

Nobody who has reset, charged and replugged it as told is asked for a film of it on top. Owns the meeting of both
sides' words; refuses where the buyer only says that they will try, asks, or tells of danger.
"""

import re
from typing import Final

from copilot.domain.case import Case
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand.burst import Burst
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

FAULT_TOLD: Final = "fault_told"
_STEPS: Final = re.compile(
    r"试试|试一下|重置|重启|长按|按住|按[一几\d]|充[满电一\d]|换[个根条一]|插|拔|清[洗理洁]|擦|检查|重新|恢复出厂|升级|关机|断电"
    r"|\b(?:try|reset|restart|reboot|hold|press|charge|plug|unplug|clean|check|make sure|re-?pair|re-?connect"
    r"|update|swap"
    r"|replace|re-?install|descale|switch|turn (?:it )?(?:off|on)|factory)\b",
    re.IGNORECASE,
)
"""What a colleague tells somebody to do with a thing that does not work."""
_DONE: Final = re.compile(
    r"试(?:了|过)|(?:按|照)(?:你|您|说|着)[^,，。\n]{0,6}(?:做|弄|试|来)|做(?:了|过)|弄(?:了|过)|重置(?:了|过)|重启(?:了|过)|充(?:了|过)|换(?:了|过)"
    r"|(?:还是|依然|照样|仍然?)(?:不|没|那样|一样|老样子)|没(?:用|效果|反应|变化)|不管用|不[行得]行?"
    r"|\b(?:tried|did (?:that|it|this|all|both|everything)|done (?:that|it|all)|already did|reset it"
    r"|charged it|followed)\b"
    r"|\b(?:still|same (?:thing|problem|issue)|no (?:luck|change|difference)|nothing (?:happens|changed|works))\b",
    re.IGNORECASE,
)
_BY_THEMSELVES: Final = re.compile(
    r"(?:重置|重启|恢复出厂|重新配对|断电|换(?:了|过)?(?:电池|电源|插座|插头|充电器|充电线|数据线|线|手机)"
    r"|充(?:了|过|满))(?:了|过)?"
    r"[^。!！\n]{0,16}(?:没用|不行|没反应|不管用|一样|没声|没效果|没变化|不亮|不转)"
    r"|\b(?:reset|re-?paired|restarted|rebooted|recharged|charged it|unplugged"
    r"|(?:new|changed the|swapped the|other|different) (?:batter\w+|outlet|socket|cable|charger|phone|plug))\b"
    r"[^.!?\n]{0,48}\b(?:still|nothing|no (?:luck|change|difference)|same"
    r"|(?:did|does|would)n'?t (?:help|work|change))\b",
    re.IGNORECASE,
)
"""What is done with a device before anybody writes, told with its outcome."""
_WILL: Final = re.compile(
    r"我(?:去|再|先)试|(?:等会|待会|晚上|明天|回头|回家)[^,，。\n]{0,6}试"
    r"|\b(?:will|i'?ll|let me|gonna|going to) (?:try|check|do)\b|冒烟|起火|鼓包|漏电|\b(?:smok\w+|burn\w+"
    r"|spark\w*|fire|swollen)\b",
    re.IGNORECASE,
)


def has_tried_as_told(understanding: Understanding, case: Case | None, burst: Burst, shop_text: str | None) -> bool:
    """Whether the turn says that what ``shop_text`` told to do with the faulty thing of ``case`` was done in vain."""
    if _has_tried_alone(understanding, burst):
        return True
    if case is None or case.issue is not Issue.QUALITY_DEFECT or understanding.wish or not shop_text:
        return False
    if understanding.turn not in (Turn.ANSWER, Turn.CHASE, Turn.NEW_ISSUE) or understanding.risks:
        return False
    text = fold(burst.text)
    tried = _DONE.search(text) is not None or says("has_tried", text)
    asks = text.rstrip().endswith(("?", "吗", "么"))
    return tried and not asks and _WILL.search(text) is None and _STEPS.search(fold(shop_text)) is not None


def _has_tried_alone(understanding: Understanding, burst: Burst) -> bool:
    """Whether the fault comes with what was done about it in vain, untold: "the left one is dead, reset it, same"."""
    raised = [one.issue for one in understanding.issues[:1]]
    if raised != [Issue.QUALITY_DEFECT] or understanding.wish or understanding.risks:
        return False
    text = fold(burst.text)
    return _BY_THEMSELVES.search(text) is not None and _WILL.search(text) is None
