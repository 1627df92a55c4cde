"""The words a model must use for each fact, so that what it copies can be found again by the claim ledger."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from copilot.domain.fact import Fact, FactKind
from copilot.domain.money import Money
from copilot.domain.plan import Plan
from copilot.model.composer.wording import Language, Wording


def words_of(plan: Plan, language: str, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """Fact ids with their words; facts the plan wants stated come first."""
    wording = Wording(_spoken(language), now, zone)
    first = [key for key in plan.points if key in plan.facts]
    ordered = first + [key for key in plan.facts if key not in first]
    return {key: _say(plan.facts[key], wording) for key in ordered}


def _spoken(language: str) -> Language:
    return "zh" if language == "zh" else "en"


def _say(fact: Fact, wording: Wording) -> str:
    value = fact.value
    match fact.kind:
        case FactKind.AMOUNT:
            return wording.money(Money.model_validate(value))
        case FactKind.DATE:
            return wording.day(date.fromisoformat(str(value)))
        case FactKind.TIME:
            moment = datetime.fromisoformat(str(value))
            return wording.by_time(moment) if moment > wording.now else wording.at(moment)
        case FactKind.DURATION:
            return wording.hours(float(str(value)))
        case FactKind.PERCENT:
            return wording.percent(float(str(value)))
        case _:
            return str(value)
