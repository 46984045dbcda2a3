"""Every path that is answered, who may ask for it, and the view.

Hook paths are in `doors.py`, orders of commands in `control.py`.
"""

from __future__ import annotations

from statuswire.web.needs import Need
from statuswire.web.routing import WEBSOCKET, Row

ROWS: tuple[Row, ...] = (
    Row("GET", "/", Need.SEE, "front:front"),
    Row("GET", "/front.css", Need.OPEN, "front:stylesheet"),
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
)
