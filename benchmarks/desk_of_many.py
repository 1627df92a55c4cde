"""A shop with thousands of stored conversations, written straight into the database: what a page has to hold.

Two in three wait for an answer, half of those with a turn that a person must look at; the rest were answered.
"""

import uuid
from datetime import timedelta

from sqlalchemy import text

from copilot.domain.clock import SystemClock
from copilot.store.engine import Store

MESSAGES = 8

_BUYERS = text(
    "INSERT INTO buyers (merchant, id, shop, platform_buyer_id, nickname, tags, created_at)"
    " SELECT :merchant, gen_random_uuid(), :shop, 'many-' || n, '买家 ' || n, '[]', :now"
    " FROM generate_series(1, :number) n"
)
_TALKS = text(
    "INSERT INTO conversations (merchant, id, shop, buyer, platform_conversation_id, queued_at, created_at, updated_at)"
    " SELECT merchant, gen_random_uuid(), shop, id, platform_buyer_id, CAST(:now AS timestamptz), :now,"
    "  CAST(:now AS timestamptz) - row_number() OVER () * interval '3 seconds' FROM buyers WHERE shop = :shop"
)
_MESSAGES = text(
    "INSERT INTO messages (merchant, id, conversation, platform_message_id, role, kind, text, sent_by, sent_at,"
    "  received_at) SELECT c.merchant, gen_random_uuid(), c.id, c.platform_conversation_id || '-' || m,"
    "  CASE WHEN m = 4 OR m = :messages AND hashtext(c.id::text) % 3 = 0 THEN 'agent' ELSE 'buyer' END, 'text',"
    "  '这单什么时候能到,都等了三天了,麻烦帮忙看看 ' || m,"
    "  CASE WHEN m = 4 OR m = :messages AND hashtext(c.id::text) % 3 = 0 THEN 'person' END,"
    "  c.updated_at - (:messages - m) * interval '20 seconds', c.updated_at - (:messages - m) * interval '20 seconds'"
    " FROM conversations c, generate_series(1, :messages) m WHERE c.shop = :shop ORDER BY c.id, m"
)
_DRAFTS = text(
    "INSERT INTO drafts (merchant, id, shop, conversation, revision, state, reason, flow_version, burst, deadline_at,"
    "  created_at, updated_at) SELECT merchant, gen_random_uuid(), shop, id, 1, 'blocked', 'unclear', 'bench',"
    "  '[]', updated_at + interval '3 minutes', updated_at, updated_at FROM conversations"
    " WHERE shop = :shop AND hashtext(id::text) % 3 = 1"
)


async def store_many(store: Store, merchant: uuid.UUID, shop: uuid.UUID, number: int) -> None:
    """Store ``number`` conversations of ``MESSAGES`` messages each in a shop that has none."""
    now = SystemClock().now() - timedelta(seconds=1)
    given = {"merchant": merchant, "shop": shop, "number": number, "messages": MESSAGES, "now": now}
    async with store.merchant(merchant) as session:
        for statement in (_BUYERS, _TALKS, _MESSAGES, _DRAFTS):
            used = {key: given[key] for key in statement.compile().params}
            await session.execute(statement, used)
