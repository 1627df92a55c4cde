"""The last step: make sure that the accepted reply is queued. The decision did it already; this is the belt."""

from copilot.flow.deps import Deps


async def run(merchant: str, draft: str, deps: Deps) -> bool:
    """Whether the reply was added to the outbox now (False: it was there)."""
    return await deps.rows.deliver(merchant, draft)
