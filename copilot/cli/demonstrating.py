"""Starts the live demonstration and tells the person at the terminal where to look."""

import errno
import sys
import webbrowser
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from copilot import logs
from copilot.cli.serving import serve_with
from copilot.cli.words import Language
from copilot.cli.words import language as reader_language
from copilot.demo.live import Invitation, run_demo
from copilot.domain.errors import BadInput
from copilot.settings import load_settings

_WORDS = {
    "zh": {
        "starting": "正在启动数据库、两个模拟平台和工作台……",
        "desk": "工作台",
        "login": "账号",
        "password": "密码",
        "shopper": "扮演买家",
        "stop": "按 Ctrl-C 结束。一切都在本机,结束后演示数据即删除。日志在 {log}",
        "how": "登录后等买家来咨询:回车发送草稿,J/K 切换会话,按 ? 看全部快捷键。",
    },
    "en": {
        "starting": "Starting the database, two emulated platforms and the desk …",
        "desk": "desk",
        "login": "login",
        "password": "password",
        "shopper": "play a shopper",
        "stop": "Ctrl-C ends it. Everything is on this machine and is removed at the end. Log: {log}",
        "how": "Sign in and wait for shoppers: Enter sends the draft, J/K move, ? shows all keys.",
    },
}
_LANGUAGES: dict[str, Language] = {"zh": "zh", "en": "en"}


async def show_live(overrides: dict[str, Any], language: str | None, *, pace: float, browser: bool) -> None:
    """Run the demonstration until Ctrl-C.

    Raises:
        BadInput: the language is not zh or en, or the port is taken.
    """
    if language is not None and language not in _LANGUAGES:
        raise BadInput(f"--lang {language}: the desk does not speak it", remedy="use zh or en")
    spoken = _LANGUAGES[language] if language else reader_language()
    settings = load_settings(**overrides)
    console = Console(highlight=False)
    words = _WORDS[spoken]
    console.print(words["starting"], style="dim")
    folder = settings.data_dir / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "demo.log"

    def invite(invitation: Invitation) -> None:
        console.print(_card(invitation, words))
        console.print(words["stop"].format(log=log), style="dim")
        if browser and sys.stdout.isatty():
            webbrowser.open(invitation.desk)

    with log.open("w", encoding="utf-8") as stream:
        logs.configure(settings.log_level, stream)
        try:
            await run_demo(settings, serve_with, invite, language=spoken, pace=pace)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise BadInput(
                f"port {settings.port} is taken", remedy="stop what uses it, or take another one: --port 8001"
            ) from None


def _card(invitation: Invitation, words: dict[str, str]) -> Panel:
    rows = [
        (words["desk"], invitation.desk),
        (words["login"], invitation.login.login),
        (words["password"], invitation.login.password),
        *((f"{words['shopper']} · {shop}", page) for shop, page in invitation.shoppers.items()),
    ]
    text = Text()
    for name, value in rows:
        text.append(f"{name}  ", style="dim").append(f"{value}\n", style="bold")
    return Panel(text.append(words["how"], style="dim"), title="reply-copilot", title_align="left", expand=False)
