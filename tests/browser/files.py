"""The page's files straight from memory: each test fetches ninety of them, from a thread that it shares."""

import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

PLACE = "/static/"


def with_files(app: ASGIApp, folder: Path, headers: Mapping[str, str]) -> ASGIApp:
    """``app``, with the files of ``folder`` at /static, each with ``headers``."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PLACE):
            await _answer(folder, scope["path"], headers)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer


def _answer(folder: Path, path: str, headers: Mapping[str, str]) -> Response:
    body = _content(folder, path.removeprefix(PLACE))
    if body is None:
        return Response(status_code=404)
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Response(body, headers={**headers, "Content-Type": kind})


@cache
def _content(folder: Path, name: str) -> bytes | None:
    path = (folder / name).resolve()
    return path.read_bytes() if path.is_relative_to(folder.resolve()) and path.is_file() else None
