"""Words by which a bad draft is known on sight: officialese, bows, particles, invented actions, blame.

Owns the word lists of the rubric; the rules that block a text stand in ``policies/``.
"""

import re

APOLOGY = re.compile(r"抱歉|对不起|不好意思|见谅|\bsorry\b|\bapolog", re.IGNORECASE)
PARTICLES = re.compile(r"[呢哦哟啦~～]|亲亲|亲[,，]")
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
ASKS_FOR_ORDER = {"zh": re.compile("订单号"), "en": re.compile(r"order (?:number|no\.|id)\b", re.IGNORECASE)}
LETTERS = re.compile(r"\b[A-C]\) |[：；:;][A-C] |[A-C]还是|\boption [A-C]\b", re.IGNORECASE)
"""Letters before options; after a choice one may be named ("B it is")."""

OFFICIALESE = {
    "zh": re.compile(
        r"亲爱的|尽快|稍等|耐心|感谢您的(?:理解|支持)|给您带来|不愉快|保证|绝对|一定会|百分百|第一时间|微信号|电话号码"
    ),
    "en": re.compile(
        r"\bdear\b|valued|kindly|inconvenience|as soon as possible|asap|patience|rest assured|guarantee|please be"
        r"|do not\b|cannot\b|bear with",
        re.IGNORECASE,
    ),
}
BEGGING = {
    "zh": re.compile("五星|好评|差评|评价"),
    "en": re.compile(
        r"\breviews? us\b|\b(?:leave|write|post|give)\b.{0,24}\breview|\b(?:[1-5]|one|five)[- ]stars?\b"
        r"|\brat(?:e|ing) us\b",
        re.IGNORECASE,
    ),
}
"""Reviews, of which only an answer about reviews may speak."""
THREATS = {"zh": re.compile("投诉|12315"), "en": re.compile(r"report you", re.IGNORECASE)}
INVENTED = {
    "zh": re.compile("已帮您|已经帮您|已为您|已反馈|催促"),
    "en": re.compile(r"we have already|\burged\b|already (?:contacted|escalated)", re.IGNORECASE),
}
"""Actions nobody took; one that a fact proves is worded without these."""
BLAME = {
    "zh": re.compile("物流的问题|快递的问题|您自己|没看清"),
    "en": re.compile(r"your fault|carrier'?s? (?:issue|fault)", re.IGNORECASE),
}
