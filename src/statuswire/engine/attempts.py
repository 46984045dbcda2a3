"""One attempt to deliver, as the store sees it: what is to be sent, and what its end means for delivery and channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from statuswire.core import retry
from statuswire.core.retry import Disable
from statuswire.engine.notices import notice_event, tell_of_disabled
from statuswire.model import Delivered, Delivery, DeliveryState, Later, Message, MessageKind, Outcome, Refused
from statuswire.store import Tx, queries
from statuswire.store.queries import ChannelState, Ended, Lane


def load(tx: Tx, lane: Lane) -> list[tuple[Delivery, Message]]:
    """The oldest deliveries of a lane with their messages; one whose events are gone tells nothing any more."""
    return [(one, message_of(tx, one)) for one in queries.oldest(tx, lane, 1)]


def message_of(tx: Tx, one: Delivery) -> Message:
    """The message of a delivery, with what the thread's last conversation left."""
    is_notice = one.kind is MessageKind.NOTICE
    return Message(
        id=one.message_id,
        kind=one.kind,
        events=(notice_event(one),) if is_notice else tuple(queries.events_by_ids(tx, one.event_ids)),
        thread=one.thread,
        state=queries.thread(tx, one.channel, one.thread),
        route=one.route,
        opened_at=one.opened_at,
        is_last=one.is_last,
        reason=one.reason,
        evidence=one.evidence,
        wording=one.wording,
    )


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted: where the delivery stands, in which word, when it is tried again, why its channel is disabled."""

    state: DeliveryState
    word: str
    next_at: datetime | None = None
    disabled: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """An attempt and how it ended. `trouble`: the channels to tell where this one is disabled, with their kinds."""

    lane: Lane
    delivery: Delivery
    outcome: Outcome
    jitter: float
    trouble: Mapping[str, str]
    now: datetime


def note_attempt(tx: Tx, note: Note) -> Noted | None:
    """Note the end of an attempt; None where the lane is not ours any more."""
    lane, delivery, outcome, now = note.lane, note.delivery, note.outcome, note.now
    known = queries.channel_state(tx, lane.channel) or ChannelState(lane.channel, "")
    noted = _judged(known, delivery, outcome, note.jitter, now)
    ended = Ended(
        delivery,
        noted.state,
        delivery.attempts + 1,
        "" if isinstance(outcome, Delivered) else outcome.reason,
        noted.next_at,
        outcome.state if isinstance(outcome, Delivered) else None,
    )
    if not queries.end_deliveries(tx, lane, (ended,), now):
        return None
    if isinstance(outcome, Delivered):
        if known.failures or known.last_ok_at is None or now - known.last_ok_at > _OK_EVERY:
            queries.note_ok(tx, lane.channel, now)
    elif noted.disabled:
        if queries.disable_channel(tx, lane.channel, noted.disabled, now):
            tell_of_disabled(tx, lane.channel, noted.disabled, note.trouble, now)
    elif isinstance(outcome, Later):
        queries.note_failure(tx, lane.channel, known.failures + 1, noted.next_at or now, outcome.reason, now)
        _give_up_old(tx, lane.channel, now)
    return noted


_OK_EVERY = timedelta(seconds=10)


def _judged(known: ChannelState, delivery: Delivery, outcome: Outcome, jitter: float, now: datetime) -> Noted:
    if isinstance(outcome, Delivered):
        return Noted(DeliveryState.DELIVERED, "delivered")
    if isinstance(outcome, Refused):
        return Noted(DeliveryState.FAILED, "refused", disabled=outcome.reason if outcome.disables else "")
    decided = retry.after_failure(
        known.failures + 1,
        known.failing_since or now,
        now,
        reason=outcome.reason,
        after=outcome.after,
        disables_after=outcome.disables_after,
        jitter=jitter,
    )
    if isinstance(decided, Disable):
        return Noted(DeliveryState.WAITING, "disabled", now, decided.reason)
    if delivery.created_at is not None and retry.is_given_up(delivery.created_at, now):
        return Noted(DeliveryState.FAILED, "given_up", decided.at)
    return Noted(DeliveryState.WAITING, "later", decided.at)


def _give_up_old(tx: Tx, channel: str, now: datetime) -> None:
    old = queries.waiting_since(tx, channel, now - retry.KEEP_TRYING)
    queries.give_up(tx, old, DeliveryState.FAILED, "given up after 75 hours", now)
