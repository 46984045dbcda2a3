"""Rootly's status pages, on custom domains.

The public documents are described at <https://docs.rootly.com/configuration/status-page-public-api>, the account's
webhooks at <https://docs.rootly.com/configuration/webhooks>; checked 2026-11.

- `/api/v1/status.json` has the roll-up and the active incidents, `/api/v1/incidents.json` the latter by pages;
- the history is a feed, whose path the page for people names.

Quirks: no components and no ids: an incident is known by its address, an update by the moment it was made. The status
of an incident is an internal word (`started`, `mitigated`); the newest update says what the public was told. The shape
is that of Atlassian Statuspage but for the ids, so this platform is to be asked first. Pages below
`rootly.com/teams/<team>/status-pages/` have no API. Challenges of Cloudflare are common.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qs

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.addresses import base_of, beside, host_of, is_host_of, path_of, root_of, single_feed, web_url
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.parts import is_list, is_object, load_parts, opened
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    fold_word,
    items,
    load_json,
    moment,
    normalise_url,
    plain,
    require_mapping,
    split_url,
    text,
    title,
)
from statuswire.platforms.remembering import known_again, remembered
from statuswire.platforms.rootly_hooks import is_hook_body, read_hook
from statuswire.platforms.rootly_terms import IMPACTS, INDICATORS, NAME, PHASES, Fields, incident_id_of, kind_of
from statuswire.platforms.sight import Sight

STATUS: Final = "/api/v1/status.json"
INCIDENTS: Final = "/api/v1/incidents.json"
PER_PAGE: Final = 100
MOST_PAGES: Final = 10
_RSS: Final = "application/rss+xml"
_SINGLE: Final = (
    (STATUS, FeedSpec("")),
    (INCIDENTS, FeedSpec("")),
    (".rss", FeedSpec("", Role.ENTRIES, accept=_RSS)),
    (".atom", FeedSpec("", Role.ENTRIES, accept="application/atom+xml")),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The document of the state, with the history where its path is known (`page_id` is that path); or the one document
    that is named."""
    single = single_feed(page_url, _SINGLE)
    root = root_of(page_url)
    if single or not root:
        return single
    history = beside(root, page_id) if page_id and page_id.startswith("/") else ""
    if is_host_of(host_of(page_url), "rootly.com"):
        return (FeedSpec(history, Role.ENTRIES, accept=_RSS),) if history else ()
    found = [FeedSpec(f"{root}{STATUS}")]
    if history:
        found.append(FeedSpec(history, Role.ENTRIES, accept=_RSS, every=timedelta(minutes=5)))
    return (*found, FeedSpec(f"{root}{INCIDENTS}?page=1&per_page={PER_PAGE}", tier=1))


# --- documents ---------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read any document of the platform: JSON, the feed, or a webhook body. Raises ParseError."""
    if is_feed(document):
        return _read_history(document)
    fields = require_mapping(load_parts(document), "")
    if is_hook_body(fields):
        return read_hook(require_mapping(load_json(document), ""))
    if not is_object(fields.get("page")) or not is_list(fields.get("incidents")):
        raise ParseError(ParseReason.SHAPE, "not a Rootly document: no page beside a list of incidents")
    return _read_page(fields, document)


def parse_hook(document: Document) -> Snapshot:
    """Read an account's webhook body. Raises ParseError."""
    return read_hook(require_mapping(load_json(document), ""))


def _read_page(fields: Fields, document: Document) -> Snapshot:
    problems: list[Problem] = []
    page, status = as_mapping(fields.get("page")), as_mapping(fields.get("status"))
    zone = text(page.get("time_zone")) or document.time_zone
    word = status.get("indicator")
    incidents = _listed.each(fields.get("incidents"), "incidents", problems, zone).found
    return Snapshot(
        platform=NAME,
        page=PageFacts(
            name=title(page.get("name")) or None,
            url=web_url(page.get("url")).rstrip("/") or None,
            time_zone=text(page.get("time_zone"), 100) or None,
            status=choose(word, INDICATORS, Status.UNKNOWN, "status.indicator", problems) if word else None,
            status_text=title(status.get("description")),
        ),
        covers=frozenset({Cover.OPEN_INCIDENTS}) if _is_all(fields, document.url, problems) else frozenset(),
        incidents=incidents,
        problems=tuple(problems),
    )


def _is_all(fields: Fields, url: str, problems: list[Problem]) -> bool:
    """Whether these are all active incidents: the document of the state has them all, a full page perhaps not."""
    listed = opened(fields.get("incidents"))
    is_last = "status" in fields or (isinstance(listed, list) and len(listed) < _page_size(url) and _page(url) == 1)
    return is_last and is_whole(listed, "incidents", problems)


def _number_in(url: str, name: str, default: int) -> int:
    parts = split_url(url)
    told = parse_qs(parts.query).get(name, [""])[0] if parts else ""
    return int(told) if told.isdecimal() and len(told) < 6 else default


def _page_size(url: str) -> int:
    return _number_in(url, "per_page", 25)


def _page(url: str) -> int:
    return _number_in(url, "page", 1)


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The page after a full one."""
    url, listed = document.url, Sight(document).fields.get("incidents")
    if not path_of(url).endswith(INCIDENTS) or not isinstance(listed, list) or len(listed) < _page_size(url):
        return ()
    number = _page(url) + 1
    if number > MOST_PAGES:
        return ()
    return (FeedSpec(f"{base_of(url)}?page={number}&per_page={_page_size(url)}", Role.ENTRIES),)


# --- incidents ---------------------------------------------------------------------------------------------------


@remembered
def _listed(fields: Fields, here: str, problems: list[Problem], zone: str | None) -> Incident | None:
    url = web_url(fields.get("url"))
    started_at = moment(fields.get("started_at"), zone)
    if incident_id := incident_id_of(url, title(fields.get("name")), started_at):
        return replace(_incident(incident_id, fields, here, zone, problems), url=url, started_at=started_at)
    problems.append(Problem(here, "an incident without address and name"))
    return None


def _incident(incident_id: str, fields: Fields, here: str, zone: str | None, problems: list[Problem]) -> Incident:
    word, impact = text(fields.get("status"), 200), text(fields.get("impact"), 200)
    internal = choose(word, PHASES, Phase.UNKNOWN, f"{here}.status", problems) if word else None
    updates = _updates(fields, here, zone, problems)
    told = next((update.phase for update in reversed(updates) if update.phase not in (None, Phase.UNKNOWN)), None)
    kind = kind_of(told or internal)
    means = choose(impact, IMPACTS, Impact.UNKNOWN, f"{here}.impact", problems)
    return Incident(
        id=incident_id,
        title=title(fields.get("name")),
        kind=kind,
        phase=told or internal,
        impact=Impact.MAINTENANCE if kind is Kind.MAINTENANCE else means,
        resolved_at=moment(fields.get("resolved_at"), zone),
        updates=updates,
        raw_phase=word,
        raw_impact=impact,
    )


def _updates(fields: Fields, here: str, zone: str | None, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    """The newest stand first, and are known by their moment; a second one of the same moment has no id."""
    where = f"{here}.incident_updates"
    rows = list(items(fields.get("incident_updates"), where, problems))
    read = oldest_first(_update(row, f"{where}[{place}]", zone, problems) for place, row in reversed(rows))
    seen: set[str] = set()
    return tuple(update if not update.id or _is_new(update.id, seen) else replace(update, id="") for update in read)


def _is_new(name: str, seen: set[str]) -> bool:
    is_new = name not in seen
    seen.add(name)
    return is_new


def _update(fields: Fields, here: str, zone: str | None, problems: list[Problem]) -> IncidentUpdate:
    word = text(fields.get("status"), 200)
    said, raw = plain(text(fields.get("body")))
    at = moment(fields.get("created_at"), zone)
    return IncidentUpdate(
        id=at.isoformat() if at else "",
        phase=choose(word, PHASES, Phase.UNKNOWN, f"{here}.status", problems) if word else None,
        text=said,
        at=at,
        raw=raw,
        raw_phase=word,
    )


# --- the history -------------------------------------------------------------------------------------------------


_PLANNED_WORDS: Final = frozenset({"scheduled", "underway", "complete"})
"""Only maintenances have these; elsewhere an incident may be "in progress" or "complete" too."""


def _read_history(document: Document) -> Snapshot:
    """The feed, whose bodies begin with the phase in brackets. Each incident is known by its address, as in the
    documents; what the feed calls its entries is no id that they know."""
    snapshot = feed_snapshot(NAME, read_feed(document), document)
    return replace(snapshot, incidents=tuple(_as_planned(_by_address(incident)) for incident in snapshot.incidents))


@known_again
def _by_address(incident: Incident) -> Incident:
    own_id = normalise_url(incident.url) if incident.url else incident.id
    aliases = dict.fromkeys((incident.id, *incident.aliases))
    updates = tuple(replace(update, id="") for update in incident.updates)
    return replace(incident, id=own_id, updates=updates, aliases=tuple(name for name in aliases if name != own_id))


@known_again
def _as_planned(incident: Incident) -> Incident:
    """A maintenance, where one of its words is a maintenance's."""
    if not any(fold_word(update.raw_phase) in _PLANNED_WORDS for update in incident.updates):
        return incident
    updates = tuple(
        replace(update, phase=PHASES.get(fold_word(update.raw_phase), update.phase)) for update in incident.updates
    )
    phase = next((update.phase for update in reversed(updates) if update.phase), incident.phase)
    return replace(incident, kind=Kind.MAINTENANCE, impact=Impact.MAINTENANCE, phase=phase, updates=updates)


# --- recognising -------------------------------------------------------------------------------------------------

_PAGE_KEYS: Final = frozenset({"name", "url", "time_zone", "updated_at"})


def recognize(sight: Sight) -> bool:
    """Statuspage's shape without a single id: a page with a time zone, a roll-up and incidents, and nothing else."""
    fields = sight.fields
    if is_hook_body(fields):
        return True
    page = as_mapping(fields.get("page"))
    if "time_zone" not in page or not page.keys() <= _PAGE_KEYS or not fields.keys() <= {"page", "status", "incidents"}:
        return False
    listed = fields.get("incidents")
    return isinstance(listed, list) and not any("id" in as_mapping(row) for row in listed[:5])


def page_id(document: Document) -> str | None:
    """The path of the history feed that a page of Rootly's for people names."""
    sight = Sight(document)
    if "rootly" not in sight.page.lower() or sight.tree is None:
        return None
    for link in sight.tree.iter("link"):
        if "alternate" in (link.get("rel") or "").lower() and link.get("type") == _RSS:
            found = beside(document.url, link.get("href") or "")
            return path_of(found) or None
    return None


PLATFORM: Final = Platform(
    name=NAME,
    title="Rootly",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    probes=(STATUS,),
    page_id=page_id,
    more=more,
    coverage=Coverage(
        components=False,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the address of the incident, in documents and feed; an update is known by the moment it was made; "
        "webhooks tell of internal incidents, with ids of their own",
        absence="what is missing from the active incidents is over; the feed covers nothing",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
