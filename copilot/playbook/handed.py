"""Who took a parcel in, by the carrier's own words: the gatekeeper, a neighbour, the front desk, somebody at home.

Owns the wordings of a scan that names one; refuses a name that the buyer speaks of already: they have asked there.
"""

import re
from typing import Final

from copilot.domain.order import Shipment

_WHO: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"门卫|保安|传达室|收发室|岗亭|\b(?:security|guard|gatehouse|gate ?keeper)\b",
        r"前台|大堂|\b(?:front desk|reception(?:ist)?|concierge|door ?man|lobby)\b",
        r"物业|管理处|\b(?:leasing|property|building) (?:office|manager|management)\b|\bmail ?room\b",
        r"邻居|隔壁|\bneighbou?rs?\b",
        r"家人|家属|同事|同住|\b(?:household member|family member|co-?worker|colleague|roommate|housemate)\b",
        r"(?<!无)人代签|代签收|\bsigned for by\b(?! (?:the )?(?:addressee|recipient|customer))",
    )
)


def handed_over(shipment: Shipment, said: str) -> bool:
    """Whether the last scan of ``shipment`` names who took it in, and the buyer's words ``said`` do not name them."""
    text = (shipment.events[-1].text or "") if shipment.events else ""
    return any(who.search(text) is not None and who.search(said) is None for who in _WHO)
