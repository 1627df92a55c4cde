"""Orders that several tests speak of."""

from datetime import datetime, timedelta

from copilot.domain.money import Money
from copilot.domain.order import Item, Order, OrderStatus, Shipment, TrackingEvent


def delivered_cups(id: str, now: datetime, amount: str = "59.90") -> Order:
    """Four cups for ``amount`` CNY, delivered two hours before ``now``."""
    price = Money(amount=amount, currency="CNY")
    return Order(
        id=id,
        status=OrderStatus.DELIVERED,
        created_at=now - timedelta(days=2),
        paid_at=now - timedelta(days=2),
        delivered_at=now - timedelta(hours=2),
        total=price,
        items=(Item(product_id="p-31", name="青釉茶杯四只装", quantity=1, price=price),),
        shipments=(
            Shipment(
                carrier="顺丰",
                tracking_no="SF1390000001",
                status="delivered",
                events=(TrackingEvent(at=now - timedelta(hours=2), text="已签收"),),
            ),
        ),
    )
