"""The tables of schema ``app``, by subject; the migrations build them, a test compares the two."""

from copilot.store.tables.access import (
    AuditRow,
    AvatarRow,
    CredentialRow,
    LoginAttemptRow,
    PersonRow,
    SessionRow,
    TokenRow,
)
from copilot.store.tables.base import SCHEMA, Base, table_of
from copilot.store.tables.channel import DeadLetterRow, FeedRow, OrderRow, PauseRow, SpanRow
from copilot.store.tables.engine_room import EventRow, TimerRow, VersionRow
from copilot.store.tables.feedback import FeedbackRow
from copilot.store.tables.knowledge import (
    AutoOutcomeRow,
    AutoReplyRow,
    EntryRow,
    GreetingRow,
    NoticeRow,
    PhraseRow,
    PinnedRow,
    ProductFactRow,
)
from copilot.store.tables.languages import TranslationRow
from copilot.store.tables.people import BuyerRow, DirectoryRow, MerchantRow, ShopRow
from copilot.store.tables.publishing import PublicationRow, PublishedFileRow, ShadowCountRow
from copilot.store.tables.reception import AssignmentRow, PageRow, ReceptionRow, ViewRow
from copilot.store.tables.rota import AbsenceRow, RotaSlotRow
from copilot.store.tables.talk import CaseRow, CommitmentRow, ConversationRow, MessageRow
from copilot.store.tables.work import (
    ApprovalRow,
    DecisionRow,
    DraftRow,
    GrantRow,
    NoteRow,
    OutboxRow,
    PressRow,
    SendableRow,
    SightRow,
)

__all__ = [
    "SCHEMA",
    "AbsenceRow",
    "ApprovalRow",
    "AssignmentRow",
    "AuditRow",
    "AutoOutcomeRow",
    "AutoReplyRow",
    "AvatarRow",
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
    "EntryRow",
    "EventRow",
    "FeedRow",
    "FeedbackRow",
    "GrantRow",
    "GreetingRow",
    "LoginAttemptRow",
    "MerchantRow",
    "MessageRow",
    "NoteRow",
    "NoticeRow",
    "OrderRow",
    "OutboxRow",
    "PageRow",
    "PauseRow",
    "PersonRow",
    "PhraseRow",
    "PinnedRow",
    "PressRow",
    "ProductFactRow",
    "PublicationRow",
    "PublishedFileRow",
    "ReceptionRow",
    "RotaSlotRow",
    "SendableRow",
    "SessionRow",
    "ShadowCountRow",
    "ShopRow",
    "SightRow",
    "SpanRow",
    "TimerRow",
    "TokenRow",
    "TranslationRow",
    "VersionRow",
    "ViewRow",
    "table_of",
]
