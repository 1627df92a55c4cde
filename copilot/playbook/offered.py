"""The playbook's option behind what a person offered in words of their own, with what the buyer was told of it.

Owns the reading of sums, parts, days and payers out of an offer; refuses to change any of them afterwards.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal

from pydantic import JsonValue

from copilot.domain.case import Case, CommitmentState, Option
from copilot.domain.fact import Fact, FactKind
from copilot.domain.money import Money
from copilot.playbook.loader import CompiledOption
from copilot.playbook.options import Built, build, currency_of
from copilot.playbook.scenes import Scope

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
_GOES_OUT = frozenset({"exchange", "reship"})
_SENDS = frozenset({"ship", "send", "reship", "exchange"})
"""How promises in a colleague's words name goods that go out."""
_DAY_ENDS = time(23, 59)
_MONEY_OF_THEIRS = frozenset({"refund", "keep", "price_gap"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(
    r"\b(?P<en>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<day>\d{1,2})\b"
    r"|(?P<zh>\d{1,2})月(?P<day_zh>\d{1,2})[日号]?",
    re.IGNORECASE,
)
_HALF_YEAR = 183
# "20% back if you keep it" is a part of what was paid.
_PERCENT = re.compile(
    r"(?<![\d.])(\d{1,2}) ?(?:%|％|percent)(?= back\b| refund\b| of\b|\W*退|的|\W*\Z)|(?<=退)(?:您|你)?(\d{1,2})%",
    re.IGNORECASE,
)
_PART = re.compile(r"一部分|部分|一半|\b(?:part(?:ial)?|half)\b", re.IGNORECASE)
# Who pays the way back, as agents say it; a label that comes with the parcel or by mail is a prepaid one.
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
_WHOLE = re.compile(
    r"整|全部|全套|一整|重新(?:发|寄)(?:一)?[单套份]|\b(?:whole|entire|full|complete|everything)\b", re.IGNORECASE
)
_COMES_BACK = re.compile(
    r"寄回|退货|退回来|发回|\breturn|\bonce (?:it|they|we)\b"
    r"|\b(?:send|post|mail|ship|drop|bring)\w* (?:\w+ ){1,4}?back\b",
    re.IGNORECASE,
)
_STAYS = re.compile(
    r"(?:不用|不需要|无需|不必|免)(?:您|你|再)?(?:寄回|退货|退回来|发回)"
    r"|\b(?:no need to|don't (?:have|need) to|without|nothing to|not have to|no) (?:\w+ )?"
    r"(?:return\w*|send\w* (?:\w+ ){0,3}back)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?P<sign>[¥￥$€£]|RMB|USD)\s*(?P<behind>\d+(?:\.\d{1,2})?)"
    r"|(?P<before>\d+(?:\.\d{1,2})?)\s*(?P<word>元|块|dollars|usd)",
    re.IGNORECASE,
)
# What the sum's own sign says, where no order tells the currency.
_MEANT = {
    **dict.fromkeys(("¥", "￥", "rmb", "元", "块"), "CNY"),
    **dict.fromkeys(("$", "usd", "dollars"), "USD"),
    "€": "EUR",
    "£": "GBP",
}


def as_offered(scope: Scope, case: Case, offered: Option) -> Built | None:
    """The playbook's option behind ``offered`` with what the buyer was told of it; None when nobody knows which."""
    built = built_from(scope, offered)
    return None if built is None else _as_promised(built, offered, case, scope)


def built_from(scope: Scope, offered: Option) -> Built | None:
    """The playbook's option behind ``offered`` as it stands today; None when it cannot be known which one it is."""
    said = sum_said(offered, scope)
    found: list[Built] = []
    for option in _candidates(scope, offered):
        made = build(option, scope.situation, scope.seen)
        if isinstance(made, Built):
            found.append(made)
    exact = [one for one in found if said is not None and _same(_amount(one), said)]
    if exact:
        return exact[0]
    if len(found) > 1:
        # Of a whole and its broken pieces it is the pieces where the words count them.
        counted = [one for one in found if _counts_pieces(one, offered)]
        found = counted or [one for one in found if f"option.{one.option.key}.pieces" not in one.facts]
    if len(found) != 1:
        return None
    return found[0] if said is None or _amount(found[0]) is None else _with_amount(found[0], said)


def _counts_pieces(built: Built, offered: Option) -> bool:
    pieces = built.facts.get(f"option.{built.option.key}.pieces")
    return pieces is not None and str(pieces.value) in offered.text


def in_words(scope: Scope, offered: Option) -> Built | None:
    """What a colleague offered on their own account, by the sum in their words; None without one."""
    said = sum_said(offered, scope)
    if said is None or offered.action or offered.key not in _MONEY_OF_THEIRS:
        return None
    fact = amount_of_agent(f"option.{offered.key}.amount", said)
    return Built(option=offered.model_copy(update={"action": "refund", "cost": said}), facts={fact.id: fact})


def _as_promised(built: Built, offered: Option, case: Case, scope: Scope) -> Built:
    """``built`` with the date and the payer that the buyer was told: a promise is not changed by answering later."""
    built = _with_payer(built, offered.text)
    if built.due is None:
        return _with_arrival(built, offered.text, scope)
    computed = built.facts[built.due]
    due = _day_promised(built, offered, case, scope) or _day_said(offered.text, computed, scope)
    if due is None:
        return built
    value = scope.situation.days.local(due).isoformat()
    fact = computed.model_copy(update={"value": value, "source": "agent"})
    return Built(option=built.option, facts={**built.facts, built.due: fact}, due=built.due)


def _day_promised(built: Built, offered: Option, case: Case, scope: Scope) -> datetime | None:
    """When the option is due by what was promised; "tomorrow", said yesterday, is today.

    A day that a colleague named without an hour ends at the hour of our own computation.
    """
    what = f"option.{built.option.key}"
    given = next((one.due for one in case.commitments if one.what == what and one.due is not None), None)
    said = None if given is not None else owed_in_words(case, offered, built.option.action)
    if said is None or built.due is None:
        return given
    days = scope.situation.days
    local = days.local(said)
    own = datetime.fromisoformat(str(built.facts[built.due].value))
    return days.at(local.date(), own.time()) if local.time() == _DAY_ENDS else said


def owed_in_words(case: Case, option: Option, action: str) -> datetime | None:
    """When what was chosen is due by a colleague's own words, which are the option's promise by another name."""
    if case.chosen != option.id or action not in _GOES_OUT:
        return None
    said = [one.due for one in case.commitments if one.what in _SENDS and one.state is CommitmentState.OWED and one.due]
    return said[-1] if said else None


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
    if key == "refund" and not offered.action and _PART.search(offered.text or offered.title):
        # "A part of it back, and you keep it" is the shop's usual part.
        key = next((option.key for option in known if option.key == "refund_keep"), key)
    if key == "refund" and not offered.action and not offered.lettered and _stays(offered, scope):
        key = next((option.key for option in known if option.key == "refund_keep"), key)
    named = [option for option in known if option.key == key]
    actions = actions_of(scope, offered)
    if key == "refund" and not offered.action and goods_come_back(offered.text or offered.title):
        actions = ("return_refund",)
    return named or [option for option in known if option.rule.action in actions]


def _stays(offered: Option, scope: Scope) -> bool:
    """Whether a sum that a colleague names is a part of what was paid, and nothing is said to come back for it."""
    said, total = sum_said(offered, scope), scope.facts.get("case.item.total")
    if said is None or total is None or goods_come_back(offered.text or offered.title):
        return False
    paid = Money.model_validate(total.value)
    return paid.currency == said.currency and said.minor < paid.minor


def goods_come_back(text: str) -> bool:
    """Whether an offer in words has the goods sent back first."""
    return _COMES_BACK.search(_STAYS.sub(" ", text)) is not None


def actions_of(scope: Scope, offered: Option) -> tuple[str, ...]:
    """What the back office would do for ``offered``, as far as its key tells."""
    named = next((option for option in scope.playbook.options.values() if option.key == offered.key), None)
    if named is not None:
        return (named.rule.action,)
    return _ACTIONS.get(offered.key, (offered.action,) if offered.action else ())


def sum_said(offered: Option, scope: Scope) -> Money | None:
    """The one amount that the offer named, or the part of the whole; what was offered is what is confirmed."""
    text, currency = offered.text or offered.title, currency_of(scope.situation)
    found = {
        (Decimal(match["behind"] or match["before"]), currency or _MEANT[(match["sign"] or match["word"]).lower()])
        for match in _AMOUNT.finditer(text)
    }
    if len(found) == 1:
        amount, meant = found.pop()
        return Money(amount=str(amount), currency=meant)
    if currency is None or found:
        return None
    parts = {int(match.group(1) or match.group(2)) for match in _PERCENT.finditer(text)}
    whole = scope.facts.get("case.item.total") or scope.facts.get("order.total")
    if len(parts) != 1 or whole is None or offered.action:
        return None
    # Half a cent goes to the buyer.
    return Money.from_minor(-(-Money.model_validate(whole.value).minor * parts.pop() // 100), currency)


def _amount(built: Built) -> Money | None:
    fact = built.facts.get(f"option.{built.option.key}.amount")
    return None if fact is None else Money.model_validate(fact.value)


def amount_of_agent(id: str, said: Money) -> Fact:
    """The sum that a person wrote, as a fact of theirs."""
    value: dict[str, JsonValue] = {"amount": said.amount, "currency": said.currency}
    return Fact(id=id, kind=FactKind.AMOUNT, value=value, source="agent")


def _same(left: Money | None, right: Money) -> bool:
    return left is not None and (left.minor, left.currency) == (right.minor, right.currency)


def _with_amount(built: Built, said: Money) -> Built:
    """``built`` with the amount that a person wrote."""
    id = f"option.{built.option.key}.amount"
    fact = amount_of_agent(id, said)
    option = built.option.model_copy(update={"cost": said})
    return Built(option=option, facts={**built.facts, id: fact}, due=built.due)
