"""``adapters``: what is installed and what users lose without, and the tools of whoever writes one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from copilot.cli.words import language

if TYPE_CHECKING:
    from copilot.sdk.testing.kit import Outcome, Report

app = typer.Typer(add_completion=False)

_WORDS = {
    "none": {"en": "No adapter is installed.", "zh": "未安装适配器。"},
    "reached": {
        "en": "{name}: level {reached} of {claimed} claimed; {passed} checks hold, {failed} do not, "
        "{absent} not on this platform.",
        "zh": "{name}:达到 {reached} 级(声明 {claimed});{passed} 项通过,{failed} 项未通过,{absent} 项平台没有。",
    },
    "made": {
        "en": "{name} is written to {target}. Next: pip install -e {target} && reply-copilot adapters check {name}",
        "zh": "{name} 已写入 {target}。下一步:pip install -e {target} && reply-copilot adapters check {name}",
    },
    "recording": {
        "en": "Point the platform at {address}; deliveries go on to {forward}. Ctrl-C ends it. Read each file before "
        "you keep it.",
        "zh": "把平台推送地址改为 {address};推送会转发到 {forward}。按 Ctrl-C 结束。保存前请逐个检查文件。",
    },
    "listening": {
        "en": "Asking by {name}, way in {mode}. Ctrl-C ends it. Read each file before you keep it.",
        "zh": "正在通过 {name} 以 {mode} 方式读取。按 Ctrl-C 结束。保存前请逐个检查文件。",
    },
    "recorded": {"en": "recorded {file}", "zh": "已记录 {file}"},
    "unrecorded": {"en": "what came is no text and was not recorded", "zh": "收到的内容不是文本,未记录"},
}

Name = Annotated[str, typer.Argument(help="Name of an installed adapter. 已安装的适配器名称。")]


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """List adapters, write and prove new ones.

    列出平台适配器,编写和自检新的适配器。
    """


@app.command("list")
def list_() -> None:
    """List installed adapters: version, level, and what users lose without what each lacks.

    列出已安装的适配器:版本、级别,以及缺少的能力会让用户失去什么。
    """
    from copilot import logs
    from copilot.channel.registry import installed
    from copilot.cli.opened import show
    from copilot.sdk import declared_by, lost_by, modes_of
    from copilot.settings import load_settings

    # What is broken is told below in plain words.
    logs.configure("CRITICAL")
    registry = installed(load_settings().adapters)
    rows: list[dict[str, object]] = []
    for name in registry.names():
        adapter = registry.get(name)
        assert adapter is not None  # names() lists what get() finds
        rows.append(
            {
                "name": name,
                "version": registry.versions[name],
                "level": adapter.level.value,
                "transport": adapter.transport.value,
                "in": ", ".join(one.name for one in modes_of(adapter)),
                "has": ", ".join(one.name for one in declared_by(adapter)),
                "without": "; ".join(f"{one.name}: {one.lost(language())}" for one in lost_by(adapter)),
            }
        )
    show(rows)
    for name, why in sorted(registry.broken.items()):
        typer.echo(f"✗ {name}: {why}", err=True)
    if not rows:
        typer.echo(_WORDS["none"][language()], err=True)


@app.command()
def check(
    name: Name,
    level: Annotated[
        Literal["listed", "base", "full"] | None,
        typer.Option(help="Hold it to this level (default: the one it claims). 按此级别检查。"),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Show also what holds. 也显示通过的项目。")] = False,
) -> None:
    """Hold an adapter to the conformance kit; exit 1 when it does not reach what it claims.

    用一致性测试检查适配器;未达到声明的级别时退出码为 1。
    """
    from copilot import logs
    from copilot.cli.adapters_proofs import proof_of
    from copilot.cli.opened import show
    from copilot.sdk import Level
    from copilot.sdk.testing.kit import State, run

    # Connections that break are part of the checks.
    logs.configure("CRITICAL")
    report = run(proof_of(name), Level(level) if level else None)
    show([_row(one) for one in report.outcomes if all_ or one.state is not State.PASSED])
    typer.echo(_summary(report), err=True)
    if report.failed or (level is None and not report.ok):
        raise typer.Exit(1)


def _row(outcome: "Outcome") -> dict[str, object]:
    found = outcome.check
    return {
        "check": found.id,
        "level": found.level.value,
        "state": outcome.state.value,
        "must": found.words,
        "why": outcome.why,
    }


def _summary(report: "Report") -> str:
    states = [one.state.value for one in report.outcomes]
    return _WORDS["reached"][language()].format(
        name=report.adapter,
        reached=report.reached.value if report.reached else "-",
        claimed=report.claimed.value,
        passed=states.count("passed"),
        failed=states.count("failed"),
        absent=states.count("absent"),
    )


@app.command("try")
def try_(
    file: Annotated[Path, typer.Argument(help="A payload file, or a raw body. 报文文件或原始请求体。")],
    adapter: Annotated[
        str | None, typer.Option(help="Which adapter (default: the one that knows it). 适配器。")
    ] = None,
) -> None:
    """Print the events of a payload, a JSON object per line; exit 1 when it cannot be read.

    逐行打印一份报文对应的事件;读不懂时退出码为 1。
    """
    from copilot.cli.adapters_trying import tried
    from copilot.cli.io import write_json
    from copilot.domain.errors import BadInput

    if not file.is_file():
        raise BadInput(f"{file} is no file")
    events = tried(file, adapter)
    if events is None:
        typer.echo("malformed", err=True)
        raise typer.Exit(1)
    for event in events:
        write_json(event.model_dump(mode="json", exclude_none=True))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the platform, such as my_shop. 平台名称,例如 my_shop。")],
    mode: Annotated[
        Literal["webhook", "poll", "connect"],
        typer.Option(help="How messages come: the platform calls us, we ask, or we stay connected. 消息的获取方式。"),
    ] = "webhook",
    out: Annotated[Path | None, typer.Option(help="Folder to write (default: ./NAME). 输出文件夹。")] = None,
) -> None:
    """Write a new adapter: a distribution that installs and passes level base at once.

    生成一个新的适配器:可直接安装,并通过 base 级检查。
    """
    from copilot.assets import adapter_examples
    from copilot.sdk.testing.scaffold import scaffold

    target = out or Path(name)
    for file in scaffold(adapter_examples(), name, mode, target):
        typer.echo(str(file))
    typer.echo(_WORDS["made"][language()].format(name=name, target=target), err=True)


@app.command()
def record(
    name: Name,
    out: Annotated[Path, typer.Option(help="Folder for the payload files. 报文文件夹。")] = Path("payloads"),
    port: Annotated[int, typer.Option(help="Where to listen on this machine. 监听端口。")] = 8900,
    forward: Annotated[
        str | None, typer.Option(metavar="URL", help="Where deliveries go on to (default: serve here). 转发地址。")
    ] = None,
    mode: Annotated[
        Literal["webhook", "poll", "connect"],
        typer.Option(help="Deliveries, looks, or a standing connection. 推送、轮询或长连接。"),
    ] = "webhook",
    shop: Annotated[
        str | None, typer.Option(help="For poll and connect: the platform's id of the shop. 平台的店铺编号。")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(help="For poll and connect: the shop's settings as JSON. 店铺设置(JSON 文件)。")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="A field that holds words of the protocol, not of people. 保留原文的字段。"),
    ] = None,
) -> None:
    """Record a platform's traffic as redacted payload files: its deliveries, which go on to ``serve``, or its answers.

    With ``--mode poll`` or ``connect`` the platform is asked as the core would ask; nothing is stored and nothing is
    sent. Answers to replies are not recorded.
    把平台流量记录为脱敏的报文文件:推送(同时转发给 serve),或按 --mode poll/connect 主动读取时得到的应答。
    不入库,也不发送任何消息;发送回复得到的应答不记录。
    """
    import asyncio

    from copilot.cli.adapters_recording import listening as listened
    from copilot.cli.adapters_recording import recording
    from copilot.domain.errors import BadInput

    out.mkdir(parents=True, exist_ok=True)
    onward = forward or f"http://127.0.0.1:8000/in/{name}"

    def told(file: Path | None) -> None:
        words = _WORDS["recorded" if file else "unrecorded"][language()]
        typer.echo(words.format(file=file), err=True)

    def listening(address: str) -> None:
        typer.echo(_WORDS["recording"][language()].format(address=address, forward=onward), err=True)

    if mode == "webhook":
        asyncio.run(recording(name, out, port, onward, told, listening, keep or ()))
        return
    if shop is None or settings is None:
        raise BadInput(f"--mode {mode} asks the platform itself", remedy="say for whom: --shop ID --settings FILE")
    typer.echo(_WORDS["listening"][language()].format(name=name, mode=mode), err=True)
    asyncio.run(listened(name, mode, shop, settings, out, told, keep or ()))
