"""Links into a back office: templates that could lead elsewhere are refused, ids cannot change where they lead."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from copilot.channel.registry import installed
from copilot.cli.adapters_proofs import proof_of
from copilot.domain.clock import FrozenClock
from copilot.sdk import (
    Account,
    AfterSalePage,
    ConversationPage,
    Links,
    OrderPage,
    PageKind,
    TemplatePages,
    Unsupported,
    deep_link,
)


class Settings(BaseModel):
    conversation: ConversationPage | None = None
    order: OrderPage | None = None
    after_sale: AfterSalePage | None = None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://back.example/{order}", "https"),
        ("javascript:alert(1)//{order}", "https"),
        ("//back.example/{order}", "https"),
        ("https://{order}.example/", "host"),
        ("https://back.example:{order}/", "host"),
        ("https://agent:word@back.example/{order}", "https"),
        ("https:///{order}", "https"),
        ("https://back.example/{oder}", "not known"),
        ("https://back.example/{order!r}", "not known"),
        ("https://back.example/{order:>9}", "not known"),
        ("https://back.example/{order.__class__}", "not known"),
        ("https://back.example/{order[0]}", "not known"),
        ("https://back.example/{}", "not known"),
        ("https://back.example/{order", "brace"),
        ("https://back.example/a b/{order}", "blanks"),
        ("https://back.example\\@evil.example/{order}", "blanks"),
    ],
)
def test_a_template_that_could_lead_elsewhere_is_refused(address: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Settings(order=address)


def test_a_template_needs_no_placeholder_and_keeps_doubled_braces() -> None:
    assert Settings(conversation="https://im.example/workspace").conversation == "https://im.example/workspace"
    page = TemplatePages(order=Settings(order="https://back.example/{{x}}?o={order}").order)
    assert page.order("7") == "https://back.example/{x}?o=7"


@pytest.mark.parametrize(
    ("order", "address"),
    [
        ("42", "https://back.example/o/42#pay"),
        ("a/b?c#d&e", "https://back.example/o/a%2Fb%3Fc%23d%26e#pay"),
        ("订单", "https://back.example/o/%E8%AE%A2%E5%8D%95#pay"),
        ("{order}", "https://back.example/o/%7Border%7D#pay"),
        ("..", None),
        (".", None),
        ("", None),
    ],
)
def test_an_id_is_escaped_and_never_changes_the_path(order: str, address: str | None) -> None:
    template = Settings(order="https://back.example/o/{order}#pay").order
    assert TemplatePages(order=template).order(order) == address


def test_a_page_of_requests_may_do_with_the_order_alone() -> None:
    one = TemplatePages(after_sale=Settings(after_sale="https://b.example/{order}/{after_sale}").after_sale)
    assert (one.after_sale("1", "R2"), one.after_sale("1", None)) == ("https://b.example/1/R2", None)
    all_of = TemplatePages(after_sale=Settings(after_sale="https://b.example/{order}").after_sale)
    assert all_of.after_sale("1", None) == "https://b.example/1"
    assert (one.conversation("c"), one.order("1"), one.product("p")) == (None, None, None)


@pytest.mark.feature("F014")
def test_a_page_is_asked_for_by_its_kind_and_an_unknown_kind_is_an_error() -> None:
    known = {kind: f"https://back.example/{kind}/{{{kind}}}" for kind in ("conversation", "order", "product")}
    pages = TemplatePages(**known)
    for kind in PageKind:
        assert deep_link(pages, kind, "7/1") == f"https://back.example/{kind}/7%2F1"
        assert deep_link(pages, str(kind), "7") == f"https://back.example/{kind}/7"
        assert deep_link(TemplatePages(), kind, "7") is None
    for kind in ("buyer", "", "ORDER", "after_sale", "__init__"):
        with pytest.raises(Unsupported) as raised:
            deep_link(pages, kind, "7")
        assert raised.value.code == "unsupported"
        assert "conversation, order, product" in str(raised.value)


@pytest.mark.feature("F014")
@pytest.mark.parametrize("name", sorted(installed().names()))
def test_every_shipped_adapter_that_declares_links_offers_them(name: str) -> None:
    proof = proof_of(name)
    adapter: Any = proof.adapter()
    assert isinstance(adapter, Links)
    account = Account(proof.shop, adapter.settings.model_validate(dict(proof.settings())), None, FrozenClock(proof.now))  # type: ignore[arg-type]
    pages = adapter.pages(account)
    found = [deep_link(pages, kind, "7") for kind in PageKind]
    assert all(one is None or one.startswith("https://") for one in found)
    with pytest.raises(Unsupported):
        deep_link(pages, "warehouse", "7")
