"""``knowledge``: what a shop knows, in and out of files, and searched. Data goes to standard output, words to error."""

from typing import Annotated

import typer

from copilot.cli.opened import Merchant
from copilot.cli.words import language

app = typer.Typer(add_completion=False)

Shop = Annotated[str, typer.Argument(help="Short name of the shop. 店铺短名称。")]
What = Annotated[
    str, typer.Option(help="faq, product-facts, sizes, pinned, notices, phrases, greetings or auto-replies. 内容类型。")
]  # fmt: skip
Language = Annotated[str | None, typer.Option(help="Language, such as zh or en. 语言。")]

_WORDS = {
    "changed": {
        "en": "{added} new, {changed} changed, {same} as before",
        "zh": "新增 {added} 条，更新 {changed} 条，{same} 条未变",
    },
    "removed": {"en": "taken away", "zh": "已移除"},
    "nothing": {"en": "nothing fits", "zh": "没有合适的内容"},
}


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Keep what a shop knows: answers, product facts, notices, phrases.

    维护店铺知识:问答、商品资料、公告、快捷语。
    """


@app.command("import")
def import_(
    shop: Shop,
    file: Annotated[str, typer.Argument(help="JSONL or CSV, - for standard input. 文件。")] = "-",
    what: What = "faq",
    spoken: Annotated[str | None, typer.Option("--language", help="Of lines that name none. 未注明语言的行。")] = None,
    rejected: Annotated[str | None, typer.Option(help="File for lines that cannot be used. 被拒行写入的文件。")] = None,
    merchant: Merchant = None,
) -> None:
    """Bring a file in; what is there already (by id) is brought up to date.

    导入文件;已有的条目(按编号)会更新。
    """
    from copilot.cli.knowing import bring_in, place_words

    changes, code = bring_in(shop, file, what, spoken, rejected, merchant)
    typer.echo(place_words(_WORDS["changed"][language()], changes), err=True)
    raise typer.Exit(code)


@app.command()
def export(
    shop: Shop,
    what: What = "faq",
    form: Annotated[str, typer.Option("--format", help="jsonl or csv. 格式。")] = "jsonl",
    merchant: Merchant = None,
) -> None:
    """Print everything of a kind; an import of it changes nothing.

    输出某一类的全部内容,可原样导入。
    """
    from copilot.cli.knowing import taken_out

    typer.echo(taken_out(shop, what, form, merchant), nl=False)


@app.command()
def find(
    shop: Shop,
    question: Annotated[str, typer.Argument(help="A buyer's words. 买家的问题。")],
    spoken: Annotated[str, typer.Option("--language", help="zh or en. 语言。")] = language(),
    audience: Annotated[str, typer.Option(help="buyer or staff. 对象。")] = "buyer",
    product: Annotated[list[str] | None, typer.Option(help="A product it is about. 相关商品。")] = None,
    limit: Annotated[int, typer.Option(min=1, max=20, help="How many at most. 最多几条。")] = 3,
    merchant: Merchant = None,
) -> None:
    """Print the entries that answer a question, with how well they fit (0 to 1).

    查找能回答问题的条目及匹配度(0 到 1)。
    """
    from copilot.cli.io import write_json
    from copilot.cli.knowing import found

    matches = found(shop, question, spoken, audience, tuple(product or ()), limit, merchant)
    for match in matches:
        write_json(match)
    if not matches:
        typer.echo(_WORDS["nothing"][language()], err=True)


@app.command()
def presets(
    shop: Shop,
    spoken: Language = None,
    reset: Annotated[str | None, typer.Option(help="Id of a preset to set back. 恢复此预设。")] = None,
    merchant: Merchant = None,
) -> None:
    """Copy the entries that come with the product into the shop, or give one its first words back.

    将自带的预设问答复制到店铺,或恢复其中一条的原文。
    """
    from copilot.cli.knowing import place_words, preset

    changes = preset(shop, spoken, reset, merchant)
    typer.echo(place_words(_WORDS["changed"][language()], changes), err=True)


@app.command()
def pin(
    shop: Shop,
    product: Annotated[str, typer.Argument(help="Id of a product. 商品编号。")],
    until: Annotated[str | None, typer.Option(help="End, as 2026-11-11T23:00:00+08:00. 结束时间。")] = None,
    since: Annotated[str | None, typer.Option(help="Begin (default: now). 开始时间。")] = None,
    end: Annotated[bool, typer.Option("--end", help="Take it down. 取消。")] = False,
    merchant: Merchant = None,
) -> None:
    """Put a product of tonight's live stream before others, until a time.

    将今晚直播的商品置于其他商品之前,到指定时间为止。
    """
    from copilot.cli.knowing import pinned, place_words

    changes = pinned(shop, product, since, until, end, merchant)
    typer.echo(place_words(_WORDS["changed" if changes else "removed"][language()], changes), err=True)


@app.command()
def notice(
    shop: Shop,
    id: Annotated[str, typer.Argument(help="A name for it. 公告编号。")],
    kind: Annotated[str, typer.Option(help="sla_extended, delay, holiday or other. 类型。")] = "other",
    region: Annotated[list[str] | None, typer.Option(help="Such as US-FL; none: everywhere. 地区。")] = None,
    since: Annotated[str | None, typer.Option(help="Begin (default: now). 开始时间。")] = None,
    until: Annotated[str | None, typer.Option(help="End (default: open). 结束时间。")] = None,
    recovery: Annotated[str | None, typer.Option(help="When it is normal again. 恢复时间。")] = None,
    ship_by: Annotated[str | None, typer.Option(help="The new time to ship by. 新的发货期限。")] = None,
    text: Annotated[list[str] | None, typer.Option(metavar="LANG=TEXT", help="What buyers may be told. 文字。")] = None,
    end: Annotated[bool, typer.Option("--end", help="Take it away. 取消。")] = False,
    merchant: Merchant = None,
) -> None:
    """Say that something out of the ordinary holds for a while.

    登记一段时间内的特殊情况。
    """
    from copilot.cli.knowing import noticed, place_words

    fields = {"kind": kind, "regions": region or [], "starts_at": since, "ends_at": until, "recovery_at": recovery}
    changes = noticed(shop, id, fields | {"ship_by": ship_by}, text or [], end, merchant)
    typer.echo(place_words(_WORDS["changed" if changes else "removed"][language()], changes), err=True)


@app.command()
def embed(shop: Shop, merchant: Merchant = None) -> None:
    """Have the configured model make vectors of entries that have none, so that other words find them too.

    用已配置的模型为条目生成向量,便于匹配不同说法。
    """
    from copilot.cli.knowing import embedded, place_words

    done = embedded(shop, merchant)
    words = {"en": "{added} entries got vectors", "zh": "已为 {added} 条生成向量"}
    typer.echo(place_words(words[language()], {"added": done}), err=True)
