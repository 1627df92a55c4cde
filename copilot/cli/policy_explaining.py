"""The work behind ``policy explain``: one JSON object for programs, a page for people on a terminal."""

import sys
from typing import Any, cast

from copilot.cli.errors import OK
from copilot.cli.io import write_json
from copilot.cli.policy_authoring import folders_with
from copilot.cli.words import language

_LABELS = {
    "en": {
        "severity": "Severity", "judges": "Judges", "reason": "Reason", "suggestion": "Instead", "source": "Source",
        "file": "File", "replaces": "Replaces", "looks": "Looks for", "packs": "Packs", "off": "off",
        "since": "since", "violates": "Must be found", "allowed": "Must stay quiet", "none": "none",
    },
    "zh": {
        "severity": "级别", "judges": "判断对象", "reason": "原因", "suggestion": "建议", "source": "依据",
        "file": "文件", "replaces": "替换了", "looks": "匹配方式", "packs": "规则包", "off": "关闭",
        "since": "生效于", "violates": "必须发现", "allowed": "不能误伤", "none": "无",
    },
}  # fmt: skip
_WIDTH = 12


def explain_rule(rule: str, *, as_json: bool) -> int:
    """Print what ``rule`` is; returns the exit code."""
    from copilot.policy.explain import explain

    told = explain(rule, folders_with(None))
    if as_json or not sys.stdout.isatty():
        write_json(told)
    else:
        sys.stdout.write(page(cast("dict[str, Any]", told), language()))
    return OK


def page(told: dict[str, Any], lang: str) -> str:
    """``told`` (of ``policy.explain``) for a person who reads ``lang``."""
    words = _LABELS[lang]
    lines = [told["rule"], ""]

    def row(label: str, value: str) -> None:
        lines.append(f"  {_padded(words[label])}{value}")

    row("severity", told["severity"])
    row("judges", ", ".join(told["speaker"]) + (f" ({told['only_if']})" if told["only_if"] else ""))
    row("reason", told["reason"][lang])
    row("suggestion", told["suggestion"][lang])
    row("source", told["source"])
    row("looks", ", ".join(dict.fromkeys(told["matchers"])))
    row("file", told["file"])
    for layer in told["layers"][:-1]:
        row("replaces", f"{layer['file']} ({layer['severity']})")
    lines += ["", f"{words['packs']}:", *(_packs(told["packs"], words) or [f"  {words['none']}"])]
    for kind in ("violates", "allowed"):
        lines += ["", f"{words[kind]}:", *(f"  - {text}" for text in told[kind])]
    return "\n".join(lines) + "\n"


def _packs(packs: dict[str, Any], words: dict[str, str]) -> list[str]:
    lines: list[str] = []
    for told in packs.values():
        state = told["severity"] if told["enabled"] else words["off"]
        since = f", {words['since']} {told['since']}" if told["since"] else ""
        reason = f" — {told['reason']}" if told["reason"] else ""
        lines.append(f"  - {told['edition']}: {state}{since}{reason}")
    return lines


def _padded(label: str) -> str:
    """``label`` filled up to a column; a Han character takes two places."""
    width = sum(2 if character > "\u2e80" else 1 for character in label)
    return label + " " * max(2, _WIDTH + 4 - width)
