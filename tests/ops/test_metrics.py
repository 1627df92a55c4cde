"""What is measured, and that no label can carry an id or anybody's words."""

import socket
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from copilot import metrics
from copilot.channel.tasks import PROPOSE_DUE
from copilot.domain.clock import FrozenClock
from copilot.jobs.metrics_port import metrics_told
from copilot.jobs.warming import Warming
from copilot.store import timers
from copilot.store.engine import APP_POOL, Store, make_engine
from copilot.store.url import DatabaseUrl
from copilot.web.metrics import Exposition
from copilot.web.readiness import readiness
from tests.fixtures_store import NOW
from tests.flow.conftest import World


def _samples(told: bytes) -> dict[tuple[str, str], float]:
    """Values by name and label; fails when one stands there twice, as Prometheus would."""
    found: dict[tuple[str, str], float] = {}
    for family in text_string_to_metric_families(told.decode()):
        for sample in family.samples:
            if sample.name.startswith("copilot_") and "le" not in sample.labels:
                key = (sample.name, ",".join(sample.labels.values()))
                assert key not in found, key
                found[key] = sample.value
    return found


@pytest.mark.parametrize("name", ["tiktok_shop", "draft.propose_due", "off_platform.wechat", "accepted"])
def test_names_are_labels(name: str) -> None:
    assert metrics.label(name) == name


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "13812345678",
        "where is my order",
        "加微信",
        str(uuid.UUID(int=7)),
        "577409931120448141",
        "a" * 41,
        "x\ny",
    ],
)
def test_nothing_else_is(value: str | None) -> None:
    assert metrics.label(value) == metrics.OTHER


async def test_the_database_is_asked_for_ages_and_tallies(store: Store) -> None:
    clock = FrozenClock(NOW)
    async with store.system() as session:
        for task in ("draft.conversation", "draft.conversation", "Odd Task!", "Other Odd"):
            await session.execute(
                text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('copilot', :task)"), {"task": task}
            )
        for number, late in enumerate((30, 10, -10)):
            due = NOW - timedelta(seconds=late)
            await timers.arm(session, PROPOSE_DUE, f"x{number}", due, merchant=None)
    found = _samples(await Exposition(store, clock).render())

    assert found["copilot_database_up", ""] == 1
    assert found["copilot_queue_jobs", "draft.conversation"] == 2
    assert found["copilot_queue_jobs", "other"] == 2, "two unknown names share a label, once"
    assert found["copilot_timers_overdue", PROPOSE_DUE] == 2
    assert found["copilot_timers_late_seconds", PROPOSE_DUE] == 30
    assert found["copilot_drafts_late", ""] == 2
    assert found["copilot_pool_size", ""] == APP_POOL
    assert ("copilot_worker_heartbeat_age_seconds", "") not in found


async def test_rows_of_every_merchant_are_tallied_and_asked_for_at_most_every_two_seconds(world: World) -> None:
    exposition = Exposition(world.store, world.clock)
    assert ("copilot_drafts", "proposed") not in _samples(await exposition.render())
    await world.draft(await world.buyer("我的快递到哪了"))
    world.clock.advance(1)
    assert ("copilot_drafts", "proposed") not in _samples(await exposition.render())
    world.clock.advance(1)
    assert _samples(await exposition.render())["copilot_drafts", "proposed"] == 1


async def test_a_draft_that_is_shown_is_counted_with_its_verdict(world: World) -> None:
    def value(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    before = value("copilot_webhook_to_proposed_seconds_count", written_by="composer")
    verdicts = value("copilot_verdicts_total", decision="pass")
    talk = await world.buyer("我的快递到哪了")
    world.clock.advance(2)
    await world.draft(talk)

    assert value("copilot_webhook_to_proposed_seconds_count", written_by="composer") == before + 1
    assert value("copilot_verdicts_total", decision="pass") == verdicts + 1


async def test_a_database_that_is_gone_is_a_number_and_the_rest_is_still_told() -> None:
    nowhere = DatabaseUrl.parse("postgresql://u:s3cret@127.0.0.1:1/x")
    store = Store(make_engine(nowhere), nowhere, nowhere, None)
    told = await Exposition(store).render()
    found = _samples(told)
    assert found["copilot_database_up", ""] == 0
    assert ("copilot_drafts_late", "") not in found, "nobody knows"
    assert b"copilot_job_seconds" in told
    assert b"s3cret" not in told
    assert (await readiness(store))["database"] != "ok"
    await store.close()


async def test_readiness_names_what_is_missing(world: World) -> None:
    found = await readiness(world.store, "loading")
    assert found == {
        "status": "not_ready",
        "database": "ok",
        "schema": "ok",
        "packs": "loading",
        "worker": "no heartbeat",
        "published": "ok",
    }
    assert (await readiness(world.store, "ok", 2))["published"] == "kept out of 2 shops: see doctor"
    async with world.store.system() as session:
        await session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    assert (await readiness(world.store))["status"] == "ready"


async def test_rules_are_loaded_for_every_shop_and_broken_ones_of_a_shop_harm_no_other(world: World) -> None:
    warming = Warming(world.store, world.driver.shops, world.clock)
    assert warming.state == "loading"
    async with world.store.merchant(world.merchant) as session:
        await session.execute(text("UPDATE shops SET pack = 'no.such'"))
    await warming.run()
    assert warming.state == "ok"


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = taken.getsockname()[1]
    with metrics_told(found):
        yield found


def test_a_worker_tells_its_metrics_on_this_machine(port: int) -> None:
    metrics.observe_job("draft.conversation", "done", 0.02)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        told = answer.read().decode()
    assert 'copilot_job_seconds_count{outcome="done",task="draft.conversation"}' in told
    with pytest.raises(OSError, match=f"127.0.0.1.*{port}"), metrics_told(port):
        pass
