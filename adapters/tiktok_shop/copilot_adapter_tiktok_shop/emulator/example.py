"""One shopper and one parcel on its way, so that an emulator that runs alone has something to talk about."""

from datetime import timedelta

from copilot.domain.money import Money
from copilot.domain.order import Item, Order, OrderStatus, Shipment, TrackingEvent
from copilot.sdk.testing import Emulator, Shopper
from copilot.sdk.testing.chats import stable_id


def furnish(platform: Emulator) -> None:
    """Put a shopper with an order into ``platform``, dated from its clock."""
    now = platform.clock.now().replace(microsecond=0)
    price = Money(amount="34.99", currency="USD")
    scan = TrackingEvent(at=now - timedelta(hours=7), text="Departed the sorting facility")
    parcel = Shipment(
        carrier="USPS", tracking_no="9400100000000000000000", status="in_transit", eta=now + timedelta(days=2)
    )
    platform.add_shopper(Shopper(id="robin", nickname="Robin"))
    platform.add_order(
        Order(
            id=stable_id(platform.name, "example"),
            status=OrderStatus.SHIPPED,
            created_at=now - timedelta(days=4),
            paid_at=now - timedelta(days=4),
            total=price,
            items=(Item(product_id="1729400000000000001", name="Ceramic pour-over set", sku="Sand", price=price),),
            shipments=(parcel.model_copy(update={"events": (scan,)}),),
        ),
        "robin",
    )
