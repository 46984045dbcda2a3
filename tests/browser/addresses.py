"""Every page of the dashboard, as the table of routes has them, with its names filled in."""

from __future__ import annotations

from urllib.parse import quote

from statuswire.store import Store, Tx, queries
from statuswire.web.routing import Row
from statuswire.web.table import ROWS

NOT_PAGES = ("/static/", "/sign-in/oidc")
"""Files, and addresses that only send elsewhere."""


def rows() -> tuple[Row, ...]:
    """All that answer GET with a page for people."""
    faces = (
        row
        for row in ROWS
        if row.method == "GET" and row.view.startswith(("face.", "api.reference:page", "out.widget"))
    )
    return tuple(row for row in faces if not row.pattern.startswith(NOT_PAGES))


def filled(pattern: str, store: Store) -> str:
    """The address with a page that has an incident, and that incident, or the last delivery, in place of the names."""
    if "{" not in pattern:
        return pattern
    listed, _ = store.read(lambda tx: queries.incident_list(tx, limit=1))
    ref, incident = listed[0]
    id_ = str(store.read(_last_delivery)) if pattern.startswith("/deliveries/") else incident.id
    names = {"slug": ref.slug, "page": ref.slug, "id": id_}
    parts = pattern.split("/")
    return "/".join(quote(names[part[1:-1]], safe="") if part.startswith("{") else part for part in parts)


def _last_delivery(tx: Tx) -> int:
    """Its number; 1, at which there is nothing, where nothing was ever told."""
    row = tx.one("SELECT MAX(id) FROM delivery_log")
    return row[0] if row is not None and row[0] is not None else 1
