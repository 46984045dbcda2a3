"""Small values in the shape that the rest of the program hands to the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from statuswire.model import (
    AffectedComponent,
    Event,
    EventIncident,
    EventType,
    EventUpdate,
    Hook,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
    Page,
    PageRef,
    Phase,
    Source,
    Status,
)
from statuswire.store import Tx, queries

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def moment(count: float = 0) -> Moment:
    return Moment(minutes(count), minutes(count + 0.5))


def acme(tx: Tx) -> Page:
    return queries.upsert_page(
        tx,
        slug="acme",
        name="Acme Relay",
        url="https://status.acme-relay.example",
        platform="statuspage",
        origin="config",
    )


def page(tx: Tx, slug: str) -> Page:
    return queries.upsert_page(
        tx, slug=slug, name=slug.title(), url=f"https://{slug}.example", platform="statuspage", origin="config"
    )


def component(id_: str, status: Status = Status.OPERATIONAL, position: int = 0) -> KnownComponent:
    return KnownComponent(
        id=id_,
        name=f"Component {id_}",
        group="Europe",
        status=status,
        raw_status=status.value,
        updated_at=minutes(-5),
        moment=moment(),
        since=minutes(-60),
        position=position,
        missing=1,
    )


def update(key: str, seq: int, at: datetime = NOON, text: str = "We are looking.") -> KnownUpdate:
    return KnownUpdate(
        key=key,
        seq=seq,
        phase=Phase.INVESTIGATING,
        text=text,
        at=at,
        fold=text,
        ids=(key, f"{key}-other"),
        revisions=("a" * 40,),
        updated_at=at,
        raw=f"<p>{text}</p>",
        raw_phase="investigating",
        source=Source.HOOK,
        has_own_time=False,
        is_told=False,
        seen_at=at,
        components=(AffectedComponent("k3", "API", "Europe", Status.DEGRADED),),
    )


def incident(id_: str, phase: Phase = Phase.INVESTIGATING, **fields: object) -> KnownIncident:
    given: dict[str, object] = {
        "kind": Kind.INCIDENT,
        "title": f"Incident {id_}",
        "impact": Impact.MINOR,
        "url": f"https://status.acme-relay.example/incidents/{id_}",
        "moment": moment(),
        "started_at": NOON,
    }
    return KnownIncident(id=id_, phase=phase, **(given | fields))  # type: ignore[arg-type]  # fields by name


def event(key: str, type_: EventType = EventType.INCIDENT_UPDATED) -> Event:
    return Event(
        type=type_,
        key=key,
        at=NOON,
        seen_at=minutes(1),
        source=Source.POLL,
        page=PageRef("acme", "Acme Relay", "https://status.acme-relay.example"),
        incident=EventIncident("i1", "Slow API", Kind.INCIDENT, Phase.IDENTIFIED, Impact.MINOR, "", NOON, None),
        update=EventUpdate("u1", Phase.IDENTIFIED, "A bad deploy.", NOON),
    )


def hook(message_id: str, body: bytes = b"{}", **fields: object) -> Hook:
    given: dict[str, object] = {
        "source": "statuspage",
        "platform": "statuspage",
        "received_at": NOON,
        "headers": {"content-type": "application/json"},
        "page_slug": "acme",
        "provider": "acme",
    }
    return Hook(message_id=message_id, body=body, **(given | fields))  # type: ignore[arg-type]  # fields by name
