"""One message to one channel: the channel's conversation carried out at the edge, and what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from statuswire.channels.base import Channel, ChannelSettings
from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.model import Action, Later, Message, MessageKind, Outcome, Refused, Reply, Wording

log = logging.getLogger(__name__)

_EVENTLESS = frozenset({MessageKind.HEARTBEAT, MessageKind.TEST})


class Sender(Protocol):
    """The edge: carries out one action. Raises DeliveryError where there is no reply."""

    async def send(self, action: Action) -> Reply: ...


class Bucket:
    """How many messages a channel may be sent: `rate_per_s`, and `burst` at once."""

    def __init__(self, rate_per_s: float, burst: int) -> None:
        self._rate = rate_per_s
        self._burst = float(burst)
        self._tokens = self._burst
        self._at = 0.0

    def wait_s(self, now: float) -> float:
        """Take one token; how long to wait before using it."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        self._tokens -= 1
        return max(-self._tokens / self._rate, 0.0)

    def give_back(self) -> None:
        """Return a token that is not used."""
        self._tokens += 1


@dataclass(frozen=True, slots=True)
class Outlet:
    """One configured channel."""

    name: str
    channel: Channel
    settings: ChannelSettings
    bucket: Bucket

    @classmethod
    def of(cls, name: str, channel: Channel, settings: ChannelSettings) -> Outlet:
        rate = settings.rate or channel.rate_per_s
        burst = channel.burst if settings.rate is None else max(1, min(channel.burst, int(settings.rate) or 1))
        return cls(name, channel, settings, Bucket(rate, burst))


Words = Callable[[str, Message], Wording | None]
"""What the template of a route makes of a message; None for the channel's own wording."""


def usual_words(route: str, message: Message) -> Wording | None:
    return None


async def outcome_of(outlet: Outlet, message: Message, words: Words, sender: Sender, now: datetime) -> Outcome:
    """Send one message. Never raises: a template that fails costs its wording, and what cannot be rendered at all is
    refused."""
    if not message.events and message.kind not in _EVENTLESS:
        return Refused("its events are no longer kept")
    worded = _worded(outlet, message, words)
    try:
        return await _sent(outlet, worded, sender, now)
    except Exception:
        log.exception("message not rendered channel=%s id=%s", outlet.name, message.id)
    try:
        return await _sent(outlet, message, sender, now)
    except Exception as error:
        return Refused(f"could not be rendered: {type(error).__name__}")


def _worded(outlet: Outlet, message: Message, words: Words) -> Message:
    if message.wording is not None:
        return message
    try:
        wording = words(message.route, message)
    except Exception:
        log.exception("template failed channel=%s route=%s id=%s", outlet.name, message.route, message.id)
        return message
    return message if wording is None else replace(message, wording=wording)


async def _sent(outlet: Outlet, message: Message, sender: Sender, now: datetime) -> Outcome:
    try:
        return await converse(outlet, message, sender, now)
    except DeliveryError as error:
        reason = f"{error.reason}: {error}"
        return Refused(reason) if error.is_permanent else Later(reason, error.retry_after)


async def converse(outlet: Outlet, message: Message, sender: Sender, now: datetime) -> Outcome:
    """Carry out the conversation of a channel. Raises DeliveryError, and what the channel raises."""
    with closing(outlet.channel.converse(message, outlet.settings, now)) as talk:
        try:
            action = next(talk)
            while True:
                action = talk.send(await _carried_out(action, sender))
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome


async def _carried_out(action: Action, sender: Sender) -> Reply:
    """What the edge raises beside DeliveryError is a bug of it, and no reason to give the message up."""
    try:
        return await sender.send(action)
    except DeliveryError:
        raise
    except Exception as error:
        log.exception("action not carried out kind=%s", type(action).__name__)
        raise DeliveryError(DeliveryReason.INTERNAL, f"could not be sent: {type(error).__name__}") from error
