"""A version takes effect in every process, whole, between two drafts; one that cannot be loaded changes nothing."""

import asyncio
import shutil
import uuid

import pytest

from copilot.domain.draft import DraftState
from copilot.domain.errors import BadConfiguration
from copilot.domain.verdict import Decision
from copilot.flow.publishing.files import Kind
from copilot.flow.publishing.rows import State
from copilot.store.tables import PublicationRow, ShopRow
from tests.flow.publishing.conftest import Process, Publishing, rule

SAID = "这边帮您查询物流"
NICE = rule("abuse.house_word", "[查询物流]")
BROKEN = {"rules/abuse/house_word.yaml": "id: abuse.house_word\nfamly: abuse\n"}


def decision(publishing: Publishing, process: Process, text: str = SAID, *, other: bool = False) -> Decision:
    shop = publishing.other if other else publishing.world.shop
    return process.rules(shop, publishing.slug).pack.check(text).decision


async def test_two_processes_take_a_version_and_go_back_with_it(publishing: Publishing) -> None:
    one, two = publishing.processes(), publishing.processes()
    for process in (one, two):
        await process.following.begin()
        assert decision(publishing, process) is Decision.PASS
    row = await publishing.publish(NICE)
    # Nothing changes before a process has looked: whoever is at work uses one version whole.
    assert decision(publishing, one) is Decision.PASS
    for process in (one, two):
        await process.following.look()
        assert decision(publishing, process) is Decision.BLOCK
        assert decision(publishing, process, other=True) is Decision.BLOCK
    hashes = {process.rules(publishing.world.shop, publishing.slug).pack.hash for process in (one, two)}
    assert len(hashes) == 1
    left, back = await publishing.roll_back()
    assert (left.id, back) == (row.id, None)
    for process in (one, two):
        await process.following.look()
        assert decision(publishing, process) is Decision.PASS


async def test_a_version_of_one_shop_leaves_the_others_alone(publishing: Publishing) -> None:
    process = publishing.processes()
    await process.following.begin()
    before = process.rules(publishing.other, publishing.slug)
    await publishing.publish(NICE, shop=publishing.world.shop.id)
    await process.following.look()
    assert decision(publishing, process) is Decision.BLOCK
    assert process.rules(publishing.other, publishing.slug) is before


async def test_a_shop_s_version_lies_over_its_merchant_s(publishing: Publishing) -> None:
    process = publishing.processes()
    await publishing.publish(NICE)
    await publishing.publish(rule("abuse.house_word", "[包邮到家]"), shop=publishing.world.shop.id)
    await process.following.begin()
    assert decision(publishing, process) is Decision.PASS
    assert decision(publishing, process, "包邮到家") is Decision.BLOCK
    assert decision(publishing, process, other=True) is Decision.BLOCK


async def test_rules_taken_for_a_text_stay_the_same_while_a_version_comes(publishing: Publishing) -> None:
    process = publishing.processes()
    await process.following.begin()
    taken = process.rules(publishing.world.shop, publishing.slug)
    await publishing.publish(NICE)
    await process.following.look()
    assert taken.pack.check(SAID).decision is Decision.PASS
    assert decision(publishing, process) is Decision.BLOCK


async def test_a_broken_version_keeps_the_old_one_in_force_and_says_so(publishing: Publishing) -> None:
    process = publishing.processes()
    await process.following.begin()
    await publishing.publish(NICE)
    await process.following.look()
    # As if it had been written by a newer release: publishing itself refuses it.
    await publishing.publish(BROKEN)
    await process.following.look()
    assert decision(publishing, process) is Decision.BLOCK
    assert "rules/abuse/house_word.yaml:2" in process.shops.held.trouble[publishing.world.shop.id]
    (told,) = [row.trouble for row in await publishing.all(PublicationRow) if row.state == State.ENFORCE]
    assert set(told) == {"cups", "bowls"}
    assert told["cups"].startswith("rules/abuse/house_word.yaml:2: unknown key 'famly'")

    # A process that begins now has nothing to keep: the version before is there for it.
    late = publishing.processes()
    await late.following.begin()
    await late.following.look()
    assert decision(publishing, late) is Decision.BLOCK

    _, back = await publishing.roll_back()
    assert back is not None
    await process.following.look()
    assert process.shops.held.trouble == {}
    assert decision(publishing, process) is Decision.BLOCK
    assert all(row.trouble == {} for row in await publishing.all(PublicationRow) if row.state == State.ENFORCE)


async def test_without_any_version_that_loads_nothing_is_drafted_on_fewer_rules(publishing: Publishing) -> None:
    await publishing.publish(BROKEN)
    process = publishing.processes()
    await process.following.begin()
    await process.following.look()
    with pytest.raises(Exception, match="famly"):
        process.rules(publishing.world.shop, publishing.slug)


async def test_a_shop_that_comes_later_works_under_its_merchant_s_version(publishing: Publishing) -> None:
    await publishing.publish(NICE)
    process = publishing.processes()
    await process.following.begin()
    values = {name: getattr(publishing.world.shop, name) for name in ShopRow.__table__.columns.keys()}
    later = ShopRow(**{**values, "id": uuid.uuid4(), "slug": "later"})
    assert process.rules(later, publishing.slug).pack.check(SAID).decision is Decision.BLOCK


async def test_an_emptied_cache_takes_no_rule_away(publishing: Publishing) -> None:
    process = publishing.processes()
    await publishing.publish(NICE)
    await publishing.publish({"terms/douyin.cn.yaml": "photo_required: false\n"}, kind=Kind.PLAYBOOKS)
    await process.following.begin()
    assert decision(publishing, process) is Decision.BLOCK
    shutil.rmtree(process.following.root)
    publishing.world.clock.advance(26 * 3600)
    # Another day begins, and the pack would be read again: nobody is judged by fewer rules.
    with pytest.raises(BadConfiguration, match="missing or changed"):
        decision(publishing, process)
    await process.following.look()
    assert decision(publishing, process) is Decision.BLOCK
    # Terms are looked at again at every draft: they stay as they were, whatever became of their file.
    for file in process.following.root.rglob("*/terms/*.yaml"):
        file.write_text("photo_required: true\n", encoding="utf-8")
    publishing.world.clock.advance(5)
    assert process.rules(publishing.world.shop, publishing.slug).terms.photo_required is False


async def test_shadow_counts_and_changes_nothing_then_holds_at_the_next_draft(publishing: Publishing) -> None:
    process = publishing.processes()
    await process.following.begin()
    world = publishing.with_process(process)
    plain = await world.draft(await world.buyer("我的快递到哪了"))
    assert plain.state == DraftState.PROPOSED
    assert plain.text is not None
    assert "订单" in plain.text

    shadow = await publishing.publish(rule("abuse.house_word", "[订单]"), State.SHADOW)
    await process.following.look()
    seen = await world.draft(await world.buyer("我的快递到哪了", "c2"))
    assert seen.state == DraftState.PROPOSED
    assert seen.view is not None
    assert seen.view["verdict"]["findings"] == []
    assert "abuse.house_word" not in str(seen.view)
    assert await publishing.counts() == {("", "", "judged"): 1, ("abuse.house_word", "block", "caught"): 1}
    # The job comes twice: the draft has moved on and counts once.
    await world.driver.draft_conversation(world.merchant, seen.conversation)
    assert (await publishing.counts())["", "", "judged"] == 1

    await publishing.promote(shadow)
    await process.following.look()
    held = await world.draft(await world.buyer("我的快递到哪了", "c3"))
    assert held.state == DraftState.BLOCKED
    assert (await publishing.counts())["", "", "judged"] == 1


async def test_a_broken_version_in_shadow_takes_nothing_from_drafts(publishing: Publishing) -> None:
    await publishing.publish(BROKEN, State.SHADOW)
    process = publishing.processes()
    await process.following.begin()
    world = publishing.with_process(process)
    row = await world.draft(await world.buyer("我的快递到哪了"))
    assert row.state == DraftState.PROPOSED
    assert await publishing.counts() == {}


async def test_playbooks_in_shadow_count_the_offers_that_would_change(publishing: Publishing) -> None:
    process = publishing.processes()
    await process.following.begin()
    world = publishing.with_process(process)
    files = {"terms/douyin.cn.yaml": "photo_required: false\n"}
    row = await publishing.publish(files, State.SHADOW, Kind.PLAYBOOKS)
    await process.following.look()
    await world.draft(await world.buyer("收到杯子碎了一个"))
    counts = await publishing.counts()
    assert counts["", "", "judged"] == 1
    assert [key for key in counts if key[0] == "damaged"] != []
    await publishing.promote(row)
    await process.following.look()
    assert process.rules(world.shop, publishing.slug).terms.photo_required is False


async def test_it_is_followed_in_the_background_without_stopping_anybody(publishing: Publishing) -> None:
    process = publishing.processes()
    await process.following.begin()
    task = asyncio.create_task(process.following.run())
    try:
        await publishing.publish(NICE)
        async with asyncio.timeout(30):
            while decision(publishing, process) is Decision.PASS:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
