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
_DOING = Look(
    ("ing ", "ing.", "ing,", "ing!"),
    rf"(?:(?:'m|'re|(?<![a-z])(?:am|are)) {_READILY}|(?<![a-z']))(?P<verb>[a-z-]{{2,14}}ing)(?![a-z])",
)
_TIME = (
    r"(?:first thing |later |early )?(?:today|tonight|tomorrow|tmrw?|now|this (?:morning|afternoon|evening|week)|asap"
    r"|right away|shortly|soon|(?:(?:on|by|before|next|this) )*(?:mon|tues|wednes|thurs|fri|satur|sun)day|by |within "
    r"|in (?:an?|\d+|one|two|three|a few) (?:\w+ )?(?:min|hour|hr|day|week)|before |at \d|on the \d"
    r"|on (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
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
_GET_SOMEONE = re.compile(
    r" (?:some(?:one|body)|(?:an?|my|our|the) (?:\w+ )?\w+?)(?: (?:to|from \w+(?: \w+)?))?"
    r" (?P<verb>[a-z-]+)(?P<more> .*)?$",
    re.DOTALL,
)
_DENIED = re.compile(
    r"(?:not|never|n't|cannot|no longer)(?: (?:promise|guarantee|say|sure|think|that|know|if|when|whether))*$"
)
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
        return _you_will(verb, rest.lstrip())
    code = (
        _it_will(verb, rest.lstrip(), sworn=bool(_SWORE & set(ahead.words))) if ahead.subject is Subject.THING else None
    )
    return WHAT.get(ahead.word, code) if code in {"handle", "send", "issue"} else code


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
    if verb in {"have", "get"} and (sent := _GET_SOMEONE.match(rest)) is not None:
        # Whom we have do it does it for us: "I'll have someone call you".
        code = promised_code(sent["verb"], (sent["more"] or "").lstrip())
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


_READERS = ((_WILL, _will), (_DOING, _doing), (_LEAVES, _leaves), (_EXPECT, _expect))
