"""Reads the policy folders: rules, packs and folding tables, folder by folder, and decides which pack is meant.

Reading only; a compiled pack comes from ``compile``. A folder that comes later overrides a rule by its id, a pack by
name and date, a folding table key by key.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from copilot.domain.errors import BadConfiguration, PolicyFileError
from copilot.domain.verdict import Severity
from copilot.policy.document import Document, read_document
from copilot.policy.model import FoldFile, PackFile, Rule
from copilot.policy.tables import merge

ORDER = {Severity.INFO: 0, Severity.WARN: 1, Severity.BLOCK: 2}


@dataclass(frozen=True, slots=True)
class Sourced:
    """A rule with the file it came from."""

    rule: Rule
    document: Document


@dataclass(frozen=True, slots=True)
class PolicyFolders:
    """The policy files of several folders as bytes: enough for a content hash, parsed only when asked."""

    folders: tuple[Path, ...]

    def files(self, kind: str) -> list[Path]:
        """Every YAML file of ``kind`` ("rules", "packs", "fold") in the order in which it counts."""
        return [path for folder in self.folders for path in sorted((folder / kind).rglob("*.yaml"))]

    def digest(self) -> str:
        """A hash over every file's place and content."""
        total = hashlib.sha256()
        for folder in self.folders:
            for kind in ("rules", "packs", "fold"):
                for path in sorted((folder / kind).rglob("*.yaml")):
                    content = path.read_bytes()
                    total.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode())
                    total.update(content)
        return total.hexdigest()

    def rules(self) -> dict[str, Sourced]:
        """All rules by id; ``PolicyFileError`` for an id that stands twice in one folder."""
        result: dict[str, Sourced] = {}
        for folder in self.folders:
            here: dict[str, Path] = {}
            for path in sorted((folder / "rules").rglob("*.yaml")):
                document = read_document(path)
                rule = document.parse(Rule)
                if rule.id in here:
                    line = document.line(("id",))
                    raise PolicyFileError(
                        f"{path}:{line}: id '{rule.id}' is also in {here[rule.id].name}", remedy="give it another id"
                    )
                here[rule.id] = path
                result[rule.id] = Sourced(rule, document)
        return result

    def layers(self) -> dict[str, list[Sourced]]:
        """Every file of each rule id, the one that counts last."""
        result: dict[str, list[Sourced]] = {}
        for folder in self.folders:
            for rule_id, sourced in PolicyFolders((folder,)).rules().items():
                result.setdefault(rule_id, []).append(sourced)
        return result

    def fold(self) -> FoldFile:
        """The folding tables of all folders as one."""
        return merge(read_document(path).parse(FoldFile) for path in self.files("fold"))

    def everyday(self, names: str = "*.txt") -> list[str]:
        """Ordinary messages of every language, one a line, of the files called ``names``; comments begin with #."""
        paths = [path for folder in self.folders for path in sorted((folder / "everyday").glob(names))]
        lines = (line.strip() for path in paths for line in path.read_text(encoding="utf-8").splitlines())
        return [line for line in lines if line and not line.startswith("#")]

    def packs(self) -> list[tuple[PackFile, Document]]:
        """Every pack file; a later folder replaces the same name and date."""
        result: dict[tuple[str, date], tuple[PackFile, Document]] = {}
        for path in self.files("packs"):
            document = read_document(path)
            pack = document.parse(PackFile)
            result[pack.name, pack.effective] = (pack, document)
        return list(result.values())


def open_folders(folders: Sequence[Path]) -> PolicyFolders:
    """``folders`` as policy folders; ``BadConfiguration`` when none holds rules: a check never runs on nothing."""
    present = tuple(folder for folder in folders if folder.is_dir())
    if not any((folder / "rules").is_dir() for folder in present):
        looked = ", ".join(str(folder) for folder in folders) or "nowhere"
        raise BadConfiguration(f"no policy rules found (looked in {looked})", remedy="set COPILOT_POLICIES_DIR")
    return PolicyFolders(present)


def pack_names(folders: Sequence[Path]) -> tuple[str, ...]:
    """The names of the packs in ``folders``, without dates."""
    return tuple(sorted({pack.name for pack, _ in open_folders(folders).packs()}))


def platform_of(name: str, folders: Sequence[Path], at: date | None) -> str:
    """The platform and market whose pack ``name`` is or extends: "douyin.cn"; raises as ``choose_pack`` does."""
    return choose_pack(open_folders(folders).packs(), name, at)[0].platform


def choose_pack(packs: Iterable[tuple[PackFile, Document]], name: str, at: date | None) -> tuple[PackFile, Document]:
    """The pack ``name`` ("douyin.cn" or "douyin.cn@2026-11") in force on ``at``, with what it extends laid under it.

    Without ``at`` the newest one; before the first effective date the first one. ``BadConfiguration`` names the known,
    ``PolicyFileError`` the line of an ``extends`` that leads nowhere or back.
    """
    known = list(packs)
    chosen, document = _in_force(known, name, at)
    return extended(chosen, document, known, at), document


def extended(
    pack: PackFile, document: Document, known: Sequence[tuple[PackFile, Document]], at: date | None
) -> PackFile:
    """``pack`` with the editions in force on ``at`` of the packs that it extends laid under it."""
    chain = [pack]
    while (name := chain[-1].extends) is not None:
        place = f"{document.path}:{document.line(('extends',))}"
        try:
            base, _ = _in_force(known, name, at)
        except BadConfiguration as error:
            raise PolicyFileError(f"{place}: unknown policy pack '{name}'", remedy=error.remedy) from None
        if base in chain:
            remedy = "name another pack, or an earlier edition (douyin.cn@2026-11)"
            raise PolicyFileError(f"{place}: '{pack.name}' extends itself", remedy=remedy)
        chain.append(base)
    return pack if len(chain) == 1 else _laid_over(chain)


def _laid_over(chain: Sequence[PackFile]) -> PackFile:
    """The first of ``chain`` over the second, and so on; ``extends`` names every edition below it."""
    bottom_up = chain[::-1]
    return chain[0].model_copy(
        update={
            "extends": "<".join(f"{pack.name}@{pack.effective.isoformat()}" for pack in chain[1:]),
            "families": tuple(dict.fromkeys(family for pack in bottom_up for family in pack.families)),
            "limits": {name: value for pack in bottom_up for name, value in pack.limits.items()},
            "domains": tuple(dict.fromkeys(domain for pack in bottom_up for domain in pack.domains)),
            "rules": {rule_id: change for pack in bottom_up for rule_id, change in pack.rules.items()},
        }
    )


def _in_force(known: Sequence[tuple[PackFile, Document]], name: str, at: date | None) -> tuple[PackFile, Document]:
    wanted, _, month = name.partition("@")
    named = sorted((item for item in known if item[0].name == wanted), key=lambda item: item[0].effective)
    if month:
        named = [item for item in named if item[0].effective.strftime("%Y-%m") == month]
    if not named:
        names = ", ".join(sorted({pack.name for pack, _ in known})) or "none"
        raise BadConfiguration(f"unknown policy pack '{name}'", remedy=f"known packs: {names}")
    in_force = [item for item in named if at is None or item[0].effective <= at]
    return in_force[-1] if in_force else named[0]


def rules_of(pack: PackFile, document: Document, rules: dict[str, Sourced]) -> list[Rule]:
    """The rules that ``pack`` enforces, with its changes applied; ``PolicyFileError`` for a change without a reason."""
    families = {sourced.rule.family for sourced in rules.values()}
    for index, family in enumerate(pack.families):
        if family not in families:
            place = f"{document.path}:{document.line(('families', index))}"
            raise PolicyFileError(
                f"{place}: no rule of family '{family}'", remedy=f"known: {', '.join(sorted(families))}"
            )
    for rule_id in pack.rules:
        if rule_id not in rules:
            place = f"{document.path}:{document.line(('rules', rule_id))}"
            raise PolicyFileError(f"{place}: unknown rule '{rule_id}'", remedy="name an existing rule id")
    chosen = [sourced.rule for _, sourced in sorted(rules.items()) if sourced.rule.family in pack.families]
    return [changed for rule in chosen if (changed := _changed(rule, pack, document)) is not None]


def _changed(rule: Rule, pack: PackFile, document: Document) -> Rule | None:
    override = pack.rules.get(rule.id)
    if override is None:
        return rule
    weaker = not override.enabled or (override.severity and ORDER[override.severity] < ORDER[rule.severity])
    if weaker and rule.severity is Severity.BLOCK and not (override.reason or "").strip():
        place = f"{document.path}:{document.line(('rules', rule.id))}"
        raise PolicyFileError(f"{place}: '{rule.id}' blocks and is weakened without a reason", remedy="add reason:")
    if not override.enabled:
        return None
    return rule.model_copy(update={"severity": override.severity}) if override.severity else rule
