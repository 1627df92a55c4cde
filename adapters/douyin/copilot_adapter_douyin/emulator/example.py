"""One shopper and one parcel on its way, so that a shop that runs alone has something to talk about."""

from datetime import timedelta

from copilot.domain.money import Money
from copilot.domain.order import Item, Order, OrderStatus, Shipment, TrackingEvent
from copilot.sdk.testing import Emulator, Shopper


def furnish(platform: Emulator) -> None:
    """Put a shopper with an order into ``platform``, dated from its clock."""
    now = platform.clock.now().replace(microsecond=0)
    price = Money(amount="129.00", currency="CNY")
    scans = ((40, "【杭州市】已揽收"), (5, "【武汉转运中心】快件已到达"))
    parcel = Shipment(
        carrier="中通快递",
        tracking_no="78810467731205",
        status="in_transit",
        events=tuple(TrackingEvent(at=now - timedelta(hours=ago), text=text) for ago, text in scans),
    )
    platform.add_shopper(Shopper(id="xiaoman", nickname="小满"))
    platform.add_order(
        Order(
            id="6938107726650091521",
            status=OrderStatus.SHIPPED,
            created_at=now - timedelta(hours=60),
            paid_at=now - timedelta(hours=60),
            ship_by=now - timedelta(hours=12),
            total=price,
            items=(Item(product_id="3600107726650091", name="羊毛混纺开衫", sku="燕麦色 M", price=price),),
            shipments=(parcel,),
        ),
        "xiaoman",
    )
