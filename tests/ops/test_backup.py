"""``db backup`` and ``db restore``: a copy is complete or not there, and no one's data is overwritten by accident."""

import subprocess
import uuid
from pathlib import Path

import psycopg
import pytest

from copilot.flow.checkpoints import HOOKS
from copilot.store.embedded import EmbeddedPostgres
from copilot.store.engine import Store
from copilot.store.tables import AuditRow, BuyerRow, MerchantRow, ShopRow
from tests.conftest import Cli
from tests.fixtures_store import NOW

WORDS = "a nickname that only the buyer knows"


@pytest.fixture
def folder(data_folder: Path) -> Path:
    """A place for a data folder of its own, and for backups."""
    made = data_folder / uuid.uuid4().hex[:8]
    made.mkdir(mode=0o755)
    return made


async def _filled(url: str, slug: str) -> None:
    """A merchant with a shop, a buyer and a line of the audit log."""
    merchant, shop = uuid.uuid4(), uuid.uuid4()
    async with await Store.open(url, hooks=HOOKS) as store, store.merchant(merchant) as session:
        session.add(MerchantRow(id=merchant, slug=slug, name=slug, created_at=NOW))
        await session.flush()
        session.add(
            ShopRow(
                merchant=merchant, id=shop, slug="s", name="s", platform="p", market="m", platform_shop_id="1",
                adapter="a", zone="UTC", pack="generic", profile="generic", posture="draft_only", settings={},
                created_at=NOW,
            )
        )  # fmt: skip
        await session.flush()
        session.add(BuyerRow(merchant=merchant, shop=shop, platform_buyer_id="b", nickname=WORDS, created_at=NOW))
        session.add(AuditRow(merchant=merchant, at=NOW, by="x", action="y", object=None, detail=None))


def _slugs(server: EmbeddedPostgres) -> list[str]:
    with psycopg.connect(server.url()) as connection:
        rows = connection.execute("SELECT slug FROM app.merchants ORDER BY slug").fetchall()
        return [str(row[0]) for row in rows]


def _env(folder: Path, name: str) -> dict[str, str]:
    return {"COPILOT_DATA_DIR": str(folder / name), "LANG": "en_US.UTF-8"}


async def test_a_backup_made_while_serving_comes_back_elsewhere_whole(cli: Cli, folder: Path) -> None:
    file = folder / "copy.dump"
    assert cli("db", "upgrade", env=_env(folder, "old")).returncode == 0
    with EmbeddedPostgres.start(folder / "old") as server:
        await _filled(server.url(), "cups")
        done = cli("db", "backup", str(file), env=_env(folder, "old"))
        assert (done.returncode, done.stderr) == (0, "")
    assert "secret.key" in done.stdout
    assert file.stat().st_mode & 0o077 == 0

    done = cli("db", "restore", str(file), env=_env(folder, "new"))
    assert done.returncode == 0, done.stderr
    with EmbeddedPostgres.start(folder / "new") as server:
        assert _slugs(server) == ["cups"]
        with psycopg.connect(server.url()) as connection:
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                connection.execute("DELETE FROM app.audit")
            connection.rollback()
            # The application's role is bound by row-level security there as here.
            connection.execute("SET ROLE copilot_app")
            assert connection.execute("SELECT count(*) FROM app.merchants").fetchone() == (0,)
        # It is fit for work: the schema is current and the application's role may use it.
        await _filled(server.url(), "more")
        assert _slugs(server) == ["cups", "more"]


async def test_present_data_is_replaced_only_when_told_to_and_nobody_uses_it(cli: Cli, folder: Path) -> None:
    file, env = folder / "copy.dump", _env(folder, "data")
    with EmbeddedPostgres.start(folder / "data") as server:
        assert cli("db", "upgrade", env=env).returncode == 0
        await _filled(server.url(), "before")
        assert cli("db", "backup", str(file), env=env).returncode == 0
        await _filled(server.url(), "later")

        refused = cli("db", "restore", str(file), env=env)
        assert refused.returncode == 2
        assert "--replace" in refused.stderr
        with psycopg.connect(server.url()):
            busy = cli("db", "restore", "--replace", str(file), env=env)
            assert busy.returncode == 2
            assert "stop serve and worker" in busy.stderr
        assert _slugs(server) == ["before", "later"]

        done = cli("db", "restore", "--replace", str(file), env=env)
        assert done.returncode == 0, done.stderr
        assert _slugs(server) == ["before"]
        with psycopg.connect(server.url("postgres")) as connection:
            found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'reply_copilot%'")
            assert found.fetchall() == [("reply_copilot",)]


def test_what_is_no_backup_is_refused_in_one_line_and_changes_nothing(cli: Cli, folder: Path) -> None:
    (folder / "words.txt").write_text(WORDS, encoding="utf-8")
    with EmbeddedPostgres.start(folder / "data") as server:
        foreign = folder / "foreign.dump"
        command = [str(server.bin / "pg_dump"), "-Fc", "-f", str(foreign), "--dbname", server.conninfo("postgres")]
        subprocess.run(command, check=True)
        for name, says in (
            ("words.txt", "is not a file that db backup wrote"),
            ("missing.dump", "there is no such file"),
            ("foreign.dump", "another program's database"),
        ):
            done = cli("db", "restore", str(folder / name), env=_env(folder, "data"))
            (line,) = done.stderr.splitlines()
            assert (done.returncode, says in line, WORDS in line) == (2, True, False), line


def test_a_backup_never_overwrites_a_file(cli: Cli, folder: Path) -> None:
    file = folder / "precious"
    file.write_text("precious", encoding="utf-8")
    with EmbeddedPostgres.start(folder / "data"):
        done = cli("db", "backup", str(file), env=_env(folder, "data"))
    assert done.returncode == 2
    assert file.read_text(encoding="utf-8") == "precious"
    assert [path.name for path in folder.iterdir() if "unfinished" in path.name] == []


def test_an_external_database_is_left_to_its_administrator(cli: Cli, folder: Path, database_url: str) -> None:
    for command in ("backup", "restore"):
        done = cli("db", command, str(folder / "x"), env={"DATABASE_URL": database_url})
        (line,) = done.stderr.splitlines()
        assert done.returncode == 2
        assert "pg_dump" in line
