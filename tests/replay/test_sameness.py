"""The same bytes: twice, for any number of processes, in parts that are merged, and interrupted and gone on with."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from copilot.domain.errors import BadConfiguration, BadInput
from copilot.replay import buyers, cutting
from copilot.replay import run as running
from copilot.replay.folder import STATE, read_totals, write_reports, write_totals
from copilot.replay.masking import shown_whole
from copilot.replay.merging import merge
from copilot.replay.options import shard_of
from copilot.replay.totals import BUYER_SAMPLES
from tests.replay.conftest import Replay, files_of, lines, many, rows_of, said
from tests.replay.test_archives import FORMS

pytestmark = pytest.mark.usefixtures("small_pieces")


@pytest.fixture
def archives(tmp_path: Path) -> list[Path]:
    """Archives of several kinds, with damage in some, in a folder and beside it."""
    folder = tmp_path / "archives"
    folder.mkdir()
    conversations = many(50)
    for at, name in enumerate(("a.jsonl", "a.csv", "a.parquet", "list.json", "a.jsonl.zst")):
        part = [{**one, "id": f"{at}-{one['id']}"} for one in conversations[at * 10 : at * 10 + 10]]
        (folder / name).write_bytes(FORMS[name](part))
    with (folder / "a.jsonl").open("ab") as file:
        file.write(b"{broken\n" + lines({"id": "x"}, {"id": "y", "messages": [said("agent", "加微信"), 5]}))
    (tmp_path / "nothing").mkdir()
    # Rows of one conversation far longer than a piece.
    rows = "".join(f"long,agent,加微信 {at}\n" for at in range(40))
    (tmp_path / "last.csv").write_text("conversation,role,text\n" + rows, encoding="utf-8")
    return [folder, tmp_path / "nothing", tmp_path / "last.csv"]


def test_twice_and_with_any_number_of_processes(
    replay: Replay, archives: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay("one", *archives, against="shop.cn@2026-10")
    replay("again", *archives, against="shop.cn@2026-10")
    replay("three", *archives, against="shop.cn@2026-10", workers=3)
    wanted = files_of(tmp_path / "one")
    assert set(wanted) == {
        "diff.jsonl",
        "findings.jsonl",
        "junit.xml",
        "rejected.jsonl",
        "report.html",
        "totals.json",
    }
    assert all(wanted.values())
    assert files_of(tmp_path / "again") == wanted
    assert files_of(tmp_path / "three") == wanted


def test_no_more_of_what_buyers_say_is_masked_than_a_sample_holds(
    replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    masked: list[str] = []

    def shown(text: str, market: str | None, hidden: bool) -> str:
        masked.append(text)
        return shown_whole(text, market, hidden)

    monkeypatch.setattr(buyers, "shown_whole", shown)
    monkeypatch.setattr(cutting, "BLOCK", 2 * 1024 * 1024)
    archive = tmp_path / "buyers.jsonl"
    archive.write_bytes(lines(*({"id": f"c-{at}", "messages": [said("buyer", f"第{at}单呢")]} for at in range(1500))))
    assert len(replay("one", archive).buyers.listed()) == BUYER_SAMPLES
    assert len(masked) == BUYER_SAMPLES


def test_buyers_who_come_again_are_sampled_the_same_for_any_number_of_processes(
    replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The same buyers in three archives, then others; together more than a sample holds.
    monkeypatch.setattr(cutting, "BLOCK", 20_000)
    folder = tmp_path / "buyers"
    folder.mkdir()
    buyers = [{"id": f"c-{at}", "messages": [said("buyer", f"第{at}单什么时候发货")]} for at in range(700)]
    for name, made in (("a", buyers[:350]), ("b", buyers[:350]), ("c", buyers[:350]), ("d", buyers[350:])):
        (folder / f"{name}.jsonl").write_bytes(lines(*made))
    one = replay("one", folder)
    replay("three", folder, workers=3)
    assert len(one.buyers.listed()) == BUYER_SAMPLES
    # Whoever comes again takes nobody's place.
    once = replay("once", folder / "a.jsonl", folder / "d.jsonl")
    assert one.buyers.listed() == once.buyers.listed()
    for k in (1, 2):
        replay(f"part-{k}", folder, shard=(k, 2))
    wanted = files_of(tmp_path / "one")
    assert files_of(tmp_path / "three") == wanted
    assert files_of(_merged(tmp_path, [tmp_path / f"part-{k}" for k in (2, 1)])) == wanted


def _merged(tmp_path: Path, parts: list[Path]) -> Path:
    out = tmp_path / "merged"
    totals = merge(parts, out)
    write_totals(out, totals)
    write_reports(out, totals, "zh", None)
    return out


def test_parts_merged_are_one_run(replay: Replay, archives: list[Path], tmp_path: Path) -> None:
    replay("whole", *archives, against="shop.cn@2026-10")
    seen: list[str] = []
    for k in (1, 2, 3):
        totals = replay(f"part-{k}", *archives, against="shop.cn@2026-10", shard=(k, 3))
        assert 0 < sum(totals.messages.values()) < 400
        found = rows_of(tmp_path / f"part-{k}" / "findings.jsonl")
        seen += sorted({row["conversation"] for row in found})
    assert len(seen) == len(set(seen))
    out = _merged(tmp_path, [tmp_path / f"part-{k}" for k in (2, 3, 1)])
    assert files_of(out) == files_of(tmp_path / "whole")


def test_merging_refuses_what_are_not_the_parts_of_one_whole(
    replay: Replay, archives: list[Path], tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for k, name in ((1, "one"), (2, "two")):
        replay(name, *archives, shard=(k, 2))
    replay("whole", *archives)
    replay("other", *archives, shard=(2, 2), zone="UTC")
    replay("fewer", archives[2], shard=(2, 2))
    out = tmp_path / "out"
    for parts, told in (
        ([one], "parts are missing: 2/2"),
        ([one, one], "is the same part as"),
        ([one, two, tmp_path / "whole"], "is a whole replay"),
        ([one, tmp_path / "other"], "with other options"),
        ([one, tmp_path / "fewer"], "over other archives"),
        ([one, tmp_path / "absent"], "is not there"),
    ):
        with pytest.raises(BadInput, match=told):
            merge(parts, out)
    with pytest.raises(BadInput, match="is one of the parts"):
        merge([one, two], one)
    (two / "totals.json").write_text("{}")
    with pytest.raises(BadInput, match="no totals of this version"):
        merge([one, two], out)
    with pytest.raises(BadConfiguration, match="K/N"):
        shard_of("3/2")


def _stop_at(piece: int) -> Callable[[int, int], None]:
    """Ctrl-C, as a real signal, after so many pieces."""
    seen = [0]

    def progress(done: int, messages: int) -> None:
        seen[0] += 1
        if seen[0] == piece:
            signal.raise_signal(signal.SIGINT)

    return progress


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupted_it_leaves_a_report_that_says_so_and_goes_on_to_the_same_bytes(
    workers: int, replay: Replay, archives: list[Path], tmp_path: Path
) -> None:
    replay("whole", *archives, against="shop.cn@2026-10")
    out = tmp_path / "out"
    sums = [0]
    for piece in (4, 3, 5) if workers == 1 else (4,):
        totals = replay(
            "out",
            *archives,
            against="shop.cn@2026-10",
            workers=workers,
            resume=sums != [0],
            progress=_stop_at(piece),
        )
        assert totals.partial
        assert read_totals(out).partial
        sums.append(sum(totals.messages.values()))
        found = sum(counts.get("messages", 0) for counts in totals.rules.values())
        assert found <= len(rows_of(out / "findings.jsonl"))
        for name in ("report.html", "junit.xml"):
            assert (out / name).stat().st_size
    assert sums == sorted(set(sums))
    totals = replay("out", *archives, against="shop.cn@2026-10", workers=workers, resume=True)
    assert not totals.partial
    assert files_of(out) == files_of(tmp_path / "whole")


def test_a_killed_run_goes_on_from_its_last_state(
    replay: Replay, archives: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay("whole", *archives)
    monkeypatch.setattr(running, "_SAVE_EVERY", 0.0)
    copies: list[Path] = []

    def copy(done: int, messages: int) -> None:
        # As after a power cut: the state of the piece before, and files that may be ahead of it.
        copies.append(tmp_path / f"copy-{len(copies)}")
        if len(copies) > 1:
            shutil.copytree(tmp_path / "first", copies[-1])

    replay("first", *archives, progress=copy)
    broken = copies[len(copies) // 2]
    with (broken / "findings.jsonl").open("ab") as file:
        file.write(b'{"half a li')
    replay(broken.name, *archives, resume=True)
    assert files_of(broken) == files_of(tmp_path / "whole")


def test_going_on_is_refused_when_something_has_changed(replay: Replay, archives: list[Path], tmp_path: Path) -> None:
    replay("out", *archives, progress=_stop_at(2))
    for change in ({"masked": False}, {"zone": "UTC"}, {"shard": (1, 2)}, {"pack": "shop.cn@2026-11"}):
        with pytest.raises(BadInput, match="have changed"):
            replay("out", *archives, resume=True, **change)
    state = (tmp_path / "out" / STATE).read_bytes()
    (tmp_path / "out" / "findings.jsonl").unlink()
    with pytest.raises(BadInput, match="not as the interrupted run left it"):
        replay("out", *archives, resume=True)
    with archives[2].open("a") as file:
        file.write("more,agent,hi\n")
    with pytest.raises(BadInput, match="have changed"):
        replay("out", *archives, resume=True)
    assert (tmp_path / "out" / STATE).read_bytes() == state


def test_without_a_state_going_on_is_a_new_run(replay: Replay, archives: list[Path], tmp_path: Path) -> None:
    replay("whole", *archives)
    replay("out", *archives, resume=True)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")
    (tmp_path / "out" / STATE).write_bytes(b"no state")
    replay("out", *archives, resume=True)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")


def test_totals_survive_their_file(replay: Replay, archives: list[Path], tmp_path: Path) -> None:
    totals = replay("out", *archives, against="shop.cn@2026-10")
    again = read_totals(tmp_path / "out")
    assert orjson.dumps(again.as_json(), option=orjson.OPT_SORT_KEYS) == orjson.dumps(
        totals.as_json(), option=orjson.OPT_SORT_KEYS
    )
