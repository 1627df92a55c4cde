"""``doctor`` and ``db upgrade`` as people run them, in both languages."""

import re
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from copilot.cli.doctor_words import REMEDIES, WORDS
from copilot.store import queue
from copilot.store.engine import Store

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def env(data_folder: Path) -> dict[str, str]:
    return {"COPILOT_DATA_DIR": str(data_folder / uuid.uuid4().hex), "DATABASE_URL": "", "COPILOT_MODEL": ""}


def test_doctor_looks_before_anything_was_made_and_makes_nothing(cli: Cli, env: dict[str, str]) -> None:
    done = cli("doctor", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert "the embedded database does not exist yet" in done.stdout
    assert "no model is set" in done.stdout
    assert not Path(env["COPILOT_DATA_DIR"]).exists()


def test_upgrade_makes_the_embedded_database_and_doctor_finds_it(cli: Cli, env: dict[str, str]) -> None:
    for _ in range(2):
        done = cli("db", "upgrade", env={**env, "LANG": "zh_CN.UTF-8"})
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("数据库结构已是最新:app 0001")
    done = cli("doctor", "--lang", "zh", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ 内置数据库可用" in done.stdout
    assert "✓ 数据库结构为最新" in done.stdout
    assert "✗" not in done.stdout


def test_doctor_calls_a_schema_that_is_behind_wrong_and_says_what_to_run(
    cli: Cli, env: dict[str, str], empty_url: str
) -> None:
    done = cli("doctor", env={**env, "DATABASE_URL": empty_url})
    assert done.returncode == 1
    assert "✗ the schema is behind" in done.stdout
    assert "→ run: reply-copilot db upgrade" in done.stdout


async def test_doctor_calls_waiting_jobs_without_a_worker_wrong(
    cli: Cli, env: dict[str, str], store: Store, database_url: str
) -> None:
    url = {**env, "COPILOT_DATABASE_URL": database_url}
    assert "· no worker is running" in cli("doctor", env=url).stdout
    async with store.system() as session:
        await queue.defer(session, "task")
    done = cli("doctor", env=url)
    assert (done.returncode, "✗ no worker is running and 1 jobs wait" in done.stdout) == (1, True)
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO jobs.procrastinate_workers DEFAULT VALUES")
    done = cli("doctor", env=url)
    assert (done.returncode, "✓ a worker was heard of" in done.stdout) == (0, True)


@pytest.mark.parametrize("command", [("doctor",), ("db", "upgrade"), ("worker",)])
def test_an_unreachable_database_is_one_line_and_exit_2(
    cli: Cli, env: dict[str, str], command: tuple[str, ...]
) -> None:
    done = cli(*command, env={**env, "DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:1/x"})
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "cannot be reached" in done.stderr
    assert "s3cret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("COPILOT_PORT", "s3cret"), ("COPILOT_LOG_LEVEL", "s3cret"), ("DATABASE_URL", "mysql://u:s3cret@h/x")],
)
def test_a_bad_setting_is_one_line_that_names_the_variable(
    cli: Cli, env: dict[str, str], name: str, value: str
) -> None:
    done = cli("doctor", env={**env, name: value})
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert name in done.stderr
    assert "s3cret" not in done.stderr


def test_doctor_names_a_prompts_folder_that_is_not_there(cli: Cli, env: dict[str, str]) -> None:
    done = cli("doctor", env={**env, "COPILOT_PROMPTS_DIR": "/no/such/folder"})
    assert done.returncode == 1
    assert "/no/such/folder" in done.stdout


def test_every_sentence_stands_in_both_languages_with_the_same_values() -> None:
    for sentences in (WORDS, REMEDIES):
        for key, by_language in sentences.items():
            assert by_language.keys() == {"en", "zh"}, key
            assert _values(by_language["en"]) == _values(by_language["zh"]), key


def _values(text: str) -> set[str]:
    return set(re.findall(r"\{(\d)\}", text))
