"""Personal data goes, order data stays, and what went comes back."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.policy.privacy import engine, mask

PERSONAL = [
    ("我的电话是13912345670", "cn", ["phone"]),
    ("1 3 9 1 2 3 4 5 6 7 0 随时打", "cn", ["phone"]),
    ("座机 021-62345678 转2", "cn", ["landline"]),
    ("护照号码E21034567", "cn", ["passport"]),
    ("身份证号110101199003077599", "cn", ["id_card"]),
    ("身份证11010519491231002X麻烦了", "cn", ["id_card"]),
    ("银行卡6222021234567890123", "cn", ["bank_card"]),
    ("微信abc_8831 加我", "cn", ["wechat"]),
    ("我QQ 88237711", "cn", ["qq"]),
    ("收货人李雷,上海市徐汇区漕溪北路18号3号楼502室", "cn", ["name", "address"]),
    ("我叫张小雨", "cn", ["name"]),
    ("寄到碧水花园12栋3单元801", "cn", ["address"]),
    ("发到 li.lei@example.com", "cn", ["email"]),
    ("my name is John Carter, 415-555-2671", "us", ["name", "phone"]),
    ("call me on +1 415 555 2671", "us", ["phone"]),
    ("I live at 42 Maple Street, apt 5", "us", ["address"]),
    ("card 4111 1111 1111 1111", "us", ["bank_card"]),
    ("reach me: jane_doe@gmail.com", "us", ["email"]),
    ("my number is 07700 900123", "uk", ["phone"]),
    ("hubungi 0812-3456-7890", "sea", ["phone"]),
]
ORDINARY = [
    ("运单号 SF1391234567012 已揽收", "cn"),
    ("订单号 139123456701234567", "cn"),
    ("订单4839201748392017483什么时候发", "cn"),
    ("尾号5670的手机能收到吗", "cn"),
    ("货号6222021有现货吗", "cn"),
    ("生产日期20250307,保质期18个月", "cn"),
    ("2026-11-22 18:44买的,花了129.00元", "cn"),
    ("我叫什么都行", "cn"),
    ("收货人写错了", "cn"),
    ("在路上了吗,5号能到吗", "cn"),
    ("微信支付失败了", "cn"),
    ("客服热线400-123-4567", "cn"),
    ("order 3348917502 please", "us"),
    ("3348917502", "us"),
    ("tracking 9400111899223397812345", "us"),
    ("It is 2 days on the way", "us"),
    ("size 38 in, 12.5 x 20 cm", "us"),
]


@pytest.mark.parametrize(("text", "market", "types"), PERSONAL)
def test_personal_data_is_masked_and_comes_back(text: str, market: str, types: list[str]) -> None:
    masked = mask(text, market=market)
    assert [entity.type for entity in masked.entities] == types
    assert masked.restore(masked.text) == text
    for entity in masked.entities:
        assert text[entity.start : entity.end] not in masked.text


@pytest.mark.parametrize(("text", "market"), ORDINARY)
def test_orders_and_goods_stay(text: str, market: str) -> None:
    assert mask(text, market=market).text == text


@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from([text for text, _, _ in PERSONAL])), max_size=4))
def test_any_text_survives_the_round_trip(parts: list[str]) -> None:
    text = "".join(parts)
    masked = mask(text)
    assert masked.restore(masked.text) == text
    ends = 0
    for entity in masked.entities:
        assert ends <= entity.start < entity.end <= len(text)
        ends = entity.end


def test_a_text_that_holds_a_placeholder_is_not_confused() -> None:
    text = "⟨phone_1⟩ 13912345670"
    masked = mask(text)
    assert masked.text == "⟨phone_1⟩ ⟨phone_2⟩"
    assert masked.restore(masked.text) == text


def test_the_same_number_gets_the_same_placeholder() -> None:
    assert mask("13912345670,对,13912345670,不是13812345678").text == "⟨phone_1⟩,对,⟨phone_1⟩,不是⟨phone_2⟩"


def test_what_is_known_to_be_an_order_is_kept() -> None:
    assert mask("13912345670", keep={"13912345670"}).entities == ()


def test_an_address_begins_where_it_is_introduced() -> None:
    text = "麻烦改地址:广东省深圳市南山区科技园南路88号A座1203,谢谢"
    assert mask(text, market="cn").text == "麻烦改地址:⟨address_1⟩,谢谢"


def test_the_originals_do_not_show_in_a_repr() -> None:
    assert "13912345670" not in repr(mask("打13912345670"))


@pytest.mark.parametrize("hidden", ["139\u200b1234\u200b5670", "１３９１２３４５６７０", "①③⑨①②③④⑤⑥⑦⓪", "1️⃣3️⃣9️⃣12345670"])
def test_a_disguised_phone_is_masked(hidden: str) -> None:
    assert mask(f"打{hidden}").text == "打⟨phone_1⟩"


def test_presidio_is_not_imported_without_need() -> None:
    code = (
        "import sys; from copilot.policy.privacy import mask; "
        "mask('在的,13912345670,订单3348917502'); sys.exit('presidio_analyzer' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


_NUMBERS = (
    "1426359763",
    "12345678",
    "50148",
    "02079460123",
    "+8613912345670",
    "8005550199",
    "0812345678901",
    "81234567",
)


def test_phones_are_what_presidio_would_find() -> None:
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer

    everywhere = engine.regions(None)
    for where in (everywhere, ("CN",), ("GB", "CN"), engine.regions("sea")):
        recogniser = PhoneRecognizer(supported_regions=where, leniency=1)
        for text in (*_NUMBERS, " / ".join(_NUMBERS), "from 0812345678901 to 12345678 or 02079460123"):
            found = {(hit.start, hit.end) for hit in recogniser.analyze(text, ["PHONE_NUMBER"], None)}
            assert engine.phones(text, where) == sorted(found), (text, where)
    assert engine.phones(_NUMBERS[3], everywhere)
    assert not engine.phones(_NUMBERS[1], everywhere)
