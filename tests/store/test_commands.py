"""``doctor`` and ``db upgrade`` as people run them, in both languages."""

import asyncio
import logging
import re
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from copilot.cli.doctor_words import REMEDIES, WORDS
from copilot.cli.main import main
from copilot.store import queue
from copilot.store.engine import Store

Cli = Callable[..., "subprocess.CompletedProcess[str]"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(env: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command in this process, which saves the seconds of a new one: exit code, output, errors."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)

    def call(*args: str, **more: str) -> tuple[int, str, str]:
        for name, value in {"LANG": "C.UTF-8", "LC_ALL": "", **env, **more}.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        return (main(args), *capsys.readouterr())

    yield call
    root.handlers, root.level = before[0], before[1]


@pytest.fixture
def env(data_folder: Path) -> dict[str, str]:
    return {"COPILOT_DATA_DIR": str(data_folder / uuid.uuid4().hex), "DATABASE_URL": "", "COPILOT_MODEL": ""}


def test_doctor_looks_before_anything_was_made_and_makes_nothing(run: Run, env: dict[str, str]) -> None:
    code, out, err = run("doctor")
    assert (code, err) == (0, "")
    assert "the embedded database does not exist yet" in out
    assert "no model is set" in out
    assert not Path(env["COPILOT_DATA_DIR"]).exists()


def test_upgrade_makes_the_embedded_database_and_doctor_finds_it(cli: Cli, run: Run, env: dict[str, str]) -> None:
    done = cli("db", "upgrade", env={**env, "LANG": "zh_CN.UTF-8"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("数据库结构已是最新:app 0027")
    assert run("db", "upgrade", LANG="zh_CN.UTF-8") == (0, done.stdout, "")
    code, out, err = run("doctor", "--lang", "zh")
    assert (code, err) == (0, "")
    assert "✓ 内置数据库可用" in out
    assert "✓ 数据库结构为最新" in out
    assert "✗" not in out


def test_doctor_calls_a_schema_that_is_behind_wrong_and_says_what_to_run(run: Run, empty_url: str) -> None:
    code, out, _ = run("doctor", DATABASE_URL=empty_url)
    assert code == 1
    assert "✗ the schema is behind" in out
    assert "→ run: reply-copilot db upgrade" in out


def test_doctor_calls_waiting_jobs_without_a_worker_wrong(run: Run, database_url: str) -> None:
    def doctor() -> tuple[int, str]:
        return run("doctor", COPILOT_DATABASE_URL=database_url)[:2]

    code, out = doctor()
    assert (code, "· no worker is running" in out) == (0, True)
    asyncio.run(_defer(database_url))
    code, out = doctor()
    assert (code, "✗ no worker is running and 1 jobs wait" in out) == (1, True)
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO jobs.procrastinate_workers DEFAULT VALUES")
    code, out = doctor()
    assert (code, "✓ a worker was heard of" in out) == (0, True)


async def _defer(url: str) -> None:
    async with await Store.open(url) as store, store.system() as session:
        await queue.defer(session, "task")


@pytest.mark.parametrize("command", [("doctor",), ("db", "upgrade"), ("worker",)])
def test_an_unreachable_database_is_one_line_and_exit_2(run: Run, command: tuple[str, ...]) -> None:
    code, out, err = run(*command, DATABASE_URL="postgresql://u:s3cret@127.0.0.1:1/x")
    assert (code, err.count("\n")) == (2, 1)
    assert "cannot be reached" in err
    assert "s3cret" not in out + err


@pytest.mark.parametrize(
    ("name", "value"),
    [("COPILOT_PORT", "s3cret"), ("COPILOT_LOG_LEVEL", "s3cret"), ("DATABASE_URL", "mysql://u:s3cret@h/x")],
)
def test_a_bad_setting_is_one_line_that_names_the_variable(run: Run, name: str, value: str) -> None:
    code, out, err = run("doctor", **{name: value})
    assert (code, err.count("\n")) == (2, 1)
    assert name in err
    assert "s3cret" not in out + err


def test_doctor_names_a_prompts_folder_that_is_not_there(run: Run) -> None:
    code, out, _ = run("doctor", COPILOT_PROMPTS_DIR="/no/such/folder")
    assert code == 1
    assert "/no/such/folder" in out


def test_every_sentence_stands_in_both_languages_with_the_same_values() -> None:
    for sentences in (WORDS, REMEDIES):
        for key, by_language in sentences.items():
            assert by_language.keys() == {"en", "zh"}, key
            assert _values(by_language["en"]) == _values(by_language["zh"]), key


def _values(text: str) -> set[str]:
    return set(re.findall(r"\{(\d)\}", text))
