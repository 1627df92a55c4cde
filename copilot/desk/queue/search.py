"""Finds conversations by words, a buyer's nickname or an order's number: whatever any of the words hits.

What is sought is somebody's words: it stands in no address, no log and no error.
"""

import re
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MOST: Final = 200
"""How many conversations a search finds at most, the newest first."""
MOST_WORDS: Final = 5
"""How many words of what is sought are used."""
_MILLISECONDS: Final = 3000
_SPECIAL: Final = re.compile(r"[\\%_]")

_FIND = text(
    """
    SELECT conversation, array_agg(DISTINCT kind ORDER BY kind) AS kinds, max(at) AS at FROM (
      (SELECT m.conversation, 'text' AS kind, max(m.received_at) AS at FROM messages m
        WHERE m.visible AND m.recalled_at IS NULL AND m.text ILIKE ANY(:patterns)
        GROUP BY m.conversation ORDER BY 3 DESC LIMIT :most)
      UNION ALL
      (SELECT c.id, 'nickname', c.updated_at FROM conversations c
        JOIN buyers b ON b.merchant = c.merchant AND b.id = c.buyer
        WHERE b.nickname ILIKE ANY(:patterns) ORDER BY c.updated_at DESC LIMIT :most)
      UNION ALL
      (SELECT m.conversation, 'order', max(m.received_at) FROM messages m
        WHERE m.order_id = ANY(:exact) GROUP BY m.conversation ORDER BY 3 DESC LIMIT :most)
      UNION ALL
      (SELECT c.id, 'order', c.updated_at FROM conversations c
        WHERE c.entered_from_order = ANY(:exact) LIMIT :most)
      UNION ALL
      (SELECT k.conversation, 'order', k.updated_at FROM cases k WHERE k.order_id = ANY(:exact) LIMIT :most)
      UNION ALL
      (SELECT c.id, 'order', c.updated_at FROM conversations c
        JOIN buyers b ON b.merchant = c.merchant AND b.id = c.buyer
        JOIN orders o ON o.merchant = b.merchant AND o.shop = b.shop AND o.buyer_key = b.order_key
        WHERE o.platform_order_id = ANY(:exact) LIMIT :most)
    ) hits
    JOIN conversations own ON own.id = conversation AND (CAST(:shop AS uuid) IS NULL OR own.shop = :shop)
    GROUP BY conversation ORDER BY at DESC, conversation LIMIT :most
    """
)


def words_of(sought: str) -> tuple[str, ...]:
    """The words that are sought, each once."""
    return tuple(dict.fromkeys(sought.split()))[:MOST_WORDS]


async def search(session: AsyncSession, sought: str, shop: uuid.UUID | None = None) -> dict[uuid.UUID, Sequence[str]]:
    """The conversations that any word hits, the newest first, each with what it hit: order, nickname, text.

    Raises:
        OperationalError: it took too long.
    """
    words = words_of(sought)
    if not words:
        return {}
    await session.execute(text(f"SET LOCAL statement_timeout = {_MILLISECONDS}"))
    patterns = ["%" + _SPECIAL.sub(r"\\\g<0>", word) + "%" for word in words]
    rows = await session.execute(_FIND, {"patterns": patterns, "exact": list(words), "most": MOST, "shop": shop})
    found: dict[uuid.UUID, Sequence[str]] = {row.conversation: tuple(row.kinds) for row in rows.all()}
    await session.execute(text("SET LOCAL statement_timeout = 0"))
    return found
