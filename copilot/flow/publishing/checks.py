"""What a version must pass before it is stored: it loads for every shop, its cases hold, lint finds no error.

Nothing that blocks is weakened without a reason or against a pin. Everything wrong is told at once; only what cannot be
read at all raises. Archives are compared elsewhere (a replay).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot.flow.publishing.files import Kind
from copilot.flow.publishing.standing import Standing
from copilot.flow.shops import GENERIC, Shops
from copilot.model.composer.lint import lint as lint_words
from copilot.playbook.lint import lint as lint_playbooks
from copilot.policy.lint import lint as lint_rules
from copilot.policy.load import PolicyFolders
from copilot.policy.pins import load_pins
from copilot.policy.testing import cases
from copilot.policy.weakening import Weakened, base_name, edition, weakened

if TYPE_CHECKING:
    from copilot.store.tables import ShopRow


@dataclass(frozen=True)
class Problem:
    """Why a version is refused: ``place`` is file:line, the words are in both languages."""

    place: str
    en: str
    zh: str


@dataclass(frozen=True)
class Target:
    """A shop that the version would hold for: what is published for it now, and what would be."""

    shop: "ShopRow"
    before: Standing
    after: Standing


@dataclass
class Outcome:
    """What the checks gave; ``packs`` by shop, ``same`` are shops whose pack it does not change."""

    problems: list[Problem] = field(default_factory=list[Problem])
    packs: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    weakened: list[Weakened] = field(default_factory=list[Weakened])
    same: list[str] = field(default_factory=list[str])

    def told(self, reason: str | None) -> list[dict[str, Any]]:
        """The weakened rules as a row keeps them."""
        return [{"rule": one.rule, "how": one.how, "reason": one.reason or reason} for one in self.weakened]


@dataclass(frozen=True)
class Checks:
    """The checks of one version whose files are laid out in ``folder``; ``merchant`` is the slug."""

    shops: Shops
    merchant: str
    folder: Path
    at: datetime

    def run(self, kind: Kind, targets: Sequence[Target], reason: str | None) -> Outcome:
        """Check it for every shop; ``reason`` speaks for weakened rules that a pack gives none for.

        Raises:
            BadConfiguration: a file cannot be used; names file and line.
        """
        found = Outcome()
        seen: set[object] = set()
        for target in targets:
            rules = self.shops.proved(target.after.without_shadow, target.shop, self.merchant, self.at)
            layers = self.shops.layers(target.after, kind, self.merchant, target.shop.slug)
            if kind is Kind.RULES:
                found.packs[target.shop.slug] = {"pack": rules.pack.name, "hash": rules.pack.hash}
                before = self.shops.under(target.before.without_shadow, target.shop, self.merchant, self.at)
                if before.pack.hash == rules.pack.hash:
                    found.same.append(target.shop.slug)
            key = (target.shop.pack, layers)
            if key not in seen:
                seen.add(key)
                self._shop(found, kind, target, layers, reason)
        found.problems = list(dict.fromkeys(found.problems))
        found.weakened = list({one.rule: one for one in found.weakened}.values())
        return found

    def _shop(self, found: Outcome, kind: Kind, target: Target, layers: tuple[Path, ...], reason: str | None) -> None:
        folders = (*self.shops.folders, *layers)
        if kind is Kind.PLAYBOOKS:
            for one in (*lint_playbooks(folders), *lint_words(folders)):
                if self._ours(one.file):
                    found.problems.append(Problem(f"{one.file}:{one.line}", one.text, one.text))
            return
        found.problems += self._cases(folders)
        found.problems += self._lint(folders)
        missing = list(self._weaker(target, folders))
        found.weakened += missing
        found.problems += self._unanswered(missing, reason)

    def _cases(self, folders: tuple[Path, ...]) -> Iterator[Problem]:
        if not any(path.is_relative_to(self.folder / "rules") for path in PolicyFolders((self.folder,)).files("rules")):
            return
        for case in cases(folders, within=self.folder, cache_dir=self.shops.cache_dir):
            result = case.judge()
            if result.said is not None:
                en, zh = result.said.of("en"), result.said.of("zh")
                yield Problem(
                    result.place, f"{result.rule}: {result.text!r} {en}", f"{result.rule}: {result.text!r} {zh}"
                )

    def _lint(self, folders: tuple[Path, ...]) -> Iterator[Problem]:
        for one in lint_rules(folders, within=self.folder, cache_dir=self.shops.cache_dir):
            if one.level == "error":
                yield Problem(f"{one.file}:{one.line}", one.text, one.zh or one.text)

    def _weaker(self, target: Target, folders: tuple[Path, ...]) -> Iterator[Weakened]:
        day, own = self.at.date(), tuple(self.shops.folders)
        new = edition(folders, target.shop.pack, day)
        name = base_name(own, target.shop.pack, new.pack.platform, day, GENERIC)
        before = self.shops.pack_of(name, target.shop.profile, (), self.at)
        after = self.shops.pack_of(target.shop.pack, target.shop.profile, folders[len(own) :], self.at)
        yield from weakened(edition(own, name, day), new, before, after, own, self.shops.cache_dir)

    def _unanswered(self, found: Sequence[Weakened], reason: str | None) -> Iterator[Problem]:
        pins = load_pins(self.shops.folders, PolicyFolders(tuple(self.shops.folders)).rules())
        for one in found:
            if one.rule in pins:
                en, zh = _HOW[one.how]
                yield Problem(
                    one.place,
                    f"'{one.rule}' {en}, but the deployment pins it ({pins[one.rule]})",
                    f"“{one.rule}”{zh}，但部署方已锁定（{pins[one.rule]}）",
                )
        bare = [one for one in found if one.rule not in pins and not (one.reason or reason or "").strip()]
        for place, how in dict.fromkeys((one.place, one.how) for one in bare):
            # A family that a pack leaves out is many rules and one mistake.
            here = [one.rule for one in bare if (one.place, one.how) == (place, how)]
            en, zh = _HOW[how]
            yield Problem(
                place,
                f"{named(here)}: blocks and {en} without a reason; give --reason",
                f"{named(here)}：拦截规则{zh}，但没有原因；请用 --reason 说明",
            )

    def _ours(self, file: Path) -> bool:
        return file.resolve().is_relative_to(self.folder.resolve())


def named(rules: Sequence[str]) -> str:
    """The first of many rules, and how many more there are."""
    shown = ", ".join(rules[:_NAMED])
    return shown if len(rules) <= _NAMED else f"{shown} + {len(rules) - _NAMED}"


def renamed(text: str, laid_out: Path, named: Path) -> str:
    """``text`` with the file names that the person knows."""
    return re.sub(f"{re.escape(str(laid_out))}/?", f"{named}/" if str(named) != "." else "", text)


_NAMED = 5
_HOW = {
    "off": ("is switched off", "被关闭"),
    "milder": ("no longer blocks", "不再拦截"),
    "blind": ("no longer finds what its own cases show", "不再发现自己用例里的违规内容"),
}
