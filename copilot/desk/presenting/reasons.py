"""Reads why somebody rejects, as people write it beside a note, into the closed list of reasons."""

from copilot.desk.presenting.words import REASONS
from copilot.desk.words import Language
from copilot.domain.draft import Rejection, RejectReason
from copilot.domain.issue_names import ISSUES

_MOST = 300
_BETWEEN = " :：,，;；.。!！-—"


def rejection_of(words: str) -> Rejection:
    """The rejection: a reason that begins the words, the right order or issue behind it, else a note in their words."""
    given = words.strip()
    reason, rest = _reason(given)
    if reason is RejectReason.WRONG_ORDER and rest:
        return Rejection(reason=reason, order=rest[:_MOST])
    if reason is RejectReason.WRONG_ISSUE and (issue := _issue(rest)) is not None:
        return Rejection(reason=reason, issue=issue)
    return Rejection(reason=reason, note=rest[:_MOST] or None)


def listed(language: Language) -> str:
    """The reasons as people read them."""
    names = [zh[0] if language == "zh" else en[0] for zh, en in REASONS.values()]
    return ("、" if language == "zh" else ", ").join(names)


def _reason(given: str) -> tuple[RejectReason, str]:
    folded = given.casefold().replace("_", " ")
    for reason in RejectReason:
        if reason is RejectReason.OPTIONS:
            # It needs to be said which, and that is done by their letters.
            continue
        zh, en = REASONS.get(reason.value, ((), ()))
        # The longest first: 语气不对 is not 语气 and something more.
        for name in sorted((*zh, *en, reason.value.replace("_", " ")), key=len, reverse=True):
            if folded.startswith(name):
                return reason, given[len(name) :].strip(_BETWEEN)
    return RejectReason.OTHER, given


def _issue(words: str) -> str | None:
    """The issue that goes by that name, in any of our languages."""
    folded = words.casefold()
    for issue, names in ISSUES.items():
        if folded in (issue, issue.replace("_", " "), *(name.casefold() for name in names)):
            return issue
    return None
