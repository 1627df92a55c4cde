"""Dead letters: sealed for their shop, kept for a while, and looked after from the command line."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from copilot.access import credentials
from copilot.channel import dead_letters
from copilot.channel.dead_letters import fault, opened
from copilot.domain.errors import BadConfiguration
from copilot.sdk import Delivery, Malformed
from copilot.store.engine import Store
from copilot.store.tables import DeadLetterRow, MessageRow
from tests.channel.platform import NOON, Channel, delivery, open_channel, said
from tests.conftest import Cli

WORDS = "我的电话13812345678,快点"


@pytest.fixture
async def channel(store: Store) -> AsyncIterator[Channel]:
    async with open_channel(store) as opened:
        yield opened


async def _dead(channel: Channel, *ids: str) -> list[DeadLetterRow]:
    """Deliveries that an adapter cannot parse, and that it could parse later."""
    channel.adapter.breaks = "parse"
    for number in ids:
        channel.clock.advance(1)
        await channel.take(said("s1", number, WORDS))
    channel.adapter.breaks = ""
    return sorted(await channel.rows(DeadLetterRow), key=lambda row: row.at)


async def test_what_is_opened_is_what_came(channel: Channel) -> None:
    channel.adapter.breaks = "parse"
    sent = delivery("secret-1", said("s1", "m1", WORDS))
    sent = Delivery(sent.method, {**sent.headers, "x": "1"}, {"q": "é"}, sent.body)
    await channel.inbound.take("plain", sent)
    (row,) = await channel.rows(DeadLetterRow)
    assert opened(row, channel.accounts.vault) == sent


async def test_a_letter_opens_for_its_own_shop_only(channel: Channel) -> None:
    (row,) = await _dead(channel, "m1")
    shop = await channel.shop("s2")
    row.shop = shop.id
    with pytest.raises(BadConfiguration):
        opened(row, channel.accounts.vault)


async def test_a_letter_that_was_used_or_dropped_holds_nothing_any_more(channel: Channel) -> None:
    used, dropped = await _dead(channel, "m1", "m2")
    merchant = channel.merchants["s1"]
    assert await channel.inbound.again(merchant, used.id) is None
    async with channel.store.merchant(merchant) as session:
        assert await dead_letters.drop(session, dropped.id, NOON)
        assert not await dead_letters.drop(session, dropped.id, NOON)
    assert [row.sealed for row in await channel.rows(DeadLetterRow)] == [b"", b""]
    assert [row.platform_message_id for row in await channel.rows(MessageRow)] == ["m1"]


async def test_using_a_letter_twice_or_after_the_platform_sent_it_again_is_one_message(channel: Channel) -> None:
    (row,) = await _dead(channel, "m1")
    await channel.take(said("s1", "m1", WORDS))
    assert await channel.inbound.again(channel.merchants["s1"], row.id) is None
    assert len(await channel.rows(MessageRow)) == 1


async def test_the_letters_of_a_batch_are_used_shop_by_shop(channel: Channel) -> None:
    async with channel.store.merchant(channel.merchants["s2"]) as session:
        shop = await channel.shop("s2")
        await credentials.save(
            session, channel.accounts.vault, shop.merchant, shop.id, {"secret": "secret-1"}, channel.clock
        )
    channel.adapter.breaks = "parse"
    await channel.take(said("s1", "m1"), said("s2", "m2"))
    channel.adapter.breaks = ""
    (letter,) = await channel.rows(DeadLetterRow, "s2")
    assert await channel.inbound.again(channel.merchants["s2"], letter.id) is None
    assert await channel.rows(MessageRow, "s1") == []
    assert [row.platform_message_id for row in await channel.rows(MessageRow, "s2")] == ["m2"]


async def test_old_letters_are_removed(channel: Channel) -> None:
    await _dead(channel, "m1", "m2")
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        await session.execute(
            update(DeadLetterRow)
            .where(DeadLetterRow.delivery == (await channel.rows(DeadLetterRow))[0].delivery)
            .values(expires_at=NOON - timedelta(seconds=1))
        )
    async with channel.store.system() as session:
        assert (await session.execute(text("SELECT app.prune_expired(:now)"), {"now": NOON})).scalar_one() == 1
    assert len(await channel.rows(DeadLetterRow)) == 1


def test_a_fault_says_where_and_never_what() -> None:
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{" + WORDS)
    assert fault(caught.value).startswith("defect JSONDecodeError at decoder.py:")
    assert fault(Malformed(WORDS)) == "malformed"


async def test_letters_are_looked_after_from_the_command_line(channel: Channel, cli: Cli, database_url: str) -> None:
    one, other = await _dead(channel, "m1", "m2")
    env = {"DATABASE_URL": database_url, "COPILOT_SECRET_KEYS": "q0Vc2kgSk9vJ9Fh8c4sEJ3zM1qvkz1yQm1lXk5m0n3E="}
    listed = cli("dead-letters", "list", "--merchant", "m1", env=env)
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [row["id"] for row in rows] == [str(one.id), str(other.id)]
    assert rows[0]["shop"] == "cups"
    assert "13812345678" not in listed.stdout + listed.stderr
    assert cli("dead-letters", "list", "--merchant", "m2", env=env).stdout == ""
    # The tests' own adapter is not installed there: nothing is used, nothing is lost.
    tried = cli("dead-letters", "retry", "--all", "--merchant", "m1", env=env)
    assert tried.returncode == 1
    assert all("adapter_missing" in json.loads(line)["error"] for line in tried.stdout.splitlines())
    assert cli("dead-letters", "drop", str(one.id), "--merchant", "m2", env=env).returncode == 2
    assert cli("dead-letters", "drop", str(one.id), "--merchant", "m1", env=env).returncode == 0
    left = cli("dead-letters", "list", "--merchant", "m1", env={**env, "LANG": "zh_CN.UTF-8"}).stdout
    assert [json.loads(line)["id"] for line in left.splitlines()] == [str(other.id)]


@pytest.mark.parametrize("args", [("retry",), ("drop",), ("drop", "x"), ("retry", "x", "--all")])
def test_unclear_wishes_are_one_line(cli: Cli, args: tuple[str, ...]) -> None:
    done = cli("dead-letters", *args)
    assert (done.returncode, done.stderr.count("\n"), "Traceback" in done.stderr) == (2, 1, False)
