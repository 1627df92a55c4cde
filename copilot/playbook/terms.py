"""What a shop decided: return days, who pays the way back, what may be given without asking.

Owns the shape and the layers of ``policies/terms``; a key that nobody decided is null, and what rests on it is then
never offered.
"""

from collections.abc import Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, JsonValue, ValidationError, field_validator

from copilot.domain.base import StrictShape
from copilot.domain.errors import BadConfiguration, BadInput
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.files import known_keys, load_documents, nearest, validate

FOLDER = "terms"
Days = Annotated[int, Field(ge=0, le=3650)]
Percent = Annotated[int, Field(gt=0, le=100)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WhoPays = Literal["prepaid", "shop", "buyer"]


class ShipPromise(StrictShape):
    """When something leaves again: ``cutoff`` on the day ``within_days`` after today (business days on request)."""

    within_days: Days
    cutoff: time
    business_days: bool = False


class DayRange(StrictShape):
    """From ``min`` to ``max`` business days."""

    min: Days
    max: Days


class DeskHours(StrictShape):
    """When people answer, in the shop's zone; not on the weekdays in ``closed``, on holidays only where it says so.

    What the profile's calendar names is a holiday.
    """

    opens: time
    closes: time
    closed: tuple[Weekday, ...] = ()
    holidays: bool = False

    @field_validator("closed")
    @classmethod
    def _opens_at_all(cls, closed: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if len(set(closed)) == len(get_args(Weekday)):
            raise ValueError("a desk that is closed on every day never answers")
        return closed


class VoucherTerms(StrictShape):
    """A voucher that exists in the shop: its worth, the days it is valid, its name in the back office."""

    amount: Money
    days: Days
    code: str | None = None


class GiftPromise(ShipPromise):
    """A gift that was promised and did not come is sent afterwards; ``worth`` counts against the agent's ceiling."""

    worth: Money


class InvoiceTerms(StrictShape):
    """How invoices are issued.

    ``where``: the buyer asks for it on the order page, it lies in the parcel, or the shop issues it from what the buyer
    writes here (``issue`` is then its date). ``special`` says whether special VAT invoices (专票) exist; null: nobody
    decided it.
    """

    kind: Literal["electronic", "paper"]
    where: Literal["order_page", "parcel", "chat"]
    issue: ShipPromise | None = None
    special: bool | None = None


class RoleLimits(StrictShape):
    """What a role may give without asking: in one order, there for one issue, to one buyer, in one day of one agent.

    Without ``per_order`` nothing that costs; without the others no ceiling of that kind.
    """

    per_issue: dict[Issue, Money] = {}
    per_order: Money | None = None
    per_buyer: Money | None = None
    per_day: Money | None = None


class AuthorityTerms(StrictShape):
    """Ceilings by role."""

    agent: RoleLimits = RoleLimits()
    supervisor: RoleLimits = RoleLimits()


class Terms(StrictShape):
    """A shop's decisions; null means that nobody decided it.

    ``return_label`` says who pays the way back when the buyer changed their mind, ``fault_label`` when the shop is at
    fault; ``fault_days`` how long after delivery a fault is reported like a return, null: only a person says so once
    ``return_days`` are over. ``repair`` says who pays the ways of a repair under warranty. ``postage`` is what one
    parcel costs the shop: so much counts when somebody's own words take over what sending costs. ``address_change``
    says whether a paid order's address can still be changed. ``dates_unsure`` is true while a notice says that dates
    of platform and carriers do not hold; then no draft says one. ``hold_minutes`` is when we come back after "let me
    check". ``docs/scenes.md`` lists what each key opens.
    """

    return_days: Days | None = None
    return_label: WhoPays | None = None
    fault_label: WhoPays | None = None
    fault_days: Days | None = None
    exchange: bool = False
    reship: ShipPromise | None = None
    keep_refund_percent: Percent | None = None
    refund_lost: bool = False
    refund_arrival_business_days: DayRange | None = None
    stalled_after_days: Days | None = None
    photo_required: bool = True
    price_protection_days: Days | None = None
    voucher: VoucherTerms | None = None
    refund_trace: bool = False
    ship_within_hours: Annotated[int, Field(gt=0)] | None = None
    address_change: Literal["until_shipped", "never"] | None = None
    warranty_days: Days | None = None
    repair: WhoPays | None = None
    postage: Money | None = None
    invoice: InvoiceTerms | None = None
    gift: GiftPromise | None = None
    hold_minutes: Annotated[int, Field(gt=0)] | None = None
    dates_unsure: bool = False
    desk_hours: DeskHours | None = None
    authority: AuthorityTerms = AuthorityTerms()

    def overlaid(self, override: Mapping[str, JsonValue]) -> "Terms":
        """These terms with a conversation's own (``Conversation.terms``) laid over them.

        Raises ``BadInput`` that names the key and the nearest known one.
        """
        if not override:
            return self
        try:
            return Terms.model_validate(merge(self.model_dump(mode="json"), override))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            place = ".".join(str(key) for key in first["loc"])
            hint = None
            if first["type"] == "extra_forbidden":
                hint = nearest(str(first["loc"][-1]), known_keys(Terms, first["loc"][:-1]))
            raise BadInput(f"terms.{place}: {first['msg']}", remedy=hint) from None


def merge(below: Mapping[str, JsonValue], above: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """``above`` laid over ``below``, key by key; null above takes a decision back."""
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return result


def load_terms(name: str, folders: Sequence[Path], layers: Sequence[Path] = ()) -> Terms:
    """The terms for the profile ``name``: every file ``terms/<name>.yaml`` of ``folders``, then of ``layers``.

    ``layers`` are a merchant's and a shop's folder. Later files win key by key. Raises ``PolicyFileError`` for a bad
    file and ``BadConfiguration`` when no folder has one.
    """
    data: dict[str, JsonValue] = {}
    found = False
    for folder in (*folders, *layers):
        file = folder / FOLDER / f"{name}.yaml"
        if not file.is_file():
            continue
        found = True
        for document in load_documents(file):
            # Each file is judged alone first, so that an error names the file it stands in.
            validate(document, Terms)
            data = merge(data, document.data)
    if not found:
        known = sorted({file.stem for folder in folders for file in (folder / FOLDER).glob("*.yaml")})
        raise BadConfiguration(f"there are no terms for {name!r}", remedy=nearest(name, known))
    return Terms.model_validate(data)
