"""Pictures and cards that a person sends: what the platform takes, once, and never another buyer's order."""

import uuid
from typing import Any

import httpx
import pytest

from copilot.assets import policy_folders
from copilot.channel.outbox import Outbox
from copilot.flow.judging import text_hash
from copilot.sdk import (
    Account,
    CardKind,
    CardRefused,
    CardReply,
    FileReply,
    FoundBuyer,
    OutcomeUnknown,
    Receipt,
    Reply,
    SendRefused,
)
from copilot.sdk.testing.page import picture
from copilot.store.tables import AuditRow, MessageRow, OutboxRow, SendableRow
from tests.web.conftest import ORDER, Web, cups

PNG = {"Content-Type": "image/png"}


class Window:
    """What arrives on the platform; ``ends`` are raised by the next calls."""

    def __init__(self, web: Web) -> None:
        self.got: list[FileReply | CardReply] = []
        self.written: list[str] = []
        self.ends: list[Exception] = []
        self.marked: list[str] = []
        able: Any = web.adapter
        able.send_image = able.send_card = self.take
        able.card_kinds = frozenset({CardKind.PRODUCT, CardKind.ORDER, CardKind.RETURN})
        able.mark_read, able.send = self.mark, self.write
        self.outbox = Outbox(web.store, web.parts.accounts, web.clock, policy_folders())

    async def take(self, account: Account, reply: FileReply | CardReply, key: str) -> Receipt:
        del account, key
        if self.ends:
            raise self.ends.pop(0)
        self.got.append(reply)
        return Receipt(message_id=f"p{len(self.got)}")

    async def write(self, account: Account, reply: Reply, key: str) -> Receipt:
        del account, key
        self.written.append(reply.text)
        return Receipt(message_id=f"t{len(self.written)}")

    async def mark(self, account: Account, conversation: str) -> None:
        del account
        self.marked.append(conversation)


async def post(agent: httpx.AsyncClient, talk: uuid.UUID, id: uuid.UUID, body: bytes | None = None) -> httpx.Response:
    content = picture() if body is None else body
    path = f"/api/conversations/{talk}/files/{id}"
    return await agent.put(path, params={"name": 'a/b"c.png'}, content=content, headers=PNG)


@pytest.mark.feature("F045")
async def test_a_picture_leaves_once_and_its_bytes_go(web: Web) -> None:
    window, talk, id = Window(web), await web.buyer("给我看看"), uuid.uuid4()
    agent = await web.enter()
    takes = (await agent.get(f"/api/conversations/{talk}/sendables")).json()
    assert takes == {"files": ["image"], "cards": ["product", "order", "return"]}
    first, again = await post(agent, talk, id), await post(agent, talk, id)
    assert [one.status_code for one in (first, again)] == [202, 202], first.text
    for _ in range(2):
        await window.outbox.send(web.merchant, id)
    (file,) = window.got
    assert isinstance(file, FileReply)
    assert (file.body, file.content_type, file.name, file.conversation) == (picture(), "image/png", "abc.png", "c1")
    (reply,), (kept,) = await web.rows(OutboxRow), await web.rows(SendableRow)
    assert (reply.state, reply.text, reply.sendable, kept.body) == ("sent", "", "image", None)
    message = next(one for one in await web.rows(MessageRow) if one.platform_message_id == "p1")
    assert (message.role, message.kind, message.text) == ("agent", "image", "")
    assert [one.action for one in await web.rows(AuditRow) if one.action.startswith("reply.")] == ["reply.image"]
    assert window.marked == ["c1"], "what was answered was read"


async def test_a_card_shows_what_it_says(web: Web) -> None:
    window = Window(web)
    web.adapter.buyers["c1"] = FoundBuyer(order_key="key-c1", orders=(cups(),))
    talk = await web.buyer("我的订单呢")
    agent = await web.enter()
    await agent.post(f"/api/conversations/{talk}/lookup")
    for card, ref, item in (("product", "7001", None), ("order", ORDER, None), ("return", ORDER, "p1")):
        given = {"id": str(uuid.uuid4()), "card": card, "ref": ref, "item": item}
        answer = await agent.post(f"/api/conversations/{talk}/cards", json=given)
        assert answer.status_code == 202, answer.text
        await window.outbox.send(web.merchant, uuid.UUID(given["id"]))
    assert [(one.kind.value, one.ref, one.item) for one in window.got if isinstance(one, CardReply)] == [
        ("product", "7001", None),
        ("order", ORDER, None),
        ("return", ORDER, "p1"),
    ]
    sent = sorted(
        (one.kind, one.product_id or one.order_id) for one in await web.rows(MessageRow) if one.role == "agent"
    )
    assert sent == [("order_card", ORDER), ("product_card", "7001"), ("return_card", ORDER)]


async def test_what_cannot_be_sent_is_refused_before_it_is_queued(web: Web) -> None:
    Window(web)
    talk = await web.buyer("在吗")
    agent = await web.enter()
    wrong = [
        await post(agent, talk, uuid.uuid4(), b"<svg xmlns='x'/>"),
        await post(agent, talk, uuid.uuid4(), b""),
        *[
            await agent.post(
                f"/api/conversations/{talk}/cards", json={"id": str(uuid.uuid4()), "card": card, "ref": ref}
            )
            for card, ref in (("order", "of-somebody-else"), ("coupon", "1"), ("product", ""), ("product", "a\x00b"))
        ],
        await agent.post(
            f"/api/conversations/{talk}/cards",
            json={"id": str(uuid.uuid4()), "card": "return", "ref": "of-somebody-else"},
        ),
    ]
    codes = [(one.status_code, one.json()["error"]["code"]) for one in wrong]
    assert codes == [(422, "bad_input")] * 3 + [(422, "unsupported")] + [(422, "bad_input")] * 3
    large = await post(agent, talk, uuid.uuid4(), b"\x89PNG\r\n\x1a\n" + b"x" * (10 * 1024 * 1024))
    assert large.status_code == 413
    assert await web.rows(OutboxRow) == []


async def test_a_card_that_is_not_shown_becomes_the_words_that_were_approved_for_that(web: Web) -> None:
    window, talk, agent = Window(web), await web.buyer("有券吗"), await web.enter()
    path = f"/api/conversations/{talk}/cards"
    for words in ("退您20元", "我马上给您补发一个"):
        given = {"id": str(uuid.uuid4()), "card": "product", "ref": "7001", "words": words}
        assert (await agent.post(path, json=given)).status_code == 422, f"{words} gives something: it is a reply"
    assert await web.rows(OutboxRow) == []
    for words, states in ((None, ["failed"]), ("商品编号是7001，您搜一下就能看到。", ["queued", "sent"])):
        window.ends.append(CardRefused("not here"))
        id = uuid.uuid4()
        given = {"id": str(id), "card": "product", "ref": "7001", "words": words}
        for _ in range(2):
            answer = await agent.post(path, json=given)
            assert answer.status_code == 202, answer.text
        found: list[str] = []
        for _ in states:
            await window.outbox.send(web.merchant, id)
            row = next(one for one in await web.rows(OutboxRow) if one.id == id)
            found.append(row.state)
        assert found == states
    assert (window.written, window.got) == (["商品编号是7001，您搜一下就能看到。"], [])
    refused, worded = sorted(await web.rows(OutboxRow), key=lambda one: one.position)
    assert (refused.error, refused.sendable, refused.text) == ("card_refused", "product", "")
    assert (worded.error, worded.sendable, worded.attempts) == (None, None, 1), "it is the text that went out"
    assert [one.words for one in await web.rows(SendableRow)] == [None, None], "they stand in the reply alone"
    said = [(one.kind, one.text) for one in await web.rows(MessageRow) if one.role == "agent"]
    assert said == [("text", "商品编号是7001，您搜一下就能看到。")]
    noted = [one.detail for one in await web.rows(AuditRow) if one.action == "reply.product"]
    assert noted == [None, {"words_hash": text_hash("商品编号是7001，您搜一下就能看到。")}]


async def test_an_unknown_outcome_is_left_to_a_person_and_a_refusal_says_so(web: Web) -> None:
    window, talk, agent = Window(web), await web.buyer("给我看看"), await web.enter()
    states: list[tuple[str, str | None]] = []
    for end in (OutcomeUnknown("cut"), SendRefused("no picture")):
        window.ends.append(end)
        id = uuid.uuid4()
        assert (await post(agent, talk, id)).status_code == 202
        for _ in range(3):
            web.clock.advance(60)
            await window.outbox.send(web.merchant, id)
        row = next(one for one in await web.rows(OutboxRow) if one.id == id)
        states.append((row.state, row.error))
    assert states == [("unconfirmed", "outcome_unknown"), ("failed", "send_refused")]
    bodies = {one.id: one.body for one in await web.rows(SendableRow)}
    kept = [bodies[row.id] is not None for row in sorted(await web.rows(OutboxRow), key=lambda row: row.position)]
    assert kept == [True, False], "what may have arrived may be needed again"
    assert window.got == [], "one picture looks like another: it is not sent again"
    shown = (await agent.get(f"/api/conversations/{talk}")).json()["replies"]
    assert [(one["sendable"], one["text"]) for one in shown] == [("image", ""), ("image", "")]
