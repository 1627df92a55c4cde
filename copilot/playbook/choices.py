"""The buyer chose, or refused everything: confirm exactly that, or say what is still possible.

Owns the way from an offered option back to the playbook's; refuses to change what was offered or to offer something new
beside a choice.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from pydantic import JsonValue

from copilot.domain.case import Case, Option
from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.plan import Act, Escalation, NoPlan, NotOffered, Plan, Promise
from copilot.domain.reason import Reason
from copilot.playbook.loader import CompiledOption
from copilot.playbook.options import OVER_CEILING, Built, build, currency_of, eligible, spent
from copilot.playbook.scenes import RETURN_AT, Scope, hold, make, option_promise
from copilot.playbook.wishes import wished

# How understanding names a remedy → what the back office does.
_ACTIONS = {
    "refund": ("refund", "return_refund", "cancel_refund"),
    "keep": ("refund",),
    "price_gap": ("refund",),
    "reship": ("reship",),
    "exchange": ("exchange",),
    "return": ("return_refund",),
    "voucher": ("voucher",),
    "cancel": ("cancel_refund",),
    "repair": ("repair",),
    "gift": ("resend_gift",),
}
_OURS_TO_DO = frozenset({"refund", "cancel_refund", "reship", "voucher", "resend_gift", "change_address", "invoice"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(
    r"\b(?P<en>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<day>\d{1,2})\b"
    r"|(?P<zh>\d{1,2})月(?P<day_zh>\d{1,2})[日号]?",
    re.IGNORECASE,
)
_HALF_YEAR = 183
OWN_AMOUNT = "option.own.amount"
"""The sum that a colleague named in an offer that is none of the playbook's."""
CHOICE_OVER = "choice_over"
"""Why a supervisor is asked about a choice: what was offered is now above the agent's limit."""
# Who pays the way back, as agents say it; a label that comes with the parcel or by mail is a prepaid one.
# "20% back if you keep it" is a part of what was paid.
_PERCENT = re.compile(
    r"(?<![\d.])(\d{1,2}) ?(?:%|％|percent)(?= back\b| refund\b| of\b|\W*退|的|\W*\Z)|(?<=退)(?:您|你)?(\d{1,2})%",
    re.IGNORECASE,
)
_PAYER = {
    "prepaid": re.compile(r"预付|prepaid", re.IGNORECASE),
    "shop": re.compile(
        r"(?:邮费|运费|快递费)\s*(?:都|也)?(?:由|算|是)?\s*(?:我们|我这边|店里|商家)"
        r"|(?:我们|店里|商家)(?:来)?(?:出|承担|付)(?:来回)?(?:邮费|运费)|免运费|包邮"
        r"|\bon us\b|\bwe(?:'ll| will)? (?:cover|pay)|\b(?:our|the shop's) (?:cost|expense)\b|\bfree return",
        re.IGNORECASE,
    ),
    "buyer": re.compile(
        r"(?:邮费|运费|快递费)\s*(?:都|也)?(?:由|是|得|要)?\s*(?:您|你|自理|买家)"
        r"|\byour (?:own )?(?:cost|expense)\b"
        r"|\byou(?:'ll|'d| will| would)?(?: just)?(?: (?:have|need) to)? (?:cover|pay)\b",
        re.IGNORECASE,
    ),
}
# Who lays the money out gets it back in a way that only the agent knows: nobody is said to pay.
_LAID_OUT = re.compile(
    r"(?<!坐)(?<!鞋)垫(?:付|一下|上|着)|先垫|到付|\b(?:pay (?:it )?(?:up ?front|first)|reimburs\w+|pay you back)",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"一[个只片件块双条]|\b(?:one|a single|another) (?:mug|cup|plate|bowl|glass|piece|lid)?", re.IGNORECASE
)
_SET = re.compile(
    r"套|[两二三四五六七八九十\d]+\s*[个只片件块双条包袋]装?|\b(?:set|pack) of\b|\b\d+[- ]?(?:pack|pc|piece)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"整|全部|全套|一整|重新(?:发|寄)(?:一)?[单套份]|\b(?:whole|entire|full|complete|everything)\b", re.IGNORECASE
)
_AMOUNT = re.compile(
    r"(?:[¥¥$€£]|RMB|USD)\s*(\d+(?:\.\d{1,2})?)|(\d+(?:\.\d{1,2})?)\s*(?:元|块|dollars|usd)", re.IGNORECASE
)


def confirm(scope: Scope, case: Case, ids: Iterable[str]) -> Plan | NoPlan:
    """The plan for a choice: the option, its next step and date; two at once are asked about again."""
    picked = [option for option in case.offered if option.id in set(ids)]
    if not picked:
        return NoPlan(reason=Reason.UNCLEAR)
    if len(picked) > 1:
        return _ask_again(scope, picked)
    option = picked[0]
    if len(case.offered) == 1:
        # Offered plainly, it had no letter that the buyer has seen.
        option = option.model_copy(update={"id": ""})
    built = None if _is_one_of_a_set(option, scope) else as_offered(scope, case, option)
    beyond = _beyond(scope, option, built)
    if beyond is not None:
        return _to_supervisor(scope, beyond)
    if built is None:
        # Whether a colleague put letters to what they offered is not known; their words say which one it is.
        bare = option if case.chosen is not None else option.model_copy(update={"id": ""})
        return _in_their_words(scope, bare)
    chosen = built.option.model_copy(
        update={
            "id": option.id,
            "lettered": option.lettered,
            "title": option.title or built.option.title,
            "text": option.text,
        }
    )
    return _confirmed(scope, chosen, built)


def _is_one_of_a_set(option: Option, scope: Scope) -> bool:
    """Whether a colleague offered one piece of what the order holds as a set: the shop's own option sends all of it."""
    item = scope.situation.item
    typed = option.key == "reship" and not option.action and _ONE.search(option.text or option.title) is not None
    return (
        typed
        and item is not None
        and scope.playbook.rule.issue is not Issue.MISSING_ITEM
        and bool(_SET.search(item.name))
    )


def _in_their_words(scope: Scope, option: Option) -> Plan:
    """The plan for what a colleague offered on their own account: the sum in it is theirs."""
    plan = make(scope, Act.CONFIRM, "chosen", ())
    said = _said(option, scope)
    facts = dict(plan.facts)
    if said is not None:
        facts[OWN_AMOUNT] = _amount_of_agent(OWN_AMOUNT, said)
    return plan.model_copy(update={"chosen": option, "facts": facts, "empathy": False})


def _beyond(scope: Scope, option: Option, built: Built | None) -> NotOffered | None:
    """The choice as one that a supervisor must allow, when more was given since than the agent's ceilings bear.

    While the offer stands it has counted itself; so it is only one that waited too long, while somebody gave the rest.
    """
    situation, issue = scope.situation, scope.playbook.rule.issue
    cost = built.option.cost if built is not None else option.cost
    if cost is None or (built is not None and _is_due(built, scope)):
        return None
    key = built.option.key if built is not None else option.key
    about = situation.order.id if situation.order is not None else None
    authority = situation.authority
    if authority.holds(cost, issue) or authority.lifts(key, about, cost):
        return None
    over = authority.over(cost, issue, spent(situation))
    if over is None:
        return None
    # What the buyer was offered is not made smaller now that they took it.
    title = option.title or (built.option.title if built is not None else "")
    return NotOffered(
        key=key, reason=OVER_CEILING, title=title, issue=issue, cost=cost, ceiling=over.ceiling, left=over.left
    )


def _to_supervisor(scope: Scope, beyond: NotOffered) -> Plan | NoPlan:
    """The plan that confirms nothing: a supervisor is asked, and the buyer hears when we come back."""
    escalation = Escalation(to="supervisor", why=CHOICE_OVER)
    held = hold(scope, not_offered=(beyond,), name="approval", escalation=escalation)
    if isinstance(held, NoPlan):
        return NoPlan(reason=Reason.PERSON_NEEDED, escalation=escalation)
    return held.model_copy(update={"empathy": False})


def _confirmed(scope: Scope, chosen: Option, built: Built) -> Plan:
    plan = make(scope, Act.CONFIRM, "chosen", ())
    promises: tuple[Promise, ...] = (option_promise(built),) if built.due else _to_do(scope, built)
    return plan.model_copy(
        update={
            "chosen": chosen,
            "facts": {**plan.facts, **built.facts},
            "points": tuple(built.facts),
            "promises": promises,
            "empathy": False,
        }
    )


def _to_do(scope: Scope, built: Built) -> tuple[Promise, ...]:
    """What a person must now do for the option although its text names no time: by when we would come back.

    Where the buyer has the next move (goods to send back) nothing is owed yet.
    """
    back = scope.facts.get(RETURN_AT)
    if built.option.action not in _OURS_TO_DO or back is None:
        return ()
    at = f"option.{built.option.key}"
    fact = next((id for id in (f"{at}.amount", *built.facts) if id in built.facts), back.id)
    return (Promise(what=at, due=datetime.fromisoformat(str(back.value)), fact=fact),)


def _ask_again(scope: Scope, picked: list[Option]) -> Plan:
    built = {option.id: _built(scope, option) for option in picked}
    facts = {id: fact for one in built.values() if one for id, fact in one.facts.items()}
    options = tuple(
        one.option.model_copy(
            update={
                "id": option.id,
                "lettered": option.lettered,
                "title": option.title or one.option.title,
                "text": option.text,
            }
        )
        if (one := built[option.id])
        else option
        for option in picked
    )
    plan = make(scope, Act.ASK, "choice", (), asks=("choice",))
    return plan.model_copy(update={"options": options, "facts": {**plan.facts, **facts}, "empathy": False})


def acknowledge(scope: Scope, case: Case) -> Plan | NoPlan:
    """The plan for "none of these".

    Who then asks for what is due anyway (a return within its days) gets just that; else a person looks and we return.
    """
    if scope.situation.understanding.let_go:
        # Whoever gives up is neither asked again nor offered anything; the door stays open.
        return make(scope, Act.ACKNOWLEDGE, "let_go", ()).model_copy(update={"empathy": False})
    refused = {action for option in case.offered for action in _actions(scope, option)}
    scene = next((one for one in scope.playbook.scenes if one.when.holds(scope.seen) is True), None)
    keys = (*scene.rule.options, *scene.rule.otherwise) if scene else ()
    built, left_out = eligible(keys, scope.playbook, scope.situation, scope.seen)
    remaining = [one for one in built if one.option.action not in refused]
    wish = wished(scope.situation, scope.seen)
    due = [one for one in remaining if one.option.action in wish and _is_due(one, scope)]
    if len(due) == 1:
        return _confirmed(scope, due[0].option.model_copy(update={"id": ""}), due[0])
    # The agent's card says what is still possible; the buyer is first asked what would be right.
    left_out += [NotOffered(key=one.option.key, reason="not_asked_for") for one in remaining]
    escalation = Escalation(to="supervisor", why="all_refused")
    held = hold(scope, escalation=escalation, not_offered=left_out)
    if isinstance(held, NoPlan):
        return held
    return held.model_copy(
        update={"act": Act.ACKNOWLEDGE, "scene": "refused_all", "points": _returns(held.points), "empathy": False}
    )


def _is_due(built: Built, scope: Scope) -> bool:
    rules = scope.playbook.options.values()
    return any(one.key == built.option.key and one.rule.entitled for one in rules)


def _returns(points: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(point for point in points if point == RETURN_AT)


def as_offered(scope: Scope, case: Case, offered: Option) -> Built | None:
    """The playbook's option behind ``offered`` with what the buyer was told of it; None when nobody knows which."""
    built = _built(scope, offered)
    return None if built is None else _as_promised(built, offered, case, scope)


def _built(scope: Scope, offered: Option) -> Built | None:
    """The playbook's option behind ``offered`` as it stands today; None when it cannot be known which one it is."""
    said = _said(offered, scope)
    found: list[Built] = []
    for option in _candidates(scope, offered):
        made = build(option, scope.situation, scope.seen)
        if isinstance(made, Built):
            found.append(made)
    exact = [one for one in found if said is not None and _same(_amount(one), said)]
    if exact:
        return exact[0]
    if len(found) != 1:
        return None
    return found[0] if said is None or _amount(found[0]) is None else _with_amount(found[0], said)


def _as_promised(built: Built, offered: Option, case: Case, scope: Scope) -> Built:
    """``built`` with the date and the payer that the buyer was told: a promise is not changed by answering later."""
    built = _with_payer(built, offered.text)
    if built.due is None:
        return _with_arrival(built, offered.text, scope)
    what = f"option.{built.option.key}"
    given = next((one.due for one in case.commitments if one.what == what and one.due is not None), None)
    due = given or _day_said(offered.text, built.facts[built.due], scope)
    if due is None:
        return built
    value = scope.situation.days.local(due).isoformat()
    fact = built.facts[built.due].model_copy(update={"value": value, "source": "agent"})
    return Built(option=built.option, facts={**built.facts, built.due: fact}, due=built.due)


def _with_payer(built: Built, text: str) -> Built:
    """``built`` with the side that the offer said pays the way back."""
    id = f"option.{built.option.key}.label"
    payer = next((who for who, said in _PAYER.items() if said.search(text)), None)
    if _LAID_OUT.search(text) is not None:
        facts = {name: fact for name, fact in built.facts.items() if name != id}
        return Built(option=built.option, facts=facts, due=built.due)
    if id not in built.facts or payer is None or (payer == "shop" and built.facts[id].value == "prepaid"):
        # A label from us is our cost, whichever of the two words the offer used.
        return built
    fact = built.facts[id].model_copy(update={"value": payer, "source": "agent"})
    return Built(option=built.option, facts={**built.facts, id: fact}, due=built.due)


def _with_arrival(built: Built, text: str, scope: Scope) -> Built:
    """``built`` with the day that the offer named for the money."""
    id = f"option.{built.option.key}.arrival"
    if id not in built.facts:
        return built
    found = _days_in(text, date.fromisoformat(str(built.facts[id].value)))
    if len(found) != 1 or min(found) < scope.situation.days.day(scope.situation.now):
        return built
    fact = built.facts[id].model_copy(update={"value": found.pop().isoformat(), "source": "agent"})
    return Built(option=built.option, facts={**built.facts, id: fact}, due=built.due)


def _day_said(text: str, computed: Fact, scope: Scope) -> datetime | None:
    """The one calendar day that the offer named, at the hour that our own computation has."""
    own = datetime.fromisoformat(str(computed.value))
    found = _days_in(text, own.date())
    if len(found) != 1:
        return None
    moment = scope.situation.days.at(found.pop(), own.time())
    return moment if moment > scope.situation.now else None


def _days_in(text: str, near: date) -> set[date]:
    """The calendar days that ``text`` names, in the year that brings them close to ``near``."""
    found: set[date] = set()
    for match in _DAY.finditer(text):
        month = int(match["zh"] or 0) or _MONTHS.index(match["en"].lower()[:3]) + 1
        try:
            day = date(near.year, month, int(match["day"] or match["day_zh"]))
        except ValueError:
            continue
        # In December an offer for January means the next year.
        found.add(day.replace(year=near.year + 1) if (near - day).days > _HALF_YEAR else day)
    return found


def _candidates(scope: Scope, offered: Option) -> list[CompiledOption]:
    known = scope.playbook.options.values()
    key = offered.key
    if key == "reship" and not offered.action and _WHOLE.search(offered.text or offered.title) is None:
        # A colleague who sends "one" of what is missing sends that and not all of it again.
        key = next((option.key for option in known if option.key == "send_missing"), key)
    named = [option for option in known if option.key == key]
    actions = _actions(scope, offered)
    return named or [option for option in known if option.rule.action in actions]


def _actions(scope: Scope, offered: Option) -> tuple[str, ...]:
    """What the back office would do for ``offered``, as far as its key tells."""
    named = next((option for option in scope.playbook.options.values() if option.key == offered.key), None)
    if named is not None:
        return (named.rule.action,)
    return _ACTIONS.get(offered.key, (offered.action,) if offered.action else ())


def _said(offered: Option, scope: Scope) -> Money | None:
    """The one amount that the offer named, or the part of the whole; what was offered is what is confirmed."""
    text, currency = offered.text or offered.title, currency_of(scope.situation)
    found = {Decimal(match.group(1) or match.group(2)) for match in _AMOUNT.finditer(text)}
    if currency is None or len(found) > 1:
        return None
    if found:
        return Money(amount=str(found.pop()), currency=currency)
    parts = {int(match.group(1) or match.group(2)) for match in _PERCENT.finditer(text)}
    whole = scope.facts.get("case.item.total") or scope.facts.get("order.total")
    if len(parts) != 1 or whole is None or offered.action:
        return None
    # Half a cent goes to the buyer.
    return Money.from_minor(-(-Money.model_validate(whole.value).minor * parts.pop() // 100), currency)


def _amount(built: Built) -> Money | None:
    fact = built.facts.get(f"option.{built.option.key}.amount")
    return None if fact is None else Money.model_validate(fact.value)


def _amount_of_agent(id: str, said: Money) -> Fact:
    value: dict[str, JsonValue] = {"amount": said.amount, "currency": said.currency}
    return Fact(id=id, kind=FactKind.AMOUNT, value=value, source="agent")


def _same(left: Money | None, right: Money) -> bool:
    return left is not None and (left.minor, left.currency) == (right.minor, right.currency)


def _with_amount(built: Built, said: Money) -> Built:
    """``built`` with the amount that a person wrote."""
    id = f"option.{built.option.key}.amount"
    fact = _amount_of_agent(id, said)
    option = built.option.model_copy(update={"cost": said})
    return Built(option=option, facts={**built.facts, id: fact}, due=built.due)
