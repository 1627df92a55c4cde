"""What an English text promises: who will do what, what will be done or received, and what is on its way by a time.

What the buyer, the courier, a bank or the platform will do, options, denials, questions and habits commit nobody.
"""

import re
from collections.abc import Iterator

from copilot.domain.fact import FactKind
from copilot.policy.claims.clauses import asked, in_options
from copilot.policy.claims.found import Found, Look
from copilot.policy.claims.subjects_en import Before, Subject, before
from copilot.policy.claims.verbs_en import GOT, WHAT, doing_code, done_code, promised_code

_READILY = (
    r"(?:(?:also|then|personally|immediately|now|gladly|happily|definitely|certainly|make sure to|be sure to"
    r"|go ahead and|try to|just|quickly|promptly|always|still|be able to|first|only|actually|for sure|right away|gonna"
    r"|today|tomorrow|of course|in fact|either way|get to work and) )*"
)
_WILL = Look(
    ("'ll ", "will ", "shall ", "gonna ", "going to ", "promise to ", "guarantee to ", "let me "),
    r"(?P<will>'ll|(?<![a-z])(?:will|shall)|(?:'m|'re|'s|(?<![a-z])(?:am|are|is)) (?:going to|gonna)"
    r"|(?<![a-z])(?:gonna|going to)|(?<![a-z])(?:promise|guarantee) to|(?<![a-z])(?P<let>let me))"
    rf"(?! not | never |n't)\s{_READILY}(?P<verb>[a-z-]+)",
)
_CAN = Look(
    ("can ",),
    rf"(?<![a-z])(?:i|we) can {_READILY}(?P<verb>[a-z-]+)",
)
_DOING = Look(
    ("ing ", "ing.", "ing,", "ing!"),
    rf"(?:(?:'m|'re|(?<![a-z])(?:am|are)) {_READILY}|(?<![a-z']))(?P<verb>[a-z-]{{2,14}}ing)(?![a-z])",
)
_TIME = (
    r"(?:first thing |later |early )?(?:today|tonight|tomorrow|tmrw?|now|this (?:morning|afternoon|evening|week)|asap"
    r"|right away|shortly|soon|(?:(?:on|by|before|next|this) )*(?:mon|tues|wednes|thurs|fri|satur|sun)day|by |within "
    r"|in (?:an?|\d+(?: ?(?:-|–|to) ?\d+)?|one|two|three|a few) (?:\w+ )?(?:min|hour|hr|day|week)|before |at \d"
    r"|on the \d|on (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)
_LEAVES = Look(
    ("ship", "goes", "leaves", "going out", "heads out", "heading out", "sent out"),
    r"(?<![a-z])(?P<verb>ships?(?: out)?|goes (?:back )?(?:out|off|through|in the (?:post|mail))|leaves|heads? out"
    rf"|(?:going|heading) out)(?= (?:[^.!?;,\n]{{0,30}}? )?{_TIME})",
)
_FROM_US = re.compile(r"(?:\S+ ){0,6}?from (?:me|us|our \w+)(?![a-z])")
_RECEIVED = re.compile(rf"(?:(?:a|an|your|the|my|our|another|full|partial|free|complete|\w+) ){{0,4}}?{GOT}(?![a-z])")
_EXPECT = Look(
    ("expect ",),
    r"(?:^|(?<=[.!?;:,\n] )|(?<=and )|(?<=so )|(?<=you can )|(?<=please ))(?P<verb>expect)(?= )",
)
_SWORN = Look(
    ("promise", "guarantee"),
    r"(?<![a-z])(?:i|we) (?:can |do )?(?:promise|guarantee)(?: you)?(?: an?| the| your)? (?:full |partial )?"
    rf"{GOT}(?![a-z])",
)
_MINE = Look(
    ("with me", "with us", "to me", "on it", "consider it done", "back to you"),
    r"(?:^|(?<=[.!?;:,\n] ))(?:(?P<handle>leave (?:it|this|that) (?:with|to) (?:me|us)"
    r"|(?:(?:i'm|i am|we're|we are) )?(?:right )?"
    rf"on it(?= now|[.,!]|$)|consider it done)|(?P<answer>back to you(?= (?:[a-z]+ ){{0,2}}?{_TIME})))",
)
_SURE = re.compile(r" (?:sure|certain)?(?: that)?(?: [a-z']+){1,3}? (?:is |gets? |are )?(?P<verb>[a-z-]+)")
_GET_DONE = re.compile(
    r" (?:(?:it|this|that|them|everything|one|a \w+(?: \w+)?|your \w+(?: \w+)?|the \w+(?: \w+)?) )"
    r"(?P<verb>[a-z-]+)(?![a-z])"
)
_GET_SOMEONE = tuple(
    re.compile(
        rf" (?:some(?:one|body)|them|(?:an?|my|our|the) {who}\w+?)(?: (?:to|from \w+(?: \w+)?))?"
        r" (?P<verb>[a-z-]+)(?P<more> .*)?$",
        re.DOTALL,
    )
    # "The warehouse ship it" and "our support team ship it": the first word may be all of the name, or not.
    for who in ("", r"\w+ ")
)
_DENIED = re.compile(
    r"(?:not|never|n't|cannot|no longer)(?: (?:promise|guarantee|say|sure|think|that|know|if|when|whether))*$"
)
_GOODS_OR_MONEY = frozenset({"ship", "reship", "send", "refund"})
_SHOWS = frozenset("show hit post reach land clear arrive appear".split())
_WITH_THEM = re.compile(r"(?:\S+ ){0,4}?(?:account|card|bank|paypal|wallet|balance|statement)s?(?![a-z])")
_MONEY_SAID = re.compile(r"(?<![a-z])(?:refund(?:ed)?|money|credit(?:ed)?|reimbursement|difference)(?![a-z])|[$£€¥]\d")
_BY_A_TIME = re.compile(rf"(?:[^.!?;,\n]{{0,40}} )?{_TIME}")
_AND = re.compile(r" (?:and|then|&) (?:then |also |will )?(?P<verb>[a-z-]+)(?![a-z'])")
# A size of 8.5 ends no sentence.
_SENTENCE_END = re.compile(r"[!?;\n]|\.(?!\d)")
_ASSURED = frozenset({"sure", "ensure"})
_SWORE = frozenset({"promise", "guarantee"})
_HEARD = frozenset("said say says told think thought asked where what when why how which who whether".split())
_USUAL = frozenset("usually normally typically generally sometimes orders should might may could would can't".split())
_BY_THEM = re.compile(
    r"[^.!?;\n]{0,60}?(?<![a-z])by (?:the |your |our )?(?:\w+ )?(?:courier|carrier|bank|platform|tiktok|ups|fedex|usps"
    r"|dhl|post office|customs)"
)
_OBJECT = re.compile(
    r" (?:you|your|it|this|that|them|the|a|an|one|out|back|another)(?![a-z])"
    r"(?!.{0,60}? (?:is|are|was|costs?|takes?|will) )"
)


def promised_en(text: str) -> Iterator[Found]:
    """The promises of ``text``, small letters."""
    for look, read in _READERS:
        for match in look.over(text):
            ahead = before(text, match.start())
            if not _open(ahead) or (ahead.subject is not Subject.OURS and _BY_THEM.match(text, match.end())):
                continue
            rest = _rest(text, match.end())
            code = read(match, ahead, rest)
            if code is not None:
                yield from _said(text, ahead.start, match.end(), code)
            if look is _WILL and ahead.subject in {Subject.OURS, Subject.NONE} and (code is not None or match["let"]):
                yield from _also(text, match.end(), rest)
    for match in _SWORN.over(text):
        yield from _said(text, match.start(), match.end(), WHAT[match["thing"]])
    for match in _MINE.over(text):
        yield from _said(text, match.start(), match.end(), "handle" if match["handle"] else "answer")


def _said(text: str, start: int, end: int, code: str) -> Iterator[Found]:
    if not asked(text, start, end) and not in_options(text, start):
        yield Found(FactKind.PROMISE, start, end, code)


def _rest(text: str, end: int) -> str:
    """What follows in the sentence, as far as it can matter."""
    found = _SENTENCE_END.search(text, end, end + 60)
    return text[end : found.start() if found else end + 60]


def _also(text: str, end: int, rest: str) -> Iterator[Found]:
    """The second verb of the same subject: I'll check and come back to you."""
    for match in _AND.finditer(rest):
        code = promised_code(match["verb"], rest[match.end() :].lstrip())
        if code is not None:
            yield from _said(text, end + match.start("verb"), end + match.end(), code)


def _open(ahead: Before) -> bool:
    """Whether what stands before the subject leaves the clause a statement of our own."""
    words = set(ahead.words[-6:])
    return (
        not words & _USUAL
        and not words & _HEARD
        and not _DENIED.search(" ".join(ahead.words))
        and ahead.word not in _USUAL
    )


def _will(match: re.Match[str], ahead: Before, rest: str) -> str | None:
    verb = match["verb"]
    if match["let"]:
        return None if verb == "know" else promised_code(verb, rest.lstrip())
    if ahead.subject in {Subject.OURS, Subject.NONE}:
        return _we_will(verb, rest, bare=ahead.subject is Subject.NONE and match["will"] != "'ll")
    if ahead.subject is Subject.YOU:
        return _you_will(verb, rest.lstrip()) or _seen_by(match, verb, rest.lstrip())
    if ahead.subject is Subject.THING and verb in _SHOWS and _is_money(match, ahead):
        return "refund" if _WITH_THEM.match(rest.lstrip()) or _BY_A_TIME.match(rest) else None
    code = (
        _it_will(verb, rest.lstrip(), sworn=bool(_SWORE & set(ahead.words))) if ahead.subject is Subject.THING else None
    )
    return WHAT.get(ahead.word, code) if code in {"handle", "send", "issue"} else code


def _is_money(match: re.Match[str], ahead: Before) -> bool:
    """Whether the thing that will show is money: by its name, or by what was said of it right before."""
    named = {"refund", "money", "credit", "reimbursement", "difference"} & {ahead.word, *ahead.words[-3:]}
    return bool(named) or (ahead.word in {"it", "that", "this"} and _money_before(match))


def _money_before(match: re.Match[str]) -> bool:
    """Whether money is spoken of in the line before the clause: "I put in a refund, it'll …"."""
    line = match.string.rfind("\n", 0, match.start()) + 1
    return _MONEY_SAID.search(match.string, max(line, match.start() - 90), match.start()) is not None


def _seen_by(match: re.Match[str], verb: str, rest: str) -> str | None:
    """The money that "you'll see it in 3-5 business days" promises, where money was spoken of right before."""
    if verb not in {"see", "get", "have", "receive"} or not rest.startswith(("it ", "that ", "the ", "this ")):
        return None
    return "refund" if _money_before(match) and _BY_A_TIME.match(f" {rest}") else None


def _we_will(verb: str, rest: str, *, bare: bool) -> str | None:
    if bare and not (
        _OBJECT.match(rest) or promised_code(verb, rest.lstrip()) in {"answer", "follow_up", "contact", "check"}
    ):
        return None
    if verb in {"make", "ensure", "see"} and (sure := _SURE.match(rest)) is not None:
        return promised_code(sure["verb"].removesuffix("s"), "") or done_code(sure["verb"])
    if verb in {"have", "get"} and (made := _GET_DONE.match(rest)) is not None:
        code = done_code(made["verb"])
        if code is not None:
            return code
    if verb in {"have", "get"}:
        # Whom we have do it does it for us: "I'll have someone call you".
        sent = (who.match(rest) for who in _GET_SOMEONE)
        codes = (promised_code(one["verb"], (one["more"] or "").lstrip()) for one in sent if one is not None)
        code = next((code for code in codes if code is not None), None)
        if code is not None:
            return code
    if verb == "be":
        doing, _, more = rest.lstrip().partition(" ")
        return promised_code("be", rest.lstrip()) or (doing_code(doing, more) if doing.endswith("ing") else None)
    return promised_code(verb, rest.lstrip())


def _you_will(verb: str, rest: str) -> str | None:
    if verb in {"be", "get"} and (code := done_code(rest.partition(" ")[0])) is not None:
        return code
    if verb not in {"receive", "get", "have", "see", "hear"}:
        return None
    ours = _FROM_US.match(rest)
    got = _RECEIVED.match(rest)
    if got is not None and (ours or got["thing"] not in {"email", "message", "call", "code", "label", "tracking"}):
        return WHAT[got["thing"]]
    return ("answer" if verb == "hear" else "send") if ours else None


def _it_will(verb: str, rest: str, *, sworn: bool) -> str | None:
    first, _, more = rest.partition(" ")
    if verb in {"be", "get"}:
        if first in {"out", "shipping", "leaving"} or rest.startswith(("on its way", "in the post", "in the mail")):
            return "ship"
        if first == "back" and more.startswith(("on your", "in your", "with you", "to your")):
            return "refund"
        while first in {"fully", "also", "all", "now"}:
            first, _, more = more.partition(" ")
        return done_code(first)
    if verb == "arrive" and sworn:
        return "arrive"
    if verb == "ship" or (
        verb in {"go", "head", "leave"} and (first in {"out", "off", "today", "tomorrow"} or not first)
    ):
        return "ship"
    return None


def _doing(match: re.Match[str], ahead: Before, rest: str) -> str | None:
    if match.start() == match.start("verb"):
        # Without a subject only at the beginning: "sending it today", not "thanks for sending it".
        if ahead.subject is not Subject.NONE or ahead.words or not _OBJECT.match(rest):
            return None
    elif ahead.subject is not Subject.OURS:
        return None
    return doing_code(match["verb"], rest.lstrip())


def _can(match: re.Match[str], ahead: Before, rest: str) -> str | None:
    """What "I can get a new one out to you by Wednesday" promises: it answers by when, and leaves nothing to choose."""
    if "?" in match.string or " or " in match.string or " unless " in match.string:
        return None
    code = _we_will(match["verb"], rest, bare=False)
    return code if code in _GOODS_OR_MONEY and _OBJECT.match(rest) and _BY_A_TIME.match(rest) else None


def _leaves(match: re.Match[str], ahead: Before, rest: str) -> str | None:
    if (
        ahead.subject is not Subject.THING
        or _ASSURED & set(ahead.words)
        or (ahead.word.endswith("s") and ahead.word != "this")
    ):
        return None
    return "refund" if {"refund", "money"} & {ahead.word, *ahead.words[-2:]} else "reship" if _new(ahead) else "ship"


def _new(ahead: Before) -> bool:
    return bool({"replacement", "new", "another"} & {ahead.word, *ahead.words[-4:]})


def _expect(match: re.Match[str], ahead: Before, rest: str) -> str | None:
    got, ours = _RECEIVED.match(rest.lstrip()), _FROM_US.match(rest.lstrip())
    if got is not None:
        return WHAT[got["thing"]]
    return "answer" if ours else None


_READERS = ((_WILL, _will), (_CAN, _can), (_DOING, _doing), (_LEAVES, _leaves), (_EXPECT, _expect))
