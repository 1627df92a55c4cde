"""The tables of schema ``app``, by subject; the migrations build them, a test compares the two."""

from copilot.store.tables.access import (
    AuditRow,
    CredentialRow,
    LoginAttemptRow,
    PersonRow,
    SessionRow,
    TokenRow,
)
from copilot.store.tables.base import SCHEMA, Base, table_of
from copilot.store.tables.channel import DeadLetterRow, OrderRow, PauseRow, SpanRow
from copilot.store.tables.engine_room import EventRow, TimerRow, VersionRow
from copilot.store.tables.people import BuyerRow, DirectoryRow, MerchantRow, ShopRow
from copilot.store.tables.talk import CaseRow, CommitmentRow, ConversationRow, MessageRow
from copilot.store.tables.work import ApprovalRow, DecisionRow, DraftRow, GrantRow, OutboxRow

__all__ = [
    "SCHEMA",
    "ApprovalRow",
    "AuditRow",
    "Base",
    "BuyerRow",
    "CaseRow",
    "CommitmentRow",
    "ConversationRow",
    "CredentialRow",
    "DeadLetterRow",
    "DecisionRow",
    "DirectoryRow",
    "DraftRow",
    "EventRow",
    "GrantRow",
    "LoginAttemptRow",
    "MerchantRow",
    "MessageRow",
    "OrderRow",
    "OutboxRow",
    "PauseRow",
    "PersonRow",
    "SessionRow",
    "ShopRow",
    "SpanRow",
    "TimerRow",
    "TokenRow",
    "VersionRow",
    "table_of",
]
