"""Static checks of playbooks, options, words and terms, for ``policy lint``.

Owns what loads but cannot be right: scenes nobody reaches, options nobody offers, facts that do not exist. Every
mistake is a finding, nothing raises.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.domain.errors import BadConfiguration
from copilot.domain.plan import Act
from copilot.files import YamlDocument, load_documents, nearest
from copilot.playbook.conditions import Expression, Missing
from copilot.playbook.facts import FACTS
from copilot.playbook.loader import FOLDER, OPTIONS_FILE, CompiledScene, Playbook, load_playbooks
from copilot.playbook.logic import covered, excludes, implies, impossible
from copilot.playbook.schema import OptionsFile, SceneRule, Title
from copilot.playbook.terms import FOLDER as TERMS_FOLDER
from copilot.playbook.terms import load_terms

SLOTS = frozenset(
    {"order", "photo", "measurement", "reason", "product", "size", "choice", "promised", "address", "invoice_title"}
)
_SIGNAL_FACTS = "turn."
_MOVE = "; move it up, narrow what stands above, or take it out"
_DROP = "; take it out of this list or correct a condition"
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Finding:
    """One thing to repair: ``line`` counts from 1."""

    file: Path
    line: int
    text: str


def lint(folders: Sequence[Path]) -> list[Finding]:
    """Everything wrong with the playbooks and terms in ``folders``, by file."""
    found = [finding for folder in folders for finding in _terms(folder)]
    try:
        playbooks = load_playbooks(folders)
    except BadConfiguration as error:
        return [*found, _as_finding(folders[0], error)]
    unique = {playbook.file: playbook for playbook in playbooks.by_issue.values()}
    signals = frozenset(playbooks.words.signals)
    for playbook in unique.values():
        found += _playbook(playbook, load_documents(playbook.file)[0], signals)
    return found + list(_shared(folders, unique))


def _terms(folder: Path) -> Iterator[Finding]:
    for file in sorted((folder / TERMS_FOLDER).glob("*.yaml")):
        try:
            load_terms(file.stem, [folder])
        except BadConfiguration as error:
            yield _as_finding(file, error)


def _playbook(playbook: Playbook, document: YamlDocument, signals: frozenset[str]) -> list[Finding]:
    found = [*_title(playbook.rule.title, (), document), *_scenes(playbook, document, signals)]
    for name, rule in playbook.rule.options.items():
        found += _title(rule.title, ("options", name), document)
    used = {name for scene in playbook.rule.scenes.values() for name in (*scene.options, *scene.otherwise)}
    for name in playbook.rule.options:
        if name not in used:
            found.append(_at(document, ("options", name), f"the option {name!r} is in no scene"))
    for name, option in playbook.options.items():
        keys = ("options", name) if name in playbook.rule.options else ()
        if _constant(option.when) is False or impossible(option.rule.when):
            found.append(_at(document, keys, f"the option {name!r} can never be offered"))
        if option.cost is None and option.amount is not None:
            found.append(_at(document, keys, f"the option {name!r} gives money and costs nothing"))
    return found


def _scenes(playbook: Playbook, document: YamlDocument, signals: frozenset[str]) -> Iterator[Finding]:
    closed_by: str | None = None
    above: list[CompiledScene] = []
    for scene in playbook.scenes:
        at = ("scenes", scene.id)
        hidden = next((one for one in above if implies(scene.rule.when, one.rule.when)), None)
        constant = _constant(scene.when)
        if constant is False or impossible(scene.rule.when):
            yield _at(document, at, "never reached: its condition is always false; correct it or take the scene out")
        elif closed_by is not None:
            yield _at(document, at, f"never reached: {closed_by!r} above is always true{_MOVE}")
        elif hidden is not None and implies(hidden.rule.when, scene.rule.when):
            yield _at(document, at, f"never reached: {hidden.id!r} above has the same condition{_MOVE}")
        elif hidden is not None:
            yield _at(document, at, f"never reached: {hidden.id!r} above is true whenever this is{_MOVE}")
        elif above and covered(scene.rule.when, [one.rule.when for one in above]):
            yield _at(document, at, f"never reached: the scenes above together are true whenever this is{_MOVE}")
        yield from _out_of_reach(scene, above, playbook, document, at)
        above.append(scene)
        yield from _same_action(scene, playbook, document, at)
        if constant is True:
            closed_by = closed_by or scene.id
        yield from _contents(scene.rule, at, document, signals)


def _out_of_reach(
    scene: CompiledScene,
    above: Sequence[CompiledScene],
    playbook: Playbook,
    document: YamlDocument,
    at: tuple[str, str],
) -> Iterator[Finding]:
    """Options that the scene lists and that never hold in it, by its own condition or because one above is taken."""
    # Where the scene itself is out of reach that is told once.
    if covered(scene.rule.when, [one.rule.when for one in above]):
        return
    for listed in ("options", "otherwise"):
        for name in dict.fromkeys(getattr(scene.rule, listed)):
            option = playbook.options[name].rule
            if impossible(option.when):
                continue
            if excludes(scene.rule.when, option.when):
                yield _at(document, (*at, listed), f"{name!r} is never offered here: {scene.id!r} excludes it{_DROP}")
                continue
            both = f"({scene.rule.when}) && ({option.when})"
            if not covered(both, [one.rule.when for one in above]):
                continue
            taken = next((one for one in above if implies(both, one.rule.when)), None)
            by = f"{taken.id!r} above is taken" if taken is not None else "one of the scenes above is taken"
            text = f"{name!r} is never offered here: wherever its condition holds, {by}{_DROP}"
            yield _at(document, (*at, listed), text)


def _same_action(
    scene: CompiledScene, playbook: Playbook, document: YamlDocument, at: tuple[str, str]
) -> Iterator[Finding]:
    """Options of one scene that are the same deed of the back office and may hold together: the buyer sees it twice."""
    listed = [playbook.options[name] for name in (*scene.rule.options, *scene.rule.otherwise)]
    for place, one in enumerate(listed):
        for other in listed[place + 1 :]:
            if one.rule.action != other.rule.action or excludes(one.rule.when, other.rule.when):
                continue
            if one.key == other.key and not implies(other.rule.when, one.rule.when):
                # Two ways to the same offer; the second serves where the first does not hold.
                continue
            said = "is never offered: under its condition" if one.key == other.key else "may stand beside"
            yield _at(
                document, (*at, "options"), f"{other.key!r} {said} {one.key!r}, the same action {one.rule.action}"
            )


def _title(title: Title, keys: Sequence[str], document: YamlDocument) -> Iterator[Finding]:
    if not _HAN.search(title.zh):
        yield _at(document, (*keys, "title"), f"title.zh {title.zh!r} is not Chinese")
    if _HAN.search(title.en) or not _LATIN.search(title.en):
        yield _at(document, (*keys, "title"), f"title.en {title.en!r} is not English")


def _constant(expression: Expression) -> bool | None:
    """The value of a condition that looks at nothing; None for all others."""
    if expression.paths:
        return None
    value = expression.holds({})
    return None if isinstance(value, Missing) else value


def _contents(
    rule: SceneRule, at: tuple[str, str], document: YamlDocument, signals: frozenset[str]
) -> Iterator[Finding]:
    for field in ("needs", "points", "declined"):
        for name in getattr(rule, field):
            if not _is_fact(name, signals):
                hint = nearest(name, sorted(FACTS))
                yield _at(document, (*at, field), f"{name!r} is no fact" + (f"; {hint}" if hint else ""))
    for slot in rule.asks:
        if slot not in SLOTS:
            yield _at(document, (*at, "asks"), f"{slot!r} is no slot; {nearest(slot, sorted(SLOTS))}")
    if rule.act is Act.ASK and not rule.asks:
        yield _at(document, at, "asks for nothing")
    if rule.act is Act.OFFER and not rule.declined:
        yield _at(document, at, "has no 'declined' facts: without an option nobody could say which rule forbids it")
    if rule.act not in (Act.OFFER, Act.HOLD) and (rule.options or rule.otherwise):
        yield _at(document, at, f"lists options, but its act is {rule.act.value}")


def _is_fact(name: str, signals: frozenset[str]) -> bool:
    if name in FACTS or name.startswith("product.attributes."):
        return True
    return name.startswith(_SIGNAL_FACTS) and name.removeprefix(_SIGNAL_FACTS) in signals


def _shared(folders: Sequence[Path], playbooks: dict[Path, Playbook]) -> Iterator[Finding]:
    """Shared options that no playbook lists."""
    used = {
        name
        for playbook in playbooks.values()
        for scene in playbook.rule.scenes.values()
        for name in (*scene.options, *scene.otherwise)
    }
    for folder in folders:
        file = folder / FOLDER / OPTIONS_FILE
        for document in load_documents(file) if file.is_file() else ():
            for name, rule in OptionsFile.model_validate(document.data).options.items():
                yield from _title(rule.title, ("options", name), document)
                if name not in used:
                    yield _at(document, ("options", name), f"the option {name!r} is in no scene")


def _at(document: YamlDocument, keys: Sequence[str], text: str) -> Finding:
    return Finding(document.path, document.line(keys), text)


def _as_finding(file: Path, error: BadConfiguration) -> Finding:
    """``error``, whose message begins with file:line, as a finding."""
    place, _, rest = str(error).partition(": ")
    name, _, line = place.rpartition(":")
    return Finding(Path(name), int(line), rest) if line.isdigit() else Finding(file, 1, str(error))
