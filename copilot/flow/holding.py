"""What a fixed text may do for a buyer whose language has no other: say when we come back, twice at most.

Owns that plan. Nothing of the turn is decided here, because nobody has read it: the words of danger that our readers
know still go to a person.
"""

from datetime import datetime

from copilot.domain.conversation import Conversation
from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.message import Role
from copilot.domain.plan import Act, Escalation, Plan, Promise
from copilot.domain.reason import Reason
from copilot.flow.shapes import End
from copilot.model.composer.holding import SCENE, is_hold
from copilot.model.prompts import Prompts
from copilot.playbook import Situation
from copilot.playbook.facts import return_at
from copilot.playbook.matters import DANGER
from copilot.playbook.scenes import HOLD, MOST_HOLDS, RETURN_AT


def plan_hold(conversation: Conversation, situation: Situation, prompts: Prompts) -> Plan | End:
    """The plan, or why not even that may be said."""
    danger = next((one.risk for one in situation.understanding.risks if one.risk in DANGER), None) or situation.danger
    if danger is not None:
        return End(reason=Reason.PERSON_NEEDED, escalation=Escalation(to="supervisor", why=danger.value))
    if _held(conversation, prompts) >= MOST_HOLDS:
        return End(reason=Reason.WAITING_FOR_US)
    back = return_at(situation)
    if back is None:
        # The shop has not said how soon it answers: then nothing can be promised.
        return End(reason=Reason.LANGUAGE_UNSUPPORTED)
    return Plan(
        act=Act.HOLD,
        issue=situation.case.issue if situation.case else Issue.UNCLEAR,
        scene=SCENE,
        facts={RETURN_AT: _fact(back)},
        points=(RETURN_AT,),
        promises=(Promise(what=HOLD, due=back, fact=RETURN_AT),),
        playbook=SCENE,
    )


def _held(conversation: Conversation, prompts: Prompts) -> int:
    """How often the buyer was told to wait since a person of the shop last said something else."""
    count = 0
    for message in conversation.messages:
        if message.role in (Role.AGENT, Role.BOT):
            count = count + 1 if is_hold(message.text, prompts) else 0
    return count


def _fact(back: datetime) -> Fact:
    return Fact(id=RETURN_AT, kind=FactKind.TIME, value=back.isoformat(), source="computed")
