"""Static checks of templates against playbooks, for ``policy lint``: each scene and option has words in both languages.

Owns the comparison; refuses to judge wording.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.assets import prompt_folders
from copilot.domain.errors import BadConfiguration
from copilot.domain.plan import Act
from copilot.files import YamlDocument, load_documents
from copilot.model.prompts import Prompts
from copilot.playbook.lint import Finding
from copilot.playbook.loader import Playbook, load_playbooks

LANGUAGES = ("zh", "en")
_EXTENDS = re.compile(r"{%-?\s*extends\s+\"([^\"]+)\"")


def lint(folders: Sequence[Path], prompts: Sequence[Path] | None = None) -> list[Finding]:
    """Everything that the playbooks in ``folders`` may plan and the templates cannot say, by file."""
    try:
        playbooks = load_playbooks(folders)
    except BadConfiguration:
        # The playbooks' own lint says what is wrong with them.
        return []
    words = Prompts(prompts if prompts is not None else prompt_folders())
    unique = {playbook.file: playbook for playbook in playbooks.by_issue.values()}
    return [finding for playbook in unique.values() for finding in _playbook(playbook, words)]


def _playbook(playbook: Playbook, prompts: Prompts) -> Iterator[Finding]:
    document = load_documents(playbook.file)[0]
    issue = (playbook.rule.worded_as or playbook.rule.issue).value
    known = {language: _blocks(issue, language, prompts) for language in LANGUAGES}
    for scene in playbook.scenes:
        if scene.rule.silent:
            continue
        acts = (scene.rule.act, Act.DECLINE) if scene.rule.act is Act.OFFER else (scene.rule.act,)
        for act in acts:
            yield from _said(f"{act.value}_{scene.id}", act.value, known, document, ("scenes", scene.id))
        for name in (*scene.rule.options, *scene.rule.otherwise):
            key = playbook.options[name].key
            for form in ("option", "confirm"):
                yield from _said(f"{form}_{key}", "", known, document, ("scenes", scene.id, "options"))


def _said(
    block: str, general: str, known: dict[str, frozenset[str]], document: YamlDocument, keys: Sequence[str]
) -> Iterator[Finding]:
    """Findings where ``block`` has no words, or words of its own in one language only."""
    own = [language for language in LANGUAGES if block in known[language]]
    for language in LANGUAGES:
        if language not in own and (own or general not in known[language]):
            text = f"no template has the block {block} in {language}"
            yield Finding(document.path, document.line(keys), text)


def _blocks(issue: str, language: str, prompts: Prompts) -> frozenset[str]:
    """Every block that the issue's template has, those of the templates below it included."""
    name = f"write/{issue}.{language}.j2"
    found: frozenset[str] = frozenset()
    at: str | None = name if prompts.has(name) else f"write/common.{language}.j2"
    while at is not None and prompts.has(at):
        found |= prompts.block_names(at)
        below = _EXTENDS.search(prompts.source(at).read_text(encoding="utf-8"))
        at = below.group(1) if below else None
    return found
