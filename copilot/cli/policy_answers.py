"""The work behind ``policy lint --answers``: which answers of an FAQ are still a generic preset.

Reads JSONL and CSV, prints notes for people on standard error. What counts as a preset is ``copilot.policy.presets``.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from copilot.cli.errors import GATE_FAILED, OK, one_line
from copilot.cli.io import BadLine, Line, note, read_jsonl
from copilot.cli.policy_authoring import folders_with
from copilot.cli.rejects import Rejects
from copilot.cli.words import language
from copilot.domain.base import Shape
from copilot.domain.errors import BadInput
from copilot.policy.presets import Preset, load_presets
from copilot.replay.inputs import STDIN, name_of, opened
from copilot.replay.mapping import RowMapping
from copilot.replay.pieces import Damage, Rows
from copilot.replay.table import table_rows

COLUMNS = ("answer", "答案", "回答")
"""How the column with the answers may be called."""
_IDS = ("id", "编号")
_BLOCK = 1 << 20
_BLANK = b"\xef\xbb\xbf \t\r\n"


class AnswerLine(Shape):
    """One entry of an FAQ as a line of JSON; other keys, such as ``question``, are left alone."""

    answer: str
    id: str | int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with the line where it stands, and the entry's own id."""

    source: str
    number: int
    text: str
    id: str | None


class AnswerColumns(RowMapping):
    """The columns of an FAQ table, under the names that such tables give them."""

    def places(self, header: list[str] | None) -> dict[str, int]:
        """Field → place in a row."""
        names = {name.strip().lstrip("\ufeff").lower(): at for at, name in reversed(list(enumerate(header or [])))}
        wanted = {"text": COLUMNS, "message": _IDS}
        found = {field: next((names[name] for name in own if name in names), None) for field, own in wanted.items()}
        return {field: at for field, at in found.items() if at is not None}

    def missing(self, places: dict[str, int]) -> list[str]:
        """The columns without which a row says nothing."""
        return [] if "text" in places else [COLUMNS[0]]


def lint_answers(source: str, folder: Path | None, *, strict: bool) -> int:
    """Print a note for each answer in ``source`` that is a generic preset; returns the exit code.

    ``folder`` is laid over the other policy folders; ``strict``: notes are errors.
    """
    presets = load_presets(folders_with(folder))
    notes = 0
    with Rejects() as rejects:
        for answer in read_answers(source):
            if isinstance(answer, BadLine):
                rejects.add(answer)
                continue
            rejects.accept()
            preset = presets.match(answer.text)
            if preset is not None:
                notes += 1
                note(one_line(_said(answer, preset)))
    note(_summary(rejects.good, notes))
    if rejects.exit_code != OK:
        return rejects.exit_code
    return GATE_FAILED if strict and notes else OK


def read_answers(source: str) -> Iterator[Answer | BadLine]:
    """The answers in ``source`` (JSONL or CSV, also compressed, or ``-``); what cannot be used comes as ``BadLine``.

    Raises:
        BadInput: a file that is empty or damaged, or a table without a column of answers.
        OSError: a file that cannot be opened.
    """
    found = _objects(source) if _is_json(source) else _cells(source)
    for answer in found:
        if isinstance(answer, Answer) and not answer.text.strip():
            yield BadLine(answer.source, answer.number, "answer: must not be empty")
        else:
            yield answer


def _is_json(source: str) -> bool:
    """Whether ``source`` begins like JSON, or with nothing; standard input is left as it is for the reader."""
    with opened(source) as file:
        head = cast(Any, file).peek(_BLOCK) if source == STDIN else file.read(_BLOCK)
    begin = bytes(head).lstrip(_BLANK)
    return begin[:1] in (b"", b"{", b"[")


def _objects(source: str) -> Iterator[Answer | BadLine]:
    for line in read_jsonl(source):
        yield line if isinstance(line, BadLine) else _entry(line)


def _entry(line: Line) -> Answer | BadLine:
    try:
        entry = AnswerLine.model_validate(line.value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        return BadLine(line.source, line.number, f"{first['loc'][0]}: {first['msg']}")
    return Answer(line.source, line.number, entry.answer, None if entry.id is None else str(entry.id))


def _cells(source: str) -> Iterator[Answer | BadLine]:
    name = name_of(source)
    for content in table_rows(_blocks(source), Path(source), AnswerColumns()):
        if isinstance(content, Damage):
            yield _unreadable(name, content)
        elif isinstance(content, Rows):
            yield from _rows(name, content)


def _blocks(source: str) -> Generator[bytes]:
    with opened(source) as file:
        while block := file.read(_BLOCK):
            yield block


def _unreadable(name: str, damage: Damage) -> BadLine:
    if damage.kind == "columns":
        known = f"{', '.join(COLUMNS[:-1])} or {COLUMNS[-1]}"
        raise BadInput(f"{name}:1: has no column {known}", remedy="name one so, and save the table as UTF-8")
    return BadLine(name, max(damage.line, 1), damage.why)


def _rows(name: str, content: Rows) -> Iterator[Answer | BadLine]:
    at, id_at = content.places["text"], content.places.get("message")
    found: list[Answer | BadLine] = [_unreadable(name, damage) for damage in content.damages]
    for row, number in zip(content.rows, content.lines, strict=True):
        cells = [str(cell) for cell in row]
        text = cells[at] if at < len(cells) else ""
        entry = cells[id_at].strip() if id_at is not None and id_at < len(cells) else ""
        # Bytes that are no text come as halves of surrogate pairs.
        bad = any("\udc00" <= character <= "\udfff" for character in text + entry)
        found.append(BadLine(name, number, "is not UTF-8") if bad else Answer(name, number, text, entry or None))
    yield from sorted(found, key=lambda one: one.number)


def _said(answer: Answer, preset: Preset) -> str:
    lang = language()
    if lang == "zh":
        entry = f"“{answer.id}”" if answer.id else "回答"
        what = f"提示：{entry}仍是通用预设“{preset.id}”，没有说到本店的任何内容；"
    else:
        entry = f"'{answer.id}'" if answer.id else "the answer"
        what = f"note: {entry} is the generic preset '{preset.id}', which says nothing about this shop; "
    return f"{answer.source}:{answer.number}: {what}{preset.remedy.of(lang)}"


def _summary(number: int, notes: int) -> str:
    answers = f"{number} answer{'' if number == 1 else 's'}"
    return {
        "en": f"{answers}, {notes} note{'' if notes == 1 else 's'}",
        "zh": f"{number} 条回答，{notes} 条提示",
    }[language()]
