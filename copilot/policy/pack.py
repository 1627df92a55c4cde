"""A pack ready to judge: the one place from which texts get their verdicts.

Holds no text between two checks. Whatever goes wrong inside a check blocks the text: fail closed.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from copilot.domain.errors import BadConfiguration
from copilot.domain.verdict import Decision, Finding, Verdict, decide
from copilot.policy.batch.alert import Alarm, Triggers
from copilot.policy.batch.narrow import narrowed
from copilot.policy.batch.search import SOUND, BatchSearch, Woken
from copilot.policy.batch.sounds import SoundPairs
from copilot.policy.batch.triggers import compile_triggers
from copilot.policy.batch.units import Wakes, units_of
from copilot.policy.batch.views import BatchFolder
from copilot.policy.cache import cached
from copilot.policy.contact import ContactFinder
from copilot.policy.context import BARE, CheckContext, Origin, Speaker
from copilot.policy.findings import by_family, failed
from copilot.policy.fingerprint import fingerprint, model_of
from copilot.policy.fold import Folder
from copilot.policy.judge import KnownWords, RuleJudge
from copilot.policy.learned import Learned
from copilot.policy.model import Rule, Wording
from copilot.policy.privacy.find import Find, find
from copilot.policy.scan import Scanner
from copilot.policy.seek import Seekers
from copilot.policy.shared import Shared
from copilot.policy.standing import Known, Standing
from copilot.policy.tables import Tables
from copilot.policy.work import Work

Looked = TypeVar("Looked")
_BATCH = 8192
"""Texts that are searched together: with more, each expression is asked less often; with fewer, caches hold them."""
_FEW = 512
_SCANNERS = Shared[Scanner]()
_TRIGGERS = Shared[Triggers]()


class Pack:
    """Compiled rules with a name and a date."""

    def __init__(
        self,
        name: str,
        compiled: Mapping[str, Any],
        *,
        limits: Mapping[str, int],
        domains: Sequence[str],
        market: str | None = None,
        everyday: Callable[[], Sequence[str]] = tuple,
        strict: bool = False,
        automaton: str | None = None,
        learned: Learned | None = None,
        cache_dir: Path | None = None,
    ) -> None:
        """``compiled`` as ``compile_rules`` gives it; ``limits`` resolved to numbers; ``domains`` may be named.

        ``market`` ("cn") picks what personal data looks like; ``everyday`` are ordinary messages by which triggers are
        chosen: verdicts do not depend on them. ``strict`` is for self-tests: an exception in a check is raised instead
        of blocking the text. ``automaton`` names the matcher of batches (``batch.automata``; null: the fastest that is
        installed). ``learned`` is needed by rules with a learned matcher; ``BadConfiguration`` when it does not know
        their model.
        """
        self.name = name
        self.market = market
        self._strict = strict
        self._find_personal: Find = find
        self._automaton = automaton
        self._cache_dir = cache_dir
        self.limits = dict(limits)
        self.domains = tuple(domains)
        self.rules = tuple(Rule.model_validate(rule) for rule in compiled["rules"])
        self.folder = Folder(Tables(**compiled["tables"]))
        self._scanner = _SCANNERS.of(compiled["digest"], lambda: Scanner(compiled["literals"]))
        units = units_of(self.rules)
        self._units = units
        self._everything = range(len(units))
        self._worded: dict[str, list[int]] = {}
        """By the name of a model the numbers of the units that its findings wake."""
        for at, unit in enumerate(units):
            matcher = self.rules[unit.rule].matchers[unit.matcher]
            if isinstance(matcher, Wording):
                self._worded.setdefault(matcher.model, []).append(at)
        self._learned = _knowing(learned, self._worded)
        self.hash = fingerprint(name, compiled["digest"], self.limits, self.domains, market, self._learned)
        self._alarm = Alarm(lambda: self._make_triggers(compiled, everyday))
        self._contacts = ContactFinder(self.folder.tables.digits)
        lists = {key: tuple(words) for key, words in compiled["lists"].items()}
        self._lists = lists
        known: KnownWords = {}
        self._judges = [RuleJudge(at, rule, self.folder, lists, known) for at, rule in enumerate(self.rules)]
        self._rough = frozenset(rule.id for rule in self.rules if any(isinstance(m, Wording) for m in rule.matchers))
        self._seekers = Seekers(self._judges, units)
        self._contextual = [judge for judge in self._judges if judge.contextual]
        self._silent: dict[tuple[Speaker, Origin], frozenset[int]] = {}
        self._stood: dict[Hashable, Standing] = {}
        self._searches: dict[frozenset[int], BatchSearch] = {}
        self._only: int | None = None
        owners = {(rule, matcher) for _, rule, matcher in compiled["literals"].get("sound", ())}
        self._hearing = {
            owner: at
            for at, unit in enumerate(units)
            if unit.wakes is Wakes.TERMS and (owner := (unit.rule, unit.matcher)) in owners
        }
        """The units that may also be there by sound, by the places of rule and matcher."""

    def check(self, text: str, context: CheckContext | None = None) -> Verdict:
        """The verdict on ``text``; spans count its code points. Never raises: a failing check blocks."""
        context = context or BARE
        return self._verdict(text, context, self._standing(context))

    def check_many(self, texts: Iterable[str], context: CheckContext | None = None) -> list[Verdict]:
        """One verdict per text, the same as ``check`` gives; texts in which nothing is found share one."""
        context = context or BARE
        standing = self._standing(context)
        verdicts: list[Verdict] = []
        for batch in _batched(texts):
            if len(batch) < _FEW and self._speechless(context.speaker, context.origin) not in self._searches:
                # What a batch needs takes longer to make than so few texts take one by one.
                verdicts += [self._verdict(text, context, standing) for text in batch]
                continue
            verdicts += self._batch(batch, context, standing)
        return verdicts

    def judges_alike(self, other: "Pack") -> bool:
        """Whether a rule that both packs have is judged the same by both."""
        return (
            self.folder.tables == other.folder.tables
            and self._lists == other._lists
            and (self.limits, self.domains, self.market) == (other.limits, other.domains, other.market)
            and model_of(self._learned) == model_of(other._learned)
        )

    def remembering(self, find_personal: Find) -> "Pack":
        """This pack with another way to find personal data, which finds the same; all else is shared."""
        other = copy(self)
        other._find_personal = find_personal
        return other

    def only(self, rule_id: str) -> "Pack":
        """This pack with one rule that speaks and no domain that may be named; all else is shared. For self-tests."""
        lone = copy(self)
        lone._only = next(judge.at for judge in self._judges if judge.rule.id == rule_id)
        lone._silent, lone._stood, lone._searches, lone.domains = {}, {}, {}, ()
        return lone

    def _search(self, context: CheckContext) -> BatchSearch:
        """The search for the rules that judge such a speaker and origin: buyers are told a fraction of all."""
        speechless = self._speechless(context.speaker, context.origin)
        known = self._searches.get(speechless)
        if known is None:
            speaking = {at for at, unit in enumerate(self._units) if unit.rule not in speechless}
            sounds = not speaking.isdisjoint(self._hearing.values())
            triggers = self._alarm.triggers.listed(speaking, sounds=sounds)
            known = self._searches[speechless] = BatchSearch(
                triggers,
                self._units,
                self._worded,
                self._batches,
                self._learned,
                self._automaton,
                self._cache_dir,
                self._sounds if triggers.sound_pairs else None,
            )
        return known

    @cached_property
    def _sounds(self) -> SoundPairs:
        return SoundPairs(self.folder, self._alarm.triggers.sound_pairs)

    @cached_property
    def _batches(self) -> BatchFolder:
        triggers = self._alarm.triggers
        return BatchFolder(self.folder, triggers.digit_letters[10:], "".join(triggers.marks))

    def prepare(self, batches: Iterable[CheckContext] = ()) -> "Pack":
        """This pack, with what saves time over many texts made now instead of when it begins to pay.

        ``batches`` are contexts of texts that will come in large numbers.
        """
        self._alarm.prepare()
        for context in batches:
            self._search(context)
            self._seekers.compile(self._standing(context).muted)
        return self

    def _make_triggers(self, compiled: Mapping[str, Any], everyday: Callable[[], Sequence[str]]) -> Triggers:
        def make() -> dict[str, Any]:
            return compile_triggers(self.rules, compiled["literals"], self.folder, everyday())

        # Made of the rules alone: shops that differ in their limits or domains share them, for they take seconds.
        name = f"triggers-3-{compiled['digest'][:32]}"
        digits = self.folder.tables.digits
        if self._cache_dir is None:
            return Triggers(make(), digits)
        return _TRIGGERS.of((self._cache_dir, name), lambda: Triggers(cached(self._cache_dir, name, make), digits))

    def _batch(self, texts: Sequence[str], context: CheckContext, standing: Standing) -> list[Verdict]:
        verdicts = [standing.clean] * len(texts)
        seen: Woken | None = None
        woken: dict[int, list[int] | None] = {}
        if standing.every_text or self._alarm.triggers.always:
            woken = dict.fromkeys(range(len(texts)))
        else:
            longest = standing.longest
            if longest is not None:
                woken = {at: [] for at, text in enumerate(texts) if len(text) > longest}
            try:
                seen = self._search(context).woken(list(texts), standing.muted)
                units = narrowed(seen.views, seen.units, self._seekers.expression)
            except Exception:  # around one check: each text is judged alone, and that fails closed
                if self._strict:
                    raise
                seen = None
                woken.update(dict.fromkeys(range(len(texts))))
            else:
                woken.update(units)
        for at, known_units in woken.items():
            known = Known(seen.views.folded(at), seen.wordings.get(at, {}), known_units or ()) if seen else None
            verdicts[at] = self._verdict(texts[at], context, standing, known)
        return verdicts

    def _standing(self, context: CheckContext) -> Standing:
        """What holds for every text of ``context``."""
        if context.limits or context.judgements:
            return self._stand(context)
        # All else that it depends on; whoever drafts all day asks the same few questions.
        told = (context.authority, context.text_language, context.claims, context.expects)
        key = (
            context.speaker,
            context.origin,
            context.resolved,
            context.translated,
            tuple(value is None for value in told),
        )
        known = self._stood.get(key)
        if known is None:
            known = self._stood[key] = self._stand(context)
        return known

    def _stand(self, context: CheckContext) -> Standing:
        limits = {**self.limits, **context.limits} if context.limits else self.limits
        not_judged: dict[str, str] = {}
        muted = set(self._speechless(context.speaker, context.origin))
        judges: list[RuleJudge] = []
        for judge in self._contextual:
            if judge.at in muted:
                continue
            why_not = judge.cannot(context, limits)
            if why_not is not None or judge.out_of_place(context):
                muted.add(judge.at)
            else:
                # Listed, but not silenced: its other matchers speak.
                why_not = judge.unanswered(context)
            if why_not is not None:
                not_judged[judge.rule.id] = why_not
            if judge.at not in muted and judge.every_text:
                judges.append(judge)
        longest = [judge.shortest_limit(limits) for judge in judges if judge.only_length]
        return Standing(
            limits=limits,
            judges=judges,
            every_text=any(not judge.only_length for judge in judges),
            longest=min(longest, default=None),
            muted=frozenset(muted),
            clean=Verdict(decision=Decision.PASS, pack=self.name, pack_hash=self.hash, not_judged=not_judged),
        )

    def _speechless(self, speaker: Speaker, origin: Origin) -> frozenset[int]:
        """The places of the rules that do not judge such a speaker or origin."""
        known = self._silent.get((speaker, origin))
        if known is None:
            known = frozenset(
                judge.at
                for judge in self._judges
                if self._only not in (None, judge.at) or not judge.speaks_of(speaker, origin)
            )
            self._silent[speaker, origin] = known
        return known

    def _verdict(
        self,
        text: str,
        context: CheckContext,
        standing: Standing,
        known: Known | None = None,
    ) -> Verdict:
        """``known`` is what a batch's search has found; null: to be found here."""
        findings: list[Finding] = []
        try:
            work = self._work(text, context, standing, known)
            woken = self._woken(work, known, standing.muted)
        except Exception as error:  # around one check: fail closed
            if self._strict:
                raise
            findings.append(failed("policy.engine", "policy", text, context, error))
        else:
            for unit in woken:
                rule = self._units[unit].rule
                if rule not in standing.muted:
                    self._guarded(self._judges[rule], work, findings, self._seekers.found, unit)
            for judge in standing.judges:
                if not judge.only_length or len(text) > (standing.longest or 0):
                    self._guarded(judge, work, findings, RuleJudge.judge_context, judge)
        if not findings:
            return standing.clean
        kept = tuple(by_family(findings, self._rough))
        # All else is shared by every verdict of the context.
        return standing.clean.model_copy(update={"decision": decide(kept), "findings": kept})

    def _work(self, text: str, context: CheckContext, standing: Standing, known: Known | None) -> Work:
        return Work(
            known.folded if known is not None else self.folder.fold(text),
            context,
            standing.limits,
            scanner=self._scanner,
            contacts=self._contacts,
            domains=self.domains,
            market=self.market,
            learned=self._learned,
            wordings=known.wordings if known is not None else None,
            find_personal=self._find_personal,
        )

    def _guarded(
        self,
        judge: RuleJudge,
        work: Work,
        findings: list[Finding],
        look: Callable[[Looked, Work], list[Finding]],
        looked: Looked,
    ) -> None:
        try:
            findings += look(looked, work)
        except Exception as error:  # around one check: fail closed
            if self._strict:
                raise
            rule = judge.rule
            findings.append(failed(rule.id, rule.family, work.folded.original, work.context, error))

    def _woken(self, work: Work, known: Known | None, muted: Collection[int]) -> Iterable[int]:
        """The units to look with."""
        folded = work.folded
        if known is None:
            woken = self._alarm.units(folded, self._everything)
            for name, worded in self._worded.items():
                speaking = [unit for unit in worded if self._units[unit].rule not in muted]
                # The model is asked for the first rule that may speak, and for none of a draft's.
                if speaking and work.wordings().get(name):
                    woken.update(speaking)
            hear = bool(self._hearing)
        else:
            woken = set(known.units)
            hear = SOUND in woken
            woken.discard(SOUND)
        if hear:
            hearing = self._hearing
            woken.update(hearing[owner] for owner in self._scanner.heard(folded) if owner in hearing)
        return woken


def _knowing(learned: Learned | None, wanted: Iterable[str]) -> Learned | None:
    """``learned``, when it knows every model of ``wanted``; null when none is wanted."""
    names = sorted(wanted)
    known = learned.names if learned is not None else ()
    for name in names:
        if name not in known:
            train = "train it with: python -m copilot.policy.learned.train policies"
            remedy = f"known models: {', '.join(known) or 'none'}; {train}"
            raise BadConfiguration(f"no model '{name}' in learned/weights.npz", remedy=remedy)
    return learned if names else None


def _batched(texts: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while batch := list(islice(rest, _BATCH)):
        yield batch
