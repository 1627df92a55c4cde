"""One conversation with everything around it, as the HTTP interface prints it (docs/api.md)."""

from copilot.desk.card_shapes import Card
from copilot.desk.shapes import Moment, PersonShown, ProfileShown, TranslationShown
from copilot.domain.base import Shape
from copilot.domain.order import Order


class MediaShown(Shape):
    """A picture or video; ``url`` is ours, sizes in pixels where the platform tells them."""

    url: str
    width: int | None = None
    height: int | None = None


class DraftRef(Shape):
    """The draft that a message came from."""

    id: str


class MessageShown(Shape):
    """A message of the thread; the text of a recalled one is empty.

    ``translation`` is null where the message is in the reader's language.

    ``by`` is who sent it through us, ``agent`` whom the platform names for one that was written there.
    """

    id: str
    role: str
    kind: str
    text: str
    sent_at: Moment
    order_id: str | None = None
    product_id: str | None = None
    media: MediaShown | None = None
    sent_by: str | None = None
    agent: str | None = None
    by: PersonShown | None = None
    draft: DraftRef | None = None
    recalled_at: Moment | None = None
    translation: TranslationShown | None = None


class ReplyShown(Shape):
    """A reply that is not among the messages yet; ``error`` says what went wrong, ``error_code`` is its code.

    ``sendable`` says what it is when it is no text in the chat: a picture, a card, a text at an order. ``at_orders``
    are the buyer's orders at which its text can be left instead, because they have closed the chat.
    """

    id: str
    source: str
    source_id: str
    text: str
    sendable: str | None = None
    state: str
    error: str | None = None
    error_code: str | None = None
    at: Moment
    by: str | None = None
    at_orders: tuple[str, ...] = ()


class OrdersShown(Shape):
    """The buyer's orders as last told: ``known``, ``none``, or ``unavailable`` when nobody could look yet."""

    state: str
    as_of: Moment | None = None
    orders: tuple[Order, ...] = ()


class CommitmentShown(Shape):
    """A promise that was sent; ``text`` says it in the person's language."""

    id: str
    what: str
    text: str
    due: Moment | None = None
    state: str
    order_id: str | None = None


class Thread(Shape):
    """One conversation with everything that its page shows."""

    id: str
    shop: str
    buyer: ProfileShown
    messages: tuple[MessageShown, ...]
    replies: tuple[ReplyShown, ...]
    orders: OrdersShown
    commitments: tuple[CommitmentShown, ...]
    card: Card | None
    event: str
    now: Moment
