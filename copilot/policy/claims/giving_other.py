"""What is given in languages of which only money beside a verb of giving is read.

Owns the verbs. Goods and money without an amount are not read in these languages; ``goods`` only tells that words
stand there that may give some, so that nobody takes silence for nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from copilot.policy.claims.handed import Handed, Stated

_SENTENCE: Final = re.compile(r"(?:[^.!?;\n]|(?<=\d)\.(?=\d))+")


@dataclass(frozen=True, slots=True)
class Verbs:
    """Of a language: the verbs of giving money, what takes them back, and words that may give something unread."""

    money: re.Pattern[str]
    back: re.Pattern[str]
    goods: re.Pattern[str]


def _verbs(money: str, back: str, goods: str) -> Verbs:
    return Verbs(*(re.compile(rf"(?<![a-zà-ỹ])(?:{one})") for one in (money, back, goods)))


_MALAY: Final = _verbs(
    r"(?:me)?(?:ng)?kembali(?:kan)?|mengembalikan|(?:men)?transfer|refund|(?:meng)?ganti(?:kan)?"
    r"|(?:mem)?beri(?:kan)?|kasih|(?:mem)?bayar|potong|diskon|diskaun"
    r"|kompensasi|pampas(?:an)?|(?:me)?mulang(?:kan)?|(?:di)?pulang(?:kan)?|cashback"
    r"|(?:meng)?kredit(?:kan)?|voucher|baucar|kami bagi|bagi",
    r"tidak|tak |gak|nggak|enggak|ga bisa|belum|sudah|kemarin|semalam|telah|apakah|adakah|kalau mau|bukan"
    r"|min(?:imal|imum|\.)? |untuk beli|belanja|keranjang|troli|claim|klaim|hari (?:kerja|bekerja)|harga",
    r"gratis|bonus|hadiah|percuma|ganti(?:kan)?|kirim(?:kan)?\s\w*\s?(?:ulang|baru|lagi)"
    r"|hantar\s\w*\s?(?:semula|baru|lagi)|refund|kembalikan|pulangkan|kompensasi|pampasan|diskon|diskaun"
    r"|potongan|voucher|baucar",
)  # fmt: skip
READ: Final = {
    "id": _MALAY,
    "ms": _MALAY,
    "vi": _verbs(
        r"hoàn|bồi thường|đền|trả lại|trả cho|chuyển(?: khoản)?|tặng|giảm|bù|gửi lại|hỗ trợ|voucher|mã giảm",
        r"không|chưa|đã |hôm qua|có phải|chẳng|rồi ạ|đơn từ|giỏ|tối thiểu|áp (?:cho|dụng)|ngày làm việc|giá ",
        r"tặng|miễn phí|gửi lại|gửi (?:bù|thêm)|đổi (?:cho|mới)|hoàn|bồi thường|đền|bù|giảm|voucher|mã giảm|quà",
    ),
    "th": Verbs(
        re.compile(r"คืนเงิน|โอน|ชดเชย|คืน|ลด|ส่วนลด|ให้|คูปอง|จ่าย"),
        re.compile(r"ไม่|แล้ว(?=ค่ะ|ครับ|$)|เมื่อวาน|ไหม|หรือเปล่า|ราคา|ขั้นต่ำ|ใช้กับยอด|โค้ด"),
        re.compile(r"แถม|ฟรี|ของขวัญ|ส่งใหม่|ส่งให้ใหม่|เปลี่ยน|คืนเงิน|ชดเชย|ส่วนลด|คูปอง"),
    ),
    "es": _verbs(
        r"(?:te |le |les )?(?:devol\w+|devuelv\w+|reembols\w+|compens\w+|abon\w+|damos|doy|daremos|daré"
        r"|regal\w+|descont\w+|pag(?:amos|aré|aremos)|enví(?:o|amos) de vuelta|cupón|vale)",
        r"no |nunca|ya (?:te|le|se|hemos)|ayer|cuesta|vale \d|precio|quieres|quiere|compras? mayor|aplica|mínim|días",
        r"gratis|regal\w+|de nuevo|otro|otra|reemplaz\w+|reembols\w+|devol\w+|devuelv\w+|compens\w+|descuento|cupón",
    ),
}  # fmt: skip
"""By language, what is known of it."""


def giving_other(text: str, money: Sequence[Stated], language: str) -> Iterator[Handed]:
    """The amounts of ``text``, in small letters, that stand in a sentence with a verb of giving."""
    verbs = READ[language]
    for sentence in _SENTENCE.finditer(text):
        words = sentence.group()
        if verbs.money.search(words) is None or verbs.back.search(words) is not None:
            continue
        asks = text[sentence.end() : sentence.end() + 1] == "?"
        for one in money:
            if sentence.start() <= one.start < sentence.end():
                yield Handed("money", one.start, one.end, one.value, offered=asks)
