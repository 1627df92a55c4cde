"""Forgetting a buyer who asks for it; for those who manage the shop."""

import uuid

from fastapi import APIRouter, Request

from copilot.channel.erasing import ReplyLeaving, erase_of_conversation
from copilot.desk.figures.outcome import keep_outcomes
from copilot.web.api.reach import conversation_of
from copilot.web.auth import MayManage, parts_of
from copilot.web.errors import WrongState

router = APIRouter(prefix="/api/conversations/{conversation}")


@router.post("/erase-buyer")
async def erased(request: Request, conversation: uuid.UUID, principal: MayManage) -> dict[str, int | dict[str, int]]:
    """Erase the conversation's buyer with all their conversations in the shop."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        try:
            done = await erase_of_conversation(
                session,
                parts.accounts.vault,
                row,
                by=str(principal.id),
                now=parts.clock.now(),
                keep=keep_outcomes,
            )
        except ReplyLeaving:
            raise WrongState(state="sending") from None
    return {"conversations": len(done.conversations), "rows": done.rows}
