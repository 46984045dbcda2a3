"""What the doctor says of channels: which are disabled or fail, and how much waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from statuswire.config import Config
from statuswire.doctor.finding import Fact, Finding, Grade, ago
from statuswire.store import Tx, queries
from statuswire.store.queries import ChannelState
from statuswire.wire import timestamp


def telling_findings(tx: Tx, loaded: Config, now: datetime) -> Iterator[Finding]:
    """One for each configured channel, and one for what waits for channels that are gone. Raises StoreError."""
    waiting = queries.waiting_counts(tx)
    states = {one.name: one for one in queries.channel_states(tx)}
    for name, one in loaded.channels.items():
        yield _finding(states.get(name, ChannelState(name, one.kind)), waiting.get(name, 0), now)
    for name, count in waiting.items():
        if name not in loaded.channels:
            sentence = f"is not configured, and {count} {'delivery waits' if count == 1 else 'deliveries wait'} for it"
            advice = "configure it again, or drop them: statuswire deliveries list --channel " + name
            yield Finding(f"channel {name}", Grade.NOTE, sentence, advice, {"waiting": count})


def _finding(one: ChannelState, waiting: int, now: datetime) -> Finding:
    facts: dict[str, Fact] = {
        "kind": one.kind,
        "waiting": waiting,
        "failures": one.failures,
        "disabled_at": None if one.disabled_at is None else timestamp(one.disabled_at),
        "last_ok_at": None if one.last_ok_at is None else timestamp(one.last_ok_at),
    }
    grade, sentence, advice = _judgement(one, now)
    more = f"; {waiting} waiting" if waiting else ""
    return Finding(f"channel {one.name}", grade, sentence + more, advice, facts)


def _judgement(one: ChannelState, now: datetime) -> tuple[Grade, str, str]:
    if one.disabled_at is not None:
        advice = f"mend it, try `statuswire send-test {one.name}`, then `statuswire deliveries enable {one.name}`"
        return Grade.ACT, f"disabled {ago(one.disabled_at, now)}: {one.disabled_reason}", advice
    if one.failures:
        sentence = f"fails since {ago(one.failing_since, now)}, {one.failures} times in a row: {one.last_error}"
        return Grade.ACT, sentence, f"it is tried again by itself; `statuswire send-test {one.name}` tries it now"
    if one.last_ok_at is None:
        return Grade.OK, f"{one.kind}, nothing was sent yet", ""
    return Grade.OK, f"{one.kind}, last sent {ago(one.last_ok_at, now)}", ""
