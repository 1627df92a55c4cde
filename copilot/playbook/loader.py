"""Playbook files → compiled playbooks.

Owns the layers (a later folder's file replaces an issue's playbook as a whole) and all compile-time errors; a
playbook that loads can be run.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from copilot.domain.issue import Issue
from copilot.files import YamlDocument, load_documents, nearest, validate
from copilot.playbook.adverts import FILE as ADVERTS_FILE
from copilot.playbook.adverts import Adverts, load_adverts
from copilot.playbook.conditions import Expression, ExpressionError
from copilot.playbook.schema import OptionRule, OptionsFile, PlaybookFile, SceneRule
from copilot.playbook.stated_terms import FILE as MATTERS_FILE
from copilot.playbook.stated_terms import Asked, load_matters
from copilot.playbook.topics import FILE as TOPICS_FILE
from copilot.playbook.topics import Topics, load_topics
from copilot.playbook.values import names
from copilot.playbook.words import FILE as WORDS_FILE
from copilot.playbook.words import Words, load_words

FOLDER = "playbooks"
OPTIONS_FILE = "options.yaml"
# Word lists beside the playbooks; every other file is an issue.
_LISTS = frozenset({OPTIONS_FILE, WORDS_FILE, TOPICS_FILE, ADVERTS_FILE, MATTERS_FILE})


@dataclass(frozen=True)
class CompiledOption:
    """An option with its expressions compiled; ``key`` is its name in plans."""

    key: str
    rule: OptionRule
    when: Expression
    amount: Expression | None
    cost: Expression | None
    gives: Mapping[str, Expression]


@dataclass(frozen=True)
class CompiledScene:
    """A scene with its condition compiled."""

    id: str
    rule: SceneRule
    when: Expression


@dataclass(frozen=True)
class Playbook:
    """One issue, ready to run; ``id`` is issue@hash."""

    id: str
    file: Path
    rule: PlaybookFile
    empathy: Expression
    scenes: tuple[CompiledScene, ...]
    options: Mapping[str, CompiledOption]


@dataclass(frozen=True)
class Playbooks:
    """All playbooks in force, by issue, with the word lists that they share."""

    by_issue: Mapping[Issue, Playbook]
    words: Words
    topics: Topics = field(default_factory=Topics)
    adverts: Adverts = field(default_factory=Adverts)
    matters: Mapping[Issue, Asked] = field(default_factory=dict[Issue, Asked])


def load_playbooks(folders: Sequence[Path], layers: Sequence[Path] = ()) -> Playbooks:
    """The playbooks of ``folders`` and then of ``layers`` (a merchant's and a shop's folder); later files win.

    Raises ``PolicyFileError`` that names file, line and remedy for the first mistake.
    """
    places = (*folders, *layers)
    words = load_words(places)
    allowed = names(words)
    shared = _shared_options(places, allowed)
    files: dict[str, Path] = {}
    for folder in places:
        for file in sorted((folder / FOLDER).glob("*.yaml")):
            if file.name not in _LISTS:
                files[file.stem] = file
    compiled = [compile_file(file, shared, allowed) for file in files.values()]
    # An issue's own file goes before a neighbour that answers it too.
    also = {issue: playbook for playbook in compiled for issue in playbook.rule.also}
    own = {playbook.rule.issue: playbook for playbook in compiled}
    return Playbooks(also | own, words, load_topics(places), load_adverts(places), load_matters(places))


def _shared_options(places: Sequence[Path], allowed: frozenset[str]) -> dict[str, CompiledOption]:
    found: dict[str, CompiledOption] = {}
    for folder in places:
        file = folder / FOLDER / OPTIONS_FILE
        if file.is_file():
            for document in load_documents(file):
                rules = validate(document, OptionsFile).options
                found |= {key: _option(document, key, rule, allowed) for key, rule in rules.items()}
    return found


def compile_file(file: Path, shared: Mapping[str, CompiledOption], allowed: frozenset[str]) -> Playbook:
    """The playbook in ``file``."""
    document = load_documents(file)[0]
    rule = validate(document, PlaybookFile)
    if rule.issue.value != file.stem:
        raise document.error(("issue",), f"must be {file.stem!r}, as the file is called")
    options = {**shared} | {key: _option(document, key, one, allowed) for key, one in rule.options.items()}
    scenes = tuple(_scene(document, id, one, options, allowed) for id, one in rule.scenes.items())
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    used = {key for scene in rule.scenes.values() for key in (*scene.options, *scene.otherwise)} | set(rule.options)
    kept = {key: options[key] for key in options if key in used}
    felt = rule.empathy if isinstance(rule.empathy, str) else str(rule.empathy).lower()
    return Playbook(
        id=f"{rule.issue.value}@{digest}",
        file=file,
        rule=rule,
        empathy=_compile(document, ("empathy",), felt, allowed),
        scenes=scenes,
        options=kept,
    )


def _option(document: YamlDocument, key: str, rule: OptionRule, allowed: frozenset[str]) -> CompiledOption:
    def compiled(*at: str, source: str) -> Expression:
        return _compile(document, ("options", key, *at), source, allowed)

    return CompiledOption(
        key=rule.key or key,
        rule=rule,
        when=compiled("when", source=rule.when),
        amount=compiled("amount", source=rule.amount) if rule.amount else None,
        cost=compiled("cost", source=rule.cost) if rule.cost else None,
        gives={name: compiled("gives", name, source=source) for name, source in rule.gives.items()},
    )


def _scene(
    document: YamlDocument, id: str, rule: SceneRule, options: Mapping[str, CompiledOption], allowed: frozenset[str]
) -> CompiledScene:
    for listed in ("options", "otherwise"):
        for key in getattr(rule, listed):
            if key not in options:
                at = ("scenes", id, listed)
                raise document.error(at, f"{key!r} is no option", remedy=nearest(key, list(options)))
    if rule.act.value == "offer" and not rule.options:
        raise document.error(("scenes", id), "offers nothing", remedy="list its options")
    return CompiledScene(id=id, rule=rule, when=_compile(document, ("scenes", id, "when"), rule.when, allowed))


def _compile(document: YamlDocument, keys: tuple[str, ...], source: str, allowed: frozenset[str]) -> Expression:
    try:
        return Expression(source, allowed)
    except ExpressionError as error:
        raise document.error(keys, str(error)) from None
