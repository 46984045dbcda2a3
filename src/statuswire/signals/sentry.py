"""Sentry's integration webhooks: metric alerts, issue alerts, and issues that are resolved.

docs.sentry.io/integrations/integration-platform/webhooks/ (checked 2026-11-29). What it is about stands in the header
`Sentry-Hook-Resource`. A metric alert says when it ends; an issue alert tells of one moment, so it counts for an hour,
or until the issue is resolved, where the integration is also subscribed to issues. Whatever else it sends is taken and
says nothing. Its signature, a hexadecimal HMAC-SHA256 of the body by the client secret, is checked at the door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from statuswire.model import SignalSource, SignalState
from statuswire.platforms.reading import as_mapping, ident, text, title
from statuswire.signals.base import (
    MAX_TITLE,
    Body,
    Headers,
    Reading,
    Sender,
    address,
    key_of,
    labels_of,
    time_of,
    wrong,
)

RESOURCE: Final = "sentry-hook-resource"
ISSUE_LASTS: Final = timedelta(hours=1)

_METRIC_STATES: Final = {
    "critical": SignalState.FIRING,
    "warning": SignalState.FIRING,
    "resolved": SignalState.RESOLVED,
}
_OVER: Final = frozenset({"resolved", "archived", "ignored"})


def recognize(headers: Headers, body: Body) -> bool:
    return RESOURCE in headers or {"action", "data", "actor"} <= body.keys()


def read(headers: Headers, body: Body, now: datetime) -> tuple[Reading, ...]:
    reader = _READERS.get(headers.get(RESOURCE, "") or _resource(body))
    sent_at = time_of(headers.get("sentry-hook-timestamp", ""), now) or now
    return () if reader is None else reader(body, as_mapping(body.get("data")), sent_at)


def _resource(body: Body) -> str:
    """What it is about, where no header says so."""
    data = as_mapping(body.get("data"))
    words = {"metric_alert": "metric_alert", "event": "event_alert", "issue": "issue"}
    return next((word for name, word in words.items() if name in data), "")


def _metric(body: Body, data: Body, sent_at: datetime) -> tuple[Reading, ...]:
    state = _METRIC_STATES.get(text(body.get("action")))
    if state is None:
        raise wrong("action", "must be `critical`, `warning` or `resolved`")
    alert = as_mapping(data.get("metric_alert"))
    number = ident(alert.get("id"))
    if not number:
        raise wrong("data.metric_alert.id", "is missing")
    rule = as_mapping(alert.get("alert_rule"))
    name = title(rule.get("name"), MAX_TITLE) or title(data.get("description_title"), MAX_TITLE) or "A metric alert"
    url, labels = address(data.get("web_url")), _with_project(alert.get("projects"), rule.get("name"))
    began = time_of(alert.get("date_started"), sent_at) or time_of(alert.get("date_created"), sent_at) or sent_at
    fires = Reading(key_of("metric", number), SignalState.FIRING, began, name, url, labels)
    if state is SignalState.FIRING:
        return (fires,)
    return fires, fires.over(time_of(alert.get("date_closed"), sent_at) or sent_at)


def _issue_alert(body: Body, data: Body, sent_at: datetime) -> tuple[Reading, ...]:
    event = as_mapping(data.get("event"))
    number = ident(event.get("issue_id"))
    if not number:
        raise wrong("data.event.issue_id", "is missing")
    at = time_of(event.get("datetime"), sent_at) or sent_at
    labels = _tags(event.get("tags")) | _with_project([event.get("project")], data.get("triggered_rule"))
    name = title(event.get("title"), MAX_TITLE) or title(data.get("triggered_rule"), MAX_TITLE) or "An issue alert"
    url, key = address(event.get("web_url")), key_of("issue", number)
    return (Reading(key, SignalState.FIRING, at, name, url, labels, lasts=ISSUE_LASTS),)


def _issue(body: Body, data: Body, sent_at: datetime) -> tuple[Reading, ...]:
    issue = as_mapping(data.get("issue"))
    number = ident(issue.get("id"))
    if not number or text(body.get("action")) not in _OVER:
        return ()
    project = as_mapping(issue.get("project"))
    labels = _with_project([project.get("slug")], None)
    url, name = address(issue.get("web_url")), title(issue.get("title"), MAX_TITLE) or "An issue"
    return (Reading(key_of("issue", number), SignalState.RESOLVED, sent_at, name, url, labels, lasts=ISSUE_LASTS),)


def _tags(value: object) -> dict[str, str]:
    """Of `[["environment", "production"], ...]`, or of an object."""
    if isinstance(value, list):
        return labels_of({str(one[0]): one[1] for one in value if isinstance(one, list) and len(one) == 2})
    return labels_of(value)


def _with_project(projects: object, rule: object) -> dict[str, str]:
    """`project` and `rule` as labels."""
    first = next((ident(one) for one in projects if ident(one)), "") if isinstance(projects, list) else ""
    return labels_of({"project": first, "rule": title(rule, MAX_TITLE)})


_READERS: Final[Mapping[str, Callable[[Body, Body, datetime], tuple[Reading, ...]]]] = {
    "metric_alert": _metric,
    "event_alert": _issue_alert,
    "issue": _issue,
}

SENDER = Sender(SignalSource.SENTRY, recognize, read)
