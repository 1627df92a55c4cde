"""The platform's payloads, only the parts that are read, tolerant of everything else.

Shapes and their defaults; what they mean is said in ``events`` and ``orders``. Errors never repeat the input, because
it holds buyers' words.
"""

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")


def _text(value: object) -> object:
    """Ids and amounts come as text; a number is accepted, so that a platform's slip loses nothing."""
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, int | float) else value


def _some_text(value: object) -> object:
    return "" if value is None else _text(value)


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _number(value: object) -> object:
    """Times and sizes come as numbers, sometimes as text, and are 0 or "" where there is none."""
    if value in ("", 0, "0"):
        return None
    return value


def object_or_none(value: object) -> object:
    """An object; anything else is none."""
    return value if isinstance(value, dict) else None  # pyright: ignore[reportUnknownVariableType]


def _list(value: object) -> object:
    return [] if value is None else value


Text = Annotated[str, BeforeValidator(_some_text)]
WireId = Annotated[str, BeforeValidator(_text), AfterValidator(_not_blank)]
Seconds = Annotated[int | None, BeforeValidator(_number)]
Size = Annotated[int | None, BeforeValidator(_number)]
Many = Annotated[list[T], BeforeValidator(_list), Field(default_factory=list)]


class Wire(BaseModel):
    """The base of every payload."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Envelope(Wire):
    """Every answer of the interface; ``code`` 0 is success whatever the HTTP status says."""

    code: int
    message: Text = ""
    request_id: Text = ""
    data: dict[str, Any] | None = None


class Notification(Wire):
    """Every delivery; ``type`` says what ``data`` holds, as far as it can be believed."""

    type: int
    shop_id: WireId
    tts_notification_id: Text = ""
    timestamp: Seconds = None
    data: dict[str, Any] = {}


class Sender(Wire):
    """Who wrote: the chat's id, which no order knows, and a role."""

    im_user_id: Text = ""
    role: Text = ""
    nickname: Text = ""


class ChatMessage(Wire):
    """A message; ``content`` is JSON within text, and ``data`` too, which tells more of cards where it was asked for.

    A delivery calls the id ``message_id``, the interface ``id``.
    """

    id: Annotated[WireId, Field(alias="message_id")]
    type: Text
    content: Text = ""
    data: Text = ""
    create_time: Seconds = None
    index: Text = ""
    is_visible: bool = True
    sender: Sender = Sender()

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, populate_by_name=True)


class NewMessage(ChatMessage):
    """The data of a delivery of type 14."""

    conversation_id: WireId


class OrderRef(Wire):
    """What every delivery about one order has."""

    order_id: WireId


class MovedPackage(Wire):
    """A parcel that was sent, split or combined, and the orders in it."""

    order_id_list: Many[WireId]


class PackageUpdate(Wire):
    """The data of a delivery of type 4."""

    package_list: Many[MovedPackage]


class ConversationRef(Wire):
    """The data of a delivery of type 13."""

    conversation_id: WireId


class Participant(Wire):
    """Somebody in a conversation; only a buyer's ``user_id`` leads to orders."""

    user_id: Text = ""
    im_user_id: Text = ""
    role: Text = ""
    nickname: Text = ""


class Conversation(Wire):
    """A conversation as far as it tells who is in it."""

    id: Text = ""
    participants: Many[Participant]


class LastSaid(Wire):
    """As much as is read of a conversation's last message."""

    create_time: Seconds = None


class ListedConversation(Wire):
    """A conversation in the list: its last message tells whether anything in it is new."""

    id: WireId
    participants: Many[Participant]
    latest_message: Annotated[LastSaid | None, BeforeValidator(object_or_none)] = None


class LineItem(Wire):
    """One unit of an order."""

    id: Text = ""
    product_id: Text = ""
    product_name: Text = ""
    sku_id: Text = ""
    sku_name: Text = ""
    package_id: Text = ""
    package_status: Text = ""
    tracking_number: Text = ""
    shipping_provider_name: Text = ""
    sale_price: Text = ""
    currency: Text = ""


class Payment(Wire):
    """Amounts as decimal text."""

    currency: Text = ""
    total_amount: Text = ""


class Destination(Wire):
    """Where an order goes, as far as the country; the rest of the address is not read."""

    region_code: Text = ""


class WireOrder(Wire):
    """An order; times are unix seconds, 0 where there is none. Of addresses the country is read, of names nothing."""

    id: WireId
    status: Text = ""
    user_id: Text = ""
    buyer_nickname: Text = ""
    create_time: Seconds = None
    paid_time: Seconds = None
    rts_sla_time: Seconds = None
    tts_sla_time: Seconds = None
    delivery_sla_time: Seconds = None
    delivery_time: Seconds = None
    tracking_number: Text = ""
    shipping_provider: Text = ""
    line_items: Many[LineItem]
    payment: Payment = Payment()
    recipient_address: Annotated[Destination | None, BeforeValidator(object_or_none)] = None


class MovedOrder(Wire):
    """As much as is read of an order that moved."""

    id: WireId
    update_time: Seconds = None


class Scan(Wire):
    """One scan of a parcel."""

    description: Text = ""
    update_time_millis: Seconds = None


class RefundAmount(Wire):
    """What is to be paid back."""

    currency: Text = ""
    refund_total: Text = ""


class NextAction(Wire):
    """What the shop has to do, and until when."""

    action: Text = ""
    deadline: Seconds = None


class Reverse(Wire):
    """What a return and a cancellation have in common."""

    order_id: WireId
    refund_amount: RefundAmount | None = None
    seller_next_action_response: Many[NextAction]
    create_time: Seconds = None
    update_time: Seconds = None


class Return(Reverse):
    """A return, a refund without return, or a replacement."""

    return_id: WireId
    return_type: Text = ""
    return_status: Text = ""


class Cancellation(Reverse):
    """A cancellation before the parcel leaves."""

    cancel_id: WireId
    cancel_status: Text = ""


class Uploaded(Wire):
    """A picture that was uploaded: what a message of it holds."""

    url: WireId
    width: Size = None
    height: Size = None
