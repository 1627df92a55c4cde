"""What acceptance is counted of: texts that were on screen, what was made of them, and what was put right."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from copilot.access import people
from copilot.access.principal import Role
from copilot.store.tables import (
    ConversationRow,
    DecisionRow,
    DraftRow,
    MessageRow,
    OutboxRow,
    PersonRow,
    ReceptionRow,
    ShopRow,
    SightRow,
)
from tests.web.conftest import PASSWORD, Web
from tests.web.test_acting import shown


def swapped(text: str, one: str, other: str) -> str:
    """``text`` with two of its pieces in each other's place."""
    assert one in text, text
    assert other in text, text
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


CHANGES: list[tuple[Callable[[str], str], str]] = [
    (lambda text: text, "verbatim"),
    (lambda text: f"{text}谢谢您的耐心。", "surface"),
    # The same amount in other words.
    (lambda text: text.replace("退您29.95元", "退您¥29.95"), "surface"),
    (lambda text: text.replace("29.95", "20"), "substance"),
    (lambda text: text.replace("明天18点前", "后天18点前"), "substance"),
    (lambda text: text[: text.index("B ")] + "您看可以吗?", "substance"),
    (lambda text: f"{text}今天20点前给您答复。", "substance"),
    # The same claims, each said of the other option.
    (lambda text: swapped(text, "明天18点前发出", "退您29.95元"), "substance"),
]
"""What is done to a draft of two options, and what that is."""


def sight(draft: DraftRow, **more: Any) -> dict[str, Any]:
    """That the draft's text is on screen."""
    return {"revision": draft.revision, "text_hash": draft.text_hash, "typed": False, **more}


async def see(client: httpx.AsyncClient, draft: DraftRow, **more: Any) -> None:
    """The page tells it."""
    answer = await client.post(f"/api/drafts/{draft.id}/sight", json=sight(draft, **more))
    assert answer.status_code == 204, answer.text


async def test_the_first_sight_of_a_text_is_kept_with_what_the_text_was(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    await see(agent, draft)
    first = web.clock.now()
    web.clock.advance(60)
    await see(agent, draft, typed=True)
    (row,) = await web.rows(SightRow)
    assert (row.typed, row.at, row.late, row.issue) == (False, first, False, "damaged")
    assert draft.shown_at is not None
    assert draft.deadline_at is not None
    assert draft.shown_at < draft.deadline_at


async def _people(web: Web) -> dict[str, tuple[httpx.AsyncClient, str]]:
    """Who may open a conversation, with their ids."""
    for login, role in (("second", Role.AGENT), ("senior", Role.SUPERVISOR)):
        await people.add_person(web.store, web.merchant, login, login.title(), role, "zh", PASSWORD, web.clock)
    entered = [(login, await web.enter(login)) for login in ("agent", "second", "senior")]
    return {login: (client, (await client.get("/api/me")).json()["person"]["id"]) for login, client in entered}


async def test_a_text_is_seen_by_whoever_answers_and_not_by_who_looks_on(web: Web) -> None:
    talk, draft = await web.broken_cups()
    known = await _people(web)
    (agent, me), (second, other), (senior, _) = (known[name] for name in ("agent", "second", "senior"))
    # While it is with nobody, an agent who looks at it could take it by answering; who stands above them just looks.
    await see(senior, draft)
    await see(await web.machine(), draft)
    await see(await web.machine(Role.AGENT, "another"), draft)
    assert await web.rows(SightRow) == []
    assert (await agent.post(f"/api/conversations/{talk}/take")).status_code == 200
    for client in (second, senior):
        await see(client, draft)
    assert await web.rows(SightRow) == []
    await see(agent, draft)
    given = await senior.post(f"/api/conversations/{talk}/give", json={"to": other, "holder": me})
    assert given.status_code == 200
    await see(second, draft)
    assert {row.by for row in await web.rows(SightRow)} == {me, other}
    # To look at it moved nobody's conversation.
    (row,) = await web.rows(ConversationRow)
    assert str(row.assignee) == other


async def test_where_the_platform_gives_out_or_nobody_is_below_them_it_is_seen_by_whoever_answers(web: Web) -> None:
    _, draft = await web.broken_cups()
    known = await _people(web)
    (agent, _), (second, other), (senior, above) = (known[name] for name in ("agent", "second", "senior"))
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(ShopRow).values(settings={"queue": {"by": "platform"}}))
        await session.execute(update(ConversationRow).values(platform_agent="kf-2"))
        session.add(
            ReceptionRow(merchant=web.merchant, id=uuid.UUID(other), platform_name="kf-2", updated_at=web.clock.now())
        )
    for client in (agent, senior, second):
        await see(client, draft)
    assert {row.by for row in await web.rows(SightRow)} == {other}
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(ConversationRow).values(platform_agent=None))
        await session.execute(update(PersonRow).where(PersonRow.role == Role.AGENT).values(active=False))
    await see(senior, draft)
    assert {row.by for row in await web.rows(SightRow)} == {other, above}


async def test_a_text_that_is_not_there_any_more_was_not_seen(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent = await web.enter()
    await see(agent, draft, revision=2)
    await see(agent, draft, text_hash="0" * 64)
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(DraftRow).values(state="superseded"))
    await see(agent, draft)
    assert await web.rows(SightRow) == []


@pytest.mark.parametrize(("change", "made"), CHANGES)
async def test_an_edit_is_told_by_what_it_states_and_not_by_its_length(
    web: Web, change: Callable[[str], str], made: str
) -> None:
    _, draft = await web.broken_cups()
    assert draft.text is not None
    text = change(draft.text)
    assert (text == draft.text) == (made == "verbatim"), draft.text
    agent = await web.enter()
    url = f"/api/drafts/{draft.id}/decision"
    answer = await agent.post(url, json=shown(draft, "edit", text=text, waited_ms=2000))
    if answer.status_code == 422:
        vouch = answer.json()["error"]["needs_vouching"]
        answer = await agent.post(url, json=shown(draft, "edit", text=text, vouch=vouch, waited_ms=2000))
    assert answer.status_code == 200, answer.text
    (decision,) = await web.rows(DecisionRow)
    assert (decision.edit_class, decision.waited_ms) == (made, 2000)


async def test_what_is_accepted_is_verbatim_and_what_is_rejected_is_nothing(web: Web) -> None:
    agent = await web.enter()
    for number, (kind, made) in enumerate((("accept", "verbatim"), ("ignore", None)), 1):
        _, draft = await web.broken_cups(f"c{number}")
        answer = await agent.post(f"/api/drafts/{draft.id}/decision", json=shown(draft, kind))
        assert answer.status_code == 200, answer.text
        (row,) = [one for one in await web.rows(DecisionRow) if one.draft == draft.id]
        assert row.edit_class == made


async def test_a_correction_names_the_message_that_it_puts_right(web: Web) -> None:
    talk, _ = await web.broken_cups()
    agent = await web.enter()
    async with web.store.merchant(web.merchant) as session:
        theirs = await session.scalar(select(MessageRow.id))
        ours = uuid.uuid4()
        session.add(
            MessageRow(
                merchant=web.merchant, id=ours, conversation=talk, platform_message_id="a1", role="agent", kind="text",
                text="好的", sent_by="assisted", sent_at=web.clock.now(), received_at=web.clock.now(),
            )
        )  # fmt: skip
    body = {"id": str(uuid.uuid4()), "text": "更正一下,刚才说错了。"}
    for wrong in (theirs, uuid.uuid4()):
        answer = await agent.post(f"/api/conversations/{talk}/replies", json={**body, "corrects": str(wrong)})
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, "corrects")
    answer = await agent.post(f"/api/conversations/{talk}/replies", json={**body, "corrects": str(ours)})
    assert answer.status_code == 202, answer.text
    assert [row.corrects for row in await web.rows(OutboxRow)] == [ours]
