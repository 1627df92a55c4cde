"""A buyer's number and a key go through a whole draft; neither is found where it must not be kept."""

import io
from dataclasses import replace

import psycopg
import pytest
from prometheus_client import generate_latest

from copilot.flow.checkpoints import open_saver
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.flow.graph import compile_graph
from copilot.flow.threads import Threads
from copilot.model.completion import ModelFailed, ModelFault
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from tests.fixtures_store import Postgres
from tests.flow.conftest import World

PHONE = "13812345678"
NAME = "欧阳明月"
SAYS = '{"explanation": "方便把订单号发我看一下吗?"}'


async def _dump(url: str, schema: str) -> str:
    """Every row of a schema as text."""
    found: list[str] = []
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        tables = await connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = %s", (schema,)
        )
        for (table,) in await tables.fetchall():
            rows = await connection.execute(f"SELECT t::text FROM {schema}.{table} t".encode())
            for (row,) in await rows.fetchall():
                found.append(row)
                # Checkpoints are bytea, which prints as hex.
                for word in row.replace('"', " ").replace(",", " ").split():
                    if word.startswith("\\\\x") or word.startswith("\\x"):
                        found.append(bytes.fromhex(word.lstrip("\\x").rstrip(")")).decode("utf-8", "replace"))
    return "\n".join(found)


@pytest.mark.parametrize("model", [ScriptedModel([SAYS]), ScriptedModel([ModelFailed(ModelFault.UNAVAILABLE)])])
async def test_a_buyers_number_stays_in_the_messages(
    world: World, database_url: str, postgres: Postgres, logged: io.StringIO, model: ScriptedModel
) -> None:
    writer = Writer(model, world.driver.shops.prompts, world.clock)
    async with open_saver(world.store) as saver:
        world = replace(world, driver=replace(world.driver, writer=writer, threads=Threads(compile_graph(saver))))
        conversation = await world.buyer(f"我的快递到哪了 我叫{NAME} 电话{PHONE}")
        row = await world.draft(conversation)
        assert row.text_hash is not None
        kept = await _dump(database_url, "flow")
        decision = Decision(row.id, row.revision, row.text_hash, DecisionKind.ACCEPT, by="agent-1")
        await decide(world.store, world.merchant, decision, world.clock)
        (reply,) = await world.replies()
        world.adapter.behaviour = lambda: (_ for _ in ()).throw(ConnectionResetError(PHONE))
        await world.outbox.send(world.merchant, reply.id)

    assert "intake" in kept, "the pause is kept, so that this test looks at something"
    places = {
        "checkpoints": kept,
        "jobs": await _dump(database_url, "jobs"),
        "logs": logged.getvalue(),
        "metrics": generate_latest().decode(),
        "server log": postgres.log.read_text(encoding="utf-8", errors="replace"),
        "prompts": "".join(message["content"] for question in model.questions for message in question.messages),
    }
    assert model.questions
    for place, text in places.items():
        assert PHONE not in text, place
        assert NAME not in text, place
