"""Who takes over what sending costs: 来回运费我们出 · return shipping is on us, without an amount.

Owns the words in Chinese and English. Whether a denial, a question or somebody else takes them back, the readers of
clauses tell; what it costs, the caller knows.
"""

import re
from typing import Final

_YOU: Final = "[您你]"
_US: Final = r"(?:我们?(?:这边|这里|店里?)?|咱们?(?:家|店)?|这边|本店|店里|店铺|店家|商家|卖家)"
_FEE: Final = r"(?:运费|邮费|快递费|邮资|物流费|运输费|寄件费|上门(?:取件)?费)(?!险|模板|多少|怎么|谁|是[多谁])"
_KIND: Final = (
    r"(?:(?:来回|往返|双程|返程|退换货?|退货|退回来?|寄回来?|换货|补发|再寄|这趟|产生的?|您?垫付的?)(?:的|来的|去的)?)?"
)
_WAY: Final = rf"{_KIND}{_FEE}"
_WILL: Final = r"(?:都|也|全|全部|全程|可以|会|来|这边|统一|直接|肯定|一定|到时候?|放心|后面|回头|再|就)*"
_PAY: Final = r"(?:出|承担|负责|负担|付|掏|报销?|补贴?|垫|包|搞定|解决)"

WAYS_ZH: Final = re.compile(
    rf"{_WAY}{_WILL}(?:由|归|让|是|算)?{_US}{_WILL}(?:给|帮|替)?{_YOU}?(?:来)?(?:{_PAY}|退还?|返还?|的(?=$|[吧哈哦呢了]))"
    rf"|{_US}{_WILL}(?:给|帮|替|为)?{_YOU}?{_WILL}(?:{_PAY}|退还?|免)(?:掉|了)?(?:给)?{_YOU}?(?:这次|这单)?(?:的)?{_WAY}"
    rf"|(?:给|帮|替|为){_YOU}{_WILL}(?:{_PAY}|退还?|免)(?:掉|了)?(?:这次|这单)?(?:的)?{_WAY}"
    rf"|(?:退还?|补|报销?|返还?)(?:给)?{_YOU}(?:这次|这单|垫付)?(?:的)?{_WAY}"
    rf"|{_WAY}{_WILL}(?:给|帮|替)?{_YOU}?{_WILL}(?:退|补|报销?|返|打|转)还?(?:给|到|回)?{_YOU}"
    rf"|{_WAY}{_WILL}(?:给|帮|替){_YOU}{_WILL}(?:{_PAY}|免)"
    rf"|{_WAY}{_WILL}(?:不用|无需|不需要|不必|不要){_YOU}(?:来|再|自己)?(?:{_PAY}|管|操心)"
    rf"|(?:退换?货?|换货|寄回来?)(?:都|也|是|给{_YOU})*包邮|(?:并|且|还|再|一起|同时)(?:{_PAY}){_WAY}"
)
"""Words by which we take it over."""
SPARED_ZH: Final = re.compile(rf"(?:不用|无需|不需要|不必)(?:{_YOU})?(?:来|再|自己)?{_PAY}(?:任何|一分)?(?:的)?{_WAY}")
"""Words by which the buyer need not, which stand beside the buyer."""
FEE_ZH: Final = re.compile(_WAY)
"""Words for what sending costs."""
PAID_ZH: Final = re.compile(
    rf"{_US}{_WILL}(?:给|帮|替)?{_YOU}?{_WILL}(?:{_PAY}|退)(?:给)?{_YOU}?$|{_WILL}(?:给|帮|替){_YOU}{_WILL}(?:报销?|补|退|承担|出)(?:的|了)?$"
)
"""A clause that names nothing and takes over what the one before it names: 您先垫付运费,我们给您报销."""

_B, _E = r"(?<![a-z'])", r"(?![a-z])"
_FEE_EN: Final = (
    r"(?:return |shipping |postage |delivery |freight |courier )*(?:shipping|postage|freight|courier|delivery|return)"
    r"(?: back)?(?: (?:cost|fee|charge|label|postage|expense)s?)?"
)
_LABEL: Final = r"(?:pre-?paid|free|paid)(?: return| shipping)*(?: shipping)? (?:labels?|shipping|postage|returns?)"

_NEVER: Final = r"(?:won't|wont|will not|don't|dont|do not|needn't|never)"
WAYS_EN: Final = re.compile(
    rf"{_B}(?:cover(?:ing)?|pay(?:ing)?(?: for)?|tak(?:e|ing) care of|reimburs(?:e|ing)(?: you)?(?: for)?"
    rf"|refund(?:ing)?(?: you)?(?: for)?|waiv(?:e|ing)|credit(?:ing)?|absorb(?:ing)?|handl(?:e|ing)|eat(?:ing)?)"
    rf" (?:all |for |of |the |your |any |both |this |that |its |whole |full )*{_FEE_EN}{_E}"
    rf"|{_B}{_FEE_EN}(?:'s| is| are| will be|'ll be)? (?:all |completely |fully )?(?:on (?:us|me|the house)"
    rf"|covered|free for you|free of charge|paid by us|paid for|at our (?:cost|expense)|our treat){_E}"
    rf"|{_B}(?:send(?:ing)?|e-?mail(?:ing)?|get(?:ting)?|giv(?:e|ing)|provid(?:e|ing)|issu(?:e|ing)|offer(?:ing)?|includ(?:e|ing))"
    rf"(?: you| u| over| out)* (?:an? |the |our )?{_LABEL}{_E}"
    rf"|{_B}(?:an? )?{_LABEL} (?:for you|is on|from us|on us){_E}"
    rf"|{_B}you {_NEVER}(?: need| have)?(?: to)? (?:pay|cover|be charged|owe)"
    rf"(?: a (?:thing|cent|penny))?(?: for)?(?: any| the)* {_FEE_EN}{_E}"
    rf"|{_B}no (?:extra )?(?:return |shipping |postage |delivery )+(?:cost|fee|charge)s?"
    rf" (?:to|for|on) (?:you|your (?:side|end)){_E}"
    rf"|{_B}(?:free|no[- ]cost) (?:return|return shipping|returns) (?:on us|for you|from us|label){_E}"
)
"""The same in English."""
FREED_EN: Final = re.compile(rf"{_B}(?:you {_NEVER}|no (?:extra )?(?:return|shipping|postage|delivery)){_E}")
"""It says that the buyer pays nothing, which no denial takes back."""
