"""What a Chinese text promises: clause by clause, who does what, when and for whom.

A verb commits the shop when enough around it says so: somebody of ours or a time or a word of certainty, together with
the buyer as the one it is done for. What somebody else does, what the buyer may do, options, denials and what is done
already commit nobody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from copilot.domain.fact import FactKind
from copilot.policy.claims.clauses import asked, in_options
from copilot.policy.claims.found import Found
from copilot.policy.claims.frames_zh import PARTS
from copilot.policy.claims.verbs_zh import code_beside

_BEGINS = re.compile("[您你给会将来去我就再马立稍晚等天号点周月内今明后早午]")
_SUBJECTS = frozenset({"we", "you", "other"})
_NOT_OURS = frozenset({"you", "other"})
_WHEN = frozenset({"time", "within", "soon"})
_TO_YOU = re.compile(r"(?:[好出还去走到上发寄]|[回过]去?)?(?:给|到)?[您你](?!的|们的|自己)")
_DONE = re.compile(r"[好完出走上掉下到]?(?:了(?!$|[,。!?~]?\s?(?:再|就)|解)|过(?![来去])|着(?!$|[,。!?~]))")
_NOT = re.compile(
    r"[不没]|[您你]?:|[给到]?我(?!们)|[好完出走上]?的(?!$|[,。!?~哈哦啦呢])|得?(?:需要|要)[您你先]|时|方式|流程|政策|规则|进度"
    r"|[^,。;!?\n]{0,4}(?:来得及|不了|不行|不成)"
)
_ACHIEVED = re.compile(r"过来|好|成|掉|下来|一[下改]|下(?!单)|到|给|上")
_BRIEFLY = re.compile(r"(?:一下|下(?!单)|看)|给(?!我)")
_OVER = re.compile(r"[^,。;!?~\n、]{0,12}了[啊哈哦呢呀]?(?=$|[,。;!?~\n])")
_SENT_OFF = re.compile(
    r"(?:出去?|走)?(?:顺丰|中通|圆通|申通|韵达|极兔|京东|邮政|德邦|ems)?(?:快递|快运|速运|特快)?(?:的?[哦哈呢啊呀哟噢]|的)?(?=$|[,。!~\n])"
)
_MONEY_SAID = re.compile(r"(?:补偿|赔付?|退款?|返现|差价|红包|打款|转账)[^。!?\n]{0,24}$|\d[元块][^。!?\n]{0,16}$")
_PARCEL_SAID = re.compile(r"快递|包裹|物流|件|货|派送|签收")
_ENDS = re.compile(r"$|[,。!?~的哈哦就吧]")
_LIGHT = frozenset({"安排", "办理", "处理", "联系"})
"""What is done so that something else is: 安排补发 promises the replacement."""
_TOLD = frozenset({"告诉", "告知", "说"})
_NOUNS = frozenset({"优惠", "便宜", "补偿", "消息", "交代", "记录", "说法", "安排"})
"""Verbs that are nouns as often, unless they stand right behind the words that make them verbs."""
_BY_US = frozenset({"我来出", "我们来出"})
_WITHIN = frozenset({"refund", "answer", "handle", "contact"})
"""What a length of time alone binds to: 48小时内发货 is a rule of the shop, 48小时内到账 is said to one buyer."""
_ALONE = frozenset({
    "ship", "reship", "refund", "answer", "notify", "handle", "contact", "check", "invoice", "exchange", "follow_up",
    "arrange", "cancel", "compensate", "keep", "escalate",
})  # fmt: skip
"""What nobody but the shop does, so that the verb needs no subject."""


@dataclass(slots=True)
class _Clause:
    """What was read of a clause so far."""

    end: int = 0
    subject: str = ""
    signs: dict[str, int] = field(default_factory=dict)
    denied: bool = False
    asking: bool = False
    past: bool = False
    taken: bool = False
    light: Found | None = None

    def take(self, part: str, start: int, end: int, *, of_verb: bool) -> None:
        """Note a word that is no verb; ``of_verb`` says that it stands right behind one, as what is done to it."""
        if part in _SUBJECTS and not (of_verb and part != "we"):
            self.subject = part
            if part == "we":
                self.denied, self.past = self.asking, False
        elif part in {"no", "ask"}:
            self.denied, self.asking = True, self.asking or part == "ask"
        elif part == "past":
            self.past = True
        elif part in _WHEN:
            self.past = False
        elif part == "for" and self.subject == "you":
            # What is done for the buyer, the buyer does not do.
            self.subject = ""
        self.signs.setdefault(part, start)
        self.end = end

    def first(self, verb: int) -> int:
        """Where a promise begins: at its first sign that is no time, else at the time."""
        near = [self.signs[part] for part in ("we", "for", "soon", "sworn", "sure", "come") if part in self.signs]
        return min(near, default=min((self.signs[part] for part in _WHEN if part in self.signs), default=verb))

    def has(self, *parts: str) -> bool:
        """Whether one of the parts was read."""
        for part in parts:
            if part in self.signs:
                return True
        return False


def promised_zh(text: str) -> Iterator[Found]:
    """The promises of ``text``, small letters."""
    if not _BEGINS.search(text):
        return
    clause, verb_end = _Clause(), -1
    for match in PARTS.over(text):
        part = str(match.lastgroup)
        if part == "end":
            if clause.light is not None:
                yield clause.light
            clause = _Clause(match.end())
        elif part not in {"verb", "short"}:
            clause.take(part, match.start(), match.end(), of_verb=match.start() == verb_end)
        else:
            yield from _read(text, clause, match)
            clause.end = verb_end = match.end()
    if clause.light is not None:
        yield clause.light


def _read(text: str, clause: _Clause, match: re.Match[str]) -> Iterator[Found]:
    """What the verb of ``match`` promises; a light verb waits in the clause for a fuller one."""
    if clause.light is not None and _carried(match, clause):
        yield Found(FactKind.PROMISE, clause.light.start, match.end(), code_beside(text, match) or clause.light.value)
        clause.light, clause.taken, clause.signs = None, True, _times(clause)
        return
    if clause.denied or clause.past or clause.subject in _NOT_OURS or not (clause.signs or match.group() in _BY_US):
        return
    code = _money_comes(text, match) or code_beside(text, match)
    if code is None or not _commits(text, clause, match, code):
        return
    found = Found(FactKind.PROMISE, clause.first(match.start()), match.end(), code)
    if clause.light is not None:
        yield clause.light
    clause.light = found if match.group() in _LIGHT else None
    if clause.light is None:
        yield found
        clause.taken, clause.signs = True, _times(clause)


def _money_comes(text: str, match: re.Match[str]) -> str | None:
    """Whether 到 says that money arrives, by what stands before it in the line: 申请了补偿10元,24小时内到."""
    if match.group() not in {"到", "到的"}:
        return None
    before = text[max(0, match.start() - 32) : match.start()]
    return "refund" if _MONEY_SAID.search(before) and _PARCEL_SAID.search(before) is None else None


def _times(clause: _Clause) -> dict[str, int]:
    return {part: at for part, at in clause.signs.items() if part in _WHEN}


def _carried(match: re.Match[str], clause: _Clause) -> bool:
    """Whether a verb says what the light one before it is for."""
    if clause.light is None or match.group() in _LIGHT or match.group()[-1] == "到":
        return False
    beside = match.start() <= clause.end
    return beside or (match.lastgroup == "verb" and clause.light.value in {"arrange", "contact"})


def _commits(text: str, clause: _Clause, match: re.Match[str], code: str) -> bool:
    start, end = match.span()
    to_you = _TO_YOU.match(text, end) is not None
    if clause.taken and not _again(clause, to_you):
        return False
    if match.group() in _NOUNS and match.start() != clause.end:
        return False
    if match.lastgroup == "short" and not (to_you or _firm(text, clause, match)):
        return False
    if not _enough(clause, match, code, to_you=to_you):
        return False
    if (
        _NOT.match(text, end)
        or _DONE.match(text, end)
        or (text[end : end + 1] == "的" and not clause.has("sure", "sworn"))
    ):
        return False
    return not _over(text, clause, match) and not asked(text, start, end) and not in_options(text, start)


def _over(text: str, clause: _Clause, match: re.Match[str]) -> bool:
    """Whether a 了 tells that it is done already: 给您截图转给设计了, 给您点了取消."""
    if clause.has("sure", "sworn", "soon") or _money_comes(text, match):
        return False
    since = clause.signs.get("for")
    if since is not None and since < match.start() and "了" in text[since : match.start()]:
        return True
    return _OVER.match(text, match.end()) is not None


def _again(clause: _Clause, to_you: bool) -> bool:
    """Whether a second promise of one clause is its own: 核对完就回您."""
    return to_you or clause.has("for", "we")


def _firm(text: str, clause: _Clause, match: re.Match[str]) -> bool:
    """Whether a verb of one character stands right behind the words that make it one."""
    if match.start() == clause.end and clause.signs:
        return True
    return clause.has("ba", "for") and _ACHIEVED.match(text, match.end()) is not None


def _enough(clause: _Clause, match: re.Match[str], code: str, *, to_you: bool) -> bool:
    """Whether the clause says enough for the verb to bind the shop."""
    if code == "refund" and match.group() == "到":
        alone = match.start() == clause.end and _SENT_OFF.match(match.string, match.end()) is not None
        return alone and clause.has("time", "within", "soon")
    long, ours, sure = match.lastgroup == "verb", clause.subject == "we", clause.has("sure", "sworn", "soon")
    when = clause.has("time") or (clause.has("within") and code in _WITHIN)
    if code == "arrive":
        # How a parcel arrives is the carrier's doing, unless somebody vouches for it.
        return clause.has("sworn")
    if match.group() in _BY_US:
        return _ENDS.match(match.string, match.end()) is not None
    if not (sure or when or clause.has("within")) and _calms(match, clause, code):
        return False
    if clause.has("for") or to_you:
        return ours or sure or clause.has("time", "within")
    if ours and sure and match.start() == clause.end:
        return True
    if ours and (
        clause.has("come", "with")
        or (_BRIEFLY.match(match.string, match.end()) and match.group() != "确认")
        or (long and (sure or clause.has("time", "within")))
    ):
        return True
    if not long:
        return when and (ours or sure or _answers_when(clause, match, code)) and match.start() == clause.end
    # "钱会原路退回" tells how money goes back, not that somebody sees to it.
    bound = when or (sure and (code != "refund" or clause.has("soon")))
    return bound and code in _ALONE


def _answers_when(clause: _Clause, match: re.Match[str], code: str) -> bool:
    """Whether a clause is nothing but a time and the sending, as whoever is asked for it says: 今天下午发."""
    alone = clause.signs.keys() <= {"time", "so"} and _SENT_OFF.match(match.string, match.end()) is not None
    return alone and code == "ship" and not clause.denied


def _calms(match: re.Match[str], clause: _Clause, code: str) -> bool:
    """Whether a phrase without a time says nothing that could be owed: 这事我们来处理, 我把情况告诉您."""
    if match.group() in _TOLD or (code == "handle" and not clause.has("for")):
        return clause.subject == "we"
    come = clause.signs.get("come")
    return code in {"follow_up", "check"} and come is not None and match.string[come] == "来"
