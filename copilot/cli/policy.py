"""``policy``: check texts; write, test, lint and explain rules. Needs no database."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, help="Check texts, test and explain policy rules. 检查文本，测试和解释规则。")


class FailOn(StrEnum):
    """The decision from which ``check`` exits with 1."""

    BLOCK = "block"
    WARN = "warn"


class SchemaOf(StrEnum):
    """The kinds of files that have a schema for editors."""

    RULE = "rule"
    PACK = "pack"
    FOLD = "fold"
    PRESETS = "presets"


_PACK = typer.Option("--pack", help="Policy pack, for instance tiktok_shop.us. 规则包，例如 douyin.cn。")
_MARKET = typer.Option("--market", help="The platform's pack for this market: us. 改用该平台这个市场的规则包。")
_AT = typer.Option("--at", formats=["%Y-%m-%d"], help="The pack in force on this day. 使用这一天生效的规则包。")
_FAIL_ON = typer.Option("--fail-on", help="Exit with 1 from this decision on. 达到此结论时退出码为 1。")
_FOLDER = typer.Option(
    "--folder", help="A folder laid over the others; only its own files. 叠加的规则目录，只看其中的文件。"
)
_ANSWERS = typer.Option("--answers", metavar="FILE|-", help="Look at the answers of an FAQ. 检查常见问题的回答。")
_ARCHIVE = typer.Option("--archive", help="Conversations to count costs on. 用这些会话计算改动的成本。")
_AGAINST = typer.Option("--against", metavar="FOLDER", help="With --archive: the playbooks before. 改动前的流程目录。")
_COST_PACK = typer.Option("--pack", help="With --archive: pack where none is named. 会话未写平台时用的规则包。")


@app.command()
def check(
    source: Annotated[str, typer.Argument(metavar="[FILE|-]", help="Lines of text or JSONL. 每行文本或 JSONL。")] = "-",
    pack: Annotated[str, _PACK] = "generic",
    market: Annotated[str | None, _MARKET] = None,
    at: Annotated[datetime | None, _AT] = None,
    fail_on: Annotated[FailOn | None, _FAIL_ON] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Language of reasons: zh or en. 原因的语言。")] = None,
) -> None:
    """Check each line and print one verdict per line. 检查每一行，逐行输出结论。

    A line is plain text or an object {"text", "speaker", "origin", "language", "issue", "expects", "claims", "limits",
    "authority", "text_language", "resolved", "translated", "judgements"}; everything but text may be left out.
    """
    from copilot.cli.policing import check_lines

    gate = fail_on.value if fail_on else None
    day = at.date() if at else None
    raise typer.Exit(check_lines(source, pack=pack, market=market, at=day, fail_on=gate, lang=lang))


@app.command()
def test(
    rule: Annotated[str | None, typer.Argument(metavar="[RULE|FAMILY]", help="Only these. 只测试这些。")] = None,
    folder: Annotated[Path | None, _FOLDER] = None,
) -> None:
    """Run every rule's own cases; exits with 1 when one fails. 运行规则自带的用例，有失败则退出码为 1。"""
    from copilot.cli.policy_authoring import run_tests

    raise typer.Exit(run_tests(rule, folder))


@app.command()
def lint(
    folder: Annotated[Path | None, _FOLDER] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Notes count as errors. 提示也算错误。")] = False,
    answers: Annotated[str | None, _ANSWERS] = None,
    archive: Annotated[list[Path] | None, _ARCHIVE] = None,
    against: Annotated[Path | None, _AGAINST] = None,
    pack: Annotated[str | None, _COST_PACK] = None,
) -> None:
    """Look for mistakes in rules, packs, playbooks and profiles. 检查规则、规则包、流程和平台参数。

    With --archive, tell as well what a change of playbooks or terms costs: every buyer turn is drafted by both. What is
    there now is compared with --against; without it, what --folder (else COPILOT_POLICIES_DIR) adds with the rest.
    加 --archive 会再算出改动流程或店铺条款的成本：买家的每一轮都按改动前后各拟一稿。

    With --answers, look instead for FAQ answers that are still a generic preset: JSONL with "answer" (and "id"), or CSV
    with a column answer, 答案 or 回答. 加 --answers 则改为查找仍是通用预设的常见问题回答。
    """
    if answers is not None:
        from copilot.cli.policy_answers import lint_answers

        raise typer.Exit(lint_answers(answers, folder, strict=strict))

    from copilot.cli.policy_costs import lint_with_costs

    raise typer.Exit(lint_with_costs(folder, archive or [], against, pack, strict=strict))


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule's id. 规则编号。")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON also on a terminal. 在终端也输出 JSON。")] = False,
) -> None:
    """Print where a rule comes from and what it does. 说明一条规则的来源和作用。

    For people on a terminal, as one JSON object in a pipe. 终端里给人看，管道里是一行 JSON。
    """
    from copilot.cli.policy_explaining import explain_rule

    raise typer.Exit(explain_rule(rule, as_json=as_json))


@app.command()
def new(
    rule: Annotated[str, typer.Argument(metavar="FAMILY.RULE", help="The new rule's id. 新规则的编号。")],
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Your policy folder (default: policies). 你的规则目录。")
    ] = None,
    copy: Annotated[
        bool, typer.Option("--copy", help="Start from the rule of this id, to replace it. 以同名规则为底稿来替换它。")
    ] = False,
) -> None:
    """Write a rule file to fill in; never over one that is there. 生成待填写的规则文件，不覆盖已有文件。"""
    from copilot.cli.policy_authoring import write_new

    raise typer.Exit(write_new(rule, folder, copy=copy))


@app.command()
def schema(
    kind: Annotated[SchemaOf, typer.Argument(help="Which kind of file. 哪种文件。")] = SchemaOf.RULE,
) -> None:
    """Print the JSON Schema of a rule, pack, fold or presets file. 输出文件的 JSON Schema，供编辑器使用。"""
    from copilot.cli.policy_authoring import print_schema

    raise typer.Exit(print_schema(kind.value))
