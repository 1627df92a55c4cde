"""Fills the draft example of both READMEs from a real run: ``python -m tests.tooling.readme``."""

import json
import subprocess
import sys
from typing import Any

from tests.conftest import ROOT

START, END = "<!-- draft example: filled from a real run -->\n", "<!-- /draft example -->"
EXAMPLES = {"README.md": ("en", "drafts-4"), "README.zh-CN.md": ("zh", "drafts-1")}
SHORTENED = {"en": "Printed, shortened to the keys that matter most:", "zh": "输出（只列出最重要的键）："}
SAID = {"en": "The buyer wrote:", "zh": "买家说："}


def golden(language: str, name: str) -> str:
    """The line of a golden conversation."""
    lines = (ROOT / f"tests/golden/{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if json.loads(line)["id"] == name)


def shortened(result: dict[str, Any]) -> dict[str, Any]:
    """The keys of a draft result that a reader of the README needs."""
    draft = result["draft"]
    return {
        "conversation": result["conversation"],
        "draft": {
            "text": draft["text"],
            "turn": draft["turn"],
            "order": draft["order"],
            "options": [{key: option[key] for key in ("id", "text", "cost")} for option in draft["options"]],
            "claims": [{key: claim[key] for key in ("kind", "text", "source")} for claim in draft["claims"]],
            "verdict": {key: draft["verdict"][key] for key in ("decision", "pack")},
            "written_by": draft["written_by"],
        },
        "reason": result["reason"],
    }


def laid_out(value: dict[str, Any]) -> str:
    """JSON with one line per option and claim."""
    draft = value["draft"]
    inner = [f'    "{key}": {_rows(item)}' for key, item in draft.items()]
    joined = ",\n".join(inner)
    return (
        f'{{\n  "conversation": "{value["conversation"]}",\n  "draft": {{\n{joined}\n  }},\n'
        f'  "reason": {json.dumps(value["reason"])}\n}}'
    )


def _rows(item: Any) -> str:
    if isinstance(item, list) and item:
        rows = ",\n".join(f"      {json.dumps(row, ensure_ascii=False)}" for row in item)
        return f"[\n{rows}\n    ]"
    return json.dumps(item, ensure_ascii=False)


def example(language: str, name: str) -> str:
    """The text between the markers: what the buyer wrote, the command, what it printed."""
    line = golden(language, name)
    command = [sys.executable, "-m", "tests.guard", "draft", "-"]
    done = subprocess.run(command, input=line + "\n", capture_output=True, text=True, cwd=ROOT, check=True)
    said = " / ".join(message["text"] or f"[{message['kind']}]" for message in json.loads(line)["messages"])
    return (
        f"{SAID[language]} {said}\n\n"
        f"```sh\ngrep '\"{name}\"' tests/golden/{language}.jsonl | .venv/bin/reply-copilot draft -\n```\n\n"
        f"{SHORTENED[language]}\n\n```json\n{laid_out(shortened(json.loads(done.stdout)))}\n```\n"
    )


def filled(text: str, language: str, name: str) -> str:
    """A README with its example brought up to date."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{example(language, name)}\n{END}{after}"


if __name__ == "__main__":
    for file, (language, name) in EXAMPLES.items():
        path = ROOT / file
        path.write_text(filled(path.read_text(encoding="utf-8"), language, name), encoding="utf-8")
