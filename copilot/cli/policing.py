"""The work behind ``policy check``: reads lines, asks the policy package, prints what it says.

Verdicts go to standard output as JSONL; everything for people goes to standard error.
"""

from datetime import date
from pathlib import Path
from typing import Self

from pydantic import Field, NonNegativeInt, model_validator

from copilot import assets
from copilot.cli.errors import GATE_FAILED, OK
from copilot.cli.io import BadLine, write_json
from copilot.cli.rejects import Rejects
from copilot.cli.texts import read_texts
from copilot.domain.base import Shape
from copilot.domain.clock import SystemClock
from copilot.domain.fact import Claim
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.verdict import Decision
from copilot.policy import CheckContext, Expect, Origin, Pack, Speaker, load_pack
from copilot.policy.load import platform_of
from copilot.settings import Settings, load_settings

_WEIGHT = {Decision.PASS: 0, Decision.WARN: 1, Decision.BLOCK: 2}


class CheckLine(Shape):
    """One line for ``policy check``; what is left out is not judged."""

    text: str
    speaker: Speaker = Speaker.AGENT
    origin: Origin = Origin.HUMAN
    language: str | None = None
    issue: Issue | None = None
    expects: frozenset[Expect] | None = None
    claims: tuple[Claim, ...] | None = None
    limits: dict[str, NonNegativeInt] = Field(default_factory=dict)
    authority: Money | None = None
    text_language: str | None = None
    resolved: bool | None = None
    translated: bool | None = None
    judgements: dict[str, bool] | None = None

    @model_validator(mode="after")
    def _within(self) -> Self:
        for claim in self.claims or ():
            if not 0 <= claim.start <= claim.end <= len(self.text):
                raise ValueError(f"claim {claim.start}–{claim.end} lies outside the text of {len(self.text)}")
        return self

    def context(self, lang: str | None) -> CheckContext:
        """What the check is told besides the text."""
        return CheckContext(
            speaker=self.speaker,
            origin=self.origin,
            issue=self.issue,
            language=lang or self.language,
            claims=self.claims,
            expects=self.expects,
            limits=self.limits or None,
            authority=self.authority,
            text_language=self.text_language,
            resolved=self.resolved,
            translated=self.translated,
            judgements=self.judgements,
        )


def check_lines(
    source: str, *, pack: str, market: str | None, at: date | None, fail_on: str | None, lang: str | None
) -> int:
    """Print one verdict per line of ``source``; returns the exit code.

    ``market`` asks for the pack of the same platform in another market, ``at`` for the one in force on that day (null:
    today).
    """
    loaded = _load(_in_market(pack, market), load_settings(), at)
    gate = _WEIGHT[Decision(fail_on)] if fail_on else len(_WEIGHT)
    worst = 0
    with Rejects() as rejects:
        for line in read_texts(source, CheckLine):
            if isinstance(line, BadLine):
                rejects.add(line)
                continue
            verdict = loaded.check(line.text, line.context(lang))
            rejects.accept()
            worst = max(worst, _WEIGHT[verdict.decision])
            write_json(verdict)
    if rejects.exit_code != OK:
        return rejects.exit_code
    return GATE_FAILED if worst >= gate else OK


def _in_market(pack: str, market: str | None) -> str:
    if market is None:
        return pack
    name, at, month = pack.partition("@")
    return f"{name.partition('.')[0]}.{market}{at}{month}"


def _load(pack: str, settings: Settings, at: date | None) -> Pack:
    folders = assets.policy_folders(settings.policies_dir)
    day = at or SystemClock().now().date()
    values = _profile_values(platform_of(pack, folders, day), folders, day)
    return load_pack(pack, folders, at=day, cache_dir=settings.cache_dir, profile_values=values)


def _profile_values(name: str, folders: tuple[Path, ...], today: date) -> dict[str, int]:
    """The limit of the platform's profile that packs name; none where the platform publishes none."""
    from copilot.clock.profiles import load_profile, profile_names

    if name not in profile_names(folders):
        return {}
    number = load_profile(name, folders, today).limits.max_chars
    return {} if number is None else {"message.max_chars": number.whole}
