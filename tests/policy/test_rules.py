"""The rules' own cases, and the bar: good drafts pass, the bad ones' inducements are caught."""

from pathlib import Path

import pytest

from copilot.policy import CheckContext, Expect, Origin, Pack, load_pack, pack_names
from copilot.policy.lint import lint
from copilot.policy.load import choose_pack, open_folders
from copilot.policy.testing import run_cases

NAMES = ("douyin.cn", "generic", "tiktok_shop.sea", "tiktok_shop.uk", "tiktok_shop.us")
GOOD = [
    "照片收到了,一套四只碎了两只,换谁都窝火,这事我们来处理。碎片先别用手收,小心划伤。您看哪种方便:A"
    " 重新寄您一整套,明天18点前发出,坏的不用寄回;B 好的两只您留着用,退您29.95元。选A还是B"
    "?",
    "昨晚129、今天99,刚买就降30,换我也会来问。您这单带7天价保,到11月9日有效,差价可以退。A"
    " 退30元差价,原路退回;B 换一张40元券,30天内下单可用。您想要哪种?",
    "微信这边加不了,付款也只能走平台,后面退换才有保障。5件能便宜:店铺现在满3件9折,5件原价840元"
    ",折后756元。A 5件一起拍,结算页自动减;B 先拍1件看看,剩下4件11月11日前拍也是9折。您"
    "想怎么来?",
    "Sorry, a missing package is bad enough once, let alone twice. Tracking shows it left at your front "
    "door at 4:12 PM yesterday, and since you've already asked the neighbors there's nothing more you "
    "need to check. I can do either today: A) a free replacement, shipped by Nov 5, or B) a $34.99 refund "
    "to your original payment method. Which works for you?",
    "Thanks for saying where it's tight, that helps. This style runs slim: the M measures 38 in at the "
    "hip and the L 40.5 in, so an L gives you 2.5 in more room. A) exchange for an L, in stock, prepaid "
    "label, or B) return for the full $42.00, label also on us. Want the L, or would you rather send them "
    "back?",
    "You shouldn't have to chase this, sorry. We received the shoes on Nov 1 and refunded $58.20 on Nov 3 "
    "to the Visa you paid with. Banks usually take 5–10 business days, so it should show by Nov 18. If it "
    "isn't there then, message me here and I'll open a payment case with TikTok Shop. Would you like the "
    "refund ID now, so your bank can trace it?",
]
BAD = [
    ("亲,直播价格是实时变化的,属于正常现象哦,下次可以多关注直播间呢~满意的话辛苦给个五星好评!", "review_inducement"),
    ("As this is a carrier issue, please contact USPS. Have a wonderful day!", "blame_shift"),
    ("Please refer to our size chart before purchasing, as everyone's body is different.", "blame_shift"),
]


def test_every_case_of_every_rule_holds(folders: tuple[Path, ...]) -> None:
    failed = [f"{r.place}: {r.text!r} {r.problem}" for r in run_cases(folders) if not r.passed]
    assert not failed, "\n".join(failed)


def test_the_files_have_no_lint_errors(folders: tuple[Path, ...], compiled: Path) -> None:
    found = lint(folders, cache_dir=compiled)
    errors = [f"{f.file}:{f.line}: {f.text}" for f in found if f.level == "error"]
    assert not errors, "\n".join(errors)


@pytest.mark.parametrize("name", NAMES)
def test_every_pack_knows_every_rule_and_every_language(name: str, folders: tuple[Path, ...], compiled: Path) -> None:
    pack = load_pack(name, folders, cache_dir=compiled)
    chosen, _ = choose_pack(open_folders(folders).packs(), name, None)
    switched_off = {rule for rule, change in chosen.rules.items() if not change.enabled}
    assert {rule.id for rule in pack.rules} == set(open_folders(folders).rules()) - switched_off
    assert pack.check("亲加V信说更方便").decision == "block"
    assert pack.check("Add me on WeChat and I'll make it cheaper").decision == "block"


def test_pack_names_lists_what_is_shipped(folders: tuple[Path, ...]) -> None:
    assert pack_names(folders) == NAMES


@pytest.mark.parametrize("text", GOOD)
def test_an_excellent_draft_passes(pack: Pack, text: str) -> None:
    assert pack.check(text, CheckContext(origin=Origin.DRAFT)).findings == ()


@pytest.mark.parametrize("text", [GOOD[0], GOOD[1], GOOD[3], GOOD[4]])
def test_an_excellent_draft_has_what_its_situation_asks_for(pack: Pack, text: str) -> None:
    verdict = pack.check(text, CheckContext(origin=Origin.DRAFT, expects=frozenset(Expect)))
    assert verdict.findings == ()
    assert "empathy.missing" not in verdict.not_judged


@pytest.mark.parametrize(("text", "family"), BAD)
def test_what_marks_a_bad_draft_blocks(pack: Pack, text: str, family: str) -> None:
    verdict = pack.check(text)
    assert verdict.decision == "block"
    assert family in {finding.family for finding in verdict.findings}


@pytest.mark.parametrize(
    "text",
    [
        "我们不会让您加QQ或者微信",
        "任何要求加微信退款的都是骗子",
        "不用加微信,直接在这里拍照发我就行",
        "If someone asks you to pay over WhatsApp, please report it",
        "运单号78812345678901已到站",
        "您的手机号后四位是5678吗",
        "这款是V领,最近卖得不错,第一次购买有券",
    ],
)
def test_a_refusal_a_warning_or_a_near_miss_stays_quiet(pack: Pack, text: str) -> None:
    assert pack.check(text).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "平台不能发图加我微信 kk5521",
        "不要走平台了,线下转账便宜",
        "有什么不明白加我微信",
        "能不能加个QQ 8827361",
        "Don't hesitate to add me on WhatsApp",
        "not sure? message me on telegram",
    ],
)
def test_words_of_refusal_do_not_excuse_an_invitation(pack: Pack, text: str) -> None:
    assert pack.check(text).decision == "block"


@pytest.mark.parametrize(
    "text",
    [
        "我同事说您“傻逼”实在不应该,我替他道歉",
        "书名就叫《滚蛋吧》,您搜一下",
        'The "Karen, you idiot" mug is back in stock, it holds 11 oz',
        "包裹里要是有“好评返现”的卡片请拍给我,不是我们放的",
    ],
)
def test_words_in_quotation_marks_from_which_the_sentence_keeps_its_distance(pack: Pack, text: str) -> None:
    assert pack.check(text, CheckContext(origin=Origin.DRAFT)).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "您这种人就是“傻逼”",
        "给个“五星好评”返您五块",
        '"you are an idiot", that is all',
        "抱歉,傻逼也看得懂",
        "加我“微信”,抱歉这里不方便",
    ],
)
def test_quotation_marks_alone_excuse_nothing(pack: Pack, text: str) -> None:
    assert pack.check(text, CheckContext(origin=Origin.DRAFT)).decision == "block"
