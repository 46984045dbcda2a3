"""Every page of the dashboard, as the table of routes has them, with its names filled in."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from statuswire.config import Config
from statuswire.engine import evidence
from statuswire.model import Document, Source
from statuswire.store import Store, Tx, queries
from statuswire.web.routing import Row
from statuswire.web.table import ROWS
from tests.web.parts import Site

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


CONTRACT = "promised"


def promise(site: Site, slug: str) -> None:
    """Have a contract with this page from now on, and a document of the last month."""
    month = {"objective": 99.9, "zone": "Europe/Berlin", "exclude": {"maintenance": "72h"}}
    made = Config.model_validate({"contracts": {CONTRACT: {"page": slug, **month}}})
    site.replace(config=lambda: made)
    note = evidence.keeper(made, lambda slug: f"secret-word-of-{slug}")

    def keep(tx: Tx) -> None:
        page = queries.page_by_slug(tx, slug)
        assert page is not None
        document = Document(b"{}", site.clock.now() - timedelta(days=10), f"{page.url}/api/v2/summary.json")
        kept = note(page, document, Source.POLL)
        assert kept is not None
        kept(tx, (), True)

    site.store.write(keep)


def filled(pattern: str, store: Store) -> str:
    """The address with a page that has an incident, and that incident, or the last delivery, in place of the names."""
    if "{" not in pattern:
        return pattern
    listed, _ = store.read(lambda tx: queries.incident_list(tx, limit=1))
    ref, incident = listed[0]
    id_ = str(store.read(_last_delivery)) if pattern.startswith("/deliveries/") else incident.id
    names = {"slug": ref.slug, "page": ref.slug, "id": id_, "contract": CONTRACT}
    parts = pattern.split("/")
    return "/".join(quote(names[part[1:-1]], safe="") if part.startswith("{") else part for part in parts)


def _last_delivery(tx: Tx) -> int:
    """Its number; 1, at which there is nothing, where nothing was ever told."""
    row = tx.one("SELECT MAX(id) FROM delivery_log")
    return row[0] if row is not None and row[0] is not None else 1
