"""Names of persons that are introduced as names, or stand beside a phone or an address as on a parcel's label."""

import re
from collections.abc import Iterator, Sequence

Hit = tuple[str, int, int]
_DOUBLE = "欧阳|司徒|上官|诸葛|司马|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木|独孤|南宫|西门|长孙|宇文"
_SINGLE = (
    "傅王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文樊欧"
    "佟司温柳祝左俞庄祁纪舒阮芦鲁滕路岳倪骆涂殷季毕聂焦施苗符尚曲凌翟梅解柴植盛詹关辛宣申牛管翁谷明齐喻葛鲍章庞苑"
    "邢宁娄闵甘蒙车费褚卫霍景楚尤裴桑丛匡阎屈卞鞠晏邬敖冷辜迟仇佘阚靳储瞿冀昌牟蔺巫闻窦项吉麦池古蓝乌庹粟颜米连戚"
    "楼冉隋商芮简占甄糜栗蒲区伍缪仝"
)
_NOT_GIVEN = (
    "的了是在电手地先不没有写填错对吗呢和跟我你您他她这那就也都改换请想要能到给把被收,吧呀啊哦嘛与及或叫"
    "为用家店号码会让说问再又还很太"
)
_GIVEN = rf"(?!可以|可不|一下|一个|一直|一共|一定|一样|一起)[^{_NOT_GIVEN}\W\da-z_]"
_TITLE = "先生|女士|小姐|太太|老师|师傅|经理|阿姨|大哥"
_FULL = rf"(?:(?:{_DOUBLE})(?:(?:{_TITLE})|{_GIVEN}{{1,2}})|[{_SINGLE}](?:(?:{_TITLE})|{_GIVEN}{{1,2}}))"
_INTRODUCED = re.compile(
    r"(?:[收寄][件货]人|收貨人|收貨|联系人|聯繫人|[付收]款[人方]|持卡人|姓名|户名|名字|全名|真名|我叫|名叫|我姓名)"
    rf"(?:姓名|名字|名称)?(?:是|叫|为|写|填|改成|改为|换成|用|:|\s|的是){{0,3}}(?P<name>{_FULL})"
)
_POLITE_TITLES = ("先生", "女士", "小姐", "太太")
_POLITE = re.compile(rf"(?P<name>(?:{_DOUBLE}|[{_SINGLE}])(?:{'|'.join(_POLITE_TITLES)}))")
_TITLED = re.compile(
    rf"(?:我是|我姓|免贵姓|这里是)(?P<name>(?:{_DOUBLE}|[{_SINGLE}])(?:先生|女士|小姐|太太|老师|阿姨))"
)
_BESIDE = re.compile(rf"(?:^|[,\s:;、。(/|])(?P<name>{_FULL})(?:[,\s:;、/|]|收|电话|手机|tel){{0,3}}$")
_BEHIND = re.compile(rf"^[,\s;、/|]{{0,2}}(?P<name>{_FULL})(?=$|[,\s;、。/|]|收)")
_TAKES = re.compile(rf"(?:^|[,\s;、])(?P<name>{_FULL})\s?收(?=$|[,\s;。])")
_NOT_ZH = frozenset(
    "储蓄 储物 储存 储值 方便 方式 高兴 万一 周末 周一 周二 周三 周四 周五 周六 周日 周围 金额 金色 白色 黄色 白天 "
    "毛衣 马上 马桶 余额 "
    "路上 路由 石头 江湖 安排 温馨 "
    "任何 任意 常用 常常 于是 顾客 文字 文件 文案 方法 时候 向往 严重 史上 高度 高级 易碎 左右 左边 康复 万分 雷同 "
    "全部 单独 明天 钱包 水果 汤匙 "
    "龙凤 何时 何种 夏季 夏天 夏装 秦朝 江苏 江西 江南 石家庄 广东 金华 温州 施工 路径 路线 柳州 文具 高清 白金 "
    "黄金 毕业 季节 季度 常见 常规 易拉 "
    "家庭 方形 段位 任务 施行 万能 祝福 祝您 祝你 谢谢 许多 许可 应该 严格 杜绝 何必 关键 关于 舒服 舒适 平台 殷勤 "
    "纪念 纪录 左侧 温度 温和 温水 "
    "高低 高温 金属 石材 白板 钱已 武器 钟表 雷达 陆续 范围 孔径 范本 楼下 楼上 楼道 楼层 明早 明晚 米色 "
    "米白 车子 车上 车里 解决 管理 应当 景区 古风 简单 简直 商品 商家 商城 蓝色 乌黑 相同 牛奶 牛仔 关闭 "
    "单价 谷歌 颜色 占用 项目 池子 巫师 区别 区域 强力 管子 车间 解释 官方 项链 闻到 卫生 卫衣 卫浴 费用 "
    "费了 梅花 植物 盛放 景德 尤其 古铜 简约 商务 蓝牙 连衣 米白 明显 明明 明年 明细 鞠躬".split()
)
_SKIP = r"(?:mr\.? |mrs\.? |ms\.? |miss |dr\.? |bpk\.? |ibu |pak |bu |คุณ ?)?"
_WORD = r"[a-z][a-z'\-]{1,20}"
_LATIN = re.compile(
    r"(?:(?<![a-z])my (?:full |real |legal )?name(?: is|'s)|(?<![a-z])name(?: is|'s|\s?:)|name (?:on|for) (?:the|my"
    r"|this) "
    r"(?:order|account|card|parcel|package|label)(?: is|:)|recipient(?: name)?(?:\s?:| is| should be)|(?:attn"
    r"|consignee)\s?[:.]?"
    r"|ship(?:ped)? (?:it )?to\s?:|addressed to|sold to\s?:|nama (?:saya|penerima|lengkap)(?: adalah)?|nama\s?:"
    r"|atas nama|penerima\s?:"
    r"|pengirim\s?:|pangalan(?: ko)?(?: ay|\s?:| si)?|(?<![a-z])(?:ten (?:minh|toi|em|chi|anh) la|(?:minh|toi"
    r"|em) ten(?: la)?)"
    r"|(?:ten )?nguoi nhan\s?:|ako (?:po )?si|under the name(?: of)?|in (?:my|his|her) (?:[a-z]+'s )?name,?(?: is)?"
    r"|'s name(?: is|,)|me llamo|mi nombre es|(?<![a-z])nombre\s?:)"
    rf"\s?{_SKIP}(?P<name>{_WORD}(?:\s(?:{_WORD}|ap|de|la|van|von|bin|binti)){{0,3}})"
)
_SPEAKING = re.compile(rf"this is (?P<name>{_WORD}(?:\s{_WORD}){{0,2}}) (?:speaking|here|from)(?![a-z])")
_ORDERED = re.compile(
    rf"(?:^|[.!?,;]\s)(?:hi |hello |hey )?(?:i'm|i am|it's) (?P<name>{_WORD}\s{_WORD}), (?:my |the )?(?:order|phone"
    rf"|tel|calling|about)(?![a-z])"
)
_SHIP = re.compile(rf"(?:ship|send|sent|shipped) (?:it )?to (?P<name>{_WORD}\s{_WORD}),\s(?=\d)")
_IN_LATIN: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        _LATIN,
        (
            *("nam", "recipient", "attn", "consignee", "to:", "to :", "addressed to", "sold to", "penerima"),
            *("pengirim", "pangalan", "minh", "toi", "ten em", "em ten", "ten chi", "ten anh", "nhan", "ako", "llamo"),
            "nombre",
        ),
    ),
    (_SPEAKING, ("this is ",)),
    (_SHIP, (" to ",)),
    (_ORDERED, ("i'm ", "i am ", "it's ")),
)
"""What introduces a name in Latin letters, each with the words of which one must be there for it to match."""
_BESIDE_LATIN = re.compile(
    rf"(?:^|[,;\n]\s?|(?:it's|i'm|i am|saya|nama|minh la|em la)\s){_SKIP}(?P<name>{_WORD}(?:\s{_WORD}){{1,2}})"
    rf"(?:,\s?(?:phone|tel|cell|mobile|mob|hp)?\s?:?|\s?-)\s?$"
)
_THAI = re.compile(r"(?:ชื่อผู้รับ|ชื่อ)\s?:?\s?(?:คุณ)?(?P<name>[\u0e00-\u0e7f]{2,20}(?:\s[\u0e00-\u0e7f]{2,20})?)")
_THAI_END = re.compile(r"\s?(?:ค่ะ|ครับ|คะ|นะ|จ้า).*$")
_NOT_THAI = re.compile(r"สินค้า|ร้าน|อะไร|รุ่น|ผิด|ไม่|ใหม่|แบรนด์")
_NOT_LATIN = frozenset(
    (
        "not on the is and i my please can for but it in at from with wrong correct right missing spelled "
        "misspelled what "
        "who so this that phone address order a an of to brand generic same different too very just like your our "
        "their "
        "are was were has have had hi hello thanks thank you me we they he she customer buyer shop store item items "
        "product no yes ok here there spelt printed or if as by be will would should could customer's also still only "
        "already number email account tel cell mobile mob name nickname business company produk apa siapa yang dan "
        "ya kak "
        "saya sama tolong dong toko hp telp alamat gi cua la nhe nha va voi đien dien thoai aparece sale en y mi por "
        "favor telefono pero con ko po ay na yung lang call text ring message msg whatsapp zalo viber now al el "
        "agregame "
        "hubungi give reach dial try use see get got add contact do does did don't can't let want need know tell "
        "ask talk "
        "speak sorry sure great love dear guys team support sir madam morning afternoon evening today tomorrow "
        "yesterday "
        "later after before until anytime asap new old other another first last next home work and/or delivery parcel "
        "package refund return cancel change update confirm check waiting late early free up down back again out over "
        "more some any every driver courier anything something someone anyone everything nothing ridiculous "
        "seriously bad "
        "good how when where"
    ).split()
)


_MOST_REPEATED = 200


def names(text: str) -> Iterator[Hit]:
    """(type, start, end) of names that are introduced in ``text``, a base view.

    A name that is introduced once is a name wherever it stands.
    """
    found = set(_introduced(text))
    for written in sorted({text[start:end] for _, start, end in found})[:_MOST_REPEATED]:
        if len(written) >= (2 if written[0] >= "\u0e00" else 5):
            found.update(("name", match.start(), match.end()) for match in re.finditer(re.escape(written), text))
    yield from sorted(found)


def _introduced(text: str) -> Iterator[Hit]:
    if not text.isascii():
        yield from _introduced_in_chinese(text)
    for pattern, needed in _IN_LATIN:
        # An expression of many beginnings is tried at every letter; most texts lack the words that it needs.
        if any(map(text.__contains__, needed)):
            for match in pattern.finditer(text):
                yield from _latin(match, 0)
    if not text.isascii():
        yield from _introduced_in_thai(text)


def _introduced_in_chinese(text: str) -> Iterator[Hit]:
    for match in _INTRODUCED.finditer(text):
        yield from _chinese(match, 0)
    for match in _TITLED.finditer(text):
        yield "name", match.start("name"), match.end("name")


def _introduced_in_thai(text: str) -> Iterator[Hit]:
    for match in _THAI.finditer(text):
        name = _THAI_END.sub("", match["name"])
        if name and not _NOT_THAI.search(name):
            yield "name", match.start("name"), match.start("name") + len(name)


def beside(text: str, hits: Sequence[Hit]) -> Iterator[Hit]:
    """(type, start, end) of names next to a number or an address of ``hits``, as on a parcel's label.

    In a text with such data a surname with a title is a name wherever it stands.
    """
    # Expressions of hundreds of surnames are tried at every character; most texts lack the word that they need.
    if "收" in text:
        for match in _TAKES.finditer(text):
            yield from _chinese(match, 0)
    if any(map(text.__contains__, _POLITE_TITLES)):
        for match in _POLITE.finditer(text):
            yield from _chinese(match, 0)
    for kind, start, end in hits:
        if kind in {"phone", "landline", "address", "id_card", "bank_card"}:
            yield from _around(text, start, end)


def _around(text: str, start: int, end: int) -> Iterator[Hit]:
    first = max(0, start - 40)
    window = text[first:start]
    if not window.isascii() and (match := _BESIDE.search(window)) is not None:
        yield from _chinese(match, first)
    if (match := _BESIDE_LATIN.search(window)) is not None:
        yield from _latin_beside(match, first)
    behind = text[end : end + 12]
    if not behind.isascii() and (match := _BEHIND.match(behind)) is not None:
        yield from _chinese(match, end)


def _chinese(match: re.Match[str], offset: int) -> Iterator[Hit]:
    name = match["name"]
    if name not in _NOT_ZH and name[:2] not in _NOT_ZH:
        yield "name", offset + match.start("name"), offset + match.end("name")


def _latin(match: re.Match[str], offset: int) -> Iterator[Hit]:
    """The words of a name up to the first that is none."""
    parts: list[str] = []
    for word in match["name"].split(" "):
        if word in _NOT_LATIN:
            break
        parts.append(word)
    if parts:
        start = offset + match.start("name")
        yield "name", start, start + len(" ".join(parts))


def _latin_beside(match: re.Match[str], offset: int) -> Iterator[Hit]:
    """A name that nothing but its place gives away: two words or more, none of them a common one."""
    parts = match["name"].split(" ")
    while parts and parts[0] in _NOT_LATIN:
        parts.pop(0)
    if len(parts) >= 2 and _NOT_LATIN.isdisjoint(parts):
        end = offset + match.end("name")
        yield "name", end - len(" ".join(parts)), end
