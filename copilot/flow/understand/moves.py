"""Which kind of move a turn is, once everything on it is read: chosen, polite, answering, pressing, or something new.

Owns the order of the questions; reading issues, choices and answers off the words is done before.
"""

import unicodedata

from copilot.domain.case import Case, CaseState
from copilot.domain.issue import CATEGORY_OF, Category, Issue, IssueReading, Turn
from copilot.flow.understand.answers import holds_particulars, is_short_reply, names_invoice_title
from copilot.flow.understand.asking_about import beyond, inquires, is_further
from copilot.flow.understand.denials import corrects
from copilot.flow.understand.issues import asks_something
from copilot.flow.understand.manners import PRESSURE, polite, polite_at_last
from copilot.flow.understand.owed import UNDER_WAY, asks_for_owed
from copilot.flow.understand.remedies import fit, remedies_in
from copilot.flow.understand.seen import CERTAIN, SURE, Seen, presses
from copilot.flow.understand.text import fold
from copilot.flow.understand.way_back import GOES_BACK
from copilot.flow.understand.words import says

FREE_WORDS = frozenset({"reason", "promised", "name", "account"})
"""Slots that any words may fill, so that being filled says little about the turn."""
_SHAPELESS = frozenset({Issue.COMPLAINT, Issue.UNCLEAR, Issue.HUMAN_REQUEST})
_CONCRETE = frozenset({Category.AFTER_SALE, Category.LOGISTICS})
_ANOTHER_SIZE = frozenset({Issue.RETURN_EXCHANGE, Issue.SIZE_FIT, Issue.STOCK})


def is_unclear(seen: Seen) -> bool:
    """Whether the turn's kind is only what is left when nothing speaks for another."""
    if not seen.folded or seen.choice is not None or seen.lead is not None:
        return False
    if _answers_nothing(seen):
        return any(character.isalpha() for character in seen.folded)
    if seen.reading.manner not in (None, Issue.UNCLEAR.value):
        return False
    if polite(seen) or polite_at_last(seen) or inquires(seen):
        return False
    if _changes_mind(seen) or _answers(seen) or _urges(seen):
        return False
    return seen.case is None or not (holds_particulars(seen.folded) or seen.burst.photos)


def _answers_nothing(seen: Seen) -> bool:
    """Whether it sounds like an answer where nothing was asked and nothing is open."""
    return seen.reading.manner == "_answer" and seen.case is None and not seen.shop.question


def _only_signs(folded: str) -> bool:
    """Whether it is nothing but pictures typed as letters: a thumb up says no more than a sticker."""
    signs = [sign for sign in folded if not sign.isspace()]
    return all(unicodedata.category(sign) in ("So", "Sk", "Mn", "Me", "Cf") for sign in signs)


def turn_of(seen: Seen) -> Turn:
    """The kind of the turn, by the first question that has an answer."""
    if not seen.folded or (seen.case is not None and _only_signs(seen.folded)):
        return _wordless(seen)
    if seen.choice is not None:
        return _chosen(seen)
    if (manners := polite(seen) or polite_at_last(seen)) is not None:
        return manners
    if inquires(seen):
        return Turn.NEW_ISSUE if any(map(is_further, beyond(seen))) else Turn.ANSWER
    if _corrects(seen):
        return Turn.NEW_ISSUE
    if _changes_mind(seen):
        return Turn.CHANGE_OF_MIND
    if _answers(seen):
        return Turn.ANSWER
    if seen.lead is None:
        return _without_issue(seen)
    return _with_issue(seen, seen.lead)


def _wordless(seen: Seen) -> Turn:
    if seen.burst.photos or seen.burst.videos or seen.burst.others or seen.burst.order_cards:
        return Turn.ANSWER if seen.case or seen.shop.question else Turn.NEW_ISSUE
    if seen.burst.product_cards:
        return Turn.ANSWER if "order" in seen.shop.asks else Turn.NEW_ISSUE
    return Turn.SMALL_TALK


def _chosen(seen: Seen) -> Turn:
    already = seen.case is not None and seen.case.chosen is not None
    different = already and seen.choice is not None and seen.case is not None and seen.choice.ids != (seen.case.chosen,)
    return Turn.CHANGE_OF_MIND if different and seen.choice and seen.choice.ids else Turn.CHOICE


def _changes_mind(seen: Seen) -> bool:
    if seen.case is None or not says("change", seen.folded) or not is_short_reply(seen.folded):
        return False
    return seen.case.chosen is not None or seen.lead is None or seen.lead.issue is not seen.case.issue


def _corrects(seen: Seen) -> bool:
    """Whether the buyer says that it is not what we took it for but something else."""
    if seen.case is None or seen.lead is None or not corrects(seen.burst.text):
        return False
    return seen.lead.issue is not seen.case.issue and seen.lead.confidence >= SURE


def _answers(seen: Seen) -> bool:
    """Whether the turn answers what we asked, and nothing else."""
    if not seen.shop.question and not (seen.case and seen.case.asked_for and seen.answered):
        return False
    if _raises_other(seen):
        return False
    sure = set(seen.answered) - FREE_WORDS
    if "invoice_title" in sure and not names_invoice_title(seen.burst.text):
        sure.remove("invoice_title")
    if sure or says("yes_no", seen.folded):
        return True
    if not is_short_reply(seen.folded) or presses(seen):
        return False
    return bool({"reason", "promised"} & set(seen.answered)) or not asks_something(seen.folded)


def _raises_other(seen: Seen) -> bool:
    lead = seen.lead
    if lead is None or (seen.case and lead.issue is seen.case.issue):
        return False
    if seen.case and seen.case.issue in _SHAPELESS and CATEGORY_OF[lead.issue] in _CONCRETE:
        # Whoever complained now says what is wrong.
        return lead.confidence >= SURE
    if seen.case and lead.issue in UNDER_WAY and CATEGORY_OF[seen.case.issue] is Category.AFTER_SALE:
        if says("asks_to_get", seen.folded):
            # "Can you only send a lid" asks for a remedy and after no parcel.
            return False
    if "reason" in seen.shop.asks and CATEGORY_OF[lead.issue] is _category(seen.case):
        return False
    if _wants_another(seen, lead):
        return True
    if says("yes_no", seen.folded) and not seen.folded.rstrip().endswith(("?", "吗")):
        return False
    if seen.case and says("shop_which", fold(seen.shop_text)) and not asks_something(seen.folded):
        # Who tells which one it is says why, and for how much, in the same breath.
        return False
    if says("has_tried", seen.folded) and not asks_something(seen.folded):
        # "Changed it, cleaned it, no use" is no wish to exchange anything.
        return False
    bar = SURE if asks_something(seen.folded) else CERTAIN
    return lead.confidence >= bar


def _wants_another(seen: Seen, lead: IssueReading) -> bool:
    """Whether a remedy is asked for that is none of those on offer: "no thanks, i'd rather return them"."""
    if lead.issue not in (Issue.RETURN_EXCHANGE, Issue.REFUND_REQUEST) or lead.confidence < SURE:
        return False
    named, offered = remedies_in(seen.burst.text), seen.shop.offered
    return bool(named and offered) and not any(fit(option, named) for option in offered)


def _category(case: Case | None) -> object:
    return CATEGORY_OF[case.issue] if case else None


def _without_issue(seen: Seen) -> Turn:
    manner = seen.reading.manner
    if seen.case is None and manner == Issue.GREETING.value and seen.reading.confidence >= SURE:
        # "Are you there?" presses only where something is open.
        return Turn.SMALL_TALK
    if manner == "_chase" or _urges(seen):
        return Turn.CHASE
    if manner in ("thanks", "_closing"):
        return Turn.THANKS if manner == "thanks" else Turn.CLOSING
    if seen.case is not None and seen.shop.question and asks_something(seen.folded):
        # "Sure, what colors?" goes on where the colleague asked.
        return Turn.ANSWER
    if manner in ("greeting", "_small_talk"):
        return Turn.SMALL_TALK
    if seen.case is None and manner != "_answer":
        return Turn.NEW_ISSUE
    if holds_particulars(seen.folded) or seen.burst.photos or manner == "_answer" or asks_something(seen.folded):
        return Turn.ANSWER
    # What nothing here understands is no chat: a person reads it.
    return Turn.ANSWER


def _urges(seen: Seen) -> bool:
    """Whether words alone make the turn a chase."""
    if says("chase", seen.folded):
        return True
    return seen.case is not None and (presses(seen) or says("plea", seen.folded))


def _with_issue(seen: Seen, lead: IssueReading) -> Turn:
    case = seen.case
    if case is None:
        return Turn.NEW_ISSUE
    others = [one for one in seen.reading.issues if one.issue is not case.issue and one.issue not in PRESSURE]
    if case.issue is Issue.SIZE_MISMATCH and seen.shop.question and {one.issue for one in others} <= _ANOTHER_SIZE:
        # Which size instead is what a size that does not fit is about.
        return Turn.ANSWER
    if not others and CATEGORY_OF[case.issue] is Category.PRE_SALE and not presses(seen):
        # Before a purchase a further question about the goods presses for nothing.
        return Turn.ANSWER
    if not others:
        asks = asks_something(seen.folded) or (case.issue in GOES_BACK and says("way_back_asked", seen.folded))
        return Turn.CHASE if presses(seen) or asks or lead.issue in PRESSURE else Turn.ANSWER
    if asks_for_owed(seen, lead):
        return Turn.CHASE
    same = CATEGORY_OF[lead.issue] is CATEGORY_OF[case.issue]
    if same and says("chase", seen.folded) and lead.confidence < CERTAIN:
        return Turn.CHASE
    # Whom we keep waiting presses in a few words that fit the matter; it is not a new one for that. Whether it is still
    # under warranty presses for nothing.
    if (
        same
        and lead.issue is not Issue.WARRANTY
        and case.holds > 0
        and case.state is CaseState.WAITING_US
        and is_short_reply(seen.folded)
    ):
        return Turn.CHASE
    if lead.confidence < SURE and len(others) == 1:
        return Turn.CHASE if presses(seen) else Turn.ANSWER
    return Turn.NEW_ISSUE
