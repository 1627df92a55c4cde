import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from copilot import __version__
from copilot.cli import errors, main
from copilot.cli.commands import COMMANDS
from copilot.domain.errors import BadConfiguration, BadInput
from tests.conftest import ROOT, Cli


@pytest.fixture
def cli(fresh_cli: Cli) -> Cli:
    """What starting and importing do is the matter here."""
    return fresh_cli


def _stub(tmp_path: Path, body: str) -> dict[str, str]:
    """An environment in which the command ``draft`` does ``body``."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, types, errno, typer\n"
        "from copilot.domain.errors import *\n"
        "def draft():\n"
        + "".join(f"    {line}\n" for line in body.splitlines())
        + "m = types.ModuleType('copilot.cli.draft'); m.draft = draft\n"
        "import importlib.machinery\n"
        "m.__spec__ = importlib.machinery.ModuleSpec('copilot.cli.draft', None)\n"
        "sys.modules['copilot.cli.draft'] = m\n"
    )
    return {"PYTHONPATH": f"{tmp_path}:{ROOT}"}


def test_help_lists_the_commands_and_imports_none(cli: Cli) -> None:
    done = cli("--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for entry in COMMANDS:
        assert (entry.en in done.stdout) == entry.installed
    heavy = "pydantic sqlalchemy litellm langgraph fastapi presidio_analyzer numpy rich jinja2"
    code = (
        "import sys; from copilot.cli.main import main; main(['--help']);"
        f"sys.exit(','.join(m for m in {heavy!r}.split() if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == ""


def test_help_speaks_chinese_to_a_chinese_locale(cli: Cli) -> None:
    done = cli("--help", env={"LANG": "zh_CN.UTF-8"})
    assert "为电商客服拟回复" in done.stdout


def test_version(cli: Cli) -> None:
    assert cli("--version").stdout == f"reply-copilot {__version__}\n"


@pytest.mark.parametrize("args", [["nope"], ["--nope"], ["policy", "nope"], ["db"], ["classify", "--nope"]])
def test_a_wrong_call_is_one_line(cli: Cli, args: list[str]) -> None:
    done = cli(*args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("reply-copilot: ")
    assert done.stderr.count("\n") == 1


def test_a_bad_configuration_is_one_line(cli: Cli, tmp_path: Path) -> None:
    done = cli(
        "draft",
        env=_stub(tmp_path, "raise PolicyFileError('a.yaml:3: unknown key\\nfamly', remedy='did you mean family?')"),
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "reply-copilot: a.yaml:3: unknown key; famly; did you mean family?\n"


def test_a_defect_keeps_its_traceback_without_locals(cli: Cli, tmp_path: Path) -> None:
    done = cli("draft", env=_stub(tmp_path, "words = 'my phone is ' + '138' * 3\nraise KeyError('x')"))
    assert done.returncode == errors.DEFECT
    assert "Traceback" in done.stderr
    assert "138138138" not in done.stderr


def test_an_interrupt_is_silent(cli: Cli, tmp_path: Path) -> None:
    done = cli("draft", env=_stub(tmp_path, "raise KeyboardInterrupt"))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_ctrl_c_while_reading_is_silent() -> None:
    command = [
        sys.executable,
        "-c",
        "print('ready', flush=True); from copilot.cli.main import main; raise SystemExit(main())",
    ]
    with subprocess.Popen(
        [*command, "policy", "check", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        # An answer proves that it reads; only then is it interrupted.
        process.stdin.write("hello\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith("{")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", "")


def test_a_reader_that_goes_away_is_silent(tmp_path: Path) -> None:
    env = {**os.environ, **_stub(tmp_path, "for n in range(200000): print(n)")}
    command = f"{sys.executable} -m copilot.cli.main draft | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=env)
    assert (done.stdout, done.stderr) == ("0\n141\n", "")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "x.jsonl"), "x.jsonl: no such file or folder"),
        (PermissionError(errno.EACCES, "denied", "x.jsonl"), "x.jsonl: permission denied"),
        (
            OSError(errno.EADDRINUSE, "error while attempting to bind on address ('127.0.0.1', 8000): in use"),
            "127.0.0.1:8000: the address is already in use; choose another with --port",
        ),
        (ExceptionGroup("tasks", [BadInput("in a task")]), "in a task"),
        (BadConfiguration("x", remedy="y"), "x; y"),
    ],
)
def test_what_the_environment_refuses_is_one_line(
    error: BaseException, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert errors.report(error) == 2
    assert capsys.readouterr().err == f"reply-copilot: {line}\n"


def test_a_missing_module_hides_the_command_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("copilot.cli.commands.COMMANDS", (*COMMANDS[:1], type(COMMANDS[0])("absent", "Absent.", "无")))
    assert main.main(["--help"]) == 0
    assert "Absent." not in capsys.readouterr().out
    assert main.main(["absent"]) == 2
