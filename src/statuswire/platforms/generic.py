"""Any JSON object with an incident in it: for senders that have no adapter, and for bodies made by hand.

Nothing is promised about the shape, so this reads what status pages, monitors and incident tools usually call things:
`{"incident": {...}}`, `{"data": {"incident": {...}}}`, a list of them, or a flat object; a status as a word or as
`{"label": ...}`; updates as a list, as one object or as a message beside the title. It covers nothing. What holds no
incident is a ParseError, so that the body is kept as unread and never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from statuswire.errors import ParseError, ParseReason
from statuswire.fingerprint import digest
from statuswire.model import (
    AffectedComponent,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Platform
from statuswire.platforms.generic_fields import (
    COMPONENT_KEYS,
    CONTAINER_KEYS,
    CREATED_KEYS,
    EVENT_KEYS,
    IMPACT_KEYS,
    INCIDENT_KEYS,
    RESOLVED_KEYS,
    SHOWN_KEYS,
    STARTED_KEYS,
    UPDATE_ID_KEYS,
    UPDATE_KEYS,
    UPDATED_KEYS,
    Fields,
    first_id,
    first_line,
    first_moment,
    first_text,
    first_title,
    first_url,
    status_word,
    word_under,
)
from statuswire.platforms.reading import (
    ITEM_LIMIT,
    as_mapping,
    choose,
    fold_word,
    ident,
    load_json,
    moment,
    plain,
    text,
    title,
    ulid_time,
)
from statuswire.platforms.words import (
    COMPONENT_WORDS,
    IMPACT_WORDS,
    PHASE_WORDS,
    STATUS_IMPACT,
    UNCHANGED_WORDS,
)

NAME = "generic"

_MAX_DEPTH = 4
_MAX_INCIDENTS = 200
_PHASE_OF_INCIDENTS = {Phase.IN_PROGRESS: Phase.INVESTIGATING, Phase.COMPLETED: Phase.RESOLVED}
"""What these words mean of an incident: "in progress" is not yet understood, "completed" is over."""
_WORD_EDGE = re.compile(r"[._:/\s-]+")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """An incident's own fields, those of the object around it, and the key that it stood under."""

    fields: Fields
    around: Fields
    key: str = ""


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """None: nobody knows where such a page would be polled."""
    return ()


def parse(document: Document) -> Snapshot:
    """Every incident in a JSON object. Raises ParseError where there is none."""
    return read(load_json(document))


def read(body: object, platform: str = NAME) -> Snapshot:
    """Every incident in a JSON value, in the name of `platform`. Raises ParseError where there is none."""
    if not isinstance(body, dict):
        raise ParseError(ParseReason.SHAPE, "not a JSON object")
    found = find_incidents(body)
    if not found:
        keys = ", ".join(sorted(text(key, 40) for key in body)[:12]) or "none"
        raise ParseError(ParseReason.SHAPE, f"no incident in it (keys: {keys})")
    problems: list[Problem] = []
    if len(found) > _MAX_INCIDENTS:
        problems.append(Problem("incidents", f"{len(found)} incidents, only the first {_MAX_INCIDENTS} are read"))
    event_name = event_name_of(body)
    told = (
        _incident(one, event_name, f"{one.key or 'incident'}[{place}]", problems)
        for place, one in enumerate(found[:_MAX_INCIDENTS])
    )
    incidents = {incident.id: incident for incident in told}
    return Snapshot(
        platform=platform,
        page=_page(body),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
        event_name=event_name,
    )


def event_name_of(body: Fields) -> str:
    """The sender's own name for what happened."""
    return next((word for key in EVENT_KEYS if isinstance(value := body.get(key), str) and (word := title(value))), "")


# --- finding ---------------------------------------------------------------------------------------------------


def find_incidents(body: Fields) -> list[Found]:
    """The incidents nearest to the top: under a key that says so, else an object that has a title and a status."""
    level: list[Fields] = [body]
    for _ in range(_MAX_DEPTH):
        found = [one for fields in level for one in _named_incidents(fields)]
        found = found or [Found(fields, {}) for fields in level if _is_flat_incident(fields)]
        if found:
            return found
        level = [inner for fields in level for inner in _containers(fields)][:_MAX_INCIDENTS]
    return []


def _named_incidents(fields: Fields) -> Iterator[Found]:
    for key in INCIDENT_KEYS:
        value = fields.get(key)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and _is_named_incident(one):
                yield Found(one, fields, key)


def _is_named_incident(fields: Fields) -> bool:
    return bool(first_title(fields) or first_text(fields)) or (bool(first_id(fields)) and bool(status_word(fields)))


def _is_flat_incident(fields: Fields) -> bool:
    return bool(first_title(fields)) and bool(status_word(fields) or word_under(fields, IMPACT_KEYS))


def _containers(fields: Fields) -> Iterator[Fields]:
    for key in CONTAINER_KEYS:
        value = fields.get(key)
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict))


# --- reading ---------------------------------------------------------------------------------------------------


def _incident(found: Found, event_name: str, where: str, problems: list[Problem]) -> Incident:
    fields = found.fields
    word = status_word(fields) or status_word(found.around)
    level = _level(word)
    is_maintenance = _is_maintenance(found, word)
    phase = _phase(word, is_maintenance, where, problems) if word else _phase_of_event(event_name)
    name = first_title(fields) or first_line(fields) or _identity(found) or event_name
    updates = _updates(found, phase, is_maintenance, where, problems)
    return Incident(
        id=_identity(found) or "g-" + digest("generic", name.casefold())[:16],
        title=name,
        kind=Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT,
        phase=phase,
        impact=_impact(fields, level, is_maintenance, where, problems),
        url=first_url(fields) or first_url(found.around),
        created_at=first_moment(fields, CREATED_KEYS) or ulid_time(_identity(found)),
        started_at=first_moment(fields, STARTED_KEYS),
        resolved_at=first_moment(fields, RESOLVED_KEYS) if phase is None or phase.is_closed else None,
        updated_at=first_moment(fields, UPDATED_KEYS),
        scheduled_for=moment(fields.get("scheduled_for")),
        scheduled_until=moment(fields.get("scheduled_until")),
        components=affected_components(fields, where, problems, fallback=found.around),
        updates=updates,
        raw_phase=word,
        raw_impact=word_under(fields, IMPACT_KEYS),
    )


def _identity(found: Found) -> str:
    """The incident's id, else that of the object around it, unless that is an envelope with an event's id."""
    own = first_id(found.fields)
    return own if own or event_name_of(found.around) else first_id(found.around)


def _is_maintenance(found: Found, word: str) -> bool:
    fields = found.fields
    hints = (found.key, text(fields.get("type")), text(fields.get("kind")), word, word_under(fields, IMPACT_KEYS))
    if any("maintenance" in hint.lower() for hint in hints) or moment(fields.get("scheduled_for")):
        return True
    return PHASE_WORDS.get(fold_word(word)) in (Phase.SCHEDULED, Phase.VERIFYING)


def _phase(word: str, is_maintenance: bool, where: str, problems: list[Problem]) -> Phase | None:
    """The phase of a status word. A monitor's level is one too: what is up is over, what is not has begun."""
    folded = fold_word(word)
    if not word or folded in UNCHANGED_WORDS:
        return None
    phase = PHASE_WORDS.get(folded)
    if phase is not None:
        return phase if is_maintenance else _PHASE_OF_INCIDENTS.get(phase, phase)
    level = COMPONENT_WORDS.get(folded, Status.UNKNOWN)
    if level is Status.UNKNOWN:
        problems.append(Problem(f"{where}.status", f"unknown word {word[:60]!r}"))
        return Phase.UNKNOWN
    return Phase.RESOLVED if level is Status.OPERATIONAL else Phase.INVESTIGATING


def _phase_of_event(event_name: str) -> Phase | None:
    """`incident.resolved` says it where no status does."""
    last = _WORD_EDGE.split(event_name.lower())[-1] if event_name else ""
    return Phase.INVESTIGATING if last in ("created", "triggered") else PHASE_WORDS.get(last)


def _level(word: str) -> Status:
    """The level that a status word names, where it is no phase."""
    folded = fold_word(word)
    return Status.UNKNOWN if folded in PHASE_WORDS else COMPONENT_WORDS.get(folded, Status.UNKNOWN)


def _impact(fields: Fields, level: Status, is_maintenance: bool, where: str, problems: list[Problem]) -> Impact:
    if is_maintenance:
        return Impact.MAINTENANCE
    told = choose(word_under(fields, IMPACT_KEYS), IMPACT_WORDS, Impact.UNKNOWN, f"{where}.impact", problems)
    if told is Impact.UNKNOWN and level is not Status.OPERATIONAL:
        return STATUS_IMPACT.get(level, Impact.UNKNOWN)
    return told


def _updates(
    found: Found, phase: Phase | None, is_maintenance: bool, where: str, problems: list[Problem]
) -> tuple[IncidentUpdate, ...]:
    """The listed updates, oldest first, else the one that the body itself is."""
    for fields in (found.fields, found.around):
        for key in UPDATE_KEYS:
            value = fields.get(key)
            listed = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
            some = _first_items(listed, f"{where}.{key}", problems)
            if read := [_update(one, is_maintenance, f"{where}.{key}", problems) for one in some]:
                return _oldest_first([one for one in read if one is not None])
    said, raw = plain(first_text(found.fields) or first_text(found.around))
    at = first_moment(found.fields, SHOWN_KEYS) or first_moment(found.around, SHOWN_KEYS)
    return (IncidentUpdate("", phase, said, at, raw=raw, raw_phase=status_word(found.fields)),)


def _update(item: object, is_maintenance: bool, where: str, problems: list[Problem]) -> IncidentUpdate | None:
    fields = {"message": item} if isinstance(item, str) else as_mapping(item)
    if not fields:
        problems.append(Problem(where, "an update that is neither a text nor an object"))
        return None
    said, raw = plain(first_text(fields) or first_title(fields))
    word = status_word(fields)
    phase = _phase(word, is_maintenance, where, problems)
    return IncidentUpdate(
        first_id(fields, UPDATE_ID_KEYS), phase, said, first_moment(fields, SHOWN_KEYS), raw=raw, raw_phase=word
    )


def _oldest_first(updates: list[IncidentUpdate]) -> tuple[IncidentUpdate, ...]:
    """Turned round where the times go down; one without a time keeps its place between its neighbours."""
    times = [update.at for update in updates if update.at is not None]
    if times and times[0] > times[-1]:
        updates.reverse()
    if len(times) == len(updates):
        updates.sort(key=lambda update: update.at or _EARLIEST)
    return tuple(updates)


def affected_components(
    fields: Fields, where: str, problems: list[Problem], *, fallback: Fields | None = None
) -> tuple[AffectedComponent, ...] | None:
    """The components that an object names, as texts, as objects, one or a list; None where it names none at all."""
    for source in (fields, fallback or {}):
        for key in COMPONENT_KEYS:
            if source.get(key) is not None:
                value = source[key]
                listed = value if isinstance(value, list) else [value]
                some = _first_items(listed, f"{where}.{key}", problems)
                return tuple(_components(some, f"{where}.{key}", problems))
    return None


def _first_items(listed: list[object], where: str, problems: list[Problem]) -> list[object]:
    """As many as any list is read to."""
    if len(listed) > ITEM_LIMIT:
        problems.append(Problem(where, f"{len(listed)} items, only the first {ITEM_LIMIT} are read"))
    return listed[:ITEM_LIMIT]


def _components(listed: list[object], where: str, problems: list[Problem]) -> Iterator[AffectedComponent]:
    for place, one in enumerate(listed):
        fields = {"name": one} if isinstance(one, str) else as_mapping(one)
        name = title(fields.get("name") or fields.get("title") or fields.get("label"))
        if name:
            word = title(fields.get("new_status")) or status_word(fields)
            status = choose(word, COMPONENT_WORDS, Status.UNKNOWN, f"{where}[{place}].status", problems)
            group = title(fields.get("group_name") or fields.get("group")) or None
            yield AffectedComponent(ident(fields.get("id")), name, group, status)
        else:
            problems.append(Problem(f"{where}[{place}]", "a component without a name"))


def _page(body: Fields) -> PageFacts:
    for key in ("page", "status_page", "statuspage"):
        page = as_mapping(body.get(key)) or as_mapping(as_mapping(body.get("data")).get(key))
        if page:
            return PageFacts(
                id=ident(page.get("id")) or None,
                name=first_title(page) or None,
                url=first_url(page).rstrip("/") or None,
            )
    return PageFacts()


PLATFORM = Platform(name=NAME, title="Any JSON with an incident in it", feeds=feeds, parse=parse, parse_hook=parse)
