"""Uptime Kuma, self-hosted (<https://github.com/louislam/uptime-kuma>).

Read from the vendor's source, versions 1.23 to 2.5 (`server/routers/status-page-router.js`,
`server/model/status_page.js`; checked 2026-11). A page is found at `/status/<slug>`, or at `/` of a domain of its own,
whose slug stands in the data that the HTML carries along.

Two documents make the state: the page (cached by the server for five minutes) names the monitors and has the texts, the
heartbeats (one minute) have the levels. A beat is one check: levels flap, and none of that is an incident. A pending
monitor keeps its level. Where a page shows bars of days instead of beats, the last beat is the worst of the last
bucket, and a bucket without checks is the number 0. Coming maintenances are not published, nor what one affects.

The feed `/status/<slug>/rss` is left alone: its guids and dates move with every request. The owner's notifications of
type webhook `{"heartbeat", "monitor", "msg"}` are read as a hook; they are not signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Document, FeedSpec, PageFacts, Problem, Role, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.parts import is_object, load_parts
from statuswire.platforms.reading import as_mapping, ident, load_json, split_url, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.uptimekuma_page import is_history, is_page, read_history, read_page
from statuswire.platforms.uptimekuma_terms import NAME, NO_BEATS, PENDING, at, beat_level

Fields = Mapping[str, object]

DEFAULT: Final = "default"
PAGE_CACHE: Final = timedelta(minutes=5)

_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,200}")
_PAGE: Final = re.compile(r"(?P<base>.*)/(?:status/(?P<slug>[A-Za-z0-9_-]+)|status|status-page)(?:/rss)?/?$")
_API: Final = re.compile(r"/api/status-page/(?:heartbeat/)?[A-Za-z0-9_-]+(?P<history>/incident-history)?/?$")
_PRELOADED: Final = re.compile(
    r"""preloadData\s*=\s*\{.{0,400}?["']slug["']\s*:\s*["']([A-Za-z0-9_-]+)["']""", re.DOTALL
)
_HOOK_KEYS: Final = frozenset({"heartbeat", "monitor", "msg"})


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The URLs to poll; `page_id` is the slug, which the address of a page on its own domain does not show.

    Nothing where it is not known.
    """
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    direct = _API.search(address.path)
    if direct:
        return (FeedSpec(page_url, Role.ENTRIES if direct["history"] else Role.STATE),)
    found = _PAGE.fullmatch(address.path)
    slug = (found["slug"] or DEFAULT) if found else page_id or ""
    if not _SLUG.fullmatch(slug):
        return ()
    path = found["base"] if found else address.path.rstrip("/")
    api = f"{address.scheme}://{address.netloc}{path}/api/status-page"
    slug = slug.lower()
    return (
        FeedSpec(f"{api}/heartbeat/{slug}", Role.STATE),
        FeedSpec(f"{api}/{slug}", Role.STATE, every=PAGE_CACHE),
        FeedSpec(f"{api}/{slug}/incident-history", Role.HISTORY),
    )


def parse(document: Document) -> Snapshot:
    """Read any document, told by content; raises ParseError, also for the page for people, which has it as script."""
    parts = as_mapping(load_parts(document))
    if is_page(parts):
        return read_page(parts, document)
    if not is_object(parts.get("heartbeatList")) and is_history(parts):
        return read_history(parts)
    fields = as_mapping(load_json(document))
    if isinstance(fields.get("heartbeatList"), dict):
        return _read_beats(fields)
    if _is_hook(fields):
        return _read_hook(fields)
    raise ParseError(ParseReason.SHAPE, "not an Uptime Kuma document: neither a page, nor heartbeats, nor a history")


def parse_hook(document: Document) -> Snapshot:
    """Read a notification of type webhook; raises ParseError."""
    fields = as_mapping(load_json(document))
    if not _is_hook(fields):
        raise ParseError(ParseReason.SHAPE, "not an Uptime Kuma webhook: no heartbeat, monitor and msg")
    return _read_hook(fields)


def recognize(sight: Sight) -> bool:
    """The documents by their keys, the page for people by the data that it carries along."""
    if sight.is_markup:
        return _PRELOADED.search(sight.page) is not None
    fields = sight.fields
    return (
        is_page(fields)
        or (isinstance(fields.get("heartbeatList"), dict) and isinstance(fields.get("uptimeList"), dict))
        or (is_history(fields) and "nextCursor" in fields)
        or (_is_hook(fields) and "id" in as_mapping(fields.get("monitor")))
    )


def page_id(document: Document) -> str | None:
    """The slug, out of the page's document or of the page for people."""
    sight = Sight(document)
    found = _PRELOADED.search(sight.page) if sight.is_markup else None
    slug = found[1] if found else text(as_mapping(sight.fields.get("config")).get("slug"), 300)
    return slug.lower() if _SLUG.fullmatch(slug) and (found or is_page(sight.fields)) else None


# --- heartbeats ------------------------------------------------------------------------------------------------


def _read_beats(fields: Fields) -> Snapshot:
    problems: list[Problem] = []
    lists = as_mapping(fields.get("heartbeatList"))
    components = tuple(_level_of(str(monitor), beats, problems) for monitor, beats in lists.items())
    return Snapshot(platform=NAME, components=components, problems=tuple(problems))


def _level_of(monitor: str, listed: object, problems: list[Problem]) -> Component:
    """The level of the newest beat, since when it has been so; `listed` goes from oldest to newest."""
    where = f"heartbeatList.{monitor[:40]}"
    beats = [beat for beat in listed if isinstance(beat, dict)] if isinstance(listed, list) else []
    if not isinstance(listed, list):
        problems.append(Problem(where, "expected a list of beats"))
    if not beats:
        return Component(monitor, "", raw_status=NO_BEATS)
    status, word = beat_level(beats[-1].get("status"), where, problems)
    return _component(monitor, "", status, word, _since(beats))


def _since(beats: list[dict[str, object]]) -> datetime | None:
    """When the first beat was that showed what the newest one shows, without another in between."""
    state = beats[-1].get("status")
    start = next((place for place in range(len(beats) - 1, -1, -1) if beats[place].get("status") != state), -1) + 1
    return next((moment for beat in beats[start:] if (moment := at(beat.get("time")))), None)


def _component(monitor: str, name: str, status: Status, word: str, since: datetime | None) -> Component:
    """A pending monitor is not known to be in any other state than before."""
    return Component(
        id=monitor,
        name=name,
        status=status,
        raw_status=word,
        updated_at=since,
        lacks_status=word == PENDING,
    )


# --- webhook ---------------------------------------------------------------------------------------------------


def _is_hook(fields: Fields) -> bool:
    return fields.keys() >= _HOOK_KEYS


def _read_hook(fields: Fields) -> Snapshot:
    """One beat of one monitor. A test, or a word about a certificate, has no beat and tells nothing."""
    problems: list[Problem] = []
    beat, monitor = as_mapping(fields.get("heartbeat")), as_mapping(fields.get("monitor"))
    monitor_id = ident(monitor.get("id")) or ident(beat.get("monitorID"))
    components: Iterable[Component] = ()
    if beat and monitor_id:
        status, word = beat_level(beat.get("status"), "heartbeat.status", problems)
        components = (_component(monitor_id, title(monitor.get("name")), status, word, at(beat.get("time"))),)
    elif beat:
        problems.append(Problem("monitor", "a beat of no monitor"))
    return Snapshot(platform=NAME, page=PageFacts(), components=tuple(components), problems=tuple(problems))


PLATFORM = Platform(
    name=NAME,
    title="Uptime Kuma",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    marks=("window.preloadData", 'id="preload-data"'),
    probes=(f"/api/status-page/{DEFAULT}",),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="numbers of monitors, incidents and maintenances, unique for the installation; an update is the "
        "wording of its incident, a recurring maintenance is told apart by its beginning",
        absence="an incident that is not shown is resolved or unpinned, which the history tells; a maintenance that is "
        "not shown has ended; coming ones are never shown",
        confidence=Confidence.HIGH,
    ),
)
