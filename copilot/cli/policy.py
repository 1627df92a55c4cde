"""``policy``: check texts, run the rules' own cases, lint the files, explain a rule. Needs no database."""

from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, help="Check texts, test and explain policy rules. 检查文本,测试和解释规则。")


class FailOn(StrEnum):
    """The decision from which ``check`` exits with 1."""

    BLOCK = "block"
    WARN = "warn"


_PACK = typer.Option("--pack", help="Policy pack, for instance tiktok_shop.us. 规则包,例如 douyin.cn。")


@app.command()
def check(
    source: Annotated[str, typer.Argument(metavar="[FILE|-]", help="Lines of text or JSONL. 每行文本或 JSONL。")] = "-",
    pack: Annotated[str, _PACK] = "generic",
    fail_on: Annotated[
        FailOn | None, typer.Option("--fail-on", help="Exit with 1 from this decision on. 达到此结论时退出码为 1。")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Language of reasons: zh or en. 原因的语言。")] = None,
) -> None:
    """Check each line and print one verdict per line. 检查每一行,逐行输出结论。

    A line is plain text or an object {"text", "speaker", "origin", "language", "issue", "expects", "claims", "limits"};
    everything but text may be left out.
    """
    from copilot.cli.policing import check_lines

    raise typer.Exit(check_lines(source, pack=pack, fail_on=fail_on.value if fail_on else None, lang=lang))


@app.command()
def test(
    rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help="Only this rule. 只测试这条规则。")] = None,
) -> None:
    """Run every rule's own cases; exits with 1 when one fails. 运行规则自带的用例。"""
    from copilot.cli.policing import run_tests

    raise typer.Exit(run_tests(rule))


@app.command()
def lint() -> None:
    """Look for mistakes in rules, packs, playbooks and profiles. 检查规则、规则包、流程和平台参数。"""
    from copilot.cli.policing import run_lint

    raise typer.Exit(run_lint())


@app.command()
def explain(rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule's id. 规则编号。")]) -> None:
    """Print where a rule comes from and what it does. 说明一条规则的来源和作用。"""
    from copilot.cli.policing import explain_rule

    raise typer.Exit(explain_rule(rule))
