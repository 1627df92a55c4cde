"""What a buyer's turn says, given the open case and what the shop said last.

Owns how its issues, its choice, its answers and its move (``moves``) become one understanding. A turn without an issue
leaves ``issues`` empty, the case's issue stays.
"""

import re
from dataclasses import dataclass, replace

from copilot.domain.case import Case, Option
from copilot.domain.issue import (
    CATEGORY_OF,
    Category,
    Evidence,
    Inquiry,
    Issue,
    IssueReading,
    Risk,
    RiskReading,
    Turn,
    Understanding,
)
from copilot.flow.understand.answers import fill
from copilot.flow.understand.asking_about import beyond, inquires, inquiry_of, is_further, only_names_chosen, standing
from copilot.flow.understand.before_purchase import JUST_BOUGHT, before_purchase
from copilot.flow.understand.burst import Burst
from copilot.flow.understand.choice import Choice, read_choice, sums_of, torn_between
from copilot.flow.understand.classifier import Classifier
from copilot.flow.understand.denials import without_denied
from copilot.flow.understand.done_yet import asks_if_done
from copilot.flow.understand.goods import SHOWN, told_of_goods
from copilot.flow.understand.haggling import (
    MORE,
    finds_too_little,
    haggles,
    takes_as_named,
    wants_whole,
    without_prices,
    without_some_off,
)
from copilot.flow.understand.heard import heard
from copilot.flow.understand.inquiry import OTHER, read_inquiry
from copilot.flow.understand.issues import Reading
from copilot.flow.understand.language import detect, language_of
from copilot.flow.understand.letting_go import beside_letting_go, lets_go, settles
from copilot.flow.understand.manners import praises
from copilot.flow.understand.moves import FREE_WORDS, is_unclear, turn_of
from copilot.flow.understand.on_condition import EXCHANGE, answers_condition
from copilot.flow.understand.owed import UNDER_WAY, about_a_parcel, asks_for_owed, asks_of_action
from copilot.flow.understand.pictures import LATER, said_of_pictures
from copilot.flow.understand.promised import asks_for_promised
from copilot.flow.understand.remedies import fit, remedies_in
from copilot.flow.understand.seen import SURE, Seen
from copilot.flow.understand.shop import ShopMove, read_shop
from copilot.flow.understand.telling import told
from copilot.flow.understand.text import fold
from copilot.flow.understand.way_back import of_the_parcel, of_the_return, way_asked
from copilot.flow.understand.words import says
from copilot.policy.short_forms import plainly

_OF_MONEY = frozenset({"amount", "route"})
_MONEY_BACK = frozenset({"refund", "return", "cancel", "keep", "partial", "price_gap", "voucher"})
_POLITE = frozenset({Turn.THANKS, Turn.CLOSING, Turn.SMALL_TALK})
_PRESSED_WITH = {Risk.REVIEW_THREAT: Issue.REVIEW, Risk.CHARGEBACK: Issue.PAYMENT_ACCOUNT}
"""What a threat sounds like a question about, to the classifier."""
_LITTLE_MONEY = re.compile(r"\d+(?:\.\d+)?\s?(?:块|元)?(?:钱)?(?:也|真|就)?(?:太|有点|这么)少")
_BARE_NO = re.compile(r"(?:还)?没(?:有)?(?:啊|呀|呢|收到)?|no(?:pe)?|nah")
_RAISING = frozenset({Turn.NEW_ISSUE, Turn.CHANGE_OF_MIND})


@dataclass(frozen=True, slots=True)
class TurnReading:
    """A turn as read here; ``unclear`` when neither a word nor a class decided what it is.

    ``answered`` is what the turn would answer if it is an answer.
    """

    understanding: Understanding
    unclear: bool
    has_case: bool
    answered: dict[str, str]


def read_turn(
    burst: Burst,
    *,
    case: Case | None = None,
    last_shop_text: str | None = None,
    classifier: Classifier | None = None,
) -> Understanding:
    """Read the unanswered ``burst`` of a buyer.

    ``case`` is the open case, ``last_shop_text`` what the shop said right before (``burst.last_shop_text``). A turn
    that raises something which stays unclear is ``new_issue`` with no issues when no case is open.
    """
    return reading_of(burst, case=case, last_shop_text=last_shop_text, classifier=classifier).understanding


def reading_of(
    burst: Burst,
    *,
    case: Case | None = None,
    last_shop_text: str | None = None,
    classifier: Classifier | None = None,
) -> TurnReading:
    """As ``read_turn``, and whether the turn stayed unclear."""
    text = burst.text
    ended = beside_letting_go(text, case)
    if ended and not (case is not None and read_choice(plainly(text[:ended]), case.offered)):
        # What is given up is none of what the turn raises beside it ("no return then; does it ship today?").
        return _past(ended, burst, case, last_shop_text, classifier)
    shop = read_shop(last_shop_text)
    offered = case.offered if case and case.offered else shop.offered or shop.conditional
    asked = tuple(dict.fromkeys((*(case.asked_for if case else ()), *shop.asks)))
    read, risks = _heard(text, case, classifier)
    inquiry = _inquiry(text, case)
    gone = lets_go(text, offered, case) and not haggles(text, case)
    choice = Choice(refused_all=True) if gone else _taken(plainly(text), offered, shop, last_shop_text)
    haggled = not gone and haggles(text, case) and not takes_as_named(choice, case)
    haggled = haggled or finds_too_little(text, case)
    if haggled or (choice is None and wants_whole(text, standing(case))):
        # Another sum than was offered is neither a price nor an address, and takes no offer.
        choice, inquiry = None, MORE if standing(case) else None
        read = without_prices(read)
    if says("choice_yes", fold(text)) and case is not None and CATEGORY_OF[case.issue] is Category.AFTER_SALE:
        # "Deal" takes what a colleague proposed in words of their own.
        read = without_prices(read)
    if case is not None and only_names_chosen(text, choice, inquiry, case):
        choice = None
    if choice is None and inquiry is None and (torn := torn_between(text, standing(case))):
        # What was decided fits two of the options: told what each of them is, the buyer picks one.
        inquiry = Inquiry(options=torn, topics=("difference",))
    seen = Seen(
        burst=burst,
        folded=fold(text).strip(),
        case=case,
        shop=shop,
        reading=_unthreatened(read, risks),
        risks=risks,
        choice=choice,
        inquiry=inquiry,
        answered=fill(burst, asked),
        shop_text=last_shop_text or "",
    )
    own = tuple(one for one in seen.reading.issues if not asks_for_owed(seen, one))
    if own and len(own) < len(seen.reading.issues):
        # "Nothing shipped, refund me" wants the money; what never shipped is no parcel to look for.
        seen = replace(seen, reading=replace(seen.reading, issues=own))
    # Pressing names what is pressed for as well as asking does.
    lead = seen.lead or seen.reading.pressed
    owed = asks_for_owed(seen, lead) if lead is not None else ""
    of_action = "" if owed or gone else asks_of_action(seen)
    of_promise = "" if of_action or gone else _of_promise(seen, owed)
    bare = replace(seen, choice=None, inquiry=None, reading=replace(seen.reading, issues=()))
    seen = bare if of_promise else seen
    owed = of_action or of_promise or owed
    if (owed or about_a_parcel(seen)) and seen.inquiry is not None and seen.inquiry.topics == (OTHER,):
        # "Did it go out?" asks nothing about the option but what became of it.
        seen = replace(seen, inquiry=None)
    over = not gone and not risks and settles(text, case)
    turn = Turn.CLOSING if over else Turn.CHASE if of_action or of_promise else turn_of(seen)
    if haggled and turn in _POLITE | {Turn.CHANGE_OF_MIND}:
        turn = Turn.ANSWER
    raised = tuple(one.issue for one in _issues(turn, seen))
    awaited = set(raised) <= UNDER_WAY
    pictures = said_of_pictures(burst, () if awaited else raised, case, asked)
    if pictures == LATER and awaited and turn in (Turn.NEW_ISSUE, Turn.SMALL_TALK, Turn.THANKS):
        # "Tomorrow I'll send it", said of a photo, ships nothing.
        turn = Turn.ANSWER
    unclear = not over and not of_promise and is_unclear(seen)
    understanding = Understanding(
        turn=turn,
        language=language_of(text, previous=_language_before(burst, case, last_shop_text)),
        issues=() if over or gone else _issues(turn, seen),
        asked=read.asked if turn is Turn.NEW_ISSUE and not (over or gone) else (),
        risks=risks,
        choice=seen.choice.ids if seen.choice and turn in (Turn.CHOICE, Turn.CHANGE_OF_MIND) else (),
        refused_all=bool(seen.choice and seen.choice.refused_all and turn is Turn.CHOICE),
        let_go=gone,
        settled=over,
        answered=told(turn, seen, unclear=unclear) | _kept_answers(turn, seen.answered) | _told_unasked(turn, seen),
        inquiry=None if over else inquiry_of(seen),
        wish="" if over or gone else _wish(turn, seen, owed) or pictures,
    )
    return TurnReading(understanding, unclear, case is not None, seen.answered)


def _asks_after_one(seen: Seen) -> bool:
    """Whether a turn only asks if the one thing was done that a colleague stated: 补发的寄出来没 takes no offer."""
    case = seen.case
    if case is None or case.chosen is not None or len(case.offered) > 1:
        return False
    deciding = seen.choice is not None and says("choice_deciding", seen.folded)
    return asks_if_done(seen.folded) and not deciding and not seen.shop.question


def _of_promise(seen: Seen, owed: str) -> str:
    """What the turn asks after of a colleague's promise, whatever else its words sound like; ``owed`` goes before."""
    promised = asks_for_promised(seen) if owed in ("", "owed_answer") else ""
    return promised or (owed if _asks_after_one(seen) else "")


def _taken(text: str, offered: tuple[Option, ...], shop: ShopMove, asked: str | None) -> Choice | None:
    """What ``text`` picks of ``offered``, in the light of what it answers to the condition of an exchange.

    "Yep, tags on" takes what hangs on it; "no" to "tags still on?" refuses nothing, it says that they are off.
    """
    choice = read_choice(text, offered)
    met = answers_condition(text, plainly(asked or "")) if shop.conditional else None
    refuses = choice is not None and choice.refused_all and not remedies_in(text)
    if met is None or (met and ((choice is not None and not refuses) or "refund" in remedies_in(text))):
        # "Nope" to "have you worn it?" refuses nothing.
        return choice
    exchange = next((one.id for one in offered if one.key == EXCHANGE or EXCHANGE in remedies_in(one.title)), None)
    return Choice(ids=(exchange,)) if met and exchange is not None else None


def _heard(text: str, case: Case | None, classifier: Classifier | None) -> tuple[Reading, tuple[RiskReading, ...]]:
    """The issues and risks of ``text`` as they are meant in ``case``."""
    read, risks = heard(text, classifier)
    read = before_purchase(of_the_parcel(of_the_return(read, case), case), case, text)
    if case is not None:
        # "没有啊" answers whether the code came, "5块太少" an offer; nothing is missing from a box for that.
        read = replace(read, issues=tuple(one for one in read.issues if not _misses_nothing(one, case)))
        read = without_some_off(read) if case.issue in SHOWN else read
    if says("same_address", fold(text)):
        read = replace(read, issues=tuple(one for one in read.issues if one.issue is not Issue.ADDRESS_CHANGE))
    return read, risks


def _misses_nothing(reading: IssueReading, case: Case) -> bool:
    said = fold(reading.evidence.text).strip() if reading.evidence else ""
    if reading.issue is not Issue.MISSING_ITEM or case.issue is Issue.MISSING_ITEM:
        return False
    awaits = CATEGORY_OF[case.issue] is Category.LOGISTICS
    return (awaits and _BARE_NO.fullmatch(said) is not None) or _LITTLE_MONEY.search(said) is not None


def _past(
    end: int, burst: Burst, case: Case | None, last_shop_text: str | None, classifier: Classifier | None
) -> TurnReading:
    """The reading of what ``burst`` says from ``end`` on, with its evidence where it stands in the whole."""
    rest = burst.model_copy(update={"texts": (burst.text[end:],)})
    read = reading_of(rest, case=case, last_shop_text=last_shop_text, classifier=classifier)
    moved = tuple(
        one.model_copy(
            update={
                "evidence": one.evidence.model_copy(
                    update={"start": one.evidence.start + end, "end": one.evidence.end + end}
                )
            }
        )
        if one.evidence is not None
        else one
        for one in read.understanding.issues
    )
    return replace(read, understanding=read.understanding.model_copy(update={"issues": moved, "asked": ()}))


def told_by_model(reading: TurnReading, turn: Turn, issues: tuple[IssueReading, ...]) -> Understanding | None:
    """The turn with the move and the issues that a model saw in it; None when they do not go together.

    Everything else stays as read here: risks, choices and what was answered are no model's to say.
    """
    local = reading.understanding
    # Picks are read by what was offered; who threatens neither thanks nor chats.
    if turn is Turn.CHOICE or (local.risks and turn in _POLITE):
        return None
    if not reading.has_case and turn in (Turn.ANSWER, Turn.CHANGE_OF_MIND):
        turn = Turn.NEW_ISSUE
    if turn is Turn.NEW_ISSUE and not issues:
        return None
    kept = issues if turn in _RAISING or not reading.has_case else ()
    changes = {
        "turn": turn,
        "issues": () if turn in _POLITE else _unthreatened(Reading(issues=kept), local.risks).issues,
        "answered": _kept_answers(turn, reading.answered),
        "read_by": "model",
    }
    return local.model_copy(update=changes)


def _unthreatened(reading: Reading, risks: tuple[RiskReading, ...]) -> Reading:
    """A threatened review is no question about reviews, a threat to dispute the charge none about paying."""
    threatened = {_PRESSED_WITH[one.risk] for one in risks if one.risk in _PRESSED_WITH}
    if not threatened:
        return reading
    issues = tuple(
        one.model_copy(update={"issue": Issue.COMPLAINT}) if one.issue in threatened else one for one in reading.issues
    )
    return Reading(issues=issues, manner=reading.manner, confidence=reading.confidence)


def _inquiry(text: str, case: Case | None) -> Inquiry | None:
    """What ``text`` asks about the options that stand."""
    inquiry = read_inquiry(plainly(text), standing(case))
    if inquiry is not None and set(inquiry.topics) <= _OF_MONEY and not any(map(_gives_money, standing(case))):
        # "Do I get the full refund if I refuse it" asks nothing about the other one that was offered to be sent.
        return None
    return inquiry


def _gives_money(option: Option) -> bool:
    return bool(fit(option, _MONEY_BACK)) or bool(sums_of(option))


def _wish(turn: Turn, seen: Seen, owed: str) -> str:
    """What the turn wants by its words: of the way back, of what is owed, else of an order."""
    if turn is Turn.THANKS and praises(seen):
        return "praised"
    pressed = (way_asked(seen) or owed) if turn is Turn.CHASE else way_asked(seen) if turn is Turn.ANSWER else ""
    return pressed or seen.reading.wish or (JUST_BOUGHT if says(JUST_BOUGHT, seen.folded) else "")


def _issues(turn: Turn, seen: Seen) -> tuple[IssueReading, ...]:
    if turn is Turn.NEW_ISSUE and inquires(seen):
        return tuple(one for one in beyond(seen) if is_further(one))
    if turn is Turn.NEW_ISSUE:
        return seen.reading.issues
    if turn is Turn.CHOICE and seen.case is not None:
        return tuple(one for one in seen.reading.issues if one.issue is not seen.case.issue and _stands_beside(one))
    if turn in (Turn.ANSWER, Turn.CHASE) and seen.case is not None:
        # Who asks for a person gets one, whatever the matter in hand is.
        return tuple(one for one in seen.reading.issues if one.issue is Issue.HUMAN_REQUEST and one.confidence >= SURE)
    if turn is Turn.CHANGE_OF_MIND and not seen.choice:
        return tuple(one for one in seen.reading.issues if one.confidence >= SURE)
    if seen.case is None and turn in _POLITE:
        return _manners(turn, seen)
    if seen.case is None and turn is Turn.CHASE:
        pressed = seen.reading.pressed
        return seen.reading.issues or ((pressed,) if pressed else ())
    return ()


def _stands_beside(reading: IssueReading) -> bool:
    """Whether it is something further beside a choice: said to be, or where what was chosen is to go."""
    return is_further(reading) or (reading.issue is Issue.ADDRESS_CHANGE and reading.confidence >= SURE)


def _manners(turn: Turn, seen: Seen) -> tuple[IssueReading, ...]:
    """Thanks or a greeting where nothing is open: such words are their own evidence."""
    manner, confidence = seen.reading.manner, round(seen.reading.confidence, 4)
    if manner not in (Issue.THANKS.value, Issue.GREETING.value) or turn is Turn.CLOSING:
        if not says("thanks", seen.folded):
            return ()
        # The words were looked up, nobody guessed.
        manner, confidence = Issue.THANKS.value, 1.0
    text = seen.burst.text
    whole = Evidence(start=0, end=len(text), text=text)
    return (IssueReading(issue=Issue(manner), confidence=confidence, evidence=whole),)


def _kept_answers(turn: Turn, answered: dict[str, str]) -> dict[str, str]:
    if turn in (Turn.ANSWER, Turn.CHOICE):
        return answered
    # Words that raise something else are no reason and no name, a number in them is still the number.
    return {slot: value for slot, value in answered.items() if slot not in FREE_WORDS}


def _told_unasked(turn: Turn, seen: Seen) -> dict[str, str]:
    """What the buyer shows and tells of the goods before anybody asks, so that nobody does."""
    if turn not in (Turn.NEW_ISSUE, Turn.ANSWER, Turn.CHASE):
        return {}
    raised = [one.issue for one in seen.reading.issues] if turn is Turn.NEW_ISSUE else []
    issue = next((one for one in raised if one in SHOWN), None if raised or seen.case is None else seen.case.issue)
    if issue not in SHOWN:
        return {}
    count = seen.burst.photos + seen.burst.videos
    return told_of_goods(without_denied(seen.burst.text), issue) | ({"photo": str(count)} if count else {})


def _language_before(burst: Burst, case: Case | None, last_shop_text: str | None) -> str | None:
    if case is not None and case.language:
        return case.language
    return burst.language_before or (detect(last_shop_text) if last_shop_text else None)
