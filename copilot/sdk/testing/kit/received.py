"""Checks of level full for what a platform knows of how the shop receives its buyers."""

from datetime import timedelta

from copilot.sdk.errors import AdapterError
from copilot.sdk.reception import ServiceRecord
from copilot.sdk.testing.kit.bench import Bench
from copilot.sdk.testing.kit.check import require, wrong
from copilot.sdk.testing.kit.stage import on_stage

_COUNTED = ServiceRecord(sessions=15, response_percent=93.4, response_minutes=3.4, satisfied_percent=95.2)


async def attending(bench: Bench) -> None:
    """Who has a conversation is told as it is: nobody, one of the shop's people, then another one, then nobody."""
    async with on_stage(bench) as stage:
        await stage.platform.say("robin", "hello")
        await stage.platform.say("kim", "hello")
        for agent in (None, "7000000000000000101", "7000000000000000102", None):
            await stage.platform.give("robin", agent)
            found = await stage.adapter.attended_by(stage.account, stage.thread("robin").id)
            require(found == agent, "another one has the conversation than the platform says")
        await stage.platform.give("kim", "7000000000000000101")
        found = await stage.adapter.attended_by(stage.account, stage.thread("robin").id)
        require(found is None, "who has another conversation is told to have this one")


async def service(bench: Bench) -> None:
    """The platform's figures arrive as they are; where it has none there are none, and a failure is no zero."""
    async with on_stage(bench) as stage:
        last = bench.clock.now().date() - timedelta(days=1)
        days = (last - timedelta(days=6), last)
        none = await stage.adapter.service_record(stage.account, *days)
        require(none.model_copy(update={"machines_count": None}) == ServiceRecord(), "figures come from nowhere")
        stage.platform.service_record = _COUNTED
        found = await stage.adapter.service_record(stage.account, *days)
        require(found.model_copy(update={"machines_count": None}) == _COUNTED, "the figures are other ones")
        stage.platform.faults.server_error = 20
        try:
            await stage.adapter.service_record(stage.account, *days)
        except AdapterError:
            return
        wrong("after a fault of the platform there are figures, instead of an error")
