"""The names of the jobs that conversations need, and of their locks; the bodies are in ``copilot/jobs``.

Every task takes ``merchant`` and ``ref`` (the conversation, the draft or the reply) and ``attempt``, so that a timer
can start it as well.
"""

import uuid
from typing import Final

DRAFT_CONVERSATION: Final = "draft.conversation"
RESUME_DRAFT: Final = "draft.resume"
PROPOSE_DUE: Final = "draft.propose_due"
EXPIRE_DRAFT: Final = "draft.expire"
SEND_REPLY: Final = "reply.send"
COMMITMENT_SOON: Final = "commitment.soon"
COMMITMENT_DUE: Final = "commitment.due"
CASE_READ: Final = "case.read"
CASE_LOOK: Final = "case.look"
CASE_RESOLVED: Final = "case.resolved"
CASE_FOLLOW_UP: Final = "case.follow_up"
CASE_FOLLOW_UP_END: Final = "case.follow_up_end"
APPROVAL_SOON: Final = "approval.soon"
APPROVAL_DUE: Final = "approval.due"


def draft_lock(conversation: uuid.UUID) -> str:
    """One draft of a conversation is worked on at a time."""
    return f"draft:{conversation}"


def send_lock(conversation: uuid.UUID) -> str:
    """Replies of a conversation leave one after the other; never the same name as the draft's lock."""
    return f"send:{conversation}"
