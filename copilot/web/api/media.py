"""Pictures of the thread, fetched for the page: its browser never talks to a stranger's server.

Only of the merchant's own messages, only pictures, only from public addresses — or from the very host that the shop's
adapter is set up with, which an operator chose. An adapter may say how (another address, a token); what it says is held
to the same.
"""

import asyncio
import ipaddress
import socket
import uuid
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from copilot.channel.accounts import ShopNotConnected
from copilot.domain.message import Media
from copilot.logs import get_logger
from copilot.sdk import AdapterError, Attachments, Fetch
from copilot.store.tables import ConversationRow, MessageRow, ShopRow
from copilot.web.auth import MayRead, parts_of
from copilot.web.errors import NotFound, Refused
from copilot.web.parts import Parts

router = APIRouter(prefix="/api")

log = get_logger(__name__)

_MOST: Final = 8 * 1024 * 1024
_SECONDS: Final = 10.0
# What a browser shows as a picture and never runs; SVG is a document.
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/heic"})
PICTURE_HEADERS: Final = {
    "Cache-Control": "private, max-age=86400, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
# 6to4, Teredo: an IPv4 address in disguise. Mapped, compatible and NAT64 ones lie outside the public range anyway.
_CARRIERS: Final = (ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32"))


class MediaUnavailable(Refused):
    """The picture cannot be fetched, or is none."""

    code = "media_unavailable"
    status = 502


@router.get("/media/{message}")
async def media(request: Request, message: uuid.UUID, principal: MayRead) -> Response:
    """The picture of one message."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await session.scalar(
            select(MessageRow).where(MessageRow.id == message, MessageRow.visible, MessageRow.recalled_at.is_(None))
        )
        if row is None or row.media is None:
            raise NotFound
        shop = await session.scalar(
            select(ShopRow)
            .join(ConversationRow, ConversationRow.shop == ShopRow.id)
            .where(ConversationRow.id == row.conversation)
        )
    if shop is None:
        raise NotFound
    body, kind = await _fetch(parts, shop, Media.model_validate(row.media))
    return Response(body, media_type=kind, headers=PICTURE_HEADERS)


async def _fetch(parts: Parts, shop: ShopRow, shown: Media) -> tuple[bytes, str]:
    """The picture that a message shows, and its type."""
    try:
        async with asyncio.timeout(_SECONDS):
            own, how = await _own_hosts(parts, shop), await _way(parts, shop, shown)
            if how.headers and urlsplit(how.url).netloc not in own:
                raise ValueError("what only the platform may see would go to somebody else")
            address = await _address(how.url, own)
            return await _download(parts.pictures, how.url, address, how.headers)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        raise MediaUnavailable from None


async def _way(parts: Parts, shop: ShopRow, shown: Media) -> Fetch:
    """How the shop's adapter says that it is fetched; as its address says, where the adapter has no say.

    Raises:
        ValueError: the adapter cannot read it.
    """
    adapter = parts.accounts.adapters.get(shop.adapter)
    if not isinstance(adapter, Attachments):
        return Fetch(shown.url)
    try:
        account = (await parts.accounts.of(shop)).account
        return adapter.fetch(account, shown) or Fetch(shown.url)
    except ShopNotConnected:
        return Fetch(shown.url)
    except (AdapterError, ArithmeticError, AttributeError, LookupError, TypeError) as error:
        log.error("adapter_defective", adapter=shop.adapter, step="fetch", error=type(error).__name__)
        raise ValueError("the adapter cannot say how") from None


async def _own_hosts(parts: Parts, shop: ShopRow) -> frozenset[str]:
    """Hosts with ports of the shop's own settings."""
    try:
        settings = (await parts.accounts.of(shop)).account.settings
    except ShopNotConnected:
        return frozenset()
    values = settings.model_dump(mode="json").values()
    return frozenset(urlsplit(v).netloc for v in values if isinstance(v, str) and v.startswith(("http://", "https://")))


async def _address(url: str, own: frozenset[str]) -> str:
    """The address to connect to, looked up once, so that a name cannot point elsewhere the second time.

    Raises:
        ValueError: the address is not one to fetch from.
    """
    found = urlsplit(url)
    if found.scheme not in ("http", "https") or not found.hostname or found.username or found.password:
        raise ValueError("not an address of a picture")
    port = found.port or (443 if found.scheme == "https" else 80)
    told = await asyncio.get_running_loop().getaddrinfo(found.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in told]
    if not addresses:
        raise ValueError("the name has no address")
    if found.netloc not in own and not all(_public(one) for one in addresses):
        raise ValueError("not a public address")
    return addresses[0]


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and not _plain(found):
        return False
    return found.is_global and not found.is_multicast


def _plain(address: ipaddress.IPv6Address) -> bool:
    """Whether no other address is carried inside, which a gateway would lead to."""
    return address in _UNICAST and not any(address in network for network in _CARRIERS)


async def _download(http: httpx.AsyncClient, url: str, address: str, headers: Mapping[str, str]) -> tuple[bytes, str]:
    """The body, at most 8 MB, and its type; ``headers`` are the adapter's own.

    Raises:
        ValueError: it is no picture, or too large.
    """
    asked = httpx.URL(url)
    # Connected by address, but asked for and certified by name.
    direct = asked.copy_with(host=address)
    async with http.stream(
        "GET",
        direct,
        headers={**headers, "Host": asked.netloc.decode(), "Accept": "image/*", "Accept-Encoding": "identity"},
        extensions={"sni_hostname": asked.host},
        follow_redirects=False,
    ) as response:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if response.status_code != 200 or kind not in _PICTURES or "content-encoding" in response.headers:
            # Pictures are packed by themselves; what is packed once more may be any size when it is opened.
            raise ValueError("not a picture")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > _MOST:
                raise ValueError("too large")
    return bytes(body), kind
