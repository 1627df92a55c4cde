"""``policy apply``, ``published``, ``promote`` and ``rollback`` as people run them: one line for each refusal."""

import asyncio
import json
import logging
import os
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from copilot.access import people
from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.principal import Role
from copilot.access.vault import Vault
from copilot.cli import doctor_published
from copilot.cli.finding import Finding
from copilot.cli.main import main
from copilot.domain.clock import SystemClock
from copilot.flow.publishing import shadow_counts
from copilot.flow.publishing.shadow import Shadow, Watched
from copilot.sdk import AdapterSettings
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.store.tables import PublicationRow, ShopRow
from tests.flow.publishing.conftest import rule

WORD = rule("abuse.house_word", "[小可爱]")
(NAME,) = WORD
ARCHIVE = [
    {
        "id": "1",
        "messages": [{"role": "buyer", "text": "在吗"}, {"role": "agent", "text": "小可爱，在的，13812345678"}],
    },
    {"id": "2", "messages": [{"role": "agent", "text": "好的小可爱"}, {"role": "agent", "text": "今天发出"}]},
]


@dataclass
class Desk:
    """A merchant with one shop and an owner, and a person at the command line."""

    folder: Path
    url: str
    run: Callable[..., tuple[int, list[str], list[str]]]

    def write(self, files: dict[str, str]) -> str:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder)

    def versions(self) -> list[tuple[int, str]]:
        async def read(store: Store) -> list[tuple[int, str]]:
            async with store.system() as session:
                assert (await session.scalars(select(PublicationRow))).all() == []
            merchant = await _merchant(store)
            async with store.merchant(merchant) as session:
                rows = await session.scalars(select(PublicationRow).order_by(PublicationRow.number))
                return [(row.number, row.state) for row in rows]

        return within(self.url, read)


def within(url: str, work: Callable[[Store], Coroutine[Any, Any, Any]]) -> Any:
    async def opened() -> Any:
        async with await Store.open(url) as store:
            return await work(store)

    return asyncio.run(opened())


async def _merchant(store: Store) -> Any:
    from copilot.access.merchants import the_merchant

    return (await the_merchant(store, None)).id


@pytest.fixture
def desk(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    clock = SystemClock()

    async def found(store: Store) -> None:
        merchant = await add_merchant(store, "acme", "Acme", clock)
        vault = Vault.load(Settings.model_validate({"data_dir": tmp_path / "data"}))
        new = NewShop(
            slug="cups",
            name="Cups",
            platform="douyin",
            market="cn",
            platform_shop_id="s1",
            adapter="douyin",
            pack="douyin.cn",
            profile="douyin.cn",
            zone="Asia/Shanghai",
            settings=AdapterSettings(),
        )
        await add_shop(store, vault, merchant, new, clock)
        for login, role in (("boss", Role.OWNER), ("helper", Role.AGENT)):
            await people.add_person(store, merchant, login, login, role, "en", "correct horse battery", clock)

    within(database_url, found)
    root = logging.getLogger()
    before = (root.handlers[:], root.level)

    def run(*args: str, **more: str) -> tuple[int, list[str], list[str]]:
        env = {"LANG": "C.UTF-8", "LC_ALL": "", "DATABASE_URL": database_url, **more}
        for name, value in {**env, "COPILOT_DATA_DIR": str(tmp_path / "data")}.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = main(["policy", *args])
        out, err = capsys.readouterr()
        return code, out.splitlines(), err.splitlines()

    assert os.environ["COPILOT_CACHE_DIR"]
    yield Desk(tmp_path / "mine", database_url, run)
    root.handlers, root.level = before[0], before[1]


def test_from_a_folder_to_shadow_to_force_and_back(desk: Desk, tmp_path: Path) -> None:
    folder = desk.write(WORD)
    archive = tmp_path / "chats.jsonl"
    archive.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in ARCHIVE), encoding="utf-8")
    with_archive = ("apply", folder, "--archive", str(archive))

    code, out, err = desk.run(*with_archive)
    assert (code, out) == (1, [])
    assert "cups: 4 messages compared with what is in force: 1 newly blocked, 0 no longer blocked" in err
    assert any("+ 小可爱，在的，13" in line for line in err)
    assert not any("13812345678" in line for line in err)
    assert "1 messages are newly blocked and 0 may be" in " ".join(err)
    assert desk.versions() == []

    code, out, err = desk.run(*with_archive, "--allow-newly-blocked", "1")
    assert code == 0, err
    (told,) = map(json.loads, out)
    assert (told["number"], told["kind"], told["state"]) == (1, "rules", "shadow")
    assert told["packs"]["cups"]["pack"].startswith("douyin.cn@")
    assert told["gate"]["cups"]["newly_blocked"] == 1
    assert err[-1].startswith("Version 1 (rules, all shops) watches and changes nothing.")
    code, out, err = desk.run("apply", folder)
    assert (code, out, err) == (0, [], ["rules: version 1 holds exactly these files already."])

    within(desk.url, _watched)
    code, out, _ = desk.run("published")
    (listed,) = map(json.loads, out)
    assert listed["seen"][0]["judged"] == 1
    assert listed["seen"][0]["rules"] == [{"rule": "abuse.house_word", "severity": "block", "caught": 1}]

    code, _, err = desk.run("promote", "1", LANG="zh_CN.UTF-8")
    assert (code, err) == (0, ["版本 1（rules，全部店铺）从下一条草稿起生效。"])
    code, _, err = desk.run("promote", "1")
    assert (code, len(err)) == (2, 1)
    assert "version 1 is in state enforce already" in err[0]
    code, _, err = desk.run("rollback")
    assert (code, err) == (
        0,
        ["Version 1 (rules, all shops) is taken back; the deployment's own folders hold again."],
    )
    assert desk.versions() == [(1, "retired")]


async def _watched(store: Store) -> None:
    async with store.merchant(await _merchant(store)) as session:
        row = (await session.scalars(select(PublicationRow))).one()
        shop = (await session.scalars(select(ShopRow))).one()
        found = (("", "", "judged"), ("abuse.house_word", "block", "caught"))
        watched = Watched(Shadow(rules=(row.id,)), texts=found)
        await shadow_counts.count(session, row.merchant, shop.id, watched, SystemClock().now())


def test_a_file_that_cannot_be_used_and_a_case_that_fails_are_named_with_their_line(desk: Desk) -> None:
    folder = desk.write({NAME: WORD[NAME].replace("family:", "famly:")})
    code, out, err = desk.run("apply", folder)
    assert (code, out) == (2, [])
    assert err == [f"reply-copilot: {folder}/{NAME}:2: unknown key 'famly'; did you mean 'family'?"]

    desk.write({NAME: WORD[NAME].replace("[好的, 您好,", "[小可爱, 您好,")})
    code, _, err = desk.run("apply", folder)
    assert code == 1
    assert any(line.startswith(f"{folder}/{NAME}:12: refused: abuse.house_word: '小可爱'") for line in err), err
    assert err[-1] == "Nothing was published; what was in force stays in force."
    assert desk.versions() == []


def test_weakening_needs_a_reason_an_owner_and_no_pin(desk: Desk, tmp_path: Path) -> None:
    pack = "packs/douyin.cn.yaml"
    desk.write({pack: _whole_pack("")})
    folder = str(desk.folder)
    code, _, err = desk.run("apply", folder, "--enforce", "--by", "boss")
    assert code == 2
    assert f"{folder}/{pack}:" in err[-1]
    assert "'off_platform.link' blocks and is weakened without a reason" in err[-1]

    desk.write({pack: _whole_pack(", reason: invoices carry a link")})
    code, _, err = desk.run("apply", folder, "--enforce")
    assert code == 1
    assert any("off_platform.link: blocks and is weakened: an owner must put it in force" in line for line in err)
    code, _, err = desk.run("apply", folder, "--by", "helper")
    assert (code, err) == (2, ["reply-copilot: this role does not publish; ask an owner or a general admin"])
    pins = tmp_path / "deployment"
    pins.mkdir()
    (pins / "pinned.yaml").write_text("pinned: {off_platform: the platform closes shops for it}\n")
    code, _, err = desk.run("apply", folder, "--enforce", "--by", "boss", COPILOT_POLICIES_DIR=str(pins))
    assert code == 1
    assert any("the deployment pins it (the platform closes shops for it)" in line for line in err)
    assert desk.versions() == []

    code, out, err = desk.run("apply", folder, "--enforce", "--by", "boss", COPILOT_POLICIES_DIR="")
    assert code == 0, err
    (told,) = map(json.loads, out)
    assert told["weakened"] == [{"rule": "off_platform.link", "how": "off", "reason": "invoices carry a link"}]
    # The operator pins it afterwards, and a process cannot load it: doctor says both.
    found = within(desk.url, lambda store: _doctor(store, pins))
    assert [(one.level, one.key, one.values) for one in found] == [
        ("ok", "published", ("1",)),
        ("wrong", "published_kept_out", ("acme/cups", "1", "packs/douyin.cn.yaml:3: no such family")),
        ("wrong", "published_pinned", ("acme", "1", "off_platform.link")),
    ]
    assert "→ " in found[2].line("zh")
    code, _, err = desk.run("rollback")
    assert code == 0


async def _doctor(store: Store, pins: Path) -> list[Finding]:
    async with store.merchant(await _merchant(store)) as session:
        why = {"cups": "packs/douyin.cn.yaml:3: no such family"}
        await session.execute(update(PublicationRow).values(trouble=why))
    settings = Settings.model_validate({"policies_dir": (pins,)})
    return [finding async for finding in doctor_published.published(store, settings)]


def _whole_pack(reason: str) -> str:
    """The shipped pack with one more rule switched off."""
    from copilot.assets import policy_folders

    shipped = (policy_folders()[0] / "packs/douyin.cn.yaml").read_text(encoding="utf-8")
    return shipped + f"  off_platform.link: {{enabled: false{reason}}}\n"


def test_playbooks_are_published_for_one_shop_with_what_they_change(desk: Desk) -> None:
    folder = desk.write({"terms/douyin.cn.yaml": "photo_required: maybe\n"})
    code, _, err = desk.run("apply", folder, "--shop", "cups")
    assert (code, len(err)) == (2, 1)
    assert f"{folder}/terms/douyin.cn.yaml:1" in err[0]
    desk.write({"terms/douyin.cn.yaml": "photo_required: false\n"})
    code, out, err = desk.run("apply", folder, "--shop", "cups", "--enforce")
    assert code == 0, err
    (told,) = map(json.loads, out)
    assert (told["kind"], told["shop"], told["state"]) == ("playbooks", "cups", "enforce")
    code, _, err = desk.run("rollback", "--shop", "cups")
    assert code == 0, err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("apply", "{empty}"), "nothing to publish"),
        (("apply", "{empty}/nowhere"), "is not a folder"),
        (("apply",), "name the folder to publish"),
        (("apply", "{empty}", "--shop", "bowls"), "there is no shop bowls; known: cups"),
        (("apply", "{empty}", "--by", "ghost"), "there is nobody called ghost here"),
        (("apply", "{empty}", "--draft", "--enforce"), "--draft and --enforce exclude each other"),
        (("promote", "7"), "there is no version 7"),
        (("rollback",), "no rules are published there"),
    ],
)
def test_what_cannot_be_meant_is_one_line(desk: Desk, tmp_path: Path, args: tuple[str, ...], said: str) -> None:
    (tmp_path / "empty").mkdir()
    code, out, err = desk.run(*(part.format(empty=tmp_path / "empty") for part in args), COPILOT_POLICIES_DIR="")
    assert (code, out, len(err)) == (2, [], 1), err
    assert said in err[0]
