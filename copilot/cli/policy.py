"""``policy``: check texts; write, test, lint, explain and publish rules. Only publishing needs a database."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from copilot.cli.opened import Merchant

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


class KindOf(StrEnum):
    """What can be published."""

    RULES = "rules"
    PLAYBOOKS = "playbooks"


_PACK = typer.Option("--pack", help="Policy pack, for instance tiktok_shop.us. 规则包，例如 douyin.cn。")
_MARKET = typer.Option("--market", help="The platform's pack for this market: us. 改用该平台这个市场的规则包。")
_AT = typer.Option("--at", formats=["%Y-%m-%d"], help="The pack in force on this day. 使用这一天生效的规则包。")
_FAIL_ON = typer.Option("--fail-on", help="Exit with 1 from this decision on. 达到此结论时退出码为 1。")
_FOLDER = typer.Option(
    "--folder", help="A folder laid over the others; only its own files. 叠加的规则目录，只看其中的文件。"
)
_ANSWERS = typer.Option("--answers", metavar="FILE|-", help="Look at the answers of an FAQ. 检查常见问题的回答。")
_OVERLAPS = typer.Option(
    "--overlaps", help="Tell scenes that can be true together instead. 改为列出可能同时成立的场景。"
)
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
    from copilot.cli.importing import import_for_good

    import_for_good("copilot.cli.policing")
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
    overlaps: Annotated[bool, _OVERLAPS] = False,
) -> None:
    """Look for mistakes in rules, packs, playbooks and profiles. 检查规则、规则包、流程和平台参数。

    With --archive, tell as well what a change of playbooks or terms costs: every buyer turn is drafted by both. What is
    there now is compared with --against; without it, what --folder (else COPILOT_POLICIES_DIR) adds with the rest.
    加 --archive 会再算出改动流程或店铺条款的成本：买家的每一轮都按改动前后各拟一稿。

    With --answers, look instead for FAQ answers that are still a generic preset: JSONL with "answer" (and "id"), or CSV
    with a column answer, 答案 or 回答. 加 --answers 则改为查找仍是通用预设的常见问题回答。
    """
    if overlaps:
        from copilot.cli.policy_overlaps import tell_overlaps

        raise typer.Exit(tell_overlaps(folder))

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


_SHOP = typer.Option("--shop", help="Only for this shop. 只用于这家店铺。")
_BY = typer.Option("--by", metavar="LOGIN", help="The person who decides this. 做决定的人。")
_KIND = typer.Option("--kind", help="Only these. 只处理这一类。")
_OLD = typer.Option("--archive", help="Compare with the version in force on these. 用这些存档和生效版本对比。")
_CAUGHT = typer.Option(min=0, help="Messages that may be newly blocked (default 0). 允许新增拦截的条数（默认 0）。")
_RELEASED = typer.Option(min=0, help="Messages that may no longer be blocked. 允许不再拦截的条数。")
_OFFERS = typer.Option(min=0, help="Buyer turns that may be offered something else. 允许方案有变化的轮数。")
_REASON = typer.Option("--reason", help="Why; needed to weaken what blocks. 原因；放松拦截规则时必填。")


@app.command()
def apply(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="Default: the merchant's own. 默认是商家自己的目录。")
    ] = None,
    merchant: Merchant = None,
    shop: Annotated[str | None, _SHOP] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Check and store only. 只检查和保存。")] = False,
    shadow: Annotated[bool, typer.Option("--shadow", help="Watch only (default). 只观察（默认）。")] = False,
    enforce: Annotated[bool, typer.Option("--enforce", help="In force at once. 立即生效。")] = False,
    kind: Annotated[KindOf | None, _KIND] = None,
    archive: Annotated[list[Path] | None, _OLD] = None,
    allow_newly_blocked: Annotated[int, _CAUGHT] = 0,
    allow_newly_released: Annotated[int | None, _RELEASED] = None,
    allow_changed_offers: Annotated[int | None, _OFFERS] = None,
    reason: Annotated[str | None, _REASON] = None,
    by: Annotated[str | None, _BY] = None,
) -> None:
    """Check a merchant's rules and playbooks and publish them to every process. 检查并发布商家的规则和流程。

    Exits with 1 when a case, lint, the archives or a weakened rule speaks against it, with 2 when a file cannot be
    used; what was in force stays in force. 未通过时退出码为 1，文件有误为 2；原来的版本继续生效。
    """
    from copilot.cli.publishing import Asked, apply_folder

    stages = [name for name, wanted in (("draft", draft), ("shadow", shadow), ("enforce", enforce)) if wanted]
    asked = Asked(
        merchant,
        shop,
        folder,
        tuple(stages),
        kind.value if kind else None,
        reason,
        by,
        tuple(archive or ()),
        allow_newly_blocked,
        allow_newly_released,
        allow_changed_offers,
    )
    raise typer.Exit(apply_folder(asked))


@app.command()
def published(merchant: Merchant = None, shop: Annotated[str | None, _SHOP] = None) -> None:
    """List what is published, and what versions in shadow have seen. 列出已发布的版本和观察结果。

    A table on a terminal, one JSON object a version in a pipe. 终端里是表格，管道里每个版本一行 JSON。
    """
    from copilot.cli.publishing_shown import show_published

    raise typer.Exit(show_published(merchant, shop))


@app.command()
def promote(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The version. 版本号。")],
    merchant: Merchant = None,
    enforce: Annotated[bool, typer.Option("--enforce", help="A draft too: at once in force. 草稿也立即生效。")] = False,
    by: Annotated[str | None, _BY] = None,
) -> None:
    """Bring a version on: from draft to shadow, from shadow into force. 让版本前进：草稿到观察，观察到生效。"""
    from copilot.cli.publishing_moves import promote_version

    raise typer.Exit(promote_version(merchant, number, by, enforce=enforce))


@app.command()
def rollback(
    merchant: Merchant = None,
    shop: Annotated[str | None, _SHOP] = None,
    kind: Annotated[KindOf | None, _KIND] = None,
    by: Annotated[str | None, _BY] = None,
) -> None:
    """Go back to the version before; without one, to the deployment's own folders. 退回上一个版本。"""
    from copilot.cli.publishing_moves import roll_back_version

    raise typer.Exit(roll_back_version(merchant, shop, kind.value if kind else None, by))
