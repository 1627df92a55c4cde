"""The page's files: served as they are, and asked for again each time, so that a new release is seen at once."""

import os
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

FOLDER: Final = Path(__file__).parent / "static"
# An unchanged file costs a question and no bytes.
_ASK_AGAIN: Final = {"Cache-Control": "no-cache"}

router = APIRouter()


class Files(StaticFiles):
    """Static files with an ETag that a browser must ask about."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or "not modified"."""
        made = FileResponse(full_path, status_code=status_code, stat_result=stat_result, headers=_ASK_AGAIN)
        if self.is_not_modified(made.headers, Headers(scope=scope)):
            return NotModifiedResponse(made.headers)
        return made


def _page(name: str) -> FileResponse:
    return FileResponse(FOLDER / name, headers=_ASK_AGAIN, media_type="text/html; charset=utf-8")


@router.get("/", include_in_schema=False)
async def desk() -> FileResponse:
    """The desk."""
    return _page("desk.html")


@router.get("/login", include_in_schema=False)
async def login() -> FileResponse:
    """Where people sign in."""
    return _page("login.html")


@router.get("/paste", include_in_schema=False)
async def paste() -> FileResponse:
    """Where buyers' words from chats that nothing reaches are pasted."""
    return _page("paste.html")


@router.get("/admin", include_in_schema=False)
async def admin() -> FileResponse:
    """Where people, shops, what is known and what was done are looked after."""
    return _page("admin.html")
