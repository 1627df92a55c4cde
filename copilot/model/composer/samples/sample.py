"""One sample: a scene with facts, options and questions, made into a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.domain.case import Option, OrderChoice, OrderWhy
from copilot.domain.fact import Fact
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan, Promise
from copilot.model.composer.samples.facts import NOW, facts


@dataclass(frozen=True)
class Sample:
    """One scene: the facts it has (guaranteed ones, then optional ones), its options and what it asks for."""

    issue: Issue | None
    act: Act
    scene: str
    given: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()

    def plan(self, language: str, *, full: bool = True, empathy: bool = True, secondary: Sequence[Issue] = ()) -> Plan:
        """The plan, with all optional facts or with none of them."""
        known = facts(language)
        options = tuple(_option(key, chr(65 + index)) for index, key in enumerate(self.options))
        wanted = [*self.given, *(self.maybe if full else ())]
        kept = {key: _moved(known, self.scene, key) for key in wanted}
        for key in self.options:
            kept |= {name: fact for name, fact in known.items() if name.startswith(f"option.{key}.")}
            if not full:
                kept = {name: fact for name, fact in kept.items() if not name.startswith(_OPTIONAL)}
        chosen = options[0] if self.act is Act.CONFIRM else None
        return Plan(
            act=self.act, issue=self.issue, scene=self.scene, asks=self.asks, facts=kept, empathy=empathy,
            order=OrderChoice(id="o1", why=OrderWhy.CARD) if any(key.startswith("order") for key in kept) else None,
            options=() if chosen else options, chosen=chosen, secondary=tuple(secondary), points=tuple(wanted),
            promises=tuple(
                Promise(what=what, due=NOW[language], fact=self.maybe[2]) for what in self.promises if full
            ),
        )  # fmt: skip


_OPTIONAL = (
    "option.exchange.size", "option.exchange.deadline", "option.return_refund.deadline", "option.voucher.days",
    "option.voucher.code", "option.refund_keep.arrival", "option.refund_full.arrival", "option.cancel_refund.arrival",
    "option.refund_difference.deadline", "option.refund_difference.arrival", "option.repair.deadline",
)  # fmt: skip


def _moved(facts: Mapping[str, Fact], scene: str, key: str) -> Fact:
    # Some scenes are about a time that has passed, or about the last words of a delivery.
    instead = _INSTEAD.get((scene, key))
    return facts[key].model_copy(update={"value": facts[instead].value}) if instead else facts[key]


_INSTEAD = {
    **{("ship_late", "order.o1.ship_by"): "past.ship_by", ("stalled", "shipment.SF1.last_event.at"): "past.scan_at"},
    **{(scene, "shipment.SF1.eta"): "past.eta" for scene in ("late", "in_transit_late")},
    **{
        ("delivered", "shipment.SF1.last_event.text"): "past.scan",
        ("protection_over", "case.protection_end"): "past.eta",
    },
    **{("within_window", "case.window_end"): "case.protection_end"},
    **{("refunded_late", "after_sale.a1.arrives_by"): "past.eta"},
    **{("delivered", "order.o1.delivered_at"): "shipment.SF1.last_event.at"},
    **{(scene, "product.p1.stock"): "past.stock" for scene in ("sold_out", "restock")},
    **{(scene, "fit.in_stock"): "past.in_stock" for scene in ("size_sold_out", "wrong_pick_gone")},
    **{("parcel", "terms.invoice.where"): "past.where"},
    **{("over", "case.warranty_end"): "past.eta"},
}


def _option(key: str, letter: str) -> Option:
    return Option(id=letter, key=key, title=key, action=key)
