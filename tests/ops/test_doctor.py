"""``doctor`` on a live desk: what keeps a shop from its platform is said in plain words, and secrets never."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from copilot.access import people
from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.vault import KEY_FILE, Vault
from copilot.channel.changes import DEAUTHORIZED_AT
from copilot.channel.registry import Registry
from copilot.cli import doctor, doctor_access, doctor_live
from copilot.cli.doctor_words import REMEDIES, WORDS
from copilot.cli.finding import Finding
from copilot.domain.clock import FrozenClock
from copilot.sdk import ADAPTER_API, Account, AdapterSettings, Level, Limits, Receipt, Reply, Transport
from copilot.settings import Settings, load_settings
from copilot.store.engine import Store
from copilot.store.tables import (
    ConversationRow,
    CredentialRow,
    DeadLetterRow,
    FeedRow,
    MessageRow,
    OutboxRow,
    PersonRow,
    ShopRow,
)
from tests.channel.platform import PlainAdapter
from tests.fixtures_store import NOW

SECRET = "sk-canary-secret"


class Sealed(AdapterSettings):
    """What the adapter below must be told."""

    secret: SecretStr


class Adapter:
    """Sends nothing."""

    name = "there"
    api = ADAPTER_API
    transport = Transport.PUBLIC
    idempotent_send = True
    limits = Limits()
    level = Level.LISTED
    settings = Sealed

    async def send(self, account: Account, reply: Reply, key: str) -> Receipt:
        raise AssertionError


REGISTRY = Registry([Adapter()], {"torn": "ImportError in torn:Adapter"})  # pyright: ignore[reportArgumentType]
CLOCK = FrozenClock(NOW)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path)


async def _shop(store: Store, settings: Settings, adapter: str = "there", slug: str = "cups") -> Any:
    merchant = await add_merchant(store, f"m-{slug}", "M", CLOCK)
    new = NewShop(
        slug=slug, name="Cups", platform="p", market="m", platform_shop_id=slug, adapter=adapter, pack="generic",
        profile="generic", zone="UTC", settings=Sealed(secret=SecretStr(SECRET)),
    )  # fmt: skip
    return merchant, await add_shop(store, Vault.load(settings), merchant, new, CLOCK)


async def _found(store: Store, settings: Settings) -> dict[str, Finding]:
    return {one.key: one async for one in doctor_live.shops(store, settings, REGISTRY, CLOCK)}


def test_adapters_are_named_with_what_is_wrong_with_them() -> None:
    found = doctor_live.adapters(REGISTRY)
    assert [(one.level, one.key) for one in found] == [("ok", "adapters"), ("wrong", "adapter_broken")]
    assert "torn" in found[1].line("en")
    assert [one.key for one in doctor_live.adapters(Registry())] == ["adapters_none"]


@pytest.mark.parametrize("owners", [["reply-copilot"], ["reply-copilot", "copilot"], ["copilot"]])
def test_another_distribution_that_owns_our_module_is_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, owners: list[str]
) -> None:
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: {"copilot": owners})
    found = [(one.level, one.key, "copilot" in one.line("en")) for one in doctor.distribution(settings)]
    assert found == ([("wrong", "module_taken", True)] if "copilot" in owners else [])


def test_the_key_is_judged_and_never_made_or_shown(settings: Settings, tmp_path: Path) -> None:
    assert [one.key for one in doctor_live.secret_key(settings)] == ["key_new"]
    assert list(tmp_path.iterdir()) == []
    Vault.load(settings)
    file = tmp_path / KEY_FILE
    (good,) = doctor_live.secret_key(settings)
    assert (good.level, good.key) == ("ok", "key_file")
    file.chmod(0o644)
    (wrong,) = doctor_live.secret_key(settings)
    assert (wrong.level, wrong.key) == ("wrong", "key_broken")
    assert "chmod 600" in wrong.line("en")
    assert file.read_text(encoding="utf-8").strip() not in good.line("en") + wrong.line("zh")


async def test_a_connected_shop_is_fine_and_an_empty_desk_says_what_to_do(store: Store, settings: Settings) -> None:
    assert list(await _found(store, settings)) == ["shops_none"]
    await _shop(store, settings)
    found = await _found(store, settings)
    assert {key: one.level for key, one in found.items()} == {"shops": "ok"}


async def test_what_a_shop_lacks_is_told_by_its_name(store: Store, settings: Settings, tmp_path: Path) -> None:
    await _shop(store, settings, adapter="elsewhere")
    found = await _found(store, settings)
    assert {key: one.level for key, one in found.items()} == {"adapter_missing": "wrong"}
    assert "m-cups/cups" in found["adapter_missing"].line("zh")

    (tmp_path / KEY_FILE).unlink()
    assert {key: one.level for key, one in (await _found(store, settings)).items()} == {"key_lost": "wrong"}
    assert not (tmp_path / KEY_FILE).exists()


async def test_settings_sealed_with_another_key_are_told_without_a_secret(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    await _shop(store, settings)
    (tmp_path / KEY_FILE).unlink()
    Vault.load(settings)
    (wrong,) = (await _found(store, settings)).values()
    assert (wrong.level, wrong.key) == ("wrong", "credentials_broken")
    assert SECRET not in wrong.line("en") + wrong.line("zh")


@pytest.mark.parametrize(
    ("late", "key"),
    [(90, "messages_late"), (59, None), (0, None), (-3, None), (-5, "messages_ahead")],
)
async def test_a_platform_whose_clock_is_off_is_told(
    store: Store, settings: Settings, late: float, key: str | None
) -> None:
    merchant, shop = await _shop(store, settings)
    await _messages(store, merchant, shop, [late] * 4)
    found = await _found(store, settings)
    assert set(found) == {"shops", key} - {None}


async def test_a_platform_that_does_not_answer_is_told_with_its_code(store: Store, settings: Settings) -> None:
    merchant, shop = await _shop(store, settings)
    async with store.merchant(merchant) as session:
        session.add(FeedRow(merchant=merchant, shop=shop, failures=2, error="token_expired"))
    assert set(await _found(store, settings)) == {"shops"}
    async with store.merchant(merchant) as session:
        await session.execute(update(FeedRow).values(failures=3, heard_at=NOW))
    found = (await _found(store, settings))["feed_failing"]
    assert found.level == "wrong"
    for language in ("en", "zh"):
        assert "token_expired" in found.line(language)
        assert "2026-11-02T04:00:00" in found.line(language)


async def test_one_late_delivery_says_nothing_about_a_clock(store: Store, settings: Settings) -> None:
    merchant, shop = await _shop(store, settings)
    await _messages(store, merchant, shop, [1, 2, 3600, 1, 2])
    assert set(await _found(store, settings)) == {"shops"}


@pytest.mark.feature("F119")
async def test_why_nothing_arrives_is_told(store: Store, settings: Settings) -> None:
    """Nobody delivered yet, or what came could not be read; a shop whose messages come is no matter."""
    merchant, shop = await _shop(store, settings, adapter="plain", slug="bowls")
    registry = Registry([PlainAdapter()])

    async def found() -> dict[str, Finding]:
        return {one.key: one async for one in doctor_live.shops(store, settings, registry, CLOCK)}

    told = (await found())["never_heard"]
    assert (told.level, told.line("en").count("/in/plain")) == ("note", 1)
    await _messages(store, merchant, shop, [0])
    assert not {"never_heard", "letters_open"} & (await found()).keys()
    async with store.merchant(merchant) as session:
        row = DeadLetterRow(merchant=merchant, shop=shop, adapter="plain", delivery="d", error="malformed", at=NOW)
        row.sealed = b"sealed"
        session.add(row)
    told = (await found())["letters_open"]
    assert (told.level, "m-bowls/bowls: 1 signed" in told.line("en")) == ("wrong", True)


async def _messages(store: Store, merchant: Any, shop: Any, late: list[float]) -> None:
    """Buyers' messages that carry a time so many seconds before they reached us."""
    async with store.merchant(merchant) as session:
        row = await session.get_one(ShopRow, (merchant, shop))
        talk = ConversationRow(
            merchant=merchant, shop=row.id, platform_conversation_id="c", created_at=NOW, updated_at=NOW
        )
        session.add(talk)
        await session.flush()
        received = NOW - timedelta(minutes=5)
        for number, seconds in enumerate(late):
            session.add(
                MessageRow(
                    merchant=merchant, conversation=talk.id, platform_message_id=str(number), role="buyer", kind="text",
                    text="words", sent_at=received - timedelta(seconds=seconds), received_at=received,
                )
            )  # fmt: skip


def test_every_sentence_and_remedy_stands_in_both_languages_with_the_same_values() -> None:
    for table in (WORDS, REMEDIES):
        for key, told in table.items():
            assert set(told) == {"en", "zh"}, key
            used = [{place for place in "012" if f"{{{place}}}" in words} for words in told.values()]
            assert used[0] == used[1], key
    assert set(REMEDIES) <= set(WORDS)


async def _replies(store: Store, merchant: Any, shop: Any, ends: list[str | None], ago: float = 60) -> None:
    """Replies that ended so many seconds ago, the last one last: sent, or with an error."""
    async with store.merchant(merchant) as session:
        talk = ConversationRow(
            merchant=merchant, shop=shop, platform_conversation_id=f"c{ago}", created_at=NOW, updated_at=NOW
        )
        session.add(talk)
        await session.flush()
        for number, error in enumerate(ends):
            at = NOW - timedelta(seconds=ago - number)
            session.add(
                OutboxRow(
                    merchant=merchant, shop=shop, conversation=talk.id, source_kind="typed", source_id=uuid.uuid4(),
                    text="words", state="failed" if error else "sent", error=error, created_at=at, updated_at=at,
                )
            )  # fmt: skip
            await session.flush()


@pytest.mark.feature("F121")
@pytest.mark.parametrize(
    ("ends", "key"),
    [
        (["platform_down"] * 3, "platform_unwell"),
        (["outcome_unknown", "throttled", "platform_down"], "platform_unwell"),
        (["platform_down"] * 2, None),
        (["platform_down"] * 3 + [None], None),
        ([None, "token_expired"], "access_refused"),
        (["not_authorized"], "access_refused"),
        (["token_expired", None], None),
        (["send_refused"] * 4, None),
        ([None] * 3, None),
    ],
)
async def test_why_nothing_leaves_is_told(
    store: Store, settings: Settings, ends: list[str | None], key: str | None
) -> None:
    """Whether the platform refuses us or has faults is told by how the last replies ended, and by nothing older."""
    merchant, shop = await _shop(store, settings)
    await _replies(store, merchant, shop, ["not_authorized"] * 3, ago=100_000)
    await _replies(store, merchant, shop, ends)
    found = {one.key: one async for one in doctor_access.access(store, CLOCK)}
    assert found.keys() - {"people_none"} == {key} - {None}
    if key is not None:
        last = next(code for code in reversed(ends) if code)
        for language in ("en", "zh"):
            assert "m-cups/cups" in found[key].line(language)
            assert last in found[key].line(language)
            assert "words" not in found[key].line(language)


@pytest.mark.feature("F119")
async def test_whose_alerts_are_off_is_told(store: Store, settings: Settings) -> None:
    merchant, _ = await _shop(store, settings)
    for login, role in (("ann", "agent"), ("bob", "agent"), ("kim", "owner"), ("quinn", "qa")):
        await people.add_person(store, merchant, login, login.title(), role, "zh", "correct horse battery", CLOCK)

    async def found() -> Finding | None:
        return {one.key: one async for one in doctor_access.access(store, CLOCK)}.get("alerts_off")

    assert await found() is None
    async with store.merchant(merchant) as session:
        await session.execute(update(PersonRow).values(alert_sound="off"))
        await session.execute(update(PersonRow).where(PersonRow.login == "bob").values(alert_vibration=True))
        await session.execute(update(PersonRow).where(PersonRow.login == "kim").values(active=False))
    told = await found()
    assert told is not None
    assert (told.level, told.values) == ("note", ("m-cups", "1", "2", "ann")), "who looks on answers nobody"
    async with store.merchant(merchant) as session:
        await session.execute(update(PersonRow).where(PersonRow.login == "ann").values(alert_sound="message"))
    assert await found() is None


@pytest.mark.feature("F094")
@pytest.mark.feature("F119")
async def test_a_blocked_buyer_is_told_until_a_reply_gets_through(store: Store, settings: Settings) -> None:
    merchant, shop = await _shop(store, settings)
    await _replies(store, merchant, shop, ["buyer_blocked", None], ago=5_000)
    await _replies(store, merchant, shop, [None, "buyer_blocked"], ago=200_000)
    await _replies(store, merchant, shop, ["window_closed"], ago=300)
    await _replies(store, merchant, shop, ["buyer_blocked"], ago=40 * 86_400)
    found = {one.key: one async for one in doctor_access.access(store, CLOCK)}
    assert (found["blocked_buyer"].level, found["blocked_buyer"].values) == ("note", ("m-cups/cups", "1"))
    assert "words" not in found["blocked_buyer"].line("en")


async def test_who_may_sign_in_is_told(store: Store, settings: Settings) -> None:
    merchant, _ = await _shop(store, settings)

    async def found() -> dict[str, Finding]:
        return {one.key: one async for one in doctor_access.access(store, CLOCK)}

    assert [(key, one.level) for key, one in (await found()).items()] == [("people_none", "note")]
    await people.add_person(store, merchant, "kim", "Kim", "owner", "zh", "correct horse battery", CLOCK)
    told = await found()
    assert (list(told), told["people"].values) == (["people"], ("1",))
    async with store.merchant(merchant) as session:
        await session.execute(update(PersonRow).values(active=False))
    assert list(await found()) == ["people_none"]


async def test_access_that_the_owner_took_away_is_told_until_new_settings_are_entered(
    store: Store, settings: Settings
) -> None:
    merchant, shop = await _shop(store, settings)
    async with store.merchant(merchant) as session:
        row = await session.get_one(ShopRow, (merchant, shop))
        row.settings = {**row.settings, DEAUTHORIZED_AT: (NOW + timedelta(hours=1)).isoformat()}
    found = await _found(store, settings)
    assert {key: one.level for key, one in found.items()} == {"deauthorized": "wrong"}
    async with store.merchant(merchant) as session:
        later = NOW + timedelta(hours=2)
        await session.execute(update(CredentialRow).where(CredentialRow.shop == shop).values(updated_at=later))
    assert list(await _found(store, settings)) == ["shops"]
