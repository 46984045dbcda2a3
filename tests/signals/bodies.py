"""Bodies in the shape in which senders send them, with invented content."""

from __future__ import annotations

from typing import Any

ALERT: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "CheckoutErrors", "job": "checkout", "severity": "page"},
    "annotations": {"summary": "One in ten checkouts fails"},
    "startsAt": "2026-05-04T10:03:12.541Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus.example:9090/graph?g0.expr=x",
    "fingerprint": "8d1c0f6a2be94c37",
}


def alertmanager(*alerts: dict[str, Any]) -> dict[str, Any]:
    given = [ALERT | one for one in alerts] or [ALERT]
    return {
        "version": "4",
        "groupKey": '{}:{alertname="CheckoutErrors"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "statuswire",
        "groupLabels": {"alertname": "CheckoutErrors"},
        "commonLabels": ALERT["labels"],
        "commonAnnotations": ALERT["annotations"],
        "externalURL": "http://alertmanager.example:9093",
        "alerts": given,
    }


def grafana(*alerts: dict[str, Any]) -> dict[str, Any]:
    panel = {"panelURL": "https://grafana.example/d/checkout?viewPanel=2", "values": {"B": 0.12}}
    return alertmanager(*(panel | one for one in alerts or ({},))) | {
        "version": "1",
        "orgId": 1,
        "title": "[FIRING:1] CheckoutErrors",
        "state": "alerting",
        "message": "**Firing**",
    }


def sentry_metric(action: str = "critical", **more: Any) -> dict[str, Any]:
    alert = {
        "id": "4",
        "identifier": "1",
        "status": 20,
        "projects": ["checkout"],
        "date_started": "2026-05-04T10:03:00Z",
        "date_created": "2026-05-04T10:04:10Z",
        "date_closed": None,
        "alert_rule": {"id": "7", "name": "Too many errors", "projects": ["checkout"]},
    }
    data = {
        "description_text": "1000 events in the last 10 minutes",
        "description_title": "Critical: Too many errors",
        "web_url": "https://acme.sentry.example/alerts/rules/details/1/",
        "metric_alert": alert | more,
    }
    return {"action": action, "actor": {"id": "sentry", "name": "Sentry", "type": "application"}, "data": data}


def sentry_issue_alert(**more: Any) -> dict[str, Any]:
    event = {
        "issue_id": "1170820242",
        "title": "TimeoutError: payment gateway",
        "datetime": "2026-05-04T10:03:40.000000Z",
        "web_url": "https://acme.sentry.example/issues/1170820242/events/1/",
        "project": 3,
        "tags": [["environment", "production"], ["server_name", "web-1"]],
    }
    data = {"event": event | more, "triggered_rule": "Payment fails"}
    return {"action": "triggered", "actor": {"id": "sentry", "type": "application"}, "data": data}


def sentry_issue(action: str = "resolved") -> dict[str, Any]:
    issue = {"id": "1170820242", "title": "TimeoutError: payment gateway", "project": {"slug": "checkout"}}
    return {"action": action, "actor": {"id": 1, "type": "user"}, "data": {"issue": issue}}


def datadog(title: str = "[Triggered] Checkout is slow", **more: Any) -> dict[str, Any]:
    return {
        "body": "It is slow. @webhook-statuswire",
        "last_updated": "1777888990000",
        "event_type": "query_alert_monitor",
        "title": title,
        "date": "1777888990000",
        "org": {"id": "11023", "name": "Acme"},
        "id": "1234567",
    } | more


def datadog_own(transition: str = "Triggered", **more: Any) -> dict[str, Any]:
    return {
        "title": f"[{transition}] Checkout is slow",
        "alert_transition": transition,
        "alert_cycle_key": "9bd4ac313a4d1e8f",
        "alert_id": "1234",
        "alert_scope": "env:prod,service:checkout",
        "date": "1777888990000",
        "link": "https://app.datadoghq.example/event/event?id=1234567",
        "tags": "monitor,team:shop",
    } | more


def plain(**more: Any) -> dict[str, Any]:
    return {"state": "firing", "title": "Checkout fails", "component": "API"} | more
