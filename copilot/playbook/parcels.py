"""What a turn about a parcel is really about, by where the parcel is.

Owns which matter of a parcel a wish or a question belongs to; what is said of it is the playbooks'.
"""

from copilot.domain.issue import Issue
from copilot.domain.order import OrderStatus
from copilot.playbook.loader import Playbooks
from copilot.playbook.matters import ON_THE_WAY
from copilot.playbook.situation import Situation, after_sale_state, is_returning
from copilot.playbook.values import cancel_asked, is_late, is_sent_anew, is_stalled

ASKS_BACK = frozenset({Issue.REFUND_REQUEST, Issue.RETURN_EXCHANGE})
"""What a buyer wants of goods that they do not keep."""
CARRIER_SAID = "carrier_said"
"""The wish of who asks what the carrier has answered."""
# A parcel that is waited for longer than it should be.
_WAITED_FOR = frozenset({Issue.DELIVERY_DELAY, Issue.LOST_PARCEL})


def parcel_matter(playbooks: Playbooks, first: Issue, situation: Situation) -> Issue | None:
    """What a wish or a question about a parcel that is not there is really about; None where it is what it says.

    What turned back is news of the parcel whatever is wished of it. Money for one that is late or no longer moves, and
    goods to be sent once more, are remedies of the parcel: nothing has come that could be returned.
    """
    if is_returning(situation) and first in ON_THE_WAY | ASKS_BACK:
        return _known(playbooks, Issue.LOGISTICS_QUERY)
    if is_sent_anew(situation) and first in ON_THE_WAY:
        # "The replacement still hasn't come" is about the parcel that left last, and not about the one that is there.
        return _known(playbooks, Issue.LOGISTICS_QUERY)
    order = situation.chosen_order
    if situation.understanding.wish == CARRIER_SAID and first in ON_THE_WAY:
        # By whatever name the matter goes, its answer is the carrier's.
        return _known(playbooks, Issue.LOGISTICS_QUERY)
    if situation.understanding.wish == "arrange" and first in ON_THE_WAY and order is not None:
        # "When does it come, and can they call first" is told the day with the wish.
        return _known(playbooks, Issue.LOGISTICS_QUERY) if order.status is OrderStatus.SHIPPED else None
    if first not in ASKS_BACK or order is None or order.status is not OrderStatus.SHIPPED or situation.after_sale:
        return None
    if cancel_asked(situation) and playbooks.words.says("what_next", situation.text):
        # "So can I refuse it" after "it cannot be cancelled" asks what is left of that wish.
        return _known(playbooks, Issue.CANCEL_ORDER)
    about = situation.case.issue if situation.case is not None and situation.case.issue in _WAITED_FOR else None
    words = playbooks.words
    resend = words.says("wants_reship", situation.text) and not words.says("wants_return", situation.text)
    if is_stalled(situation) or is_late(situation) or (first is Issue.RETURN_EXCHANGE and resend):
        return _known(playbooks, about or Issue.DELIVERY_DELAY)
    return None


def came_back(playbooks: Playbooks, situation: Situation) -> bool:
    """Whether the buyer says that what they sent back, for a request under way, has arrived at the shop."""
    request = situation.after_sale
    under_way = request is not None and after_sale_state(request) == "in_progress"
    return under_way and playbooks.words.says("came_back", situation.text)


def _known(playbooks: Playbooks, issue: Issue) -> Issue | None:
    return issue if issue in playbooks.by_issue else None
