"""A recorder that stands between a platform and ``serve``: each delivery becomes a redacted payload file, and goes on.

It acknowledges nothing by itself: the platform gets the answer of whoever the delivery is forwarded to.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copilot.sdk.errors import Malformed
from copilot.sdk.inbound import Delivery, Webhook
from copilot.sdk.testing.redaction import Redactor

_HOP: Final = frozenset({"host", "content-length", "connection", "transfer-encoding", "accept-encoding"})
_METHODS: Final = ["GET", "POST", "PUT"]


@dataclass
class Recorder:
    """Writes payload files for ``adapter`` into ``folder``; ``forward`` is where deliveries go on to.

    ``told`` hears of each file, or of a delivery that could not be recorded (None).
    """

    adapter: Webhook
    folder: Path
    forward: str
    http: httpx.AsyncClient
    told: Callable[[Path | None], None] = lambda _: None
    redactor: Redactor = field(default_factory=Redactor)
    _number: int = 0

    @property
    def app(self) -> Starlette:
        """What the platform is pointed at: any path."""
        return Starlette(routes=[Route("/{path:path}", self._take, methods=_METHODS)])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        headers = {name.lower(): value for name, value in request.headers.items() if name.lower() not in _HOP}
        path, query = request.path_params["path"], dict(request.query_params)
        self.told(self.record(Delivery(request.method, headers, query, body, path)))
        url = f"{self.forward.rstrip('/')}/{path}".rstrip("/")
        try:
            answer = await self.http.request(request.method, url, content=body, headers=headers, params=query or None)
        except httpx.HTTPError:
            # Not stored by anybody: the platform is to send it again.
            return Response(status_code=503)
        kind = answer.headers.get("content-type")
        return Response(answer.content, answer.status_code, media_type=kind)

    def record(self, delivery: Delivery) -> Path | None:
        """Write ``delivery`` as a payload; None when its body is no text."""
        try:
            body = self.redactor.body(delivery.body)
        except ValueError:
            return None
        query = {name: self.redactor.text(value) for name, value in delivery.query.items()}
        redacted = Delivery(delivery.method, {}, query, body, delivery.path)
        told: dict[str, Any] = {"why": "Recorded; say what it is an example of."}
        if delivery.method != "POST":
            told["method"] = delivery.method
        if delivery.path:
            told["path"] = self.redactor.text(delivery.path)
        if query:
            told["query"] = query
        told |= _body(body)
        told |= self._becomes(redacted)
        self._number += 1
        file = self.folder / f"recorded_{slug(told['becomes'])}_{self._number:03}.json"
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return file

    def _becomes(self, delivery: Delivery) -> dict[str, Any]:
        """What the adapter makes of it now; whoever reads the file decides whether that is right."""
        try:
            shops = list(self.adapter.identify(delivery).shops)
            events = self.adapter.parse(delivery, None)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
        except Malformed:
            return {"becomes": "malformed"}
        return {"shops": shops, "becomes": [event.model_dump(mode="json", exclude_none=True) for event in events]}


def _body(body: bytes) -> dict[str, Any]:
    text = body.decode()
    try:
        return {"json": json.loads(text)}
    except ValueError:
        return {"body": text}


def slug(becomes: Any) -> str:
    """A word for what a payload becomes, for the name of its file."""
    kind = becomes if isinstance(becomes, str) else (becomes[0]["type"] if becomes else "nothing")
    return re.sub(r"[^a-z_]", "", kind)
