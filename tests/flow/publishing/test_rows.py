"""The life of a version: who may move it where, what is written down, and who never sees it."""

import asyncio
import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import ProgrammingError

from copilot.access.principal import Role
from copilot.domain.errors import BadConfiguration, BadInput
from copilot.flow.publishing import rows
from copilot.flow.publishing.files import Kind, collect, digest, lay_out
from copilot.flow.publishing.rows import Actor, NothingToMove, NotPublisher, OwnerNeeded, State
from copilot.store.tables import EventRow, PublicationRow, PublishedFileRow
from tests.flow.conftest import make_shop
from tests.flow.publishing.conftest import ADMIN, OWNER, Publishing, rule

NICE = rule("abuse.house_word", "[查询物流]")
WEAK = [{"rule": "off_platform.link", "how": "off", "reason": "invoices"}]


async def test_draft_shadow_enforce_retired_and_back(publishing: Publishing) -> None:
    first = await publishing.publish(NICE, State.DRAFT)
    assert await publishing.states() == {1: "draft"}
    async with publishing.store.merchant(publishing.world.merchant) as session:
        await rows.promote(session, first.id, State.SHADOW, ADMIN, publishing.world.clock.now())
    await publishing.promote(first)
    second = await publishing.publish(rule("abuse.house_word", "[包邮到家]"), State.SHADOW)
    assert await publishing.states() == {1: "enforce", 2: "shadow"}
    await publishing.promote(second)
    assert await publishing.states() == {1: "retired", 2: "enforce"}
    left, back = await publishing.roll_back()
    assert (left.number, back.number if back else None) == (2, 1)
    assert await publishing.states() == {1: "enforce", 2: "retired"}
    # What was gone back from is not gone back to.
    third = await publishing.publish(rule("abuse.house_word", "[马上处理]"))
    left, back = await publishing.roll_back()
    assert (left.id, back.number if back else None) == (third.id, 1)
    _, back = await publishing.roll_back()
    assert back is None
    with pytest.raises(NothingToMove):
        await publishing.roll_back()


async def test_a_second_version_in_shadow_takes_the_first_one_s_place_and_rollback_ends_it(
    publishing: Publishing,
) -> None:
    await publishing.publish(NICE, State.SHADOW)
    await publishing.publish(rule("abuse.house_word", "[包邮到家]"), State.SHADOW)
    await publishing.publish(NICE, State.SHADOW, shop=publishing.other.id)
    assert await publishing.states() == {1: "retired", 2: "shadow", 3: "shadow"}
    await publishing.roll_back()
    assert await publishing.states() == {1: "retired", 2: "retired", 3: "shadow"}


async def test_what_was_retired_does_not_move_any_more(publishing: Publishing) -> None:
    row = await publishing.publish(NICE)
    await publishing.roll_back()
    with pytest.raises(NothingToMove):
        await publishing.promote(row)


async def test_every_move_is_audited_and_told_without_a_word_of_a_rule(publishing: Publishing) -> None:
    row = await publishing.publish(NICE, State.SHADOW, reason="because of 查询物流")
    await publishing.promote(row, ADMIN)
    await publishing.roll_back(actor=ADMIN)
    assert sorted(await publishing.audited()) == [
        ("publication.added", OWNER.by, 1),
        ("publication.enforce", ADMIN.by, 1),
        ("publication.rolled_back", ADMIN.by, 1),
        ("publication.shadow", OWNER.by, 1),
    ]
    from copilot.store.tables import AuditRow

    assert "查询物流" not in str([line.detail for line in await publishing.all(AuditRow)])
    topics = [event for event in await publishing.all(EventRow) if event.topic == rows.TOPIC]
    assert {event.ref for event in topics} == {str(row.id)}
    assert len(topics) == 4


async def test_only_an_owner_puts_weaker_rules_in_force(publishing: Publishing) -> None:
    weak = await publishing.publish(NICE, State.SHADOW, weakened=WEAK, actor=ADMIN)
    for actor in (ADMIN, Actor()):
        with pytest.raises(OwnerNeeded, match=r"off_platform\.link"):
            await publishing.promote(weak, actor)
        with pytest.raises(OwnerNeeded):
            await publishing.publish(NICE, weakened=WEAK, actor=actor)
    assert await publishing.states() == {1: "shadow"}
    await publishing.promote(weak, OWNER)
    await publishing.publish(rule("abuse.house_word", "[包邮到家]"), actor=ADMIN)
    # Going back to it weakens again.
    with pytest.raises(OwnerNeeded):
        await publishing.roll_back(actor=ADMIN)
    await publishing.roll_back(actor=OWNER)
    assert await publishing.states() == {1: "enforce", 2: "retired"}


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.QA])
async def test_others_publish_nothing(publishing: Publishing, role: Role) -> None:
    actor = Actor("somebody", role)
    with pytest.raises(NotPublisher):
        await publishing.publish(NICE, State.DRAFT, actor=actor)
    row = await publishing.publish(NICE, State.SHADOW)
    with pytest.raises(NotPublisher):
        await publishing.promote(row, actor)
    with pytest.raises(NotPublisher):
        await publishing.roll_back(actor=actor)


async def test_another_merchant_sees_and_moves_nothing(publishing: Publishing) -> None:
    row = await publishing.publish(NICE)
    other, shop = await make_shop_of_another(publishing)
    async with publishing.store.merchant(other) as session:
        for table in (PublicationRow, PublishedFileRow):
            assert (await session.execute(select(func.count()).select_from(table))).scalar_one() == 0
        with pytest.raises(NothingToMove):
            await rows.promote(session, row.id, State.ENFORCE, OWNER, publishing.world.clock.now())
        assert await rows.files_of(session, row.id) == {}
    assert shop != publishing.world.shop.id
    assert set(await rows.heads(publishing.store)) == {publishing.world.merchant}


async def make_shop_of_another(publishing: Publishing) -> tuple[uuid.UUID, uuid.UUID]:
    merchant, shop = await make_shop(publishing.store, publishing.world.clock.now())
    return merchant, shop.id


async def test_published_files_cannot_be_changed(publishing: Publishing) -> None:
    row = await publishing.publish(NICE)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with publishing.store.merchant(publishing.world.merchant) as session:
            await session.execute(update(PublishedFileRow).values(text="id: nothing"))
    async with publishing.store.merchant(publishing.world.merchant) as session:
        assert digest(await rows.files_of(session, row.id)) == row.hash


async def test_two_who_publish_at_once_leave_one_in_force_and_every_move_has_its_serial(
    publishing: Publishing,
) -> None:
    await asyncio.gather(*(publishing.publish(rule("abuse.house_word", f"[物流{n}号]")) for n in range(5)))
    states = sorted((await publishing.states()).values())
    assert states == ["enforce", "retired", "retired", "retired", "retired"]
    found = await publishing.all(PublicationRow)
    assert (await rows.heads(publishing.store))[publishing.world.merchant] == max(row.serial for row in found)


def test_files_are_the_same_for_everybody_and_never_leave_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    for path, text in {**NICE, "playbooks/x.yaml": "a: 1\n"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "rules/notes.txt").write_text("not a rule")
    files = collect(folder, Kind.RULES)
    assert files == NICE
    laid = lay_out(tmp_path / "root", files)
    assert collect(laid, Kind.RULES) == files
    assert lay_out(tmp_path / "root", files) == laid
    # Somebody changed what was laid out: it is made anew.
    changed = next(laid.rglob("*.yaml"))
    changed.write_text("id: nothing\n", encoding="utf-8")
    (laid / "rules/more.yaml").write_text("id: more\n", encoding="utf-8")
    assert collect(lay_out(tmp_path / "root", files), Kind.RULES) == files
    for path in ("../out.yaml", "/etc/out.yaml", "rules/../../out.yaml"):
        with pytest.raises(BadConfiguration):
            lay_out(tmp_path / "root", {path: "x"})
    assert not (tmp_path / "out.yaml").exists()
    (folder / "rules/abuse/broken.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"broken\.yaml:1: is not UTF-8"):
        collect(folder, Kind.RULES)
