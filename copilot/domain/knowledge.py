"""What a shop knows beside its orders: answers, facts about goods, goods shown tonight, notices, phrases."""

from enum import StrEnum
from typing import Final

from pydantic import Field, JsonValue

from copilot.domain.base import Id, Shape, Time
from copilot.domain.issue import Category


class Audience(StrEnum):
    """Who an entry is for; a draft sees only what is for buyers."""

    BUYER = "buyer"
    STAFF = "staff"


class Origin(StrEnum):
    """Whether an entry came with the product (and can be set back) or is the shop's own."""

    PRESET = "preset"
    OWN = "own"


class Original(Shape):
    """The words that a preset came with."""

    question: str
    similar: tuple[str, ...] = ()
    answer: str


class Entry(Shape):
    """A question that is asked often, and its answer.

    ``id`` is a slug, the same in every language of one entry ("staff.force_majeure.report"); with ``language`` it is
    unique in a shop. ``products`` are the ids of the goods that it speaks of, none: of the shop as a whole. Outside
    ``valid_from`` (included) to ``valid_to`` (excluded) it is not used. ``original`` is kept once a preset was edited.
    ``source`` says where an answer for staff was read.
    """

    id: Id
    language: str
    question: str = Field(min_length=1)
    similar: tuple[str, ...] = ()
    answer: str = Field(min_length=1)
    category: Category
    audience: Audience = Audience.BUYER
    origin: Origin = Origin.OWN
    original: Original | None = None
    products: tuple[str, ...] = ()
    valid_from: Time | None = None
    valid_to: Time | None = None
    source: str | None = None


FITS: Final = 0.45
"""From this score on a match may be given as an answer; below it nothing is known that answers the question.

Where the measure bends, over 300 entries, 600 questions in other words and 80 of strangers: 429 questions score so much
and 404 of those have their entry on top, while two strangers score it too. From .42 on seven more questions and one
more stranger would get a wrong answer; from .5 on 48 fewer would get any, for five wrong ones less
(``python -m benchmarks knowledge`` counts them).
"""


class Match(Shape):
    """An entry that was found; ``matched`` is the question of it that fitted, ``score`` how well (0 to 1)."""

    entry: Entry
    matched: str
    score: float


class Citation(Shape):
    """What of the shop's knowledge a draft rests on; ``score`` is null for what was not searched."""

    id: str
    title: str
    score: float | None = None


class ProductFact(Shape):
    """One thing that the shop states about a product, or about a size of it.

    ``key`` is the key of ``Product.attributes`` ("material", "hip_cm_by_size"), ``value`` what stands there.
    """

    product: Id
    key: str
    value: JsonValue
    valid_from: Time | None = None
    valid_to: Time | None = None
    source: str | None = None


class Pinned(Shape):
    """A product of tonight's live stream: it goes before others until ``until``."""

    product: Id
    since: Time
    until: Time


class NoticeKind(StrEnum):
    """What a notice changes.

    ``sla_extended``: the platform gives orders of the named regions more time to ship · ``delay``: carriers are held
    up · ``holiday``: the shop is in holiday mode · ``other``: only its text.
    """

    SLA_EXTENDED = "sla_extended"
    DELAY = "delay"
    HOLIDAY = "holiday"
    OTHER = "other"


class Notice(Shape):
    """Something out of the ordinary that holds for a while.

    ``regions`` are ISO 3166 codes as in ``Order.region``, none: everywhere. It holds from ``starts_at`` to ``ends_at``
    (null: until somebody ends it). ``recovery_at`` is when things are normal again; null: nobody knows, and then a
    draft promises no date. ``ship_by`` is the new time by which orders of the regions must be shipped. ``text`` is what
    buyers may be told, by language.
    """

    id: Id
    kind: NoticeKind
    regions: tuple[str, ...] = ()
    starts_at: Time
    ends_at: Time | None = None
    recovery_at: Time | None = None
    ship_by: Time | None = None
    text: dict[str, str] = {}


class Phrase(Shape):
    """Words that agents insert with a key; ``{name}`` in ``text`` is a value to be filled in."""

    id: Id
    language: str
    title: str
    text: str
    category: Category = Category.OTHER


class Greeting(Shape):
    """How the shop greets buyers who write in ``language``: a fixed text, and the questions shown below it.

    ``cards`` are ids of entries for buyers in the same language, in the order in which they are shown.
    """

    language: str
    text: str
    cards: tuple[str, ...] = ()


class Suggested(Shape):
    """An entry that was found for ``part``, a question of the buyer's turn (masked)."""

    part: str
    match: Match


class ShopKnowledge(Shape):
    """What a shop knows beside its orders, as it stands on an archive's line; products stand in ``products``."""

    entries: tuple[Entry, ...] = ()
    facts: tuple[ProductFact, ...] = ()
    pinned: tuple[Pinned, ...] = ()
    notices: tuple[Notice, ...] = ()
