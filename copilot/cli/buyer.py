"""``buyer``: what a buyer may ask of us about themselves. Nothing of a buyer is printed."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.cli.opened import Merchant
from copilot.cli.words import language

if TYPE_CHECKING:
    from copilot.channel.erasing import Erased
    from copilot.domain.clock import Clock
    from copilot.settings import Settings
    from copilot.store.engine import Store

app = typer.Typer(add_completion=False)

_WORDS = {
    "erased": {
        "en": "The buyer is erased: {number} conversations. The platform keeps what it has.",
        "zh": "已清除该买家：{number} 个会话。平台自己保存的内容不受影响。",
    },
    "sure": {
        "en": "This removes the buyer's words, names and orders for good. Go on?",
        "zh": "将永久删除该买家的消息、昵称和订单信息。继续吗？",
    },
}


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Forget a buyer who asks for it.

    按买家要求清除其信息。
    """


@app.command()
def erase(
    shop: Annotated[str, typer.Argument(metavar="SHOP", help="Short name of the shop. 店铺短名称。")],
    buyer: Annotated[
        str | None,
        typer.Argument(metavar="BUYER_ID", help="The platform's id of the buyer; left out: read. 平台买家 ID。"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. 不再确认。")] = False,
    merchant: Merchant = None,
) -> None:
    """Erase a buyer's words, names, numbers and orders from all tables; counts and figures of rules stay.

    清除买家的消息、昵称、号码和订单;统计数字和规则数据保留。
    """
    from copilot.cli.opened import one_line, show, with_store
    from copilot.domain.errors import BadInput

    named = buyer or one_line("BUYER_ID")
    if not yes:
        if not sys.stdin.isatty() or buyer is None:
            raise BadInput("erasing cannot be undone", remedy="say --yes")
        typer.confirm(_WORDS["sure"][language()], abort=True, err=True)

    async def work(store: "Store", settings: "Settings", clock: "Clock") -> "Erased":
        from copilot.access.audit import COMMAND
        from copilot.access.merchants import the_merchant
        from copilot.access.shops import the_shop
        from copilot.access.vault import Vault
        from copilot.channel.erasing import erase_buyer
        from copilot.desk.figures.outcome import keep_outcomes

        place = await the_shop(store, (await the_merchant(store, merchant)).id, shop)
        vault = Vault.load(settings)
        async with store.merchant(place.merchant) as session:
            return await erase_buyer(
                session,
                vault,
                merchant=place.merchant,
                shop=place.id,
                buyer=named,
                by=COMMAND,
                now=clock.now(),
                keep=keep_outcomes,
            )

    done = with_store(work)
    show([{"table": table, "rows": number} for table, number in sorted(done.rows.items())])
    typer.echo(_WORDS["erased"][language()].format(number=len(done.conversations)), err=True)
