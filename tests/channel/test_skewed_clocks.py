"""Two machines of ours never agree on the time to the millisecond; nobody is told anything twice for that."""

from datetime import timedelta

from copilot.domain.message import Role, SentBy
from copilot.sdk import OutcomeUnknown
from copilot.store.engine import Store
from tests.channel.outgoing import open_desk


async def test_an_echo_that_seems_older_than_its_own_call_sends_nothing_again(store: Store) -> None:
    async with open_desk(store) as desk:
        reply = await desk.typed("好的,马上为您处理")
        desk.platform.script = [(0, OutcomeUnknown("cut"))]
        await desk.send(reply)
        [message] = desk.platform.said
        # It came in through a server whose clock is behind the worker's.
        await desk.hears(
            Role.AGENT,
            message.text,
            id=message.message_id,
            sent_at=message.sent_at,
            sent_by=SentBy.PERSON,
            received_at=desk.clock.now() - timedelta(seconds=0.3),
        )
        row = await desk.until_settled(reply)
        assert row.state in ("sent", "unconfirmed")
        assert desk.platform.texts() == ["好的,马上为您处理"]
