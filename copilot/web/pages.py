"""The pages: each is asked for again every time, so that a new release is seen at once; what they name is kept."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from copilot.web.page_files import ASK_AGAIN, page_files

router = APIRouter()


def _page(name: str) -> HTMLResponse:
    return HTMLResponse(page_files().page(name), headers={"Cache-Control": ASK_AGAIN})


@router.get("/", include_in_schema=False)
async def desk() -> HTMLResponse:
    """The desk."""
    return _page("desk.html")


@router.get("/login", include_in_schema=False)
async def login() -> HTMLResponse:
    """Where people sign in."""
    return _page("login.html")


@router.get("/paste", include_in_schema=False)
async def paste() -> HTMLResponse:
    """Where buyers' words from chats that nothing reaches are pasted."""
    return _page("paste.html")


@router.get("/admin", include_in_schema=False)
async def admin() -> HTMLResponse:
    """Where people, shops, what is known and what was done are looked after."""
    return _page("admin.html")
