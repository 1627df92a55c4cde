"""The bodies of the conversations' tasks: each opens nothing, decides nothing, and hands its ids to whoever does."""

import uuid
from collections.abc import Mapping

from copilot.channel.outbox import Outbox
from copilot.channel.tasks import DRAFT_CONVERSATION, PROPOSE_DUE, RESUME_DRAFT, SEND_REPLY
from copilot.flow.driver import Driver
from copilot.jobs.worker import Task


def tasks_of(driver: Driver, outbox: Outbox) -> Mapping[str, Task]:
    """The tasks by name."""

    async def draft_conversation(*, merchant: str, ref: str, **_: object) -> None:
        await driver.draft_conversation(uuid.UUID(merchant), uuid.UUID(ref))

    async def resume_draft(*, merchant: str, ref: str, **_: object) -> None:
        await driver.resume(uuid.UUID(merchant), uuid.UUID(ref))

    async def propose_due(*, merchant: str, ref: str, **_: object) -> None:
        await driver.propose_due(uuid.UUID(merchant), uuid.UUID(ref))

    async def send_reply(*, merchant: str, ref: str, **_: object) -> None:
        await outbox.send(uuid.UUID(merchant), uuid.UUID(ref))

    return {
        DRAFT_CONVERSATION: draft_conversation,
        RESUME_DRAFT: resume_draft,
        PROPOSE_DUE: propose_due,
        SEND_REPLY: send_reply,
    }
