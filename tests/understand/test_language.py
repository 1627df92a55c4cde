import pytest

from copilot.flow.understand.language import detect, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我的包裹到哪里了", "zh"),
        ("這個有現貨嗎", "zh"),
        ("B吧 快点", "zh"),
        ("my parcel never showed up", "en"),
        ("kakak, barang saya belum sampai", "id"),
        ("bila barang saya nak sampai", "ms"),
        ("bao giờ thì giao hàng vậy shop", "vi"),
        ("สินค้ายังไม่ถึงเลย", "th"),
        ("¿cuándo llega mi pedido?", "es"),
        ("荷物がまだ届きません", "ja"),
        ("주문한 물건이 안 왔어요", "ko"),
        ("где мой заказ", "ru"),
    ],
)
def test_tells_languages_apart(text: str, language: str):
    assert detect(text) == language


@pytest.mark.parametrize("text", ["ok", "👌", "3348917502", "B", "cminh730@email.com", "XL", "", "!!!"])
def test_words_of_every_language_flip_nothing(text: str):
    assert language_of(text, previous="zh") == "zh"
    assert language_of(text, previous="en") == "en"


def test_a_name_is_no_language():
    assert detect("Crystal Minh") is None
