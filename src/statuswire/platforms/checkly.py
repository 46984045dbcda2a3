"""Checkly's status pages, of two generations and both without a documented API: `<slug>.checkly-status-page.com` and
custom domains.

- The newer pages (Mistral AI's) are rendered on the server, with their data inside (`checkly_page`).
- The older ones (`data-ssr="false"`) are filled by a browser from `https://api.checklyhq.com/v1/status-page/`:
  `<host>/metadata?type=customDomain` tells the id, `<id>/statuses` the checks, 50 to a page, `<id>/incidents` the
  incidents.
- Documents like `summary`, `services` and `uptime` of the newer product were captured in 2026; where they lie is not
  known, so that they are read and not polled.

Known from captures of one page and from working clients, checked 2026-11.

Quirks: every path of a page answers 200 with the same HTML; an empty list of checks or services means that something
is broken and is an error; Cloudflare challenges some custom domains, but not Checkly's own host. The documents look
like those of Instatus: `startedAt` and `severity` tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, PageFacts, Phase, Problem, Role, Snapshot, Status
from statuswire.platforms.addresses import base_of, host_of, is_host_of, path_of, single_feed, web_url
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.checkly_incidents import Setting, read_incidents, read_windows, with_levels
from statuswire.platforms.checkly_page import events_of_days, is_page, read_flat, read_page, read_services
from statuswire.platforms.checkly_terms import NAME, PAGE_LEVELS, SEVERITY_LEVELS, Fields
from statuswire.platforms.derived import is_whole
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    fold_word,
    ident,
    items,
    load_json,
    moment,
    require_mapping,
    text,
    title,
)
from statuswire.platforms.sight import Sight

API: Final = "https://api.checklyhq.com/v1/status-page"
PER_PAGE: Final = 50
MOST_PAGES: Final = 10
_HTML: Final = "text/html"
_SINGLE: Final = (("/statuses", FeedSpec("")), ("/incidents", FeedSpec("")), ("/metadata", FeedSpec("")))
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The checks and incidents of an older page, whose id is known; else the page itself, with the document that would
    tell its id. The id of a newer page is a UUID and of no use."""
    base, host = base_of(page_url), host_of(page_url)
    if not base:
        return ()
    if host == "api.checklyhq.com":
        return single_feed(page_url, _SINGLE)
    if page_id and _ID.fullmatch(page_id) and not _UUID.fullmatch(page_id):
        return (
            FeedSpec(f"{API}/{page_id}/statuses?page=1&limit={PER_PAGE}"),
            FeedSpec(f"{API}/{page_id}/incidents"),
        )
    return (FeedSpec(base, accept=_HTML), FeedSpec(f"{API}/{host}/metadata?type=customDomain", tier=1))


# --- documents ---------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read any of the documents, told by content. Raises ParseError."""
    if Sight(document).is_markup:
        return read_page(document)
    loaded = load_json(document)
    if isinstance(loaded, list):
        return _read_list(loaded, document)
    fields = require_mapping(loaded, "")
    reader = next((read for is_such, read in _READERS if is_such(fields)), None)
    if reader is None:
        raise ParseError(ParseReason.SHAPE, "not a Checkly document: neither checks, incidents nor metadata of a page")
    return reader(fields, document)


def _read_list(listed: list[object], document: Document) -> Snapshot:
    """Incidents, services, or a page's data. An empty list means no incidents only where incidents were asked for."""
    if listed and isinstance(listed[0], list):
        return read_flat(listed)
    problems: list[Problem] = []
    is_incidents = path_of(document.url).endswith("/incidents") or _are_incidents(listed)
    if is_incidents:
        incidents = tuple(read_incidents(listed, "incidents", Setting(problems)))
        covers = {Cover.OPEN_INCIDENTS} if is_whole(listed, "incidents", problems) else set()
        return Snapshot(NAME, covers=frozenset(covers), incidents=incidents, problems=tuple(problems))
    components = tuple(_services(listed, problems))
    if not components:
        raise ParseError(ParseReason.SHAPE, "a list without services or incidents")
    covers = {Cover.COMPONENTS} if is_whole(listed, "services", problems) else set()
    return Snapshot(NAME, covers=frozenset(covers), components=components, problems=tuple(problems))


def _services(listed: list[object], problems: list[Problem]) -> Iterator[Component]:
    for place, fields in items(listed, "services", problems):
        own_id, word = ident(fields.get("id")), fields.get("status")
        if not own_id or "status" not in fields:
            problems.append(Problem(f"services[{place}]", "a service without id or status"))
            continue
        yield Component(
            id=own_id,
            name=title(fields.get("name")),
            group=title(fields.get("group")) or None,
            status=choose(word, SEVERITY_LEVELS, Status.UNKNOWN, f"services[{place}].status", problems),
            raw_status=text(word, 200),
            position=place,
        )


# --- older pages -------------------------------------------------------------------------------------------------


def _is_metadata(fields: Fields) -> bool:
    return {"id", "customDomain", "isPrivate"} <= fields.keys()


def _read_metadata(fields: Fields, document: Document) -> Snapshot:
    """The id and the name of a page, and nothing of how it is."""
    if flag(fields.get("isPrivate")):
        raise ParseError(ParseReason.ERROR_BODY, "the page is private")
    domain = text(fields.get("customDomain"), 300)
    url = f"https://{domain}" if domain and "/" not in domain else None
    return Snapshot(NAME, PageFacts(ident(fields.get("id")) or None, title(fields.get("header")) or None, url))


def _is_statuses(fields: Fields) -> bool:
    return isinstance(fields.get("results"), list) and "totalPassing" in as_mapping(fields.get("summary"))


def _read_statuses(fields: Fields, document: Document) -> Snapshot:
    problems: list[Problem] = []
    listed = fields["results"]
    components = tuple(_checks(listed, problems))
    if not components:
        raise ParseError(ParseReason.SHAPE, "a page without checks: something is broken")
    total = as_mapping(fields.get("summary")).get("total")
    is_all = isinstance(total, int) and isinstance(listed, list) and total <= len(listed)
    covers = {Cover.COMPONENTS} if is_all and is_whole(listed, "results", problems) else set()
    return Snapshot(NAME, covers=frozenset(covers), components=components, problems=tuple(problems))


_FLAGS: Final = (
    ("hasFailures", Status.MAJOR_OUTAGE),
    ("hasErrors", Status.MAJOR_OUTAGE),
    ("isDegraded", Status.DEGRADED),
)
"""The flags of a check, the worst first; without any it is operational."""


def _checks(listed: object, problems: list[Problem]) -> Iterator[Component]:
    for place, fields in items(listed, "results", problems):
        own_id = ident(fields.get("id"))
        if not own_id:
            problems.append(Problem(f"results[{place}]", "a check without id"))
            continue
        status, raw = _level(fields)
        yield Component(
            id=own_id,
            name=title(fields.get("name")),
            group=title(as_mapping(fields.get("group")).get("name")) or None,
            status=status,
            raw_status=raw,
            updated_at=moment(as_mapping(fields.get("status")).get("updated_at")),
            position=place,
        )


def _level(fields: Fields) -> tuple[Status, str]:
    """By its flags; a check that is switched off, or has no status, says nothing."""
    told = fields.get("status")
    if fields.get("activated") is False:
        return Status.UNKNOWN, "not activated"
    if not isinstance(told, dict):
        return Status.UNKNOWN, ""
    raised = next(((level, name) for name, level in _FLAGS if flag(told.get(name))), None)
    return raised or (Status.OPERATIONAL, "")


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The further pages of the checks."""
    base, fields = base_of(document.url), Sight(document).fields
    total = as_mapping(fields.get("summary")).get("total")
    if not base.endswith("/statuses") or "page=1&" not in document.url or not isinstance(total, int):
        return ()
    last = min(-(-total // PER_PAGE), MOST_PAGES)
    return tuple(FeedSpec(f"{base}?page={number}&limit={PER_PAGE}", Role.ENTRIES) for number in range(2, last + 1))


# --- newer pages -------------------------------------------------------------------------------------------------


def _is_summary(fields: Fields) -> bool:
    return isinstance(fields.get("activeIncidents"), list) and isinstance(fields.get("page"), dict)


def _read_summary(fields: Fields, document: Document) -> Snapshot:
    """What goes on, and the services that it names: there is no list of all of them."""
    problems: list[Problem] = []
    page = as_mapping(fields.get("page"))
    setting = Setting(problems)
    incidents = tuple(read_incidents(fields.get("activeIncidents"), "activeIncidents", setting))
    windows = tuple(read_windows(fields.get("activeMaintenances"), "activeMaintenances", Phase.IN_PROGRESS, setting))
    named = {row.id: Component(row.id, row.name, row.group) for one in incidents for row in one.components or ()}
    word = page.get("status")
    is_all = is_whole(fields.get("activeIncidents"), "activeIncidents", problems)
    return Snapshot(
        platform=NAME,
        page=PageFacts(
            name=title(page.get("name")) or None,
            url=web_url(page.get("url")).rstrip("/") or None,
            status=choose(word, PAGE_LEVELS, Status.UNKNOWN, "page.status", problems) if word else None,
        ),
        covers=frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED}) if is_all else frozenset(),
        components=with_levels(named.values(), (*incidents, *windows)),
        incidents=(*incidents, *windows),
        problems=tuple(problems),
    )


def _is_uptime(fields: Fields) -> bool:
    return isinstance(fields.get("uptime"), list) and "partialError" in fields


def _read_uptime(fields: Fields, document: Document) -> Snapshot:
    """The services, without their levels, and the incidents in their days."""
    problems: list[Problem] = []
    rows = tuple(read_services(fields, problems))
    if not rows:
        raise ParseError(ParseReason.SHAPE, "a chart without services: something is broken")
    setting = Setting(problems, groups={row.id: row.group for row in rows})
    return Snapshot(
        platform=NAME,
        components=tuple(Component(row.id, row.name, row.group, lacks_status=True) for row in rows),
        incidents=tuple(events_of_days(fields, setting)),
        problems=tuple(problems),
    )


_READERS: Final[tuple[tuple[Callable[[Fields], bool], Callable[[Fields, Document], Snapshot]], ...]] = (
    (_is_statuses, _read_statuses),
    (_is_summary, _read_summary),
    (_is_uptime, _read_uptime),
    (_is_metadata, _read_metadata),
)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """A page with the data inside, or one of the documents by the keys that no other platform has."""
    if sight.is_markup:
        return is_page(sight.page)
    if isinstance(sight.json, list):
        return _is_list(sight.json)
    fields = sight.fields
    return _is_statuses(fields) or _is_metadata(fields) or _is_own_summary(fields) or _is_own_uptime(fields)


def _is_list(listed: list[object]) -> bool:
    if listed and isinstance(listed[0], list):
        return any(key.startswith("unresolved-incidents-") for row in listed if isinstance(row, dict) for key in row)
    return _are_incidents(listed) or _are_services(listed)


def _are_incidents(listed: list[object]) -> bool:
    """The older incidents: with an impact in capitals and their updates."""
    first = as_mapping(listed[0]) if listed else {}
    return {"id", "impact", "incidentUpdates"} <= first.keys()


def _are_services(listed: list[object]) -> bool:
    """Services with a group and a severity in capitals, all of them."""
    rows = [as_mapping(row) for row in listed]
    return bool(rows) and all(
        row.keys() == {"id", "name", "status", "group"}
        and isinstance(row["status"], str)
        and row["status"] == row["status"].upper()
        and fold_word(row["status"]) in SEVERITY_LEVELS
        for row in rows
    )


def _is_own_summary(fields: Fields) -> bool:
    """Instatus has the same keys, with `started` and `impact` in its incidents and other words for the page."""
    if not _is_summary(fields):
        return False
    page, listed = as_mapping(fields["page"]), fields["activeIncidents"]
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else {}
    is_own_word = page.get("status") in ("OPERATIONAL", "HAS_ISSUES")
    return is_host_of(host_of(text(page.get("url"))), "checkly-status-page.com") or "severity" in first or is_own_word


def _is_own_uptime(fields: Fields) -> bool:
    return _is_uptime(fields) and "metadata" in fields


def page_id(document: Document) -> str | None:
    """The id of an older page, which its metadata tells."""
    fields = Sight(document).fields
    return ident(fields.get("id")) or None if _is_metadata(fields) else None


PLATFORM: Final = Platform(
    name=NAME,
    title="Checkly",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("checkly-status-page.com",),
    marks=("unresolved-incidents-", "status-page-resolver-", "checklyhq.com", "checkly-status-page.com"),
    page_id=page_id,
    more=more,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="UUIDs of services, checks, incidents and updates",
        absence="an incident gone from the unresolved ones is over; an empty list of services is an error",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
