"""Scenes of one playbook that can be true at once and would answer differently: the one that stands first is taken.

Owns what ``policy lint --overlaps`` tells. That is no mistake, the order of scenes decides it; whoever moves or adds
one sees here what it takes from others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.files import load_documents
from copilot.playbook.loader import CompiledScene, Playbook, load_playbooks
from copilot.playbook.logic import covered, implies

# That an order is known is asked for almost everywhere and makes two conditions no more alike.
_COMMON = frozenset({"order.known"})


@dataclass(frozen=True)
class Overlap:
    """Two scenes that can both be true; ``line`` is that of the lower one and counts from 1."""

    file: Path
    line: int
    first: str
    then: str

    @property
    def text(self) -> str:
        """What it means, in English."""
        return f"{self.then!r} can be true together with {self.first!r} above, which is taken then; else swap them"

    @property
    def zh(self) -> str:
        """What it means, in Chinese."""
        return f"“{self.then}”和上面的“{self.first}”可能同时成立，那时走的是上面那个；如果应该反过来，就把两个场景对调"


def overlaps(folders: Sequence[Path]) -> list[Overlap]:
    """All such pairs in the playbooks of ``folders``, by file.

    Told are scenes whose conditions share a fact and of which neither is a special case of the other: a special case
    above a general one, and scenes about different things, are what the order of scenes is for.

    Raises:
        BadConfiguration: the playbooks cannot be loaded.
    """
    playbooks = load_playbooks(folders)
    unique = {playbook.file: playbook for playbook in playbooks.by_issue.values()}
    return [found for playbook in unique.values() for found in _overlaps(playbook)]


def _overlaps(playbook: Playbook) -> Iterator[Overlap]:
    document = load_documents(playbook.file)[0]
    for place, scene in enumerate(playbook.scenes):
        for above, first in enumerate(playbook.scenes[:place]):
            if _differ(first, scene) and _meet(first, scene, playbook.scenes[:above]):
                yield Overlap(playbook.file, document.line(("scenes", scene.id)), first.id, scene.id)


def _differ(one: CompiledScene, other: CompiledScene) -> bool:
    first, second = one.rule, other.rule
    return (first.act, first.silent, first.options, first.otherwise) != (
        second.act,
        second.silent,
        second.options,
        second.otherwise,
    )


def _meet(first: CompiledScene, scene: CompiledScene, above: Sequence[CompiledScene]) -> bool:
    """Whether both can be true where none of ``above`` is, and neither is a case of the other."""
    one, other = first.rule.when, scene.rule.when
    if not {*first.when.paths} & {*scene.when.paths} - _COMMON:
        return False
    if implies(one, other) or implies(other, one):
        return False
    return not covered(f"({one}) && ({other})", [scene.rule.when for scene in above])
