"""``replay``: judge whole archives of conversations and compare two versions of the rules. Needs no database."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class _Direct(TyperGroup):
    """``replay ARCHIVE…`` is ``replay run ARCHIVE…``; only the names of commands are not taken for archives."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in front when none is named."""
        if not args or args[0] not in self.commands:
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_Direct, add_completion=False, help="Judge archives of conversations. 检查会话存档。")


class Severity(StrEnum):
    """The severity from which the exit code is 1."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class Lang(StrEnum):
    """A language of outputs."""

    ZH = "zh"
    EN = "en"


_OUT = typer.Option("--out", help="Folder for findings, totals and the report. 存放结果和报告的文件夹。")
_FAIL_ON = typer.Option("--fail-on", help="Exit with 1 when a finding is this severe. 出现此级别的问题时退出码为 1。")
_ALLOW_REJECTS = typer.Option(
    "--allow-rejects", min=0, help="With --fail-on: lines that may stay unread. 允许读不出的行数。"
)
_LANG = typer.Option("--lang", help="Language of the report. 报告的语言。")


@app.command()
def run(
    archives: Annotated[
        list[Path],
        typer.Argument(metavar="ARCHIVE...", help="JSONL, CSV, Parquet, JSON export or a folder. 会话存档或文件夹。"),
    ],
    out: Annotated[Path, _OUT],
    pack: Annotated[
        str, typer.Option("--pack", help="Policy pack; name@2026-11 pins a version. 规则包，可指定版本。")
    ] = "generic",
    against: Annotated[
        str | None,
        typer.Option("--against", help="Pack, or playbooks@FOLDER, to compare with. 用来对比的规则包或流程文件夹。"),
    ] = None,
    against_policies: Annotated[
        Path | None,
        typer.Option("--against-policies", help="Policy folder to compare with. 用来对比的规则文件夹。"),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Judge everything by the pack of this day. 全部按这一天生效的规则检查。"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes; by default one per core. 进程数。")
    ] = None,
    shard: Annotated[
        str | None, typer.Option("--shard", help="Judge part K of N (K/N); see replay merge. 只检查第 K 份。")
    ] = None,
    fail_on: Annotated[Severity | None, _FAIL_ON] = None,
    allow_rejects: Annotated[int, _ALLOW_REJECTS] = 0,
    no_mask: Annotated[
        bool, typer.Option("--no-mask", help="Keep personal data in the outputs. 输出中保留个人信息。")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run. 接着上次中断处继续。")
    ] = False,
    lang: Annotated[Lang | None, _LANG] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="Zone of days and of times without an offset. 日期所用的时区。")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Draft every buyer turn as well. 同时为买家的每一轮消息拟稿。")
    ] = False,
    recorded: Annotated[
        Path | None, typer.Option("--recorded", help="Model answers to word drafts with. 用录制的模型回答拟稿。")
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Ask COPILOT_MODEL and keep its answers. 调用模型并录制回答。")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="YAML file that names the columns of tables. 说明表格各列含义的文件。")
    ] = None,
) -> None:
    """Judge archives and write findings, totals and a report into a folder. 检查存档，写出结果和报告。

    Writes findings.jsonl, rejected.jsonl, totals.json, report.html and junit.xml, with --against also diff.jsonl. Every
    message is judged by the pack in force on its day. --draft adds drafts.jsonl, and --against playbooks@FOLDER
    offers.jsonl with the offers that other playbooks would change. `replay merge DIR... --out DIR` puts parts together.
    """
    from copilot.cli.replaying import Asked, replay_archives

    asked = Asked(
        archives=archives,
        out=out,
        pack=pack,
        against=against,
        against_policies=against_policies,
        as_of=as_of,
        workers=workers,
        shard=shard,
        fail_on=fail_on.value if fail_on else None,
        masked=not no_mask,
        resume=resume,
        lang=lang.value if lang else None,
        timezone=timezone,
        mapping=mapping,
        draft=draft,
        recorded=recorded,
        record=record,
        allow_rejects=allow_rejects,
    )
    raise typer.Exit(replay_archives(asked))


@app.command()
def merge(
    parts: Annotated[list[Path], typer.Argument(metavar="DIR...", help="The folders of all parts. 各份的文件夹。")],
    out: Annotated[Path, _OUT],
    fail_on: Annotated[Severity | None, _FAIL_ON] = None,
    allow_rejects: Annotated[int, _ALLOW_REJECTS] = 0,
    lang: Annotated[Lang | None, _LANG] = None,
) -> None:
    """Put the parts of a replay with --shard together. 合并用 --shard 分开检查的各份结果。

    The files are the same as those of one run over everything.
    """
    from copilot.cli.replaying import merge_parts

    code = merge_parts(
        parts,
        out,
        fail_on=fail_on.value if fail_on else None,
        lang=lang.value if lang else None,
        allow_rejects=allow_rejects,
    )
    raise typer.Exit(code)
