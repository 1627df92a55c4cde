"""The back office's pages of a conversation and of what it is about, as links for a person.

Owns which ids a conversation speaks of; the addresses are the adapter's, and no platform is asked.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.accounts import Accounts
from copilot.channel.links import links_of
from copilot.desk.orders import last_told
from copilot.desk.owed_shapes import LinksShown
from copilot.store.tables import ConversationRow, MessageRow, ShopRow


async def read_links(session: AsyncSession, accounts: Accounts, row: ConversationRow, shop: ShopRow) -> LinksShown:
    """The links of the conversation ``row`` of ``shop``: its own, its buyer's orders' and the products' named in it."""
    links = (await links_of(session, accounts, (shop,)))[shop.id]
    if links.pages is None:
        return LinksShown()
    orders = (await last_told(session, row.id)).orders or ()
    cards = await session.scalars(
        select(MessageRow.product_id).where(
            MessageRow.conversation == row.id, MessageRow.visible, MessageRow.product_id.is_not(None)
        )
    )
    products = {*(item.product_id for order in orders for item in order.items if item.product_id), *filter(None, cards)}
    requests = ((order.id, request.id) for order in orders for request in order.after_sales)
    return LinksShown(
        conversation=links.conversation(row.platform_conversation_id),
        orders=_known({order.id: links.order(order.id) for order in orders}),
        after_sales=_known({request: links.after_sale(order, request) for order, request in requests}),
        products=_known({product: links.product(product) for product in sorted(products)}),
    )


def _known(found: dict[str, str | None]) -> dict[str, str]:
    return {key: address for key, address in found.items() if address is not None}
