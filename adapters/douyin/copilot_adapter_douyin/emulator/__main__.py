"""Runs an emulated shop on this machine: ``python -m copilot_adapter_douyin.emulator --port 8090``."""

import argparse
import asyncio
import contextlib
import json
import sys
from datetime import timedelta

from copilot.domain.money import Money
from copilot.domain.order import Item, Order, OrderStatus, Shipment, TrackingEvent
from copilot.sdk.testing import Shopper, serve
from copilot_adapter_douyin.emulator.shop import DouyinEmulator


def main() -> None:
    """Serve until interrupted; prints what ``shop add`` must be told."""
    parser = argparse.ArgumentParser(prog="python -m copilot_adapter_douyin.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 / 端口 (0: any / 任意)")
    parser.add_argument("--deliver-to", metavar="URL", help="where messages go / 消息推送地址, http://…/in/douyin")
    asked = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(asked.port, asked.deliver_to))


async def _run(port: int, deliver_to: str | None) -> None:
    emulator = DouyinEmulator()
    _furnish(emulator)
    if deliver_to:
        emulator.deliver_to(deliver_to)
    async with serve(emulator.app, port) as address:
        told = {"page": f"{address}/", "shop_id": emulator.shop_id, "settings": emulator.settings(address)}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        sys.stdout.flush()
        try:
            await asyncio.Event().wait()
        finally:
            await emulator.aclose()


def _furnish(emulator: DouyinEmulator) -> None:
    """A shopper with a parcel on its way, so that there is somebody to be."""
    now = emulator.clock.now()
    price = Money(amount="129.00", currency="CNY")
    scans = ((40, "【杭州市】已揽收"), (5, "【武汉转运中心】快件已到达"))
    emulator.add_shopper(Shopper(id="shopper-1", nickname="小满"))
    order = Order(
        id="6938107726650091521",
        status=OrderStatus.SHIPPED,
        created_at=now - timedelta(hours=60),
        paid_at=now - timedelta(hours=60),
        ship_by=now - timedelta(hours=12),
        total=price,
        items=(Item(product_id="3600107726650091", name="羊毛混纺开衫", sku="燕麦色 M", price=price),),
        shipments=(
            Shipment(
                carrier="中通快递",
                tracking_no="78810467731205",
                status="in_transit",
                events=tuple(TrackingEvent(at=now - timedelta(hours=ago), text=text) for ago, text in scans),
            ),
        ),
    )
    emulator.add_order(order, "shopper-1")


if __name__ == "__main__":
    main()
