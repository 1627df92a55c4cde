"""Says what the buyer's turn wants, in the light of the open case and of what we said last.

Our own reading comes first; a model is asked only about what it leaves unclear.
"""

from copilot.domain.issue import Evidence, Understanding
from copilot.flow.deps import Deps
from copilot.flow.reading import by_model
from copilot.flow.shapes import Intake
from copilot.flow.understand import Burst, derive_cases, last_shop_text, open_case, reading_of, unanswered
from copilot.policy.privacy import mask


async def run(merchant: str, conversation: str, intake: Intake, deps: Deps) -> Understanding:
    """The turn's understanding; evidence carries masked words only, because the state is kept."""
    found = await deps.conversations.get(merchant, conversation)
    burst = unanswered(found)
    case = open_case(derive_cases(found))
    local = reading_of(burst, case=case, last_shop_text=last_shop_text(found, burst))
    read = await by_model(local, found, burst, case, intake, deps)
    return _masked(read.model_copy(update={"language": intake.language}), burst, deps)


def _masked(read: Understanding, burst: Burst, deps: Deps) -> Understanding:
    """The same understanding with every quoted word masked."""
    if not mask(burst.text, market=deps.rules.profile.market).entities:
        return read

    def quiet(evidence: Evidence) -> Evidence:
        return evidence.model_copy(update={"text": mask(evidence.text, market=deps.rules.profile.market).text})

    issues = tuple(
        issue.model_copy(update={"evidence": quiet(issue.evidence)}) if issue.evidence else issue
        for issue in read.issues
    )
    risks = tuple(risk.model_copy(update={"evidence": quiet(risk.evidence)}) for risk in read.risks)
    answered = {slot: mask(text, market=deps.rules.profile.market).text for slot, text in read.answered.items()}
    return read.model_copy(update={"issues": issues, "risks": risks, "answered": answered})
