"""The transactions of the dispatcher: how an attempt ended, what follows for its channel, and what the lane sends next.

A lane has one turn after the other. A turn notes the end of the delivery that was sent, under the epoch of the lane,
and takes the next one; where nothing is due, or the channel rests, it lets the lane go, in the same transaction, so
that nothing put in meanwhile is overlooked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from statuswire.core import retry
from statuswire.core.retry import Disable
from statuswire.engine.notices import notice_event, tell_of_disabled
from statuswire.errors import StoreError
from statuswire.model import Delivered, Delivery, DeliveryState, Later, Message, MessageKind, Outcome, Refused
from statuswire.store import Tx, queries
from statuswire.store.faults import DatabaseFault
from statuswire.store.queries import ChannelState, Ended, Lane

CRASHES = 3
"""A delivery whose sending ended so many processes in a row is put off, as if it had failed."""

OK_EVERY = timedelta(seconds=10)
"""How often at most it is noted that a channel works."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending and how it ended, with the chance that makes its retry a little longer. `trouble`: the channels to
    tell where this one is disabled, with their kinds."""

    delivery: Delivery
    outcome: Outcome
    jitter: float = 0.0
    trouble: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noted:
    """Where a delivery stands after an attempt, in which word, when it is tried again, why its channel is disabled."""

    state: DeliveryState
    word: str
    next_at: datetime | None = None
    disabled: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What to send next; None where the lane was let go. `noted` is how the attempt before was noted."""

    lane: Lane
    noted: Noted | None = None
    delivery: Delivery | None = None
    message: Message | None = None


def first_turns(tx: Tx, lanes: Sequence[Lane], now: datetime) -> list[Turn]:
    """What lanes that were just claimed send first."""
    return [_first(tx, lane, now) for lane in lanes]


def _first(tx: Tx, lane: Lane, now: datetime) -> Turn:
    if lane.crashes < CRASHES:
        return _next(tx, lane, None, _known(tx, lane), now)
    for poison in queries.oldest(tx, lane, 1):
        _put_off_poison(tx, lane, poison, now)
    return _next(tx, replace(lane, crashes=0), None, _known(tx, lane), now)


def _put_off_poison(tx: Tx, lane: Lane, poison: Delivery, now: datetime) -> None:
    """Not lost, for processes are ended by many things; but tried again ever later, and given up as any other."""
    reason = f"sending it ended the process {lane.crashes} times"
    is_over = poison.created_at is not None and retry.is_given_up(poison.created_at, now)
    state = DeliveryState.FAILED if is_over else DeliveryState.WAITING
    next_at = now + retry.step(poison.attempts + 1)
    queries.end_delivery(tx, lane, Ended(poison, state, poison.attempts + 1, reason, next_at), now)


def turn(tx: Tx, lane: Lane, attempt: Attempt, now: datetime) -> Turn | None:
    """Note the end of an attempt and take what is next; None where the lane is not ours any more."""
    held = queries.look_again(tx, lane)
    if held is None:
        return None
    is_delivered = isinstance(attempt.outcome, Delivered)
    known = _known(tx, lane, lock=not is_delivered)  # of several lanes that fail at once each sees the one before
    noted = _note(tx, held, known, attempt, now)
    if known.failures or not is_delivered:
        known = _known(tx, lane)
    return _next(tx, replace(held, crashes=0, is_probe=held.is_probe and not is_delivered), noted, known, now)


def _known(tx: Tx, lane: Lane, *, lock: bool = False) -> ChannelState:
    return queries.channel_state(tx, lane.channel, lock=lock) or ChannelState(lane.channel, "")


def _next(tx: Tx, lane: Lane, noted: Noted | None, known: ChannelState, now: datetime) -> Turn:
    """The oldest delivery of the lane; where it is not due, or its channel takes nothing now, the lane is let go."""
    until = None
    for one in queries.oldest(tx, lane, 1):
        rests = (one.next_at, None if lane.is_probe else known.next_at)
        until = max((at for at in rests if at is not None and at > now), default=None)
        if until is None and known.disabled_at is None:
            message = _readable(tx, lane, one, now)
            return Turn(lane, noted, one, message) if message else _next(tx, lane, noted, known, now)
        until = until or now
    queries.let_go(tx, lane, until, now)
    return Turn(lane, noted)


def _readable(tx: Tx, lane: Lane, one: Delivery, now: datetime) -> Message | None:
    """The message; None where a row of it cannot be read, and the delivery has failed. Nothing else waits for it."""
    try:
        return message_of(tx, one)
    except DatabaseFault:
        raise
    except StoreError as error:
        queries.end_delivery(tx, lane, Ended(one, DeliveryState.FAILED, one.attempts, str(error)), now)
        return None


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
        is_shared=one.is_shared,
        reason=one.reason,
        evidence=one.evidence,
        wording=one.wording,
        ours=one.ours,
        tags=one.tags,
        category=one.category,
    )


# --- the end of an attempt ----------------------------------------------------------------------------------------


def _note(tx: Tx, lane: Lane, known: ChannelState, attempt: Attempt, now: datetime) -> Noted:
    delivery, outcome = attempt.delivery, attempt.outcome
    is_counted = lane.is_probe or known.next_at is None or known.next_at <= now
    noted = _judged(known, attempt, now) if is_counted else _judged_late(known, attempt, now)
    state = outcome.state if isinstance(outcome, Delivered) else None
    reason = "" if isinstance(outcome, Delivered) else outcome.reason
    ended = Ended(delivery, noted.state, delivery.attempts + 1, reason, noted.next_at, state)
    queries.end_delivery(tx, lane, ended, now)
    if isinstance(outcome, Delivered):
        if known.failures or known.last_ok_at is None or not timedelta(0) <= now - known.last_ok_at <= OK_EVERY:
            queries.note_ok(tx, lane.channel, now)
    elif noted.disabled:
        if queries.disable_channel(tx, lane.channel, noted.disabled, now):
            tell_of_disabled(tx, lane.channel, noted.disabled, attempt.trouble, now)
    elif isinstance(outcome, Later) and is_counted:
        refusals = _refusals(known, outcome)
        next_at = noted.next_at or now
        queries.note_failure(tx, lane.channel, known.failures + 1, next_at, reason, now, refusals=refusals)
        _give_up_old(tx, lane.channel, now)
    return noted


def _refusals(known: ChannelState, outcome: Later) -> int:
    return 0 if outcome.disables_after is None else known.refusals + 1


def _judged(known: ChannelState, attempt: Attempt, now: datetime) -> Noted:
    outcome = attempt.outcome
    if not isinstance(outcome, Later):
        return _ended(outcome)
    decided = retry.after_failure(
        known.failures + 1,
        known.failing_since or now,
        now,
        reason=outcome.reason,
        after=outcome.after,
        disables_after=outcome.disables_after,
        refusals=_refusals(known, outcome),
        jitter=attempt.jitter,
    )
    if isinstance(decided, Disable):
        return Noted(DeliveryState.WAITING, "disabled", now, decided.reason)
    return _again(attempt.delivery, decided.at, now)


def _judged_late(known: ChannelState, attempt: Attempt, now: datetime) -> Noted:
    """The same where another lane has met the trouble meanwhile: one outage is one failure, however many lanes were
    under way."""
    outcome = attempt.outcome
    if not isinstance(outcome, Later):
        return _ended(outcome)
    wishes = [known.next_at or now, now + (outcome.after or timedelta(0))]
    return _again(attempt.delivery, max(wishes), now)


def _ended(outcome: Delivered | Refused) -> Noted:
    if isinstance(outcome, Delivered):
        return Noted(DeliveryState.DELIVERED, "delivered")
    return Noted(DeliveryState.FAILED, "refused", disabled=outcome.reason if outcome.disables else "")


def _again(delivery: Delivery, at: datetime, now: datetime) -> Noted:
    if delivery.created_at is not None and retry.is_given_up(delivery.created_at, now):
        return Noted(DeliveryState.FAILED, "given_up", at)
    return Noted(DeliveryState.WAITING, "later", at)


def _give_up_old(tx: Tx, channel: str, now: datetime) -> None:
    """What waits behind the one that was tried has waited as long."""
    old = queries.waiting_since(tx, channel, now - retry.KEEP_TRYING)
    queries.give_up(tx, old, DeliveryState.FAILED, "given up after 75 hours", now)
