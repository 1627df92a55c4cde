"""Judged lines → one HTML file that stands alone: no script, no font, no picture from elsewhere.

A model's words are a stranger's: every text goes through the template's escaping, and the page's own policy allows its
one style sheet, by hash, and nothing else. Equal lines give equal bytes.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from copilot.domain.conversation import Conversation
from copilot.model.rubric import POINTS
from copilot.replay.evaluation.judged import COMPOSER, EvalLine
from copilot.replay.evaluation.scores import Score, scores
from copilot.replay.evaluation.words import code, words
from copilot.replay.report.text import clean, cut

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = Path(__file__).parent.parent / "report" / "templates" / "report.css"
_TALK_SHOWN = 6


@dataclass(frozen=True)
class Row:
    """A writer's row: its name, one cell for each head, and what went wrong how often."""

    name: str
    cells: tuple[str, ...]
    faults: tuple[tuple[str, int], ...]
    flaws: tuple[tuple[str, int], ...]


def heads(language: str) -> tuple[str, ...]:
    """The table's heads beside the writer."""
    t = words(language)
    points = [t[point.value] for point in POINTS]
    return (t["asked"], t["usable"], t["clean"], *points, t["alike"], t["seconds"], t["tokens"], t["cost"])


def row(score: Score, language: str) -> Row:
    """A writer's row of the table; shares are of the usable texts."""
    t = words(language)
    model = score.writer != COMPOSER
    cost = "–" if not model else t["unpriced"] if score.cost is None else f"{score.cost:.4f}"
    return Row(
        clean(name_of(score.writer, language)),
        (
            str(score.asked),
            str(score.usable),
            _share(score.clean, score.usable),
            *(_share(score.kept[point], score.usable) for point in POINTS),
            str(score.alike),
            f"{score.seconds_at(50):.1f} / {score.seconds_at(95):.1f}",
            f"{score.tokens_in:,} / {score.tokens_out:,}" if model else "–",
            cost,
        ),
        tuple((code(name, language), number) for name, number in _often(score.faults)),
        tuple((code(name.partition(": ")[2], language), number) for name, number in _often(score.codes)),
    )


def name_of(writer: str, language: str) -> str:
    """A writer's name for people."""
    return words(language)["composer"] if writer == COMPOSER else writer


def render(lines: Sequence[EvalLine], conversations: Mapping[str, Conversation], language: str) -> str:
    """The page of ``lines`` in ``language`` ("zh" or "en"); ``ValueError`` for any other."""
    if language not in ("zh", "en"):
        raise ValueError("the page is written in zh or en")
    style = _STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _template().render(
        t=words(language),
        lang="zh-CN" if language == "zh" else "en",
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:",
        style=style,
        heads=heads(language),
        rows=[row(score, language) for score in scores(lines)],
        cases=_cases(lines, conversations, language),
        prompts=sorted({prompt for line in lines for prompt in line.prompts}),
    )


def _cases(
    lines: Sequence[EvalLine], conversations: Mapping[str, Conversation], language: str
) -> list[dict[str, object]]:
    t = words(language)
    found: dict[str, dict[str, object]] = {}
    drafts: dict[str, list[dict[str, object]]] = {}
    for line in lines:
        talk = conversations[line.conversation].messages[-_TALK_SHOWN:]
        drafts.setdefault(line.conversation, []).append(
            {
                "name": clean(name_of(line.writer, language)),
                "text": cut(line.text, 2000) if line.text else "",
                "fault": code(line.fault or "", language),
                "flaws": [code(flaw.code, language) for flaw in line.flaws],
            }
        )
        found[line.conversation] = {
            "id": clean(line.conversation),
            "issue": line.issue or "–",
            "act": line.act,
            "scene": line.scene,
            "talk": [f"{t[one.role.value]}: {cut(one.text or one.kind.value)}" for one in talk],
            "drafts": drafts[line.conversation],
        }
    return list(found.values())


def _often(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:12]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "–"


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("eval.html.j2")
