"""A buyer's number and a secret go through all that fails here; neither reaches a log, a job or the server's log."""

import io
import logging
import subprocess
import sys
import uuid

import psycopg
import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from copilot.logs import get_logger
from copilot.store import queue, timers
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, MerchantRow, OutboxRow
from tests.fixtures_store import NOW, Postgres
from tests.jobs.conftest import Working, until

PHONE = "13812345678"
SECRET = "sk-canary-9f8e7d"
CANARIES = f"我的电话是{PHONE} {SECRET}"
_log = get_logger("copilot.canary")


def clean(text: str) -> bool:
    return PHONE not in text and SECRET not in text


async def test_failing_statements_are_logged_by_sqlstate_and_constraint(
    store: Store, postgres: Postgres, logged: io.StringIO
) -> None:
    merchant = uuid.uuid4()
    async with store.merchant(merchant) as session:
        session.add(MerchantRow(id=merchant, slug="m", name="m", created_at=NOW))
    conversation = ConversationRow(
        merchant=merchant, shop=uuid.uuid4(), platform_conversation_id=CANARIES, created_at=NOW, updated_at=NOW
    )
    reply = OutboxRow(
        merchant=merchant,
        shop=uuid.uuid4(),
        conversation=uuid.uuid4(),
        source_kind="nonsense",
        source_id=uuid.uuid4(),
        text=CANARIES,
        state="approved",
        created_at=NOW,
        updated_at=NOW,
    )
    twice = MerchantRow(id=uuid.uuid4(), slug=CANARIES, name=CANARIES, created_at=NOW)
    for row in (conversation, reply, twice):
        try:
            async with store.merchant(merchant) as session:
                session.add(row)
        except DBAPIError as error:
            _log.warning("refused", error=error)
            _log.exception("refused again")
        else:
            pytest.fail("it was stored")
    for query in ("SELECT CAST(:value AS uuid)", "SELECT CAST(:value AS integer)", "SELECT CAST(:value AS jsonb)"):
        try:
            async with store.system() as session:
                await session.execute(text(query), {"value": CANARIES})
        except DBAPIError as error:
            _log.warning("refused", error=error)
        else:
            pytest.fail("it was accepted")
    said = logged.getvalue()
    assert "conversations_merchant_shop_fkey" in said
    assert '"sqlstate": "22P02"' in said
    assert "outbox_source_kind_check" in said
    assert '"42501"' in said
    assert clean(said)
    assert clean(postgres.log.read_text())


async def test_a_job_that_fails_over_a_buyers_words_says_only_where(
    store: Store, working: Working, postgres: Postgres, logged: io.StringIO, database_url: str
) -> None:
    class Payload(BaseModel):
        number: int

    failed: list[int] = []

    async def fails(ref: str, **_: object) -> str:
        failed.append(1)
        match ref:
            case "by:value":
                raise ValueError(CANARIES)
            case "by:payload":
                Payload.model_validate({"number": CANARIES})
            case "by:database":
                async with store.system() as session:
                    await session.execute(text("SELECT CAST(:value AS uuid)"), {"value": CANARIES})
            case "by:group":
                raise ExceptionGroup(CANARIES, [KeyError(CANARIES)])
            case _:
                logging.getLogger("somebody.elses").warning("got %s", CANARIES)
        return CANARIES

    refs = ["by:value", "by:payload", "by:database", "by:group", "by:nothing"]
    async with working({"fails": fails}):
        async with store.system() as session:
            for ref in refs:
                await queue.defer(session, "fails", ref=ref)
            await queue.defer(session, "nobody.knows", ref="x")
            with pytest.raises(ValueError, match="ids of ours only"):
                await queue.defer(session, "fails", ref=CANARIES)
            with pytest.raises(ValueError, match="ids of ours only"):
                await timers.arm(session, "fails", PHONE, NOW, merchant=None)
        await until(lambda: len(failed) == len(refs))
    said = logged.getvalue()
    assert said.count('"job.failed"') == 4
    assert "queue.task_not_found" in said
    assert "nobody.knows" in said
    assert '"event": "got %s"' in said
    assert "test_canary.py" in said
    assert clean(said)
    assert clean(postgres.log.read_text())
    with psycopg.connect(database_url) as connection:
        for table in ("procrastinate_jobs", "procrastinate_events", "procrastinate_workers"):
            rows = connection.execute(f"SELECT t::text FROM jobs.{table} t".encode()).fetchall()
            assert rows or table == "procrastinate_workers"
            assert clean(str(rows))


def test_values_under_private_names_and_long_values_are_withheld(logged: io.StringIO) -> None:
    _log.info("received", text=CANARIES, nested={"token": SECRET, "n": [{"phone": PHONE}]}, draft="d1", long="x" * 999)
    said = logged.getvalue()
    assert clean(said)
    assert '"draft": "d1"' in said
    assert "x" * 400 not in said


def test_logs_are_silent_until_they_are_configured() -> None:

    code = "from copilot.logs import get_logger; get_logger('copilot.x').warning('hello', text='x')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
