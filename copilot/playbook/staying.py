"""Whether what arrived is to stay with the buyer: nothing goes back, or whether it has to is asked.

Owns those words; what is offered then is the playbooks' and ``wishes``'.
"""

import re
from typing import Final

from copilot.playbook.situation import Situation

_KEEPS_IT: Final = re.compile(
    r"(?:不想|不要|不愿意?|懒得|不用|不打算|没必要|才不|没法|没办法|不方便|不可能|别(?:再)?(?:让|叫|要|逼)我们?)"
    r"(?:再|去|为[^,。!?\n]{0,6})?(?:退货|退回|寄回|退(?![款钱])|寄)"
    r"|寄不(?:了|回去|出去)"
    r"|(?:寄回|退货|退回去?)(?:太|也太|好)?(?:麻烦|折腾)"
    r"|\b(?:don'?t|do not|dont|not|wouldn'?t|can'?t|cant|cannot|won'?t|rather not|no point|no way|without)\b"
    r"[^.?!\n]{0,14}"
    r"\b(?:return(?:ing)?|send(?:ing)?|ship(?:ping)?|mail(?:ing)?)"
    r"(?: (?:it|them|this|that|the \w+(?: \w+)?|all|everything)\b)(?: all)?(?! (?:out|to me|again))",
    re.IGNORECASE,
)
"""What arrived is not to go back: said so, remedies that begin with sending it back are none."""
_MUST_IT: Final = re.compile(
    r"(?:要不要|用不用|需不需要|非得|必须|一定|需要|还)?(?:要|得|用)?(?:我|再)?(?:寄|退)回(?:去|来)?(?:吗|么|嘛|不(?=\W|\Z))"
    r"|(?:要不要|用不用|需不需要)(?:我|再)?(?:寄|退)回"
    r"|\b(?:do|will|would) (?:i|we) (?:really |still |actually )?(?:have|need|got) to (?:\w+ )?"
    r"(?:send|ship|mail|return|post)\b"
    r"|\bmust i (?:send|ship|mail|return|post)\b",
    re.IGNORECASE,
)
"""Whether it has to go back is asked: that wishes for no return."""


def refuses_way_back(situation: Situation) -> bool:
    """Whether the buyer says that the goods do not go back."""
    return _KEEPS_IT.search(situation.text) is not None


def asks_for_way_back(situation: Situation) -> bool:
    """Whether the buyer asks if the goods have to go back."""
    return _MUST_IT.search(situation.text) is not None
