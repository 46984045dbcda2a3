"""What the doctor says of subscriptions that wait for the operator's word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from statuswire.doctor.finding import Finding, Grade
from statuswire.engine.confirmations import Confirmation, confirmations
from statuswire.store import Tx
from statuswire.wire import timestamp


def subscription_findings(tx: Tx, now: datetime) -> Iterator[Finding]:
    """Oldest first; what was asked long ago is left out. Raises StoreError."""
    return map(_confirmation, confirmations(tx, now))


def _confirmation(asked: Confirmation) -> Finding:
    """A note only: the doctor cannot know whether the operator has answered."""
    sentence = f"{asked.sender} asked on {asked.at:%Y-%m-%d %H:%M} UTC to confirm: {asked.subject}"
    advice = f"if you want to be told by it, open {asked.link}" if asked.link else "look at it yourself: it has no link"
    facts = {"page": asked.slug, "sender": asked.sender, "asked_at": timestamp(asked.at), "link": asked.link or None}
    return Finding(f"subscription {asked.slug}", Grade.NOTE, sentence, advice, facts)
