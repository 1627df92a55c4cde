"""What each step returns; every shape dumps to plain JSON and back."""

from pydantic import JsonValue

from copilot.domain.base import Shape
from copilot.domain.case import OrderChoice
from copilot.domain.draft import RejectReason, WrittenBy
from copilot.domain.fact import Claim
from copilot.domain.knowledge import Notice, Suggested
from copilot.domain.order import Product
from copilot.domain.plan import Escalation
from copilot.domain.reason import Reason
from copilot.domain.verdict import Verdict


class End(Shape):
    """The flow ends without a draft."""

    reason: Reason
    candidates: tuple[str, ...] = ()
    escalation: Escalation | None = None


class Intake(Shape):
    """The buyer's unanswered turn, masked.

    ``burst`` are message ids (positions in files that carry none); ``text`` the typed words with personal data replaced
    by placeholders; ``flags`` what a person should know ("injection", "unread").
    """

    burst: tuple[str, ...]
    text: str
    language: str
    photos: int = 0
    order_cards: tuple[str, ...] = ()
    product_cards: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class Gathered(Shape):
    """Which order the turn is about and what could not be looked up.

    ``candidates`` are known orders that fit equally; ``unknown_order`` a typed number that is not among them.
    ``suggested`` are the shop's own answers to the questions of the turn, ``matters`` those on its matters, whatever
    was asked, ``goods`` the products with what the shop
    states about them (null: nobody could tell), ``notices`` what holds now. ``flags`` are for the agent.
    """

    order: OrderChoice | None = None
    candidates: tuple[str, ...] = ()
    unknown_order: str | None = None
    unavailable: tuple[str, ...] = ()
    suggested: tuple[Suggested, ...] = ()
    matters: tuple[Suggested, ...] = ()
    goods: tuple[Product, ...] | None = None
    notices: tuple[Notice, ...] = ()
    flags: tuple[str, ...] = ()


class Template(Shape):
    """A template that was used, so that "why did it say that?" has an answer."""

    name: str
    hash: str


class Written(Shape):
    """A text for the plan; ``text`` still carries placeholders where the model used them.

    ``composed_because`` names why no model wrote it ("no_model", "model_timeout", "overload", "rewritten" …);
    ``readings`` say the same in other languages.
    """

    text: str
    option_texts: dict[str, str] = {}
    claims: tuple[Claim, ...] = ()
    written_by: WrittenBy
    composed_because: str | None = None
    templates: tuple[Template, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    rewrites: int = 0
    readings: dict[str, str] = {}


class Checked(Shape):
    """The finished text with its verdict and ledger."""

    text: str
    text_hash: str
    verdict: Verdict
    claims: tuple[Claim, ...] = ()
    look_at: tuple[str, ...] = ()


class DecisionInput(Shape):
    """What resumes a paused draft, already recorded: an agent's decision, or a supervisor's ruling (kind "ruling")."""

    kind: str
    revision: int
    reason: RejectReason | None = None
    rejection: dict[str, JsonValue] | None = None
    ruling: dict[str, JsonValue] | None = None
