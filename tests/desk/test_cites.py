"""Where a draft's words come from, as the card says it: in words, never in percentages."""

import pytest

from copilot.desk.card import cited
from copilot.desk.words import LOOK_AT, UNKNOWN
from copilot.domain.draft import DraftView, WrittenBy
from copilot.domain.issue import Turn
from copilot.domain.knowledge import FITS, Citation, NoticeKind
from copilot.domain.verdict import Decision, Verdict
from copilot.playbook.answers import FITS_WELL
from copilot.playbook.told import EXTENDED, PINNED, UNSURE

OK = Verdict(decision=Decision.PASS, pack="douyin.cn@2026-11")


def view(*cites: Citation) -> DraftView:
    return DraftView(
        text="默认发中通。", language="zh", turn=Turn.NEW_ISSUE, issues=(), risks=(), order=None, options=(), claims=(),
        verdict=OK, written_by=WrittenBy.COMPOSER, cites=cites,
    )  # fmt: skip


@pytest.mark.feature("F064")
@pytest.mark.parametrize(
    ("score", "fit", "zh", "en"),
    [
        (FITS_WELL, "well", "来自您的问答：“发什么快递”，很吻合", "from your FAQ: “发什么快递”, fits well"),
        (FITS, "partly", "来自您的问答：“发什么快递”，部分吻合", "from your FAQ: “发什么快递”, fits partly"),
        (None, None, "来自公告：“发什么快递”", "from a notice: “发什么快递”"),
    ],
)
def test_the_card_names_the_entry_and_how_well_it_fits(score: float | None, fit: str | None, zh: str, en: str) -> None:
    draft = view(Citation(id="e1", title="发什么快递", score=score))
    for language, said in (("zh", zh), ("en", en)):
        shown = cited(draft, "zh" if language == "zh" else "en")
        assert [(one.id, one.fit, one.text) for one in shown] == [("e1", fit, said)]
        assert "%" not in shown[0].text
    assert cited(None, "zh") == ()


def test_every_note_of_a_plan_has_words() -> None:
    unsure = [f"{UNSURE}{why}" for why in (NoticeKind.DELAY.value, NoticeKind.HOLIDAY.value, "terms", "unavailable")]
    assert {EXTENDED, PINNED, "goods_unchecked", "faq_injection", *unsure} <= set(LOOK_AT)
    assert {"faq", "notices", "products", "notice.recovery"} <= set(UNKNOWN)
