"""``cases``: how often which issue was raised about which product, week by week, to look for causes."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.cli.words import language

if TYPE_CHECKING:
    from copilot.cli.case_counts import Count


class Format(StrEnum):
    """How counts are printed."""

    JSONL = "jsonl"
    CSV = "csv"


def cases(
    file: Annotated[Path | None, typer.Argument(help="An archive (JSONL) instead of the store. 存档文件。")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD. 起始日期。")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD. 结束日期。")] = None,
    shop: Annotated[str | None, typer.Option(help="The shop's slug. 店铺短名称。")] = None,
    merchant: Annotated[str | None, typer.Option(help="The merchant's slug. 商家短名称。")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of an archive's weeks. 存档的时区。")] = "UTC",
    as_format: Annotated[Format | None, typer.Option("--format", help="jsonl or csv. 输出格式。")] = None,
) -> None:
    """Count cases by issue, product and week. 按问题、商品和周统计。"""
    from copilot.cli.case_counts import Wanted, of_archive, of_store
    from copilot.cli.opened import with_store

    wanted = Wanted.parse(since, until, shop, merchant)
    found = (
        of_archive(file, wanted, zone) if file is not None else with_store(lambda store, _, __: of_store(store, wanted))
    )
    _print(found, as_format)


def _print(found: "list[Count]", as_format: Format | None) -> None:
    import csv

    from copilot.cli.io import write_json
    from copilot.cli.opened import show

    if as_format is None and sys.stdout.isatty():
        show([one.named(language()) for one in found])
    elif as_format is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("week", "shop", "issue", "product", "cases"))
        writer.writerows((one.week, one.shop, one.issue, one.product or "", one.cases) for one in found)
    else:
        for one in found:
            write_json(one.as_json())
