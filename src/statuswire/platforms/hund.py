"""Hund status pages: the feed of issues, and webhooks of both versions.

Documentation: <https://hund.io/help/documentation/outgoing-webhooks>, the same for version 1, and live event streams
(checked 2026-11); a feed was captured in 2026-05. No public list of components exists: the API wants the owner's key
and the page itself listens to a stream. A feed entry is one issue, rewritten with its latest words; its label stands in
brackets before the title, in the language of the page. Webhooks come by POST or PUT as the subscriber chose, unsigned,
with moments in UNIX seconds. Of the issue inside them the fields of the live event streams are read: `id`, `title`,
`body` in HTML, `label` and `components`, and beside them flags and updates, which no public document shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
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
from statuswire.platforms.addresses import root_of, single_feed, web_url
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import oldest_first, worst_impact
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feed_titles import PHASES
from statuswire.platforms.feeds import FeedDocument, read_feed
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    fold_word,
    ident,
    items,
    load_json,
    moment,
    normalise_url,
    plain,
    require_mapping,
    text,
    title,
    url_path_tail,
)
from statuswire.platforms.remembering import known_again
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import UNCHANGED_WORDS

NAME: Final = "hund"
FEED: Final = "/state_feed/feed"
_ENTRY: Final = ":State::FeedNotifier::Entry/"
_ATOM: Final = FeedSpec("", Role.ENTRIES, accept="application/atom+xml, application/xml;q=0.9")

LEVELS: Final[Mapping[str, Status]] = {
    "operational": Status.OPERATIONAL,
    "restored": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "outage": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
    "pending": Status.UNKNOWN,
}

KINDS: Final[Mapping[str, Phase | None]] = {
    "issuecreated": None,
    "issueupdated": None,
    "issuereopened": Phase.INVESTIGATING,
    "issueresolved": Phase.RESOLVED,
    "issueended": Phase.RESOLVED,
    "issuecancelled": Phase.CANCELLED,
    "issuestarted": Phase.INVESTIGATING,
}
"""What the name of an event says of the issue. Only the first two and `issue_resolved` are documented."""

_OF_PLAN: Final[Mapping[Phase, Phase]] = {
    Phase.INVESTIGATING: Phase.IN_PROGRESS,
    Phase.IDENTIFIED: Phase.IN_PROGRESS,
    Phase.MONITORING: Phase.VERIFYING,
    Phase.RESOLVED: Phase.COMPLETED,
}

Fields = Mapping[str, object]


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page's feed, or the very feed that `page_url` names; none for what is no address."""
    alone = single_feed(page_url, ((FEED, _ATOM),))
    root = root_of(page_url)
    return alone or ((replace(_ATOM, url=f"{root}{FEED}"),) if root else ())


# --- feed ------------------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """The issues that the feed tells of, each with its latest words. Raises ParseError."""
    feed = read_feed(document)
    if feed.entries and not _is_own(feed):
        raise ParseError(ParseReason.SHAPE, "no entries of Hund's feed: another product's")
    told = feed_snapshot(NAME, feed, document)
    return replace(told, incidents=tuple(map(_by_issue, told.incidents)))


@known_again
def _by_issue(incident: Incident) -> Incident:
    """The issue's id stands at the end of its link, and webhooks have the same."""
    issue = url_path_tail(incident.url) if "/issues/" in incident.url else ""
    if not issue:
        return incident
    names = dict.fromkeys((normalise_url(incident.url), *incident.aliases))
    return replace(incident, id=issue, aliases=tuple(name for name in names if name != issue))


def _is_own(feed: FeedDocument) -> bool:
    return any(_ENTRY in entry.id for entry in feed.entries)


# --- hooks -----------------------------------------------------------------------------------------------------------


def parse_hook(document: Document) -> Snapshot:
    """An issue or the level of a component, in either version. Raises ParseError."""
    fields = require_mapping(load_json(document), "the body")
    event = as_mapping(fields.get("event"))
    if event.get("kind") and isinstance(event.get("eventable"), dict):
        return _read_event(event, fields, document)
    component = as_mapping(fields.get("component"))
    if isinstance(component.get("status"), dict) and component.get("url"):
        return _read_first_version(component, fields)
    raise ParseError(ParseReason.SHAPE, "neither event nor component: not a webhook of Hund")


def _read_first_version(row: Fields, fields: Fields) -> Snapshot:
    """Version 1 tells of components only."""
    problems: list[Problem] = []
    client, meta = as_mapping(fields.get("client")), as_mapping(fields.get("meta"))
    word = as_mapping(row["status"]).get("state")
    level = choose(word, LEVELS, Status.UNKNOWN, "component.status.state", problems)
    own_id = url_path_tail(text(row.get("url")))
    group = title(row.get("group")) or None
    told = Component(own_id, title(row.get("name")), group, level, text(word, 200), moment(meta.get("created_at")))
    if not own_id:
        problems.append(Problem("component", "a component without an id in its address"))
    return Snapshot(
        NAME,
        page=PageFacts(name=title(client.get("name")) or None, url=web_url(client.get("url")) or None),
        components=(told,) if own_id else (),
        problems=tuple(problems),
        event_name=text(word, 200),
    )


def _read_event(event: Fields, fields: Fields, document: Document) -> Snapshot:
    problems: list[Problem] = []
    subject, contexts = as_mapping(event["eventable"]), as_mapping(event.get("contexts"))
    incident, components = None, _components(event, subject, contexts, problems)
    if _is_issue(event, subject):
        incident = _issue(event, subject, contexts, document, problems)
    elif not components:
        problems.append(Problem("event.kind", f"unknown word {text(event.get('kind'), 60)!r}"))
    links = as_mapping(as_mapping(as_mapping(fields.get("_embedded")).get("status_page")).get("_links"))
    page_url = web_url(as_mapping(links.get("self-view")).get("href"))
    if incident and page_url:
        incident = replace(incident, url=f"{root_of(page_url)}/issues/{incident.id}")
    return Snapshot(
        NAME,
        page=PageFacts(name=title(as_mapping(fields.get("status_page")).get("name")) or None, url=page_url or None),
        components=components,
        incidents=(incident,) if incident else (),
        problems=tuple(problems),
        event_name=text(event.get("kind"), 200),
    )


def _is_issue(event: Fields, subject: Fields) -> bool:
    return subject.get("type") == "issue" or fold_word(text(event.get("kind"), 200)).startswith("issue")


def _rows_of_components(subject: Fields, contexts: Fields) -> Iterable[Fields]:
    """A component may be the subject, hang in it, or stand beside it; the list of an issue is `contexts.components`."""
    for holder in (contexts, subject):
        listed = holder.get("components")
        yield from (as_mapping(row) for row in listed if isinstance(row, dict)) if isinstance(listed, list) else ()
        if isinstance(holder.get("component"), dict):
            yield as_mapping(holder["component"])
    if subject.get("type") == "component":
        yield subject


def _components(event: Fields, subject: Fields, contexts: Fields, problems: list[Problem]) -> tuple[Component, ...]:
    """With the level that stands beside each; the event of a component's own is the level of that one."""
    own_word = subject.get("state") or event.get("kind")
    is_own = not _is_issue(event, subject)
    found: dict[str, Component] = {}
    for row in _rows_of_components(subject, contexts):
        own_id, stated = ident(row.get("id")), as_mapping(row.get("status")).get("state") or row.get("state")
        word = own_word if is_own else stated
        if not own_id or own_id in found or not word:
            continue
        level = choose(word, LEVELS, Status.UNKNOWN, f"component {own_id}.state", problems)
        group = title(as_mapping(row.get("group")).get("name") or row.get("group")) or None
        found[own_id] = Component(
            own_id, title(row.get("name")), group, level, text(word, 200), moment(event.get("created_at")),
            lacks_group=group is None,
        )  # fmt: skip
    return tuple(found.values())


def _issue(
    event: Fields, subject: Fields, contexts: Fields, document: Document, problems: list[Problem]
) -> Incident | None:
    own_id = ident(subject.get("id")) or ident(as_mapping(contexts.get("issue")).get("id"))
    if not own_id:
        problems.append(Problem("event.eventable", "an issue without id"))
        return None
    row = subject if title(subject.get("title")) else as_mapping(contexts.get("issue")) or subject
    is_planned = flag(row.get("scheduled")) or fold_word(text(row.get("specialization"), 60)) == "maintenance"
    label = text(row.get("label"), 200)
    phase = _phase(event, row, label, problems, is_planned=is_planned)
    if phase is None and is_planned and moment(row.get("began_at")):
        is_ahead = (moment(row.get("began_at")) or document.received_at) > document.received_at
        phase = Phase.SCHEDULED if is_ahead else Phase.IN_PROGRESS
    affected = _affected(row, contexts, problems)
    began, ended = moment(row.get("began_at")), moment(row.get("ended_at"))
    is_over = phase is not None and phase.is_closed
    return Incident(
        own_id,
        title(row.get("title")) or "Issue",
        Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase,
        Impact.MAINTENANCE if is_planned else worst_impact(one.status for one in affected or ()),
        created_at=moment(row.get("created_at")) or _born(own_id),
        started_at=None if is_planned else began,
        resolved_at=(ended or moment(event.get("created_at"))) if is_over else None,
        scheduled_for=began if is_planned else None,
        scheduled_until=ended if is_planned else None,
        components=affected,
        updates=_updates(event, row, contexts, own_id, problems),
        raw_phase=label or text(event.get("kind"), 200),
    )


def _phase(event: Fields, row: Fields, label: str, problems: list[Problem], *, is_planned: bool) -> Phase | None:
    """By the flags, then by the name of the event, then by the owner's label."""
    kind = text(event.get("kind"), 200)
    found = KINDS.get(fold_word(kind))
    if flag(row.get("cancelled")) or row.get("cancelled_at"):
        found = Phase.CANCELLED
    elif flag(row.get("resolved")):
        found = Phase.RESOLVED
    elif found is None and label and fold_word(label) not in UNCHANGED_WORDS:
        found = choose(label, PHASES, Phase.UNKNOWN, "event.eventable.label", problems)
    elif found is None and fold_word(kind) not in KINDS:
        problems.append(Problem("event.kind", f"unknown word {kind[:60]!r}"))
    return _OF_PLAN.get(found, found) if found and is_planned else found


def _affected(row: Fields, contexts: Fields, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    listed = contexts.get("components") if contexts.get("components") is not None else row.get("components")
    if listed is None:
        return None
    found = []
    for place, one in items(listed, "components", problems):
        level = choose(one.get("state"), LEVELS, Status.UNKNOWN, f"components[{place}].state", problems)
        if ident(one.get("id")) or title(one.get("name")):
            found.append(AffectedComponent(ident(one.get("id")), title(one.get("name")), None, level))
    return tuple(found)


def _updates(
    event: Fields, row: Fields, contexts: Fields, own_id: str, problems: list[Problem]
) -> tuple[IncidentUpdate, ...]:
    """The updates that are there, else the body, which is what was written when the issue was opened."""
    listed = row.get("updates") if isinstance(row.get("updates"), list) else contexts.get("updates")
    rows = [as_mapping(one) for one in listed] if isinstance(listed, list) else []
    single = as_mapping(contexts.get("update") or contexts.get("issue_update"))
    told = [_update(one, problems) for one in (*rows, *((single,) if single else ()))]
    once = {one.id or one.text: one for one in told if one.text}
    if once:
        return oldest_first(once.values())
    is_new = fold_word(text(event.get("kind"), 200)) == "issuecreated"
    opened = {
        "body": row.get("body"),
        "label": row.get("label") if is_new else "",
        "created_at": row.get("created_at") or (event.get("created_at") if is_new else None),
    }
    first = _update(opened, problems)
    first = first if first.at else replace(first, at=_born(own_id))
    return (first,) if first.text else ()


def _update(row: Fields, problems: list[Problem]) -> IncidentUpdate:
    """Labels are the owner's: one that no table knows is unknown, and named."""
    words, raw = plain(text(row.get("body")))
    label = text(row.get("label"), 200)
    phase = None
    if label and fold_word(label) not in UNCHANGED_WORDS:
        phase = choose(label, PHASES, Phase.UNKNOWN, "event.eventable.updates.label", problems)
    at = moment(row.get("effective_at") or row.get("created_at"))
    return IncidentUpdate(ident(row.get("id")), phase, words, at, None, raw, label)


def _born(object_id: str) -> datetime | None:
    """The moment in the first eight digits of an id of 24 hexadecimal ones."""
    is_object_id = len(object_id) == 24 and all(digit in "0123456789abcdef" for digit in object_id)
    return datetime.fromtimestamp(int(object_id[:8], 16), UTC) if is_object_id else None


def recognize(sight: Sight) -> bool:
    """By the ids of the feed's entries, or the body of a webhook."""
    fields = sight.fields
    if fields:
        event, component = as_mapping(fields.get("event")), as_mapping(fields.get("component"))
        is_event = isinstance(event.get("eventable"), dict) and "kind" in event and "subscription" in fields
        return is_event or ("client" in fields and "meta" in fields and isinstance(component.get("status"), dict))
    return sight.feed is not None and _is_own(sight.feed)


PLATFORM: Final = Platform(
    name=NAME,
    title="Hund",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=("hund.io",),
    marks=("hund.io/",),
    probes=(FEED,),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the issue's id at the end of its link, in hooks alike; components have levels in hooks only",
        absence="nothing",
        confidence=Confidence.LOW,
    ),
)
