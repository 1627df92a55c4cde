"""The page of golden texts, to be read aloud: ``python -m copilot.replay.evaluation.texts > docs/texts.md``.

Owns the page only: what the composer says to every golden conversation, without a model.
"""

import asyncio
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.assets import policy_folders, prompt_folders
from copilot.domain.clock import SystemClock
from copilot.domain.message import Message, Role
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.model.prompts import Prompts
from copilot.replay.evaluation.cases import LANGUAGES, Outcome, drafted, golden

_TITLES = {"zh": "中文", "en": "English"}
_SPEAKERS = {
    "zh": {Role.BUYER: "买家", Role.AGENT: "店铺", Role.BOT: "机器人", Role.SYSTEM: "系统"},
    "en": {Role.BUYER: "Buyer", Role.AGENT: "Shop", Role.BOT: "Bot", Role.SYSTEM: "System"},
}
_SIGNS = re.compile(r"([\\`*_<>#|~\[\]])")
_HEAD = """# Golden texts

What the composer says to every golden conversation (tests/golden), without a model. Read them aloud: would a good agent
send each? Dates are as of the last message. A test keeps this page as the templates, playbooks and rules make it; after
a change: `python -m copilot.replay.evaluation.texts > docs/texts.md`.

不用模型时，每个标准会话会拟出的回复。请念出声来：好客服会不会发出去？日期以最后一条消息的时间为准。

{count} drafts; {silent} conversations get none, listed at the end with the reason.
"""


async def outcomes(cache: Path | None = None) -> list[tuple[str, Outcome]]:
    """Every golden conversation as the shipped prompts and policies draft it, with its language.

    ``cache`` holds compiled packs.
    """
    flow = MemoryFlow(Shops(policy_folders(), Prompts(prompt_folders(), cache), cache), SystemClock())
    return [(language, await drafted(flow, conversation)) for language, conversation in golden()]


def page(found: Sequence[tuple[str, Outcome]]) -> str:
    """The page as Markdown."""
    spoken = [(language, one) for language, one in found if one.reason is None]
    silent = [one for _, one in found if one.reason is not None]
    lines = [_HEAD.format(count=len(spoken), silent=len(silent))]
    for language in LANGUAGES:
        lines += [f"## {_TITLES[language]}", ""]
        mine = [one for spoken_in, one in spoken if spoken_in == language]
        for issue in sorted({_issue(one) for one in mine}):
            lines += [f"### {issue}", ""]
            lines += [line for one in mine if _issue(one) == issue for line in _talk(one, language)]
    lines += ["## No draft", "", "| conversation | reason |", "|---|---|"]
    lines += [f"| {one.conversation.id} | `{one.reason}` |" for one in silent]
    return "\n".join(lines) + "\n"


def _issue(outcome: Outcome) -> str:
    plan = outcome.plan
    return plan.issue.value if plan and plan.issue else "no issue"


def _talk(outcome: Outcome, language: str) -> Iterator[str]:
    plan = outcome.plan
    scene = f"{plan.act.value} / {plan.scene}" if plan else ""
    yield f"**{outcome.conversation.id}** · {scene}"
    yield ""
    said = [f"> {_said(message, language)}" for message in outcome.conversation.messages]
    # Two blanks break a line, without which Markdown would run a talk into one paragraph.
    yield from [f"{line}  " for line in said[:-1]]
    yield said[-1]
    yield ""
    yield _plain(outcome.text or "")
    yield ""


def _said(message: Message, language: str) -> str:
    text = message.text if message.kind == "text" else f"[{message.kind.value}] {message.text}"
    return f"{_SPEAKERS[language][message.role]}: {_plain(text)}"


def _plain(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def main() -> None:
    """Print the page."""
    sys.stdout.write(page(asyncio.run(outcomes())))


if __name__ == "__main__":
    main()
