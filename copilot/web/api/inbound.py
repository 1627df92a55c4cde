"""Deliveries of platforms: handed on untouched, acknowledged only when they are stored."""

from fastapi import APIRouter, Request, Response

from copilot.channel.inbound import AdapterMissing, BadSignature, TryAgain
from copilot.sdk import Delivery, Malformed
from copilot.web.auth import parts_of
from copilot.web.errors import answer

router = APIRouter()

_STATUS: dict[type[Exception], int] = {Malformed: 400, BadSignature: 401, AdapterMissing: 404, TryAgain: 503}


@router.api_route("/in/{adapter}", methods=["GET", "POST", "PUT"])
@router.api_route("/in/{adapter}/{path:path}", methods=["GET", "POST", "PUT"])
async def take(request: Request, adapter: str, path: str = "") -> Response:
    """One delivery; what it is signed with is all that lets it in."""
    inbound = parts_of(request).inbound
    delivery = Delivery(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=await request.body(),
        path=path,
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
