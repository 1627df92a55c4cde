"""What several of the goods cost, from the buyer's count and the shop's own price."""

import pytest

from copilot.domain.order import Product
from copilot.playbook.quantities import several_of


def product(name: str, price: str, promotion: str | None = None) -> Product:
    attributes = {} if promotion is None else {"promotion": promotion}
    currency = "USD" if name.isascii() else "CNY"
    data = {"id": "p", "name": name, "status": "live", "attributes": attributes}
    return Product.model_validate(data | {"price": {"amount": price, "currency": currency}})


@pytest.mark.parametrize(
    ("text", "name", "promotion", "total", "reduced"),
    [
        ("我要买3箱能便宜点不", "每日坚果礼盒 750g", "满2件9折", "264.00", "237.60"),
        ("3箱多少钱", "每日坚果礼盒", None, "264.00", None),
        ("拿两件有优惠吗", "纯棉T恤", "满3件8折", "176.00", None),
        ("5件多少钱", "纯棉T恤", "2件9折,4件8折", "440.00", "352.00"),
        ("买2件怎么算", "纯棉T恤", "第二件半价", "176.00", "132.00"),
        ("要10个给单位发", "保温杯", "满100减10", "880.00", None),
        ("how much if i get 2?", "Throw Blanket", "10% off 2 or more", "176.00", "158.40"),
        ("if I order three, any discount", "Candle", "Buy 3, get 15% off", "264.00", "224.40"),
        ("price for 4 please", "Candle", None, "352.00", None),
        ("Would you do a deal if I bought 2 of the throws? One for mum", "Throw Blanket", None, "176.00", None),
        ("what do 3 of them come to", "Candle", None, "264.00", None),
        ("any discount on two? one for my sister", "Candle", None, "176.00", None),
        ("if i took 4 what would that be", "Mug", None, "352.00", None),
        ("could you do a better price for a pair", "Mug", None, "176.00", None),
        ("thinking of 2, do you do bundles", "Mug", None, "176.00", None),
        ("want to buy 6 for my team", "Mug", "5+ items 20% off", "528.00", "422.40"),
    ],
)
def test_so_many_have_a_price(text: str, name: str, promotion: str | None, total: str, reduced: str | None) -> None:
    several = several_of(text, product(name, "88.00", promotion), "en" if name.isascii() else "zh")
    assert several is not None
    assert (several.total.amount, several.reduced.amount if several.reduced else None) == (total, reduced)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("满2件9折吗", "纯棉T恤"),
        ("3盒多少钱", "纯牛奶 250ml*16盒"),
        ("2瓶多少钱", "矿泉水 24瓶装"),
        ("2件还是3件便宜", "纯棉T恤"),
        ("等了3个月了", "保温杯"),
        ("能便宜点吗", "保温杯"),
        ("买1件", "保温杯"),
        ("can i get 20% off", "Mug"),
        ("need it for 2 weeks", "Mug"),
        ("i want 5 dollars off", "Mug"),
        ("is it good for 3 people", "Mug"),
    ],
)
def test_a_count_that_is_none_of_the_goods_is_not_reckoned_with(text: str, name: str) -> None:
    assert several_of(text, product(name, "88.00"), "en" if name.isascii() else "zh") is None
