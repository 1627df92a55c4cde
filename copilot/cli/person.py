"""``person``: who may sign in. A password is asked for or read from standard input, never an argument."""

from typing import TYPE_CHECKING, Annotated

import typer

from copilot.cli.opened import Merchant
from copilot.cli.words import language

if TYPE_CHECKING:
    from copilot.domain.clock import Clock
    from copilot.store.engine import Store

app = typer.Typer(add_completion=False)

_WORDS = {
    "added": {"en": "{login} may sign in.", "zh": "{login} 可以登录了。"},
    "password": {
        "en": "{login} has a new password; every login of theirs ended.",
        "zh": "{login} 的密码已更换，原有登录全部失效。",
    },
    "deactivated": {
        "en": "{login} may no longer sign in; every login of theirs ended.",
        "zh": "{login} 已停用，原有登录全部失效。",
    },
    "activated": {"en": "{login} may sign in again.", "zh": "{login} 已恢复。"},
    "role": {
        "en": "{login} is {role} from the next request on.",
        "zh": "{login} 的角色改为 {role}，下一次请求起生效。",
    },
    "ask": {"en": "Password", "zh": "密码"},
}

Login = Annotated[str, typer.Argument(help="What they type to sign in. 登录名。")]
RoleName = Annotated[str, typer.Option(help="owner, general_admin, supervisor, agent or qa. 角色。")]


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Manage the people who may sign in.

    管理可以登录的人员。
    """


@app.command()
def add(
    login: Login,
    name: Annotated[str | None, typer.Option(help="Name people read (default: the login). 显示名称。")] = None,
    role: RoleName = "agent",
    lang: Annotated[str, typer.Option(help="Language of the page: zh or en. 页面语言。")] = "",
    merchant: Merchant = None,
) -> None:
    """Add a person; the password is asked for, or read from standard input.

    新增人员;密码在终端输入,或从标准输入读取。
    """
    from copilot.cli.opened import one_line, with_store

    async def work(store: "Store", _: object, clock: "Clock") -> None:
        from copilot.access.merchants import the_merchant
        from copilot.access.people import add_person

        of = await the_merchant(store, merchant)
        password = one_line(_say("ask"), secret=True, again=True)
        await add_person(store, of.id, login, name or login, role, lang or language(), password, clock)

    with_store(work)
    typer.echo(_say("added", login=login), err=True)


@app.command("list")
def list_(merchant: Merchant = None) -> None:
    """List the people of a merchant.

    列出商家的人员。
    """
    from copilot.cli.opened import show, with_store

    async def work(store: "Store", _: object, __: object) -> list[dict[str, object]]:
        from copilot.access.merchants import the_merchant
        from copilot.access.people import people

        of = await the_merchant(store, merchant)
        return [
            {"login": row.login, "name": row.name, "role": row.role, "language": row.language, "active": row.active}
            for row in await people(store, of.id)
        ]

    show(with_store(work))


@app.command()
def password(login: Login, merchant: Merchant = None) -> None:
    """Give a person a new password and end their logins.

    更换密码,并使原有登录失效。
    """
    from copilot.cli.opened import one_line, with_store

    async def work(store: "Store", _: object, clock: "Clock") -> None:
        from copilot.access.merchants import the_merchant
        from copilot.access.people import set_password, the_person

        of = await the_merchant(store, merchant)
        await the_person(store, of.id, login)
        await set_password(store, of.id, login, one_line(_say("ask"), secret=True, again=True), clock)

    with_store(work)
    typer.echo(_say("password", login=login), err=True)


@app.command()
def deactivate(login: Login, merchant: Merchant = None) -> None:
    """Send a person away and end their logins.

    停用人员,并使其登录失效。
    """
    _set_active(login, merchant, False)


@app.command()
def activate(login: Login, merchant: Merchant = None) -> None:
    """Let a person in again.

    恢复人员。
    """
    _set_active(login, merchant, True)


@app.command("role")
def role_(
    login: Login,
    role: Annotated[str, typer.Argument(help="owner, general_admin, supervisor, agent or qa. 角色。")],
    merchant: Merchant = None,
) -> None:
    """Give a person another role.

    更换角色。
    """
    from copilot.cli.opened import with_store

    async def work(store: "Store", _: object, clock: "Clock") -> None:
        from copilot.access.merchants import the_merchant
        from copilot.access.people import set_role

        await set_role(store, (await the_merchant(store, merchant)).id, login, role, clock)

    with_store(work)
    typer.echo(_say("role", login=login, role=role), err=True)


def _set_active(login: str, merchant: str | None, active: bool) -> None:
    from copilot.cli.opened import with_store

    async def work(store: "Store", _: object, clock: "Clock") -> None:
        from copilot.access.merchants import the_merchant
        from copilot.access.people import set_active

        await set_active(store, (await the_merchant(store, merchant)).id, login, active, clock)

    with_store(work)
    typer.echo(_say("activated" if active else "deactivated", login=login), err=True)


def _say(key: str, **values: str) -> str:
    return _WORDS[key][language()].format(**values)
