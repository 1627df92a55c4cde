"""Secrets are sealed with keys of our own, and a wrong key is told in one line that shows none."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from copilot.access.vault import KEY_FILE, Vault
from copilot.domain.errors import BadConfiguration
from copilot.settings import Settings


def loaded(folder: Path, keys: str | None = None) -> Vault:
    return Vault.load(Settings(data_dir=folder, secret_keys=SecretStr(keys) if keys else None))


def key() -> str:
    return Fernet.generate_key().decode()


def test_what_is_sealed_opens_and_shows_nothing(tmp_path: Path) -> None:
    vault = loaded(tmp_path, key())
    sealed = vault.seal("秘密".encode())
    assert "秘密".encode() not in sealed
    assert vault.open(sealed) == "秘密".encode()
    assert vault.seal("秘密".encode()) != sealed


def test_a_mark_is_the_first_keys_and_of_one_purpose(tmp_path: Path) -> None:
    first, second = key(), key()
    mark = loaded(tmp_path, first).mark("sample", "x")
    assert loaded(tmp_path, f"{first},{second}").mark("sample", "x") == mark
    others = {loaded(tmp_path, second).mark("sample", "x"), loaded(tmp_path, first).mark("other", "x")}
    assert mark not in others
    assert len(others) == 2


def test_the_key_file_is_made_once_and_only_ours(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    sealed = loaded(folder).seal(b"x")
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert loaded(folder).open(sealed) == b"x"
    assert sorted(os.listdir(folder)) == [KEY_FILE]


def test_processes_that_start_together_use_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(loaded, [tmp_path / "d"] * 8))
    sealed = vaults[0].seal(b"x")
    assert [vault.open(sealed) for vault in vaults] == [b"x"] * 8


def test_the_first_key_seals_and_older_ones_still_open(tmp_path: Path) -> None:
    old, new = key(), key()
    sealed = loaded(tmp_path, old).seal(b"x")
    both = loaded(tmp_path, f" {new} , {old} ")
    assert both.open(sealed) == b"x"
    assert loaded(tmp_path, new).open(both.seal(b"y")) == b"y"


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    loaded(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(BadConfiguration, match=r"secret\.key: other users may read it; chmod 600"):
        loaded(tmp_path)


@pytest.mark.parametrize(
    "keys", ["not-a-key-canary", f"{key()},not-a-key-canary", ",", "键"], ids=["one", "second", "none", "not ASCII"]
)
def test_a_bad_key_is_named_by_its_variable_and_not_shown(tmp_path: Path, keys: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        loaded(tmp_path, keys)
    assert str(caught.value).startswith("COPILOT_SECRET_KEYS: ")
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("stored", [b"", b"garbage"])
def test_what_does_not_open_says_what_to_do(tmp_path: Path, stored: bytes) -> None:
    sealed = loaded(tmp_path, key()).seal(b"canary")
    for wrong in (stored, sealed):
        with pytest.raises(BadConfiguration, match="COPILOT_SECRET_KEYS") as caught:
            loaded(tmp_path, key()).open(wrong)
        assert caught.value.remedy is not None


def test_an_empty_variable_means_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_SECRET_KEYS", " ")
    Vault.load(Settings(data_dir=tmp_path))
    assert (tmp_path / KEY_FILE).exists()
