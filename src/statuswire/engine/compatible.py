"""Our pages as documents of Atlassian Statuspage, so that every client of its public API can read us.

The shape is `{"page", "status", "components", "incidents", "scheduled_maintenances"}`
(<https://metastatuspage.com/api>, checked 2026-11). One page becomes one page; all of them together become one page
too, on which each watched page is a group of its components. Pure.

Statuspage has no word for what nobody knows, and clients break on words that they do not know. So what is unknown, and
everything on a page that we cannot read, is told as `degraded_performance` with the reason in `description`, never as
operational; `statuswire_status` beside it always has our own word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from statuswire.channels import wording
from statuswire.engine.overview import last_update_at
from statuswire.engine.shown import PageShown
from statuswire.fingerprint import digest
from statuswire.model import (
    AffectedComponent,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Phase,
    Status,
)
from statuswire.wire import timestamp

Body = dict[str, object]

COMPONENT_WORDS: dict[Status, str] = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded_performance",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "major_outage",
    Status.MAINTENANCE: "under_maintenance",
    Status.UNKNOWN: "degraded_performance",
}
INDICATORS: dict[Status, str] = {
    Status.OPERATIONAL: "none",
    Status.DEGRADED: "minor",
    Status.PARTIAL_OUTAGE: "major",
    Status.MAJOR_OUTAGE: "critical",
    Status.MAINTENANCE: "maintenance",
    Status.UNKNOWN: "minor",
}
DESCRIPTIONS: dict[Status, str] = {
    Status.OPERATIONAL: "All Systems Operational",
    Status.DEGRADED: "Partially Degraded Service",
    Status.PARTIAL_OUTAGE: "Partial System Outage",
    Status.MAJOR_OUTAGE: "Major Service Outage",
    Status.MAINTENANCE: "Service Under Maintenance",
    Status.UNKNOWN: "Status Unknown",
}
_INCIDENT_PHASES = {
    Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING, Phase.RESOLVED, Phase.POSTMORTEM,
}  # fmt: skip
_MAINTENANCE_PHASES = {Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED}
_ACTIVE = {Phase.IN_PROGRESS, Phase.VERIFYING}
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """What a client takes for one status page. `pages` has several where all are told together; `id` is then ours."""

    id: str
    name: str
    url: str
    level: Status
    pages: tuple[PageShown, ...]
    is_whole: bool

    def component_id(self, page: PageShown, own_id: str) -> str:
        """The provider's id; that of its page before it where another page could have the same."""
        return f"{page.page.slug}:{own_id}" if self.is_whole else own_id


def site_of(page: PageShown) -> Site:
    return Site(page.page.slug, page.page.name, page.page.url.rstrip("/"), page.look.level, (page,), is_whole=False)


def site_of_all(pages: Sequence[PageShown], base: str) -> Site:
    level = wording.worst(one.look.level for one in pages) or Status.UNKNOWN
    return Site("statuswire", "statuswire", base, level, tuple(pages), is_whole=True)


# --- documents ---------------------------------------------------------------------------------------------------


def page_body(site: Site, now: datetime) -> Body:
    """`page`; its moment is now, for what it says was put together now."""
    return {"id": site.id, "name": site.name, "url": site.url, "time_zone": "Etc/UTC", "updated_at": _stamp(now)}


def status_body(site: Site) -> Body:
    said = DESCRIPTIONS[site.level]
    blind = [page for page in site.pages if page.look.is_stale]
    if blind and site.level is Status.UNKNOWN:
        how = "are not read" if any(page.look.is_overdue for page in blind) else "cannot be read"
        said = f"{said}: {_blindness(blind[0]) if len(site.pages) == 1 else f'{len(blind)} pages {how}'}"
    return {"indicator": INDICATORS[site.level], "description": said, "statuswire_status": site.level.value}


def component_bodies(site: Site) -> list[Body]:
    """Groups, each before its components."""
    return [body for place, page in enumerate(site.pages, 1) for body in _page_rows(site, page, place)]


def incident_bodies(site: Site, listed: Iterable[tuple[PageShown, KnownIncident]]) -> list[Body]:
    rows: dict[str, Mapping[object, Body]] = {}
    found: list[Body] = []
    for page, one in listed:
        if page.page.slug not in rows:
            rows[page.page.slug] = {row["id"]: row for row in _page_rows(site, page)}
        found.append(_incident(site, page, one, rows[page.page.slug]))
    return found


def open_incidents(site: Site) -> list[tuple[PageShown, KnownIncident]]:
    return [(page, one) for page in site.pages for one in page.incidents if one.kind is Kind.INCIDENT]


def maintenances(site: Site, document: str = "") -> list[tuple[PageShown, KnownIncident]]:
    """Those that are not over; `upcoming` those announced, `active` those that run."""
    found = [(page, one) for page in site.pages for one in page.incidents if one.kind is Kind.MAINTENANCE]
    if document == "upcoming":
        return [pair for pair in found if phase_word(pair[1]) is Phase.SCHEDULED]
    return [pair for pair in found if phase_word(pair[1]) in _ACTIVE] if document == "active" else found


# --- components --------------------------------------------------------------------------------------------------


def _page_rows(site: Site, page: PageShown, place: int = 0) -> Iterator[Body]:
    return _page_as_group(site, page, place) if site.is_whole else _tree(site, page)


def _tree(site: Site, page: PageShown) -> Iterator[Body]:
    """The components of one page; a group stands where its first one does, and repeats the worst of them."""
    groups: dict[str, list[KnownComponent]] = {}
    for one in page.components:
        groups.setdefault(one.group or f"\0{one.id}", []).append(one)
    for place, (name, some) in enumerate(groups.items(), 1):
        if some[0].group is None:
            yield _component(site, page, some[0], place)
            continue
        group_id = f"group-{digest('group', page.page.slug, name)[:12]}"
        yield _group(site, page, group_id, name, wording.worst(map(page.level_of, some)) or Status.UNKNOWN, place, some)
        yield from (_component(site, page, one, n, group_id) for n, one in enumerate(some, 1))


def _page_as_group(site: Site, page: PageShown, place: int) -> Iterator[Body]:
    """A page with its components below it; one that has none is a component itself."""
    slug, name = page.page.slug, page.page.name
    if not page.components:
        yield _row(site, slug, name, page.look.level, place) | {"description": _why(page, page.look.level)}
        return
    yield _group(site, page, slug, name, page.look.level, place, page.components)
    for n, one in enumerate(page.components, 1):
        yield _component(site, page, one, n, slug) | {"name": f"{one.group} - {one.name}" if one.group else one.name}


def _group(
    site: Site, page: PageShown, id_: str, name: str, level: Status, place: int, some: Sequence[KnownComponent]
) -> Body:
    members = [site.component_id(page, one.id) for one in some]
    told: Body = {"group": True, "components": members, "description": _why(page, level)}
    return _row(site, id_, name, level, place, max(map(_changed, some))) | told


def _component(site: Site, page: PageShown, one: KnownComponent, place: int, group_id: str | None = None) -> Body:
    level = page.level_of(one)
    told: Body = {"group_id": group_id, "description": _why(page, level)}
    return _row(site, site.component_id(page, one.id), one.name, level, place, _changed(one)) | told


def _changed(one: KnownComponent) -> datetime:
    return one.updated_at or one.since


def _row(site: Site, id_: str, name: str, level: Status, place: int, changed: datetime | None = None) -> Body:
    """`changed` None: nobody said when; then it is long ago, for clients want a moment."""
    stamp = _stamp(changed or _LONG_AGO)
    return {
        "id": id_,
        "name": name,
        "status": COMPONENT_WORDS[level],
        "created_at": stamp,
        "updated_at": stamp,
        "position": place,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": site.id,
        "group": False,
        "only_show_if_degraded": False,
        "statuswire_status": level.value,
    }


def _why(page: PageShown, level: Status) -> str | None:
    """The sentence that keeps `degraded_performance` from being a lie."""
    if level is not Status.UNKNOWN:
        return None
    return f"Unknown: {_blindness(page) if page.look.is_stale else 'the provider does not say'}"


def _blindness(page: PageShown) -> str:
    since = f" since {timestamp(page.look.stale_since)}" if page.look.stale_since else ""
    last = f", last known: {page.look.last_known.value}" if page.look.last_known else ""
    if page.page.dropped_at is not None:
        return f"the page is not watched since {timestamp(page.page.dropped_at)}{last}"
    how = "nobody has read the page" if page.look.is_overdue else "the page cannot be read"
    return f"{how}{since}{last}"


# --- incidents ---------------------------------------------------------------------------------------------------


def phase_word(one: KnownIncident) -> Phase:
    """The phase in the words of its kind. Of an unknown one the least is claimed that is not "over"."""
    if one.kind is Kind.MAINTENANCE:
        if one.phase in _MAINTENANCE_PHASES:
            return one.phase
        return Phase.COMPLETED if one.phase.is_closed else Phase.IN_PROGRESS
    if one.phase in _INCIDENT_PHASES:
        return one.phase
    return Phase.RESOLVED if one.phase.is_closed else Phase.INVESTIGATING


def _impact(one: KnownIncident) -> str:
    """As the provider says; one that nobody judged is at least something."""
    if one.kind is Kind.MAINTENANCE:
        return Impact.MAINTENANCE.value
    return (Impact.MINOR if one.impact is Impact.UNKNOWN else one.impact).value


def _incident(site: Site, page: PageShown, one: KnownIncident, rows: Mapping[object, Body]) -> Body:
    """`rows` are those of the page, by id."""
    id_ = site.component_id(page, one.id)
    begun = one.created_at or one.started_at or one.first_seen_at or one.moment.as_of
    monitoring = next((update.at for update in one.updates if update.phase is Phase.MONITORING), None)
    body: Body = {
        "id": id_,
        "name": f"{page.page.name}: {one.title}" if site.is_whole else one.title,
        "status": phase_word(one).value,
        "created_at": _stamp(begun),
        "updated_at": _stamp(one.updated_at or last_update_at(one)),
        "monitoring_at": _optional(monitoring),
        "resolved_at": _optional(one.resolved_at),
        "impact": _impact(one),
        "shortlink": one.url,
        "started_at": _stamp(one.started_at or begun),
        "page_id": site.id,
        "incident_updates": _updates(site, page, one, id_),
        "components": [_affected(site, page, affected, rows) for affected in one.components],
        "reminder_intervals": None,
    }
    if one.kind is Kind.MAINTENANCE:
        body |= {
            "scheduled_for": _stamp(one.scheduled_for or begun),
            "scheduled_until": _optional(one.scheduled_until),
        }
    return body


def _updates(site: Site, page: PageShown, one: KnownIncident, id_: str) -> list[Body]:
    """The newest first. One that names no phase has that of the one before it."""
    found: list[Body] = []
    phase = Phase.SCHEDULED if one.kind is Kind.MAINTENANCE else Phase.INVESTIGATING
    for update in one.updates:
        phase = update.phase if update.phase in _INCIDENT_PHASES | _MAINTENANCE_PHASES else phase
        found.append(_update(site, page, update, phase, id_))
    return found[::-1]


def _update(site: Site, page: PageShown, update: KnownUpdate, phase: Phase, incident_id: str) -> Body:
    at = _stamp(update.at)
    return {
        "id": update.key,
        "status": phase.value,
        "body": update.text,
        "incident_id": incident_id,
        "created_at": at,
        "updated_at": _stamp(update.updated_at or update.at),
        "display_at": at,
        "affected_components": [_touched(site, page, one) for one in update.components] or None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _touched(site: Site, page: PageShown, one: AffectedComponent) -> Body:
    word = COMPONENT_WORDS[one.status]
    name = f"{one.group} - {one.name}" if one.group else one.name
    return {"code": site.component_id(page, one.id or one.name), "name": name, "old_status": word, "new_status": word}


def _affected(site: Site, page: PageShown, one: AffectedComponent, rows: Mapping[object, Body]) -> Body:
    """Its row on the page with the level that the incident gives it; of one that is not there any more, what the
    incident knows."""
    level = Status.UNKNOWN if page.look.is_stale else one.status
    id_ = site.component_id(page, one.id or one.name)
    words: Body = {"status": COMPONENT_WORDS[level], "statuswire_status": level.value, "description": _why(page, level)}
    return (rows.get(id_) or _row(site, id_, one.name, level, 0)) | words


def _optional(moment: datetime | None) -> str | None:
    return None if moment is None else _stamp(moment)


def _stamp(moment: datetime) -> str:
    """In milliseconds always, as Statuspage writes it: some clients know one form alone."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"
