"""incident.io status pages (OpenAI, HashiCorp, Linear, ElevenLabs, Miro and many more), checked 2026-11.

What to poll, best first: the native document that the page itself is drawn from (`/proxy/<host>`, undocumented); the
documented widget API with the imitated `components.json`; the imitated `summary.json` with the feed. Each is in a
module of its own beside this one, as are the account webhooks (docs.incident.io) and the pages' HTML.

Quirks: incidents, updates and components have ULIDs, equal in all sources; the imitation of Statuspage's API is
incomplete; a feed shows only the latest update of each incident; words in feeds are in the page's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import SplitResult

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Problem, Role, Snapshot
from statuswire.platforms import (
    incidentio_compat,
    incidentio_feed,
    incidentio_hooks,
    incidentio_html,
    incidentio_native,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feeds import is_feed
from statuswire.platforms.incidentio_terms import NAME, SHARED_HOST, page_url_of
from statuswire.platforms.parts import load_parts, object_of, opened
from statuswire.platforms.reading import as_mapping, load_json, split_url
from statuswire.platforms.sight import Sight

JSON = "application/json"
_FEED_ACCEPT = {".atom": "application/atom+xml", ".rss": "application/rss+xml"}
_API_PATHS: tuple[tuple[str, Role], ...] = (
    ("/api/v1/summary", Role.STATE),
    ("/api/v2/summary.json", Role.STATE),
    ("/api/v2/components.json", Role.STATE),
    ("/api/v2/status.json", Role.STATE),
    ("/api/v2/incidents.json", Role.ENTRIES),
)

Fields = Mapping[str, object]


# --- addresses -------------------------------------------------------------------------------------------------


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The URLs to poll for a page. A URL that is itself one of its documents is polled alone; none for no address."""
    parts = split_url(page_url if "://" in page_url else f"https://{page_url}")
    if parts is None:
        return ()
    single = _single_feed(page_url, parts)
    if single is not None:
        return (single,)
    base, native = _bases(parts)
    return (
        FeedSpec(native, Role.STATE, 0, JSON),
        FeedSpec(f"{native}/incidents", Role.HISTORY, 0, JSON),
        FeedSpec(f"{base}/api/v2/components.json", Role.STATE, 1, JSON),
        FeedSpec(f"{base}/api/v1/summary", Role.STATE, 1, JSON),
        FeedSpec(f"{base}/api/v2/summary.json", Role.STATE, 2, JSON),
        FeedSpec(f"{base}/feed.atom", Role.ENTRIES, 2, _FEED_ACCEPT[".atom"]),
    )


def _single_feed(page_url: str, parts: SplitResult) -> FeedSpec | None:
    path = parts.path.rstrip("/")
    for ending, accept in _FEED_ACCEPT.items():
        if path.endswith(ending):
            return FeedSpec(page_url, Role.ENTRIES, 0, accept)
    for ending, role in _API_PATHS:
        if path.endswith(ending):
            return FeedSpec(page_url, role, 0, JSON)
    if path.startswith("/proxy/"):
        is_summary = path.count("/") == 2
        return FeedSpec(page_url, Role.STATE if is_summary else Role.ENTRIES, 0, JSON)
    return None


def _bases(parts: SplitResult) -> tuple[str, str]:
    """Where the imitated API lies, and the native document: `https://host` and `https://host/proxy/host`, or for a page
    without a host name `https://statuspage.incident.io/slug` and `.../proxy/slug`."""
    host = parts.netloc.lower()
    slug = parts.path.strip("/").partition("/")[0]
    if parts.hostname == SHARED_HOST and slug:
        return f"https://{host}/{slug}", f"https://{host}/proxy/{slug}"
    return f"{parts.scheme}://{host}", f"{parts.scheme}://{host}/proxy/{host}"


# --- documents -------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Whichever of the platform's documents it is. Raises ParseError."""
    start = document.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") and incidentio_html.is_page(document.body):
        return incidentio_html.parse_page(document)
    if is_feed(document):
        return incidentio_feed.parse_feed(document)
    body = load_parts(document)
    if not isinstance(body, dict):
        raise ParseError(ParseReason.SHAPE, "not a JSON object")
    return _read(as_mapping(load_json(document)) if incidentio_hooks.event_type_of(body) else body, document)


def recognize(sight: Sight) -> bool:
    """True where the content alone proves incident.io."""
    if sight.feed is not None:
        return incidentio_feed.is_own_feed(sight.feed)
    if sight.is_markup:
        return incidentio_html.is_page(sight.document.body)
    return any(is_such(sight.fields) for is_such in _PROOFS)


def _read(body: Fields, document: Document) -> Snapshot:
    for is_such, read in _READERS:
        if is_such(body):
            return read(body, document)
    keys = ", ".join(sorted(map(str, body))[:12])[:200] or "none"
    reason = ParseReason.ERROR_BODY if "error" in body or "message" in body else ParseReason.SHAPE
    raise ParseError(reason, f"not an incident.io document (keys: {keys})")


def _is_native_summary(body: Fields) -> bool:
    summary = object_of(body.get("summary"))
    return "ongoing_incidents" in summary or "structure" in summary


def _is_native_list(body: Fields) -> bool:
    listed = opened(body.get("incidents"))
    return isinstance(listed, list) and "page" not in body and all(_is_native_incident(one) for one in listed[:3])


def _is_native_single(body: Fields) -> bool:
    return _is_native_incident(body.get("incident")) or _is_native_incident(body)


def _is_native_incident(value: object) -> bool:
    """Told from the imitation, whose updates are `incident_updates`, and from generic bodies, which publish nothing."""
    fields = object_of(value)
    return "published_at" in fields and "updates" in fields and "status" in fields


def _is_impacts(body: Fields) -> bool:
    return "component_impacts" in body and "published_at" not in body


def _proves_native_list(body: Fields) -> bool:
    return bool(opened(body.get("incidents"))) and _is_native_list(body)


def _proves_impacts(body: Fields) -> bool:
    return "component_uptimes" in body and _is_impacts(body)


def _read_native_summary(body: Fields, document: Document) -> Snapshot:
    return incidentio_native.read_summary(object_of(body.get("summary")))


def _read_native_list(body: Fields, document: Document) -> Snapshot:
    problems: list[Problem] = []
    incidents = incidentio_native.read_listed.each(
        body["incidents"], "incidents", problems, page_url_of(document.url), {}
    )
    return Snapshot(platform=NAME, incidents=incidents.found, problems=tuple(problems))


def _read_native_single(body: Fields, document: Document) -> Snapshot:
    whole_body = as_mapping(load_json(document))
    return _read_native_list({"incidents": [whole_body.get("incident", whole_body)]}, document)


def _read_impacts(body: Fields, document: Document) -> Snapshot:
    """Intervals for uptime charts: nothing that the incidents themselves do not tell better."""
    return Snapshot(platform=NAME)


def _read_widget(body: Fields, document: Document) -> Snapshot:
    return incidentio_compat.read_widget(body)


def _read_compat(body: Fields, document: Document) -> Snapshot:
    return incidentio_compat.read_compat(body)


_Test = Callable[[Fields], bool]
_Reader = Callable[[Fields, Document], Snapshot]
_READERS: tuple[tuple[_Test, _Reader], ...] = (
    (incidentio_hooks.is_hook, incidentio_hooks.read_hook),
    (_is_native_summary, _read_native_summary),
    (incidentio_compat.looks_like_statuspage, _read_compat),
    (incidentio_compat.is_widget, _read_widget),
    (_is_native_list, _read_native_list),
    (_is_native_single, _read_native_single),
    (_is_impacts, _read_impacts),
)
_PROOFS: tuple[_Test, ...] = (
    incidentio_hooks.is_own_hook,
    _is_native_summary,
    incidentio_compat.is_compat,
    incidentio_compat.is_widget,
    _proves_native_list,
    _is_native_single,
    _proves_impacts,
)

PLATFORM = Platform(
    name=NAME,
    title="incident.io",
    feeds=feeds,
    parse=parse,
    parse_hook=incidentio_hooks.parse_hook,
    recognize=recognize,
    hosts=(SHARED_HOST,),
    headers=(("x-matched-path", "/[slug]"),),
    probes=("/api/v2/summary.json",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="ULIDs of incidents and updates, equal in all sources; a feed shows the latest update only",
        absence="what is missing from the native summary is over; a key missing from the imitated one means nothing",
        confidence=Confidence.HIGH,
    ),
)
