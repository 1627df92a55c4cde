"""A translation states what its source states: anything dropped, added or changed is found."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.policy.pairing import COMPARABLE, Difference, differences, loosely_different

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 4, 10, 0, tzinfo=ZONE)
ZH = (
    "照片收到了,一套四只碎了两只,这事我们来处理。您看哪种方便:A 重新寄您一整套,明天18点前发出,坏的不用寄回;"
    "B 好的两只您留着用,退您29.95元。选A还是B?"
)
EN = (
    "We got the photo: two of the four are broken, and we'll sort it out. Which suits you: A) we send you a whole new "
    "set, shipped by 6 PM tomorrow, no need to send the broken ones back; B) you keep the two good ones and we refund "
    "you ¥29.95. A or B?"
)
OFFER = (
    "I can do either today: A) a free replacement, shipped by 6 PM tomorrow, or B) a $34.99 refund to your original "
    "payment method by Nov 9, 5 business days at most. Which works for you?"
)
FOREIGN = {
    "id": "Hari ini kami bisa melakukan salah satu: A) penggantian gratis, dikirim sebelum pukul 18:00 besok, atau B) "
    "pengembalian dana $34.99 ke metode pembayaran awal paling lambat 9 November, paling lama 5 hari kerja. Mana yang "
    "Kakak pilih?",
    "ms": "Hari ini kami boleh buat salah satu: A) penggantian percuma, dihantar sebelum pukul 18:00 esok, atau B) "
    "bayaran balik $34.99 ke kaedah pembayaran asal selewat-lewatnya 9 November, paling lama 5 hari bekerja. Yang mana "
    "anda pilih?",
    "vi": "Hôm nay bên mình có thể làm một trong các cách: A) gửi lại miễn phí, gửi trước 18:00 ngày mai, hoặc B) hoàn "
    "tiền $34.99 về phương thức thanh toán ban đầu trước ngày 9 tháng 11, tối đa 5 ngày làm việc. Bạn chọn cách nào?",
    "th": "วันนี้ทางร้านทำได้อย่างใดอย่างหนึ่งค่ะ: A) ส่งใหม่ฟรี จัดส่งก่อน 18:00 น. พรุ่งนี้ หรือ B) คืนเงิน $34.99 "
    "ไปยังช่องทางชำระเงินเดิม ภายใน 9 พฤศจิกายน ไม่เกิน 5 วันทำการ สะดวกแบบไหนคะ",
    "es": "Hoy podemos hacer una de estas cosas: A) un reemplazo gratis, enviado antes de las 18:00 de mañana, o B) un "
    "reembolso de $34.99 a su método de pago original a más tardar el 9 de noviembre, 5 días hábiles como máximo. "
    "¿Cuál prefiere?",
}


def found(source: str, translation: str, source_language: str, language: str) -> tuple[Difference, ...]:
    return differences(
        source, translation, source_language=source_language, language=language, now=NOW, zone=ZONE, currency="USD"
    )


def kinds(source: str, translation: str, source_language: str, language: str) -> set[str]:
    return {one.kind for one in found(source, translation, source_language, language)}


@pytest.mark.feature("F065")
def test_a_faithful_translation_passes_in_both_directions() -> None:
    assert found(ZH, EN, "zh", "en") == ()
    assert found(EN, ZH, "en", "zh") == ()


@pytest.mark.parametrize("language", sorted(FOREIGN))
def test_a_faithful_translation_passes_in_every_language(language: str) -> None:
    assert found(OFFER, FOREIGN[language], "en", language) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "kind"),
    [
        ("¥29.95", "¥39.95", "amount"),
        ("¥29.95", "$29.95", "amount"),
        (" and we refund you ¥29.95", "", "amount"),
        ("6 PM tomorrow", "6 AM tomorrow", "time"),
        ("6 PM tomorrow", "6 PM on Nov 6", "date"),
        ("by 6 PM tomorrow", "soon", "date"),
        ("A or B", "A, B or C", "option"),
        ("we refund you ¥29.95", "we refund you ¥29.95 within 3 days", "duration"),
        ("we refund you ¥29.95", "we refund you ¥29.95 and give you 10% off", "percent"),
        ("we refund you ¥29.95", "we refund you ¥29.95 and a voucher", "offer"),
        ("we refund you ¥29.95", "we refund you ¥29.95 today", "today"),
        ("two of the four", "three of the four", "figure"),
        ("A or B?", "A or B? See www.example.com", "address"),
        ("We got the photo", "We got the photo for order 576461234567890123", "number"),
        ("Which suits you", "⟨name_1⟩, which suits you", "placeholder"),
    ],
)
def test_what_was_changed_is_named(right: str, wrong: str, kind: str) -> None:
    assert right in EN
    assert kind in kinds(ZH, EN.replace(right, wrong), "zh", "en")


def test_a_refusal_does_not_become_a_promise() -> None:
    assert "negation" in kinds("退款申请已过期,这单不能退款。", "You can have a refund for this order.", "zh", "en")
    assert kinds("这单不能退款。", "This order cannot be refunded.", "zh", "en") == set()


@pytest.mark.parametrize("language", sorted(FOREIGN))
@pytest.mark.parametrize(
    ("right", "wrong", "kind"),
    [
        ("$34.99", "$43.99", "amount"),
        ("$34.99", "Rp34.99", "amount"),
        ("18:00", "16:00", "time"),
        ("9", "8", "date"),
        ("5 ", "15 ", "duration"),
        ("B)", "C)", "option"),
    ],
)
def test_a_changed_value_is_found_in_every_language(language: str, right: str, wrong: str, kind: str) -> None:
    text = FOREIGN[language]
    # The day of the month, not the cents.
    at = text.rindex(right) if right == "9" else text.index(right)
    assert kind in kinds(OFFER, text[:at] + wrong + text[at + len(right) :], "en", language)


UNITS = {
    "id": ("hari kerja", "minggu kerja"),
    "ms": ("hari bekerja", "minggu bekerja"),
    "vi": ("ngày làm việc", "tuần làm việc"),
    "th": ("วันทำการ", "สัปดาห์ทำการ"),
    "es": ("días hábiles", "semanas hábiles"),
}
TOMORROW = {
    "id": ("besok", "lusa"),
    "ms": ("esok", "lusa"),
    "vi": ("ngày mai", "ngày kia"),
    "th": ("พรุ่งนี้", "มะรืนนี้"),
    "es": ("de mañana", "de pasado mañana"),
}


@pytest.mark.parametrize("language", sorted(FOREIGN))
def test_another_unit_and_another_day_are_found_in_every_language(language: str) -> None:
    text = FOREIGN[language]
    assert "duration" in kinds(OFFER, text.replace(*UNITS[language]), "en", language)
    assert "date" in kinds(OFFER, text.replace(*TOMORROW[language]), "en", language)


ADDED = {
    "id": " Kami juga beri voucher.",
    "ms": " Kami juga beri baucar.",
    "vi": " Bên mình tặng thêm voucher.",
    "th": " และแถมคูปองให้ด้วยค่ะ",
    "es": " Además le damos un cupón.",
}


@pytest.mark.parametrize("language", sorted(FOREIGN))
def test_an_offer_that_the_source_does_not_make_is_found_in_every_language(language: str) -> None:
    assert "offer" in kinds(OFFER, FOREIGN[language] + ADDED[language], "en", language)


@pytest.mark.parametrize("language", sorted(FOREIGN))
def test_a_text_that_stayed_in_its_own_language_is_no_translation(language: str) -> None:
    assert "language" in kinds(OFFER, OFFER, "en", language)


def test_what_nobody_can_read_is_never_the_same() -> None:
    assert kinds("Your order ships today.", "Votre commande part aujourd'hui.", "en", "fr") == {"language"}
    assert kinds("hola", "halo", "es", "id") == {"language"}
    assert {"zh", "en", "id", "ms", "vi", "th", "es"} == COMPARABLE


AMOUNTS = st.integers(2, 99999).map(lambda minor: f"{minor / 100:.2f}")


@given(AMOUNTS, AMOUNTS)
def test_only_the_same_amount_is_the_same(ours: str, theirs: str) -> None:
    source, translation = f"退您{ours}元,原路退回。", f"We refund you ¥{theirs} to your original payment method."
    assert ("amount" in kinds(source, translation, "zh", "en")) == (float(ours) != float(theirs))


@given(st.dates(NOW.date().replace(month=10, day=1), NOW.date().replace(month=12, day=20)), st.integers(-3, 3))
def test_only_the_same_day_is_the_same(day: date, shift: int) -> None:
    other = day + timedelta(days=shift)
    months = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
    source = f"It ships on {day:%b} {day.day}."
    translation = f"Se envía el {other.day} de {months[other.month - 1]}."
    assert ("date" in kinds(source, translation, "en", "es")) == (shift != 0)


@given(st.integers(2, 60), st.integers(2, 60), st.sampled_from(["hari", "jam", "minggu"]))
def test_only_the_same_length_of_time_is_the_same(ours: int, theirs: int, unit: str) -> None:
    english = {"hari": ("days", 24), "jam": ("hours", 1), "minggu": ("weeks", 168)}
    translation = f"Dana masuk dalam {theirs} {unit}."
    for name, hours in english.values():
        same = ours * hours == theirs * english[unit][1]
        assert ("duration" in kinds(f"The money arrives within {ours} {name}.", translation, "en", "id")) != same


def test_what_is_only_read_may_say_numbers_in_its_own_way() -> None:
    def loose(source: str, translation: str) -> set[str]:
        return {
            one.kind
            for one in loosely_different(source, translation, source_language="en", language="zh", now=NOW, zone=ZONE)
        }

    assert loose("i bought 2 of them like a week ago", "我大约一周前买了两个") == set()
    assert loose("paid $29 for it", "我付了92美元") == {"amount"}
    assert loose("order 576461234567890123 is missing", "订单576461234567890124没收到") == {"number"}
    assert loose("call ⟨phone_1⟩", "请打电话") == {"placeholder"}
