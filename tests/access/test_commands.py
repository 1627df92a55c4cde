"""The operator's commands: beside an open store, in both languages, secrets neither in nor out."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from copilot.access import sessions, tokens
from copilot.access.vault import Vault
from copilot.channel.registry import installed
from copilot.cli.main import main
from copilot.domain.clock import SystemClock
from copilot.settings import Settings
from copilot.store.engine import Store
from tests.conftest import Cli

PASSWORD = "canary horse battery"


class Shell:
    """Runs commands in this process, each with an event loop of its own, on one database and one data folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._capsys = capsys
        self._patch = patch

    async def __call__(self, *args: str, stdin: str = "", code: int = 0, lang: str = "C.UTF-8") -> tuple[str, str]:
        self._patch.setenv("LANG", lang)
        self._patch.setattr("sys.stdin", io.StringIO(stdin))
        self._capsys.readouterr()
        done = await asyncio.to_thread(main, args)
        out, told = self._capsys.readouterr()
        assert done == code, told
        assert code == 0 or told.count("\n") == 1
        return out, told

    async def rows(self, *args: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in (await self(*args))[0].splitlines()]


@pytest.fixture
async def shell(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Shell]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "")
    root = logging.getLogger()
    before, level = root.handlers, root.level
    made = Shell(tmp_path / "data", capsys, monkeypatch)
    await made("merchant", "add", "acme", "--name", "Acme 茶具")
    yield made
    root.handlers = before
    root.setLevel(level)


def test_it_works_as_a_process(fresh_cli: Cli, database_url: str, tmp_path: Path) -> None:
    env = {"DATABASE_URL": database_url, "COPILOT_DATA_DIR": str(tmp_path / "data")}
    assert fresh_cli("merchant", "add", "acme", env=env).returncode == 0
    done = fresh_cli("person", "add", "li.na", "--name", "李娜", stdin=f"{PASSWORD}\n", env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "li.na may sign in.\n")


async def test_a_merchant_is_added_once(shell: Shell) -> None:
    assert [(row["slug"], row["name"]) for row in await shell.rows("merchant", "list")] == [("acme", "Acme 茶具")]
    assert "there is a merchant acme already" in (await shell("merchant", "add", "acme", code=2))[1]


async def test_a_person_signs_in_with_what_was_read(shell: Shell, store: Store) -> None:
    out, told = await shell("person", "add", "li.na", "--name", "李娜", "--role", "owner", stdin=f"{PASSWORD}\n")
    assert PASSWORD not in out + told
    signed = await sessions.sign_in(store, "li.na", PASSWORD, None, SystemClock())
    assert (signed.principal.name, signed.principal.language) == ("李娜", "en")
    assert "the password must have" in (await shell("person", "add", "x.y", stdin="short\n", code=2))[1]
    assert "standard input ended" in (await shell("person", "add", "x.y", code=2))[1]
    assert (
        "a person cannot be king" in (await shell("person", "add", "x.y", "--role", "king", stdin=PASSWORD, code=2))[1]
    )

    await shell("person", "password", "li.na", stdin="another horse\n")
    assert await sessions.find(store, signed.secret, SystemClock()) is None
    await shell("person", "role", "li.na", "qa")
    await shell("person", "deactivate", "li.na")
    assert await shell.rows("person", "list") == [
        {"login": "li.na", "name": "李娜", "role": "qa", "language": "en", "active": False}
    ]
    assert "可以登录" in (await shell("person", "add", "w.w", stdin=PASSWORD, lang="zh_CN.UTF-8"))[1]
    assert "nobody called" in (await shell("person", "password", "no.body", stdin=PASSWORD, code=2))[1]


async def test_a_tokens_secret_is_printed_alone_and_once(shell: Shell, store: Store) -> None:
    secret = (await shell("token", "add", "erp", "--role", "qa"))[0].strip()
    found = await tokens.find(store, secret, SystemClock())
    assert found is not None
    assert found.name == "erp"
    assert secret not in (await shell("token", "list"))[0]
    await shell("token", "revoke", "erp")
    assert await tokens.find(store, secret, SystemClock()) is None
    assert (await shell.rows("token", "list"))[0]["revoked_at"] is not None


_TIKTOK = ("--set", "app_key=key-1", "--set", "app_secret=-", "--set", "access_token=-", "--set", "shop_cipher=-")


async def test_a_shop_is_connected_without_showing_its_secrets(shell: Shell, store: Store) -> None:
    if installed().get("tiktok_shop") is None:
        pytest.fail("the adapter tiktok_shop is not installed")
    add = ("shop", "add", "tiktok_shop", "7494049642642441621", "--slug", "us-1", "--market", "us", *_TIKTOK)
    secrets = "canary-secret\ncanary-token\ncanary-cipher\n"
    assert "needs its own time zone" in (await shell(*add, stdin=secrets, code=2))[1]
    out, told = await shell(*add, "--zone", "America/New_York", stdin=secrets)
    assert "canary" not in out + told
    (row,) = await shell.rows("shop", "list")
    assert (row["slug"], row["pack"], row["zone"]) == ("us-1", "tiktok_shop.us", "America/New_York")

    key = shell.folder / "new.key"
    key.write_text("canary-file\n", encoding="utf-8")
    await shell("shop", "set", "us-1", "--set", f"app_secret=@{key}", "--posture", "off")
    (row,) = await shell.rows("shop", "list")
    assert row["posture"] == "off"
    values = await _settings(shell, store)
    assert values["app_secret"] == "canary-file"
    assert values["access_token"] == "canary-token"


async def test_a_shop_that_is_connected_again_keeps_what_is_not_named(shell: Shell, store: Store) -> None:
    add = ("shop", "add", "tiktok_shop", "7001")
    secrets = "canary-secret\ncanary-token\ncanary-cipher\n"
    first = ("--slug", "us-1", "--name", "杯", "--market", "US", "--zone", "America/Denver", "--posture", "off")
    await shell(*add, *first, *_TIKTOK, stdin=secrets)
    (before,) = await shell.rows("shop", "list")
    await shell(*add, *_TIKTOK, stdin=secrets)
    assert await shell.rows("shop", "list") == [before]
    # Another market has rules of its own, and needs a zone of its own.
    assert "time zone" in (await shell(*add, "--market", "sea", *_TIKTOK, stdin=secrets, code=2))[1]
    await shell(*add, "--market", "sea", "--zone", "Asia/Bangkok", *_TIKTOK, stdin=secrets)
    (after,) = await shell.rows("shop", "list")
    assert (after["slug"], after["profile"], after["posture"]) == ("us-1", "tiktok_shop.sea", "off")


async def _settings(shell: Shell, store: Store) -> dict[str, object]:
    from copilot.access import credentials
    from copilot.access.merchants import the_merchant
    from copilot.access.shops import the_shop

    merchant = (await the_merchant(store, None)).id
    shop = await the_shop(store, merchant, "us-1")
    async with store.merchant(merchant) as session:
        stored = await credentials.read(session, Vault.load(Settings(data_dir=shell.folder)), shop.id)
    assert stored is not None
    return stored.values


_WRONG = (
    (("shop", "add", "nothing", "1"), "there is no adapter nothing; installed: "),
    (("shop", "add", "tiktok_shop", "1", "--set", "app_key=k"), "the setting app_secret is missing; settings: "),
    (("shop", "add", "tiktok_shop", "1", "--set", "canary"), "--set number 1 is not KEY=VALUE"),
    (("shop", "add", "tiktok_shop", "1", "--set", "app_secret=@/no/file"), "no such file"),
    (("shop", "set", "none", "--posture", "off"), "there is no shop none; known: none yet"),
    (("shop", "list", "--merchant", "other"), "there is no merchant other; known: acme"),
)


async def test_what_is_wrong_is_one_line(shell: Shell) -> None:
    for args, says in _WRONG:
        told = (await shell(*args, code=2))[1]
        assert says in told
        assert "canary" not in told


async def test_a_buyer_is_erased_only_by_who_means_it_and_where_there_is_such_a_shop(shell: Shell) -> None:
    _, unsure = await shell("buyer", "erase", "cups", "b-1", code=2)
    assert "--yes" in unsure
    assert "b-1" not in unsure
    _, nowhere = await shell("buyer", "erase", "cups", "b-1", "--yes", code=2)
    assert "there is no shop cups" in nowhere
