"""Every path that is answered, who may ask for it, and the view.

Hook paths are in `doors.py`, orders of commands in `control.py`.
"""

from __future__ import annotations

from statuswire.web.needs import Need
from statuswire.web.routing import WEBSOCKET, Row

_API = (
    ("GET", "/pages", Need.SEE),
    ("GET", "/pages/{slug}", Need.SEE),
    ("GET", "/pages/{slug}/components", Need.SEE),
    ("GET", "/pages/{slug}/incidents/{id}", Need.SEE),
    ("GET", "/pages/{slug}/hook", Need.OPERATE),
    ("POST", "/pages/{slug}/look", Need.OPERATE),
    ("GET", "/components", Need.SEE),
    ("GET", "/incidents", Need.SEE),
    ("GET", "/maintenances", Need.SEE),
    ("GET", "/events", Need.SEE),
    ("GET", "/events/{id}", Need.SEE),
    ("GET", "/events/{id}/verdicts", Need.VIEW),
    ("GET", "/feeds", Need.VIEW),
    ("GET", "/hooks", Need.VIEW),
    ("GET", "/hooks/addresses", Need.OPERATE),
    ("GET", "/hooks/quarantined", Need.VIEW),
    ("POST", "/hooks/quarantined/{id}/replay", Need.OPERATE),
    ("GET", "/channels", Need.VIEW),
    ("GET", "/channels/{name}", Need.VIEW),
    ("POST", "/channels/{name}/enable", Need.OPERATE),
    ("POST", "/channels/{name}/test", Need.OPERATE),
    ("GET", "/routes", Need.VIEW),
    ("GET", "/silences", Need.VIEW),
    ("POST", "/silences", Need.OPERATE),
    ("DELETE", "/silences/{id}", Need.OPERATE),
    ("GET", "/marks", Need.VIEW),
    ("POST", "/marks", Need.OPERATE),
    ("DELETE", "/marks", Need.OPERATE),
    ("GET", "/deliveries", Need.VIEW),
    ("GET", "/deliveries/{id}", Need.VIEW),
    ("POST", "/deliveries/{id}/retry", Need.OPERATE),
    ("POST", "/deliveries/{id}/drop", Need.OPERATE),
    ("GET", "/correlations", Need.VIEW),
    ("GET", "/catalog", Need.SEE),
    ("GET", "/catalog/{slug}", Need.SEE),
    ("POST", "/detect", Need.OPERATE),
    ("POST", "/backtest", Need.OPERATE),
    ("GET", "/stats", Need.VIEW),
    ("GET", "/health", Need.OPEN),
    ("GET", "/status", Need.SEE),
    ("GET", "/me", Need.OPEN),
)
"""What FastAPI answers, below `/api/v1`."""

ROWS: tuple[Row, ...] = (
    Row("GET", "/", Need.SEE, "face.now:now"),
    Row("GET", "/wall", Need.SEE, "face.now:wall"),
    Row("GET", "/pages/{slug}", Need.SEE, "face.page:page"),
    Row("POST", "/pages/{slug}/favourite", Need.VIEW, "face.page:favourite"),
    Row("POST", "/pages/{slug}/look", Need.OPERATE, "face.page:look"),
    Row("GET", "/pages/{slug}/incidents/{id}", Need.SEE, "face.incident:incident"),
    Row("POST", "/pages/{slug}/incidents/{id}/acknowledge", Need.OPERATE, "face.incident:acknowledge"),
    Row("POST", "/pages/{slug}/incidents/{id}/snooze", Need.OPERATE, "face.incident:snooze"),
    Row("POST", "/pages/{slug}/incidents/{id}/silence", Need.OPERATE, "face.incident:silence"),
    Row("GET", "/static/{digest}/{file}", Need.OPEN, "face.statics:static"),
    Row("GET", "/health", Need.OPEN, "pages:health"),
    Row("GET", "/health/live", Need.OPEN, "pages:live"),
    Row("GET", "/stats", Need.VIEW, "pages:stats"),
    Row("GET", "/status", Need.SEE, "pages:status"),
    Row("GET", "/incidents", Need.SEE, "pages:incidents"),
    Row("GET", "/metrics", Need.METRICS, "pages:metrics"),
    Row("GET", "/api/v1/stream", Need.SEE, "live.sse:stream"),
    Row(WEBSOCKET, "/api/v1/ws", Need.SEE, "live.ws:websocket"),
    # who may come in
    Row("GET", "/sign-in", Need.OPEN, "face.signin:sign_in_page"),
    Row("POST", "/sign-in", Need.OPEN, "face.signin:sign_in"),
    Row("POST", "/sign-out", Need.OPEN, "face.signin:sign_out"),
    Row("GET", "/sign-in/oidc", Need.OPEN, "face.oidc:leave"),
    Row("GET", "/sign-in/oidc/callback", Need.OPEN, "face.oidc:come_back"),
    Row("GET", "/openapi.json", Need.OPEN, "api.reference:document"),
    Row("GET", "/docs", Need.OPEN, "api.reference:page"),
    Row("GET", "/docs.css", Need.OPEN, "api.reference:stylesheet"),
    *(Row(method, f"/api/v1{pattern}", need, "api.mount:answer") for method, pattern, need in _API),
)
