"""``shop``: connect shops. Settings of an adapter are read from arguments, files or standard input, never shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.cli.connecting import Wanted, connect
from copilot.cli.opened import Merchant
from copilot.cli.words import language

if TYPE_CHECKING:
    from copilot.access.merchants import NewShop
    from copilot.channel.registry import Registry
    from copilot.domain.clock import Clock
    from copilot.sdk import AdapterSettings
    from copilot.settings import Settings
    from copilot.store.engine import Store
    from copilot.store.tables import ShopRow

app = typer.Typer(add_completion=False)

_WORDS = {
    "added": {
        "en": "The shop {slug} is connected ({pack}, {profile}, {zone}). Its platform delivers to /in/{adapter}.",
        "zh": "店铺 {slug} 已接入（{pack}，{profile}，{zone}）。平台推送地址：/in/{adapter}。",
    },
    "changed": {"en": "The shop {slug} is changed.", "zh": "店铺 {slug} 已更新。"},
}

Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A setting of the adapter; KEY=@FILE reads a file, KEY=- a line of standard input, KEY= takes it away. "
        "Secrets belong into files or standard input: others may see arguments. "
        "平台参数;KEY=@文件 读取文件,KEY=- 读取标准输入的一行,KEY= 清除。密钥请勿写在命令行。",
    ),
]
Posture = Annotated[str | None, typer.Option(help="draft_only, auto or off. 拟稿方式。")]


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Connect shops and change their settings.

    接入店铺,修改店铺设置。
    """


@app.command()
def add(
    adapter: Annotated[str, typer.Argument(help="Name of an installed adapter. 已安装的平台适配器。")],
    shop_id: Annotated[str, typer.Argument(metavar="SHOP_ID", help="The platform's id of the shop. 平台店铺 ID。")],
    slug: Annotated[str | None, typer.Option(help="Short name: a-z, 0-9, hyphens. 短名称。")] = None,
    name: Annotated[str | None, typer.Option(help="Name people read (default: the slug). 显示名称。")] = None,
    market: Annotated[str | None, typer.Option(help="Market, such as cn or us. 市场。")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone, such as Asia/Shanghai. 时区。")] = None,
    pack: Annotated[str | None, typer.Option(help="Policy pack (default: the platform's). 规则包。")] = None,
    profile: Annotated[str | None, typer.Option(help="Clock profile (default: the platform's). 时钟配置。")] = None,
    platform: Annotated[str | None, typer.Option(help="Platform (default: the adapter's name). 平台。")] = None,
    posture: Posture = None,
    merchant: Merchant = None,
    settings: Sets = None,
) -> None:
    """Connect a shop; the same platform shop again brings it up to date, and what is not named stays as it was.

    接入店铺;再次接入同一平台店铺即为更新,未提及的保持不变。
    """
    from copilot.cli.opened import with_store

    wanted = Wanted(adapter, shop_id, slug, name, market, zone, pack, profile, platform, posture)

    async def work(store: "Store", of: "Settings", clock: "Clock") -> "NewShop":
        from copilot.access.forms import filled
        from copilot.access.merchants import the_merchant

        owner = await the_merchant(store, merchant)
        entered = filled(_form(_registry(), adapter), _values(settings), adapter)
        return await connect(store, of, clock, owner.id, wanted, entered)

    new = with_store(work)
    told = {"slug": new.slug, "pack": new.pack, "profile": new.profile, "zone": new.zone}
    typer.echo(_WORDS["added"][language()].format(adapter=adapter, **told), err=True)


@app.command("list")
def list_(merchant: Merchant = None) -> None:
    """List a merchant's shops.

    列出商家的店铺。
    """
    from copilot.cli.opened import show, with_store

    async def work(store: "Store", _: object, __: object) -> list[dict[str, object]]:
        from copilot.access.merchants import the_merchant
        from copilot.access.shops import shops

        registry = _registry()
        return [_row(shop, registry) for shop in await shops(store, (await the_merchant(store, merchant)).id)]

    show(with_store(work))


@app.command("set")
def set_(
    slug: Annotated[str, typer.Argument(help="Short name of the shop. 店铺短名称。")],
    posture: Posture = None,
    merchant: Merchant = None,
    settings: Sets = None,
) -> None:
    """Change a shop's settings; those that are not named stay as they are.

    修改店铺设置;未提及的保持不变。
    """
    from copilot.cli.opened import with_store

    async def work(store: "Store", of: "Settings", clock: "Clock") -> None:
        from copilot.access.merchants import the_merchant
        from copilot.access.shops import set_posture, the_shop
        from copilot.domain.errors import BadInput

        shop = await the_shop(store, (await the_merchant(store, merchant)).id, slug)
        if not settings and posture is None:
            raise BadInput("nothing to change", remedy="give --set KEY=VALUE or --posture")
        if settings:
            await _enter(store, of, shop, _values(settings), clock)
        if posture is not None:
            await set_posture(store, shop.merchant, shop.id, posture, clock)

    with_store(work)
    typer.echo(_WORDS["changed"][language()].format(slug=slug), err=True)


async def _enter(
    store: "Store", of: "Settings", shop: "ShopRow", values: dict[str, str | None], clock: "Clock"
) -> None:
    from copilot.access.forms import filled
    from copilot.access.shops import change_settings
    from copilot.access.vault import Vault

    form = _form(_registry(), shop.adapter)
    await change_settings(
        store,
        Vault.load(of),
        shop.merchant,
        shop.id,
        lambda stored: filled(form, {**stored, **values}, shop.adapter),
        clock,
    )


def _registry() -> "Registry":
    from copilot.channel.registry import installed
    from copilot.settings import load_settings

    return installed(load_settings().adapters)


def _form(registry: "Registry", adapter: str) -> "type[AdapterSettings]":
    from copilot.domain.errors import BadInput

    found = registry.get(adapter)
    if found is not None:
        return found.settings
    if adapter in registry.broken:
        raise BadInput(f"the adapter {adapter} cannot be loaded ({registry.broken[adapter]})", remedy="reinstall it")
    known = ", ".join(registry.names()) or "none"
    raise BadInput(f"there is no adapter {adapter}", remedy=f"installed: {known}")


def _values(settings: Sequence[str] | None) -> dict[str, str | None]:
    """What ``--set`` gives; None takes a setting away."""
    from pathlib import Path

    from copilot.cli.opened import one_line
    from copilot.domain.errors import BadInput

    found: dict[str, str | None] = {}
    for number, entry in enumerate(settings or (), 1):
        key, equals, value = entry.partition("=")
        if not (equals and key):
            raise BadInput(f"--set number {number} is not KEY=VALUE", remedy="write --set app_key=… or --set key=-")
        if value == "-":
            value = one_line(key, secret=True)
        elif value.startswith("@"):
            value = Path(value[1:]).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
        found[key] = value or None
    return found


def _row(shop: "ShopRow", registry: "Registry") -> dict[str, object]:
    adapter = shop.adapter if registry.get(shop.adapter) else f"{shop.adapter} (missing)"
    return {
        "slug": shop.slug, "name": shop.name, "adapter": adapter, "platform_shop_id": shop.platform_shop_id,
        "market": shop.market, "zone": shop.zone, "pack": shop.pack, "profile": shop.profile, "posture": shop.posture,
    }  # fmt: skip
