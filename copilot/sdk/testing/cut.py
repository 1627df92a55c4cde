"""An answer that never comes: the connection is closed instead."""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Cut(Response):
    """Announces one byte and ends without it, whereupon the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """End the answer where it should begin."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
