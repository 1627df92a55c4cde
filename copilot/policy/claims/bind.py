"""Which fact supports a claim: equal normalised values, nothing looser.

A claim without such a fact stays without a source; nothing here judges what that means.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from pydantic import JsonValue

from copilot.domain.fact import Claim, Fact, FactKind
from copilot.policy.claims.acts import code_of

_SENT = frozenset({"ship", "send", "reship", "arrange"})
_CARRIED: tuple[tuple[str, frozenset[str]], ...] = (
    (r"option\.(?:reship|send_missing|resend_gift|exchange)\.", _SENT),
    (r"option\.exchange\.", frozenset({"exchange"})),
    (r"option\.\w*(?:refund|price_gap|cancel)\w*\.", frozenset({"refund", "handle"})),
    (r"option\.cancel\w*\.", frozenset({"cancel"})),
    (r"option\.(?:return_refund|exchange|repair|voucher|refund_difference)\.", frozenset({"compensate"})),
    (r"option\.change_address\.", frozenset({"change"})),
    (r"order\.[^.]+\.ship_by$", _SENT),
    # What the shop gives itself to hand an order over, told to who has none yet; "ships within 48 hours" says both.
    (r"terms\.ship_within_hours$", frozenset({"ship", "send"})),
    (r"after_sale\.[^.]+\.(?:amount|arrives_by|deadline)$", frozenset({"refund", "handle"})),
    (r"hold\.return_at$", frozenset({"answer", "check", "contact", "notify", "follow_up"})),
)
"""Which promises the facts at a path carry."""

Facts = Mapping[str, Fact]
_ANY = frozenset(FactKind)
_WHEN = frozenset({FactKind.DATE, FactKind.TIME})
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_SAME_STATE = {"completed": "delivered", "sold_out": "out_of_stock", "to_ship": "paid"}


def bind(claims: Iterable[Claim], facts: Facts, *, now: datetime, zone: tzinfo) -> tuple[Claim, ...]:
    """``claims`` with ``source`` set to the id of the first fact (by id) that says the same; others unchanged.

    ``zone`` is the shop's; ``now`` is accepted for facts that are relative to it.
    """
    ordered = [facts[key] for key in sorted(facts)]
    return tuple(_bound(claim, ordered, zone) for claim in claims)


def _bound(claim: Claim, facts: list[Fact], zone: tzinfo) -> Claim:
    if claim.source is not None:
        return claim
    supports = _RULES[claim.kind]
    for fact in facts:
        if supports(claim, fact, zone):
            return claim.model_copy(update={"source": fact.id})
    return claim


Rule = Callable[[Claim, Fact, tzinfo], bool]


def _amount(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    return (
        fact.kind is FactKind.AMOUNT and _money(claim.value) is not None and _money(claim.value) == _money(fact.value)
    )


def _money(value: JsonValue) -> tuple[Decimal, str] | None:
    if not isinstance(value, dict):
        return None
    try:
        return Decimal(str(value.get("amount"))).normalize(), str(value.get("currency"))
    except InvalidOperation:
        return None


def _time(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    value = str(claim.value)
    if fact.kind is not FactKind.TIME:
        # "明天18点前" rests on a date only as far as the day goes; the hour would be invented.
        return False
    at = _moment(fact.value, zone)
    if at is None:
        return False
    if value.startswith("T"):
        return value == f"T{at:%H:%M}"
    said = _moment(value, zone)
    return said is not None and said.replace(second=0, microsecond=0) == at.replace(second=0, microsecond=0)


def _date(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    return (
        fact.kind in _WHEN and _day(fact.value, zone) is not None and _day(fact.value, zone) == _day(claim.value, zone)
    )


def _moment(value: JsonValue, zone: tzinfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)


def _day(value: JsonValue, zone: tzinfo) -> date | None:
    text = str(value)
    if len(text) > 10:
        at = _moment(text, zone)
        return at.date() if at else None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _duration(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    if fact.kind is not FactKind.DURATION:
        return False
    return claim.value == fact.value or (
        isinstance(fact.value, int | float) and claim.value == [fact.value, fact.value]
    )


def _plain_number(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    same = isinstance(fact.value, int | float) and not isinstance(fact.value, bool) and claim.value == fact.value
    return same and fact.kind is claim.kind


def _record(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    return fact.kind is FactKind.NUMBER and _bare(claim.value) == _bare(fact.value)


def _bare(value: JsonValue) -> str:
    return re.sub(r"[\s#-]", "", str(value)).upper()


def _state(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    if fact.kind is FactKind.QUANTITY and fact.id.endswith(".stock") and isinstance(fact.value, int | float):
        return claim.value == ("in_stock" if fact.value > 0 else "out_of_stock")
    if fact.kind is not FactKind.STATE:
        return False
    known = code_of(str(fact.value))
    return claim.value in {str(fact.value), known, _SAME_STATE.get(known, known)}


def _act(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    if claim.kind is FactKind.PROMISE and _carries(str(claim.value), fact.id):
        return True
    return fact.kind is claim.kind and claim.value in {str(fact.value), code_of(str(fact.value))}


def _carries(promised: str, fact: str) -> bool:
    """Whether a fact of an option, of a deadline or of a return is what such a promise speaks of.

    The option of a replacement carries "ships by", the time we come back carries "I'll check and write you"; the time
    that is said beside it needs its own fact.
    """
    if fact.startswith(f"option.{promised}."):
        return True
    return any(promised in codes and re.match(path, fact) is not None for path, codes in _CARRIED)


def _cause(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    said, known = str(claim.value), str(fact.value).strip().lower()
    return fact.kind is FactKind.CAUSE and bool(known) and (known in said or said in known)


def _attribute(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    if fact.kind is not FactKind.ATTRIBUTE:
        return False
    figures = _FIGURES.search(str(claim.value))
    return figures is not None and Decimal(figures.group()) in {
        Decimal(known) for known in _FIGURES.findall(str(fact.value))
    }


def _same_words(claim: Claim, fact: Fact, zone: tzinfo) -> bool:
    return fact.kind is claim.kind and str(claim.value) == str(fact.value)


_RULES: dict[FactKind, Rule] = {
    FactKind.AMOUNT: _amount,
    FactKind.DATE: _date,
    FactKind.TIME: _time,
    FactKind.DURATION: _duration,
    FactKind.PERCENT: _plain_number,
    FactKind.QUANTITY: _plain_number,
    FactKind.NUMBER: _record,
    FactKind.PRODUCT: _same_words,
    FactKind.PROMISE: _act,
    FactKind.ACTION: _act,
    FactKind.STATE: _state,
    FactKind.CAUSE: _cause,
    FactKind.ATTRIBUTE: _attribute,
}
