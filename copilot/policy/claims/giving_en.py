"""What English words give: clause by clause, who gives what, unless the clause takes it back.

A denial, a question, a report of the past, the buyer's own words, what somebody else does and what a price list says
give nothing.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from copilot.policy.claims.handed import Handed, Stated, share, unnamed
from copilot.policy.claims.ways import FREED_EN, WAYS_EN

_LATIN: Final = re.compile(r"[a-z]{3}")
_SHORT: Final = 5
"""Of fewer words a clause only names an amount."""
_CLAUSE: Final = re.compile(r"(?:[^,.!?;\n]|(?<=\d)[.,](?=\d)){1,240}[,.!?;\n]*")
_QUOTED: Final = re.compile(r"[\"“][^\"”\n]{0,120}[\"”]")
_B, _E = r"(?<![a-z'])", r"(?![a-z])"
_US: Final = (
    rf"{_B}(?:i|we|i'?ll|we'?ll|i'm|we're|i'd|we'd|i've|we've|let me|let us|lemme|gonna|on me|on us|by us"
    rf"|from us|from me|our side|my side|my treat|(?:happy|glad|able|going|like) to|let's){_E}"
)
_GETS: Final = (
    rf"{_B}(?:you'?ll (?:get|have|receive|see)|you (?:get|can have|can keep|will (?:get|have|receive|see)"
    rf"|are getting|keep)|comes? (?:your|to) (?:way|you)|coming your way|your way|to you|for you"
    rf"|back to (?:you|your)){_E}"
)
_GIVE: Final = (
    rf"{_B}(?:(?:partial(?:ly)? )?refund(?:ing)?|reimburs(?:e|ing)|credit(?:ing)?|compensat(?:e|ing)"
    rf"|repay(?:ing)?|pay(?:ing)?|giv(?:e|ing)|send(?:ing)?"
    r"|put(?:ting)?|transfer(?:ring)?|issu(?:e|ing)|process(?:ing)?|offer(?:ing)?|do(?:ing)?"
    r"|knock(?:ing)?|tak(?:e|ing)|add(?:ing)?|drop(?:ping)?"
    r"|cover(?:ing)?|waiv(?:e|ing)|get(?:ting)?|return(?:ing)?|apply(?:ing)?|cash|gift|grant(?:ing)?"
    r"|approv(?:e|ing)|authoriz(?:e|ing)|deduct(?:ing)?"
    rf"|be refunded|been refunded|is refunded|gets|goes|ships|make it|toss(?:ing)?|refunded by us|wire|wiring){_E}"
)
_GIVING: Final = re.compile(_GIVE)
_SUBJECT: Final = re.compile(rf"{_US}|{_GETS}")
# Without a subject a clause gives when it begins so.
_BARE: Final = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|yes|sure|so|and|plus|then|alright|fine|deal|please|also|just|here(?:'s| is"
    r"| are)|how about|what about|or|now|a\)|b\)|c\)|option [abc]:?)[\s:-]*)*"
    rf"(?:an? |the |another |your |extra |full |partial )*(?:{_GIVE}|[$£€]|\d+(?:\.\d+)? ?(?:dollars|bucks"
    rf"|pounds|quid|euros|usd))"
)
_LETTER: Final = re.compile(r"(?<![a-z])[abc]\)")
_BACK: Final = re.compile(
    rf"{_B}(?:back|refund|credit|voucher|coupon|off|compensation|gift card|cash|for the (?:trouble"
    rf"|inconvenience|wait|mix-up)|as (?:a sorry|an apology|a thank you)|it is|your way|to your (?:account"
    rf"|card|wallet)){_E}"
)
_WHOLE: Final = re.compile(
    rf"{_B}(?:full refund|complete refund|whole refund|refund (?:you )?(?:in full|everything|the (?:whole"
    rf"|full|entire)(?: \w+)?|all)|refund(?:ing)? (?:it |this |you |your order )?(?:in full|fully"
    rf"|completely)"
    r"|(?:all|every penny of|100% of)(?: of)? (?:your|the) money(?: back)?|every (?:cent|penny|dollar)"
    r"|(?:your|the) (?:whole |full |entire )?money back|fully refund(?:ed)?"
    r"|revers(?:e|ing) the (?:full |whole |entire )?charge"
    r"|refund(?:ing)? the (?:whole"
    r"|entire|full|total)|get everything back|free of charge this order)"
    rf"{_E}"
)
_PLAIN: Final = re.compile(
    rf"{_B}(?:refund(?:ing)? (?:you|this|it|that|those|these|them|both|your (?:order|money|payment"
    rf"|purchase)|the (?:order|item|payment|purchase|\w+))|(?:a|the|your) refund|reimburse (?:you|it|that"
    rf"|this)){_E}(?! (?:policy|window|request|status|form|page|process|id))"
)
_PART: Final = re.compile(
    rf"{_B}(?:(?:refund|refunding|return|give|giving|back) [^,.!?;\n]{{0,16}}?half|half (?:of )?(?:it|that"
    rf"|the price|your money|the money|the cost|what you paid)?[^,.!?;\n]{{0,8}}?(?:back|refund|off)"
    rf"|half (?:back|off|price)"
    rf"|half (?:of )?(?:it|that|the price|your money|the money|the cost|what you paid)){_E}"
)
_GAP: Final = re.compile(
    rf"{_B}(?:(?:refund|pay|credit|cover|give|send|return"
    rf"|reimburse)(?:ing)? (?:you )?(?:back )?the (?:price )?(?:difference|gap)|(?:match(?:ing)?"
    rf"|honou?r(?:ing)?|adjust(?:ing)?) (?:the |that |this |their |today's |our )?(?:\w+ )?price"
    rf"|price[- ]match|price adjustment){_E}"
)
_OPEN: Final = re.compile(
    rf"{_B}(?:compensat(?:e|ing) (?:you|u)|(?:give|giving|offer|offering|send|sending"
    rf"|get) (?:you )?(?:an? |some )?(?:\w+ )?(?:compensation|discount|voucher|coupon|store credit"
    rf"|gift card|credit)"
    r"|make (?:it|this|that) up to you with|(?:discount|voucher|coupon|store credit|gift card) (?:for you"
    r"|on us|from us)"
    rf"|add(?:ing)? (?:an? |some )?(?:\w+ )?(?:discount|voucher|coupon|store credit|credit)){_E}"
)
_SEND: Final = (
    rf"{_B}(?:send(?:ing)?|ship(?:ping)?|mail(?:ing)?|get(?:ting)?|giv(?:e|ing)|offer(?:ing)?|arrang(?:e"
    rf"|ing)|receive|do|post(?:ing)?|pop(?:ping)?|drop(?:ping)?|you'?ll have|dispatch(?:ing)?|issu(?:e|ing)){_E}"
)
_ADD: Final = (
    rf"{_B}(?:add(?:ing)?|includ(?:e|ing)|throw(?:ing)? in|toss(?:ing)? in|pop(?:ping)?|put(?:ting)?"
    rf"|slip(?:ping)?|drop(?:ping)?|send(?:ing)?|giv(?:e|ing)|ship(?:ping)?|get(?:ting)?|gift(?:ing)?"
    rf"|tuck){_E}"
)
_AGAIN: Final = (
    rf"{_B}(?:(?:brand )?new(?! (?:tracking|link|label|address|number|code|message|e-?mail|date|estimate"
    rf"|update|photo|order|return|shipping)| (?:york|jersey))"
    rf"|another(?! (?:message|e-?mail|update|link|label|day|look|time|moment|\$|\d))|replacement"
    rf"|replacements|second (?:one|set|pair)|fresh (?:one|set|pair|\w+)|(?:the |your )?missing (?:one|part"
    rf"|piece|item|\w+)){_E}"
)
_FREE: Final = (
    rf"{_B}(?:free(?! (?:to|of charge|shipping|return|replacement|exchange|label))|gift|freebie|bonus"
    rf"|extra (?!day|time|info|detail|charge|fee|step|hour|week)\w+|on the house|at no (?:extra )?(?:cost"
    rf"|charge)|spare){_E}"
)
_GAP_WORDS: Final = r"[^,.!?;:)\n]"
_GOODS: Final = {
    "reship": re.compile(
        rf"{_SEND}{_GAP_WORDS}{{0,40}}?{_AGAIN}|{_B}replac(?:e|ing) (?:it|this|that|them|the|your|both|those"
        rf"|any){_E}|{_B}re-?(?:send|ship)(?:ing)?{_E}"
        rf"|{_B}(?:a |the )?(?:free |full )?replacement {_GAP_WORDS}{{0,12}}?(?:on (?:us|me)|free|for you"
        rf"|is coming|out to you)|one more {_GAP_WORDS}{{0,14}}?(?:your way|to you|no charge)"
        rf"|{_LETTER.pattern} ?(?:a |an )?(?:free |full )?(?:replacement|new one)"
    ),
    "exchange": re.compile(
        rf"{_B}(?:exchang(?:e|ing) (?:it|this|that|them|the|your)|swap(?:ping)? (?:it|this|that|them|the|your"
        rf"|out)){_E}|{_LETTER.pattern} ?(?:an? )?exchange"
    ),
    "gift": re.compile(
        rf"{_FREE}{_GAP_WORDS}{{0,16}}? (?:goes|comes) (?:in|along|with)|{_ADD}{_GAP_WORDS}{{0,28}}?{_FREE}"
        rf"|{_B}(?:an? |the )?(?:free )?(?:gift|freebie)s? (?:from|on|for) (?:us|me|you){_E}|{_B}(?:throw"
        rf"|toss)(?:ing)? in{_E}"
    ),
}
# Goods that leave by themselves need nobody who sends them.
_LEAVES: Final = re.compile(
    rf"{_AGAIN}{_GAP_WORDS}{{0,16}}?(?:'s| is|{_B}will be)? ?{_B}(?:ships|goes out|going out|on its way"
    rf"|coming|leaves|being booked|booked|heads out){_E}"
    rf"|{_B}sending one{_E}(?= (?:today|tomorrow|out|now|over|tonight))"
)
_NOT: Final = re.compile(
    rf"{_B}(?:can't|cannot|can not|cant|won't|wont|wouldn't|don't|dont|do not|doesn't|not|isn't|aren't"
    rf"|wasn't|weren't|never|unable|no longer|couldn't|didn't|no refund|nobody|without|impossible"
    rf"|declin(?:e|ed)|refuse|expired|ran out|unfortunately{_GAP_WORDS}{{0,30}}(?:isn't|not)){_E}"
)
_NOT_A_NOT: Final = re.compile(
    rf"{_B}(?:(?:don't|do not|dont|needn't|doesn't) (?:need|have to|worry|want you|bother)|no need"
    rf"|not (?:a problem|only|just)|won't (?:need|have) to|why not|if (?:it|that)(?:'s| is) not"
    rf"|without (?:a |any )?return|not needed){_E}[^,.!?;\n]{{0,30}}"
)
_ASKED: Final = re.compile(
    rf"^\s*(?:(?:and|but|so|or|hi|hello|also|sorry)[,\s]+)*(?:do|did|does|should|shall|could|can you|are"
    rf"|is|was|were|have|has|had|will you|may|might|what(?! about)|which|when|where|how(?! about)"
    rf"|why(?! not)|who){_E}"
)
_OFFERED: Final = re.compile(
    rf"^\s*(?:(?:and|but|so|or)\s+)?(?:would|how about|what about|can (?:i|we)|could (?:i|we)|may (?:i|we)"
    rf"|why not|what if (?:i|we)|shall (?:i|we) (?:refund|say)){_E}|{_B}(?:sound|work for you"
    rf"|ok(?:ay)? (?:with|for) you|is that (?:ok|fair|fine)){_E}"
)
_PAST: Final = re.compile(
    rf"{_B}(?:yesterday|already|last (?:week|month|time|night|monday|tuesday|wednesday|thursday|friday)"
    rf"|ago|earlier|previously|(?:on|left|was|were) (?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:was|were"
    rf"|has been|have been) (?:sent|refunded|issued|given|offered|made|credited)|were going to|used to){_E}"
)
_OTHER: Final = re.compile(
    rf"{_B}(?:tiktok(?: shop)?|amazon|the platform|the app|the system|the carrier|the courier|usps|ups"
    rf"|fedex|dhl|royal mail|the bank|your bank|insurance|the insurer|paypal|visa|they|he|she|somebody"
    rf"|someone|anyone|the store next|orders? (?:over|above)|every (?:order|buyer|customer)|everyone"
    rf"|it comes|comes with|my manager|the manager|manager){_E}"
)
_BUYER: Final = re.compile(
    rf"{_B}(?:you (?:said|asked|wanted|paid|wrote|mentioned|requested|request|were|want|need to|have to"
    rf"|must|should|could|can (?:request|ask|apply|open|return|send)|send|return|would|promised|sent|spent"
    rf"|bought|told|claim)|your (?:request|claim|message)|you're asking|the buyer|as you|buyer pays"
    rf"|please (?:send|return|ship)|you (?:to )?pay){_E}"
)
_HEARD: Final = re.compile(
    rf"{_B}(?:ask|asking|check|checking|see|find out|whether|confirm|look into|look at|wish|would love"
    rf"|i'd love|like to know|try to|trying to|request(?:ing)?|apply for|submit(?:ting)?|once approved"
    rf"|if approved|we look|promised|policy){_E}"
)
_LIST: Final = re.compile(
    rf"{_B}(?:costs|priced|price (?:is|was|dropped|fell|went)|orders? over|over \$|per (?:order|item)"
    rf"|for everyone|this week|every two|on sale|was \$|minimum|or more|expired|pays|holds|takes? (?:\d"
    rf"|about|up to)|fee of|bounced|failed|went through|from (?:the|your) (?:bank|platform|carrier|courier|insurer)"
    rf"|shipping (?:is|was) \$){_E}"
)


_FREELY: Final = re.compile(
    rf"{_B}(?:on (?:us|me)|you (?:won't|wont|will not|don't|dont|do not|needn't|never)|covered|our|by us"
    rf"|(?:to|for|from) (?:you|us|your)){_E}"
)
"""Said of the costs themselves: nobody needs to be named."""


def giving_en(text: str, money: Sequence[Stated], percents: Sequence[Stated]) -> Iterator[Handed]:
    """What ``text``, in small letters, gives in English; ``money`` and ``percents`` are the figures in it."""
    if not _LATIN.search(text):
        return
    text = _QUOTED.sub(lambda match: " " * len(match.group()), text)
    ours = open_ = False
    for match in _CLAUSE.finditer(text):
        clause = _Clause(match.group(), match.start(), ours=ours)
        ours = clause.ours and match.group().rstrip()[-1:] == ","
        if not clause.words.strip() or clause.taken_back:
            continue
        own = [one for one in money if match.start() <= one.start < match.end()]
        found = list(clause.money(own)) if own else []
        if len(own) == 1 and not found and open_ and len(clause.words.split()) < _SHORT:
            # We'll refund the difference, $5: the amount stands in the next clause.
            found = [Handed("money", own[0].start, own[0].end, own[0].value, offered=clause.offers)]
        if not found:
            found = list(clause.part([one for one in percents if match.start() <= one.start < match.end()]))
        if not found and not own:
            found = list(clause.price())
        open_ = unnamed(found) and match.group().rstrip()[-1:] == ","
        yield from found
        yield from clause.goods(found)
        if not own:
            yield from clause.ways()


class _Clause:
    """One clause: whose it is, and what takes it back."""

    def __init__(self, whole: str, start: int, *, ours: bool) -> None:
        self.start = start
        self.words = whole.rstrip(",.!?;\n ")
        asks = whole.rstrip().endswith("?")
        self.offers = asks or _OFFERED.search(whole) is not None
        subject = _SUBJECT.search(self.words)
        self.ours = subject is not None or (
            ours and re.match(r"\s*(?:and|then|plus|or|also)\b", self.words) is not None
        )
        self.bare = _BARE.match(self.words) is not None or _LETTER.search(self.words) is not None
        plain = _NOT_A_NOT.sub(" ", FREED_EN.sub(" ", self.words))
        other = _OTHER.search(self.words)
        self.taken_back = bool(
            (_NOT.search(plain))
            or (asks and _ASKED.match(self.words) and not _OFFERED.search(self.words))
            or _PAST.search(self.words)
            or _HEARD.search(self.words)
            or (_BUYER.search(self.words) and not re.search(_US, self.words))
            or (
                _BUYER.search(self.words)
                and re.search(_B + r"(?:as )?you (?:said|asked|wanted|wrote|were|told|paid\?)", self.words)
                and not re.search(r"what you paid", self.words)
            )
            or (other is not None and not (subject is not None and subject.start() < other.start()))
            or (_LIST.search(self.words) and not re.search(_US, self.words))
        )

    def money(self, own: Sequence[Stated]) -> Iterator[Handed]:
        """The amounts that the clause hands over."""
        gives = _GIVING.search(self.words) is not None or _BACK.search(self.words) is not None
        if not gives or not (self.ours or self.bare or self.offers):
            return
        for one in own:
            yield Handed("money", one.start, one.end, one.value, offered=self.offers)

    def part(self, percents: Sequence[Stated]) -> Iterator[Handed]:
        """A part of the price."""
        if not (self.ours or self.bare or self.offers):
            return
        match = _PART.search(self.words)
        if match is not None:
            yield Handed(
                "part", self.start + match.start(), self.start + match.end(), part=Fraction(1, 2), offered=self.offers
            )
            return
        if _GIVING.search(self.words) is None and _BACK.search(self.words) is None:
            return
        for one in percents:
            what = "compensation" if re.search(r"next (?:order|purchase|time)|future", self.words) else "part"
            yield Handed(what, one.start, one.end, part=share(one.value), offered=self.offers)

    def price(self) -> Iterator[Handed]:
        """All of the price, a difference or a compensation without an amount."""
        if not (self.ours or self.bare or self.offers):
            return
        for what, pattern in (("gap", _GAP), ("refund", _WHOLE), ("refund", _PLAIN), ("compensation", _OPEN)):
            match = pattern.search(self.words)
            if match is not None:
                start, end = self.start + match.start(), self.start + match.end()
                yield Handed(what, start, end, whole=pattern is _WHOLE, offered=self.offers)
                return

    def ways(self) -> Iterator[Handed]:
        """What sending costs, without an amount."""
        match = WAYS_EN.search(self.words)
        if match is not None and (self.ours or self.bare or self.offers or _FREELY.search(match.group())):
            yield Handed("shipping", self.start + match.start(), self.start + match.end(), offered=self.offers)

    def goods(self, found: Sequence[Handed]) -> Iterator[Handed]:
        """Goods that are sent, exchanged or given."""
        leaves = _LEAVES.search(self.words)
        if leaves is not None and not found:
            yield Handed("reship", self.start + leaves.start(), self.start + leaves.end(), offered=self.offers)
            return
        if not (self.ours or self.bare or self.offers):
            return
        for what, pattern in _GOODS.items():
            match = pattern.search(self.words)
            if match is not None and not any(
                one.start < self.start + match.end() and self.start + match.start() < one.end for one in found
            ):
                yield Handed(what, self.start + match.start(), self.start + match.end(), offered=self.offers)
                return
