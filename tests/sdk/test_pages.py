"""Links into a back office: templates that could lead elsewhere are refused, ids cannot change where they lead."""

import pytest
from pydantic import BaseModel, ValidationError

from copilot.sdk import AfterSalePage, ConversationPage, OrderPage, TemplatePages


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
