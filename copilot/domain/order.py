"""Orders and products as the platforms report them, in one vocabulary."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field, JsonValue

from copilot.domain.base import Id, Shape, Time
from copilot.domain.money import Money


class OrderStatus(StrEnum):
    """Where an order stands."""

    UNPAID = "unpaid"
    TO_SHIP = "to_ship"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Item(Shape):
    """One line of an order; ``price`` is per unit."""

    product_id: str = ""
    name: str
    sku: str | None = None
    quantity: int = 1
    price: Money | None = None


class TrackingEvent(Shape):
    """One scan of a parcel, in the carrier's words."""

    at: Time
    text: str


class Shipment(Shape):
    """A parcel of an order; ``eta`` is the carrier's or platform's estimate."""

    carrier: str | None = None
    tracking_no: str | None = None
    status: str | None = None
    eta: Time | None = None
    events: tuple[TrackingEvent, ...] = ()


class AfterSaleKind(StrEnum):
    """What an after-sale request asks for."""

    REFUND = "refund"
    RETURN = "return"
    EXCHANGE = "exchange"
    RESHIP = "reship"


class AfterSale(Shape):
    """An after-sale request; ``deadline`` is when the platform decides without the shop.

    ``received_at`` is when the shop got the goods back, ``refunded_at`` when the money left, ``refund_to`` the way it
    went ("Visa", "微信支付"). ``settled_at`` is when the platform last touched a request that ended in the buyer's
    favour: it shows that something was done, and is never told to a buyer as the day of a refund.
    """

    id: Id
    kind: AfterSaleKind
    status: str
    amount: Money | None = None
    deadline: Time | None = None
    received_at: Time | None = None
    refunded_at: Time | None = None
    refund_to: str | None = None
    settled_at: Time | None = None

    @property
    def money_left_at(self) -> datetime | None:
        """When the money had left at the latest: the platform's own time, else when the request was settled for it."""
        gives_money = self.kind in (AfterSaleKind.REFUND, AfterSaleKind.RETURN)
        return self.refunded_at or (self.settled_at if gives_money else None)


class Order(Shape):
    """An order with everything a reply may lean on.

    ``region`` is where it goes, as an ISO 3166 code of a country or a part of one ("US", "CN-65"); never an address.
    """

    id: Id
    status: OrderStatus = OrderStatus.UNKNOWN
    created_at: Time | None = None
    paid_at: Time | None = None
    ship_by: Time | None = None
    delivered_at: Time | None = None
    total: Money | None = None
    region: str | None = None
    items: tuple[Item, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    after_sales: tuple[AfterSale, ...] = ()


def same_goods(one: Order, other: Order) -> bool:
    """Whether both orders hold the very same things in the same sizes, as often: the one may be a slip of the other."""
    return bool(one.items) and _goods(one) == _goods(other)


def _goods(order: Order) -> list[tuple[str, str, int]]:
    return sorted((item.product_id or item.name, item.sku or "", item.quantity) for item in order.items)


class Product(Shape):
    """A product; ``attributes`` holds what the shop states about it (material, hip_cm_by_size …)."""

    id: Id
    name: str
    status: str = "live"
    attributes: dict[str, JsonValue] = Field(default_factory=dict)
    price: Money | None = None
    stock: int | None = None
    live_pinned: bool = False
