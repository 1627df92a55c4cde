"""The table of commands, and the group that imports a command's module only when it is called.

Help for all commands stands in the table, so that listing them imports none. A command whose module is not installed
is neither listed nor found.
"""

import importlib
import importlib.util
from dataclasses import dataclass
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from copilot.cli.words import language


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: the function of its own name in ``copilot.cli.<name>``, or, for a group, the Typer ``app`` there."""

    name: str
    en: str
    zh: str
    group: bool = False

    @property
    def module(self) -> str:
        """The dotted name of the module that holds it."""
        return f"copilot.cli.{self.name.replace('-', '_')}"

    @property
    def installed(self) -> bool:
        """Whether its module is there; asks the file system only."""
        return importlib.util.find_spec(self.module) is not None

    @property
    def help(self) -> str:
        """Its one line of help in the reader's language."""
        return self.zh if language() == "zh" else self.en


COMMANDS: tuple[Entry, ...] = (
    Entry(
        "draft",
        "Draft a reply for each conversation (JSONL in, JSON out).",
        "为每个会话拟一条回复（输入 JSONL，输出 JSON）。",
    ),
    Entry("demo", "Open a live desk over two emulated shops.", "打开实时工作台(两个模拟店铺)。"),
    Entry("serve", "Run the web server.", "运行网页服务。"),
    Entry("worker", "Run the background worker.", "运行后台任务进程。"),
    Entry("classify", "Say what each text is about.", "判断每段文字的问题类型。"),
    Entry("policy", "Check texts, test and explain policy rules.", "检查文本，测试和解释规则。", group=True),
    Entry(
        "replay", "Judge archives, compare two versions of the rules.", "检查会话存档，对比两个版本的规则。", group=True
    ),
    Entry("eval", "Word golden conversations with models, judge them.", "用标准会话评测模型。"),
    Entry("mask", "Replace personal data by placeholders.", "用占位符替换个人信息。"),
    Entry("merchant", "Add and list merchants.", "新建和列出商家。", group=True),
    Entry("shop", "Connect shops and change their settings.", "接入店铺，修改店铺设置。", group=True),
    Entry("person", "Say who may sign in.", "管理可以登录的人员。", group=True),
    Entry("buyer", "Forget a buyer who asks for it.", "按买家要求清除其信息。", group=True),
    Entry("token", "Make and revoke tokens for other programs.", "管理其他程序使用的令牌。", group=True),
    Entry("knowledge", "Keep and search what a shop knows.", "维护和查找店铺知识。", group=True),
    Entry("adapters", "List adapters, write and prove new ones.", "列出、编写和自检平台适配器。", group=True),
    Entry(
        "dead-letters",
        "Look after deliveries that could not be used.",
        "处理无法使用的平台推送。",
        group=True,
    ),
    Entry("db", "Prepare the database, back it up.", "准备和备份数据库。", group=True),
    Entry("cases", "Count cases by issue, product and week.", "按问题、商品和周统计问题单。"),
    Entry(
        "force-majeure",
        "Check a report of force majeure and its dates.",
        "检查不可抗力报备的材料和时间。",
    ),
    Entry("trace", "Show every step of a draft with its time.", "显示一条草稿的每个步骤和时间。"),
    Entry("doctor", "Say in plain words what is wrong here.", "用大白话说明哪里有问题。"),
)


def load(entry: Entry) -> TyperCommand | TyperGroup:
    """Import the command of ``entry``; errors of its module come through as they are."""
    module = importlib.import_module(entry.module)
    if entry.group:
        app = cast(typer.Typer, module.app)
        app.rich_markup_mode = None
        group = get_group(app)
        # Without arguments a group says in one line what is missing, like every other usage error.
        group.no_args_is_help = False
        return group
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    command = getattr(module, entry.name.replace("-", "_"))
    app.command(entry.name, help=command.__doc__ or entry.help)(command)
    return cast(TyperCommand, get_command(app))


class LazyGroup(TyperGroup):
    """The top-level group: lists commands from the table and imports the one that is called."""

    def __init__(self, **attributes: Any) -> None:
        """Register a placeholder per installed command; it carries the help line and is never run."""
        super().__init__(**attributes)
        for entry in COMMANDS:
            if entry.installed:
                self.add_command(TyperCommand(entry.name, help=entry.help, rich_markup_mode=None))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Find the command as usual, then put the real one in the placeholder's place."""
        name, command, rest = super().resolve_command(ctx, args)
        entry = next((entry for entry in COMMANDS if entry.name == name), None)
        return name, load(entry) if entry else command, rest
