"""A buyer is forgotten: no table holds a word, a name or a number of theirs, and the figures stay."""

import uuid
from datetime import timedelta
from typing import Final

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import String, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import people
from copilot.access.principal import Role
from copilot.channel import dead_letters
from copilot.channel.erasing import NoSuchBuyer, ReplyLeaving, erase_buyer
from copilot.desk.figures.outcome import keep_outcomes
from copilot.domain.case import Case, Option
from copilot.domain.draft import DraftView
from copilot.domain.issue import Issue
from copilot.sdk import Delivery
from copilot.store.tables import (
    ApprovalRow,
    AssignmentRow,
    AuditRow,
    Base,
    BuyerRow,
    CaseRow,
    CommitmentRow,
    ConversationRow,
    DeadLetterRow,
    DecisionRow,
    DraftRow,
    GrantRow,
    MessageRow,
    NoteRow,
    OrderRow,
    OutboxRow,
    PressRow,
    ShopRow,
    SightRow,
    SpanRow,
    TimerRow,
    TranslationRow,
)
from tests.web.conftest import PASSWORD, Web

CANARY: Final = "KANARIE"
# What says where a thing stands, whose of ours it is or what kind it is of: no buyer's words get in there.
_OURS: Final = {
    "approvals": "option currency ceiling issue state asked_by ruled_by",
    "assignments": "how by",
    "buyers": "",
    "cases": "state issue product_id resolved_by follow_up",
    "commitments": "what by source state settled_by",
    "conversations": "posture language platform_agent assigned_how",
    "decisions": "kind by edit_class",
    "drafts": "state reason language flow_version trace",
    "grants": "issue by currency state replaced_state",
    "messages": "role kind product_id agent sent_by trace card",
    "outbox": "source_kind state error trace by source_language sendable",
    "sights": "by issue",
}
_ABOUT: Final = {
    "buyers": BuyerRow,
    "conversations": ConversationRow,
    "messages": MessageRow,
    "drafts": DraftRow,
    "decisions": DecisionRow,
    "approvals": ApprovalRow,
    "assignments": AssignmentRow,
    "cases": CaseRow,
    "commitments": CommitmentRow,
    "grants": GrantRow,
    "outbox": OutboxRow,
    "sights": SightRow,
}


async def _filled(web: Web) -> tuple[uuid.UUID, DraftRow]:
    """A buyer with a row in every table that can be about one, all open, each word of it a canary."""
    talk, draft = await web.broken_cups("c1")
    now, ids = web.clock.now(), {"merchant": web.merchant, "conversation": talk}
    await web.buyer(f"{CANARY} 13812345678", "c1")
    stamps = {"created_at": now, "updated_at": now}
    case, buyer = (await web.rows(CaseRow))[0], (await web.rows(BuyerRow))[0]
    reply = OutboxRow(
        **ids, id=uuid.uuid4(), shop=web.shop, source_kind="typed", source_id=uuid.uuid4(), text=CANARY, state="queued",
        owes=[{"what": CANARY}], source=CANARY, **stamps,
    )  # fmt: skip
    rows: list[Base] = [
        reply,
        DecisionRow(
            merchant=web.merchant, draft=draft.id, revision=1, kind="reject", text_hash="x", by="p", at=now,
            rejection={"reason": "wrong_order", "order": CANARY, "note": CANARY},
        ),
        SightRow(merchant=web.merchant, draft=draft.id, revision=1, text_hash="x", by="p", typed=False, at=now),
        ApprovalRow(
            **ids, shop=web.shop, draft=draft.id, revision=1, text=CANARY, text_hash=CANARY, vouched=[CANARY],
            order_id=CANARY, minor=100, currency="CNY", ceiling="per_issue", left_minor=0, notes={"asked": CANARY},
            state="requested", asked_by="p", due_at=now, **stamps,
        ),
        AssignmentRow(**ids, how="manual", by="p", note=CANARY, at=now),
        NoteRow(
            **ids, shop=web.shop, draft=draft.id, revision=1, text_hash=CANARY, note_id=CANARY, state="open",
            shown=CANARY, **stamps,
        ),
        PressRow(
            merchant=web.merchant, shop=web.shop, note_id=CANARY, platform_conversation_id=CANARY, kind="edit",
            words=CANARY, print_words=CANARY, agent="p", print=CANARY, state="taken", at=now,
        ),
        CommitmentRow(
            **ids, id=uuid.uuid4(), case_id=case.id, what="reship", state="owed", source="typed",
            due=now + timedelta(hours=1), **stamps,
        ),
        TranslationRow(
            **ids, shop=web.shop, kind="typed", ref=uuid.uuid4(), text_hash=CANARY, source=CANARY, language="en",
            state="ready", text=CANARY, **stamps,
        ),
        SpanRow(
            merchant=web.merchant, trace=draft.trace or "t", draft=draft.id, name="plan", at=now, seconds=0.1,
            detail={"order": CANARY},
        ),
    ]  # fmt: skip
    told = f"{CANARY}-platform_buyer_id-{buyer.id}".encode()
    async with web.store.merchant(web.merchant) as session:
        session.add_all(rows)
        await session.flush()
        session.add(
            GrantRow(**ids, shop=web.shop, reply=reply.id, by="p", day=now.date(), minor=100, currency="CNY",
                     state="offered", **stamps)
        )  # fmt: skip
        session.add(
            GrantRow(**ids, shop=web.shop, message=CANARY, by="", day=now.date(), minor=200, currency="CNY",
                     state="settled", **stamps)
        )  # fmt: skip
        await dead_letters.keep(
            session, web.parts.accounts.vault, (await _shop(session)), Delivery("POST", {}, {}, told, ""),
            "defect", now, now + timedelta(days=9),
        )  # fmt: skip
        await session.execute(
            text(
                "INSERT INTO flow.checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)"
                " VALUES (:draft, '', 'burst', '1', 'json', :blob)"
            ),
            {"draft": str(draft.id), "blob": CANARY.encode()},
        )
        await _soil(session, draft)
    return talk, draft


async def _shop(session: AsyncSession) -> ShopRow:
    return (await session.scalars(select(ShopRow))).one()


async def _soil(session: AsyncSession, draft: DraftRow) -> None:
    """The canary in every column of text that is not ours, and in every shape."""
    for name, table in _ABOUT.items():
        ours = {*_OURS[name].split(), "merchant", "id"}
        columns = [one.name for one in table.__table__.columns if isinstance(one.type, String) and one.name not in ours]
        sets = ", ".join(f"{column} = '{CANARY}-{column}-' || id" for column in columns)
        if name == "approvals":
            sets = sets.replace(f"option = '{CANARY}-option-' || id", "option = NULL")
        if name == "grants":
            sets = sets.replace(f"message = '{CANARY}-message-' || id", "message = message")
        if sets:
            await session.execute(text(f"UPDATE {name} SET {sets}"))
    assert draft.view is not None
    view = DraftView.model_validate(draft.view).model_copy(update={"text": CANARY}).model_dump(mode="json")
    body = Case(issue=Issue.DAMAGED, answered={"photo": CANARY}, offered=(Option(id="A", title=CANARY, action="x"),))
    row = (await session.scalars(select(DraftRow).where(DraftRow.id == draft.id))).one()
    row.view, row.composed, row.burst, row.candidates, row.escalation = view, view, [CANARY], [CANARY], {"to": CANARY}
    for one in await session.scalars(select(CaseRow)):
        one.body = body.model_dump(mode="json", exclude={"commitments"})
    for one in await session.scalars(select(MessageRow)):
        one.media = {"url": f"https://{CANARY}"}
        one.draft = {"id": str(draft.id), "decision": "accept", "order": {"id": CANARY, "why": "order_card"}}
    for one in await session.scalars(select(BuyerRow)):
        one.tags = one.told_tags = one.dropped_tags = [CANARY]
    for one in await session.scalars(select(ConversationRow)):
        one.tags = [CANARY]
    for one in await session.scalars(select(OrderRow)):
        one.buyer_key = f"{CANARY}-order_key-{(await session.scalars(select(BuyerRow.id))).one()}"
        one.body = {**one.body, "note": CANARY}


def _holds(url: str) -> list[str]:
    """The tables, of all our schemas, in which a canary stands; what the superuser of the server sees."""
    found: list[str] = []
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('app', 'jobs', 'flow')"
        ).fetchall()
        assert len(names) > 40
        for schema, name in names:
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, name)))
            if any(CANARY in row or CANARY.encode().hex() in row for (row,) in rows.fetchall()):
                found.append(f"{schema}.{name}")
    return sorted(found)


async def test_no_table_holds_anything_of_a_buyer_who_is_erased_and_the_figures_stay(
    web: Web, database_url: str
) -> None:
    talk, draft = await _filled(web)
    # The platform's names, as the columns hold them now.
    soiled = _holds(database_url)
    assert {name.removeprefix("app.") for name in soiled} >= {*_ABOUT, "orders", "spans", "translations"}
    assert "flow.checkpoint_blobs" in soiled
    rules = DraftView.model_validate(draft.view).verdict
    before = {name: len(await web.rows(table)) for name, table in _ABOUT.items()}
    await people.add_person(web.store, web.merchant, "owner", "Owner", Role.OWNER, "zh", PASSWORD, web.clock)
    owner, agent = await web.enter("owner"), await web.enter()

    assert (await agent.post(f"/api/conversations/{talk}/erase-buyer")).status_code == 403
    answer = await owner.post(f"/api/conversations/{talk}/erase-buyer")

    assert answer.status_code == 200, answer.text
    assert _holds(database_url) == []
    assert await web.rows(DeadLetterRow) == []
    assert {name: len(await web.rows(table)) for name, table in _ABOUT.items()} == before
    shown = {one.id: one for one in await web.rows(DraftRow)}[draft.id]
    left = DraftView.model_validate(shown.view)
    assert (shown.state, left.text, left.issues[0].issue) == ("expired", "", Issue.DAMAGED)
    assert [one.rule for one in left.verdict.findings] == [one.rule for one in rules.findings]
    assert [one.state for one in await web.rows(OutboxRow)] == ["failed"]
    assert [one.state for one in await web.rows(ApprovalRow)] == ["withdrawn"]
    given = sorted((one.state, one.minor) for one in await web.rows(GrantRow))
    assert given == [("released", 100), ("settled", 200)]
    assert [one.state for one in await web.rows(CommitmentRow)] == ["withdrawn"]
    assert {(one.state, one.resolved_by) for one in await web.rows(CaseRow)} == {("resolved", "erased")}
    assert [one.rejection for one in await web.rows(DecisionRow)] == [
        {"reason": "wrong_order", "issue": None, "fact": None, "note": None, "order": None, "without": []}
    ]
    (line,) = [one for one in await web.rows(AuditRow) if one.action == "buyer.erased"]
    assert line.detail["rows"]["messages"] == before["messages"]
    async with web.store.system() as session:
        refs = {str(one) for one in await session.scalars(select(TimerRow.ref))}
    assert not refs & {str(draft.id), str(talk)}
    # Nothing waits for anybody, and every page that shows it still opens.
    assert (await agent.get("/api/conversations?list=open")).json()["conversations"] == []
    for page in ("", "/cases", "/handover"):
        assert (await agent.get(f"/api/conversations/{talk}{page}")).status_code == 200, page
    for page in ("/api/cases?list=all", "/api/commitments?list=all", "/api/conversations?list=all"):
        assert (await agent.get(page)).status_code == 200, page
    await web.driver.draft_conversation(web.merchant, talk)
    assert len(await web.rows(DraftRow)) == before["drafts"]


async def test_a_buyer_who_writes_again_is_a_new_one_and_nobody_else_is_touched(web: Web) -> None:
    await web.broken_cups("c1")
    other, kept = await web.broken_cups("c2")
    assert await _erase(web, "b-c1") == 1
    with pytest.raises(NoSuchBuyer):
        await _erase(web, "b-c1")
    again = await web.buyer("你好", "c1")
    async with web.store.merchant(web.merchant) as session:
        assert await session.scalar(select(func.count()).select_from(ConversationRow)) == 3
        assert (await session.scalars(select(DraftRow.text).where(DraftRow.id == kept.id))).one() == kept.text
        words = set(await session.scalars(select(MessageRow.text).where(MessageRow.conversation == other)))
    assert "收到碎了两个!!包装也太随便了吧" in words
    assert again != other


async def test_nothing_is_erased_while_a_reply_is_being_sent(web: Web) -> None:
    talk, _ = await web.broken_cups("c1")
    async with web.store.merchant(web.merchant) as session:
        now = web.clock.now()
        session.add(
            OutboxRow(
                merchant=web.merchant, shop=web.shop, conversation=talk, source_kind="typed", source_id=uuid.uuid4(),
                text="好的", state="sending", created_at=now, updated_at=now,
            )
        )  # fmt: skip
    with pytest.raises(ReplyLeaving):
        await _erase(web, "b-c1")
    assert "收到碎了两个!!包装也太随便了吧" in {one.text for one in await web.rows(MessageRow)}


async def _erase(web: Web, buyer: str) -> int:
    async with web.store.merchant(web.merchant) as session:
        done = await erase_buyer(
            session, web.parts.accounts.vault, merchant=web.merchant, shop=web.shop, buyer=buyer, by="p",
            now=web.clock.now(), keep=keep_outcomes,
        )  # fmt: skip
    return len(done.conversations)
