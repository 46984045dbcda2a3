"""Webhook: events as JSON for programs, signed; or the three flat bodies that small monitors know.

`style: standard` sends one body for each event, `{"type", "timestamp", "data"}` with the event as `data`, signed by
Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks, checked 2026-11): `webhook-id` is the message's
id and stays the same over retries; with several secrets there is a signature for each, the first one's first, so that
the receiver may change keys whenever it likes. Another statuswire reads these bodies at `POST /webhook`.

A digest or a story over several pages is told to programs event by event; each request then has an id of its own, the
message's with the event's number. What is not plain from the event (why now, why together) stands in `data.message`.

`style: flat` sends exactly three bodies: `status.heartbeat`, `incident.update`, and `status.change` when the state of a
page changed; of all else it says nothing. A secret signs them with `X-Signature: sha256=<hex>`.

Reply codes: any 2xx is done; the specification asks senders to disable at 410 and to slow down at 429 and 502 to 504.
There is no limit of rate or length but the receiver's; the specification advises bodies below 20 kB.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Annotated, Final, Literal

import msgspec
from pydantic import AfterValidator, Field, SecretStr, model_validator

from statuswire import signing
from statuswire.channels import wording
from statuswire.channels.base import Channel, ChannelSettings, Conversation, read_http
from statuswire.channels.bodies import notice
from statuswire.channels.exchange import Address
from statuswire.durations import Duration
from statuswire.errors import SignatureError
from statuswire.model import (
    Action,
    Delivered,
    Event,
    EventType,
    Message,
    MessageKind,
    Outcome,
    Reply,
    Request,
    Standing,
)
from statuswire.wire import timestamp, to_mapping

_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OUR_HEADERS: Final = frozenset({"content-type", "content-length", "host", "transfer-encoding", "connection"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _check_headers(headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
    """Raises ValueError for a header that HTTP has not or that is ours."""
    for name, secret in headers.items():
        value = secret.get_secret_value()
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError("has a name that no header may have")
        if name.lower() in _OUR_HEADERS or name.lower().startswith("webhook-"):
            raise ValueError(f"may not set {name}, which is written by statuswire")
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"gives {name} a value that no header may have")
    return headers


Headers = Annotated[dict[str, SecretStr], AfterValidator(_check_headers)]


class WebhookSettings(ChannelSettings):
    """An address that takes JSON."""

    url: Address = Field(examples=["https://example.com/webhook"])
    """Where the bodies are posted to."""

    style: Literal["standard", "flat"] = Field(default="standard", examples=["flat"])
    """`standard`: one signed body for each event; `flat`: the three bodies of small monitors."""

    secret: SecretStr | None = Field(default=None, examples=["whsec_c3RhdHVzd2lyZSBkZW1vIHNlY3JldCAwMQ=="])
    """Signs the bodies. In the standard style base64, with or without `whsec_` before it."""

    secrets: tuple[SecretStr, ...] = Field(default=(), max_length=2)
    """Further secrets that sign too, while the receiver changes keys. Two at most."""

    headers: Headers = Field(default_factory=dict, examples=[{"Authorization": "Bearer ..."}])
    """Further headers; their values are secrets."""

    heartbeat: Duration | None = Field(default=None, ge=timedelta(seconds=5), examples=["60s"])
    """How often a sign of life is sent; otherwise never."""

    @model_validator(mode="after")
    def _secrets_can_sign(self) -> WebhookSettings:
        for secret in _secrets(self):
            try:
                signing.check_secret(secret)
                if self.style == "standard":
                    signing.sign(b"", secret, "msg_test", _EPOCH)
            except SignatureError as error:
                raise ValueError(str(error)) from error
        return self


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """One request for each body of the message, in order; the first that is not taken ends it."""
    assert isinstance(settings, WebhookSettings)
    outcome: Outcome = Delivered()
    bodies = list(_flat_bodies(message) if settings.style == "flat" else _standard_bodies(message))
    for number, body in bodies:
        message_id = message.id if len(bodies) == 1 else f"{message.id}.{number}"
        outcome = yield from _posted(body, message_id, settings, now)
        if not isinstance(outcome, Delivered):
            break
    return outcome


CHANNEL = Channel(kind="webhook", title="Webhook", settings=WebhookSettings, converse=converse)

_Body = Mapping[str, object]


def _posted(
    body: _Body, message_id: str, settings: WebhookSettings, now: datetime
) -> Generator[Action, Reply, Outcome]:
    encoded = msgspec.json.encode(body)
    headers = {
        **{name: secret.get_secret_value() for name, secret in settings.headers.items()},
        "Content-Type": "application/json",
        **_signed(encoded, message_id, settings, now),
    }
    reply = yield Request("POST", settings.url.get_secret_value(), headers, encoded, settings.allow_private)
    return read_http(reply, now)


def _signed(body: bytes, message_id: str, settings: WebhookSettings, now: datetime) -> dict[str, str]:
    secrets = _secrets(settings)
    named = {"webhook-id": message_id, "webhook-timestamp": str(int(now.timestamp()))}
    if not secrets:
        return named
    if settings.style == "flat":
        return {"webhook-id": message_id, "X-Signature": signing.sign_hex(body, secrets[0])}
    signatures = (signing.sign(body, secret, message_id, now)["webhook-signature"] for secret in secrets)
    return {**named, "webhook-signature": " ".join(signatures)}


def _secrets(settings: WebhookSettings) -> list[str]:
    """All secrets, the one that counts first."""
    listed = ([settings.secret] if settings.secret is not None else []) + list(settings.secrets)
    return [secret.get_secret_value() for secret in listed]


# --- standard ----------------------------------------------------------------------------------------------------


def _standard_bodies(message: Message) -> Iterator[tuple[int, _Body]]:
    """Each body with the number of its event."""
    if message.standing is not None:
        yield 0, _standard("heartbeat", message.standing.at, _heartbeat(message.standing))
    if message.kind is MessageKind.NOTICE:
        yield 0, _standard("notice", message.event.at, notice(message))
        return
    for event in message.events:
        type_ = "test" if message.kind is MessageKind.TEST else event.type.value
        yield event.id, _standard(type_, event.at, to_mapping(event) | _about(message))


def _standard(type_: str, at: datetime, inner: _Body) -> _Body:
    return {"type": type_, "timestamp": timestamp(at), "data": inner}


def _about(message: Message) -> dict[str, object]:
    """Why there is a message, where it is more than the event itself."""
    told = {"kind": message.kind.value, "reason": message.reason, "evidence": list(message.evidence)}
    if message.kind is MessageKind.EVENT and not message.reason:
        return {}
    return {"message": {name: value for name, value in told.items() if value}}


def _heartbeat(standing: Standing) -> _Body:
    return {
        "state": standing.state,
        "status_label": standing.label,
        "message": standing.message,
        "impacted_components": list(standing.impacted),
        "last_incident_title": standing.last_title,
        "last_incident_at": timestamp(standing.last_at) if standing.last_at is not None else None,
    }


# --- flat --------------------------------------------------------------------------------------------------------


def _flat_bodies(message: Message) -> Iterator[tuple[int, _Body]]:
    """Those of the three bodies that the message is worth, each with the number of its event."""
    if message.standing is not None:
        yield 0, _flat_heartbeat(message.standing)
    for event in message.events:
        if event.incident is not None:
            yield event.id, _flat_incident(event)
        elif event.type is EventType.PAGE_STATUS_CHANGED and event.page_change is not None:
            yield event.id, _flat_change(event, event.page_change.old.value, event.page_change.new.value)


def _flat_heartbeat(standing: Standing) -> _Body:
    last_at = standing.last_at
    return {
        "event": "status.heartbeat",
        "state": standing.state,
        "status_label": standing.label,
        "timestamp": _moment(standing.at),
        "last_incident_title": standing.last_title,
        "last_incident_time": format_datetime(last_at.astimezone(UTC), usegmt=True) if last_at is not None else "",
        "message": standing.message,
        "impacted_components": list(standing.impacted),
    }


def _flat_incident(event: Event) -> _Body:
    return {
        "event": "incident.update",
        "incident_title": event.incident.title if event.incident is not None else "",
        "components": list(wording.component_names(event)),
        "phase": wording.phase_and(event, ""),
    }


def _flat_change(event: Event, old: str, new: str) -> _Body:
    return {
        "event": "status.change",
        "from": old,
        "to": new,
        "timestamp": _moment(event.at),
        "message": f"{wording.page_name(event)}: {wording.message(event)}",
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
