"""Why a finished text was held back: which rule, which of its words, where they come from, what helps.

Owns the explanation for whoever reads ``draft``'s output; refuses to judge anything again.
"""

from typing import Final

from copilot.domain.draft import Block, DraftView
from copilot.domain.fact import Claim
from copilot.domain.verdict import Finding, Severity
from copilot.policy import Pack

_UNGROUNDED: Final = "false_promise.ungrounded"
_REMEDIES: Final[dict[str, dict[str, str]]] = {
    "ungrounded": {
        "zh": "没有事实支持这几个字:模板里的数值和承诺要用事实函数写出(prompts/write/README.md)",
        "en": "no fact supports these words: templates print values and promises by their fact "
        "(prompts/write/README.md)",
    },
    "knowledge": {
        "zh": "这几个字来自店铺存的答案或公告({source}):改那一条;允许的说法:reply-copilot policy explain {rule}",
        "en": "the words come from a stored answer or notice ({source}): change it there; allowed wordings: "
        "reply-copilot policy explain {rule}",
    },
    "platform": {
        "zh": "这几个字来自商品或订单资料({source}):改商品资料,或由人回复;规则说明:reply-copilot policy explain {rule}",
        "en": "the words come from the data of goods or orders ({source}): change them in the shop, or let a person "
        "answer; the rule: reply-copilot policy explain {rule}",
    },
    "own": {
        "zh": "这几个字写在模板、品牌名或条款里:在那里改,或在规则里写明允许;"
        "规则说明:reply-copilot policy explain {rule}",
        "en": "the words stand in a template, the brand's name or the terms: change them there, or allow them in the "
        "rule; the rule: reply-copilot policy explain {rule}",
    },
}


def blocks_of(view: DraftView, pack: Pack) -> tuple[Block, ...]:
    """Each finding that blocks ``view``, with its remedy in both languages."""
    reasons = {rule.id: rule.reason for rule in pack.rules}
    return tuple(
        _block(finding, view, reasons.get(finding.rule))
        for finding in view.verdict.findings
        if finding.severity is Severity.BLOCK
    )


def _block(finding: Finding, view: DraftView, reason: object) -> Block:
    source = _source(finding, view.claims)
    told: dict[str, str] = {language: getattr(reason, language, "") or finding.reason for language in ("zh", "en")}
    words = _REMEDIES[_kind(finding, source)]
    remedy = {language: text.format(rule=finding.rule, source=source) for language, text in words.items()}
    return Block(rule=finding.rule, text=finding.text, source=source, reason=told, remedy=remedy)


def _source(finding: Finding, claims: tuple[Claim, ...]) -> str | None:
    """The fact behind the words that the rule found."""
    covering = (one for one in claims if one.start < finding.end and finding.start < one.end)
    return next((one.source for one in covering if one.source is not None), None)


def _kind(finding: Finding, source: str | None) -> str:
    if source is None:
        return "ungrounded" if finding.rule.startswith(_UNGROUNDED) else "own"
    if source.startswith(("faq.", "notice.")):
        return "knowledge"
    return "platform" if source.startswith(("product.", "order.", "case.", "shipment.", "after_sale.")) else "own"
