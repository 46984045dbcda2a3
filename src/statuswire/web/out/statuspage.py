"""Statuspage's public documents of ourselves (`engine/compatible.py`): of one page, or of all as if they were one.

    /status.json                           everything that `summary.json` has
    /api/v2/summary.json                   the same, at the address that Statuspage's clients append to a page's
    /api/v2/{status,components,incidents,scheduled-maintenances}.json
    /api/v2/incidents/unresolved.json
    /api/v2/scheduled-maintenances/{upcoming,active}.json

and the same behind `/pages/{slug}`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import msgspec

from statuswire.engine import compatible
from statuswire.engine.compatible import Body, Site
from statuswire.engine.shown import PageShown, load_shown
from statuswire.model import Kind, KnownIncident
from statuswire.store import Tx, queries
from statuswire.web import paths
from statuswire.web.asgi import JSON, Answer
from statuswire.web.asking import Ask
from statuswire.web.doors import NOT_FOUND
from statuswire.web.out.giving import NO_SUCH_PAGE, base_url, give
from statuswire.web.pages import read_store
from statuswire.web.problems import RefusedRequest

MOST = 50

Listed = list[tuple[PageShown, KnownIncident]]


async def summary(ask: Ask) -> Answer:
    return await _answer(ask, "summary")


async def document(ask: Ask) -> Answer:
    name = ask.params["document"]
    return await _answer(ask, f"{ask.params['list']}/{name}" if "list" in ask.params else name)


async def _answer(ask: Ask, name: str) -> Answer:
    """Raises RefusedRequest for a page that is not watched, and a document that there is not."""
    slug = paths.text_of(ask.params["slug"]) if "slug" in ask.params else None
    write = _DOCUMENTS.get(name)
    if write is None:
        raise RefusedRequest(NOT_FOUND)
    now = ask.parts.clock.now()
    found = await read_store(ask.parts, partial(_read, slug=slug, base=base_url(ask), write=write, now=now))
    if found is None:
        raise RefusedRequest(NO_SUCH_PAGE)
    site, told = found
    whole = {"page": compatible.page_body(site, now.replace(microsecond=0))} | told
    return give(ask, msgspec.json.encode(whole), JSON, meaning=msgspec.json.encode(told))


def _read(tx: Tx, slug: str | None, base: str, write: Write, now: datetime) -> tuple[Site, Body] | None:
    """What the page says beside itself; None for one that is not watched."""
    shown = load_shown(tx, slug, now)
    if slug is not None and not shown:
        return None
    site = compatible.site_of_all(shown, base) if slug is None else compatible.site_of(shown[0])
    return site, write(tx, site)


# --- the documents -----------------------------------------------------------------------------------------------

Write = Callable[[Tx, Site], Body]


def _summary(tx: Tx, site: Site) -> Body:
    return {
        "components": compatible.component_bodies(site),
        "incidents": compatible.incident_bodies(site, compatible.open_incidents(site)),
        "scheduled_maintenances": compatible.incident_bodies(site, compatible.maintenances(site)),
        "status": compatible.status_body(site),
    }


def _status(tx: Tx, site: Site) -> Body:
    return {"status": compatible.status_body(site)}


def _components(tx: Tx, site: Site) -> Body:
    return {"components": compatible.component_bodies(site)}


def _unresolved(tx: Tx, site: Site) -> Body:
    return {"incidents": compatible.incident_bodies(site, compatible.open_incidents(site))}


def _newest(tx: Tx, site: Site, key: str, kind: Kind) -> Body:
    """The fifty that began last, open or not."""
    by_slug = {one.page.slug: one for one in site.pages}
    only = None if site.is_whole else site.id
    found, _ = queries.incident_list(tx, limit=MOST, page=only, kind=kind)
    return {key: compatible.incident_bodies(site, [(by_slug[ref.slug], one) for ref, one in found])}


def _planned(tx: Tx, site: Site, document: str) -> Body:
    return {"scheduled_maintenances": compatible.incident_bodies(site, compatible.maintenances(site, document))}


_DOCUMENTS: dict[str, Write] = {
    "summary": _summary,
    "status": _status,
    "components": _components,
    "incidents": partial(_newest, key="incidents", kind=Kind.INCIDENT),
    "incidents/unresolved": _unresolved,
    "scheduled-maintenances": partial(_newest, key="scheduled_maintenances", kind=Kind.MAINTENANCE),
    "scheduled-maintenances/upcoming": partial(_planned, document="upcoming"),
    "scheduled-maintenances/active": partial(_planned, document="active"),
}
