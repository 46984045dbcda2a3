"""Prometheus' Alertmanager: what is open at providers as alerts, with labels that inhibit alerts of one's own.

An alert is what its labels say, so that a change of one is another alert: the old one is ended with the same request.
Alertmanager keeps alerts in memory and ends those that nobody sends again, so heartbeats send all that is open again;
and what has ended, for a while, since a repetition may have overtaken an end. Sources, checked 2026-11-29:

- github.com/prometheus/alertmanager, api/v2/openapi.yaml: `POST /api/v2/alerts`, an array of `labels`, `annotations`,
  `startsAt`, `endsAt`, `generatorURL`; 200 is all it says, 400 with a text names what is wrong;
- api/v2/api.go and types/types.go: an end not before its start, at least one label, empty values are left out;
- prometheus.io/docs/alerting/latest/clients: to be sent again as long as it lasts, to every member of a cluster;
- sizes and rate: none published; 200 of a component's name, 1,000 of a text, and ten requests a second are our choice.

A test is an alert `StatuswireTest` that ends by itself after five minutes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec
from pydantic import AfterValidator, Field, SecretStr, model_validator

from statuswire.channels.alerts import OURS, Alert, after, kept, of_ours, state_of
from statuswire.channels.base import RENEWED, Channel, ChannelSettings, Conversation, read_http
from statuswire.channels.exchange import Address, with_reason
from statuswire.channels.terminal import one_line
from statuswire.durations import Duration
from statuswire.model import Delivered, Message, MessageKind, Outcome, Refused, Reply, Request
from statuswire.wire import timestamp

AT_ONCE: Final = 200
"""Alerts in one request of a heartbeat."""

_encode = msgspec.json.Encoder().encode


def _check_labels(labels: dict[str, str]) -> dict[str, str]:
    for name in labels:
        if not name.isascii() or not name.isidentifier() or name.startswith("__"):
            raise ValueError("has a name that no label may have; right: team, cost_center")
        if name in OURS:
            raise ValueError(f"may not set {name}, which is written by statuswire")
    return labels


class AlertmanagerSettings(ChannelSettings):
    """One Alertmanager; of a cluster each member is a channel of its own."""

    url: Address = Field(examples=["http://127.0.0.1:9093"])
    """Where its web interface is, with the prefix where it has one."""

    labels: Annotated[dict[str, str], AfterValidator(_check_labels)] = Field(
        default_factory=dict, max_length=20, examples=[{"team": "platform"}]
    )
    """Further labels of every alert."""

    heartbeat: Duration = Field(
        default=timedelta(minutes=1), ge=timedelta(seconds=5), le=timedelta(hours=1), examples=["1m"]
    )
    """How often what is open is sent again."""

    expires: Duration = Field(
        default=timedelta(minutes=15), ge=timedelta(seconds=30), le=timedelta(days=1), examples=["15m"]
    )
    """When an alert that is not sent again ends by itself, at least three heartbeats."""

    username: str = Field(default="", max_length=200, pattern=r"^[^:\x00-\x1f]*$", examples=["statuswire"])
    """Name of the user, where it asks for one."""

    password: SecretStr = Field(default=SecretStr(""), examples=["from password_env"])
    """Password of the user; better given as `password_env` or `password_file`."""

    @model_validator(mode="after")
    def _outlives_heartbeats(self) -> AlertmanagerSettings:
        if self.expires < 3 * self.heartbeat:
            raise ValueError("`expires` must be at least three times `heartbeat`, else alerts end between two of them")
        return self


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """One request with all alerts of the thread; of a heartbeat some, with all that is open."""
    assert isinstance(settings, AlertmanagerSettings)
    if message.kind is MessageKind.HEARTBEAT:
        return (yield from _renew(message, settings, now))
    if message.kind in (MessageKind.TEST, MessageKind.NOTICE):
        reply = yield _request([of_ours(message, settings.labels, now)], settings, now)
        return read(reply, now)
    alerts = after(message, settings.labels, now)
    if not alerts:
        return Delivered()
    outcome = read((yield _request(alerts, settings, now)), now)
    return Delivered(state_of(alerts)) if isinstance(outcome, Delivered) else outcome


CHANNEL = Channel(
    kind="alertmanager",
    title="Alertmanager",
    settings=AlertmanagerSettings,
    converse=converse,
    rate_per_s=10.0,
    burst=50,
    is_pager=True,
    groups=True,
    renews=True,
)


# --- again -------------------------------------------------------------------------------------------------------


def _renew(message: Message, settings: AlertmanagerSettings, now: datetime) -> Conversation:
    """What is open, of pages that are still watched and told, and what has ended lately; the first refusal ends it."""
    pages = message.standing.pages if message.standing is not None else ()
    told = {page.slug for page in pages if page.is_told}
    found = (one for state in message.kept for one in kept(state) if one.labels["page"] in told)
    alerts = [one for one in found if one.ends is None or now - one.ends < RENEWED]
    outcome: Outcome = Delivered()
    for start in range(0, len(alerts), AT_ONCE):
        outcome = read((yield _request(alerts[start : start + AT_ONCE], settings, now)), now)
        if not isinstance(outcome, Delivered):
            break
    return outcome


# --- the request -------------------------------------------------------------------------------------------------


def _request(alerts: Iterable[Alert], settings: AlertmanagerSettings, now: datetime) -> Request:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if settings.username:
        pair = f"{settings.username}:{settings.password.get_secret_value()}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    url = f"{settings.url.get_secret_value().rstrip('/')}/api/v2/alerts"
    body = _encode([_posted(one, max(now, one.starts) + settings.expires) for one in alerts])
    return Request("POST", url, headers, body, settings.allow_private)


def _posted(one: Alert, expires: datetime) -> dict[str, object]:
    link = {"generatorURL": one.link} if one.link else {}
    times = {"startsAt": timestamp(one.starts), "endsAt": timestamp(one.ends or expires)}
    return {"labels": one.labels, "annotations": one.annotations, **times, **link}


def read(reply: Reply, now: datetime) -> Outcome:
    """As usual, with the complaint, which is a text as JSON."""
    outcome = read_http(reply, now)
    return with_reason(outcome, _complaint(reply.body)) if isinstance(outcome, Refused) else outcome


def _complaint(body: bytes) -> str:
    try:
        return one_line(msgspec.json.decode(body, type=str))[:300]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
