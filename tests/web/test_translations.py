"""Reading in one's own language, and typing in it: from the request to the rows."""

import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from copilot.flow.judging import text_hash
from copilot.store.tables import DraftRow, MessageRow, OutboxRow, TranslationRow
from copilot.web.app import make_app
from tests.web.conftest import Web

EN = "hi, where is my parcel? it never arrived"
SOURCE = "您好,请在这里告诉我们您的想法。"
TARGET = "Hello, please tell us here what you think."


def with_model(web: Web) -> None:
    """The same application where a model is set; the worker that would ask it is not running."""
    settings = web.parts.settings.model_copy(update={"model": "openai/made-up"})
    web.app = make_app(replace(web.parts, settings=settings))


async def keep(web: Web, talk: uuid.UUID, kind: str, ref: uuid.UUID, of: str, state: str, text: str | None) -> None:
    now = web.clock.now()
    async with web.store.merchant(web.merchant) as session:
        session.add(
            TranslationRow(
                merchant=web.merchant, id=uuid.uuid4(), shop=web.shop, conversation=talk, kind=kind, ref=ref,
                text_hash=text_hash(of), source_language="en", language="zh", state=state, text=text,
                differing=["amount"] if state == "differs" else [], created_at=now, updated_at=now,
            )
        )  # fmt: skip


async def thread(agent: httpx.AsyncClient, talk: uuid.UUID) -> dict[str, Any]:
    answer = await agent.get(f"/api/conversations/{talk}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_without_a_model_the_card_and_the_message_say_so(web: Web) -> None:
    talk = await web.buyer(EN)
    await web.draft(talk)
    found = await thread(await web.enter(), talk)
    assert found["card"]["translation"]["state"] == "no_model"
    assert "没有配置模型" in found["card"]["translation"]["state_text"]
    assert found["messages"][0]["translation"]["state"] == "no_model"


async def test_what_is_in_the_readers_language_has_no_translation(web: Web) -> None:
    talk, _ = await web.broken_cups()
    found = await thread(await web.enter(), talk)
    assert found["card"]["translation"] is None
    assert {one["translation"] for one in found["messages"]} == {None}


@pytest.mark.feature("F065")
async def test_the_agent_reads_draft_and_history_in_their_language(web: Web) -> None:
    with_model(web)
    talk = await web.buyer(EN)
    draft = await web.draft(talk)
    agent = await web.enter()
    found = await thread(agent, talk)
    assert (found["card"]["translation"]["state"], found["messages"][0]["translation"]["state"]) == ("pending",) * 2
    (message,) = await web.rows(MessageRow)
    await keep(web, talk, "message", message.id, message.text, "ready", "您好,我的包裹在哪?一直没到")
    await keep(web, talk, "draft", draft.id, draft.text or "", "ready", "译好的草稿")
    found = await thread(agent, talk)
    assert found["messages"][0]["translation"]["text"] == "您好,我的包裹在哪?一直没到"
    assert found["card"]["translation"] == {
        "state": "ready", "language": "zh", "text": "译好的草稿", "state_text": "译文", "differing": [],
    }  # fmt: skip


async def test_a_translation_of_other_words_is_never_shown(web: Web) -> None:
    with_model(web)
    talk = await web.buyer(EN)
    draft = await web.draft(talk)
    await keep(web, talk, "draft", draft.id, "the words before", "ready", "以前的话")
    found = await thread(await web.enter(), talk)
    assert (found["card"]["translation"]["state"], found["card"]["translation"]["text"]) == ("pending", None)


async def test_a_refused_translation_says_what_was_wrong(web: Web) -> None:
    with_model(web)
    talk = await web.buyer(EN)
    draft = await web.draft(talk)
    await keep(web, talk, "draft", draft.id, draft.text or "", "differs", None)
    found = (await thread(await web.enter(), talk))["card"]["translation"]
    assert (found["state"], found["text"]) == ("differs", None)
    assert "金额" in found["state_text"]


@pytest.mark.feature("F066")
async def test_what_machines_translate_badly_is_marked_before_it_is_translated(web: Web) -> None:
    talk = await web.buyer(EN)
    agent = await web.enter()
    text = "亲亲,木有货了哦,yyds"
    asked = await agent.post("/api/translations", json={"conversation": str(talk), "text": text})
    assert asked.status_code == 202, asked.text
    assert (asked.json()["state"], asked.json()["id"]) == ("no_model", None)
    found = [one for one in asked.json()["verdict"]["findings"] if one["rule"] == "translation.slang"]
    assert {one["text"] for one in found} & {"木有", "yyds"}
    assert all(one["severity"] != "block" and one["suggestion"] for one in found)
    # Text that nobody translates is not reproached with it.
    plain = await agent.post("/api/check", json={"conversation": str(talk), "text": text})
    assert "translation.slang" not in {one["rule"] for one in plain.json()["verdict"]["findings"]}
    marked = await agent.post("/api/check", json={"conversation": str(talk), "text": text, "translated": True})
    assert "translation.slang" in {one["rule"] for one in marked.json()["verdict"]["findings"]}


async def test_typed_text_is_translated_by_a_worker_and_read_by_its_writer_alone(web: Web) -> None:
    with_model(web)
    talk = await web.buyer(EN)
    agent = await web.enter()
    asked = await agent.post("/api/translations", json={"conversation": str(talk), "text": SOURCE})
    told = asked.json()
    assert (asked.status_code, told["state"], told["source_language"], told["language"]) == (202, "pending", "zh", "en")
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(TranslationRow).values(state="ready", text=TARGET))
    found = (await agent.get(f"/api/translations/{told['id']}")).json()
    assert (found["state"], found["text"], found["source"]) == ("ready", TARGET, SOURCE)
    assert found["verdict"]["decision"] == "pass"
    assert (await (await web.enter("stranger")).get(f"/api/translations/{told['id']}")).status_code == 404


async def test_text_in_the_buyers_language_needs_no_translation(web: Web) -> None:
    talk = await web.buyer(EN)
    asked = await (await web.enter()).post("/api/translations", json={"conversation": str(talk), "text": TARGET})
    assert asked.status_code == 422


@pytest.mark.feature("F065")
async def test_both_texts_of_a_reply_are_approved_and_kept_and_the_target_is_sent(web: Web) -> None:
    talk = await web.buyer(EN)
    agent = await web.enter()
    body = {"id": str(uuid.uuid4()), "text": TARGET, "source": SOURCE}
    answer = await agent.post(f"/api/conversations/{talk}/replies", json=body)
    assert answer.status_code == 202, answer.text
    (reply,) = await web.rows(OutboxRow)
    assert (reply.text, reply.source, reply.source_language) == (TARGET, SOURCE, "zh")
    again = await agent.post(f"/api/conversations/{talk}/replies", json=body)
    assert (again.status_code, len(await web.rows(OutboxRow))) == (202, 1)


@pytest.mark.parametrize(
    ("source", "text", "code", "differing"),
    [
        ("退您29.95元。", "We refund you ¥39.95.", "translation_differs", ["amount"]),
        ("请在这里告诉我们。", "Please tell us here. You get a free gift.", "translation_differs", ["offer"]),
        ("请加我微信vx88123详聊。", "Please tell us here.", "text_blocked", None),
        ("请在这里告诉我们。", "Please tell us here or add me, wechat vx88123.", "translation_differs", None),
        ("48小时内给您答复。", "We get back to you within 48 hours.", "needs_vouching", None),
        ("48小时内给您退款。", "We refund you within 48 hours.", "text_blocked", None),
    ],
)
async def test_a_pair_that_may_not_leave_is_refused(
    web: Web, source: str, text: str, code: str, differing: list[str] | None
) -> None:
    talk = await web.buyer(EN)
    body = {"id": str(uuid.uuid4()), "text": text, "source": source}
    answer = await (await web.enter()).post(f"/api/conversations/{talk}/replies", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code), answer.text
    if differing is not None:
        assert set(differing) <= set(answer.json()["error"]["differing"])
    assert await web.rows(OutboxRow) == []


async def test_an_edit_in_two_languages_leaves_with_both(web: Web) -> None:
    talk = await web.buyer(EN)
    draft = await web.draft(talk)
    assert draft.state == "proposed"
    body = {
        "revision": draft.revision, "text_hash": draft.text_hash, "kind": "edit", "text": TARGET, "source": SOURCE,
    }  # fmt: skip
    answer = await (await web.enter()).post(f"/api/drafts/{draft.id}/decision", json=body)
    assert answer.status_code == 200, answer.text
    (row,) = await web.rows(DraftRow)
    assert (row.text, row.view["readings"]) == (TARGET, {"zh": SOURCE})
    (reply,) = await web.rows(OutboxRow)
    assert (reply.text, reply.source, reply.source_language) == (TARGET, SOURCE, "zh")
