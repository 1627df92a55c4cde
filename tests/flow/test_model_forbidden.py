"""A shop that forbids models: nothing of it reaches one, whichever way would lead there."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from copilot.access.model_use import set_forbidden
from copilot.flow.checkpoints import open_saver
from copilot.flow.graph import compile_graph
from copilot.flow.shops import Shops
from copilot.flow.threads import Threads
from copilot.flow.translations import Translations
from copilot.model.scripted import ScriptedModel
from copilot.model.translation import Translator
from copilot.model.writer import Writer
from copilot.store.tables import AuditRow, TranslationRow
from tests.flow.conftest import World
from tests.flow.test_translations import person

SLOTS = '{"explanation": "方便把订单号发我看一下吗?"}'


@pytest.mark.parametrize("forbidden", [True, False])
async def test_drafts_and_translations_of_a_shop_ask_a_model_only_where_it_may(
    world: World, shops: Shops, forbidden: bool
) -> None:
    if forbidden:
        await set_forbidden(world.store, world.merchant, world.shop.id, True, world.clock)
    await person(world, "en")
    wording = ScriptedModel([SLOTS] * 4)
    async with open_saver(world.store) as saver:
        writer = Writer(wording, shops.prompts, world.clock)
        driver = replace(world.driver, threads=Threads(compile_graph(saver)), writer=writer)
        conversation = await world.buyer("我的快递到哪了")
        row = await replace(world, driver=driver).draft(conversation)
    assert row.view is not None
    assert row.view["written_by"] == ("composer" if forbidden else "model")
    translating = ScriptedModel([json.dumps({"lines": ["Where is my parcel?"]})] * 4)
    translator = Translator(translating, shops.prompts, world.clock)
    await Translations(world.store, shops, world.clock, translator).talk(world.merchant, conversation)
    assert [bool(wording.questions), bool(translating.questions)] == [not forbidden] * 2
    async with world.store.merchant(world.merchant) as session:
        assert bool(list(await session.scalars(select(TranslationRow)))) is not forbidden


async def test_the_change_is_written_down_once_and_can_be_taken_back(world: World) -> None:
    for forbidden in (True, True, False):
        await set_forbidden(world.store, world.merchant, world.shop.id, forbidden, world.clock, by="p1")
    async with world.store.merchant(world.merchant) as session:
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.by == "p1")))
    assert sorted(row.detail["models"] for row in rows if row.detail) == ["allowed", "forbidden"]
