"""``merchant``: the merchants of this deployment; their rows never mix."""

from typing import Annotated

import typer

from copilot.cli.words import language

app = typer.Typer(add_completion=False)

_ADDED = {"en": "The merchant {slug} is there. Next: {next}", "zh": "商家 {slug} 已创建。下一步：{next}"}
_NEXT = "reply-copilot shop add … · reply-copilot person add …"


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Manage merchants.

    管理商家。
    """


@app.command()
def add(
    slug: Annotated[str, typer.Argument(help="Short name: a-z, 0-9, hyphens. 短名称。")],
    name: Annotated[str | None, typer.Option(help="Name people read (default: the slug). 显示名称。")] = None,
) -> None:
    """Add a merchant.

    新建商家。
    """
    from copilot.access.merchants import add_merchant
    from copilot.cli.opened import with_store

    with_store(lambda store, _, clock: add_merchant(store, slug, name or slug, clock))
    typer.echo(_ADDED[language()].format(slug=slug, next=_NEXT), err=True)


@app.command("list")
def list_() -> None:
    """List the merchants.

    列出商家。
    """
    from copilot.access.merchants import merchants
    from copilot.cli.opened import show, with_store

    found = with_store(lambda store, _, __: merchants(store))
    show([{"slug": each.slug, "name": each.name, "id": str(each.id)} for each in found])
