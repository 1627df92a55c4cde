"""``classify``: texts in, what each is about out; needs no server, no model and no network."""

from collections.abc import Iterator
from typing import Annotated

import typer

from copilot.cli.errors import OK
from copilot.cli.io import BadLine, TextLine, parse, read_lines, write_json
from copilot.cli.lines import ClassifyLine, TextInput
from copilot.cli.rejects import Rejects


def classify(
    source: Annotated[
        str,
        typer.Argument(
            metavar="[FILE|-]", help='Lines of text, or JSONL with "text". 每行一段文字,或含 text 的 JSONL。'
        ),
    ] = "-",
) -> None:
    """Say what each text is about. 判断每段文字的问题类型。

    Prints one JSON object per line: issue and category, confidence, language, the words that show it, the kind of turn
    and the risks (docs/formats.md, "classify"). What is not clear is "unclear".
    每行输出一个 JSON 对象,拿不准的记为 unclear。
    """
    with Rejects() as rejects:
        for line in _texts(source):
            if isinstance(line, BadLine):
                rejects.add(line)
                continue
            rejects.accept()
            write_json(classified(line.text))
    if rejects.exit_code != OK:
        raise typer.Exit(rejects.exit_code)


def classified(text: str) -> ClassifyLine:
    """What ``text``, read as the first words of a conversation, is about."""
    from copilot.domain.issue import CATEGORY_OF, Issue
    from copilot.flow.understand import Burst, read_turn

    seen = read_turn(Burst(messages=("0",), texts=(text,)))
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


def _texts(source: str) -> Iterator[TextInput | BadLine]:
    for line in read_lines(source):
        if isinstance(line, TextLine) and line.text.lstrip().startswith("{"):
            yield _object(line)
        else:
            yield line if isinstance(line, BadLine) else TextInput(text=line.text)


def _object(line: TextLine) -> TextInput | BadLine:
    parsed = parse(line)
    if isinstance(parsed, BadLine):
        return parsed
    text = parsed.value.get("text")
    if not isinstance(text, str):
        return BadLine(line.source, line.number, 'needs the key "text" with a string')
    return TextInput(text=text)
