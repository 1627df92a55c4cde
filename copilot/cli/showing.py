"""Shows drafts to a person at a terminal: the buyer's turn, the card, and what the run added up to."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from copilot import logs
from copilot.assets import golden_folder
from copilot.cli.drafting import draft_one, open_flow
from copilot.cli.errors import GATE_FAILED, OK, complain
from copilot.cli.io import BadLine
from copilot.cli.words import language as reader_language
from copilot.domain.clock import SystemClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftResult, DraftView
from copilot.domain.errors import BadInput
from copilot.domain.message import Kind, Message, Role
from copilot.domain.reason import WORDS, Reason
from copilot.replay.conversations import read_conversations
from copilot.settings import load_settings

_LANGUAGES = ("zh", "en")
_SPEAKERS = {
    "zh": {Role.BUYER: "买家", Role.AGENT: "客服", Role.BOT: "机器人", Role.SYSTEM: "系统"},
    "en": {Role.BUYER: "buyer", Role.AGENT: "agent", Role.BOT: "bot", Role.SYSTEM: "system"},
}
_WORDS = {
    "zh": {
        "none": "不拟稿",
        "order": "订单",
        "offers": "方案",
        "owes": "发送后欠买家",
        "by": "由",
        "composer": "模板拟写",
        "model": "模型拟写",
        "title": "共 {total} 个会话:{drafts} 条回复,{silent} 个有理由地不拟稿;平均每条 {ms:.0f} 毫秒",
        "reason": "不拟稿的理由",
        "count": "个数",
        "unknown": "没有编号包含 {only} 的示例会话",
    },
    "en": {
        "none": "no draft",
        "order": "order",
        "offers": "offers",
        "owes": "sending this owes",
        "by": "by",
        "composer": "composed from templates",
        "model": "worded by the model",
        "title": "{total} conversations: {drafts} drafts, {silent} silent with a reason; {ms:.0f} ms each",
        "reason": "why there is no draft",
        "count": "count",
        "unknown": "no sample conversation has {only} in its id",
    },
}
_TURN_SHOWN = 6
_COLOURS = {"amount": "green", "date": "cyan", "time": "cyan", "duration": "cyan", "number": "magenta"}


async def show_golden(language: str | None, only: str | None) -> int:
    """Draft the golden conversations and print them; returns the exit code."""
    if language is not None and language not in _LANGUAGES:
        raise BadInput(f"--lang {language}: no such samples", remedy="use zh or en")
    settings = load_settings()
    logs.configure(settings.log_level)
    console = Console(highlight=False, soft_wrap=False)
    clock = SystemClock()
    results: list[DraftResult] = []
    seconds = 0.0
    async with open_flow(settings) as flow:
        for source in (language,) if language else _LANGUAGES:
            for line in read_conversations(golden_folder() / f"{source}.jsonl"):
                if isinstance(line, BadLine):
                    complain(str(line))
                    continue
                if only is not None and only not in line.conversation.id:
                    continue
                started = clock.monotonic()
                result = await draft_one(flow, line)
                seconds += clock.monotonic() - started
                results.append(result)
                console.print(_card(line.conversation, result))
    if not results:
        raise BadInput(_WORDS[reader_language()]["unknown"].format(only=only))
    console.print(_sum(results, seconds))
    return GATE_FAILED if any(result.reason is Reason.FAILED for result in results) else OK


def _card(conversation: Conversation, result: DraftResult) -> Panel:
    words = _WORDS[reader_language()]
    said = list(_turn(conversation))
    if result.draft is None:
        assert result.reason is not None
        silence = Text(f"{words['none']}: {WORDS[result.reason][reader_language()]}", style="dim italic")
        held = (Text(f"{one.rule}: {one.text} — {one.remedy[reader_language()]}") for one in result.blocked)
        return Panel(
            Group(*said, Text(), silence, *held), title=conversation.id, title_align="left", border_style="dim"
        )
    draft = result.draft
    body = Group(*said, Text(), _marked(draft), Text(), *_notes(draft))
    colour = {"pass": "green", "warn": "yellow", "block": "red"}[draft.verdict.decision]
    return Panel(body, title=conversation.id, title_align="left", border_style=colour)


def _turn(conversation: Conversation) -> Iterator[Text]:
    """The last messages, so that a reader sees what is answered."""
    for message in conversation.messages[-_TURN_SHOWN:]:
        speaker = _SPEAKERS[reader_language()][message.role]
        yield Text.assemble((f"{speaker}  ", "bold" if message.role is Role.BUYER else "dim"), _said(message))


def _said(message: Message) -> str:
    return message.text if message.kind is Kind.TEXT else f"[{message.kind.value}] {message.text}".rstrip()


def _marked(draft: DraftView) -> Text:
    """The draft with its amounts, dates and numbers in colour, findings underlined."""
    text = Text(draft.text, style="bold")
    for claim in draft.claims:
        text.stylize(_COLOURS.get(claim.kind.value, "blue"), claim.start, claim.end)
    for finding in draft.verdict.findings:
        text.stylize("underline red", finding.start, finding.end)
    return text


def _notes(draft: DraftView) -> Iterator[Text]:
    words = _WORDS[reader_language()]
    if draft.order is not None:
        yield Text(f"{words['order']}: {draft.order.id} ({draft.order.why.value})", style="dim")
    for option in draft.options:
        cost = f" · {option.cost.amount} {option.cost.currency}" if option.cost else ""
        yield Text(f"{words['offers']} {option.id}: {option.title} [{option.action}]{cost}", style="dim")
    for promise in draft.owes:
        yield Text(f"{words['owes']}: {promise.what} ≤ {promise.due:%Y-%m-%d %H:%M}", style="dim yellow")
    for finding in draft.verdict.findings:
        yield Text(f"{finding.severity.value} {finding.rule}: {finding.reason}", style="red")
    issues = ", ".join(reading.issue.value for reading in draft.issues) or "-"
    yield Text(f"{draft.turn.value} · {issues} · {words[draft.written_by.value]}", style="dim")


def _sum(results: list[DraftResult], seconds: float) -> Table:
    words = _WORDS[reader_language()]
    silent = Counter(result.reason for result in results if result.reason is not None)
    drafts = len(results) - silent.total()
    title = words["title"].format(
        total=len(results), drafts=drafts, silent=silent.total(), ms=1000 * seconds / len(results)
    )
    table = Table(title=title, title_justify="left", show_header=bool(silent), width=78)
    table.add_column(words["reason"])
    table.add_column(words["count"], justify="right")
    for reason, count in silent.most_common():
        table.add_row(f"{reason.value} — {WORDS[reason][reader_language()]}", str(count))
    return table
