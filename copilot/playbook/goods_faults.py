"""Whether a buyer who gives goods back says that something is wrong with them: who pays for the way hangs on it.

Owns the words for what goods do that they should not (晃, 漏, 卡住, "wobbles", "won't close"); refuses taste and feel
("scratchy", 不喜欢), which give goods back for no fault, and what is only asked or denied.
"""

import re
from typing import Final

_ZH: Final = (
    r"歪[的了斜]|(?:刻度|印|缝|装|裁|孔|钉)\S{0,4}[歪偏]|[坐站放摇来]\S{0,3}晃|晃[得来动个]|[不没]稳|松松垮|变形|翘[边起了]|裂|断[了开]"
    r"|掉(?:毛|渣|漆|皮|絮|粉|钻|扣|链)|起(?:球|毛|皮|泡)|脱(?:线|胶|皮|毛|落)|开(?:线|胶)|漏(?:水|气|风|油|电|液|墨|光)"
    r"|卡(?:住|壳|死|顿)|[拉推打关盖合扣拧装充]不(?:动|开|上|严|紧|拢|进)|(?:挂|放|撑)不(?:直|平|圆)|弹不(?:回|起)|不(?:回弹|通电|转|亮|制冷|加热|出水)"
    r"|吱[呀吱嘎]|咔咔|异响|毛刺|倒刺|走得不准|测不准|量不准|不准了|(?:一|两)(?:条|只|边|头)\S{0,3}(?:长|高|大)\S{0,3}(?:短|低|小)"
    r"|弯[的了]|失灵|没反应|烧[了焦]|发霉|生锈|褪色[了得]|掉色[了得]"
)
_EN: Final = (
    r"\b(?:crooked|slanted|wobbl\w+|wonky|lopsided|warped|bent|uneven|misaligned|unstable|rocks|rattl\w+|squeak\w*"
    r"|creak\w*|shed(?:s|ding)|pill(?:s|ed|ing)|peel(?:s|ed|ing)?|flak(?:e|es|ed|ing)|chip(?:s|ped|ping)|fray\w*"
    r"|unravel\w*|leak(?:s|ed|ing|y)?|drips?|jam(?:s|med|ming)|stuck|sticks|snag(?:s|ged)?|splinters?|falling apart"
    r"|fell (?:off|apart)|comes? (?:off|apart|loose)|came (?:off|apart|loose)|lint all|fuzz (?:all|every)\w*"
    r"|loose threads?|bleeds|faded|rust\w*|mold\w*"
    r"|(?:won'?t|doesn'?t|does not|can(?:'t|t|not)|don'?t|didn'?t) (?:\w+ )?"
    r"(?:close|shut|seal|lock|open|zip|turn on|charge|hold|spin|roll|light up|heat|stay (?:on|up|shut|closed)|line up"
    r"|spring back|stand (?:straight|up)|work)"
    r"|stopped working|not working|(?:is|are|was|came) (?:broken|defective|faulty))\b"
)
_FAULT: Final = re.compile(f"{_ZH}|{_EN}", re.IGNORECASE)
_DENIED: Final = re.compile(
    r"(?:没有?|不会?|无|未|别|会不会|是不是|\bno|\bnot|n'?t|\bnever|\bwithout|\bif(?: it)?)\s*(?:\w+ )?\Z",
    re.IGNORECASE,
)
_SEGMENT: Final = re.compile(r"[^。!！?？;；\n]+[?？]?")
_ASKS: Final = re.compile(
    r"会不会|会[^,，。]{0,6}吗|\b(?:does|do|will|is) (?:it|this|they|these)\b[^.?!]*\?", re.IGNORECASE
)


def tells_fault(text: str) -> bool:
    """Whether ``text`` says of goods that something is wrong with them, and does not only ask or deny it."""
    for segment in _SEGMENT.finditer(text):
        said = segment.group()
        if _ASKS.search(said):
            continue
        if any(not _DENIED.search(said[: match.start()]) for match in _FAULT.finditer(said)):
            return True
    return False
