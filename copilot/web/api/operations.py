"""Whether the process is well, for load balancers and for whoever watches; no login, and nothing of anybody in it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from copilot import __version__
from copilot.web.auth import parts_of
from copilot.web.readiness import readiness

router = APIRouter()


@router.get("/health")
async def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok", "version": __version__}


@router.get("/ready")
async def ready(request: Request) -> JSONResponse:
    """Whether work can be done; 503 names what is missing."""
    parts = parts_of(request)
    found = await readiness(parts.store, parts.warming.state, len(parts.shops.held.trouble))
    return JSONResponse(found, status_code=200 if found["status"] == "ready" else 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus text."""
    return Response(await parts_of(request).exposition.render(), media_type=CONTENT_TYPE_LATEST)
