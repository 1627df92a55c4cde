"""Promises and done actions in a text, each with a short code for what is promised or done.

Only forms that commit somebody: an offer in an option ("A refund ¥10") is no promise, a wish, a question, a denial or
a condition no action.
"""

import re
from collections.abc import Iterator

from copilot.domain.fact import FactKind
from copilot.policy.claims.clauses import asked, offered, supposed
from copilot.policy.claims.codes import EN_DOING, EN_DONE, EN_VERB, ZH_CODES, ZH_LONG, ZH_VERB, english_code, word_code
from copilot.policy.claims.found import Found, Look
from copilot.policy.claims.states import state_code, states

_WHO = r"(?:我们?|这边|本店|店里|客服|小二|仓库|专员|同事|咱们?)"
_SOON = r"(?:马上|立刻|立即|这就|现在就|稍后|稍晚点?|晚点|待会儿?|回头|随后|一会儿?|尽快|及时|第一时间|优先)"
_DAY = r"(?:今天|明天|今晚|明早|后天|当天|下班前|(?:今天|当天)?之内|\d{1,2}小时内|[一二两三]小时内)"
_SURE = r"(?:一定|肯定|绝对|必须|保证|会|将|负责)"
_FOR = r"(?:帮|给|为|替|跟|向|和|把)(?:您|你|大家)?"
_WITH = r"(?:那边|物流|快递|仓库|平台|财务|同事|主管|免费|优先|加急|继续|去|也|再|先|单独|重新(?![发寄]))*"
_VERB = rf"(?:安排(?:了|好)?(?:优先|加急|重新(?![发寄]))*)?(?P<verb{{}}>{ZH_VERB})"
_LONG = rf"(?:安排(?:了|好)?)?(?P<verb{{}}>{ZH_LONG})"
_PROMISE_ZH = Look(
    "会 将 去 马上 立 这就 现在就 稍 晚点 待会 回头 随后 一会 尽快 及时 第一时间 优先 帮 给 为 替 一定 肯定 绝对 "
    "必须 保证 承诺 负责 再",
    # 我们会尽快处理, 客服会在两小时内联系您
    rf"{_WHO}(?:这边|今天|明天|也|都|先|就|再|到时候?|{_SOON}|{_DAY}|一定|肯定)*(?:{_SURE}|就去|{_SOON}|去)"
    rf"(?:在[^,。;!?]{{1,8}}内)?(?:{_SOON}|先|再|就|持续|一直|{_SURE})*(?:{_FOR})?{_WITH}{_VERB.format('1')}"
    # 一定给您补偿, 会给您退, 马上给您安排补发
    rf"|(?:{_SURE}|{_SOON})(?:{_SOON}|{_SURE}|就|先|再)*{_FOR}{_WITH}{_VERB.format('2')}"
    # 这边帮您重新寄一个, 我们给您补发
    rf"|(?:我们|这边|我这边|我)(?:就|先|再)?(?:帮|给|为|替)(?:您|你){_WITH}{_LONG.format('3')}"
    # 明天上午给您打款
    rf"|{_DAY}[^,。;!?]{{0,3}}?(?:就|会|先|再)?(?:帮|给|为|替)(?:您|你){_WITH}{_LONG.format('4')}"
    # 稍后回复您, 第一时间通知您
    rf"|(?:{_SOON}|{_SURE})(?:{_SOON}|就|会|先|再)*{_WITH}(?P<verb5>回复|答复|通知|联系|告知|处理|安排|回电|核实"
    rf"|跟进|补发|发货|发出)"
    # 稍晚点我联系您
    rf"|{_SOON}(?:我们?|这边|客服)(?:再|就|去|来|先)*(?:{_FOR})?{_WITH}{_LONG.format('10')}"
    # 保证今天发, 再回您, 我去问下
    rf"|(?:保证|承诺)[^,。;!?不]{{0,6}}?(?P<verb6>{ZH_VERB}|发|到)|再(?P<verb7>回复?|联系|告诉)(?:您|你)"
    rf"|(?:我|这边)(?:这就|马上|现在)?去(?P<verb8>问|查|催|核实|确认)"
    rf"|(?:今天|明天|今晚|稍后|马上|立刻|这就|尽快)(?:就|会|先|再|给|帮|为|替|您|你|把)+(?:免费|优先|重新)?"
    rf"(?P<verb9>{ZH_LONG})",
)
_EXTRA = {"发": "ship", "到": "arrive", "回": "answer", "问": "contact"}
_ACTION_ZH = Look(
    "已 刚 都 帮 给 为 替 了",
    rf"(?:(?:我们?|这边)(?:这边)?)?(?:已经|已|刚刚|刚才|刚|都)(?:{_FOR}[^,。;!?您]{{0,4}}?)?(?:跟|向|去"
    rf"|联系)?{_WITH}{_VERB.format('1')}(?:了|过|好|完|出|到)?"
    rf"|(?<!一定)(?<!肯定)(?<!绝对)(?<!会)(?:帮|给|为|替)(?:您|你){_WITH}{_VERB.format('2')}(?:了(?!$|[,。!?]?\s?"
    rf"(?:再|就)|解)|好了?(?![吗?])|过了|完了|上了|到了?主管|成功)"
    rf"|(?:^|(?<=[,。;!?\n])|(?<=我)|(?<=我们)|(?<=这边))(?P<verb3>查|核实|确认|催|问|联系|处理|登记|反馈|备注|申请"
    rf"|核对)(?:过了?(?=[,。!哈哦呢]|$|仓库|快递|物流|同事|财务|主管|平台)|了(?=[,。!哈哦呢]|$|仓库|快递|物流|同事"
    rf"|财务|主管))"
    rf"|(?<![a-z您你])刚(?:刚|才)?(?P<verb4>问|查|催)(?:了|过)",
)
_WE = (
    r"(?<![a-z])(?:i|we|our team|the team|someone|a colleague|my (?:manager|colleague|team)|the warehouse"
    r"|our warehouse)"
)
_WILL = (
    r"(?:'ll|\swill(?! not| never|n't)|'m gonna|'re gonna|\s(?:am |are )?gonna|\sam going to|\sare going to"
    r"|\sis going to|'m going to|'re going to"
    r"|\s(?:can )?promise to|\sguarantee to)"
)
_READILY = (
    r"(?:also |then |personally |immediately |now |gladly |happily |definitely |certainly |make sure to |be sure to "
    r"|go ahead and |try to |just |quickly |promptly )*"
)
_REPLACEMENT = (
    r"(?:\s(?:you|out|over|across))*\sa?\s?(?:free |full |partial |new )*(?P<thing{}>replacement|new one|refund)"
)
_PROMISE_EN = Look(
    ("'ll ", " will ", "going to ", "gonna ", "i'm ", "we're ", "i am ", "we are ", "let me ", "promise", "guarantee"),
    rf"{_WE}{_WILL}\s{_READILY}(?P<verb1>{EN_VERB})(?![a-z])(?:{_REPLACEMENT.format('1')})?"
    rf"|{_WE}{_WILL}\s(?:make sure|ensure|see to it)(?: that)?(?: [a-z']+){{1,3}}? (?:is |gets? |are )?"
    rf"(?P<verb2>{EN_VERB}|{EN_DONE})(?:s|es)?(?![a-z])"
    rf"|{_WE}{_WILL}\s(?:have|get) (?:it|that|this|them|your [a-z]+|the [a-z]+) (?P<verb8>{EN_DONE})(?![a-z])"
    rf"|(?<![a-z])(?:i'm|we're|i am|we are) (?:now |just |also )?(?P<verb9>{EN_DOING})(?![a-z])"
    rf"(?:{_REPLACEMENT.format('9')})?"
    rf"|(?<![a-z])let me (?:just |quickly |go ahead and )*(?P<verb3>{EN_VERB})(?![a-z])"
    r"|(?<![a-z])you(?:'ll| will) (?:receive|get|have) (?:a |an |your |the )?(?:full |partial |free |complete )*"
    r"(?P<thing4>refund|replacement|new one)"
    rf"|(?<![a-z])(?:it|that|this|they|you|your (?:order|refund|parcel|package|replacement|item))(?:'ll| will) be "
    rf"(?P<verb5>{EN_DONE})(?![a-z])"
    r"|(?<![a-z])(?:i|we) (?:can |do )?(?:promise|guarantee)(?: you)?(?: a| the| your)? (?:full |partial )?"
    r"(?P<thing6>refund|replacement)"
    rf"|(?<![a-z])(?:i|we) (?:can |do )?(?:promise|guarantee)(?: you)?(?: that)? (?:it|you|we|i|this|your [a-z]+)"
    rf"(?:'ll| will)(?: be)? (?P<verb7>{EN_VERB}|{EN_DONE})(?![a-z])",
)
_ACTION_EN = Look(
    ("i ", "we ", "i've", "we've", "been ", "just ", "already "),
    rf"(?<![a-z])(?:i|we)(?:'ve|\shave)?\s?(?:already |just |also |now |personally |gone ahead and "
    rf"|went ahead and )*\s?"
    rf"(?P<verb1>{EN_DONE})(?![a-z])"
    rf"|(?:^|(?<=[.!?,;\n] )|(?<=\n))(?:just|already) (?P<verb2>{EN_DONE})(?![a-z])"
    rf"|(?<![a-z])(?:has|have)(?: now| already| just)? been (?P<verb3>{EN_DONE})(?![a-z])",
)
_NEGATED = re.compile(r"(?:不|没|未|无法|别|not|never|n't|cannot)\s?$", re.IGNORECASE)
_THINGS = {"refund": "refund", "replacement": "reship", "new one": "reship"}


def acts(text: str) -> Iterator[Found]:
    """Promises, actions and states; values are codes ("refund", "in_stock")."""
    known = list(states(text))
    yield from known
    done = [*_actions_zh(text, known), *_actions_en(text, known)]
    yield from done
    for match in _PROMISE_ZH.over(text):
        if _stands(text, match.span()) and not _touches(match.span(), done):
            yield Found(FactKind.PROMISE, match.start(), match.end(), _zh_code(match))
    for match in _PROMISE_EN.over(text):
        if not _NEGATED.search(text[max(0, match.start() - 8) : match.start()]):
            yield Found(FactKind.PROMISE, match.start(), match.end(), _en_code(match))


def _actions_zh(text: str, known: list[Found]) -> Iterator[Found]:
    for match in _ACTION_ZH.over(text):
        if not _touches(match.span(), known) and not supposed(text, match.start()) and _stands(text, match.span()):
            yield Found(FactKind.ACTION, match.start(), match.end(), _zh_code(match))


def _actions_en(text: str, known: list[Found]) -> Iterator[Found]:
    for match in _ACTION_EN.over(text):
        if supposed(text, match.start()) or (match["verb3"] and _touches(match.span(), known)):
            continue
        # "Just checked the tracking" is how a look-up is told, not something done for the buyer.
        if not (match["verb2"] and english_code(match["verb2"]) == "check"):
            yield Found(FactKind.ACTION, match.start(), match.end(), _en_code(match))


def _stands(text: str, span: tuple[int, int]) -> bool:
    """Whether a Chinese form is neither offered, denied nor asked."""
    return not offered(text, span[0]) and not asked(text, *span)


def _zh_code(match: re.Match[str]) -> str:
    verb = next(word for name, word in match.groupdict().items() if name.startswith("verb") and word)
    return ZH_CODES.get(verb) or _EXTRA[verb]


def _en_code(match: re.Match[str]) -> str:
    groups = {name: word for name, word in match.groupdict().items() if word}
    thing = next((word for name, word in groups.items() if name.startswith("thing")), None)
    if thing is not None and not (groups.get("verb1") or "send").lower().startswith("issue"):
        return _THINGS[thing.lower()]
    return english_code(next(word for name, word in groups.items() if name.startswith("verb")))


def _touches(span: tuple[int, int], known: list[Found]) -> bool:
    return any(span[0] < other.end and other.start < span[1] for other in known)


def code_of(words: str) -> str:
    """The code that stands for a fact's words ("Refund issued" → "refund"); the words themselves when none does."""
    plain = words.strip().lower()
    verb = word_code(plain)
    if verb is not None and any(character > "\u2e00" for character in plain):
        return verb
    return state_code(plain) or verb or plain
