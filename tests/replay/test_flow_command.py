"""``replay --draft``: drafts beside the findings, in the totals and the report, and in merged parts."""

import json
from pathlib import Path
from typing import Any

import pytest

from copilot.cli.replay_drafts import DraftsAsked, add_drafts, check_drafts, drafts_asked
from copilot.cli.replaying import Asked, _against
from copilot.domain.errors import BadConfiguration, BadInput
from copilot.replay.archives import Archive, find_archives
from copilot.replay.drafts.totals import forget
from copilot.replay.folder import write_reports, write_totals
from copilot.replay.merging import merge
from copilot.replay.options import Options, Side
from copilot.replay.run import Job, run
from copilot.replay.totals import Totals
from tests.replay.flow_made import Make, archive, conversation, earlier, message


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return Make(tmp_path_factory.mktemp("rules"))


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def archives(tmp_path: Path) -> list[Archive]:
    values = [*archive(), conversation(5, message("agent", "你是笨蛋吗", "09:00"), message("buyer", "退款", "09:01"))]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(value, ensure_ascii=False) for value in values), encoding="utf-8")
    return find_archives([path])[0]


def replayed(
    settings: Make, archives: list[Archive], out: Path, drafts: DraftsAsked, shard: tuple[int, int] | None = None
) -> Totals:
    """A run with drafts, as the command does it."""
    options = Options(Side("douyin.cn", (settings.policies,)), shard=shard)
    job = Job(archives, [], out)
    totals = run(job, options)
    add_drafts(drafts, options, job, totals, "zh")
    _written(out, totals)
    return totals


def _written(out: Path, totals: Totals) -> None:
    write_totals(out, totals)
    write_reports(out, totals, "zh", None)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_drafts_stand_in_files_totals_and_report(
    settings: Make, archives: list[Archive], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = earlier(settings, tmp_path / "old")
    asked = drafts_asked(f"playbooks@{old}", None, None)
    totals = replayed(settings, archives, tmp_path / "out", asked)
    written = files(tmp_path / "out")
    assert {"drafts.jsonl", "offers.jsonl", "findings.jsonl", "report.html", "totals.json", "junit.xml"} <= set(written)
    assert written["drafts.jsonl"].count(b"\n") == totals.extra["drafts"]["turns"] == 6
    assert written["offers.jsonl"]
    page = written["report.html"].decode()
    assert "拟稿回放" in page
    assert "playbooks@policies" in page
    assert "金额变化" in page
    assert json.loads(written["totals.json"])["extra"]["drafts"]["changed"] == totals.extra["drafts"]["changed"] > 0
    assert "买家消息 6 轮" in capsys.readouterr().err
    # A second run of the same writes the same.
    replayed(settings, archives, tmp_path / "again", asked)
    assert files(tmp_path / "again") == written


def test_parts_merge_into_the_bytes_of_one_run(settings: Make, archives: list[Archive], tmp_path: Path) -> None:
    asked = DraftsAsked(f"playbooks@{earlier(settings, tmp_path / 'old')}")
    replayed(settings, archives, tmp_path / "whole", asked)
    parts = [tmp_path / f"part{k}" for k in (1, 2, 3)]
    for k, part in enumerate(parts, 1):
        replayed(settings, archives, part, asked, (k, 3))
    assert sum(bool((part / "drafts.jsonl").read_bytes()) for part in parts) > 1
    _written(tmp_path / "merged", merge(parts, tmp_path / "merged"))
    assert files(tmp_path / "merged") == files(tmp_path / "whole")


def test_without_drafts_an_earlier_runs_drafts_do_not_stay(
    settings: Make, archives: list[Archive], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    replayed(settings, archives, out, DraftsAsked(f"playbooks@{earlier(settings, tmp_path / 'old')}"))
    replayed(settings, archives, out, DraftsAsked())
    assert not (out / "offers.jsonl").exists()
    forget(out)
    assert not (out / "drafts.jsonl").exists()


def test_a_playbook_that_cannot_be_read_is_told_before_anything_is_judged(settings: Make, tmp_path: Path) -> None:
    broken = tmp_path / "broken" / "playbooks"
    broken.mkdir(parents=True)
    (broken / "damaged.yaml").write_text("issue: damaged\nscenez: {}\n", encoding="utf-8")
    with pytest.raises(BadConfiguration, match=r"damaged\.yaml:\d+"):
        check_drafts(DraftsAsked(f"playbooks@{broken.parent}"), Options(Side("douyin.cn", (settings.policies,))))
    (tmp_path / "answers.jsonl").write_text("?", encoding="utf-8")
    with pytest.raises(BadInput):
        check_drafts(DraftsAsked(recorded=tmp_path / "answers.jsonl"), Options(Side("generic", (settings.policies,))))


def test_recording_and_replaying_a_recording_exclude_each_other() -> None:
    with pytest.raises(BadConfiguration, match="exclude each other"):
        drafts_asked(None, Path("a"), Path("b"))


def test_recording_needs_a_model_before_anything_is_judged(settings: Make, tmp_path: Path) -> None:
    asked = DraftsAsked(record=tmp_path / "answers.jsonl")
    with pytest.raises(BadConfiguration, match="COPILOT_MODEL"):
        check_drafts(asked, Options(Side("douyin.cn", (settings.policies,))))
    assert not (tmp_path / "answers.jsonl").exists()


@pytest.mark.parametrize(
    ("against", "compared"), [("playbooks@old", False), ("douyin.cn@2026-08", True), (None, False)]
)
def test_playbooks_are_no_pack_to_compare_with(against: str | None, compared: bool, settings: Make) -> None:
    given: dict[str, Any] = dict.fromkeys(Asked.__dataclass_fields__)
    asked = Asked(**given | {"archives": [], "out": Path(), "pack": "douyin.cn", "against": against})
    found = _against(asked, Side("douyin.cn", (settings.policies,)))
    assert (found is not None) is compared
