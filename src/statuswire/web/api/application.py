"""The FastAPI application of `/api/v1`, built once and late: it brings 40 MB with it, and half a second."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from statuswire.web.api import (
    components,
    contracts,
    errors,
    events,
    feeds,
    finding,
    incidents,
    ourselves,
    owning,
    pages,
    people,
    reports,
    rules,
    shapes,
    signals,
    telling,
)
from statuswire.web.needs import Need
from statuswire.web.table import ROWS

PREFIX = "/api/v1"

ROUTERS = (
    pages.router,
    components.router,
    incidents.router,
    events.router,
    feeds.router,
    telling.router,
    rules.router,
    owning.router,
    reports.router,
    signals.router,
    contracts.router,
    finding.router,
    people.router,
    ourselves.router,
)

_ABOUT = """Everything that statuswire knows of the status pages that it watches, and what may be ordered of it.

Lists answer `{"items": [...], "next": cursor or null}`; the cursor goes into `after`. Reads have an `ETag` and know
`If-None-Match`. What is refused is answered with a problem document (RFC 9457) whose `code` is stable.

Events as they come are at `/api/v1/stream` (server-sent events that go on after `Last-Event-ID`) and `/api/v1/ws`
(WebSocket), with the filters of `/api/v1/events` but its times."""

_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API token, `sw_...`. Needed for what is not open to all, but while only the machine can ask.",
}
_NEEDS = {
    Need.OPEN: "Open to all.",
    Need.SEE: "For viewers; for anybody where the state of pages is public.",
    Need.VIEW: "For viewers.",
    Need.OPERATE: "For operators.",
    Need.RULE: "For admins.",
}


@cache
def application() -> FastAPI:
    """Without pages of documentation: ours are in `reference.py`, because those of the framework ask third parties."""
    app = FastAPI(
        title="statuswire",
        version=metadata.version("statuswire"),
        description=_ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    errors.explain(app)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    return app


def _operation(route: APIRoute) -> str:
    return route.name


@cache
def description() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    document = application().openapi()
    needs = {(row.method, row.pattern): row.need for row in ROWS}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _finish(method.upper(), operation, needs[method.upper(), path])
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = shapes.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {}) | {"Problem": problem}
    document["components"]["securitySchemes"] = {"token": _TOKEN}
    document["security"] = [{"token": []}, {}]
    return document


def _finish(method: str, operation: dict[str, Any], need: Need) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    responses["default"] = {
        "description": "Refused; `code` says why.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if method == "GET":
        responses["304"] = {"description": "What `If-None-Match` names is still so."}
    operation["description"] = "\n\n".join(filter(None, (operation.get("description"), _NEEDS[need])))
    operation["x-need"] = need.value
