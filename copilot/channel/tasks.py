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
POLL_SHOP: Final = "shop.poll"
WATCH_FEEDS: Final = "shop.watch_feeds"
APPROVAL_SOON: Final = "approval.soon"
APPROVAL_DUE: Final = "approval.due"
TRANSLATE_TALK: Final = "translation.talk"
TRANSLATE_TYPED: Final = "translation.typed"
QUEUE_DRAIN: Final = "queue.drain"
ROTA_LOOK: Final = "rota.look"
FORGET_THREADS: Final = "draft.forget"
AUTO_ANSWER: Final = "message.auto"
NOTE_DRAFT: Final = "note.draft"
ENTER_TALK: Final = "conversation.enter"
ATTENDED_TALK: Final = "conversation.attended"
AVATAR_LOOK: Final = "avatar.look"
NOTE_PRESS: Final = "note.press"


def draft_lock(conversation: uuid.UUID) -> str:
    """One draft of a conversation is worked on at a time."""
    return f"draft:{conversation}"


def rewrite_lock(draft: uuid.UUID) -> str:
    """A rejected draft is written again by one job at a time, beside a model that still words what was rejected."""
    return f"rewrite:{draft}"


def note_lock(conversation: uuid.UUID) -> str:
    """What is shown and pressed in a platform's own window about a conversation comes one after the other."""
    return f"note:{conversation}"


def translate_lock(conversation: uuid.UUID) -> str:
    """One conversation is translated by one job at a time: no message is paid for twice."""
    return f"translate:{conversation}"


def feed_lock(shop: uuid.UUID) -> str:
    """One process at a time asks a shop's platform what is new."""
    return f"feed:{shop}"


def send_lock(conversation: uuid.UUID) -> str:
    """Replies of a conversation leave one after the other; never the same name as the draft's lock."""
    return f"send:{conversation}"
