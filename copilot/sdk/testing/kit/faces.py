"""Checks of level full for pictures of the shop's people that the platform reviews."""

from copilot.sdk.errors import AdapterError
from copilot.sdk.faces import Avatar, AvatarState, Reviewed
from copilot.sdk.testing.kit.bench import Bench
from copilot.sdk.testing.kit.check import require, wrong
from copilot.sdk.testing.kit.stage import on_stage
from copilot.sdk.testing.page import picture

_AGENT = "7000000000000000101"
_REASON = "no faces of children"


async def review(bench: Bench) -> None:
    """What was handed in waits, is approved or is refused with the platform's reason; what was not is unknown."""
    async with on_stage(bench) as stage:
        adapter, account = stage.adapter, stage.account
        unknown = await adapter.avatar_review(account, _AGENT, "key-1")
        require(unknown is None, "a picture that nobody handed in is known")
        avatar = Avatar(shop=stage.platform.shop_id, agent=_AGENT, body=picture(), content_type="image/png")
        waits = Reviewed(state=AvatarState.PENDING_REVIEW)
        require(await adapter.hand_in_avatar(account, avatar, "key-1") == waits, "what was handed in does not wait")
        kept = stage.platform.avatars["key-1"]
        require((kept.agent, kept.body) == (_AGENT, picture()), "another picture was handed in, or for somebody else")
        kept.state = AvatarState.APPROVED
        approved = await adapter.avatar_review(account, _AGENT, "key-1")
        require(approved == Reviewed(state=AvatarState.APPROVED), "what was approved is not told as approved")
        await adapter.hand_in_avatar(account, avatar, "key-2")
        second = stage.platform.avatars["key-2"]
        second.state, second.reason = AvatarState.REJECTED, _REASON
        refused = await adapter.avatar_review(account, _AGENT, "key-2")
        require(refused == Reviewed(state=AvatarState.REJECTED, reason=_REASON), "the platform's reason is lost")
        stage.platform.faults.server_error = 20
        try:
            await adapter.avatar_review(account, _AGENT, "key-2")
        except AdapterError:
            return
        wrong("after a fault of the platform there is a review, instead of an error")
