"""``policy lint --archive``: what a change of playbooks or terms would have cost, by issue, shop and currency."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from copilot import assets
from copilot.cli import policy_costs
from copilot.cli.policy_costs import lint_with_costs
from copilot.domain.errors import BadConfiguration, BadInput, CopilotError
from copilot.replay.drafts.totals import DraftTotals
from tests.replay.flow_made import Make, archive

Told = Callable[[], list[str]]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Make(tmp_path_factory.mktemp("rules")).policies


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: Path) -> None:
    """The shipped folder is the small one, and lint itself has nothing to say here."""
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.delenv("COPILOT_POLICIES_DIR", raising=False)
    real = assets.policy_folders

    def policy_folders(mine: Sequence[Path] = ()) -> tuple[Path, ...]:
        return (shipped, *real(mine)[1:])

    def run_lint(folder: Path | None, *, strict: bool) -> int:
        return 1 if strict else 0

    monkeypatch.setattr(assets, "policy_folders", policy_folders)
    monkeypatch.setattr(policy_costs, "run_lint", run_lint)


@pytest.fixture
def found(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(value, ensure_ascii=False) for value in archive()), encoding="utf-8")
    return path


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A shop that gives back a smaller part of the price."""
    folder = tmp_path / "mine"
    (folder / "terms").mkdir(parents=True)
    (folder / "terms" / "douyin.cn.yaml").write_text("keep_refund_percent: 30\n", encoding="utf-8")
    return folder


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    return lambda: [line for line in capsys.readouterr().err.splitlines() if line.startswith(("costs", "成本"))]


def test_a_new_folder_is_compared_with_what_holds_without_it(found: Path, mine: Path, told: Told) -> None:
    assert lint_with_costs(mine, [found], None, None, strict=False) == 0
    assert told() == [
        "costs: 1 of 5 buyer turns are offered something else than by playbooks@policies",
        "costs: Arrived damaged: 1 of 2 turns change",
        "costs: 南山陶物, CNY: 17.97 – 59.90 instead of 29.95 – 59.90 (−11.98 … ±0.00), cases: 1",
    ]


def test_with_against_the_old_version_is_named(
    found: Path, mine: Path, told: Told, monkeypatch: pytest.MonkeyPatch, shipped: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert lint_with_costs(mine, [found], shipped, None, strict=False) == 0
    assert told() == [
        "成本：买家消息 5 轮，其中 1 轮的方案与 playbooks@policies 不同",
        "成本：收货破损：2 轮中 1 轮有变化",
        "成本：南山陶物，CNY：1 件事，17.97 – 59.90，原来 29.95 – 59.90（−11.98 … ±0.00）",
    ]


def test_what_the_deployment_adds_is_the_change_when_nothing_else_is_named(
    found: Path, mine: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_POLICIES_DIR", str(mine))
    lint_with_costs(None, [found], None, None, strict=False)
    assert any("17.97 – 59.90 instead of 29.95 – 59.90" in line for line in told())


def test_a_change_that_moves_nothing_says_so(found: Path, shipped: Path, told: Told) -> None:
    assert lint_with_costs(None, [found], shipped, None, strict=False) == 0
    assert told() == [
        "costs: 0 of 5 buyer turns are offered something else than by playbooks@policies",
        "costs: no shop offers more or less than before",
    ]


def test_the_exit_code_is_that_of_lint(found: Path, shipped: Path) -> None:
    assert lint_with_costs(None, [found], shipped, None, strict=True) == 1


def test_without_an_archive_one_line_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_with_costs(None, [], None, None, strict=False) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert "--archive FILE --against" in line


def test_a_folder_of_rules_alone_hears_nothing_of_costs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_with_costs(tmp_path, [], None, None, strict=False) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("kind", ["nothing", "no archive", "rules only", "shipped", "missing file"])
def test_what_cannot_be_compared_is_one_clear_error(kind: str, found: Path, shipped: Path, tmp_path: Path) -> None:
    empty = tmp_path / "rules-only"
    (empty / "rules").mkdir(parents=True)
    given: dict[str, tuple[Path | None, list[Path], Path | None, type[CopilotError], str]] = {
        "nothing": (None, [found], None, BadConfiguration, "to compare with"),
        "no archive": (None, [], shipped, BadConfiguration, "belong to --archive"),
        "rules only": (empty, [found], None, BadConfiguration, "no playbooks and no terms"),
        "shipped": (shipped, [found], None, BadConfiguration, "to compare with"),
        "missing file": (None, [tmp_path / "gone.jsonl"], shipped, BadInput, "gone.jsonl"),
    }
    folder, archives, against, error, why = given[kind]
    with pytest.raises(error, match=why):
        lint_with_costs(folder, archives, against, None, strict=False)


def test_conversations_that_could_not_be_drafted_are_counted() -> None:
    sums = DraftTotals(against="playbooks@old")
    sums.unfit["no text"] = 2
    assert policy_costs.cost_lines(sums.as_json(), "en")[-1] == "costs: 2 conversations could not be drafted: no text"
