"""Writes ``docs/schemas`` and the tables of ``docs/formats.md`` from the shapes themselves, so that they cannot drift.

Run ``python -m copilot.cli.schemas`` in the checkout after a shape changed; a test says when that is due.
"""

import importlib
import json
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from copilot.domain.case import OrderWhy
from copilot.domain.draft import TRANSITIONS, RejectReason
from copilot.domain.issue import CATEGORY_OF, Category, Risk, Turn
from copilot.domain.reason import WORDS
from copilot.policy.schema import DIALECT, MODELS
from copilot.policy.schema import schema as policy_schema

READ: dict[str, str] = {
    "conversation": "copilot.domain.conversation:Conversation",
    "message": "copilot.domain.message:Message",
    "case": "copilot.domain.case:Case",
    "order": "copilot.domain.order:Order",
    "product": "copilot.domain.order:Product",
    "money": "copilot.domain.money:Money",
    "rejection": "copilot.domain.draft:Rejection",
    "text-line": "copilot.cli.lines:TextInput",
    "check-line": "copilot.cli.policing:CheckLine",
    "rule": "copilot.policy.model:Rule",
    "pack": "copilot.policy.model:PackFile",
    "fold": "copilot.policy.model:FoldFile",
    "presets": "copilot.policy.presets:PresetFile",
    "profile": "copilot.clock.schema:Profile",
    "calendar": "copilot.clock.schema:HolidayFile",
    "knowledge-entries": "copilot.knowledge.lint:EntriesFile",
    "knowledge-evidence": "copilot.knowledge.evidence:EvidenceFile",
    "terms": "copilot.playbook.terms:Terms",
    "playbook": "copilot.playbook.schema:PlaybookFile",
    "playbook-options": "copilot.playbook.schema:OptionsFile",
    "playbook-words": "copilot.playbook.words:WordsFile",
    "playbook-topics": "copilot.playbook.topics:TopicsFile",
    "playbook-adverts": "copilot.playbook.adverts:AdvertWords",
    "playbook-matters": "copilot.playbook.stated_terms:MattersFile",
    "faq-entry": "copilot.domain.knowledge:Entry",
    "product-fact": "copilot.domain.knowledge:ProductFact",
    "pinned": "copilot.domain.knowledge:Pinned",
    "notice": "copilot.domain.knowledge:Notice",
    "phrase": "copilot.domain.knowledge:Phrase",
    "greeting": "copilot.domain.knowledge:Greeting",
    "auto-reply": "copilot.domain.auto:AutoReply",
    "knowledge-words": "copilot.knowledge.words:WordsFile",
    "voice": "copilot.model.composer.voice:Voice",
}
"""What people and platforms write: keys with a default may be left out."""
PRINTED: dict[str, str] = {
    "draft-result": "copilot.domain.draft:DraftResult",
    "verdict": "copilot.domain.verdict:Verdict",
    "claim": "copilot.domain.fact:Claim",
    "fact": "copilot.domain.fact:Fact",
    "classify-line": "copilot.cli.lines:ClassifyLine",
    "correction": "copilot.flow.corrections:Correction",
    "eval-line": "copilot.replay.evaluation.judged:EvalLine",
    "mask-line": "copilot.cli.lines:MaskLine",
    "match": "copilot.domain.knowledge:Match",
    "rejected-line": "copilot.cli.lines:RejectedLine",
}
"""What commands print: every key is always there."""


def shape(path: str) -> type[BaseModel]:
    """The shape that ``module:Class`` names."""
    module, name = path.split(":")
    found: type[BaseModel] = getattr(importlib.import_module(module), name)
    return found


def schemas() -> dict[str, dict[str, object]]:
    """The JSON Schema of every shape, by the name of its file."""
    modes: tuple[tuple[Mapping[str, str], Literal["validation", "serialization"]], ...] = (
        (READ, "validation"),
        (PRINTED, "serialization"),
    )
    return {
        name: policy_schema(name)
        if name in MODELS
        else {"$schema": DIALECT, **shape(path).model_json_schema(mode=mode)}
        for paths, mode in modes
        for name, path in paths.items()
    }


def tables() -> dict[str, str]:
    """The tables of the closed sets, by the name of their place in ``docs/formats.md``."""
    by_category = {
        category: [issue.value for issue, its in CATEGORY_OF.items() if its is category] for category in Category
    }
    return {
        "reasons": _table(("Code", "English", "中文"), ((r.value, w["en"], w["zh"]) for r, w in WORDS.items())),
        "issues": _table(("Category", "Issues"), ((c.value, _codes(names)) for c, names in by_category.items())),
        "sets": _table(
            ("Set", "Values"),
            (
                ("turn", _values(Turn)),
                ("risk", _values(Risk)),
                ("why an order was chosen", _values(OrderWhy)),
                ("why a draft is rejected", _values(RejectReason)),
            ),
        ),
        "states": _table(
            ("State", "May become"),
            ((s.value, _codes(sorted(t.value for t in to)) or "–") for s, to in TRANSITIONS.items()),
        ),
    }


def with_tables(text: str) -> str:
    """``text`` (the page) with each table between its two markers brought up to date."""
    for name, table in tables().items():
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = text.partition(start)
        _, _, after = rest.partition(end)
        text = f"{before}{start}\n{table}\n{end}{after}"
    return text


def _values(values: Iterable[StrEnum]) -> str:
    return _codes(value.value for value in values)


def _codes(values: Iterable[str]) -> str:
    return " ".join(f"`{value}`" for value in values)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def rendered(schema: Mapping[str, object]) -> str:
    """``schema`` as it stands in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write(docs: Path) -> None:
    """Bring ``docs/schemas`` and ``docs/formats.md`` up to date."""
    folder = docs / "schemas"
    folder.mkdir(exist_ok=True)
    current = {f"{name}.json": rendered(schema) for name, schema in schemas().items()}
    for old in folder.glob("*.json"):
        if old.name not in current:
            old.unlink()
    for name, text in current.items():
        (folder / name).write_text(text, encoding="utf-8")
    page = docs / "formats.md"
    page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
