"""Webhooks of statuswire, verified and typed, for whoever receives them.

    received = read(body, headers, ["whsec_..."])     # raises SignatureError, Unreadable
    if received.event is not None: ...

`receive.fastapi`, `receive.flask` and `receive.django` do this inside of a framework. Delivery is at least once: keep
the `id` of what you have dealt with for a week, for a repeat has the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

import msgspec

from statuswire.client.decoding import decoded
from statuswire.client.errors import Unreadable
from statuswire.client.shapes import Event, Status
from statuswire.errors import SignatureError
from statuswire.signing import MAX_SECRETS, check_secret, keys, standard

MAX_BODY_BYTES = 1024 * 1024
"""Of what statuswire sends a body has some kilobytes."""

NEEDED = "give the secret that the channel has in statuswire"


class Heartbeat(msgspec.Struct, frozen=True):
    """How everything is, told regularly. The words of `state` may be newer than those of Status."""

    state: Status
    status_label: str = ""
    message: str = ""
    impacted_components: tuple[str, ...] = ()
    last_incident_title: str | None = None
    last_incident_at: datetime | None = None


class Notice(msgspec.Struct, frozen=True):
    """What statuswire says of itself."""

    title: str = ""
    text: str = ""


class Received(msgspec.Struct, frozen=True):
    """One body. `type` is that of the event, `test` (an event that is invented), `heartbeat` or `notice`; exactly one
    of the last three is there, or none of them where the type is newer than this client."""

    id: str
    type: str
    at: datetime
    event: Event | None = None
    heartbeat: Heartbeat | None = None
    notice: Notice | None = None


Answer: TypeAlias = tuple[int, str]


class _Envelope(msgspec.Struct):
    type: str
    timestamp: datetime
    data: msgspec.Raw


class _Named(msgspec.Struct):
    """Enough to tell an event from what is none."""

    id: int = 0
    page: msgspec.Raw = msgspec.Raw(b"")


def read(body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime | None = None) -> Received:
    """The message in a body that one of the secrets (three at most) signed at about `now`.

    Raises SignatureError, whose `reason` is `missing`, `malformed`, `expired` or `mismatch`, and Unreadable.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    signed = standard.headers_of(lowered)
    if signed is None:
        raise SignatureError("missing", "the body is not signed: a channel without a secret sends no signature")
    moment = datetime.now(UTC) if now is None else now
    verified = standard.verify(body, *signed, tuple(secrets)[:MAX_SECRETS], moment)
    envelope = decoded(body, _Envelope)
    return _typed(verified.message_id, envelope)


def refusal(error: SignatureError | Unreadable) -> Answer:
    """The status and the sentence to answer with."""
    return (401 if isinstance(error, SignatureError) else 400), str(error)


def checked(secrets: Sequence[str]) -> tuple[str, ...]:
    """The same. Raises SignatureError where there is none, or one that could never verify anything."""
    if not secrets or len(secrets) > MAX_SECRETS:
        raise SignatureError("malformed", f"{NEEDED}, and no more than {MAX_SECRETS}")
    for secret in secrets:
        check_secret(secret)
        if not keys.public_keys([secret]):
            keys.shared_key(secret)
    return tuple(secrets)


def _typed(id_: str, envelope: _Envelope) -> Received:
    inner = bytes(envelope.data)
    if envelope.type == "heartbeat":
        return Received(id_, envelope.type, envelope.timestamp, heartbeat=decoded(inner, Heartbeat))
    if envelope.type == "notice":
        return Received(id_, envelope.type, envelope.timestamp, notice=decoded(inner, Notice))
    is_event = bytes(decoded(inner, _Named).page) != b""
    return Received(id_, envelope.type, envelope.timestamp, event=decoded(inner, Event) if is_event else None)
