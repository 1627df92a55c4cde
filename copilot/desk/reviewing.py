"""Which part of an agent's work something belongs to: what is promised, what a draft gives, what a case is about.

Owns no permission: ``access.scopes`` says what there is, whoever carries something out asks whether its person has it.
"""

from typing import Any, Final

from copilot.access.scopes import Scope
from copilot.desk.todo import TODO, Page
from copilot.domain.draft import DraftView
from copilot.domain.issue import CATEGORY_OF, Category, Issue

_AGAIN: Final = frozenset({"reship", "send_missing", "resend_gift", "cancel_refund"})
"""Goods or money once more, though it is done on the order's page."""


def scope_of_promise(what: str) -> Scope | None:
    """What it takes to tick the promise off; None: answering buyers is enough."""
    key = what.removeprefix("option.")
    if key in _AGAIN:
        return Scope.AFTER_SALE_REVIEW
    page = TODO[key][0] if key in TODO else Page.ORDER
    return {Page.AFTER_SALE: Scope.AFTER_SALE_REVIEW, Page.ORDER: Scope.ORDER_HANDLING}.get(page)


def scope_of_draft(view: dict[str, Any] | DraftView | None) -> Scope:
    """What it takes to send the draft: more than answering, where it offers or owes what is reviewed."""
    if view is None:
        return Scope.MESSAGE_REPLY
    draft = view if isinstance(view, DraftView) else DraftView.model_validate(view)
    given = [*(one.what for one in draft.owes), *(one.key for one in draft.options)]
    reviewed = draft.grant is not None or any(scope_of_promise(what) is Scope.AFTER_SALE_REVIEW for what in given)
    return Scope.AFTER_SALE_REVIEW if reviewed else Scope.MESSAGE_REPLY


def scope_of_case(issue: str) -> Scope | None:
    """What it takes to end a case about ``issue``; None: answering buyers is enough."""
    return Scope.AFTER_SALE_REVIEW if CATEGORY_OF[Issue(issue)] is Category.AFTER_SALE else None
