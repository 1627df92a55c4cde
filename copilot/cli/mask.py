"""``mask``: texts in, the same texts with placeholders for personal data out. Needs no database."""

from pathlib import Path
from typing import Annotated

import typer


def mask(
    source: Annotated[str, typer.Argument(metavar="[FILE|-]", help="Lines of text or JSONL. 每行文本或 JSONL。")] = "-",
    market: Annotated[
        str | None, typer.Option("--market", help="Phone formats: cn, us, uk, sea. 电话格式所属市场。")
    ] = None,
    recognizers: Annotated[
        Path | None,
        typer.Option(
            "--recognizers",
            envvar="COPILOT_RECOGNIZERS",
            help="YAML file with your own presidio pattern recognisers. 自定义识别规则的 YAML 文件。",
        ),
    ] = None,
) -> None:
    """Replace personal data by placeholders. 用占位符替换个人信息。

    A line is plain text or an object {"text", "market"}; prints {"masked", "entities":[{"type","start","end"}]}, where
    start and end count code points of the original.
    """
    from copilot.cli.masking import mask_lines

    raise typer.Exit(mask_lines(source, market, recognizers))
