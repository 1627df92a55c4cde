"""Buyers who write in a language without drafts get a fixed text that says when we come back, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from copilot.assets import prompt_folders
from copilot.domain.clock import SystemClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import LANGUAGE_HELD, DraftResult, DraftView
from copilot.domain.fact import Fact, FactKind
from copilot.domain.message import Message, Role
from copilot.domain.plan import Act, Plan
from copilot.domain.reason import Reason
from copilot.domain.verdict import Decision
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.model.completion import ModelFailed, ModelFault
from copilot.model.composer.holding import HOLD_LANGUAGES, compose_hold
from copilot.model.composer.moments import by_time
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from copilot.policy.language import language_of

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ASKED = {
    "id": "kak barang saya kapan sampai ya?",
    "ms": "bila barang saya nak sampai?",
    "vi": "bao giờ shop giao hàng cho mình vậy",
    "th": "ของจะถึงเมื่อไหร่คะ",
    "es": "¿dónde está mi pedido? todavía no llega",
}


def talk(*said: tuple[Role, str]) -> Conversation:
    messages = tuple(
        Message(id=f"m{at}", role=role, text=text, sent_at=NOON + timedelta(minutes=at))
        for at, (role, text) in enumerate(said)
    )
    return Conversation(id="c1", platform="tiktok_shop", market="sea", messages=messages)


async def drafted(shops: Shops, *said: tuple[Role, str], writer: Writer | None = None) -> DraftResult:
    return await MemoryFlow(shops, SystemClock(), writer=writer).draft(talk(*said))


async def held(shops: Shops, *said: tuple[Role, str]) -> DraftView:
    view = (await drafted(shops, *said)).draft
    assert view is not None
    return view


@pytest.mark.parametrize("language", HOLD_LANGUAGES)
async def test_the_buyer_is_told_in_their_language_when_we_come_back(shops: Shops, language: str) -> None:
    view = await held(shops, (Role.BUYER, ASKED[language]))
    assert (view.language, view.act) == (language, Act.HOLD)
    assert language_of(view.text) == language
    (promise,) = view.owes
    assert promise.what == "hold"
    rules = shops.of_platform("tiktok_shop", "sea", NOON)
    assert by_time(promise.due, language, NOON, rules.zone) in view.text
    assert LANGUAGE_HELD in view.flags
    assert view.verdict.decision is Decision.PASS
    assert all(claim.source == "hold.return_at" for claim in view.claims)
    assert not view.options


@pytest.mark.parametrize("language", HOLD_LANGUAGES)
async def test_an_agent_reads_what_it_says_in_both_of_ours(shops: Shops, language: str) -> None:
    view = await held(shops, (Role.BUYER, ASKED[language]))
    assert set(view.readings) == {"zh", "en"}
    assert language_of(view.readings["zh"]) == "zh"
    assert language_of(view.readings["en"]) == "en"


async def test_nobody_is_told_to_wait_a_third_time(shops: Shops) -> None:
    first = (await held(shops, (Role.BUYER, ASKED["id"]))).text
    said = [(Role.BUYER, ASKED["id"]), (Role.AGENT, first), (Role.BUYER, "kak gimana ini, udah dicek belum")]
    second = (await held(shops, *said)).text
    assert second != first
    said += [(Role.AGENT, second), (Role.BUYER, "kenapa belum dibalas kak")]
    assert (await drafted(shops, *said)).reason is Reason.WAITING_FOR_US
    # A person answered in between: what comes then is another matter.
    said += [(Role.AGENT, "Pesanan Kakak dikirim hari ini."), (Role.BUYER, "kalau yang satu lagi kapan dikirim kak")]
    assert (await drafted(shops, *said)).draft is not None


async def test_a_language_without_such_a_text_gets_a_reason(shops: Shops) -> None:
    assert (await drafted(shops, (Role.BUYER, "где мой заказ"))).reason is Reason.LANGUAGE_UNSUPPORTED


async def test_words_of_danger_go_to_a_person(shops: Shops) -> None:
    said = f"{ASKED['id']} my son got burned by the charger and is in hospital"
    result = await drafted(shops, (Role.BUYER, said))
    assert result.draft is None


async def test_no_model_words_the_fixed_text(shops: Shops) -> None:
    model = ScriptedModel([ModelFailed(ModelFault.UNAVAILABLE)])
    result = await drafted(shops, (Role.BUYER, ASKED["th"]), writer=Writer(model, shops.prompts, SystemClock()))
    assert result.draft is not None
    assert LANGUAGE_HELD in result.draft.flags
    # Asked once, to read what the buyer wrote; nothing was left to word.
    assert len(model.questions) == 1


ZONE = ZoneInfo("Asia/Bangkok")


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (2, {"id": "sebelum pukul 13.00 hari ini", "ms": "sebelum pukul 1.00 tengah hari hari ini",
             "vi": "trước 13:00 hôm nay", "th": "ก่อนเวลา 13.00 น. วันนี้", "es": "antes de las 13:00 de hoy"}),
        (22, {"id": "sebelum pukul 09.00 besok", "ms": "sebelum pukul 9.00 pagi esok", "vi": "trước 9:00 ngày mai",
              "th": "ก่อนเวลา 09.00 น. พรุ่งนี้", "es": "antes de las 9:00 de mañana"}),
        (14, {"es": "antes de la 1:00 de mañana"}),
        (72, {"id": "paling lambat tanggal 23 November", "ms": "selewat-lewatnya pada 23 November",
              "vi": "chậm nhất là ngày 23/11", "th": "ภายในวันที่ 23 พฤศจิกายน", "es": "a más tardar el 23 de noviembre"}),
    ],
)  # fmt: skip
def test_a_moment_is_printed_in_the_form_of_the_language(hours: int, said: dict[str, str]) -> None:
    moment = NOON + timedelta(hours=hours)
    assert {tag: by_time(moment, tag, NOON, ZONE) for tag in said} == said


@pytest.mark.parametrize("language", HOLD_LANGUAGES)
def test_every_wording_is_clean_under_every_pack_of_its_markets(shops: Shops, language: str) -> None:
    due = NOON + timedelta(hours=3)
    fact = Fact(id="hold.return_at", kind=FactKind.TIME, value=due.isoformat(), source="computed")
    plan = Plan(act=Act.HOLD, facts={fact.id: fact})
    texts: set[str] = set()
    for variant in range(3):
        composed, _ = compose_hold(
            plan, language=language, now=NOON, zone=ZONE, prompts=shops.prompts, seed="c", variant=variant
        )
        texts.add(composed.text)
        for market in ("sea", "us", "uk"):
            assert shops.of_platform("tiktok_shop", market, NOON).pack.check(composed.text).findings == ()
    assert len(texts) == 3


def test_the_same_line_means_the_same_in_each_language() -> None:
    counts = {
        path.name: len([line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()])
        for folder in prompt_folders()
        for path in Path(folder).glob("write/holding.*.j2")
    }
    assert len(counts) == len(HOLD_LANGUAGES) + 2
    assert set(counts.values()) == {3}
