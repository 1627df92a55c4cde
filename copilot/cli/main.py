"""The entry point of ``reply-copilot``: finds the command, runs it, turns every failure into an exit code."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated

import typer
from typer.main import get_command

from copilot import __version__
from copilot.cli import errors
from copilot.cli.commands import LazyGroup
from copilot.cli.words import language

_ABOUT = {
    "en": "Drafts replies to shoppers: grounded in order facts, checked against policy, held for approval.",
    "zh": "为电商客服拟回复：以订单事实为依据，按规则检查，由人确认后才发送。",
}


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reply-copilot {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that ``arguments`` (default: the process's) name; returns the exit code."""
    args = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    for stream in (sys.stdout, sys.stderr):
        # JSONL is UTF-8 whatever the terminal's locale says.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    app = typer.Typer(cls=LazyGroup, add_completion=False, rich_markup_mode=None)
    app.callback(help=_ABOUT[language()])(_root)
    command = get_command(app)
    try:
        with command.make_context("reply-copilot", args) as context:
            command.invoke(context)
        code = errors.OK
    # The one place where every failure becomes an exit code; defects keep their traceback.
    except (Exception, KeyboardInterrupt) as error:
        code = errors.report(error)
    return code if errors.flush() else errors.PIPE_CLOSED


if __name__ == "__main__":
    sys.exit(main())
