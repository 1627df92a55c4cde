"""Whether what a shop wants to hand in with a report of force majeure will be accepted (F128).

Owns the judging of attachments and the list that a person reads. It sends nothing to the platform: a report is a ticket
that a person files in the help centre.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from copilot.domain.base import StrictShape
from copilot.domain.errors import BadInput
from copilot.files import nearest
from copilot.knowledge.evidence import EvidenceFile
from copilot.policy.model import Words

_UNKNOWN = Words(
    zh="没有这一类附件，平台收不收不知道；请换成列出的类别",
    en="no kind that is known to count; use one of those listed",
)


class Attachment(StrictShape):
    """Something to hand in: for which item, of what kind, and what it is called."""

    item: str
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Refused:
    """An attachment that does not count, and why."""

    attachment: Attachment
    why: Words


@dataclass(frozen=True)
class Checklist:
    """What is there and what is not.

    ``missing`` holds the kinds that an item still needs, by item, in the order of the list; ``refused`` what was handed
    in for nothing.
    """

    evidence: EvidenceFile
    missing: dict[str, tuple[str, ...]]
    refused: tuple[Refused, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing and nothing would be refused."""
        return not self.missing and not self.refused

    def render(self, language: str) -> str:
        """The list for a person, in Chinese for "zh…" and in English otherwise; one line an item, then the refusals."""
        evidence, zh = self.evidence, language.startswith("zh")
        lines = [evidence.title.of(language) + ("：" if zh else ":")]
        for number, (name, item) in enumerate(evidence.items.items(), start=1):
            state = self._state(name, language)
            said = f"{item.name.of(language)}{'：' if zh else ': '}{item.about.of(language)}"
            lines.append(f"{number}. {said}" + (f"（{state}）" if zh else f" ({state})"))
        for refused in self.refused:
            kind = evidence.kinds.get(refused.attachment.kind)
            what = refused.attachment.name or (kind.name.of(language) if kind else refused.attachment.kind)
            lines.append(
                f"不收 {what}：{refused.why.of(language)}" if zh else f"Not accepted, {what}: {refused.why.en}"
            )
        return "\n".join(lines)

    def _state(self, item: str, language: str) -> str:
        zh = language.startswith("zh")
        if item not in self.missing:
            return "已有" if zh else "there"
        kinds = [self.evidence.kinds[kind].name.of(language) for kind in self.missing[item]]
        return f"还缺{'、'.join(kinds)}" if zh else f"missing: {', '.join(kinds)}"


def check_evidence(evidence: EvidenceFile, attachments: Iterable[Attachment] = ()) -> Checklist:
    """``attachments`` against the list: what is missing, what is refused and why.

    A refused or unknown kind never fills an item. Raises ``BadInput`` for an item that the list does not have.
    """
    given: dict[str, set[str]] = {name: set() for name in evidence.items}
    refused: list[Refused] = []
    for attachment in attachments:
        if attachment.item not in given:
            raise BadInput(f"there is no item {attachment.item!r}", remedy=nearest(attachment.item, tuple(given)))
        kind = evidence.kinds.get(attachment.kind)
        why = _UNKNOWN if kind is None else kind.refused
        if why is not None:
            refused.append(Refused(attachment, why))
        else:
            given[attachment.item].add(attachment.kind)
    missing = {
        name: tuple(kind for kind in item.needs if kind not in given[name])
        for name, item in evidence.items.items()
        if not given[name].issuperset(item.needs)
    }
    return Checklist(evidence, missing, tuple(refused))
