"""Whether words ask if something was done, has left or has come: "did it go through?", 退了没, 补发的到哪了.

Owns the wordings of such a question; what it is asked of is told by the case.
"""

import re
from typing import Final

_ZH: Final = re.compile(
    r"(?:寄|发货?|退|补|换|打|转|赔|弄|办|搞|处理|安排|操作|解决|到账?)(?:好|完|掉|成功|出来?|出去|过来|过去|下来|下去|回来)?"
    r"(?:了)?(?:没有?(?!问题|关系|事)|吗|么\b|嘛)"
    r"|(?:到哪|走到哪|在哪|哪去|去哪)(?:里|儿|一步)?了"
    r"|(?:还没|没有?|怎么没|咋没|咋还没|看不|查不|找不)(?:收到|看到|见到?|到|到账?|寄|发|退|补|动静|消息|下来)"
    r"|(?:换|补|新|退)(?:发|寄)?的?(?:那|一)?[件个双份只条套]?呢"
    r"|还(?:能|会|是)?.{0,6}[发寄](?:货|出)?(?:吗|么|不)|(?:说好|答应|承诺).{0,16}呢"
)
_EN: Final = re.compile(
    r"\b(?:did|has|have|was|were|is|are|been|it'?s|will)\b[^.?!\n]{0,40}\b(?:done|processed|issued|sorted|sent"
    r"|shipp?(?:ed)?|refunded|gone (?:out|through|off)|go(?:ing)? (?:out|through)|happen(?:ed)?|on (?:its|the) way"
    r"|posted|dispatched|left|arranged|approved|mailed)\b"
    r"|\bany (?:sign|trace) of\b|\bwhere(?:'?s| is| are)\b"
    r"|\bwhen (?:will|does|do|is)\b[^.?!\n]{0,30}\b(?:sent|ship|shipped|leave|go out)\b"
    r"|\bstill (?:waiting|nothing|no |not |go(?:es|ing)?\b|ship(?:s|ping)?\b|leav(?:es?|ing)\b|be sent\b)"
    r"|\b(?:isn'?t|hasn'?t|haven'?t|didn'?t|don'?t|doesn'?t|can'?t|cannot|not|never|nothing)\b[^.?!\n]{0,30}"
    r"\b(?:there|yet|come|came|arrived?|received?|shown?|showing|see|seen|got|gotten"
    r"|on my (?:card|account|statement))\b"
)


def asks_if_done(folded: str) -> bool:
    """Whether ``folded`` asks if something was carried out, or says that it is nowhere to be seen."""
    return _ZH.search(folded) is not None or _EN.search(folded) is not None
