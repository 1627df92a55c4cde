"""What is measured: one function a part, each with the data of the golden conversations."""

from collections.abc import Iterator
from itertools import islice
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from benchmarks.measure import Row, calls, process
from copilot.assets import golden_folder, policy_folders, prompt_folders
from copilot.cli.conversations import Read, read_conversations
from copilot.domain.conversation import Conversation
from copilot.domain.errors import PromptError
from copilot.domain.message import Role
from copilot.domain.plan import Plan
from copilot.flow.understand import last_shop_text, read_turn, unanswered
from copilot.model.composer import Voice
from copilot.model.composer import compose as put
from copilot.model.composer.samples import NOW, samples
from copilot.model.prompts import Prompts
from copilot.policy import load_pack

LANGUAGES = ("zh", "en")
ZONES = {"zh": ZoneInfo("Asia/Shanghai"), "en": ZoneInfo("America/Los_Angeles")}
PACKS = {"zh": "douyin.cn", "en": "tiktok_shop.us"}


def golden(language: str) -> list[Conversation]:
    """The golden conversations in one language."""
    lines = read_conversations(golden_folder() / f"{language}.jsonl")
    return [line.conversation for line in lines if isinstance(line, Read)]


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
        pack = load_pack(PACKS[language], policy_folders())
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
        wordings = [lambda plan=plan, named=language, zone=zone: _word(prompts, plan, named, zone) for plan in plans]
        run = [word for word in wordings if word() is not None]
        yield calls(f"compose {language}", run, rounds=10, target="≤ 20 ms")


def _word(prompts: Prompts, plan: Plan, language: str, zone: ZoneInfo) -> object:
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
    """The command over a language's golden conversations: the process, and what each further conversation takes."""
    for language in LANGUAGES:
        path = golden_folder() / f"{language}.jsonl"
        count = len(golden(language))
        with TemporaryDirectory() as folder, open(f"{folder}/one.jsonl", "w", encoding="utf-8") as one:
            with path.open(encoding="utf-8") as lines:
                one.writelines(islice(lines, 1))
            one.flush()
            first = process(f"draft {language}, first conversation", "draft", one.name, times=3)
        whole = process("", "draft", str(path), times=3)
        yield first
        yield Row(f"draft {language}, each further one", (whole.p50 - first.p50) / max(count - 1, 1), None, count)


PARTS = (start, check, classify, compose, draft)
