"""Signals in: what our own monitoring says, one file for each sender, and the table of them.

A new sender is one file with a value `SENDER` and its line here. `sender_of` finds out whose body it is by its headers
and its content.
"""

from __future__ import annotations

from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.signals import alertmanager, datadog, grafana, plain, sentry
from statuswire.signals.base import Body, Headers, Reading, Sender
from statuswire.signals.placing import Place, Plan, Rule, place

__all__ = ["SENDERS", "Place", "Plan", "Reading", "Rule", "Sender", "place", "sender_of"]

SENDERS: Final = (sentry.SENDER, grafana.SENDER, alertmanager.SENDER, datadog.SENDER, plain.SENDER)
"""In the order in which they are asked: who is surer comes first."""


def sender_of(headers: Headers, body: Body) -> Sender:
    """Whose body it is. Raises ParseError where nobody knows it."""
    for sender in SENDERS:
        if sender.recognize(headers, body):
            return sender
    raise ParseError(
        ParseReason.SHAPE,
        "the body is of no sender that is known here: Alertmanager, Grafana, Sentry, Datadog, or the plain form with"
        " `state` and `title`",
    )
