"""``replay`` and ``replay merge`` as people call them: outputs, exit codes, messages, Ctrl-C."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from copilot import assets
from copilot.cli import replay_words
from copilot.cli.main import main
from copilot.cli.replaying import merge_parts
from tests.conftest import ROOT
from tests.replay.conftest import TERMS, conversation, files_of, lines, many, rows_of, said, write_rule

DRIVER = """
import contextlib, pathlib, sys, time
from copilot import assets
from copilot.cli import replaying
from copilot.cli.main import main
from copilot.replay import cutting, run

@contextlib.contextmanager
def told(total, lang):
    def progress(done, seen):
        print("piece", flush=True)
        time.sleep(0.05)
    yield progress

if __name__ == "__main__":
    cutting.BLOCK, run._SMALL = 1500, 0
    replaying.progress_bar = told
    assets.policy_folders = lambda user=(): (pathlib.Path("policies").resolve(),)
    sys.exit(main(sys.argv[1:]))
"""


@dataclass
class Done:
    """What a command left: exit code and what it told the person."""

    code: int
    out: str
    told: str


Command = Callable[..., Done]


@pytest.fixture
def command(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs ``reply-copilot ARGS…`` in this process, with the small rules in the place of the shipped ones."""
    shipped = assets.shipped
    monkeypatch.setattr(assets, "shipped", lambda name, **more: rules if name == "policies" else shipped(name, **more))
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Done:
        code = main(arguments)
        told = capfd.readouterr()
        return Done(code, told.out, told.err)

    return run


def _archive(tmp_path: Path, count: int = 12) -> Path:
    path = tmp_path / "chats.jsonl"
    path.write_bytes(lines(*many(count)))
    return path


def test_a_replay_writes_its_files_and_sums_up(command: Command, tmp_path: Path) -> None:
    path = _archive(tmp_path)
    with path.open("ab") as file:
        file.write(b"broken\n")
    done = command("replay", str(path), "--pack", "shop.cn", "--timezone", "Asia/Shanghai", "--out", "out")
    assert done.code == 0, done.told
    assert done.out == ""
    assert "12 conversations" in done.told
    assert "1 rejected" in done.told
    assert "off_platform.chat" in done.told
    assert "not judged: structure.question (not_asked)" in done.told
    assert set(files_of(tmp_path / "out")) == {
        "findings.jsonl",
        "junit.xml",
        "rejected.jsonl",
        "report.html",
        "totals.json",
    }
    assert rows_of(tmp_path / "out" / "findings.jsonl")
    assert (tmp_path / "out" / "report.html").read_text().startswith("<!")
    totals = json.loads((tmp_path / "out" / "totals.json").read_text())
    assert totals["run"]["timezone"] == "Asia/Shanghai"
    assert totals["run"]["pack"] == "shop.cn"


def test_the_gate_the_language_and_parts(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _archive(tmp_path)
    common = ("--pack", "shop.cn", "--lang", "zh", "--fail-on", "block")
    assert command("replay", str(path), *common, "--out", "whole").code == 1
    for k in (1, 2):
        command("replay", str(path), *common, "--shard", f"{k}/2", "--out", f"part-{k}")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    merged = command("replay", "merge", "part-2", "part-1", "--out", "merged")
    assert merged.code == 1
    assert "个会话" in merged.told
    assert files_of(tmp_path / "merged") == files_of(tmp_path / "whole")
    missing = command("replay", "merge", "part-1", "--out", "merged")
    assert (missing.code, missing.told.count("\n")) == (2, 1)
    assert "parts are missing: 2/2" in missing.told


def test_the_gate_counts_what_is_as_severe_and_nothing_less(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(conversation("c", said("agent", "我们全网第一"))))
    codes = [
        command("replay", "a.jsonl", "--pack", "shop.cn", "--fail-on", severity, "--out", "out").code
        for severity in ("info", "warn", "block")
    ]
    assert codes == [1, 1, 0]


def test_a_gate_does_not_pass_an_archive_that_nobody_could_read(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(conversation("c", said("agent", "您好"))))
    (tmp_path / "b.jsonl").write_bytes(b"rubbish\n")
    common = ("--pack", "shop.cn", "--out", "out")
    assert command("replay", "a.jsonl", *common, "--fail-on", "block").code == 0
    assert command("replay", "a.jsonl", "b.jsonl", *common).code == 0
    assert command("replay", "a.jsonl", "b.jsonl", *common, "--fail-on", "block").code == 2


def test_a_gate_does_not_pass_what_was_read_in_part(command: Command, tmp_path: Path) -> None:
    good = lines(conversation("c", said("agent", "您好")), conversation("d", said("agent", "您好")))
    (tmp_path / "a.jsonl").write_bytes(good + b"rubbish\n")
    gate = ("--pack", "shop.cn", "--fail-on", "block")
    assert command("replay", "a.jsonl", *gate[:2], "--out", "out").code == 0
    done = command("replay", "a.jsonl", *gate, "--out", "out")
    assert done.code == 2
    assert f"--fail-on block: 1 lines or messages were not judged; see {Path('out') / 'rejected.jsonl'}" in done.told
    for k in (1, 2):
        command("replay", "a.jsonl", *gate, "--shard", f"{k}/2", "--out", f"part-{k}")
    assert command("replay", "merge", "part-1", "part-2", "--out", "merged").code == 2
    # A finding says more than what could not be read.
    (tmp_path / "a.jsonl").write_bytes(good + b"rubbish\n" + lines(conversation("e", said("agent", "加微信"))))
    assert command("replay", "a.jsonl", *gate, "--out", "out").code == 1
    (tmp_path / "a.jsonl").write_bytes(good)
    (tmp_path / "nothing").mkdir()
    assert command("replay", "a.jsonl", *gate, "--out", "out").code == 0
    assert command("replay", "a.jsonl", "nothing", *gate, "--out", "out").code == 2


def test_a_gate_may_be_told_how_much_may_stay_unread(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(conversation("c", said("agent", "您好"))) + b"rubbish\n")
    (tmp_path / "b.jsonl").write_bytes(b"rubbish\n")
    command("replay", "a.jsonl", "--pack", "shop.cn", "--shard", "1/1", "--out", "one")
    command("replay", "a.jsonl", "b.jsonl", "--pack", "shop.cn", "--shard", "1/1", "--out", "both")

    def code(part: str, allowed: int) -> int:
        out = tmp_path / "merged"
        return merge_parts([tmp_path / part], out, fail_on="block", lang=None, allow_rejects=allowed)

    assert [code("one", 0), code("one", 1)] == [2, 0]
    # Of one archive nothing could be read at all.
    assert code("both", 9) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("absent.jsonl", "--out", "out"), "absent.jsonl: no such file"),
        (("chats.jsonl",), "--out"),
        (("--out", "out"), "ARCHIVE"),
        (("chats.jsonl", "--out", "out", "--pack", "nope"), "unknown policy pack 'nope'"),
        (("chats.jsonl", "--out", "out", "--shard", "4/3"), "--shard 4/3"),
        (("chats.jsonl", "--out", "out", "--as-of", "soon"), "--as-of soon"),
        (("chats.jsonl", "--out", "out", "--timezone", "Mars/North"), "Mars/North"),
        (("chats.jsonl", "--out", "out", "--map", "absent.yaml"), "absent.yaml:1"),
        (("chats.jsonl", "--out", "chats.jsonl"), "chats.jsonl: is a file"),
        (("chats.jsonl", "--out", "out", "--against-policies", "absent"), "absent: is not a folder"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: tuple[str, ...], told: str, command: Command, tmp_path: Path
) -> None:
    _archive(tmp_path, 2)
    pack = () if "--pack" in arguments else ("--pack", "shop.cn")
    done = command("replay", *arguments, *pack)
    assert done.code == 2, done.told
    assert told in done.told
    assert done.told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_broken_rule_file_is_named_with_its_line_and_nothing_runs(
    command: Command, rules: Path, tmp_path: Path
) -> None:
    path = write_rule(rules, "off_platform.mine", "  - {kind: terms, tems: [加我]}")
    _archive(tmp_path, 2)
    done = command("replay", "chats.jsonl", "--pack", "shop.cn", "--out", "out")
    assert done.code == 2
    assert f"{path}:9" in done.told
    assert done.told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_archive_without_a_usable_line_is_bad_input_with_a_report(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"nothing here\n")
    done = command("replay", "a.jsonl", "--pack", "shop.cn", "--out", "out")
    assert done.code == 2
    assert "1 rejected" in done.told
    assert rows_of(tmp_path / "out" / "rejected.jsonl")[0]["line"] == 1
    assert (tmp_path / "out" / "report.html").exists()


def test_another_folder_of_rules_is_compared_with(command: Command, tmp_path: Path) -> None:
    # Without packs of its own the folder is laid over the shipped one.
    write_rule(tmp_path / "old", "off_platform.mine", TERMS.format("到老地方聊"))
    (tmp_path / "a.jsonl").write_bytes(lines(conversation("c", said("agent", "亲,到老地方聊吧"))))
    done = command("replay", "a.jsonl", "--out", "out", "--pack", "shop.cn", "--against-policies", "old")
    assert done.code == 0, done.told
    (row,) = rows_of(tmp_path / "out" / "diff.jsonl")
    assert (row["change"], row["rule"]) == ("released", "off_platform.mine")
    assert "1 newly released" in done.told


def test_ctrl_c_leaves_a_partial_report_and_resume_finishes_it(command: Command, tmp_path: Path) -> None:
    path = _archive(tmp_path, 70)
    (tmp_path / "driver.py").write_text(DRIVER)
    here = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "COPILOT_DATA_DIR": str(tmp_path / "data")}
    arguments = [sys.executable, "driver.py", "replay", str(path), "--pack", "shop.cn", "--workers", "2", "--out"]
    with subprocess.Popen(
        [*arguments, "out"],
        cwd=tmp_path,
        env=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline() == "piece\n"
        # A terminal sends it to the whole group, workers included.
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert "--resume" in told
    out = tmp_path / "out"
    totals = json.loads((out / "totals.json").read_text())
    assert totals["run"]["partial"] is True
    assert 0 < totals["archives"][0]["conversations"] < 70
    assert (out / "report.html").exists()
    done = subprocess.run([*arguments, "out", "--resume"], cwd=tmp_path, env=here, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert command("replay", str(path), "--pack", "shop.cn", "--out", "fresh").code == 0
    assert files_of(out) == files_of(tmp_path / "fresh")


def test_a_terminal_sees_rate_and_time_left_and_a_pipe_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(terminal: bool) -> str:
        screen = io.StringIO()
        monkeypatch.setattr(
            replay_words, "Console", lambda **_: Console(file=screen, force_terminal=terminal, width=120)
        )
        with replay_words.progress_bar(1000, "en") as progress:
            assert (progress is not None) is terminal
            if progress is not None:
                for done in (250, 500):
                    time.sleep(0.06)
                    progress(done, done * 40)
                time.sleep(0.2)
        return screen.getvalue()

    told = shown(True)
    assert "50%" in told
    assert "20,000 · " in told
    assert "messages/s" in told
    assert shown(False) == ""
