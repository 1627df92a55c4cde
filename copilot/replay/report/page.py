"""Totals → one HTML file that stands alone: no script, no font, no picture from elsewhere.

Equal totals give equal bytes. Every text of the archive goes through the template's escaping; the page's own policy
allows its one style sheet, by hash, and nothing else.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from copilot.replay.report.changes import changes
from copilot.replay.report.coaching import sheets
from copilot.replay.report.drafting import drafting
from copilot.replay.report.issues import hot
from copilot.replay.report.record import record
from copilot.replay.report.summary import figures, period, rules, table, weeks
from copilot.replay.report.text import clean, cut
from copilot.replay.report.words import words
from copilot.replay.totals import Totals

LANGUAGES = ("zh", "en")
_TEMPLATES = Path(__file__).parent / "templates"


def render(totals: Totals, language: str = "zh", workers: int = 1) -> str:
    """The report of ``totals`` in ``language`` ("zh" or "en"); ``ValueError`` for any other.

    Up to ``workers`` processes read what buyers write; the report is the same for any number of them.
    """
    if language not in LANGUAGES:
        raise ValueError("a report is written in zh or en")
    t = words(language)
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _template().render(
        t=t,
        lang="zh-CN" if language == "zh" else "en",
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:",
        style=style,
        **_sections(totals, language, t, workers),
    )


def _sections(totals: Totals, language: str, t: dict[str, str], workers: int) -> dict[str, Any]:
    unnamed = t["unnamed"]
    return {
        "partial": totals.partial,
        "masked": bool(totals.run.get("masked", True)),
        "packs": [clean(pack) for pack in sorted(totals.packs)[:4]],
        "against": cut(totals.run.get("against") or "", 80),
        "period": period(totals, t),
        "figures": figures(totals, t),
        "rules": rules(totals, language),
        "weeks": weeks(totals, t),
        "agents": table(totals.agents, unnamed),
        "shops": table(totals.shops, unnamed),
        "coaching": sheets(totals, language, unnamed),
        "hot": hot(totals, language, workers),
        "drafts": drafting(totals, language, unnamed),
        "changes": changes(totals, language, unnamed),
        "record": record(totals, language),
    }


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
    return environment.get_template("report.html.j2")
