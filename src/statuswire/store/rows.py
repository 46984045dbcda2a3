"""Rows to model values and back: what every table of the store looks like from outside.

A row is read by position, in the order of the `..._COLUMNS` list beside its reader, because a page is read on every
changed document and a lookup by name would double the cost.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from statuswire.errors import StoreError, StoreReason
from statuswire.model import (
    AffectedComponent,
    Feed,
    FeedHealth,
    FeedSpec,
    FeedState,
    Hook,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
    Page,
    Phase,
    Role,
    Source,
    Status,
)
from statuswire.store.base import Row

# --- time, text and lists ---------------------------------------------------------------------------------------

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY_US = 86_400_000_000

_encode = msgspec.json.Encoder().encode
_decode_words = msgspec.json.Decoder(tuple[str, ...]).decode
_decode_components = msgspec.json.Decoder(tuple[AffectedComponent, ...]).decode
_decode_headers = msgspec.json.Decoder(dict[str, str]).decode

_STATUS = {status.value: status for status in Status}
_PHASE: dict[str | None, Phase] = {phase.value: phase for phase in Phase}
_IMPACT = {impact.value: impact for impact in Impact}
_KIND = {kind.value: kind for kind in Kind}
_SOURCE = {source.value: source for source in Source}


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC, exact. Raises TypeError for a naive time."""
    delta = moment - _EPOCH
    return delta.days * _DAY_US + delta.seconds * 1_000_000 + delta.microseconds


def maybe_micros(moment: datetime | None) -> int | None:
    return None if moment is None else micros(moment)


def time_of(value: int) -> datetime:
    return _EPOCH + timedelta(0, 0, value)


def maybe_time(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(0, 0, value)


def maybe_moment(as_of: int | None, served_at: int | None) -> Moment | None:
    if as_of is None or served_at is None:
        return None
    return Moment(time_of(as_of), time_of(served_at))


def maybe_status(value: str | None) -> Status | None:
    return None if value is None else _STATUS[value]


def clean(text: str) -> str:
    """Text that every engine can keep: no NUL (PostgreSQL refuses it), no lone surrogates (none can encode them)."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def maybe_clean(text: str | None) -> str | None:
    return None if text is None else clean(text)


def words_json(words: tuple[str, ...]) -> str:
    return _encode([clean(word) for word in words]).decode() if words else "[]"


def components_json(components: tuple[AffectedComponent, ...]) -> str:
    if not components:
        return "[]"
    return _encode([_clean_component(component) for component in components]).decode()


def _clean_component(component: AffectedComponent) -> AffectedComponent:
    group = maybe_clean(component.group)
    return AffectedComponent(clean(component.id), clean(component.name), group, component.status)


def headers_json(hook: Hook) -> str:
    return (
        _encode({clean(name): clean(value) for name, value in hook.headers.items()}).decode() if hook.headers else "{}"
    )


def damaged(what: str, error: Exception) -> StoreError:
    """For a stored value that no version of ours wrote."""
    return StoreError(
        StoreReason.CORRUPT, f"a stored {what} cannot be read: {type(error).__name__}: {error}", is_permanent=True
    )


# --- pages and feeds --------------------------------------------------------------------------------------------

PAGE_COLUMNS = (
    "page.id, page.slug, page.name, page.url, page.platform, page.origin, page.provider_id, page.time_zone,"
    " page_state.status, page.allow_private"
)
PAGE_TABLES = "page LEFT JOIN page_state ON page_state.page_id = page.id"


def fold_name(name: str) -> str:
    """The form in which two names of a page are the same name."""
    return " ".join(clean(name).casefold().split())


def page(row: Row) -> Page:
    id_, slug, name, url, platform, origin, provider_id, time_zone, status, allow_private = row
    return Page(
        id=id_,
        slug=slug,
        name=name,
        url=url,
        platform=platform,
        origin=origin,
        provider_id=provider_id,
        time_zone=time_zone,
        status=maybe_status(status),
        allow_private=bool(allow_private),
    )


FEED_COLUMNS = (
    "id, page_id, url, role, tier, accept, etag, last_modified, wire_digest, state, failures, failing_since,"
    " last_ok_at, last_error, due_at, polls, not_modified, read_at, as_of, served_at"
)


def feed(row: Row) -> Feed:
    return Feed(
        id=row[0],
        page_id=row[1],
        spec=FeedSpec(row[2], Role(row[3]), row[4], row[5]),
        etag=row[6],
        last_modified=row[7],
        wire_digest=bytes(row[8] or b""),
        health=FeedHealth(FeedState(row[9]), row[10], maybe_time(row[11]), maybe_time(row[12]), row[13]),
        due_at=maybe_time(row[14]),
        polls=row[15],
        not_modified=row[16],
        read_at=maybe_time(row[17]),
        moment=maybe_moment(row[18], row[19]),
    )


def feed_params(feed: Feed) -> dict[str, object]:
    return {
        "id": feed.id,
        "etag": clean(feed.etag),
        "last_modified": clean(feed.last_modified),
        "wire_digest": feed.wire_digest,
        "state": feed.health.state.value,
        "failures": feed.health.failures,
        "failing_since": maybe_micros(feed.health.failing_since),
        "last_ok_at": maybe_micros(feed.health.last_ok_at),
        "last_error": clean(feed.health.last_error),
        "due_at": maybe_micros(feed.due_at),
        "polls": feed.polls,
        "not_modified": feed.not_modified,
        "read_at": maybe_micros(feed.read_at),
        "as_of": maybe_micros(feed.moment.as_of if feed.moment else None),
        "served_at": maybe_micros(feed.moment.served_at if feed.moment else None),
    }


# --- components -------------------------------------------------------------------------------------------------

COMPONENT_COLUMNS = "id, name, group_name, status, raw_status, updated_at, as_of, served_at, since, position, missing"


def component(row: Row) -> KnownComponent:
    id_, name, group, status, raw_status, updated_at, as_of, served_at, since, position, missing = row
    return KnownComponent(
        id_,
        name,
        group,
        _STATUS[status],
        raw_status,
        maybe_time(updated_at),
        Moment(time_of(as_of), time_of(served_at)),
        time_of(since),
        position,
        missing,
    )


def component_params(page_id: int, component: KnownComponent) -> dict[str, object]:
    return {
        "page_id": page_id,
        "id": clean(component.id),
        "name": clean(component.name),
        "group_name": maybe_clean(component.group),
        "status": component.status.value,
        "raw_status": clean(component.raw_status),
        "updated_at": maybe_micros(component.updated_at),
        "as_of": micros(component.moment.as_of),
        "served_at": micros(component.moment.served_at),
        "since": micros(component.since),
        "position": component.position,
        "missing": component.missing,
    }


# --- incidents and their updates --------------------------------------------------------------------------------

INCIDENT_COLUMNS = (
    "id, kind, title, phase, impact, url, as_of, served_at, components, aliases, created_at, started_at,"
    " resolved_at, updated_at, scheduled_for, scheduled_until, absent_as_of, absent_served_at, absences, is_told,"
    " cycle, revision, first_seen_at, raw_phase, raw_impact"
)


def incident(row: Row, updates: tuple[KnownUpdate, ...]) -> KnownIncident:
    return KnownIncident(
        row[0],
        _KIND[row[1]],
        row[2],
        _PHASE[row[3]],
        _IMPACT[row[4]],
        row[5],
        Moment(time_of(row[6]), time_of(row[7])),
        () if row[8] == "[]" else _decode_components(row[8]),
        updates,
        () if row[9] == "[]" else _decode_words(row[9]),
        maybe_time(row[10]),
        maybe_time(row[11]),
        maybe_time(row[12]),
        maybe_time(row[13]),
        maybe_time(row[14]),
        maybe_time(row[15]),
        maybe_moment(row[16], row[17]),
        row[18],
        bool(row[19]),
        row[20],
        row[21],
        maybe_time(row[22]),
        row[23],
        row[24],
    )


def incident_params(page_id: int, incident: KnownIncident) -> dict[str, object]:
    absent = incident.absent_since
    return {
        "page_id": page_id,
        "id": clean(incident.id),
        "kind": incident.kind.value,
        "title": clean(incident.title),
        "phase": incident.phase.value,
        "impact": incident.impact.value,
        "url": clean(incident.url),
        "as_of": micros(incident.moment.as_of),
        "served_at": micros(incident.moment.served_at),
        "components": components_json(incident.components),
        "aliases": words_json(incident.aliases),
        "created_at": maybe_micros(incident.created_at),
        "started_at": maybe_micros(incident.started_at),
        "resolved_at": maybe_micros(incident.resolved_at),
        "updated_at": maybe_micros(incident.updated_at),
        "scheduled_for": maybe_micros(incident.scheduled_for),
        "scheduled_until": maybe_micros(incident.scheduled_until),
        "absent_as_of": maybe_micros(absent.as_of if absent else None),
        "absent_served_at": maybe_micros(absent.served_at if absent else None),
        "absences": incident.absences,
        "is_told": int(incident.is_told),
        "cycle": incident.cycle,
        "revision": incident.revision,
        "first_seen_at": maybe_micros(incident.first_seen_at),
        "raw_phase": clean(incident.raw_phase),
        "raw_impact": clean(incident.raw_impact),
        "is_open": int(incident.is_open),
        "begun_at": micros(begun_at(incident)),
    }


def begun_at(incident: KnownIncident) -> datetime:
    """The moment by which incidents are listed: the planned or told beginning, else when we first saw it."""
    return (
        incident.scheduled_for
        or incident.started_at
        or incident.created_at
        or incident.first_seen_at
        or incident.moment.as_of
    )


UPDATE_COLUMNS = (
    "key, seq, phase, text, at, fold, ids, revisions, updated_at, raw, raw_phase, source, has_own_time, is_told,"
    " seen_at, components"
)


def update(row: Row) -> KnownUpdate:
    phase, ids, revisions, components = row[2], row[6], row[7], row[15]
    return KnownUpdate(
        row[0],
        row[1],
        None if phase is None else _PHASE[phase],
        row[3],
        time_of(row[4]),
        row[5],
        () if ids == "[]" else _decode_words(ids),
        () if revisions == "[]" else _decode_words(revisions),
        maybe_time(row[8]),
        row[9],
        row[10],
        _SOURCE[row[11]],
        bool(row[12]),
        bool(row[13]),
        maybe_time(row[14]),
        () if components == "[]" else _decode_components(components),
    )


def update_params(page_id: int, incident_id: str, update: KnownUpdate) -> dict[str, object]:
    return {
        "page_id": page_id,
        "incident_id": clean(incident_id),
        "key": clean(update.key),
        "seq": update.seq,
        "phase": None if update.phase is None else update.phase.value,
        "text": clean(update.text),
        "at": micros(update.at),
        "fold": clean(update.fold),
        "ids": words_json(update.ids),
        "revisions": words_json(update.revisions),
        "updated_at": maybe_micros(update.updated_at),
        "raw": clean(update.raw),
        "raw_phase": clean(update.raw_phase),
        "source": update.source.value,
        "has_own_time": int(update.has_own_time),
        "is_told": int(update.is_told),
        "seen_at": maybe_micros(update.seen_at),
        "components": components_json(update.components),
    }


# --- hooks ------------------------------------------------------------------------------------------------------

HOOK_COLUMNS = "id, source, message_id, platform, body, headers, page_slug, provider, received_at, attempts"


def hook(row: Row) -> Hook:
    id_, source, message_id, platform, body, headers, page_slug, provider, received_at, attempts = row
    return Hook(
        source=source,
        message_id=message_id,
        platform=platform,
        body=bytes(body),
        received_at=time_of(received_at),
        headers=_decode_headers(headers),
        page_slug=page_slug,
        provider=provider,
        id=id_,
        attempts=attempts,
    )


def hook_params(hook: Hook) -> dict[str, object]:
    return {
        "source": clean(hook.source),
        "message_id": clean(hook.message_id),
        "platform": clean(hook.platform),
        "body": hook.body,
        "headers": headers_json(hook),
        "page_slug": clean(hook.page_slug),
        "provider": clean(hook.provider),
        "received_at": micros(hook.received_at),
    }
