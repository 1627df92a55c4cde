"""npm's packages: brought by whichever npm there is, left out with a reason without a network, never half believed."""

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from tests.tooling.node import _PATIENCE, check, find, install, needs  # pyright: ignore[reportPrivateUsage]

LOCK = '{"name": "x", "lockfileVersion": 3, "requires": true, "packages": {}}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a lock."""
    (tmp_path / "package-lock.json").write_text(LOCK, encoding="utf-8")
    (tmp_path / "package.json").write_text('{"name": "x", "scripts": {"check": "exit 3"}}', encoding="utf-8")
    return tmp_path


def npm(folder: Path, monkeypatch: pytest.MonkeyPatch, says: str) -> None:
    """An npm on the PATH that does as ``says``, a line of shell."""
    place = folder / "bin"
    place.mkdir()
    (place / "npm").write_text(f'#!/bin/sh\necho "$@" >>"{folder}/asked"\n{says}\n', encoding="utf-8")
    (place / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")


def test_packages_are_brought_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm(folder, monkeypatch, "mkdir -p node_modules && touch node_modules/.package-lock.json")
    why = folder / "why"
    why.write_text("no network", encoding="utf-8")
    assert (install(folder, why), install(folder, why)) == (0, 0)
    assert len((folder / "asked").read_text(encoding="utf-8").splitlines()) == 1
    assert not why.exists()
    os.utime(folder / "package-lock.json", (2**32, 2**32))
    assert install(folder, why) == 0
    assert len((folder / "asked").read_text(encoding="utf-8").splitlines()) == 2, "another lock, other packages"


@pytest.mark.parametrize("code", ["ENOTFOUND", "ECONNREFUSED", "E503", "E403", "SELF_SIGNED_CERT_IN_CHAIN"])
def test_without_a_network_the_rest_goes_on_and_the_reason_is_kept(
    code: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm(folder, monkeypatch, f'echo "npm error code {code}" >&2; exit 1')
    why = folder / "made/why"
    assert install(folder, why) == 0
    assert code in why.read_text(encoding="utf-8")
    assert "the rest goes on" in capsys.readouterr().err
    with pytest.raises(pytest.skip.Exception, match=code):
        needs("axe-core", folder / "node_modules", why)
    assert check(folder) == 0


@pytest.mark.parametrize("code", ["EINTEGRITY", "EUSAGE", "ELIFECYCLE"])
def test_packages_that_are_not_the_locked_ones_are_a_failure(
    code: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm(folder, monkeypatch, f'echo "npm error code {code}" >&2; exit 1')
    assert install(folder, folder / "why") == 1
    assert not (folder / "why").exists()
    assert code in capsys.readouterr().err


def test_what_is_missing_without_a_reason_fails_in_ci_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "axe-core").mkdir()
    assert needs("axe-core", tmp_path, tmp_path / "why") == tmp_path / "axe-core"
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="nobody said why"):
        needs("other", tmp_path, tmp_path / "why")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="make test"):
        needs("other", tmp_path, tmp_path / "why")


def test_wrong_types_are_a_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "node_modules").mkdir()
    npm(folder, monkeypatch, '[ "$1" = run ] && exit 3')
    assert check(folder) == 3


def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH without npm and node."""
    place = tmp_path / "bare"
    place.mkdir()
    for name in ("sh", "env"):
        (place / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(place))


def test_a_machine_without_npm_has_its_environments_which_gives_up_where_nobody_listens(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare(folder, monkeypatch)
    npm = find()
    assert npm is not None
    assert Path(npm.command[0]).is_relative_to(sys.prefix)
    package = (
        '{"node_modules/y": {"version": "1.0.0", "integrity": "sha512-AA=="}, "": {"dependencies": {"y": "1.0.0"}}}'
    )
    (folder / "package-lock.json").write_text(LOCK.replace("{}", package), encoding="utf-8")
    (folder / "package.json").write_text('{"name": "x", "dependencies": {"y": "1.0.0"}}', encoding="utf-8")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        (folder / ".npmrc").write_text(
            f"registry=http://127.0.0.1:{closed.getsockname()[1]}/\ncache={folder}/cache\n", encoding="utf-8"
        )
        assert install(folder, folder / "why") == 0
    assert "ECONNREFUSED" in (folder / "why").read_text(encoding="utf-8")


def test_npm_is_told_to_give_up_within_a_minute() -> None:
    told = dict(one.removeprefix("--").split("=") for one in _PATIENCE)
    tries = 1 + int(told["fetch-retries"])
    assert tries * int(told["fetch-timeout"]) + int(told["fetch-retry-mintimeout"]) <= 60_000
