"""Checks of level full that hold for every platform: against its emulator, with everything going wrong that may."""

from collections.abc import Awaitable, Callable

from copilot.domain.message import Role, SentBy
from copilot.domain.order import OrderStatus
from copilot.sdk.contract import Receipt
from copilot.sdk.errors import (
    AdapterError,
    NotAuthorized,
    OutcomeUnknown,
    PlatformDown,
    SendRefused,
    Throttled,
    TokenExpired,
    WindowClosed,
)
from copilot.sdk.events import MessageEvent, OrderChanged
from copilot.sdk.table import modes_of
from copilot.sdk.testing.chats import stable_id
from copilot.sdk.testing.kit.bench import TEXT, Bench
from copilot.sdk.testing.kit.check import require
from copilot.sdk.testing.kit.stage import Stage, on_stage

_MACHINES = (SentBy.AUTO, SentBy.PLATFORM_BOT)


def heard_by(way: str) -> Callable[[Bench], Awaitable[None]]:
    """The check that what shoppers write arrives ``way``, in their words and for their conversation."""

    async def check(bench: Bench) -> None:
        if way == "poll" and "polled_messages" in bench.proof.absent and len(modes_of(bench.adapter())) > 1:
            bench.lacks("polled_messages", "")
        async with on_stage(bench) as stage:
            await stage.platform.say("robin", "where is my parcel?")
            await stage.platform.say("kim", "还没到吗")
            said = [one for one in await stage.messages(way) if one.message.role is Role.BUYER]
            require(way != "webhook" or stage.refused == 0, "a delivery of the emulator is refused")
            told = {(one.conversation, one.message.text) for one in said}
            wanted = {(stage.thread("robin").id, "where is my parcel?"), (stage.thread("kim").id, "还没到吗")}
            require(told == wanted, "what two shoppers wrote does not arrive as it was written")
            require({one.shop for one in said} == {stage.platform.shop_id}, "an event names another shop")
            require(await stage.messages(way) == [], "what was heard is heard again")

    return check


async def moved_order(bench: Bench) -> None:
    """An order that moved while every delivery was lost is told of by the next look, and by that one only."""
    async with on_stage(bench) as stage:
        mine = stage.order("mine")
        stage.platform.add_order(mine, "robin")
        stage.platform.add_order(stage.order("theirs"), "kim")
        await stage.hear("poll")
        stage.platform.faults.drop = 9
        bench.clock.advance(120)
        await stage.platform.change_order(mine.model_copy(update={"status": OrderStatus.COMPLETED}))
        require(await _moved(stage) == {mine.id}, "a look does not tell which order moved, and no other")
        require(await _moved(stage) == set(), "an order that did not move again is told of again")


async def _moved(stage: Stage) -> set[str]:
    return {one.order_id for one in await stage.hear("poll") if isinstance(one, OrderChanged)}


def _way(stage: Stage) -> str:
    return modes_of(stage.adapter)[0].name


async def duplicate(bench: Bench) -> None:
    """A delivery that comes twice is one message by its id."""
    async with on_stage(bench) as stage:
        # A platform may tell of the conversation first.
        stage.platform.faults.duplicate = 5
        await stage.platform.say("robin", "hello")
        said = await stage.messages("webhook")
        require(len(said) >= 2, "the emulator did not deliver twice")
        require(len({one.message.id for one in said}) == 1, "the second delivery has another id")


async def order(bench: Bench) -> None:
    """Messages that come out of order can be put into it: by sequence, else by time."""
    async with on_stage(bench) as stage:
        texts = ["one", "two", "three", "four"]
        # The first delivery waits for the one that follows.
        stage.platform.faults.reorder = 1
        for text in texts:
            await stage.platform.say("robin", text)
            stage.bench.clock.advance(1)
        said = [one for one in await stage.messages(_way(stage)) if one.message.role is Role.BUYER]
        require(all(_place(one) is not None for one in said), "a message has neither a sequence nor a time")
        require(
            [one.message.text for one in sorted(said, key=_key)] == texts, "sequence and time do not give the order"
        )


def _place(one: MessageEvent) -> object:
    return one.sequence if one.sequence is not None else one.message.sent_at


def _key(one: MessageEvent) -> tuple[float, int]:
    return (one.message.sent_at.timestamp() if one.message.sent_at else 0.0, one.sequence or 0)


async def echo(bench: Bench) -> None:
    """The echo of what we sent has the id of its receipt: that is how it is known."""
    async with on_stage(bench) as stage:
        await stage.platform.say("robin", "hello")
        ended = await stage.send("on its way")
        require(isinstance(ended, Receipt), "a reply in an open conversation is not taken")
        assert isinstance(ended, Receipt)
        said = [one for one in await stage.messages(_way(stage)) if one.message.text == "on its way"]
        require(all(one.message.id == ended.message_id for one in said), "the echo has another id than the receipt")
        require(ended.message_id == stage.thread().said[-1].message.id, "the receipt has another id than the platform")


async def colleague(bench: Bench) -> None:
    """What a colleague writes in the platform's window is a person's message of the shop."""
    async with on_stage(bench) as stage:
        await stage.platform.say("robin", "hello")
        ended = await stage.send("on its way")
        await stage.platform.colleague_says("robin", "I take this one")
        said = [one for one in await stage.messages(_way(stage)) if one.message.text == "I take this one"]
        require(len(said) == 1, "a colleague's message does not arrive")
        message = said[0].message
        require(
            message.role is Role.AGENT and message.sent_by not in _MACHINES, "a colleague is taken for somebody else"
        )
        require(not isinstance(ended, Receipt) or message.id != ended.message_id, "a colleague's message has our id")


async def words(bench: Bench) -> None:
    """What was approved stands in the buyer's window, sign for sign."""
    async with on_stage(bench) as stage:
        await stage.platform.say("robin", "hello")
        await stage.send(TEXT)
        require(stage.sent() == [TEXT], "the buyer reads something else than what was approved")


async def throttled(bench: Bench) -> None:
    """A platform that asks to slow down is understood, with its seconds, and nothing was sent."""
    async with on_stage(bench) as stage:
        stage.platform.faults.throttle, stage.platform.faults.retry_after = 1, 7
        ended = await stage.send("hello")
        require(isinstance(ended, Throttled), "a throttled call is not Throttled")
        assert isinstance(ended, Throttled)
        require(ended.retry_after == 7, "the seconds of Retry-After are lost")
        require(stage.sent() == [], "the call was made again although the platform asked to wait")


async def server_error(bench: Bench) -> None:
    """A fault of the platform leaves the outcome open, or nothing was done."""
    async with on_stage(bench) as stage:
        stage.platform.faults.server_error = 1
        ended = await stage.send("hello")
        require(isinstance(ended, OutcomeUnknown | PlatformDown), "a server error is neither unknown nor down")
        require(stage.sent() == [], "the call was made again after a server error")


async def cut(bench: Bench) -> None:
    """A connection that breaks after the platform took the reply leaves the outcome open, and sends nothing twice."""
    async with on_stage(bench) as stage:
        stage.platform.faults.cut_after_accepting = 1
        ended = await stage.send("hello")
        require(isinstance(ended, OutcomeUnknown), "a call that broke off is not OutcomeUnknown")
        require(stage.sent() == ["hello"], "the reply stands in the window another number of times than once")


async def refused(bench: Bench) -> None:
    """A text that the platform's review refused is told apart."""
    async with on_stage(bench) as stage:
        stage.platform.faults.refuse = 1
        require(isinstance(await stage.send("hello"), SendRefused), "a refused text is not SendRefused")


async def window(bench: Bench) -> None:
    """A conversation that takes no replies is told apart."""
    async with on_stage(bench) as stage:
        stage.platform.faults.window_closed = 1
        require(isinstance(await stage.send("hello"), WindowClosed), "a closed conversation is not WindowClosed")


async def expired(bench: Bench) -> None:
    """Access that is over is told apart, and nothing was sent."""
    async with on_stage(bench) as stage:
        stage.platform.faults.token_expired = 1
        ended: object = await stage.send("hello")
        if stage.platform.faults.token_expired and hasattr(stage.adapter, "order"):
            # Replies go another way, whose access does not expire.
            ended = await _order_ends(stage)
        else:
            require(stage.sent() == [], "something was sent without access")
        require(isinstance(ended, TokenExpired | NotAuthorized), "access that is over is not TokenExpired")


async def _order_ends(stage: Stage) -> object:
    try:
        return await stage.adapter.order(stage.account, stable_id("none"))
    except AdapterError as error:
        return error


async def key(bench: Bench) -> None:
    """A platform with idempotent sends takes the same key once; one without can be read back."""
    adapter = bench.adapter()
    if not adapter.idempotent_send:
        if not hasattr(adapter, "sent_since"):
            bench.lacks("read_back", "neither idempotent sends nor History: an unknown outcome stays unknown")
        return
    async with on_stage(bench) as stage:
        first, second = await stage.send("hello", "key-1"), await stage.send("hello", "key-1")
        require(stage.sent() == ["hello"], "the same key twice is not one message")
        require(first == second or _ids(first, second), "the same key twice has two receipts")
        await stage.send("hello", "key-2")
        require(stage.sent() == ["hello", "hello"], "another key is not another message")


def _ids(first: object, second: object) -> bool:
    return isinstance(first, Receipt) and isinstance(second, Receipt) and first.message_id == second.message_id
