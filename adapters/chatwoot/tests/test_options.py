"""Questions to tap: options in a web chat, a numbered list wherever a channel shows none; a tap comes in once."""

import json
from pathlib import Path

import pytest
from copilot_adapter_chatwoot.adapter import Chatwoot
from copilot_adapter_chatwoot.settings import ChatwootSettings

from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, Delivery, FaqCard, FaqCardTap, FaqReply

from .conftest import NOON, Shop

PAYLOAD = Path(__file__).parent / "payloads/option_tapped.json"
CARDS = (FaqCard(id="ship", question="When do you ship?"), FaqCard(id="size", question="Which size fits me?"))
LISTED = "Hello!\n1. When do you ship?\n2. Which size fits me?\nReply with a number to see the answer."


def greeting(shop: Shop, listed: str = LISTED) -> FaqReply:
    return FaqReply(shop=shop.platform.shop_id, conversation=shop.talk, text="Hello!", cards=CARDS, listed=listed)


async def test_the_buyer_taps_an_option_and_the_tap_counts_once(shop: Shop) -> None:
    began = shop.clock.now()
    receipt = await shop.adapter.send_faq_cards(shop.account, greeting(shop), "key")
    (told,) = await shop.adapter.sent_since(shop.account, shop.talk, began)
    assert (told.message_id, told.text) == (receipt.message_id, "Hello!"), "how a broken call is read back"
    for _ in range(2):
        await shop.platform.tap("robin", "Which size fits me?")
    await shop.platform.settled()
    taps = [one for one in shop.heard if isinstance(one, FaqCardTap)]
    assert len(taps) == 2, "Chatwoot tells of every change of a message"
    assert taps[0] == taps[1]
    assert (taps[0].card, taps[0].question, taps[0].nickname) == ("size", "Which size fits me?", "Robin")
    assert taps[0].message_id != receipt.message_id


async def test_a_client_of_an_api_inbox_submits_what_was_tapped(shop: Shop) -> None:
    receipt = await shop.adapter.send_faq_cards(shop.account, greeting(shop), "key")
    contact = shop.platform.conversation(shop.platform.chats.of_shopper("robin"))["contact_inbox"]["source_id"]
    base = f"{shop.platform.base_url}/public/api/v1/inboxes/{shop.platform.inbox_identifier}/contacts/{contact}"
    path = f"{base}/conversations/{shop.talk}/messages/{receipt.message_id}"
    chosen = {"submitted_values": [{"title": "When do you ship?", "value": "ship"}]}
    answer = await shop.http.patch(path, json=chosen)
    assert answer.json()["content_attributes"]["submitted_values"] == chosen["submitted_values"]
    await shop.platform.settled()
    assert [one.card for one in shop.heard if isinstance(one, FaqCardTap)] == ["ship"]
    assert (await shop.http.patch(f"{path}0", json=chosen)).status_code == 404


@pytest.mark.parametrize(
    ("channel", "options", "tapped"),
    [
        ("Channel::WebWidget", False, True),
        ("Channel::Api", True, True),
        ("Channel::Api", False, False),
        # Telegram sends back what an option is called inside, WhatsApp cuts a question at twenty characters.
        ("Channel::Telegram", True, False),
        ("Channel::Whatsapp", True, False),
        ("Channel::Email", True, False),
        ("", True, False),
    ],
)
@pytest.mark.parametrize("in_meta", [False, True])
async def test_where_no_option_is_shown_the_questions_are_a_list(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, channel: str, options: bool, tapped: bool, in_meta: bool
) -> None:
    told = shop.platform.conversation

    def by(*args: object, **more: object) -> dict[str, object]:
        found = told(*args, **more)  # type: ignore[arg-type]
        meta = {**found["meta"], "channel": channel if in_meta else None}
        return {**found, "channel": None if in_meta else channel, "meta": meta}

    monkeypatch.setattr(shop.platform, "conversation", by)
    settings: ChatwootSettings = shop.account.settings.model_copy(update={"options": options})
    account = type(shop.account)(shop.account.shop, settings, shop.http, shop.clock)
    for listed in (LISTED, ""):
        await shop.adapter.send_faq_cards(account, greeting(shop, listed), "key")
        sent = shop.platform.thread("robin")[-1].text
        assert ("1. When do you ship?" in sent) is not tapped
        assert "When do you ship?" in sent
        assert sent.startswith("Hello!")
        assert tapped or not listed or sent == LISTED, "word for word what the desk shows"


@pytest.mark.parametrize(
    "submitted", [None, [], {}, "size", [None], [{}], [{"title": "x"}], [{"title": "x", "value": " "}], [[]]]
)
def test_a_change_without_a_tapped_option_is_no_news(submitted: object) -> None:
    told = json.loads(PAYLOAD.read_text("utf-8"))["json"]
    settings = ChatwootSettings.model_validate(
        {"account_id": "3", "access_token": "t" * 20, "webhook_secret": "s" * 20}
    )
    account = Account("chat.example-3", settings, None, FrozenClock(NOON))  # type: ignore[arg-type]

    def parsed() -> object:
        return Chatwoot().parse(Delivery("POST", {}, {}, json.dumps(told).encode()), account)

    assert parsed() != ()
    told["content_attributes"]["submitted_values"] = submitted
    assert parsed() == ()
