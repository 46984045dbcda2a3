"""incident.io's account webhooks: sent through Svix to the organisation's own receivers, never to visitors of a page.

A body is `{"event_type": T, T: {...}}`: the second key is the event type itself. Older examples have `data` there.
From docs.incident.io (webhooks, and the OpenAPI file behind it) and generated clients, checked 2026-11:

- `status_page_incident.update_shared_v1`: `{status_page_incident, update}` with the public ids of the status page;
- `public_incident.incident_created_v2`, `..._updated_v2`: an incident as the organisation works on it, with ids of its
  own that no status page shows; `..._status_updated_v2`: `{incident, new_status, previous_status, message?}`;
- `private_incident.*`: an id and nothing else, by design;
- alerts, actions, follow-ups, schedules: nothing that a page would tell.

Names of statuses and severities belong to the organisation; a status's `category` is a closed set and decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from statuswire.errors import ParseError, ParseReason
from statuswire.fingerprint import digest
from statuswire.model import Document, Impact, Incident, IncidentUpdate, PageFacts, Phase, Problem, Snapshot
from statuswire.platforms import generic
from statuswire.platforms.incidentio_native import read_incident
from statuswire.platforms.incidentio_terms import NAME
from statuswire.platforms.reading import as_mapping, fold_word, ident, load_json, moment, plain, text, title, ulid_time
from statuswire.platforms.words import IMPACT_WORDS, PHASE_WORDS

CATEGORIES: dict[str, Phase | None] = {
    "triage": Phase.INVESTIGATING,
    "live": Phase.INVESTIGATING,
    "active": Phase.INVESTIGATING,
    "paused": None,
    "learning": Phase.RESOLVED,
    "post-incident": Phase.RESOLVED,
    "closed": Phase.RESOLVED,
    "merged": Phase.RESOLVED,
    "declined": Phase.CANCELLED,
    "canceled": Phase.CANCELLED,
}
"""Categories of an incident's status. A paused incident stands where it stood."""

_SHARED = ("status_page_incident", "status_page_maintenance")


def event_type_of(body: Mapping[str, object]) -> str:
    return text(body.get("event_type"))


def is_hook(body: Mapping[str, object]) -> bool:
    """True where the event type is also a key, which nobody else does."""
    kind = event_type_of(body)
    return bool(kind) and isinstance(body.get(kind), dict)


def is_own_hook(body: Mapping[str, object]) -> bool:
    """True for such a body whose event type is one that tells of incidents."""
    return is_hook(body) and event_type_of(body).startswith(tuple(prefix for prefix, _ in _READERS))


def parse_hook(document: Document) -> Snapshot:
    """What an account webhook says. Raises ParseError for a body that is none."""
    body = load_json(document)
    if not isinstance(body, dict) or not event_type_of(body):
        raise ParseError(ParseReason.SHAPE, "not an incident.io webhook: no event_type")
    return read_hook(body, document)


def read_hook(body: Mapping[str, object], document: Document) -> Snapshot:
    kind = event_type_of(body)
    payload = as_mapping(body.get(kind)) or as_mapping(body.get("data")) or as_mapping(body.get("incident"))
    reader = next((read for prefix, read in _READERS if kind.startswith(prefix)), None)
    if reader is None and not isinstance(body.get(kind), dict) and generic.find_incidents(body):
        return generic.read(body, NAME)
    if reader is None:
        problem = Problem("event_type", f"{kind[:80]} tells nothing of incidents")
        return Snapshot(platform=NAME, event_name=kind, problems=(problem,))
    if not payload and not kind.startswith("private_"):
        raise ParseError(ParseReason.SHAPE, f"an incident.io webhook without its {kind[:80]}")
    return reader(kind, payload, document)


# --- what was shared on a status page --------------------------------------------------------------------------


def _read_shared(kind: str, payload: Mapping[str, object], document: Document) -> Snapshot:
    """An update as published on a page, with the ids that the page shows."""
    told = next((as_mapping(payload[key]) for key in _SHARED if isinstance(payload.get(key), dict)), {})
    update = as_mapping(payload.get("update"))
    incident_id = ident(told.get("id")) or ident(update.get("status_page_incident_id"))
    if not incident_id:
        raise ParseError(ParseReason.SHAPE, "a status-page update without its incident", where=kind[:80])
    problems: list[Problem] = []
    item = {
        **told,
        "id": incident_id,
        "status": told.get("incident_status") or told.get("maintenance_status") or told.get("status"),
        "updates": _merged_updates(told.get("updates"), update),
    }
    incident = read_incident(item, kind, problems, text(told.get("page_url")), {})
    return Snapshot(
        platform=NAME,
        page=PageFacts(id=ident(told.get("status_page_id")) or None),
        as_of=moment(update.get("published_at")) or incident.updated_at,
        incidents=(incident,),
        problems=tuple(problems),
        event_name=kind,
    )


def _merged_updates(listed: object, update: Mapping[str, object]) -> list[object]:
    """The listed updates and the one that the message is about, which may be among them."""
    others = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if not update:
        return list(others)
    return [*(one for one in others if ident(one.get("id")) != ident(update.get("id"))), update]


# --- what the organisation works on ----------------------------------------------------------------------------


def _read_internal(kind: str, payload: Mapping[str, object], document: Document) -> Snapshot:
    """An incident of the organisation. Its ids are marked so that they never meet those of a status page."""
    told = as_mapping(payload.get("incident")) or payload
    own_id = ident(told.get("id")) or ident(payload.get("id"))
    if not own_id:
        raise ParseError(ParseReason.SHAPE, "an incident without an id", where=kind[:80])
    problems: list[Problem] = []
    status = payload.get("new_status") or told.get("incident_status") or told.get("status")
    phase = _phase(status)
    stamp = moment(told.get("updated_at")) or moment(told.get("created_at"))
    incident = Incident(
        id=f"internal:{own_id}",
        title=title(told.get("name")) or title(told.get("reference")) or own_id,
        phase=phase,
        impact=IMPACT_WORDS.get(fold_word(_name(told.get("severity"))), Impact.UNKNOWN),
        url=text(told.get("permalink")),
        created_at=moment(told.get("created_at")) or ulid_time(own_id),
        updated_at=stamp,
        components=generic.affected_components(told, "incident", problems),
        updates=_internal_updates(kind, payload, told, phase, document),
        raw_phase=_name(status),
        raw_impact=_name(told.get("severity")),
    )
    return Snapshot(platform=NAME, as_of=stamp, incidents=(incident,), problems=tuple(problems), event_name=kind)


def _internal_updates(
    kind: str, payload: Mapping[str, object], told: Mapping[str, object], phase: Phase | None, document: Document
) -> tuple[IncidentUpdate, ...]:
    """One update for a new incident and for a change of its status; none for `incident_updated_v2`, which is also sent
    when somebody fills in a field, and whose phase and impact speak for themselves."""
    said, raw = plain(text(payload.get("message")) or text(told.get("summary")))
    status = payload.get("new_status") or told.get("incident_status") or told.get("status")
    if "incident_updated" in kind:
        return ()
    is_change = "status_updated" in kind
    at = moment(told.get("updated_at")) if is_change else None
    update = IncidentUpdate(
        id=_update_id(document, told, status) if is_change else f"internal:{ident(told.get('id'))}:created",
        phase=phase,
        text=said if is_change else plain(text(told.get("summary")))[0],
        at=at or moment(told.get("created_at")),
        raw=raw,
        raw_phase=_name(status),
    )
    return (update,)


def _update_id(document: Document, told: Mapping[str, object], status: object) -> str:
    """Changes of status have no id: that of the message, which stays the same when it is sent again."""
    message_id = document.headers.get("webhook-id") or document.headers.get("svix-id")
    if message_id:
        return f"internal:{message_id}"
    return "internal:" + digest("status", ident(told.get("id")), _name(status), text(told.get("updated_at")))[:16]


def _phase(status: object) -> Phase | None:
    """By the category; the status's own name refines it, but never turns open into closed or the reverse."""
    named = PHASE_WORDS.get(fold_word(_name(status)))
    category = text(as_mapping(status).get("category")).lower()
    if category not in CATEGORIES:
        return named if named is not None or not _name(status) else Phase.UNKNOWN
    phase = CATEGORIES[category]
    is_finer = named is not None and phase is not None and named.is_closed == phase.is_closed
    return named if is_finer else phase


def _name(value: object) -> str:
    """The name of a status or a severity, which is an object or, in handmade bodies, a word."""
    return text(as_mapping(value).get("name")) if isinstance(value, dict) else text(value)


def _read_private(kind: str, payload: Mapping[str, object], document: Document) -> Snapshot:
    """Private incidents come as an id alone, so that nothing can leak; there is nothing to tell."""
    return Snapshot(platform=NAME, event_name=kind)


_Reader = Callable[[str, Mapping[str, object], Document], Snapshot]
_READERS: tuple[tuple[str, _Reader], ...] = (
    ("status_page_", _read_shared),
    ("public_incident.incident_", _read_internal),
    ("private_incident.", _read_private),
)
