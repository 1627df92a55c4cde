"""``token``: what other programs enter with. A secret is printed once and cannot be shown again."""

from typing import TYPE_CHECKING, Annotated

import typer

from copilot.cli.opened import Merchant
from copilot.cli.words import language

if TYPE_CHECKING:
    from copilot.domain.clock import Clock
    from copilot.store.engine import Store

app = typer.Typer(add_completion=False)

_WORDS = {
    "once": {"en": "Keep it: it cannot be shown again.", "zh": "请保存：之后无法再次查看。"},
    "revoked": {"en": "The token {name} opens nothing any more.", "zh": "令牌 {name} 已失效。"},
}

Name = Annotated[str, typer.Argument(help="What it is for. 用途名称。")]


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Manage the tokens of other programs.

    管理其他程序使用的令牌。
    """


@app.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="agent, qa or adapter. 角色。")] = "agent",
    merchant: Merchant = None,
) -> None:
    """Make a token and print it, this once.

    生成令牌,仅显示这一次。
    """
    from copilot.cli.opened import with_store

    async def work(store: "Store", _: object, clock: "Clock") -> str:
        from copilot.access import tokens
        from copilot.access.merchants import the_merchant

        return await tokens.add(store, (await the_merchant(store, merchant)).id, name, role, clock)

    secret = with_store(work)
    typer.echo(secret)
    typer.echo(_WORDS["once"][language()], err=True)


@app.command("list")
def list_(merchant: Merchant = None) -> None:
    """List a merchant's tokens, without their secrets.

    列出令牌(不含密文)。
    """
    from copilot.cli.opened import show, with_store

    async def work(store: "Store", _: object, __: object) -> list[dict[str, object]]:
        from copilot.access.merchants import the_merchant
        from copilot.access.tokens import tokens

        of = await the_merchant(store, merchant)
        return [
            {
                "name": row.name,
                "role": row.role,
                "created_at": row.created_at.isoformat(),
                "used_at": row.used_at.isoformat() if row.used_at else None,
                "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
            }
            for row in await tokens(store, of.id)
        ]

    show(with_store(work))


@app.command()
def revoke(name: Name, merchant: Merchant = None) -> None:
    """Take a token back.

    撤销令牌。
    """
    from copilot.cli.opened import with_store

    async def work(store: "Store", _: object, clock: "Clock") -> None:
        from copilot.access import tokens
        from copilot.access.merchants import the_merchant

        await tokens.revoke(store, (await the_merchant(store, merchant)).id, name, clock)

    with_store(work)
    typer.echo(_WORDS["revoked"][language()].format(name=name), err=True)
