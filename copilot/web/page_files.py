"""The page's files, held in memory: a release's address of its own for each, which a browser asks for once and keeps.

The desk is ninety modules without a build step. Asking for each of them again with every opening of the page took
longer than all else together; under the address of its release a file never changes, so nobody asks again, and a new
release is seen at once.
"""

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

FOLDER: Final = Path(__file__).parent / "static"
PLACE: Final = "/static/"
ASK_AGAIN: Final = "no-cache"
_KEEP: Final = "public, max-age=31536000, immutable"
_RELEASE: Final = re.compile(r"v-[0-9a-f]{16}/")
_NAMED: Final = re.compile(r'(href|src)="/static/')


class _File(NamedTuple):
    content: bytes
    etag: str
    kind: str


class PageFiles:
    """The files of a folder as they were when the process began: whoever replaces them on disk restarts it."""

    def __init__(self, folder: Path) -> None:
        """Reads every file below ``folder``."""
        self._files: dict[str, _File] = {}
        whole = hashlib.sha256()
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            name, content = path.relative_to(folder).as_posix(), path.read_bytes()
            mark = hashlib.sha256(content).hexdigest()
            whole.update(f"{name} {mark}\n".encode())
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            self._files[name] = _File(
                content, f'"{mark[:32]}"', f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
            )
        self.release: Final = f"v-{whole.hexdigest()[:16]}/"
        """The folder that this release has for itself below ``/static/``; another content, another name."""

    @cache  # noqa: B019 - of the process, as the files are
    def page(self, name: str) -> str:
        """The page ``name`` whose files are asked for under this release."""
        return _NAMED.sub(rf'\1="{PLACE}{self.release}', self._files[name].content.decode())

    def answer(self, name: str, asked: Headers) -> Response:
        """The file ``name``, with or without a release before it; raises HTTPException (404) when there is none."""
        kept = name.startswith(self.release)
        # Of another release, while servers of both answer, it is what we have, and nothing to keep.
        file = self._files.get(_RELEASE.sub("", name, count=1) if _RELEASE.match(name) else name)
        if file is None:
            raise HTTPException(status_code=404)
        headers = {"Cache-Control": _KEEP if kept else ASK_AGAIN, "ETag": file.etag}
        if file.etag in _tags(asked):
            return Response(status_code=304, headers=headers)
        return Response(file.content, headers=headers, media_type=file.kind)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request for a file, mounted at ``/static``."""
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(status_code=405)
        name = str(scope["path"]).removeprefix(PLACE)
        await self.answer(name, Headers(scope=scope))(scope, receive, send)


def _tags(asked: Mapping[str, str]) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(",")}


@cache
def page_files() -> PageFiles:
    """The files of the pages that come with the product."""
    return PageFiles(FOLDER)
