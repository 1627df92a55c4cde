"""Deliveries of platforms: handed on untouched, acknowledged only when they are stored."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copilot.channel.inbound import AdapterMissing
from copilot.channel.verifying import BadSignature, TryAgain
from copilot.sdk import Delivery, Malformed
from copilot.web.auth import parts_of
from copilot.web.errors import answer

_STATUS: dict[type[Exception], int] = {Malformed: 400, BadSignature: 401, AdapterMissing: 404, TryAgain: 503}


async def take(request: Request) -> Response:
    """One delivery; what it is signed with is all that lets it in."""
    inbound = parts_of(request).inbound
    adapter: str = request.path_params["adapter"]
    delivery = Delivery(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=await request.body(),
        path=request.path_params.get("path", ""),
    )
    try:
        taken = await inbound.take(adapter, delivery)
    except (Malformed, BadSignature, AdapterMissing, TryAgain) as error:
        told = inbound.refusal(adapter, delivery) if isinstance(error, BadSignature) else None
        if told is not None:
            return Response(told.body, status_code=told.status, media_type=told.content_type)
        status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
        return answer(request, error.code, status)
    return Response(taken.body, status_code=taken.status, media_type=taken.content_type)


def _route(path: str) -> Route:
    route = Route(path, take, methods=("GET", "POST", "PUT"))
    # Whoever only asks whether there is something delivers nothing.
    route.methods = {"GET", "POST", "PUT"}
    return route


ROUTES: Final = (_route("/in/{adapter}"), _route("/in/{adapter}/{path:path}"))
"""They come by the hundred a second, and what they hold is looked at by their adapter: nothing else looks before."""
