"""A pack ready to judge: the one place from which texts get their verdicts.

Holds no text between two checks. Whatever goes wrong inside a check blocks the text: fail closed.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from copilot.domain.errors import PolicyFileError
from copilot.domain.verdict import Finding, Severity, Verdict, decide
from copilot.policy.cache import cached
from copilot.policy.compile import cache_key, compile_pack
from copilot.policy.contact import ContactFinder, Hit, NumbersOnce
from copilot.policy.context import BARE, CheckContext
from copilot.policy.fold import Folder
from copilot.policy.judge import RuleJudge, Work, leftmost_longest
from copilot.policy.linear import ExpressionSet
from copilot.policy.load import choose_pack, open_folders
from copilot.policy.model import Contact, Rule
from copilot.policy.privacy.find import find
from copilot.policy.scan import Candidate, Scanner
from copilot.policy.tables import Tables

_FAILED = {"zh": "检查未能完成,按拦截处理", "en": "the check could not be completed, so the text is held"}


class Pack:
    """Compiled rules with a name and a date."""

    def __init__(
        self,
        name: str,
        compiled: Mapping[str, Any],
        *,
        limits: Mapping[str, int],
        domains: Sequence[str],
        strict: bool = False,
    ) -> None:
        """``compiled`` as ``compile_rules`` gives it; ``limits`` resolved to numbers; ``domains`` may be named.

        ``strict`` is for self-tests: an exception in a check is raised instead of blocking the text.
        """
        self.name = name
        self.market = name.partition("@")[0].partition(".")[2] or None
        self._strict = strict
        self.limits = dict(limits)
        self.domains = tuple(domains)
        self.hash = _hash(name, compiled, self.limits, self.domains)
        self.rules = tuple(Rule.model_validate(rule) for rule in compiled["rules"])
        self.folder = Folder(Tables(**compiled["tables"]))
        self._scanner = Scanner(compiled["literals"])
        self._contacts = ContactFinder(self.folder.tables.digits)
        self._patterns = ExpressionSet()
        lists = {key: tuple(words) for key, words in compiled["lists"].items()}
        self._judges = [
            RuleJudge(at, rule, self.folder, lists, self._patterns.add) for at, rule in enumerate(self.rules)
        ]
        self._patterns.seal()

    def check(self, text: str, context: CheckContext | None = None) -> Verdict:
        """The verdict on ``text``; spans count its code points. Never raises: a failing check blocks."""
        context = context or BARE
        findings: list[Finding] = []
        not_judged: dict[str, str] = {}
        try:
            work = self._look(text, context)
        except Exception as error:  # around one check: fail closed
            if self._strict:
                raise
            findings.append(_failed("policy.engine", "policy", text, context, error))
        else:
            for judge in self._judges:
                self._judge(judge, work, findings, not_judged)
        kept = tuple(_by_family(findings))
        return Verdict(decision=decide(kept), pack=self.name, pack_hash=self.hash, findings=kept, not_judged=not_judged)

    def check_many(self, texts: Iterable[str], context: CheckContext | None = None) -> list[Verdict]:
        """One verdict per text, the same as ``check`` gives."""
        return [self.check(text, context) for text in texts]

    def _judge(self, judge: RuleJudge, work: Work, findings: list[Finding], not_judged: dict[str, str]) -> None:
        rule = judge.rule
        if work.context.speaker not in rule.scope.speaker:
            return
        if judge.idle(work):
            return
        try:
            why_not = judge.cannot(work)
            if why_not is not None:
                not_judged[rule.id] = why_not
            else:
                findings += judge.judge(work)
        except Exception as error:  # around one check: fail closed
            if self._strict:
                raise
            findings.append(_failed(rule.id, rule.family, work.folded.original, work.context, error))

    def _look(self, text: str, context: CheckContext) -> Work:
        folded = self.folder.fold(text)
        candidates: dict[tuple[int, int], list[Candidate]] = {}
        for candidate in self._scanner.candidates(folded):
            candidates.setdefault((candidate.rule, candidate.matcher), []).append(candidate)
        tight = not text.isascii() and len(folded.tight) != len(folded.base)
        patterns = self._patterns.present(folded.base, *([folded.tight] if tight else ()))
        numbers = NumbersOnce(self._contacts, folded)

        def contacts(matcher: Contact) -> list[Hit]:
            return self._contacts.find(folded, matcher.detect, (*self.domains, *matcher.domains), numbers)

        touched = frozenset(at for at, _ in candidates)
        limits = {**self.limits, **context.limits} if context.limits else self.limits
        personal = cache(lambda: find(folded.base, self.market))
        return Work(folded, context, candidates, touched, contacts, personal, limits, patterns, tight)


def _by_family(findings: list[Finding]) -> list[Finding]:
    if len(findings) < 2:
        return findings
    families: dict[str, list[Finding]] = {}
    for finding in findings:
        families.setdefault(finding.family, []).append(finding)
    kept = [finding for group in families.values() for finding in leftmost_longest(group)]
    return sorted(kept, key=lambda finding: (finding.start, finding.end, finding.rule))


def _failed(rule: str, family: str, text: str, context: CheckContext, error: Exception) -> Finding:
    reason = _FAILED["zh" if (context.language or "zh").startswith("zh") else "en"]
    reason = f"{reason} ({type(error).__name__})"
    return Finding(rule=rule, family=family, severity=Severity.BLOCK, start=0, end=len(text), text=text, reason=reason)


def _hash(name: str, compiled: Mapping[str, Any], limits: Mapping[str, int], domains: Sequence[str]) -> str:
    parts = (name, repr(compiled["rules"]), repr(sorted(compiled["lists"].items())), repr(compiled["literals"]))
    parts += (repr(sorted(limits.items())), repr(domains))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def load_pack(
    name: str,
    folders: Sequence[Path],
    at: date | None = None,
    cache_dir: Path | None = None,
    profile_values: Mapping[str, int] | None = None,
) -> Pack:
    """The pack ``name`` in force on ``at`` (null: the newest).

    ``folders`` are policy roots, later ones override; ``cache_dir`` keeps compiled packs (null: no cache);
    ``profile_values`` resolves what a pack names symbolically ({"message.max_chars": 2000}). Raises
    ``BadConfiguration`` for an unknown pack, naming the known ones, and ``PolicyFileError`` with file:line.
    """
    opened = open_folders(folders)
    chosen, document = choose_pack(opened.packs(), name, at)
    full_name = f"{chosen.name}@{chosen.effective:%Y-%m}"
    key = cache_key(opened, f"{chosen.name}@{chosen.effective.isoformat()}")
    compiled = cached(cache_dir, key, lambda: compile_pack(opened, chosen, document))
    limits = {
        limit: number
        for limit, value in chosen.limits.items()
        if (number := _limit_value(value, profile_values, f"{document.path}:{document.line(('limits', limit))}"))
        is not None
    }
    return Pack(full_name, compiled, limits=limits, domains=chosen.domains)


def _limit_value(value: str | int, profile_values: Mapping[str, int] | None, place: str) -> int | None:
    if isinstance(value, int):
        return value
    prefix, _, path = value.partition(".")
    if prefix != "profile" or not path:
        raise PolicyFileError(f"{place}: '{value}' is no limit", remedy="give a number or profile.<path>")
    return (profile_values or {}).get(path)
