"""Alerts as Alertmanager has them: what the events of a thread open, change and end. Pure.

An alert is what its labels say, so that a change of one is another alert, and the old one has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from statuswire.channels import phrasing, wording
from statuswire.channels.base import RENEWED
from statuswire.channels.quoting import within
from statuswire.channels.rendering import rendering
from statuswire.channels.terminal import one_line
from statuswire.model import (
    AffectedComponent,
    Event,
    EventComponent,
    EventType,
    Kind,
    Message,
    MessageKind,
    Phase,
    Status,
)

NAME: Final = 200
TEXT: Final = 1_000
MOST: Final = 50
"""Of one incident's components, each an alert."""

TEST_LASTS: Final = timedelta(minutes=5)

OURS: Final = frozenset(
    ("alertname", "page", "incident", "component", "group", "status", "impact", "severity", "category", "tags")
)
"""Names of labels that nobody else may set."""

SEVERITIES: Final[Mapping[Status, str]] = {
    Status.MAJOR_OUTAGE: "critical",
    Status.PARTIAL_OUTAGE: "warning",
    Status.DEGRADED: "warning",
    Status.UNKNOWN: "warning",
    Status.MAINTENANCE: "info",
    Status.OPERATIONAL: "info",
}

_FACTS: Final = frozenset({EventType.COMPONENT_ADDED, EventType.COMPONENT_RENAMED, EventType.FEED_MOVED})
_AHEAD: Final = frozenset({Phase.SCHEDULED})


class Alert(msgspec.Struct, frozen=True, omit_defaults=True):
    """As it was sent last. `ends` is empty while it is open."""

    labels: dict[str, str]
    annotations: dict[str, str]
    starts: datetime
    link: str = ""
    ends: datetime | None = None


_OF_COMPONENT: Final = "ProviderComponent"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Alert]).decode


def kept(state: Mapping[str, str]) -> list[Alert]:
    """What an earlier message of the thread left."""
    return _decode(state["alerts"]) if "alerts" in state else []


def state_of(alerts: Sequence[Alert]) -> dict[str, str]:
    """The same to be kept; `open` stands first, because the store looks for it there (`kept_threads`)."""
    is_open = any(one.ends is None for one in alerts)
    return {"open": "yes" if is_open else "no", "alerts": _encode(alerts).decode()}


# --- what is open ------------------------------------------------------------------------------------------------


def after(message: Message, labels: Mapping[str, str], now: datetime) -> list[Alert]:
    """The alerts of the thread after a message: those that its events open or end, and those of before. What ended long
    ago is left out."""
    alerts = [one for one in kept(message.state) if one.ends is None or now - one.ends < RENEWED]
    for event in (*message.events[:-1], phrasing.by_our_word(message)):
        if event.type not in _FACTS:
            fresh = list(_alerts(event, message, labels))
            subject = _subject(event)
            others = [one for one in alerts if _place(one) != subject]
            before = [one for one in alerts if _place(one) == subject]
            alerts = [*others, *_changed(before, fresh, _annotations(event, message), now)]
    return [_ended(one, one.annotations, now) for one in alerts] if message.is_last else alerts


def _place(one: Alert) -> tuple[str, ...]:
    """What an alert is about; of a component its name too, since its events know no incident."""
    labels = one.labels
    part = (labels.get("group", ""), labels.get("component", "")) if labels["alertname"] == _OF_COMPONENT else ()
    return (labels["alertname"], labels["page"], labels.get("incident", ""), *part)


def _changed(before: Sequence[Alert], fresh: Sequence[Alert], said: dict[str, str], now: datetime) -> Iterator[Alert]:
    """An alert that goes on keeps its beginning; one whose labels are no more has ended, and says by what."""
    starts = {_name(one): one.starts for one in before if one.ends is None}
    names = {_name(one) for one in fresh}
    yield from (_ended(one, said, now) for one in before if _name(one) not in names)
    yield from (msgspec.structs.replace(one, starts=starts.get(_name(one), one.starts)) for one in fresh)


def _name(one: Alert) -> frozenset[tuple[str, str]]:
    return frozenset(one.labels.items())


def _ended(one: Alert, said: dict[str, str], now: datetime) -> Alert:
    if one.ends is not None:
        return one
    return msgspec.structs.replace(one, annotations=said, ends=max(now, one.starts))


# --- alerts of an event ------------------------------------------------------------------------------------------


def _alertname(event: Event) -> str:
    if event.incident is not None:
        return "ProviderMaintenance" if event.incident.kind is Kind.MAINTENANCE else "ProviderIncident"
    if event.component is not None:
        return _OF_COMPONENT
    return "ProviderUnreadable" if event.feed is not None else "ProviderPage"


def _subject(event: Event) -> tuple[str, ...]:
    part = _component(event.component) if event.component is not None else {}
    names = (part.get("group", ""), part.get("component", "")) if event.component is not None else ()
    return (_alertname(event), event.page.slug, _incident_id(event), *names)


def _incident_id(event: Event) -> str:
    return within(one_line(event.incident.id), NAME) if event.incident is not None else ""


def _alerts(event: Event, message: Message, labels: Mapping[str, str]) -> Iterator[Alert]:
    """None for what is over, or has not begun."""
    level = wording.level(event)
    if _is_over(event, level) or level is None:
        return
    annotations, common = _annotations(event, message), _labels(event, level, message, labels)
    for part in _parts(event):
        yield Alert(_filled({**common, **part}), annotations, _began(event, message), annotations.get("link", ""))


def _annotations(event: Event, message: Message) -> dict[str, str]:
    told = rendering(replace(message, kind=_kind(message), events=(event,), ours=None))
    said = {"summary": within(told.headline, TEXT), "description": within(told.body, TEXT)}
    return {**said, "link": told.address} if told.address else said


def _kind(message: Message) -> MessageKind:
    """Several events are alerts of their own."""
    return MessageKind.ESCALATION if message.kind is MessageKind.ESCALATION else MessageKind.EVENT


def _is_over(event: Event, level: Status | None) -> bool:
    if event.incident is not None:
        phase = wording.phase_of(event) or event.incident.phase
        return phase.is_closed or phase in _AHEAD
    return event.type is EventType.COMPONENT_REMOVED or level is Status.OPERATIONAL


def _began(event: Event, message: Message) -> datetime:
    begun = event.incident.started_at if event.incident is not None else None
    return min(begun or message.opened_at or event.at, event.at)


def _labels(event: Event, level: Status, message: Message, labels: Mapping[str, str]) -> dict[str, str]:
    return {
        **labels,
        "alertname": _alertname(event),
        "page": event.page.slug,
        "incident": _incident_id(event),
        "impact": event.incident.impact.value if event.incident is not None else "",
        "status": level.value,
        "severity": SEVERITIES[level],
        "category": message.category,
        "tags": f",{','.join(message.tags)}," if message.tags else "",
    }


def _parts(event: Event) -> list[dict[str, str]]:
    """One alert for each component that is not well, or one that names none."""
    if event.component is not None:
        return [_component(event.component)]
    touched = event.incident.components if event.incident is not None else ()
    bad = [_component(one) for one in touched if one.name and one.status is not Status.OPERATIONAL]
    return [dict(part) for part in dict.fromkeys(tuple(part.items()) for part in bad)][:MOST] or [{}]


def _component(one: AffectedComponent | EventComponent) -> dict[str, str]:
    return {"group": within(one_line(one.group or ""), NAME), "component": within(one_line(one.name), NAME)}


def _filled(labels: Mapping[str, str]) -> dict[str, str]:
    """Alertmanager leaves empty ones out."""
    return {name: value for name, value in labels.items() if value}


# --- about ourselves ---------------------------------------------------------------------------------------------


def of_ours(message: Message, labels: Mapping[str, str], now: datetime) -> Alert:
    """A test, or something about ourselves: it ends by itself."""
    told = rendering(message)
    name = "StatuswireTest" if message.kind is MessageKind.TEST else "StatuswireNotice"
    named = {**labels, "alertname": name, "page": message.event.page.slug, "severity": "info"}
    said = {"summary": within(told.headline, TEXT), "description": within(told.body, TEXT)}
    return Alert(_filled(named), said, now, told.address, now + TEST_LASTS)
