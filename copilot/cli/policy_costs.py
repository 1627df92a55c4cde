"""The work behind ``policy lint --archive``: what a change of playbooks or terms would have cost on an archive.

Owns which two versions are compared and the lines about them; the drafting is that of ``replay --draft``.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from copilot import assets
from copilot.cli.io import note
from copilot.cli.policy_authoring import folders_with, run_lint
from copilot.cli.words import Language, language
from copilot.domain.errors import BadConfiguration
from copilot.settings import load_settings

_MISSING = "--archive needs a version to compare with"
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "how": "what a change costs: policy lint --archive FILE --against FOLDER-OF-BEFORE (or --folder NEW)",
        "turns": "costs: {changed:,} of {turns:,} buyer turns are offered something else than by {against}",
        "issue": "costs: {issue}: {changed} of {turns:,} turns change",
        "shop": "costs: {shop}, {currency}: {now} instead of {before} ({difference}), cases: {matters}",
        "same": "costs: no shop offers more or less than before",
        "unfit": "costs: {number:,} conversations could not be drafted: {why}",
        "more": "costs: and {number} more shops",
        "unnamed": "shop without a name",
    },
    "zh": {
        "how": "想知道改动的成本：policy lint --archive 会话文件 --against 改动前的目录（或 --folder 新目录）",
        "turns": "成本：买家消息 {turns:,} 轮，其中 {changed:,} 轮的方案与 {against} 不同",
        "issue": "成本：{issue}：{turns:,} 轮中 {changed} 轮有变化",
        "shop": "成本：{shop}，{currency}：{matters} 件事，{now}，原来 {before}（{difference}）",
        "same": "成本：各店的方案总额都没有变化",
        "unfit": "成本：{number:,} 个会话无法拟稿：{why}",
        "more": "成本：还有 {number} 家店",
        "unnamed": "未写店名",
    },
}


def lint_with_costs(
    folder: Path | None, archives: Sequence[Path], against: Path | None, pack: str | None, *, strict: bool
) -> int:
    """Lint, then tell what the change costs on ``archives``; returns the exit code, which is lint's.

    Raises:
        BadConfiguration: there is nothing to compare with, or a file that cannot be used.
        BadInput: an archive that is not there.
    """
    words = _WORDS[language()]
    if not archives:
        if against is not None or pack is not None:
            raise BadConfiguration("--against and --pack belong to --archive", remedy="add --archive FILE")
        code = run_lint(folder, strict=strict)
        if folder is None or _decides({folder}):
            note(words["how"])
        return code
    now, before = folders_with(folder), _before(folder, against)
    code = run_lint(folder, strict=strict)
    _tell(archives, now, before, against, pack)
    return code


def _before(folder: Path | None, against: Path | None) -> tuple[Path, ...]:
    """The folders that held before the change; empty when ``against`` names them."""
    if against is not None:
        return ()
    mine = load_settings().policies_dir
    if folder is not None:
        changed = {folder.resolve()}
    elif mine:
        changed = {path.resolve() for path in mine}
    else:
        raise BadConfiguration(_MISSING, remedy="add --against FOLDER (playbooks of before) or --folder FOLDER")
    if not _decides(changed):
        named = ", ".join(map(str, sorted(changed)))
        raise BadConfiguration(f"{named}: holds no playbooks and no terms", remedy="name their folder, or --against")
    left = tuple(path for path in folders_with(folder) if path.resolve() not in changed)
    if not left:
        raise BadConfiguration(_MISSING, remedy="these are the shipped policies: add --against FOLDER of before")
    return left


def _decides(folders: set[Path]) -> bool:
    return any(any((folder / name).glob("*.yaml")) for folder in folders for name in ("playbooks", "terms"))


def _tell(
    archives: Sequence[Path], now: tuple[Path, ...], before: tuple[Path, ...], against: Path | None, pack: str | None
) -> None:
    from copilot.cli.replay_drafts import drafting_bar
    from copilot.replay.archives import find_archives
    from copilot.replay.drafts.reading import Reading
    from copilot.replay.drafts.rules import PREFIX
    from copilot.replay.drafts.run import run
    from copilot.replay.drafts.work import DraftSettings
    from copilot.replay.mapping import RowMapping

    found, empty = find_archives(archives)
    for nothing in empty:
        note(f"{nothing.name}: {nothing.why}")
    settings = load_settings()
    drafting = DraftSettings(
        policies=now,
        prompts=assets.prompt_folders(settings.prompts_dir),
        cache_dir=settings.cache_dir,
        pack=pack,
        against=f"{PREFIX}{against}" if against is not None else None,
        against_layers=before,
    )
    conversations = Reading(found, RowMapping()).conversations()
    with tempfile.TemporaryDirectory() as out, drafting_bar(0, language()) as progress:
        totals = run(conversations, drafting, Path(out), workers=_cores(), progress=progress)
    for line in cost_lines(totals.as_json(), language()):
        note(line)


def cost_lines(sums: dict[str, object], lang: Language) -> list[str]:
    """What the sums of a flow replay that compared two versions say about the change, a line each."""
    from copilot.domain.issue_names import ISSUES
    from copilot.replay.drafts.totals import DraftTotals
    from copilot.replay.report.offering import costs

    found, words = DraftTotals.from_json(sums), _WORDS[lang]
    lines = [words["turns"].format(turns=found.turns, changed=found.changed, against=found.against)]
    for issue, changed in sorted(found.changed_issues.items(), key=lambda one: (-one[1], one[0])):
        named = ISSUES[issue][0 if lang == "zh" else 1] if issue in ISSUES else issue
        lines.append(words["issue"].format(issue=named, changed=f"{changed:,}", turns=found.issues[issue]))
    told = costs(found.costs, found.costs_before, words["unnamed"])
    rows = [row for row in told["rows"] if row["now"] != row["before"]]
    lines += [words["shop"].format(**row) for row in rows] or [words["same"]]
    if told["more"]:
        lines.append(words["more"].format(number=told["more"]))
    lines += [words["unfit"].format(number=number, why=why) for why, number in sorted(found.unfit.items())]
    return lines


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
