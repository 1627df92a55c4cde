"""What a model's slots may not hold, whatever it was talked into.

The claim ledger judges amounts, dates and promises of the finished text, ``familiar`` which words there may be at all.
Owned here is what those cannot see: another script, letters and gifts that no option has, news of parcel or money that
no fact tells, numbers of other orders, our own instructions, a master. Errs towards refusal, which costs a wording: the
composed text is there.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from copilot.domain.case import Option
from copilot.domain.plan import Act, Plan
from copilot.model.completion import ModelFailed, ModelFault
from copilot.model.familiar import Familiar
from copilot.model.slots import Slots

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD: Final = re.compile(r"[a-z]{2,}")
_PLACEHOLDER: Final = re.compile(r"⟨[a-z_]+_\d+⟩")
_LETTER: Final = re.compile(
    r"(?<![A-Za-z0-9(])([A-KN-RU-WYZ])(?:[):、](?!\))| (?=[\u3400-\u9fff]))"
    r"|(?:选项?|方案|(?i:option)) ?([A-Z丙丁])(?![a-z])"
)
"""Letters of options; S, M, L, X and T are sizes and shirts as often."""
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s-]?\d){6,}")
_FACT_ID: Final = re.compile(r"\b(?:order|option|shipment|after_sale|terms|hold|product|case|turn)\.\w")
_MARKUP: Final = re.compile(r"\*\*|__|`|^#{1,6} |^[-*] |\]\(|</?[a-z]+>", re.MULTILINE)
_EITHER: Final = re.compile(
    r"\b(?:or|either|whichever|prefer|rather|choose|choice|options?|if not|otherwise|alternatively)\b"
    r"|还是|或|要么|选|挑|哪"
)
_MARKS: Final = {
    "reship": re.compile(r"重新?寄|补[寄发]|再寄|换新|新的|\b(?:replacement|reship|resend|another|new|fresh)"),
    "refund": re.compile(r"退[您你款钱给]|[\d元]退|\brefund|\bmoney\b|\$\d[\d.,]* back"),
    "voucher": re.compile(r"券|\b(?:voucher|coupon|code)\b"),
    "exchange": re.compile(r"换[您你货给]|\b(?:exchange|swap)"),
    "cancel_refund": re.compile(r"取消|\bcancel"),
    "repair": re.compile(r"修|\brepair"),
}
"""By what is done: the words by which a text offers it."""
_CURRENCY: Final = re.compile(r"[$€£¥₩฿₫₱₹]|\b(?:rm|rp|usd|cny|rmb|eur|gbp)\b")
_YUAN: Final = frozenset({"¥", "cny", "rmb"})
_ECHO: Final = {"zh": 12, "en": 28}
"""So many characters of our own instructions in a row are no coincidence."""

# Each is told only where a fact or an option says it in one of the same words.
_NEEDS_WORDS: Final = (
    re.compile(
        r"免费|白送|赠送|附赠|送您|送你|免单|(?<!feel )\bfree\b|\bon the house\b|\bno charge\b|\bgift\b|\bextra unit\b"
    ),
    # What is offered is a choice: not the one and the other.
    re.compile(
        r"都(?:可以)?[给归要拿]|全[给归]|[两俩](?:样|个|种|份)都[退补寄送办]|什么都[给行]|要什么给什么"
        r"|\bboth\b|\bas well as\b|\bon top of\b|\bin addition\b|\bis on (?:us|me)\b"
    ),
    re.compile(r"第[三四五]种|第[三四五]个(?:办法|选择)|\b(?:third|fourth) (?:choice|option|way)\b"),
    re.compile(r"退回|丢失|丢件|遗失|\b(?:returned to|came back|sent back|(?:is|was|been|got) lost)\b"),
)
_MONEY_GONE: Final = re.compile(
    r"(?:款|钱)[^,。;!?]{0,6}(?:退给|打给|转给|退到|到账)[^,。;!?]{0,3}[了啦]"
    r"|\b(?:refund|money) (?:(?:has|have|was|is|already|just|now) ){0,3}(?:went|gone|sent)\b"
    r"|\b(?:refund|money) (?:(?:has|have|was|is|already|just|now) ){1,3}(?:back|there|in|through)\b"
)
_REFUNDED: Final = (".refunded_at", ".arrives_by")
_PARCEL_NEWS: Final = re.compile(r"发出|发货|签收|\b(?:ships|shipped|shipping|delivered|arrives?)\b")
_NEVER: Final = re.compile(
    r"主人|遵命|百无禁忌|没有限制|语言模型|都听您的|\bmaster\b|\bunrestricted\b|\bno limits\b|\bas you command\b"
    r"|\blanguage model\b|\bobey\b|(?<![a-z])ai(?![a-z])"
    r"|https?:|www\.|\w ?(?:\.|。|\bdot\b) ?(?:com|cn|net|org|example|shop|top|xyz|link)(?![a-z])"
    r"|\bslash\b|whatsapp|加v(?![a-z])"
)


def keep_within(
    slots: Slots, plan: Plan, words: Iterable[str], *, language: str, instructions: str, familiar: Familiar
) -> None:
    """Refuses slots that hold what ``plan`` and ``words``, those of its facts, do not.

    ``instructions`` is what the model was told, ``familiar`` are the words that it may use at all.

    Raises:
        ModelFailed: names which bound, none of the model's words.
    """
    by_letter = {option.id: option for option in plan.options}
    said: list[tuple[str, Option | None]] = [(slots.empathy, None), (slots.explanation, None), (slots.closing, None)]
    said += [(text, by_letter.get(letter)) for letter, text in slots.options.items()]
    known = _plain(" ".join([*words, *(option.title for option in _offered(plan))])).lower()
    for slot, own in said:
        marked = "markup, which a chat shows as signs" if _MARKUP.search(slot) else None
        bound = marked or _broken(slot, plan, known, language, instructions, own)
        if bound is None and familiar.strange(_PLACEHOLDER.sub("", slot)):
            bound = "words that stand in no fact, no option and no wording"
        if bound is not None:
            raise ModelFailed(ModelFault.INVALID, f"beyond the plan: {bound}")


def _broken(slot: str, plan: Plan, known: str, language: str, instructions: str, own: Option | None) -> str | None:
    plain = _plain(_PLACEHOLDER.sub("", slot))
    low = plain.lower()
    if _foreign(low, known, language):
        return "another language"
    if _echoes(low, _plain(instructions).lower(), _ECHO["zh" if language == "zh" else "en"]):
        return "its own instructions"
    return _unlisted(plain, low, plan, known) or _untrue(plain, low, plan, known, own)


def _unlisted(plain: str, low: str, plan: Plan, known: str) -> str | None:
    """A letter, a number or a sign that stands in nothing we know."""
    letters = {option.id for option in _offered(plan)}
    if any((one[1] or one[2]) not in letters for one in _LETTER.finditer(plain)):
        return "an option that is not offered"
    if any(_bare(one.group()) not in _bare(known) for one in _LONG_NUMBER.finditer(plain)):
        return "a number that is not listed"
    if any(one not in known and not ("元" in known and one in _YUAN) for one in _CURRENCY.findall(low)):
        return "another currency"
    return "the id of a fact" if _FACT_ID.search(low) else None


def _untrue(plain: str, low: str, plan: Plan, known: str, own: Option | None) -> str | None:
    """Something offered, done or known that is not."""
    if any(one.group() not in known for one in _NEVER.finditer(low)):
        return "words that no reply holds"
    if any(said.group() not in known for one in _NEEDS_WORDS for said in one.finditer(low)):
        return "an offer or an event that is not listed"
    if _MONEY_GONE.search(low) and not any(key.endswith(_REFUNDED) for key in plan.facts):
        return "money that did not go"
    if _beside(low, plan, own):
        return "options that exclude each other"
    unknown = plan.act is Act.HOLD or (plan.order is None and _LONG_NUMBER.search(plain))
    if unknown and _PARCEL_NEWS.search(low):
        return "news of an order that is not known"
    return None


def _offered(plan: Plan) -> tuple[Option, ...]:
    return (*plan.options, *((plan.chosen,) if plan.chosen else ()))


def _beside(low: str, plan: Plan, own: Option | None = None) -> bool:
    """Whether options that exclude each other are told as if the buyer got both; ``own`` is the one being worded."""
    told = {one.action for one in plan.options if (mark := _MARKS.get(one.action)) and mark.search(low)}
    if own is not None:
        return bool(told - {own.action})
    return len(told) > 1 and not _EITHER.search(low)


def _foreign(low: str, known: str, language: str) -> bool:
    if language == "zh":
        return bool(low.strip()) and not _HAN.search(low) and len(_LATIN_WORD.findall(low)) > 2
    return any(one not in known for one in _HAN.findall(low))


def _echoes(low: str, instructions: str, length: int) -> bool:
    return any(low[at : at + length] in instructions for at in range(len(low) - length + 1))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _bare(text: str) -> str:
    return re.sub(r"[\s-]", "", text)
