"""``dead-letters``: deliveries of platforms that were taken and could not be used. What they hold is never printed."""

import uuid
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.cli.opened import Merchant
from copilot.cli.words import language

if TYPE_CHECKING:
    from copilot.channel.inbound import Inbound
    from copilot.domain.clock import Clock
    from copilot.settings import Settings
    from copilot.store.engine import Store

app = typer.Typer(add_completion=False)

_WORDS = {
    "none": {"en": "There are no dead letters.", "zh": "没有无法处理的消息。"},
    "dropped": {"en": "Dropped: {number}.", "zh": "已丢弃 {number} 条。"},
}

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="As listed. 列表中的编号。")]


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Look after deliveries that could not be used.

    处理无法使用的平台推送。
    """


@app.command("list")
def list_(
    merchant: Merchant = None,
    settled: Annotated[bool, typer.Option("--settled", help="Also those that are settled. 包括已处理的。")] = False,
) -> None:
    """List what could not be used and why, the oldest first.

    列出无法使用的推送及原因,最早的在前。
    """
    from copilot.cli.opened import show, with_store

    async def work(store: "Store", _: object, __: object) -> list[dict[str, object]]:
        from copilot.access.merchants import the_merchant
        from copilot.channel.dead_letters import letters

        of = await the_merchant(store, merchant)
        async with store.merchant(of.id) as session:
            found = await letters(session, settled=settled)
        return [
            {
                "id": str(one.id),
                "at": one.at.isoformat(),
                "shop": one.shop,
                "adapter": one.adapter,
                "error": one.error,
                "kept_until": one.expires_at.isoformat() if one.expires_at else None,
                "settled": one.settled,
            }
            for one in found
        ]

    rows = with_store(work)
    show(rows)
    if not rows:
        typer.echo(_WORDS["none"][language()], err=True)


@app.command()
def retry(
    ids: Ids = None,
    all_: Annotated[bool, typer.Option("--all", help="All that are open. 全部未处理的。")] = False,
    merchant: Merchant = None,
) -> None:
    """Use dead letters now, for instance after an adapter was mended; exit 1 when one is still dead.

    重新处理推送(例如适配器修复后);仍有失败时退出码为 1。
    """
    from copilot.cli.opened import show, with_store

    chosen = _chosen(ids, all_)

    async def work(store: "Store", settings: "Settings", clock: "Clock") -> list[dict[str, object]]:
        from copilot.access.merchants import the_merchant
        from copilot.assets import policy_folders
        from copilot.channel.accounts import open_accounts
        from copilot.channel.dead_letters import letters
        from copilot.channel.inbound import Inbound

        of = (await the_merchant(store, merchant)).id
        async with store.merchant(of) as session:
            known = [one.id for one in await letters(session)]
        async with open_accounts(store, settings, clock) as accounts:
            inbound = Inbound(store, accounts, policy_folders(settings.policies_dir), clock)
            return [await _again(inbound, of, letter) for letter in (known if chosen is None else chosen)]

    rows = with_store(work)
    show(rows)
    if any(row["error"] for row in rows):
        raise typer.Exit(1)


@app.command()
def drop(ids: Ids = None, merchant: Merchant = None) -> None:
    """Let go of dead letters; what they hold is removed.

    丢弃推送并删除其内容。
    """
    from copilot.cli.opened import with_store

    chosen = _chosen(ids, False) or []

    async def work(store: "Store", _: object, clock: "Clock") -> None:
        from copilot.access.merchants import the_merchant
        from copilot.channel import dead_letters
        from copilot.domain.errors import BadInput

        of = await the_merchant(store, merchant)
        async with store.merchant(of.id) as session:
            for letter in chosen:
                if not await dead_letters.drop(session, letter, clock.now()):
                    raise BadInput(f"there is no open dead letter {letter}", remedy="nothing was dropped; list them")

    with_store(work)
    typer.echo(_WORDS["dropped"][language()].format(number=len(chosen)), err=True)


async def _again(inbound: "Inbound", merchant: uuid.UUID, letter: uuid.UUID) -> dict[str, object]:
    from copilot.domain.errors import CopilotError

    try:
        wrong = await inbound.again(merchant, letter)
    except CopilotError as error:
        # The others are still used.
        wrong = f"{error.code}: {error}"
    return {"id": str(letter), "used": wrong is None, "error": wrong}


def _chosen(ids: list[str] | None, everything: bool) -> list[uuid.UUID] | None:
    """The letters that are meant; None means all that are open."""
    from copilot.domain.errors import BadInput

    if everything and not ids:
        return None
    if everything:
        raise BadInput("ids and --all contradict each other", remedy="leave one of them out")
    if not ids:
        raise BadInput("no dead letter is named", remedy="copy ids from: reply-copilot dead-letters list")
    try:
        return [uuid.UUID(one) for one in dict.fromkeys(ids)]
    except ValueError:
        raise BadInput(
            "an id is not one of a dead letter", remedy="copy it from: reply-copilot dead-letters list"
        ) from None
