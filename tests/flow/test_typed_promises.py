"""In a file nothing is kept of what colleagues promised: their words are read again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copilot.domain.case import Commitment
from copilot.domain.conversation import Conversation
from copilot.flow.typed_promises import with_promises

ZONE = ZoneInfo("Asia/Shanghai")
SAID = datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)
ORDER = {"id": "694000880000000101", "status": "delivered"}


def talk(text: str, **changes: object) -> Conversation:
    said = {"id": "m2", "role": "agent", "agent": "g1", "text": text, "sent_at": SAID, "sent_by": "person"}
    first = {"id": "m1", "role": "buyer", "text": "杯子碎了", "sent_at": SAID - timedelta(minutes=5)}
    return Conversation.model_validate({"id": "c", "messages": [first, said], "orders": [ORDER], **changes})


@pytest.mark.parametrize(
    ("text", "hours", "what", "state"),
    [
        ("明天18点前给您补发一套", 2, "reship", "owed"),
        ("明天18点前给您补发一套", 48, "reship", "broken"),
        ("I'll refund you $15 today", 72, "refund", "broken"),
    ],
)
def test_what_was_promised_is_owed_until_it_is_late(text: str, hours: int, what: str, state: str) -> None:
    (found,) = with_promises(talk(text), SAID + timedelta(hours=hours), ZONE).commitments
    assert (found.what, found.state, found.order, found.message, found.by) == (what, state, ORDER["id"], "m2", "g1")


def test_an_order_shows_that_it_was_kept() -> None:
    scan = {"at": SAID + timedelta(hours=9), "text": "scan"}
    order = ORDER | {"shipments": [{"tracking_no": "YT1", "events": [scan]}]}
    (found,) = with_promises(talk("明天18点前给您补发一套", orders=[order]), SAID + timedelta(days=4), ZONE).commitments
    assert (found.state, found.evidence) == ("done", "shipment:YT1")


@pytest.mark.parametrize("text", ["照片收到了", "您看要哪种?", "如果您愿意,明天可以给您补发"])
def test_words_that_promise_nothing_owe_nothing(text: str) -> None:
    assert with_promises(talk(text), SAID, ZONE).commitments == ()


def test_what_is_kept_already_is_not_read_again_and_machines_promise_nothing() -> None:
    kept = (Commitment(what="refund"),)
    assert with_promises(talk("明天18点前给您补发一套", commitments=kept), SAID, ZONE).commitments == kept
    automatic = talk("明天18点前给您补发一套")
    messages = (automatic.messages[0], automatic.messages[1].model_copy(update={"sent_by": "auto"}))
    assert with_promises(automatic.model_copy(update={"messages": messages}), SAID, ZONE).commitments == ()
