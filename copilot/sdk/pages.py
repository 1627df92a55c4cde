"""Addresses of a platform's back office, made of ids alone: templates that a shop's settings hold, and their filling.

Owns what makes such an address safe to show as a link: https, a host without placeholders, ids escaped. It asks
nobody whether the page exists.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from string import Formatter
from typing import Annotated, Final
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator

from copilot.sdk.capabilities import Pages
from copilot.sdk.errors import Unsupported

_BLANKS: Final = re.compile(r"[\s\\\x00-\x1f\x7f]")
_STEPS: Final = frozenset({".", ".."})
"""Ids that would walk through the path instead of naming something in it."""


def page(*placeholders: str) -> Callable[[str], str]:
    """The check of a template that may name ``placeholders``; made for ``AfterValidator``."""
    known = ", ".join(f"{{{name}}}" for name in placeholders)

    def checked(value: str) -> str:
        if _BLANKS.search(value):
            raise ValueError("must not hold blanks or backslashes")
        parts = urlsplit(value)
        if parts.scheme != "https" or not parts.hostname or parts.username is not None:
            raise ValueError("must be an address such as https://host/path")
        if {"{", "}"} & set(parts.netloc):
            raise ValueError("the host must not hold a placeholder")
        try:
            fields = [field for _, *field in Formatter().parse(value) if field[0] is not None]
        except ValueError:
            raise ValueError(f"a brace stands alone; placeholders are {known}") from None
        if any(name not in placeholders or form or conversion for name, form, conversion in fields):
            raise ValueError(f"has a placeholder that is not known; there are {known}")
        return value

    return checked


ConversationPage = Annotated[str, AfterValidator(page("conversation"))]
"""An address with ``{conversation}``, the platform's id of it."""
OrderPage = Annotated[str, AfterValidator(page("order"))]
"""An address with ``{order}``."""
AfterSalePage = Annotated[str, AfterValidator(page("order", "after_sale"))]
"""An address with ``{order}``, ``{after_sale}`` or both."""
ProductPage = Annotated[str, AfterValidator(page("product"))]
"""An address with ``{product}``."""


def link(template: str | None, **ids: str | None) -> str | None:
    """``template`` with the ``ids`` it names, escaped; None without a template, or when an id it names is missing."""
    if template is None:
        return None
    named = {name for _, name, _, _ in Formatter().parse(template) if name}
    given: dict[str, str] = {}
    for name in named:
        value = ids.get(name)
        if not value or value in _STEPS:
            return None
        given[name] = quote(value, safe="")
    return template.format(**given)


class PageKind(StrEnum):
    """What every platform has pages of."""

    CONVERSATION = "conversation"
    ORDER = "order"
    PRODUCT = "product"


def deep_link(pages: Pages, kind: str, id: str) -> str | None:
    """The page of the ``kind`` with the platform's ``id``; None where the adapter or the shop's settings know none.

    Raises:
        Unsupported: ``kind`` is none of ``PageKind``.
    """
    match kind:
        case PageKind.CONVERSATION:
            return pages.conversation(id)
        case PageKind.ORDER:
            return pages.order(id)
        case PageKind.PRODUCT:
            return pages.product(id)
        case _:
            raise Unsupported(f"no platform has pages of this kind: {', '.join(PageKind)} are known")


class TemplatePages:
    """The pages of a shop whose settings hold a template for each; one without a template has no link."""

    def __init__(
        self,
        *,
        conversation: str | None = None,
        order: str | None = None,
        after_sale: str | None = None,
        product: str | None = None,
    ) -> None:
        """Each is a template that was checked by its type above."""
        self._conversation, self._order, self._after_sale, self._product = conversation, order, after_sale, product

    def conversation(self, conversation: str) -> str | None:
        """Where the chat is read and answered."""
        return link(self._conversation, conversation=conversation)

    def order(self, order: str) -> str | None:
        """The order's page."""
        return link(self._order, order=order)

    def after_sale(self, order: str, after_sale: str | None) -> str | None:
        """The page of a request; of all requests of the order where the template names only the order."""
        return link(self._after_sale, order=order, after_sale=after_sale)

    def product(self, product: str) -> str | None:
        """The product's page."""
        return link(self._product, product=product)
