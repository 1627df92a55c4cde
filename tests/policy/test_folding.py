"""What a reader sees through, the base view sees through; every view leads back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.policy import Pack
from copilot.policy.expand import Names, spellings, variants
from copilot.policy.fold import Folder
from copilot.policy.model import View
from copilot.policy.tables import Tables, homophones


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＶＸ：１３９", "vx:139"),
        ("①③⑨ ⑴⒊ ❶⓿ 🄋 ⓵", "139 13 10 0 1"),
        ("1️⃣3️⃣9️⃣", "139"),
        ("٣४๗", "347"),
        ("ⓥⓧ 🅥🅧 🆅🆇 🄥", "vx vx vx v"),
        ("🇼🇪🇨🇭🇦🇹", "wechat"),
        ("ᴡᴇᴄʜᴀᴛ ᵂʰᵃᵗˢᵃᵖᵖ", "wechat whatsapp"),
        ("𝚃𝚎𝚕𝚎𝚐𝚛𝚊𝚖 𝓌𝒽𝒶𝓉𝓈", "telegram whats"),
        ("wесhаt ΤΕLΕ Ꮃhatsapp", "wechat tele whatsapp"),
        ("w̶e̷c҉h\u200da\u2060t\ufe0f", "wechat"),
        ("加微\u200b信\u00ad號", "加微信号"),
        ("kết bạn đổi Öl ʋx", "ket ban doi ol vx"),
        ("\u3000微\u2800信\u3164", " 微信"),
        ("➕⁺＋", "+++"),
    ],
)
def test_the_base_view_reads_through_forms(pack: Pack, written: str, folded: str) -> None:
    assert pack.folder.fold(written).base == folded


@given(st.text(max_size=30))
def test_every_span_of_every_view_leads_to_the_characters_it_was_folded_from(text: str) -> None:
    folder = Folder(Tables(emoji={"❤": "信心"}, homophones={"薇": "微"}))
    folded = folder.fold(text)
    for view, lead in (
        (folded.compact, folded.from_compact),
        (folded.tight, folded.from_tight),
        (folded.sound, folded.from_sound),
    ):
        for at in range(len(view)):
            start, end = lead(at, at + 1)
            first, last = folded.origin(start, end)
            assert 0 <= first < last <= len(text)
            piece = folder.fold(text[first:last])
            assert view[at] in piece.compact + piece.tight + piece.sound


def test_a_set_in_a_term_stands_for_each_of_its_characters() -> None:
    assert list(spellings("[薇威]信[号群]")) == ["薇信号", "薇信群", "威信号", "威信群"]
    assert list(spellings("微信")) == ["微信"]


def _literals(term: str, *views: View) -> set[tuple[str, str]]:
    names = Names({"微信": ("v信", "v❤")}, {"信": ("亻言",)})
    return set(variants(term, views, Folder(Tables(emoji={"❤": "信"})), names))


def test_disguises_alone_leave_the_plain_spelling_out() -> None:
    spelled = _literals("paypal", View.LEET, View.REVERSED, View.SPLIT)
    assert ("base", "paypal") not in spelled
    assert {("base", "p4yp4l"), ("base", "lapyap"), ("base", "p a y p a l"), ("base", "p4ypal")} <= spelled


def test_pinyin_mixes_characters_and_sounds() -> None:
    spelled = {literal for _, literal in _literals("加微信", View.PINYIN)}
    assert {"jia wei xin", "jiaweixin", "加wei信", "jia微信", "加微xin", "加wei xin"} <= spelled


def test_an_alias_with_a_sign_is_heard_as_its_word_and_never_cut_short() -> None:
    spelled = _literals("加微信", View.BASE, View.COMPACT, View.HOMOPHONE, View.ALIAS)
    assert {("base", "加v❤"), ("sound", "加v信"), ("compact", "加v信")} <= spelled
    assert ("compact", "加v") not in spelled


def test_only_rare_characters_and_chosen_ones_sound_like_a_character_with_readings() -> None:
    heard = homophones("微信", {}, {"薇": "微", "伈": "信"})
    assert heard["煨"] == "微"
    assert heard["囟"] == "信"
    assert "为" not in heard
    assert "新" not in heard


def test_without_chosen_readings_every_homophone_counts() -> None:
    assert homophones("微", {})["为"] == "微"
