"""Asks for what the shop knows beside its orders: goods, notices and answers, each within a time of its own.

What cannot be had is named and never guessed. Answers that speak to machines are left out: they are data that somebody
wrote into the shop's own knowledge.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from typing import Final, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from copilot.domain.conversation import Conversation
from copilot.domain.errors import CopilotError
from copilot.domain.issue import CATEGORY_OF, Issue, Understanding
from copilot.domain.knowledge import FITS, Suggested
from copilot.domain.message import Kind
from copilot.domain.order import Product
from copilot.flow.deps import AtOnce, Deps, Knowledge, NothingKnown
from copilot.flow.questions import MOST, questions_of
from copilot.flow.shapes import Gathered, Intake
from copilot.flow.suggesting import is_suspect
from copilot.flow.understand import derive_cases
from copilot.playbook.answers import is_question, wants_answers
from copilot.playbook.bodies import by_name
from copilot.playbook.situation import on_sale
from copilot.store.tables import ShopRow

_T = TypeVar("_T")
_PATIENCE: Final = 0.5
"""Seconds for one look-up: many times what it takes, and little of what a buyer notices."""
_SHARE: Final = 4
"""With a deadline near, a look-up takes at most this part of what is left."""
_KEPT: Final = 2
"""So many answers to each question travel on: the best one, and the next where that one does not apply."""
NOTICES: Final = "notices"
KnowledgeOf = Callable[[ShopRow], Knowledge]
"""Gives the knowledge of a shop."""


def nothing_known(shop: ShopRow) -> Knowledge:
    """The knowledge of shops where none is kept."""
    return NothingKnown()


_MISSING: Final = (SQLAlchemyError, CopilotError, OSError, TimeoutError)


async def known(
    found: Conversation, read: Intake, understanding: Understanding, so_far: Gathered, deps: Deps
) -> Gathered:
    """``so_far`` with the goods, notices and answers of this turn."""
    together = deps.knowledge.at_once() if isinstance(deps.knowledge, AtOnce) else nullcontext()
    async with together:
        return await _known(found, read, understanding, so_far, deps)


async def _known(
    found: Conversation, read: Intake, understanding: Understanding, so_far: Gathered, deps: Deps
) -> Gathered:
    about = _about(found, read, so_far)
    goods, notices = await asyncio.gather(
        _in_time(deps.knowledge.goods(about), deps), _in_time(deps.knowledge.notices(), deps)
    )
    merged = merge(found.products, _with_names(goods or (), found))
    products = _answerable(about, so_far, found, read, merged)
    answers, flagged = await _answers(read, understanding, products, deps)
    missing = {"products": goods is None, NOTICES: notices is None, "faq": answers is None}
    return so_far.model_copy(
        update={
            "goods": merged,
            "notices": notices or (),
            "suggested": answers or (),
            "matters": await _on_matters(found, read, understanding, products, deps),
            "unavailable": (*so_far.unavailable, *(name for name, gone in missing.items() if gone)),
            "flags": ("faq_injection",) if flagged else (),
        }
    )


async def _in_time(asked: Awaitable[_T], deps: Deps) -> _T | None:
    """What ``asked`` gives within its time; None when it gives nothing."""
    left = deps.seconds_left()
    seconds = _PATIENCE if left is None else max(0.0, min(_PATIENCE, left / _SHARE))
    try:
        async with asyncio.timeout(seconds):
            return await asked
    except _MISSING:
        return None


def _about(found: Conversation, read: Intake, so_far: Gathered) -> tuple[str, ...]:
    """The ids of the goods that the talk has named, the most particular first."""
    chosen = {so_far.order.id} if so_far.order is not None else set[str]()
    orders = sorted(found.orders or (), key=lambda order: order.id not in chosen)
    bought = (item.product_id for order in orders for item in order.items if item.product_id)
    return tuple(dict.fromkeys((*read.product_cards, *bought, *(product.id for product in found.products or ()))))


def _answerable(
    about: tuple[str, ...], so_far: Gathered, found: Conversation, read: Intake, goods: tuple[Product, ...] | None
) -> tuple[str, ...]:
    """The goods whose own answers may be used: those of the turn, and tonight's."""
    if read.product_cards:
        return read.product_cards
    chosen = {so_far.order.id} if so_far.order is not None else set[str]()
    bought = tuple(
        item.product_id for order in found.orders or () if order.id in chosen for item in order.items if item.product_id
    )
    tonight = tuple(product.id for product in goods or () if product.live_pinned)
    return tuple(dict.fromkeys((*bought, *tonight, *about)))


async def _answers(
    read: Intake, understanding: Understanding, products: tuple[str, ...], deps: Deps
) -> tuple[tuple[Suggested, ...] | None, bool]:
    """The shop's answers to each question of the turn, and whether one was left out for speaking to machines."""
    if not wants_answers(understanding):
        return (), False
    parts = _parts(read, understanding)
    sized = any(one.issue is Issue.SIZE_FIT for one in understanding.issues)
    category = CATEGORY_OF[understanding.issues[0].issue] if len(understanding.issues) == 1 else None
    found = await asyncio.gather(
        *(
            _in_time(
                deps.knowledge.answers(
                    # Entries speak of height and weight, buyers give the numbers.
                    by_name(part, read.language) if sized else part,
                    language=read.language,
                    category=category,
                    products=products,
                ),
                deps,
            )
            for part in parts
        )
    )
    if any(one is None for one in found):
        return None, False
    matches = [(part, match) for part, of in zip(parts, found, strict=True) for match in (of or ())[:_KEPT]]
    clean = [Suggested(part=part, match=match) for part, match in matches if not is_suspect(match.entry)]
    return tuple(clean), len(clean) < len(matches)


async def _on_matters(
    found: Conversation, read: Intake, understanding: Understanding, products: tuple[str, ...], deps: Deps
) -> tuple[Suggested, ...]:
    """What the shop decided in its answers on the matters of the turn, and of the case that it goes on with."""
    issues = [one.issue for one in understanding.issues] or [one.issue for one in derive_cases(found)[-1:]]
    by_issue, zh = deps.rules.playbooks.matters, read.language.startswith("zh")
    lists = [by_issue[one].zh if zh else by_issue[one].en for one in issues if one in by_issue]
    questions = tuple(dict.fromkeys(question for asked in lists for question in asked))
    results = await asyncio.gather(
        *(
            _in_time(deps.knowledge.answers(question, language=read.language, category=None, products=products), deps)
            for question in questions
        )
    )
    best: dict[str, Suggested] = {}
    for question, matches in zip(questions, results, strict=True):
        for match in matches or ():
            # What is said of one thing is no term of the shop's.
            if match.score >= FITS and not match.entry.products and not is_suspect(match.entry):
                best.setdefault(match.entry.id, Suggested(part=question, match=match))
    return tuple(best.values())


def _parts(read: Intake, understanding: Understanding) -> tuple[str, ...]:
    """The questions of the turn; where it raises several matters, those asked beside another one by their own words."""
    parts = questions_of(read.text, read.language)
    if len(understanding.issues) < 2:
        # "Dropped them off on Saturday. How long til I get my money": only the last of it asks.
        of_money = (one.evidence for one in understanding.issues if one.issue is Issue.REFUND_STATUS)
        return tuple(one.text.strip() for one in of_money if one is not None and one.text.strip()) or parts
    asked = (one.evidence.text.strip() for one in understanding.issues if is_question(one.issue) and one.evidence)
    return tuple(dict.fromkeys((*(one for one in asked if one), *parts)))[: max(MOST, len(parts))]


def _with_names(goods: tuple[Product, ...], found: Conversation) -> tuple[Product, ...]:
    """``goods`` that have a name: their own, or the one that an order or a product's card gives them."""
    bought = {item.product_id: item.name for order in found.orders or () for item in order.items}
    sent = {
        message.product_id: message.text.strip()
        for message in found.messages
        if message.kind is Kind.PRODUCT_CARD and message.product_id and message.text.strip()
    }
    told = {product.id: product.name for product in found.products or ()}
    named = (one if one.name else one.model_copy(update={"name": _name(one.id, told, bought, sent)}) for one in goods)
    return tuple(one for one in named if one.name)


def _name(id: str, *names: Mapping[str, str]) -> str:
    return next((known[id] for known in names if known.get(id)), "")


def merge(told: tuple[Product, ...] | None, known: tuple[Product, ...]) -> tuple[Product, ...] | None:
    """The products of the talk and those of the shop's knowledge, in the order of the knowledge, each once.

    What the shop states goes before what the platform tells; a product that either calls ended is ended.
    """
    if not known:
        return told
    of_platform = {product.id: product for product in told or ()}
    both = [_both(of_platform.pop(one.id, None), one) for one in known]
    return (*both, *of_platform.values())


def _both(told: Product | None, known: Product) -> Product:
    if told is None:
        return known
    return told.model_copy(
        update={
            "attributes": {**told.attributes, **known.attributes},
            "price": told.price or known.price,
            "stock": known.stock if told.stock is None else told.stock,
            "status": told.status if on_sale(known) else known.status,
            "live_pinned": known.live_pinned,
        }
    )
