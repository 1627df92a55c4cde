"""No separator and no disguise between the characters of a trigger hides it, wherever it stands."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.policy import Pack

TRIGGERS = ("加我微信", "私下转账", "扫码进群", "加我扣扣", "线下交易", "微信联系", "打我电话")
SEPARATORS = tuple(" .·-_/|~*•、,。^=#😊🌸❄\u200b\u00a0…'`")
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)


def _blocks(pack: Pack, text: str) -> bool:
    return any(finding.family == "off_platform" for finding in pack.check(text).findings)


@relaxed
@given(st.sampled_from(TRIGGERS), st.sampled_from(SEPARATORS), st.integers(1, 3), st.sampled_from(["", "亲,", "您好 "]))
def test_one_sign_between_all_characters_hides_nothing(
    pack: Pack, trigger: str, sign: str, times: int, before: str
) -> None:
    assert _blocks(pack, before + (sign * times).join(trigger))


@relaxed
@given(st.sampled_from(TRIGGERS), st.lists(st.sampled_from(SEPARATORS), min_size=6, max_size=6))
def test_changing_signs_between_characters_hide_nothing(pack: Pack, trigger: str, signs: list[str]) -> None:
    assert _blocks(pack, "".join(a + b for a, b in zip(trigger, signs, strict=False)) + trigger[len(signs) :])


@pytest.mark.parametrize("name", ["whatsapp", "telegram", "wechat", "venmo", "paypal", "instagram", "zalo", "viber"])
@pytest.mark.parametrize("sign", [" ", ".", "-", "_", "*", "/", "|", "~", "·", " . "])
def test_a_name_spread_letter_by_letter_is_seen(pack: Pack, name: str, sign: str) -> None:
    assert _blocks(pack, f"ok {sign.join(name)} then")


@pytest.mark.parametrize("name", ["whatsapp", "telegram", "wechat", "paypal", "instagram"])
def test_a_name_backwards_or_with_figures_is_seen(pack: Pack, name: str) -> None:
    assert _blocks(pack, f"try {name[::-1]} ok")
    assert _blocks(pack, f"try {name.translate(str.maketrans('aeiost', '431057'))} ok")


@pytest.mark.parametrize(
    "name", ["薇信", "维❤", "崴伈", "徽信", "微亻言", "彳敖信", "wei信", "weixin", "卫x", "v芯", "嶶訫", "煨囟"]
)
@pytest.mark.parametrize("act", ["加我{}", "{}联系我", "留个{}吧", "{}: kf_8812"])
def test_a_name_in_other_characters_is_seen_with_any_act(pack: Pack, name: str, act: str) -> None:
    assert _blocks(pack, act.format(name))


@pytest.mark.parametrize(
    "text",
    [
        "大家为新品投票",
        "因为新疆要加运费,我联系仓库",
        "号码偏小,加一码",
        "相信微波炉能热,有问题找我",
        "the cat sat on a mat, ok",
        "it's a plus size, one two or three",
        "线下专柜同款",
        "裙子进水会缩",
        "思考好了告诉我",
    ],
)
def test_words_that_only_sound_alike_stay_quiet(pack: Pack, text: str) -> None:
    assert not _blocks(pack, text)
