"""The work behind ``force-majeure``: attachments against the list, and the dates of the review."""

from collections.abc import Sequence
from datetime import datetime

from copilot.cli.errors import GATE_FAILED, OK
from copilot.cli.io import note, write_json
from copilot.cli.policy_authoring import folders_with
from copilot.cli.words import language
from copilot.clock import Review, ShopCalendar, load_profile, review_of, zone_of
from copilot.domain.errors import BadInput
from copilot.knowledge.evidence import load_evidence
from copilot.knowledge.force_majeure import Attachment, check_evidence


def check_report(attach: Sequence[str], received: str | None, profile: str, zone: str | None) -> int:
    """Print what is missing, what would be refused and, with ``received``, when the platform decides; the exit code.

    Raises ``BadInput`` or ``BadConfiguration`` with the place and the remedy.
    """
    attachments = [_attachment(text) for text in attach]
    checked = check_evidence(load_evidence(folders_with(None)), attachments)
    review = _review(received, profile, zone) if received is not None else None
    refused = [{**one.attachment.model_dump(), "why": {"zh": one.why.zh, "en": one.why.en}} for one in checked.refused]
    write_json(
        {
            "complete": checked.complete,
            "missing": {item: list(kinds) for item, kinds in checked.missing.items()},
            "refused": refused,
            "decided_by": review.decided_by.isoformat() if review else None,
            "effective_from": review.effective_from.isoformat() if review else None,
        }
    )
    for line in checked.render(language()).splitlines():
        note(line)
    if review is not None:
        decided, effective = (f"{at:%Y-%m-%d %H:%M}" for at in (review.decided_by, review.effective_from))
        words = {
            "zh": f"平台最晚 {decided} 审核完，最晚 {effective} 生效",
            "en": f"decided by {decided}, in force from {effective} at the latest",
        }
        note(words[language()])
    return OK if checked.complete else GATE_FAILED


def _attachment(text: str) -> Attachment:
    item, equals, rest = text.partition("=")
    kind, _, name = rest.partition(":")
    if not (item and equals and kind):
        raise BadInput(f"--attach {text!r} cannot be read", remedy="write it as ITEM=KIND or ITEM=KIND:NAME")
    return Attachment(item=item, kind=kind, name=name)


def _review(received: str, name: str, zone: str | None) -> Review:
    try:
        at = datetime.fromisoformat(received)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadInput(
            f"--received {received!r} is no time with an offset", remedy="write it like 2026-11-29T10:00+08:00"
        )
    profile = load_profile(name, folders_with(None), at)
    found = review_of(at, profile, ShopCalendar(zone_of(profile, zone)))
    if found is None:
        raise BadInput(f"the platform of {name!r} takes no reports", remedy="see force_majeure in its profile")
    return found
