"""What the shop's own last words did: asked, offered, apologised, promised to check, said goodbye.

Owns the reading of agents' free text, so that a conversation without stored cases still has them; refuses to read
numbers or promises out of it (that is the claim ledger's work).
"""

import re

from copilot.domain.base import Shape
from copilot.domain.case import Option
from copilot.flow.understand.on_condition import on_condition
from copilot.flow.understand.remedies import mentions, remedies_in
from copilot.flow.understand.text import fold, has_han
from copilot.flow.understand.words import says
from copilot.policy.short_forms import plainly

SLOTS = (
    "order", "photo", "measurement", "size", "reason", "promised", "name", "email", "phone", "account", "address",
    "invoice_title",
)  # fmt: skip
# A full stop ends one where a blank follows: 19.90 goes on.
# Many colleagues leave the question mark out: "平时腰围多少呢", "吊牌还在吗".
_ASKED_BARE = re.compile(
    r"(?:[吗呢嘛没]|(?<!什)么|(?<!没)什么|(?<!没)啥|多少|几[个件只号双条码]|哪[个款件一种里]|有没有|是不是|还是[^,。]{1,8})"
    r"[的呀啊哈哦呢亲~。.\s]*$"
)
# "您平时腰围多少,我看下换哪个码合适": asked in the middle of a sentence.
_ASKED_WITHIN = re.compile(r"(?:多少|几码|什么码|多大码|多重|多高)[呀啊哈哦呢亲~]*[,，]")
# "退您20" is twenty yuan.
_BARE_SUM = re.compile(r"(?:退|补|赔|返)(?:您|你)?\s?\d+(?:\.\d{1,2})?(?![\d.]|\s*[元块个只件双条包袋瓶天小%折张])")
# Colleagues put blanks where commas belong: "不影响使用的 给您退10块".
# "Since it still works fine, we can refund you $15": why it is offered is no part of what is.
_BEFORE_OFFER = re.compile(
    r"^.*[\s,，](?=(?:给|帮|为)[您你])"
    r"|^.*,\s*(?:(?:yes|yep|sure|ok|okay|of course|no problem|absolutely)[,!]?\s+)?"
    r"(?=(?:i|we)(?:'ll|'d|\s+(?:will|can|could|would|might))\b)",
    re.IGNORECASE,
)
_SWAP = re.compile(r"^(?:swap|exchange)\s+(?=(?:the|your|it|them|that|this)\b)", re.IGNORECASE)
_IN_STOCK = re.compile(
    r",\s*(?:we|i)(?:'ve| have| do have|'ve still)?(?: still)?(?: got| have)?\b[^,]*\b(?:left|in stock|available)$"
    r"|[,，](?:我们)?(?:这边|店里|仓库)?(?:还|现在|目前)?有(?:货|现货|的)$",
    re.IGNORECASE,
)
"""What only says that there are some is no part of what is offered."""
_SOFT_ENDS = "呢呀啊哦哈"
_FEWEST, _BARE = 2, 8
_ASKED_BARE_EN = re.compile(
    r"\W*(?:(?:and|so|but|ok|okay|hi|hey|yes|sure)\W+)*(?:what'?s?|which|how (?:many|much|long|old|big|tall|did|do)"
    r"|did|do|does|is (?:it|that|the)|are (?:the|they|you)|(?:can|could|would|have) you|(?:shall|should) (?:i|we)"
    r"|has it|(?:you )?want (?:me|us|it|the|a|an|to)\b.*\bor)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:[^.。!?！？\n]|\.(?!\s|$))+(?:[。!?！？\n]|\.(?=\s|$))?")
_CLAUSE = re.compile(r"[^,，;；]+[,，;；]?")
_REFUSED = re.compile(
    r"\b(?:cannot|can't|can not|unable to|not able to|won't|will not|not possible|no longer|don't offer)\b"
    r"|[退换补赔修取][不没](?:了|成|到|上)|不能|没法|没办法|无法|不支持|办不[了到]|不可以|不予"
)
_ITEM = re.compile(
    r"(?:^|(?<=[\s:：;；。,，.!?！？(（]))(?:option |方案|选项)?([A-Da-d1-4])"
    r"(?:[)）、.:：](?!\d)|\s*(?=[\u3400-\u9fff])(?!\s*[还或和跟都吗]))\s*",
    re.MULTILINE | re.IGNORECASE,
)
_ITEM_END = re.compile(r"[;；。\n!?！？]|\.(?=\s|$)|[,，]?\s*(?:\bor|或者|或)\s*$|[,，]\s*$")
_LEAD_IN = re.compile(
    r"^(?:.*?(?:您是想|您想要?|您要|给您|帮您|为您)"
    r"|(?:(?:and|so|or|also|but)\s+)*would you (?:like|want|prefer|rather(?: have)?)\s+"
    r"|(?:(?:and|so|or|also|but)\s+)*do you (?:want|prefer)\s+)",
    re.IGNORECASE,
)
_TITLE_END = re.compile(r"[,，(（]|\s-\s")
_PARTICLES = "".join(("呢", "吗", "吧"))
_EDGES = "".join((" ", ",", "，", ";", "；"))
_MARKS = "".join((" ", ",", "，", "?", "？", "。"))
# "要不给您退20元": what is proposed without the words that propose it, and without the question behind it.
_PROPOSES = re.compile(
    r"^(?:.*[\s,，])?您看(?:看)?(?:是)?(?=[给退补换重]|我们)"
    r"|^亲亲?[~,，、\s]*"
    r"|^(?:the )?best\s+(?:i|we)\s+can\s+(?:do|offer|give\s+you)\s+is\s+"
    r"|^(?:do you |would you |you )?(?:wanna|want (?:me|us) to|rather (?:have )?)\s+"
    r"|^(?:or )?(?:should|shall) (?:i|we) (?:just )?"
    r"|^(?:那)?(?:要不|不如)(?:这样)?(?:吧)?[,，:：]?\s*"
    r"|^(?:(?:well|so|ok|okay|maybe|perhaps|yes|sure|of course)[,\s]+)*"
    r"(?:i|we)(?:'d|'ll|\s+will|\s+can|\s+could|\s+would|\s+might)"
    r"(?:\s+be\s+(?:able|happy|glad)\s+to)?\s+(?:(?:give|offer|send|get|do)\s+(?:you\s+)?)?",
    re.IGNORECASE,
)
_ON_A_DAY = re.compile(
    r"(?:\s+out)?\s+(?:on |by |this |next )*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|tonight)"
    r"(?: morning| afternoon| evening)?(?=,|$)",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"[,，]?\s*[您你]?(?:要|想)(?:不要|要)?(?:换|退|补发|补|重寄)?(?:货|款)?(?:吗|么)\s*$"
    r"|[,，]?\s*(?:您看)?(?:这样)?(?:可以|行不行|好不好|可不可以|行|好|成|可否|怎么样)(?:吗|么|不)?\s*$"
    r"|[,，]?\s*(?:would|is|does|how(?:'s|\s+does|\s+is))\s+that\b.*$|[,，]\s*ok(?:ay)?\s*$",
    re.IGNORECASE,
)
# "给您换一台,运费我们出": an offer that asks nothing; neither what was done already nor what depends on something.
_STATES = re.compile(
    r"(?:给|帮|为)[您你](?:再|重新|免费|全额|直接)?(?=补发|补寄|重发|重寄|重新寄|寄|发|换|退(?!货地址)|补)"
    r"|可以(?:给[您你])?(?:再|重新|免费|全额|直接)?(?=退(?!货地址)|换|补发|重发)"
    r"|(?=(?:退|补|赔|返)[您你]\s?\d)"
    r"|\b(?:i|we)(?:'ll|\s+will|\s+can|\s+could)\s+(?:also\s+)?"
    r"(?=(?:send|ship|refund|replace|exchange|give|offer|take|swap|cancel|do\s+(?:a|an|the|you|return|refund|replacement|exchange|\d)|get)\b)"
    r"|\byou\s+can\s+(?=(?:return|keep|send)\b[^.?!]*\bor\s+(?:keep|return|send|i|we|get|have|just|take)\b)|\bbest\s+(?:i|we)\s+can\s+(?:do|offer|give\s+you)\s+is\s+",
    re.IGNORECASE,
)
_NOT_STATED = re.compile(
    r"如果|要是|的话|等[您你我收到]|到仓|签收后|入库|收到(?:后|货后|以后|了?就|您|货)|核实|查|申请[^,，。]{0,6}(?:查|催)|已经?|[退换发寄补]了"
    r"|吗|问(?:一)?下|\bif(?!\s+(?:you|that)(?:'d)?\s+(?:want|like|prefer|works?|helps?|rather|keep)\b)"
    r"|\b(?:once|when|after|unless|until|already|check|look|ask|find out)\b",
    re.IGNORECASE,
)
# "您看能将就用吗 给您退20": the question asks for a yes, what stands behind it is what that is worth.
_BEHIND_YES = re.compile(
    r"^.*(?:吗|么|嘛|行不行|好不好|可不可以)[\s,，]+(?=(?:我|我们|这边|店里|就|那)*(?:再)?(?:给|帮|补|退|送|赔|减)[您你]?)"
)
_LEFT_TO_THEM = re.compile(
    r"[,，]?\s*(?:看您|您定|您说|听您的|都行|您(?:来)?选).*$"
    r"|[,，]\s*(?:up to (?:you|u)|(?:your|ur) (?:call|pick|choice)|(?:you|u) (?:pick|choose)|let me know|whichever).*$"
    r"|\s+if\s+(?:you|that)(?:'d)?\s+(?:want|like|prefer|works?|helps?|rather)\b.*$",
    re.IGNORECASE,
)
_WAY_BACK = re.compile(
    r"[^,，\s]*(?:运费|邮费|快递费)[^,，]*$|[^,]*\b(?:postage|return shipping|label)\b[^,]*$", re.IGNORECASE
)
_GOES_ON = re.compile(r"\s*(?:or\b|还是|或者)", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"还是|或者|或|\bor\b")


class ShopMove(Shape):
    """What a text of the shop did.

    ``asks`` are slots it asked for; ``question`` whether it waits for an answer at all ("how can I help?" does not
    count); ``offered`` the options in it, with the letters or figures it used; ``stated`` what it offered and asked
    nothing; ``conditional`` the exchange that it offered once the goods are back or if they are as new.
    """

    asks: tuple[str, ...] = ()
    question: bool = False
    offered: tuple[Option, ...] = ()
    stated: tuple[Option, ...] = ()
    conditional: tuple[Option, ...] = ()
    empathy: bool = False
    hold: bool = False
    farewell: bool = False


def read_shop(text: str | None) -> ShopMove:
    """Read one turn of the shop, lines joined; nothing said gives an empty move."""
    if not text:
        return ShopMove()
    text = plainly(text)
    folded = fold(text)
    sentences = [fold(match.group()) for match in _SENTENCE.finditer(text)]
    asking = [one for one in sentences if (says("shop_asks", one) or _is_asked(one)) and not says("shop_opener", one)]
    asks = tuple(slot for slot in SLOTS if any(says(f"slot_{slot}", one) for one in asking))
    offered = offers(text)
    stated = () if offered else _stated(text)
    conditional = () if offered or len(stated) > 1 else on_condition(text)
    return ShopMove(
        asks=asks,
        question=bool(asks or offered)
        or any(_is_asked(one) for one in asking)
        or any(says("shop_suggests", one) for one in sentences),
        offered=offered,
        stated=() if conditional else stated,
        conditional=conditional,
        empathy=says("empathy", folded),
        hold=says("hold", folded) and not asks and not offered,
        farewell=says("farewell", folded),
    )


def _is_asked(sentence: str) -> bool:
    marked = sentence.rstrip().endswith(("?", "？"))
    bare = (_ASKED_BARE.search(sentence), _ASKED_WITHIN.search(sentence), _ASKED_BARE_EN.match(sentence))
    return marked or any(match is not None for match in bare)


def offers(text: str) -> tuple[Option, ...]:
    """The options a text offers: a lettered or numbered list, "X or Y?", or one remedy with "is that ok?"."""
    return _listed(text) or _spoken(text)


def _listed(text: str) -> tuple[Option, ...]:
    marks = list(_ITEM.finditer(text))
    first = next((at for at, mark in enumerate(marks) if mark.group(1).upper() in "A1"), None)
    if first is None:
        return ()
    kept = [marks[first]]
    for mark in marks[first + 1 :]:
        if ord(mark.group(1).upper()) == ord(kept[-1].group(1).upper()) + 1:
            kept.append(mark)
    if len(kept) < 2:
        return ()
    ends = [mark.start() for mark in kept[1:]] + [len(text)]
    options = (
        _option(mark.group(1).upper(), text[mark.end() : end], lettered=True)
        for mark, end in zip(kept, ends, strict=True)
    )
    return tuple(option for option in options if option.title)


def _option(letter: str, raw: str, *, lettered: bool = False) -> Option:
    end = _ITEM_END.search(raw)
    sentence = (raw[: end.start()] if end else raw).strip(_EDGES)
    title = _TITLE_END.split(_LEAD_IN.sub("", sentence).rstrip(_PARTICLES), maxsplit=1)[0].strip() or sentence
    return Option(
        id=letter, key=_key(title) or _key(sentence), title=title, text=sentence, action="", lettered=lettered
    )


def _spoken(text: str) -> tuple[Option, ...]:
    before, half = "", False
    for match in _SENTENCE.finditer(text):
        sentence = _possible(match.group())
        # "Would u keep it if i gave u 20% back? or send it back for full refund": the second half asks too.
        if not (_is_asked(sentence) or _is_bare_choice(sentence) or (half and _GOES_ON.match(sentence))):
            before, half = sentence, False
            continue
        # "I can send a new one. Is that ok?": the question names nothing, what stands before it does.
        if before and _GOES_ON.match(sentence):
            # "I can send a sage one, no need to send the black back. Or refund, which do you prefer?"
            sentence = f"{before.rstrip(_MARKS + '!！.')} {sentence}"
        parts, named = _alternatives(sentence)
        if not named:
            parts, named = _alternatives(before)
        if len(named) >= 2:
            return tuple(_option(chr(ord("A") + at), _proposed(part)) for at, part in enumerate(named[:4]))
        if len(named) == len(parts) == 1 and says("shop_consent", fold(sentence)):
            return (_option("A", _proposed(named[0])),)
        half = len(named) == 1
        before = sentence if half else ""
    return ()


def _is_bare_choice(sentence: str) -> bool:
    """Whether nothing but remedies stands in ``sentence``: "replacement or refund"."""
    parts, named = _alternatives(sentence)
    return not has_han(sentence) and len(parts) == len(named) >= _FEWEST and len(sentence.split()) <= _BARE


def _stated(text: str) -> tuple[Option, ...]:
    """What a colleague says they do or can do for the buyer; the last such sentence."""
    found: tuple[Option, ...] = ()
    for match in _SENTENCE.finditer(text):
        sentence = _BEHIND_YES.sub("", match.group().strip())
        left = _LEFT_TO_THEM.search(sentence) is not None
        if sentence.endswith(("?", "？")) or (_STATES.search(sentence) is None and not left):
            continue
        sentence = _LEFT_TO_THEM.sub("", _possible(sentence).rstrip(_MARKS + "!！."))
        if _NOT_STATED.search(sentence) is not None:
            continue
        parts, named = _alternatives(sentence)
        if len(named) >= 2 and len(named) == len(parts):
            # Who pays the way back is said once for all of them.
            back = _WAY_BACK.search(sentence)
            own = back.group() if back is not None and back.start() > 0 else ""
            told = [part if not own or own in part else f"{part},{own}" for part in named[:4]]
            found = tuple(_option(chr(ord("A") + at), _proposed(part)) for at, part in enumerate(told))
        elif len(named) == len(parts) == 1 and not (left and _STATES.search(sentence) is None):
            found = (_option("A", _proposed(named[0])),)
    return found


def _proposed(part: str) -> str:
    said = _CONSENT.sub("", _PROPOSES.sub("", _BEFORE_OFFER.sub("", part)))
    said = _IN_STOCK.sub("", said)
    said = _SWAP.sub("a swap of ", said)
    said = _BARE_SUM.sub(r"\g<0>元", said)
    # "That's a refund of $15" can be said, "that's refund you $15" cannot.
    # The day is the promise's, which is kept apart; in a confirmation it would be nobody's.
    said = _ON_A_DAY.sub("", said) or said
    said = re.sub(r"^refund (?:you )?(?=[$£€]\s?\d)", "a refund of ", said, flags=re.IGNORECASE)
    return re.sub(r"^refund(?: (?:you|it))?$", "a refund", said, flags=re.IGNORECASE)


def _alternatives(sentence: str) -> tuple[list[str], list[str]]:
    """What stands between its "or"s, and those of them that name a remedy."""
    parts = [part.strip(_MARKS).removesuffix(".").rstrip(_SOFT_ENDS) for part in _ALTERNATIVE.split(sentence)]
    return parts, [part for part in parts if remedies_in(part)]


def _possible(sentence: str) -> str:
    """``sentence`` without its clauses that say what is not possible: a refusal offers nothing."""
    return "".join(clause for clause in _CLAUSE.findall(sentence) if _REFUSED.search(fold(clause)) is None)


def _key(text: str) -> str:
    found = mentions(fold(text))
    return found[0][0] if found else ""


def language_hint(text: str | None) -> str | None:
    """The language the shop speaks to this buyer, when its words show one."""
    if not text:
        return None
    return "zh" if has_han(text) else "en"
