"""Done actions in a text, each with a short code: what the shop says it has done for the buyer.

A question, a condition, an offer or a denial tells of nothing done.
"""

import re
from collections.abc import Iterator, Sequence

from copilot.domain.fact import FactKind
from copilot.policy.claims.clauses import asked, offered, supposed
from copilot.policy.claims.codes import EN_DONE, ZH_CODES, ZH_VERB, english_code
from copilot.policy.claims.found import Found, Look

_FOR = r"(?:帮|给|为|替|跟|向|和|把)(?:您|你|大家)?"
_WITH = r"(?:那边|物流|快递|仓库|平台|财务|同事|主管|免费|优先|加急|继续|去|也|再|先|单独|重新(?![发寄]))*"
_VERB = rf"(?:安排(?:了|好)?(?:优先|加急|重新(?![发寄]))*)?(?P<verb{{}}>{ZH_VERB})"
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
    starts="[我这已刚都帮给为替查核确催问联处登反备申]",
)
_ACTION_EN = Look(
    ("i ", "we ", "i've", "we've", "been ", "just ", "already "),
    rf"(?<![a-z])(?:i|we)(?:'ve|\shave)?\s?(?:already |just |also |now |personally |gone ahead and "
    rf"|went ahead and )*\s?"
    rf"(?P<verb1>{EN_DONE})(?![a-z])"
    rf"|(?:^|(?<=[.!?,;\n] )|(?<=\n))(?:just|already) (?P<verb2>{EN_DONE})(?![a-z])"
    rf"|(?<![a-z])(?:has|have)(?: now| already| just)? been (?P<verb3>{EN_DONE})(?![a-z])",
)
_CODES = ZH_CODES | {"问": "contact"}
_RESULT = re.compile(r"[了过]$|^(?:已|刚|都)")


def done(text: str, known: Sequence[Found], promised: Sequence[Found]) -> Iterator[Found]:
    """Actions; what is one of the ``known`` states, or ``promised`` to be done by some time, is none."""
    for match in _ACTION_ZH.over(text):
        span = match.span()
        if _touches(span, known) or supposed(text, span[0]) or offered(text, span[0]) or asked(text, *span):
            continue
        # 48小时内给您处理好 has nothing done about it.
        if _touches(span, promised) and not _RESULT.search(match.group()):
            continue
        yield Found(FactKind.ACTION, *span, _CODES[_verb(match)])
    for match in _ACTION_EN.over(text):
        if supposed(text, match.start()) or (match["verb3"] and _touches(match.span(), known)):
            continue
        # "Just checked the tracking" is how a look-up is told, not something done for the buyer.
        if not (match["verb2"] and english_code(match["verb2"]) == "check"):
            yield Found(FactKind.ACTION, *match.span(), english_code(_verb(match)))


def _verb(match: re.Match[str]) -> str:
    return next(word for name, word in match.groupdict().items() if name.startswith("verb") and word)


def _touches(span: tuple[int, int], known: Sequence[Found]) -> bool:
    return any(span[0] < other.end and other.start < span[1] for other in known)
