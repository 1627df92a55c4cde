"""The adapter against the emulator, over real sockets."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from copilot_adapter_tiktok_shop.client import Client
from pydantic import SecretStr

from copilot.domain.message import Message, Role, SentBy
from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind, Item, Order, OrderStatus, Shipment, TrackingEvent
from copilot.sdk import (
    AdapterError,
    CardKind,
    CardRefused,
    CardReply,
    History,
    Malformed,
    NotAuthorized,
    Orders,
    OutcomeUnknown,
    PlatformDown,
    Refreshing,
    SendRefused,
    Throttled,
    TokenExpired,
    Webhook,
    Who,
    WindowClosed,
)
from copilot.sdk.testing.chats import stable_id

from .conftest import Stage

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def an_order(number: str, days_ago: int = 1, **changed: object) -> Order:
    usd = Money(amount="19.90", currency="USD")
    order = Order(
        id=number,
        status=OrderStatus.TO_SHIP,
        created_at=NOON - timedelta(days=days_ago),
        total=usd,
        items=(Item(product_id="p1", name="Mug", sku="Blue", price=usd),),
    )
    return order.model_copy(update=changed)


def two_parcels() -> Order:
    usd = Money(amount="19.90", currency="USD")
    return an_order(
        "100001",
        status=OrderStatus.SHIPPED,
        items=(
            Item(product_id="p1", name="Mug", sku="Blue", price=usd),
            Item(product_id="p2", name="Bowl", sku="Red", price=usd),
        ),
        shipments=tuple(Shipment(carrier="USPS", tracking_no=f"9400{number}") for number in (1, 2)),
    )


def test_it_can_do_what_the_core_looks_for(stage: Stage) -> None:
    for capability in (Webhook, Orders, History, Refreshing):
        assert isinstance(stage.adapter, capability)


async def test_a_reply_arrives_as_it_was_written(stage: Stage) -> None:
    text = '您好 "quoted" \\ 😀\nsecond line & <b>'
    receipt = await stage.adapter.send(stage.account, stage.reply(text), "key")
    line = stage.platform.thread("robin")[-1]
    assert (line.id, line.text, line.role) == (receipt.message_id, text, "agent")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("throttle", Throttled),
        ("server_error", OutcomeUnknown),
        ("refuse", SendRefused),
        ("window_closed", WindowClosed),
        ("token_expired", TokenExpired),
    ],
)
async def test_a_send_that_fails_says_why_and_leaves_nothing(
    stage: Stage, fault: str, error: type[AdapterError]
) -> None:
    setattr(stage.platform.faults, fault, 1)
    with pytest.raises(error) as raised:
        await stage.adapter.send(stage.account, stage.reply("a very private sentence"), "key")
    assert type(raised.value) is error
    assert "private" not in str(raised.value)
    assert stage.platform.thread("robin") == []


async def test_a_cut_connection_leaves_the_outcome_open_and_history_tells_it(stage: Stage) -> None:
    stage.platform.faults.cut_after_accepting = 1
    with pytest.raises(OutcomeUnknown):
        await stage.adapter.send(stage.account, stage.reply("Hello"), "key")
    found = await stage.adapter.sent_since(stage.account, stage.conversation("robin"), NOON)
    assert [one.text for one in found] == ["Hello"]


async def test_a_platform_that_nobody_answers_for_is_down_and_not_unknown(stage: Stage) -> None:
    nowhere = stage.with_settings(api_url="http://127.0.0.1:9")
    with pytest.raises(PlatformDown):
        await stage.adapter.send(nowhere, stage.reply("Hello"), "key")


async def test_throttling_says_how_long_to_wait(stage: Stage) -> None:
    stage.platform.faults.throttle = 1
    stage.platform.faults.retry_after = 7.5
    with pytest.raises(Throttled) as raised:
        await stage.adapter.order(stage.account, "1")
    assert raised.value.retry_after == 7.5


async def test_a_text_beyond_the_limit_is_refused_and_not_sent(stage: Stage) -> None:
    with pytest.raises(AdapterError):
        await stage.adapter.send(stage.account, stage.reply("x" * 2001), "key")
    assert stage.platform.thread("robin") == []
    await stage.adapter.send(stage.account, stage.reply("x" * 2000), "key")


async def test_an_id_cannot_lead_a_call_elsewhere(stage: Stage) -> None:
    reply = stage.reply("Hello").model_copy(update={"conversation": "../../event"})
    with pytest.raises(Malformed):
        await stage.adapter.send(stage.account, reply, "key")


async def test_history_reads_all_pages_and_only_the_shops_side(stage: Stage) -> None:
    await stage.platform.colleague_says("robin", "too early")
    stage.clock.advance(60)
    since = stage.clock.now()
    for number in range(23):
        await stage.platform.say("robin", f"question {number}")
        await stage.platform.colleague_says("robin", f"answer {number}")
        stage.clock.advance(1)
    thread = stage.platform.chats.of_shopper("robin")
    stage.platform.chats.post(thread, Message(role=Role.AGENT, text="automatic", sent_by=SentBy.AUTO))
    found = await stage.adapter.sent_since(stage.account, thread.id, since)
    assert [one.text for one in found] == [*(f"answer {number}" for number in range(23)), "automatic"]
    assert [one.sequence for one in found] == sorted(one.sequence or 0 for one in found)


async def test_a_send_within_the_second_of_the_attempt_is_found(stage: Stage) -> None:
    stage.clock.advance(0.7)
    attempt = stage.clock.now()
    await stage.platform.colleague_says("robin", "Hello")
    found = await stage.adapter.sent_since(stage.account, stage.conversation("robin"), attempt)
    assert [one.text for one in found] == ["Hello"]


async def test_a_buyer_is_found_through_the_conversation_with_their_orders_only(stage: Stage) -> None:
    stage.platform.add_order(an_order("100001", 3), "robin")
    stage.platform.add_order(an_order("100002", 1), "robin")
    stage.platform.add_order(an_order("200001"), "kim")
    found = await stage.adapter.buyer(stage.account, Who(conversation=stage.conversation("robin")))
    assert [one.order.id for one in found.orders] == ["100002", "100001"]
    assert {one.buyer_key for one in found.orders} == {found.order_key}
    assert found.nickname == "Robin"


async def test_an_order_that_the_chat_names_is_no_way_to_another_buyers_order(stage: Stage) -> None:
    stage.platform.add_order(an_order("200001"), "kim")
    who = Who(conversation=stage.conversation("robin"), orders=("200001",))
    assert (await stage.adapter.buyer(stage.account, who)).orders == ()


async def test_an_old_order_that_the_chat_names_is_found_behind_the_recent_ones(stage: Stage) -> None:
    for number in range(25):
        stage.platform.add_order(an_order(str(100001 + number), 60 - number), "robin")
    who = Who(conversation=stage.conversation("robin"), orders=("100001", "100001"))
    found = [one.order.id for one in (await stage.adapter.buyer(stage.account, who)).orders]
    assert len(found) == 21
    assert found[0] == "100025"
    assert found[-1] == "100001"


async def test_a_known_key_needs_no_conversation(stage: Stage) -> None:
    stage.platform.add_order(an_order("100001"), "robin")
    first = await stage.adapter.buyer(stage.account, Who(conversation=stage.conversation("robin")))
    again = await stage.adapter.buyer(stage.account, Who(conversation="999", order_key=first.order_key))
    assert again.orders == first.orders


async def test_an_order_comes_with_parcel_scans_and_requests(stage: Stage) -> None:
    usd = Money(amount="19.90", currency="USD")
    scans = tuple(TrackingEvent(at=NOON - timedelta(hours=hour), text=f"scan {hour}") for hour in (9, 5, 1))
    parcel = Shipment(
        carrier="USPS", tracking_no="94001", status="in_transit", eta=NOON + timedelta(days=2), events=scans
    )
    request = AfterSale(
        id="4035", kind=AfterSaleKind.RETURN, status="requested", amount=usd, deadline=NOON + timedelta(days=2)
    )
    placed = an_order("100001", status=OrderStatus.SHIPPED, shipments=(parcel,), after_sales=(request,))
    stage.platform.add_order(placed, "robin")
    found = await stage.adapter.order(stage.account, " 100001 ")
    assert found is not None
    assert found.order == placed


@pytest.mark.parametrize(
    ("card", "item", "content"),
    [
        (CardKind.PRODUCT, None, {"product_id": "100001"}),
        (CardKind.COUPON, None, {"coupon_id": "100001"}),
        (CardKind.ORDER, None, {"order_id": "100001"}),
        (CardKind.LOGISTICS, None, {"order_id": "100001"}),
        (CardKind.LOGISTICS, "94002", {"order_id": "100001", "package_id": stable_id("package", "100001", "1")}),
        (CardKind.RETURN, "p2", {"order_id": "100001", "sku_id": stable_id("sku", "p2", "Red")}),
    ],
)
async def test_a_card_names_what_it_shows(
    stage: Stage, card: CardKind, item: str | None, content: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    call = Client.call

    async def watched(client: Client, method: str, path: str, query: Any, body: Any, **more: Any) -> Any:
        sent.append(body)
        return await call(client, method, path, query, body, **more)

    monkeypatch.setattr(Client, "call", watched)
    stage.platform.add_order(two_parcels(), "robin")
    reply = CardReply(
        shop=stage.platform.shop_id, conversation=stage.conversation("robin"), kind=card, ref="100001", item=item
    )
    receipt = await stage.adapter.send_card(stage.account, reply, "key")
    assert json.loads(sent[-1]["content"]) == content
    assert stage.platform.thread("robin")[-1].id == receipt.message_id


@pytest.mark.parametrize(
    ("card", "number", "item"),
    [
        (CardKind.RETURN, "100001", None),
        (CardKind.RETURN, "100001", "p9"),
        (CardKind.RETURN, "999999", None),
        (CardKind.LOGISTICS, "100001", "94009"),
    ],
)
async def test_a_card_about_nothing_in_the_order_is_refused_before_it_is_sent(
    stage: Stage, card: CardKind, number: str, item: str | None
) -> None:
    stage.platform.add_order(two_parcels(), "robin")
    talk = stage.conversation("robin")
    with pytest.raises(CardRefused, match="fit"):
        await stage.adapter.send_card(
            stage.account, CardReply(shop="1", conversation=talk, kind=card, ref=number, item=item), "key"
        )
    assert stage.platform.thread("robin") == []


async def test_a_card_that_the_platform_does_not_show_is_told_apart(stage: Stage) -> None:
    stage.platform.faults.refuse_card = 1
    card = CardReply(shop="1", conversation=stage.conversation("robin"), kind=CardKind.COUPON, ref="7100")
    with pytest.raises(CardRefused, match="45111017"):
        await stage.adapter.send_card(stage.account, card, "key")
    assert stage.platform.thread("robin") == []


@pytest.mark.parametrize("number", ["999999", "abc", "100001,200001", "../x", ""])
async def test_what_is_no_order_of_the_shop_is_none(stage: Stage, number: str) -> None:
    stage.platform.add_order(an_order("100001"), "robin")
    assert await stage.adapter.order(stage.account, number) is None


async def test_one_failed_part_fails_the_look_up(stage: Stage) -> None:
    """Half the facts look like all of them: an order without its running return would be drafted about."""
    stage.platform.add_order(an_order("100001"), "robin")
    await stage.adapter.order(stage.account, "100001")
    stage.platform.faults.server_error = 1
    with pytest.raises(PlatformDown):
        await stage.adapter.order(stage.account, "100001")


async def test_a_refresh_brings_tokens_that_work_and_uses_the_old_ones_up(stage: Stage) -> None:
    stage.platform.faults.token_expired = 1
    for _ in range(2):
        with pytest.raises(TokenExpired):
            await stage.adapter.order(stage.account, "1")
    fresh = await stage.adapter.refresh(stage.account)
    assert fresh.access_token_expires_at == NOON + timedelta(days=7)
    assert await stage.adapter.order(stage.with_settings(**dict(fresh)), "1") is None
    with pytest.raises(NotAuthorized):
        await stage.adapter.refresh(stage.account)


async def test_a_shop_without_a_refresh_token_must_be_connected_again(stage: Stage) -> None:
    with pytest.raises(NotAuthorized):
        await stage.adapter.refresh(stage.with_settings(refresh_token=None))


async def test_no_secret_stands_in_what_errors_say(stage: Stage) -> None:
    wrong = stage.with_settings(app_secret=SecretStr("s3cret-canary"), auth_url="http://127.0.0.1:9")
    for call in (stage.adapter.order(wrong, "1"), stage.adapter.refresh(wrong)):
        with pytest.raises(AdapterError) as raised:
            await call
        assert "canary" not in str(raised.value)
        assert raised.value.__cause__ is None
    assert "canary" not in repr(wrong.settings)
