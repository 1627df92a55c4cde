"""``classify``: texts in, what each is about out; needs no server, no model and no network."""

from typing import Annotated

import typer

from copilot.cli.errors import OK
from copilot.cli.io import BadLine, write_json
from copilot.cli.lines import ClassifyLine, TextInput
from copilot.cli.rejects import Rejects
from copilot.cli.texts import read_texts


def classify(
    source: Annotated[
        str,
        typer.Argument(
            metavar="[FILE|-]", help='Lines of text, or JSONL with "text". 每行一段文字,或含 text 的 JSONL。'
        ),
    ] = "-",
    corrections: Annotated[
        bool,
        typer.Option(
            "--corrections",
            help="Print the turns whose issue agents corrected, masked. 输出客服纠正过问题类型的买家消息(已脱敏)。",
        ),
    ] = False,
) -> None:
    """Say what each text is about. 判断每段文字的问题类型。

    Prints one JSON object per line: issue and category, confidence, language, the words that show it, the kind of turn
    and the risks (docs/formats.md, "classify"). What is not clear is "unclear".
    每行输出一个 JSON 对象,拿不准的记为 unclear。
    """
    if corrections:
        import asyncio

        asyncio.run(_corrected())
        return
    with Rejects() as rejects:
        for line in read_texts(source, TextInput):
            if isinstance(line, BadLine):
                rejects.add(line)
                continue
            rejects.accept()
            write_json(classified(line.text))
    if rejects.exit_code != OK:
        raise typer.Exit(rejects.exit_code)


async def _corrected() -> None:
    from copilot import logs
    from copilot.flow.checkpoints import HOOKS
    from copilot.flow.corrections import corrections
    from copilot.settings import load_settings
    from copilot.store.engine import Store

    settings = load_settings()
    logs.configure(settings.log_level)
    async with await Store.open(settings, hooks=HOOKS) as store:
        async for correction in corrections(store):
            write_json(correction)


def classified(text: str) -> ClassifyLine:
    """What ``text``, read as the first words of a conversation, is about."""
    from copilot.domain.issue import CATEGORY_OF, Issue
    from copilot.flow.understand import Burst, read_turn
    from copilot.flow.understand.placeholders import blanked

    seen = read_turn(Burst(messages=("0",), texts=(blanked(text),)))
    first = seen.issues[0] if seen.issues else None
    issue = first.issue if first else Issue.UNCLEAR
    return ClassifyLine(
        issue=issue,
        category=CATEGORY_OF[issue],
        confidence=first.confidence if first else 0.0,
        language=seen.language,
        evidence=first.evidence if first else None,
        turn=seen.turn,
        issues=seen.issues,
        risks=seen.risks,
    )
