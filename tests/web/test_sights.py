"""What acceptance is counted of: texts that were on screen, what was made of them, and what was put right."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from copilot.store.tables import DecisionRow, DraftRow, MessageRow, OutboxRow, SightRow
from tests.web.conftest import Web
from tests.web.test_acting import shown

CHANGES: list[tuple[Callable[[str], str], str]] = [
    (lambda text: text, "verbatim"),
    (lambda text: f"{text}谢谢您的耐心。", "surface"),
    # The same amount in other words.
    (lambda text: text.replace("退您29.95元", "退您¥29.95"), "surface"),
    (lambda text: text.replace("29.95", "20"), "substance"),
    (lambda text: text.replace("明天18点前", "后天18点前"), "substance"),
    (lambda text: text[: text.index("B ")] + "您看可以吗?", "substance"),
    (lambda text: f"{text}今天20点前给您答复。", "substance"),
]
"""What is done to a draft of two options, and what that is."""


def sight(draft: DraftRow, **more: Any) -> dict[str, Any]:
    """That the draft's text is on screen."""
    return {"revision": draft.revision, "text_hash": draft.text_hash, "typed": False, **more}


async def see(client: httpx.AsyncClient, draft: DraftRow, **more: Any) -> None:
    """The page tells it."""
    answer = await client.post(f"/api/drafts/{draft.id}/sight", json=sight(draft, **more))
    assert answer.status_code == 204, answer.text


async def test_the_first_sight_of_a_text_is_kept_for_each_person(web: Web) -> None:
    _, draft = await web.broken_cups()
    agent, machine = await web.enter(), await web.machine()
    await see(agent, draft)
    first = web.clock.now()
    web.clock.advance(60)
    await see(agent, draft, typed=True)
    await see(machine, draft, typed=True)
    rows = sorted(await web.rows(SightRow), key=lambda row: row.at)
    assert [(row.typed, row.at == first) for row in rows] == [(False, True), (True, False)]
    assert draft.shown_at is not None
    assert draft.deadline_at is not None
    assert draft.shown_at < draft.deadline_at


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
