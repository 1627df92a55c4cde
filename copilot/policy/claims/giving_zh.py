"""What Chinese words give: clause by clause, a verb of giving with what it hands over, unless its clause takes it back.

A denial, a question, a report of the past, the buyer's own words, what somebody else does and what an offer of the
whole shop says give nothing.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from pydantic import JsonValue

from copilot.policy.claims.handed import Handed, Stated, share, unnamed
from copilot.policy.claims.numbers import TENS, number
from copilot.policy.claims.ways import FEE_ZH, PAID_ZH, SPARED_ZH, WAYS_ZH

_SHORT: Final = 12
"""Of how many characters a clause is at most that only names an amount."""
_CLAUSE: Final = re.compile(r"[^,。!?;\n~]{1,120}(?:(?<=\d),(?=\d)[^,。!?;\n~]{1,40}){0,3}[,。!?;\n~]*")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
# What somebody else said stands between marks.
_QUOTED: Final = re.compile(r"(?<=[说写问讲称提回:])[\s:,]?[\"“「『][^\"”」』\n]{0,80}[\"”」』]")
_YOU: Final = "[您你]"
_US: Final = r"我们?(?:这边|这里|店里?)?|咱们?|这边|本店|店里|店铺|店家|商家|仓库|同事"
_PIECE: Final = "[套个件双只台条盒份把瓶支包张箱袋样片根对副本块]"
_SOME: Final = rf"(?:[一二两三四五六七八九十1-9]?\d?{_PIECE})"

_FRAME: Final = re.compile(
    rf"(?:给|帮|为|替|送|补|寄|发|换|退|赔|返|让|转|塞|便宜|优惠|减){_YOU}|{_US}|我|免费|额外|多送|再送|附赠|直接|马上|立刻|立马|这就|安排|方案"
    rf"|(?<![a-z])[abc①②](?![a-z])|现在就?(?:给|帮|发|寄|补|换|退)|{_YOU}看|今[天日晚]|明[天早日]|后天|下午|晚上"
)
"""Somebody of ours does it, it is done for the buyer, or it is one of the things offered."""

_GIVE: Final = re.compile(
    r"退(?!货|换|回来|订|房|休|烧|步|色|出|会|给我|到我)(?:款|还|回|返|钱)?"
    r"|返(?!修|厂|程|回来)(?:现|还|给)?|赔(?:偿|付|补)?|补(?!拍|交|丁|水|货|光|妆|充|足|单)(?:偿|贴|给|差)?"
    r"|转(?=[给您你账\d一二两三四五六七八九十])(?:账)?|打(?=[给您你到过款钱回])(?:款|钱|给|到|过去)?"
    r"|(?<![推发派配运传赠])送(?!达|到|货|过来|检|修|去|上门|礼物给我)|赠(?!品|完)(?:送)?"
    r"|减(?!少|轻|肥|震|速)(?:免|掉)?|便宜|优惠(?!券|活动|价|码|力度|信息|政策|规则|方案|多少)"
    r"|免(?:掉|除|单|收)|报(?=销|了(?=$|[,。!?;吧哈]))销?|承担|垫付|抵扣?(?!达|触|消)|让利|少收|出(?=$|[的吧哈呀,。!?;])|贴(?=补|给|您)(?:补)?"
    r"|发(?=[给您你个]|红包|优惠券|代金券|券|一?张)|给(?=[您你]?(?:再|多|额外)?(?:加|[\d一二两三四五六七八九十]+(?:块|元|张|个红包)))"
    r"|给(?=[您你]个?[\d.一二两三四五六七八九十百]+(?:$|[,。!?;~\s吧哈哦呢啊]|行|可以|好|怎么样))"
    r"|给到|申请(?=了|到|[\d一二两三四五六七八九十])(?:了|到)?|放(?=[\d一二两三四五六七八九十]+元)|折给|算(?=[给您你])"
)
_WHOLE: Final = re.compile(
    rf"全额(?:给?{_YOU})?(?:退|返|赔)|退(?:给?{_YOU})?(?:全[额款部]|所有)|全款退|全(?:部|都|数)?(?:给{_YOU})?退(?!货)"
    rf"|(?:整单|原价|一分不少)[^,。!?;]{{0,4}}退|免单|退(?:给?{_YOU})?(?:整单|全单|全价|全部)"
    rf"|(?:钱|款|货款|款项)(?:都|全|一起|原路|全部)+[^,。!?;]{{0,3}}退|不收{_YOU}(?:一分)?钱|免费给{_YOU}(?=$|[了的吧,。!?;])"
)
_PLAIN: Final = re.compile(
    rf"(?:给|帮|为|替){_YOU}[^,。!?;]{{0,6}}退(?:款|钱)(?!申请)|退款给{_YOU}|退{_YOU}(?:的)?(?:货款|钱|款)"
    rf"|把钱(?:[^,。!?;]{{0,4}})退|退{_YOU}[^,。!?;给]{{1,6}}的钱"
    rf"|退给{_YOU}|(?:给|帮){_YOU}退(?:款|钱|掉)?了?$|(?<![别同新老尾哪这一那定])(?:款|钱)(?:我|这边|给|{_YOU}|马上|现在|全部|全|原路|今天"
    rf"|就)+退(?!了重)掉?|^(?:那?就|都)?(?:马上|立刻|现在|这就|今天|直接)?退(?:给)?{_YOU}(?=$|[吧了哈呀,。!?;~])"
)
_FEW: Final = r"[一二两三四五六七八九1-9]"
_PART: Final = re.compile(
    rf"退(?:款)?(?:给?{_YOU})?(?:一半|半价|半数|[对半]折)|(?:一半|半价)[^,。!?;]{{0,5}}退|退(?:给?{_YOU})?(?P<tenth>{_FEW})成"
    rf"|退{_YOU}?(?:们)?[^,。!?;\d]{{0,3}}一半|(?:退|赔|补)(?:给?{_YOU})?(?P<times>双|两|三|四|五|十|[2-9]|10)倍"
    r"|(?:承担|各|一人)(?:一半)(?:的?损失|费用)?"
)
_GAP: Final = re.compile(
    r"(?:差价|差额|价差|价保|价格差|差的(?:钱|那?部分))[^,。!?;]{0,8}?(?:补|退|返|给|赔)|(?:补|退|返|赔|给)[^,。!?;]{0,6}?(?:差价|差额|价差|价保)"
)
_OPEN: Final = re.compile(
    rf"(?:给|赔|补偿|赔偿|补){_YOU}(?:一?[点些个份]|相应的?|一定的?|合理的?|适当的?)*(?:补偿|赔偿|赔付|补贴|优惠|便宜|折扣|好处)"
    rf"|(?:会|肯定|一定|保证|可以|愿意|来)(?:给{_YOU})?(?:补偿|赔偿|赔付)(?!标准|金|方案|流程|规则)|赔(?:给)?{_YOU}(?!的)"
    rf"|损失[^,。!?;]{{0,6}}(?:赔|承担|补偿)|(?:补偿|赔偿){_YOU}"
    rf"|(?:退|补|赔|返|给|转){_YOU}(?:差不多|大概|个)?[\d一二两三四五六七八九十百]+[多来几](?:块|元)"
    rf"|给{_YOU}打[^,。!?;]{{0,4}}折|给{_YOU}(?:申请)?(?:个|一个|张|一张)?(?:红包|优惠券|代金券|无门槛)|(?:送"
    rf"|发){_YOU}[^,。!?;]{{0,3}}(?:红包|优惠券|代金券|无门槛)"
)
_GOODS: Final = {
    "reship": re.compile(
        rf"补发|补寄|重发|重寄|补送|重新(?:给{_YOU})?(?:发|寄|补|做|配)|再(?:给{_YOU})?(?:发|寄|补)(?:给)?(?:{_YOU})?{_SOME}"
        rf"|补(?:给)?(?:{_YOU})?(?:上)?(?:缺|少|漏|{_SOME})[^,。!?;元块]{{0,6}}|免费(?:再)?(?:发|寄|补)"
        rf"|(?:发|寄|给|捎|带|配)(?:给)?(?:{_YOU})?(?:{_SOME})?(?:全|个|一)?新的?(?!单号|链接|地址|运单|快递|版|款式|图|视频|优惠|活动|订单|尺码表"
        rf"|说明){_PIECE}?|单独[^,。!?;]{{0,3}}(?:寄|发)|(?:给|帮){_YOU}补(?:上|齐|全)|新的[^,。!?;]{{0,6}}(?:发|寄)(?!票|我|过?来"
        rf"|到店)"
    ),
    "exchange": re.compile(
        rf"换货|换新|换[个成]新|换(?:给)?(?:{_YOU})?{_SOME}(?!月|季)|免费换|换(?:一)?{_PIECE}新"
        r"|换[成个]?(?:大|小|[xsml]{1,3}|\d+)一?[码号](?!码)"
    ),
    "gift": re.compile(
        rf"赠送|附赠|(?:(?<![推发派配运传])送|赠)(?:给)?{_YOU}(?!的|们|到|达|过)|免费送|白送|(?:额外|另外?)(?:给{_YOU})?(?:配|寄|放|发|拿|装|塞|带)(?!钱|票)|给{_YOU}(?:放|塞|带|装|捎|配)[一两二三俩几]|(?:多|再|额外)送|多(?:给{_YOU})?(?:塞|放|带|装"
        rf"|寄)(?!钱)|送(?:了|给)?{_SOME}"
        rf"|(?:放|塞|加|带|附|拿|装)[^,。!?;]{{0,5}}(?:小样|试用装|赠品|小礼品|小礼物|礼品|礼物)|(?:小样|试用装|赠品|小礼品|小礼物"
        rf"|礼品)[^,。!?;]{{0,4}}(?:多?(?:放|塞|加|带)|送{_YOU})"
        rf"|就当送|送{_YOU}了"
    ),
}
_NOT: Final = re.compile(
    r"(?:(?<![要])不(?:能|会|可以|支持|给|再|太能|予|接受|承担|负责|是[要想]|敢|让|提供|包|退|赔|补|送|赠|肯|愿意|打算|想|必|需要?)(?!寄|用|好意思)"
    r"|没(?:法|办法|有?办法|有(?!找到|收到|问题|关系|发|动)|说|答应|权限|给|打算|想|同意|承诺)|无法|未(?!来)|(?<!特)别(?!的|担心|着急|急|生气|人)|拒绝"
    r"|取消了?|不是我们不)[^,。!?;]{0,12}$"
)
_NOT_AFTER: Final = re.compile(
    r"(?:[给到]?[您你])?(?:不了|不到|不成|不起|不下来|不出|没[有办法]|不)|[^,。!?;]{0,8}(?:不行|做不到|有困难|恐怕|不支持|不现实|不可能|补不了|退不了|给不了"
    r"|赔不了|不退|送完|没有了|不够权限|要看|结果|审|要等|等平台|等主管|为准)"
)
_ASKED: Final = re.compile(
    r"要不要|需不需要|用不用|想不想|是不是|是否|能不能|能否|可不可以(?!$)|可否|有没有|会不会|该不该|为什么|为啥|怎么(?!都|也)|谁|哪|何时|什么时候|如何|多少|几时"
    r"|(?:问|请示|核实|确认|查)(?:一?下|问)?[^,。!?;]{0,6}(?:能|可|是|要|有)"
)
_ASKS_BEFORE: Final = re.compile(
    rf"(?:^|[{{您你}}那请])(?:{_YOU})?(?:是)?(?:要|想要?|需要|希望|用|能|可以|收到|付)[^,。!?;]{{0,6}}$"
)
_ASKS_END: Final = re.compile(r"(?:吗|么|嘛)[?。!~]*$")
_OFFERS_END: Final = re.compile(
    r"(?:可以|行|好|成|怎么样|如何|方便|同意|接受|ok|满意|中|愿意|看行|觉得行)(?:的)?(?:吗|么|不|嘛|吧)[?。!~]*$|(?:行不行|好不好|成不成|可不可以|中不中|ok不)[?。!~]*$"
)
_PAST: Final = re.compile(
    r"已经?(?!坏|碎|破|丢|签收|下单|是|成为)|早就|昨[天日晚](?!的|没|少|漏|坏)|前[天日](?!的|没)|上次(?!的)|之前(?!的|没|少|漏)|上周|上个?月|上星期|那天"
    r"|(?:刚才|刚刚)(?!的|说)|当时|前几天|曾经?|周[一二三四五六日天](?!前|之前|内|给|就)"
    r"|(?:\d+|[一二三四五六七八九十]+)[月号日](?:已|就)|了了|过了(?=$|[,。!?;~])"
)
_OTHER: Final = re.compile(
    r"(?<![跟和让找叫催])(?:平台|系统|快递|物流|运费险(?!之外|以外)|保险|银行|官方|厂家|厂商|顺丰|中通|圆通|申通|韵达|极兔|京东|邮政|菜鸟|海关|支付宝|微信|抖音|天猫|淘宝|对方|别家|其他家|活动)"
    r"(?:公司|小哥|方|那边|规定|显示|规则|判定|自动|会|客服|页面|价)*[^,。!?;]{0,10}$"
)
_BUYER: Final = re.compile(
    rf"(?<![给帮为替跟送补退赔让发寄转返看就换]){_YOU}(?:们)?(?:自己|这边|先|再|需要|需|要|得|可以?|能|直接|也|就|申请的?|单独|之前|当时|收到的?|拿到|寄"
    rf"|付(?:了)?|花(?:了)?)*(?:把[^,。!?;]{{1,6}}|在(?!意|乎)[^,。!?;]{{1,8}}|从[^,。!?;]{{1,6}})?$"
    r"|(?:麻烦|请)(?:[您你])?(?:先|再|把)?[^,。!?;我]{0,4}$|(?:需要|要|需|得|应)(?:[您你])?(?:另外|自己|自行|先|再|额外)*$"
)
_REPORTED: Final = re.compile(
    rf"(?<!按)(?<!照)(?<!依)(?:{_YOU}|他们?|她们?|客人|买家|顾客|有人|谁|客服|同事|哪位|人家|别人)(?:们|是|之前|刚才|刚|不是|当时|一直|上次)*(?:说|讲"
    rf"|问|提|要求|想要|想|希望|以为|觉得|认为|写|答应|承诺)(?!了算)[^,。!?;]{{0,12}}$"
    r"|说过[^,。!?;]{0,8}$|听说[^,。!?;]{0,8}$"
)
_NOUN: Final = re.compile(
    r"(?:款|货|换|赔|偿|补)?(?:的)?(?:进度|状态|流程|政策|规则|规定|金额|时效|时间|方式|入口|页面|按钮|申请|单号|地址|记录|原因|条件|标准|范围|链接|险|渠道|账户"
    r"|说明|到账|成功|中|一般|预计|大概|通常|需要|要(?!求)|会在|是(?!您|你)|服务|运费险|凭证|截图|编号|里|(?:来回|的)?(?:邮费|运费))"
)
# 退的50元, 补发的那件: what was done, told of.
_OF_IT: Final = re.compile(r"回?的(?=[^\s,。!?;吧哈呀哦])")
_CAMPAIGN: Final = re.compile(
    r"积分|满\s?[\d一二两三四五六七八九十百]+|每满|活动|下单(?!后?我)|拍下|买[一1\d]|参与|领取|会员|限时|新人|规定|规则|政策|公告|拍立减|页面|店铺有|这款|这个是"
    r"|商品是|宝贝|自带|原价|定金|优惠券\d"
)
_FOR_YOU: Final = re.compile(rf"(?:给|帮|为|替){_YOU}")
_BARE: Final = re.compile(
    rf"(?<![\d.])(?P<number>\d{{1,5}}(?:\.\d{{1,2}})?|(?<![第上下这那几])(?<![零一二两三四五六七八九十百千]){TENS})(?=(?:都|全|我们?|就|这边|给您|马上|先|原路)*(?:退|返|补|赔|转|打)(?!货|换|款))"
)
_TO_YOU: Final = re.compile(rf"(?:到|给|帮|为|替|送|补|寄|发|换|退|赔|返|转){_YOU}|{_US}|我")


def giving_zh(text: str, money: Sequence[Stated], percents: Sequence[Stated]) -> Iterator[Handed]:
    """What ``text``, in small letters, gives in Chinese; ``money`` and ``percents`` are the figures in it."""
    if not _HAN.search(text):
        return
    text = _QUOTED.sub(lambda match: " " * len(match.group()), text)
    waiting: Stated | None = None
    open_ = fee = False
    for clause in _CLAUSE.finditer(text):
        own = [one for one in money if clause.start() <= one.start < clause.end()]
        read = _Clause(text, clause.start(), clause.end())
        found = list(read.money(own)) if own else []
        if not own and waiting is not None and (verb := read.verb()) is not None:
            found = [Handed("money", waiting.start, waiting.end, waiting.value, offered=verb)]
        if len(own) == 1 and not found and open_ and len(read.words) < _SHORT and not _GIVE.search(read.words):
            # 差价给您补上,一共20元: the amount stands in the next clause.
            found = [Handed("money", own[0].start, own[0].end, own[0].value, offered=read.offers)]
        if not found:
            found = list(read.part([one for one in percents if clause.start() <= one.start < clause.end()], money=own))
        if not found and not own:
            found = list(read.bare()) or list(read.price())
        open_ = unnamed(found) and clause.group().rstrip()[-1:] == ","
        yield from found
        yield from read.goods(found)
        if not own:
            yield from read.ways(behind_fee=fee)
        fee = clause.group().rstrip()[-1:] == "," and FEE_ZH.search(clause.group()) is not None
        # 差价30元,我这边退给您: the verb stands in the next clause.
        waiting = own[0] if len(own) == 1 and not found and _open_ended(text, clause) else None


def _open_ended(text: str, clause: re.Match[str]) -> bool:
    return clause.group().rstrip()[-1:] in {",", "~"} and not _CAMPAIGN.search(clause.group())


class _Clause:
    """One clause and what takes back what its verbs give."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.start = start
        self.words = text[start:end].rstrip(",。!?;\n~ ")
        whole = text[start:end]
        follows = text[end : end + 24]
        self.offers = bool(_OFFERS_END.search(whole)) or bool(
            re.match(rf"\s*(?:{_YOU}看)?[^,。!?;]{{0,6}}(?:吗|么|行不|好不|如何|怎么样)", follows)
        )
        self.asks = bool(_ASKS_END.search(whole.rstrip(",;\n "))) and not _OFFERS_END.search(whole.rstrip(",;\n "))
        self.campaign = _CAMPAIGN.search(self.words) is not None
        self.past = _PAST.search(self.words) is not None
        self.asked = _ASKED.search(self.words) is not None
        self.framed = _FRAME.search(self.words) is not None

    def money(self, own: Sequence[Stated]) -> Iterator[Handed]:
        """The amounts that a verb of the clause hands over."""
        verbs = [one for one in _GIVE.finditer(self.words) if self._stands(one)]
        for amount in own:
            at = amount.start - self.start, amount.end - self.start
            near = next((one for one in verbs if self._joined(one, at)), None)
            if near is not None and self._says_amount(near, at):
                yield Handed("money", amount.start, amount.end, amount.value, offered=self.offers)

    def bare(self) -> Iterator[Handed]:
        """A figure right before a verb, which is money there: 运费6.5退给您."""
        match = _BARE.search(self.words)
        verb = _GIVE.search(self.words, match.end()) if match is not None else None
        if match is not None and verb is not None and self._stands(verb) and _TO_YOU.search(self.words):
            value: JsonValue = {"amount": str(number(match["number"])), "currency": "CNY"}
            yield Handed("money", self.start + match.start(), self.start + match.end(), value, offered=self.offers)

    def verb(self) -> bool | None:
        """Whether a verb that stands alone only offers; null when there is none."""
        back = (one for one in _GIVE.finditer(self.words) if one.group()[0] in "退返赔补转打")
        match = next((one for one in back if self._stands(one)), None)
        return None if match is None or "链接" in self.words or not _TO_YOU.search(self.words) else self.offers

    def part(self, percents: Sequence[Stated], *, money: Sequence[Stated]) -> Iterator[Handed]:
        """A part of the price."""
        match = next((one for one in _PART.finditer(self.words) if self._stands(one)), None)
        if match is not None and not money:
            yield Handed(
                "part", self.start + match.start(), self.start + match.end(), part=_part_of(match), offered=self.offers
            )
            return
        verbs = [one for one in _GIVE.finditer(self.words) if self._stands(one)]
        for one in percents:
            at = one.start - self.start, one.end - self.start
            if not money and self.framed and not self.campaign and any(self._joined(verb, at) for verb in verbs):
                what = "compensation" if re.search(r"下次|下单|下回|以后", self.words) else "part"
                yield Handed(what, one.start, one.end, part=share(one.value), offered=self.offers)

    def price(self) -> Iterator[Handed]:
        """All of the price, a difference or a compensation without an amount."""
        for what, pattern in (("gap", _GAP), ("refund", _WHOLE), ("refund", _PLAIN), ("compensation", _OPEN)):
            match = next((one for one in pattern.finditer(self.words) if self._stands(one)), None)
            if match is not None and re.search(rf"{_YOU}(?:自己|先|再)?(?:拍|付|转|补差)", match.group()):
                continue
            if match is not None and pattern is _PLAIN and FEE_ZH.search(self.words[: match.start()]):
                # 运费我们退给您: that alone goes back.
                continue
            if match is None or (pattern is not _PLAIN and not (self.framed or pattern is _WHOLE)):
                continue
            start, end = self.start + match.start(), self.start + match.end()
            yield Handed(what, start, end, whole=pattern is _WHOLE, offered=self.offers)
            return

    def goods(self, money: Sequence[Handed]) -> Iterator[Handed]:
        """Goods that are sent, exchanged or given."""
        spans = [(one.start - self.start, one.end - self.start) for one in money]
        for what, pattern in _GOODS.items():
            match = next((one for one in pattern.finditer(self.words) if self._stands(one)), None)
            if match is None or self.campaign or not self.framed:
                continue
            near = self.words[match.start() : match.end() + 6]
            if any(match.start() - 2 <= first <= match.end() + 4 for first, _ in spans) or _MONEY_WORDS.search(near):
                # 送您一张25元的券 is money.
                continue
            yield Handed(what, self.start + match.start(), self.start + match.end(), offered=self.offers)
            return

    def ways(self, *, behind_fee: bool) -> Iterator[Handed]:
        """What sending costs, without an amount; ``behind_fee``: the clause before it names that."""
        match = next((one for one in WAYS_ZH.finditer(self.words) if self._stands(one)), None)
        if match is None and behind_fee and not FEE_ZH.search(self.words):
            match = next((one for one in PAID_ZH.finditer(self.words) if self._stands(one)), None)
        spared = SPARED_ZH.search(self.words)
        if match is None and spared is not None and not (self.asks or self.asked or self.past):
            match = None if _REPORTED.search(self.words[: spared.start()]) else spared
        if match is not None:
            yield Handed("shipping", self.start + match.start(), self.start + match.end(), offered=self.offers)

    def _joined(self, verb: re.Match[str], at: tuple[int, int]) -> bool:
        between = self.words[min(verb.end(), at[1]) : max(verb.start(), at[0])]
        return len(between) <= 12

    def _says_amount(self, verb: re.Match[str], at: tuple[int, int]) -> bool:
        """Whether a verb that also tells prices gives here: 便宜, 减, 优惠, 送 need the buyer or us beside them."""
        if self.campaign and not _FOR_YOU.search(self.words):
            return False
        return verb.group()[0] not in "便减优送赠算免" or self.framed

    def _stands(self, match: re.Match[str]) -> bool:
        """Whether nothing around a verb takes it back."""
        before, after = self.words[: match.start()], self.words[match.end() :]
        near = before + match.group()
        ours = max((one.end() for one in re.finditer(_US, before)), default=0)
        if self.asks or (self.asked and not self.offers):
            return False
        if (
            re.search(r"不[了到成起]|没法", match.group())
            or _NOT.search(before)
            or _NOT_AFTER.match(after)
            or self.past
        ):
            return False
        if _NOUN.match(after) or (
            _NOUN.match(match.group()[1:] + after[:4]) and len(match.group()) <= 2 and match.group()[-1] == "款"
        ):
            return False
        if match.group()[-1] in "退返赔补送转打发寄减款" and _OF_IT.match(after):
            return False
        if (other := _OTHER.search(before)) is not None and other.start() >= ours:
            return False
        return not (_BUYER.search(before) or _REPORTED.search(near))


_MONEY_WORDS: Final = re.compile(r"红包|优惠券|代金券|券(?!$)|\d(?:元|块)|运费|差价|差额|补偿|赔偿|无门槛")


def _part_of(match: re.Match[str]) -> Fraction:
    if match["tenth"]:
        return Fraction(str(number(match["tenth"]))) / 10
    if match["times"]:
        return Fraction({"双": 2, "两": 2}.get(match["times"]) or str(number(match["times"])))
    return Fraction(1, 2)
