"""Grafana's webhook contact point.

grafana.com/docs/grafana/latest/alerting/.../webhook-notifier (Grafana 11 and 12, checked 2026-11-29). The body is that
of Alertmanager with an `orgId` and the state of the whole group beside it, and addresses of panels. A payload of one's
own is not read: it could be anything.
"""

from __future__ import annotations

from statuswire.model import SignalSource
from statuswire.signals import alertmanager
from statuswire.signals.base import Body, Headers, Sender


def recognize(headers: Headers, body: Body) -> bool:
    return "alerts" in body and "orgId" in body


SENDER = Sender(SignalSource.GRAFANA, recognize, alertmanager.read)
