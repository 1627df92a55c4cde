"""What a command's failure looks like: one clear line and an exit code. It never prints a value that a command held.

Exit codes: 0 done, 1 a gate failed, 2 bad input or configuration, 130 interrupted, 141 the reader of a pipe went away,
70 a defect of ours (with a traceback, without locals: a buyer's words live there).
"""

import errno
import os
import re
import sys
import traceback

import typer

from copilot.domain.errors import CopilotError

OK, GATE_FAILED, BAD, DEFECT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141

_ENVIRONMENT = {
    errno.ENOENT: "no such file or folder",
    errno.EACCES: "permission denied",
    errno.EPERM: "not permitted",
    errno.EISDIR: "is a folder, not a file",
    errno.ENOTDIR: "is not a folder",
    errno.EROFS: "stands on a read-only file system",
    errno.ENOSPC: "no space left on the device",
    errno.EADDRINUSE: "the address is already in use; choose another with --port",
    errno.EADDRNOTAVAIL: "this machine does not have that address; choose another with --host",
}


def one_line(text: str) -> str:
    """``text`` on a single line."""
    return re.sub(r"\s*[\r\n]+\s*", "; ", text.strip())


def complain(text: str) -> None:
    """Write one line to standard error, prefixed with the program's name."""
    try:
        print(f"reply-copilot: {one_line(text)}", file=sys.stderr, flush=True)  # noqa: T201
    except BrokenPipeError:
        _silence(sys.stderr.fileno())


def report(error: BaseException) -> int:
    """Tell the person what went wrong; returns the exit code."""
    match error:
        case typer.Exit():
            return error.exit_code
        case BaseExceptionGroup(exceptions=[only]):
            return report(only)
        case KeyboardInterrupt() | typer.Abort():
            return INTERRUPTED
        case BrokenPipeError():
            return PIPE_CLOSED
        case CopilotError():
            complain(str(error))
            return BAD
        case typer.exceptions.TyperException():
            complain(_usage(error))
            return BAD
        case OSError() if error.errno in _ENVIRONMENT:
            complain(_environment(error))
            return BAD
        case _:
            traceback.print_exception(error)
            return DEFECT


def _usage(error: typer.exceptions.TyperException) -> str:
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if context is not None else ""
    return error.format_message() + hint


def _environment(error: OSError) -> str:
    what = _ENVIRONMENT[error.errno or 0]
    if error.filename is not None:
        return f"{os.fsdecode(error.filename) if isinstance(error.filename, bytes) else error.filename}: {what}"
    address = re.search(r"\('([^']+)', (\d+)", error.strerror or "")
    return f"{address[1]}:{address[2]}: {what}" if address else what


def flush() -> bool:
    """Flush standard output; False when nobody reads it any more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout.fileno())
        return False
    return True


def _silence(descriptor: int) -> None:
    # The interpreter flushes once more at exit and would complain there.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
