"""A threat to take the matter elsewhere, as a fact that the reply may answer to; it changes no option.

Owns which threats are answered; refuses to touch a threatened review, which no draft ever mentions.
"""

from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Risk
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.situation import Situation

DISPUTE: Final = "turn.dispute"
_ANSWERED: Final = (Risk.CHARGEBACK, Risk.REGULATOR, Risk.LAWYER)
_SPEAKING: Final = frozenset({Act.ANSWER, Act.OFFER, Act.ASK, Act.HOLD, Act.ACKNOWLEDGE})


def with_threat(plan: Plan | NoPlan, situation: Situation) -> Plan | NoPlan:
    """``plan`` with the bank, authority or lawyer that the buyer means to turn to, so that it is not passed over."""
    if isinstance(plan, NoPlan) or plan.act not in _SPEAKING:
        return plan
    risks = {one.risk for one in situation.understanding.risks}
    threat = next((one for one in _ANSWERED if one in risks), None)
    if threat is None:
        return plan
    fact = Fact(id=DISPUTE, kind=FactKind.STATE, value=threat.value, source="buyer")
    return plan.model_copy(update={"facts": {**plan.facts, DISPUTE: fact}})
