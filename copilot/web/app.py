"""The FastAPI application: liveness, readiness and metrics.

Owns routes and their status codes only; what they report is asked of the parts themselves.
"""

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from copilot import __version__
from copilot.store.engine import Store
from copilot.web.readiness import readiness


def make_app(store: Store) -> FastAPI:
    """The application over an open store, which the caller closes."""
    # No generated pages: they load scripts from elsewhere.
    app = FastAPI(title="reply-copilot", version=__version__, docs_url=None, redoc_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok", "version": __version__}

    @app.get("/ready")
    async def ready() -> JSONResponse:
        """Whether work can be done: database, schema, worker; 503 names what is missing."""
        found = await readiness(store)
        return JSONResponse(found, status_code=200 if found["status"] == "ready" else 503)

    @app.get("/metrics")
    async def metrics() -> Response:
        """Prometheus text."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app
