"""What is measured: one function a part, each with the data of the golden conversations."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from zoneinfo import ZoneInfo

from benchmarks.flood import flood
from benchmarks.golden import LANGUAGES, golden
from benchmarks.hostile import refuse
from benchmarks.knowledge import knowledge
from benchmarks.live import live
from benchmarks.measure import Row, calls, process, summed
from benchmarks.models import model
from benchmarks.page import page
from benchmarks.planning import plan
from copilot.assets import golden_folder, policy_folders, prompt_folders
from copilot.cli.drafting import open_flow
from copilot.domain.conversation import Conversation
from copilot.domain.errors import CopilotError, PromptError
from copilot.domain.message import Role
from copilot.domain.plan import Plan
from copilot.flow.understand import last_shop_text, read_turn, unanswered
from copilot.model.composer import Composed, Voice
from copilot.model.composer import compose as put
from copilot.model.composer.samples import NOW, samples
from copilot.model.prompts import Prompts
from copilot.policy import load_pack
from copilot.settings import load_settings

ZONES = {"zh": ZoneInfo("Asia/Shanghai"), "en": ZoneInfo("America/Los_Angeles")}
PACKS = {"zh": "douyin.cn", "en": "tiktok_shop.us"}


def start() -> Iterator[Row]:
    """How long a person waits for the first sign of life."""
    yield process("reply-copilot --help", "--help", target="≤ 0.6 s")
    plain, personal = "亲,明天发货\n", "打我电话13812345678\n"
    check = ("policy", "check", "--pack", "douyin.cn", "-")
    yield process("first policy check", *check, stdin=plain, target="≤ 0.8 s")
    yield process("first policy check, personal data", *check, stdin=personal, target="≤ 1.5 s")


def check() -> Iterator[Row]:
    """One text against a pack, without and with an origin."""
    for language in LANGUAGES:
        pack = load_pack(PACKS[language], policy_folders()).prepare()
        texts = [m.text for c in golden(language) for m in c.messages if m.role is Role.AGENT and m.text]
        run = [lambda text=text, pack=pack: pack.check(text) for text in texts]
        yield calls(f"check {language}", run, rounds=20, target="p50 ≤ 150 µs, p99 ≤ 2 ms")


def classify() -> Iterator[Row]:
    """One buyer's turn read."""
    for language in LANGUAGES:
        conversations = golden(language)
        bursts = [(burst, last_shop_text(c, burst)) for c in conversations if (burst := unanswered(c)).text]
        run = [lambda burst=burst, said=said: read_turn(burst, last_shop_text=said) for burst, said in bursts]
        yield calls(f"classify {language}", run, rounds=10, target="≤ 5 ms")


def compose() -> Iterator[Row]:
    """One plan put into words."""
    prompts = Prompts(prompt_folders())
    for language, zone in ZONES.items():
        plans = [sample.plan(language) for sample in samples()]
        wordings = [lambda plan=plan, named=language, zone=zone: worded(prompts, plan, named, zone) for plan in plans]
        run = [word for word in wordings if word() is not None]
        yield calls(f"compose {language}", run, rounds=10, target="≤ 20 ms")


def worded(prompts: Prompts, plan: Plan, language: str, zone: ZoneInfo) -> Composed | None:
    """``plan`` in words; None when the plan has none in this language."""
    try:
        return put(
            plan,
            language=language,
            case=None,
            burst_text="",
            order=None,
            now=NOW[language],
            zone=zone,
            voice=Voice(),
            prompts=prompts,
        )
    except PromptError:
        return None


def draft() -> Iterator[Row]:
    """The command with one conversation, and what each conversation takes once the flow is open."""
    for language in LANGUAGES:
        first = (golden_folder() / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()[0]
        yield process(f"reply-copilot draft, one {language}", "draft", "-", stdin=first + "\n", times=3)
    for language in LANGUAGES:
        yield summed(f"draft {language}", asyncio.run(_drafted(golden(language))))


async def _drafted(conversations: list[Conversation]) -> list[float]:
    times: list[float] = []
    async with open_flow(load_settings()) as flow:
        # The first of each platform reads its pack, playbooks and terms.
        await flow.draft(conversations[0])
        for conversation in conversations:
            start = time.perf_counter()
            with suppress(CopilotError):
                await flow.draft(conversation)
            times.append(time.perf_counter() - start)
    return times


# The last one gives the processor away for good.
PARTS = (start, check, classify, plan, compose, draft, model, knowledge, refuse, page, flood, live)
