"""``force-majeure``: what a report of force majeure needs, and when it is decided. Needs no database."""

from typing import Annotated

import typer


def force_majeure(
    attach: Annotated[
        list[str] | None,
        typer.Option(metavar="ITEM=KIND[:NAME]", help="Something to hand in; may be repeated. 要交的材料，可重复。"),
    ] = None,
    received: Annotated[
        str | None, typer.Option(help="When the platform received it, with an offset. 平台收到的时间，带时区。")
    ] = None,
    profile: Annotated[str, typer.Option(help="Clock profile. 时钟配置。")] = "tiktok_shop.us",
    zone: Annotated[str | None, typer.Option(help="The shop's time zone. 店铺时区。")] = None,
) -> None:
    """Check what a report of force majeure needs. 检查不可抗力报备的材料和时间。

    Prints one JSON object, and the list for a person on standard error; exits with 1 while something is missing or
    would be refused. A report counts only as a ticket in the platform's help centre: nothing is sent from here.
    """
    from copilot.cli.reporting import check_report

    raise typer.Exit(check_report(attach or [], received, profile, zone))
