"""``trace`` tells every step of a draft with its time, and never a word of anybody."""

import json
import uuid
from datetime import timedelta

import pytest

from copilot.cli.trace import _show  # pyright: ignore[reportPrivateUsage]
from copilot.cli.tracing import Trace, plain, trace_of
from copilot.domain.errors import BadInput
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.logs import WITHHELD
from copilot.store import spans
from copilot.store.tables import DraftRow
from tests.flow.conftest import World

ASKS = "我的快递到哪了,电话13812345678"


async def _sent(world: World) -> DraftRow:
    """A draft that was written, accepted and sent, three seconds apart."""
    row = await world.draft(await world.buyer(ASKS))
    assert row.text_hash is not None
    world.clock.advance(3)
    await decide(
        world.store,
        world.merchant,
        Decision(row.id, row.revision, row.text_hash, DecisionKind.ACCEPT, by="agent-1"),
        world.clock,
    )
    world.clock.advance(3)
    (reply,) = await world.replies()
    await world.outbox.send(world.merchant, reply.id)
    return row


async def _trace(world: World, written: str) -> Trace:
    return await trace_of(world.store, written)


async def test_every_step_is_there_in_order(world: World) -> None:
    row = await _sent(world)
    found = await _trace(world, str(row.id))

    names = [step.name for step in found.steps]
    for earlier, later in (
        ("draft.writing", "draft.proposed"),
        ("intake", "classify"),
        ("classify", "plan"),
        ("write", "check"),
        ("draft.proposed", "decision"),
        ("decision", "reply"),
        ("decision", "sent"),
        ("reply.sending", "reply.sent"),
    ):
        assert earlier in names, names
        assert later in names, names
    assert [step.at for step in found.steps] == sorted(step.at for step in found.steps)
    assert found.draft.state == "sent"
    decision = next(step for step in found.steps if step.name == "decision")
    assert decision.detail == {"kind": "accept", "revision": 1, "by": "agent-1"}
    assert decision.at - found.steps[0].at == timedelta(seconds=3)


async def test_it_names_the_templates_the_pack_and_the_flow_by_hash(world: World) -> None:
    row = await _sent(world)
    printed = json.dumps((await _trace(world, str(row.id))).as_json())

    assert row.flow_version in printed
    steps = {step["name"]: step["detail"] for step in json.loads(printed)["steps"] if step["detail"]}
    assert steps["write"]["templates"]
    assert steps["check"]["pack_hash"]


async def test_no_word_of_the_buyer_or_of_the_draft_is_told(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await _sent(world)
    assert row.text is not None
    async with world.store.merchant(world.merchant) as session:
        leaked = {"said": ASKS, "nested": [{"also": row.text}], "按时": "x y"}
        await spans.record(
            session, merchant=world.merchant, trace="t", name="write", at=row.created_at, seconds=0.1, draft=row.id,
            detail=leaked,
        )  # fmt: skip
    found = await _trace(world, str(row.id))
    for lang in ("zh", "en"):
        _show(found, lang)  # pyright: ignore[reportArgumentType]
    printed = capsys.readouterr().out + json.dumps(found.as_json(), ensure_ascii=False)

    assert "13812345678" not in printed
    assert ASKS not in printed
    assert row.text not in printed
    assert "按时" not in printed
    assert WITHHELD in printed


async def test_a_beginning_of_the_id_is_enough_when_only_one_draft_has_it(world: World) -> None:
    row = await _sent(world)
    other = await world.draft(await world.buyer(ASKS, "c2"))

    assert (await _trace(world, str(row.id)[:13].upper())).draft.id == row.id
    async with world.store.merchant(world.merchant) as session:
        twin = await session.get_one(DraftRow, (world.merchant, other.id))
        values = {column.name: getattr(twin, column.name) for column in DraftRow.__table__.columns}
        session.add(DraftRow(**values | {"id": uuid.UUID(int=row.id.int ^ 1)}))
    with pytest.raises(BadInput, match="several drafts"):
        await _trace(world, str(row.id)[:8])
    assert (await _trace(world, str(row.id))).draft.id == row.id


@pytest.mark.parametrize("written", ["", "abc", "not an id", "zzzz-zzzz", "0" * 33])
async def test_what_is_no_id_is_refused_in_one_line(world: World, written: str) -> None:
    with pytest.raises(BadInput, match="not the beginning"):
        await _trace(world, written)


async def test_an_unknown_draft_is_refused(world: World) -> None:
    with pytest.raises(BadInput, match="no such draft"):
        await _trace(world, str(uuid.uuid4()))


async def test_a_sister_draft_of_the_same_delivery_stays_out(world: World) -> None:
    row = await _sent(world)
    sister = uuid.uuid4()
    async with world.store.merchant(world.merchant) as session:
        for draft, name in ((None, "delivery"), (sister, "stranger")):
            await spans.record(
                session, merchant=world.merchant, trace=row.trace or "", name=name, at=row.created_at, seconds=0.0,
                draft=draft,
            )  # fmt: skip
    names = [step.name for step in (await _trace(world, str(row.id))).steps]
    assert "delivery" in names
    assert "stranger" not in names


def test_names_hashes_and_numbers_pass_and_words_do_not() -> None:
    assert plain({"pack": "douyin.cn@2026-11", "hash": "ab12", "n": 3, "ok": True, "none": None}) == {
        "pack": "douyin.cn@2026-11",
        "hash": "ab12",
        "n": 3,
        "ok": True,
        "none": None,
    }
    assert plain(["where is my order", "你好", object()]) == [WITHHELD] * 3
