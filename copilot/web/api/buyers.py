"""What people keep of a buyer, and forgetting one who asks for it; the latter for those who manage the shop."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import Field

from copilot.access import audit
from copilot.channel.called import LONGEST, MOST_TAGS
from copilot.channel.erasing import ReplyLeaving, erase_of_conversation
from copilot.desk.buyer_tags import tag_buyer
from copilot.desk.figures.outcome import keep_outcomes
from copilot.domain.base import StrictShape
from copilot.web.api.reach import conversation_of
from copilot.web.auth import MayManage, MayReply, parts_of
from copilot.web.errors import NotFound, WrongState
from copilot.web.texts import Brief

router = APIRouter(prefix="/api/conversations/{conversation}")


Tag = Annotated[Brief, Field(min_length=1, max_length=LONGEST)]
Tags = Annotated[tuple[Tag, ...], Field(max_length=2 * MOST_TAGS)]


class BuyerTags(StrictShape):
    """The tags to add and to take off.

    Only the changes: one that the platform told meanwhile must not go because nobody here had seen it.
    """

    add: Tags = ()
    remove: Tags = ()


@router.post("/buyer-tags")
async def tagged(
    request: Request, conversation: uuid.UUID, given: Annotated[BuyerTags, Body()], principal: MayReply
) -> dict[str, tuple[str, ...]]:
    """Change the tags of the conversation's buyer, which hold in all their conversations with the shop."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        add, remove = ([one.strip() for one in tags if one.strip()] for tags in (given.add, given.remove))
        done = await tag_buyer(session, row, add, remove, now)
        if done is None:
            # The platform names no buyer here.
            raise NotFound
        if done.added or done.removed:
            await audit.record(
                session,
                merchant=principal.merchant,
                by=str(principal.id),
                action="buyer.tagged",
                object=str(done.buyer),
                # Not which ones: what is written there outlives a buyer who is forgotten.
                detail={"added": done.added, "removed": done.removed},
                at=now,
            )
        return {"tags": done.tags}


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
