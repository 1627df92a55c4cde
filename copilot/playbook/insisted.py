"""A wish that was said before and is said again after we asked back: it is a choice now, and is not offered once more.

"Do you want to cancel it or wait?" — "just cancel, how long till the money's back?" Owns when an offer becomes its
confirmation; only what is due anyway does, and only where the buyer decides it in so many words.
"""

import re
from typing import Final

from copilot.domain.case import Case, CaseState
from copilot.domain.issue import Inquiry, Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.choices import confirm_due
from copilot.playbook.inquiries import beside_choice
from copilot.playbook.scenes import Scope
from copilot.playbook.words import Words

_UNDOES: Final = frozenset({Issue.CANCEL_ORDER, Issue.REFUND_REQUEST, Issue.RETURN_EXCHANGE})
_ACTIONS: Final = frozenset({"cancel_refund"})
"""What needs nothing more from the buyer once it is decided."""
# The bare word for it as a clause of its own: "cancel. when do I get it back", "嗯取消 钱几天到".
_BARE: Final = re.compile(
    r"(?:^|[\s,，。.!！])(?:嗯+|对|是的?|好的?|那|就|还是)*(?:取消|退款|退钱|退了?)(?:吧|了|掉|哈|啊|呗)?(?=[\s,，。.!！]|$)"
    r"|(?:^|[,.!\n])\s*(?:(?:ok|okay|yes|yep|yeah|no|then|just|please|pls)\W+)*(?:cancel|refund)(?:l?ed)?"
    r"(?: (?:it|this|that|me|pls|plz|please|then|thanks))*(?=\s*(?:[,.!\n]|$))",
    re.IGNORECASE,
)
_NOT: Final = re.compile(
    r"(?:别|不要|不用|先不|不想)(?:再|给我|帮我)?(?:取消|退)"
    r"|\b(?:don'?t|do not|not|never)\b[^,.!?\n]{0,8}\b(?:cancel|refund)",
    re.IGNORECASE,
)
_DECIDES, _ASKS_WHEN = "wants_it_undone", "money_when"
_WHEN: Final = Inquiry(topics=("when",))


def with_insisted(plan: Plan | NoPlan, scope: Scope, words: Words) -> Plan | NoPlan:
    """``plan``, or the confirmation of the one thing that it offers, where the buyer has decided on it already."""
    situation = scope.situation
    if isinstance(plan, NoPlan) or plan.act is not Act.OFFER or len(plan.options) != 1:
        return plan
    case, option = _asked_back(scope), plan.options[0]
    if case is None or option.action not in _ACTIONS or not _decides(situation.text, words):
        return plan
    confirmed = confirm_due(scope, option)
    if confirmed is None:
        return plan
    asks = words.says(_ASKS_WHEN, situation.text)
    return beside_choice(confirmed, scope, case, _WHEN) if asks else confirmed


def _decides(text: str, words: Words) -> bool:
    """Whether ``text`` says to do it, and not to leave it."""
    return _NOT.search(text) is None and (words.says(_DECIDES, text) or _BARE.search(text) is not None)


def _asked_back(scope: Scope) -> Case | None:
    """The open wish to undo this order to which the shop has put a question; None where there is none."""
    situation = scope.situation
    live = [one for one in (situation.case, *reversed(situation.cases)) if one is not None and one.issue in _UNDOES]
    about = situation.order.id if situation.order is not None else None
    return next(
        (
            one
            for one in live
            if one.state is CaseState.WAITING_BUYER
            and one.chosen is None
            and (one.order is None or about is None or one.order.id == about)
        ),
        None,
    )
