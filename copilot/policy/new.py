"""A new rule file for somebody to fill in: every key with a comment, placeholders that ``lint`` refuses.

Writes one file and, beside a user's rules, the schema that editors check it with; never over anything that is there.
"""

import os
import re
from pathlib import Path

from copilot.domain.errors import BadInput
from copilot.policy.lint_rules import FEWEST_CASES, PLACEHOLDER

_ID = re.compile(r"[a-z_]+\.[a-z0-9_]+")
HINT = "# yaml-language-server: $schema="
_HEAD = """\
{hint}{schema}
# Replace every {todo}; then: reply-copilot policy test {id} && reply-copilot policy lint
# 把每个 {todo} 换掉，然后运行上面两条命令。说明见 docs/writing-rules.zh-CN.md
"""
_BODY = """\
id: {id}
family: {family}
# block holds the text, warn marks it, info only counts. block 拦截，warn 提醒，info 只计数。
severity: block
languages: [zh, en]
# What is wrong, as the agent reads it. 给客服看的一句话：哪里不对。
reason:
  zh: {todo}
  en: {todo}
# The platform's rule or the law behind it. 依据的平台规则或法规。
source: {todo}
# What the agent could send or do instead. 客服可以照着发的话，或者照着做的事。
suggestion:
  zh: {todo}
  en: {todo}
matchers:
  # Words, found in every case, width and script; compact also with blanks and signs between the characters.
  # 词：大小写、全半角、繁简都算；compact 还会看穿字中间夹的空格和符号。
  - kind: terms
    views: [base, compact]
    terms: [{todo}-{name}]
  # Phrases with gaps, as RE2 (no look-around). 中间有空档的说法，用 RE2 书写，不支持环视。
  # - kind: pattern
  #   patterns: ['(?:加|添加)(?:我|咱)?[^,。!?]{{0,6}}(?:群|好友)']
# A hit behind or before these words is no violation. 命中处前后有这些词时不算违规。
unless_before: ["@refusal_before", "@refusal_adjacent", "@warning_before"]
unless_after: ["@refusal_after", "@warning_after"]
# Longer words that contain a term and are harmless. 包含上面的词、但没有问题的更长的词。
allow: []
cases:
  # At least {fewest} that must be found, as agents really write. 至少 {fewest} 条必须发现的，照真实的写法。
  violates:
{violates}  # At least {fewest} that must stay quiet, mostly near misses. 至少 {fewest} 条不能误伤的，多数要擦边。
  allowed:
{allowed}"""


def scaffold(rule_id: str, schema: str) -> str:
    """The text of a new rule file; ``schema`` is the path of its schema, from the file's folder."""
    family, name = rule_id.split(".")
    lines = "".join(f"    - {PLACEHOLDER} {number}\n" for number in range(1, FEWEST_CASES + 1))
    return (_HEAD + _BODY).format(
        hint=HINT,
        schema=schema,
        todo=PLACEHOLDER,
        id=rule_id,
        family=family,
        name=name,
        fewest=FEWEST_CASES,
        violates=lines.replace(PLACEHOLDER, f"{PLACEHOLDER} violates"),
        allowed=lines.replace(PLACEHOLDER, f"{PLACEHOLDER} allowed"),
    )


def rule_path(folder: Path, rule_id: str) -> Path:
    """Where the file of ``rule_id`` stands in ``folder``; ``BadInput`` for what cannot be an id."""
    if not _ID.fullmatch(rule_id):
        raise BadInput(f"'{rule_id}' is no rule id", remedy="write family.rule in small letters: off_platform.pager")
    family, name = rule_id.split(".")
    return folder / "rules" / family / f"{name}.yaml"


def write_rule(
    folder: Path, rule_id: str, schema: str, *, shipped: Path | None = None, copy_of: str | None = None
) -> Path:
    """Write the file of ``rule_id`` in ``folder`` and return its path.

    ``schema`` is the JSON Schema, put beside the rules so that a folder can be moved; with ``shipped`` (the file of
    that schema in a checkout) the rule points there instead. ``copy_of`` is the text of a rule to start from.

    Raises:
        BadInput: the id is none, or the file is there already.
    """
    path = rule_path(folder, rule_id)
    if path.exists():
        raise BadInput(f"{path} is there already", remedy="edit it, or choose another id")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = shipped or folder / "schemas" / "rule.json"
    if shipped is None and not beside.exists():
        beside.parent.mkdir(exist_ok=True)
        beside.write_text(schema, encoding="utf-8")
    there = os.path.relpath(beside.resolve(), path.parent.resolve()).replace(os.sep, "/")
    text = scaffold(rule_id, there) if copy_of is None else f"{HINT}{there}\n{_without_hint(copy_of)}"
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def _without_hint(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(HINT))
