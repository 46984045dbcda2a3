"""Alertmanager's webhook, version 4 of its body.

prometheus.io/docs/alerting/latest/configuration/#webhook_config (checked 2026-11-29). One body has a group of alerts,
each with its own state; what fires is said again every `repeat_interval`, with the same `startsAt`. The fingerprint is
that of the labels, the same in every Alertmanager of a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from statuswire.model import SignalSource, SignalState
from statuswire.platforms.reading import as_mapping, text, title
from statuswire.signals.base import (
    MAX_TITLE,
    Body,
    Headers,
    Reading,
    Sender,
    address,
    key_of,
    labels_of,
    list_of,
    time_of,
    wrong,
)

_STATES = {"firing": SignalState.FIRING, "resolved": SignalState.RESOLVED}
_ADDRESSES = ("panelURL", "dashboardURL", "generatorURL")
_NAMES = ("summary", "title", "message")


def recognize(headers: Headers, body: Body) -> bool:
    return "alerts" in body


def read(headers: Headers, body: Body, now: datetime) -> tuple[Reading, ...]:
    """Of what is over both words are known: when it began, and when it ended."""
    alerts = list_of(body.get("alerts"), "alerts")
    return tuple(one for place, alert in enumerate(alerts) for one in _words(alert, f"alerts[{place}]", now))


def _words(alert: Body, where: str, now: datetime) -> Iterator[Reading]:
    state = _STATES.get(text(alert.get("status")))
    if state is None:
        raise wrong(f"{where}.status", "must be `firing` or `resolved`")
    began = time_of(alert.get("startsAt"), now)
    if began is None:
        raise wrong(f"{where}.startsAt", "must be a time")
    labels = labels_of(alert.get("labels"))
    key = text(alert.get("fingerprint")) or key_of(*(f"{name}={labels[name]}" for name in sorted(labels)))
    if not key:
        raise wrong(f"{where}.fingerprint", "is missing, and there are no labels to know the alert by")
    name, url = _title(alert, labels), next(filter(None, (address(alert.get(one)) for one in _ADDRESSES)), "")
    fires = Reading(key_of(key), SignalState.FIRING, began, name, url, labels)
    yield fires
    if state is SignalState.RESOLVED:
        yield fires.over(time_of(alert.get("endsAt"), now) or now)


def _title(alert: Body, labels: dict[str, str]) -> str:
    said = as_mapping(alert.get("annotations"))
    summary = next(filter(None, (title(said.get(one), MAX_TITLE) for one in _NAMES)), "")
    return summary or labels.get("alertname", "") or "An alert without a name"


SENDER = Sender(SignalSource.ALERTMANAGER, recognize, read)
