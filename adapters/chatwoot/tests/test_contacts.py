"""A buyer's level and tags out of a contact's custom attributes, by the keys that the settings name."""

from typing import Any

import pytest
from copilot_adapter_chatwoot.contacts import Called, called
from copilot_adapter_chatwoot.settings import ChatwootSettings
from copilot_adapter_chatwoot.wire import Named

from copilot.sdk import MessageEvent

from .conftest import Shop


def named(shop: Shop, **keys: str) -> None:
    """The shop's settings name these attributes."""
    settings: ChatwootSettings = shop.account.settings
    object.__setattr__(shop.account, "settings", settings.model_copy(update=keys))


async def heard(shop: Shop) -> MessageEvent:
    await shop.platform.settled()
    return [one for one in shop.heard if isinstance(one, MessageEvent)][-1]


async def test_what_an_agent_keeps_of_a_contact_comes_with_its_next_message(shop: Shop) -> None:
    named(shop, level_attribute="vip_level", tags_attribute="tags")
    await shop.platform.say("robin", "hello")
    first = await heard(shop)
    assert (first.level, first.tags) == ("", ()), "Chatwoot tells that the contact has none"
    shop.platform.keep_attributes("robin", vip_level="gold", tags="wholesale, 老客，VIP")
    await shop.platform.colleague_says("robin", "one moment")
    theirs = await heard(shop)
    assert (theirs.level, theirs.tags) == ("gold", ("wholesale", "老客", "VIP")), "told of the buyer, whoever writes"


async def test_without_names_of_attributes_nothing_is_told(shop: Shop) -> None:
    shop.platform.keep_attributes("robin", vip_level="gold", tags="VIP")
    await shop.platform.say("robin", "hello")
    told = await heard(shop)
    assert (told.level, told.tags) == (None, None)


async def test_a_look_at_the_lists_tells_the_same(shop: Shop) -> None:
    named(shop, level_attribute="vip_level")
    shop.platform.keep_attributes("robin", vip_level=3)
    await shop.platform.say("robin", "hello")
    (told,) = (await shop.adapter.poll(shop.account, None)).events
    assert isinstance(told, MessageEvent)
    assert (told.level, told.tags) == ("3", None)


@pytest.mark.parametrize("value", [True, None, 1.5, ["gold"], {"a": 1}, 10**40, "  "])
def test_what_is_no_name_is_none(shop: Shop, value: Any) -> None:
    named(shop, level_attribute="level", tags_attribute="level")
    contact = Named(id="1", custom_attributes={"level": value})
    assert called(contact, shop.account.settings) == Called("", ())


@pytest.mark.parametrize("contact", [None, Named(id="1"), Named.model_validate({"id": 1, "custom_attributes": "x"})])
def test_a_contact_whose_attributes_are_not_told_says_nothing(shop: Shop, contact: Named | None) -> None:
    named(shop, level_attribute="level", tags_attribute="tags")
    assert called(contact, shop.account.settings) == Called(None, None)
