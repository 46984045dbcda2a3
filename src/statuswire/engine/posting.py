"""Where a message goes: which delivery it becomes on each channel, and what waits to be told together.

Nothing here decides: `core/collecting` decides what waits, `core/paging` how a pager is told of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from statuswire.core import collecting, correlation, paging, stories
from statuswire.core.collecting import Batch, Recent, Storm, StormRule
from statuswire.core.correlation import CorrelationRule
from statuswire.core.quiet import Tell
from statuswire.core.routing import is_page_meant
from statuswire.engine.told_stories import Stories
from statuswire.fingerprint import message_id
from statuswire.model import Delivery, DeliveryState, Event, MessageKind, Route, Silence, Verdict, VerdictKind
from statuswire.store import Tx, queries, rows

LANES = 8
"""Of one channel whose threads are independent; deliveries of one thread are always in the same lane."""

_encode = msgspec.json.Encoder().encode
_decode_recent = msgspec.json.Decoder(Recent).decode


@dataclass(frozen=True, slots=True)
class KnownChannel:
    """What the planner must know of a channel: its kind, whether its threads may overtake each other, and whether each
    story is an object there that must be closed again, and whether it puts together by itself what belongs together."""

    kind: str
    is_ordered_by_thread: bool = True
    is_pager: bool = False
    groups: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What is to be told where, from the configuration. `tags` and `categories` are those of pages, by slug; `matters`
    the patterns of the components that matter, of pages of which not all do."""

    routes: tuple[Route, ...] = ()
    channels: Mapping[str, KnownChannel] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    storm: StormRule | None = field(default_factory=StormRule)
    correlate: CorrelationRule | None = field(default_factory=CorrelationRule)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    matters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def may_tell(self, channel: str, slug: str) -> bool:
        """Whether a route may tell the channel anything of the page."""
        tags, category = self.tags.get(slug, ()), self.categories.get(slug, "")
        return any(
            is_page_meant(one.filter, slug, tags, category) for one in self.routes if channel in one.all_channels
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message on one channel, and why where it is not on its way."""

    kind: VerdictKind = VerdictKind.TOLD
    reason: str = ""


class Posting:
    """The deliveries of one transaction of the planner."""

    def __init__(self, tx: Tx, told: Stories, rules: Rules, now: datetime) -> None:
        self._tx = tx
        self._told = told
        self._rules = rules
        self._now = now
        self.made = 0
        self._woken: dict[tuple[str, str], datetime] = {}
        self._recents: dict[str, Recent] = {}
        self._new: set[str] = set()
        self._collecting: dict[str, set[str]] = {}
        self._put_in: list[str] = []
        self._verdicts: list[Verdict] = []

    def send(self, route: Route, tell: Tell, channel: str, event: Event) -> Sent:
        """Put a delivery in for a channel."""
        paged = self._paged(route, tell, channel) if self._known(channel).is_pager else None
        if paged is not None:
            return paged
        batch, along = self._batch(route, tell, channel, event)
        made = self._put(_delivery(route, tell, channel, batch, along))
        if along:
            queries.fold_collected(self._tx, along, self._now)
            self._conclude(along, ())
        if batch is None or not made:
            return Sent()
        return Sent(VerdictKind.HELD, f"{batch.reason}, until {batch.due_at:%Y-%m-%d %H:%M} UTC")

    def _batch(self, route: Route, tell: Tell, channel: str, event: Event) -> tuple[Batch | None, list[Delivery]]:
        """What the message waits for; where it must not wait, what of its thread has waited and goes with it.

        Nothing may overtake what was said before in its thread.
        """
        batch = collecting.batch_for(route.name, route.quiet, tell, self._now)
        if batch is not None or tell.kind is MessageKind.ESCALATION:
            return batch, []
        waiting = self._waiting(channel, tell.story.thread)
        before = [one for one in waiting if one.event_ids[-1] != tell.event_ids[-1]]
        if not before:
            return (self._storm(channel, event) if _is_edge(tell) else None), []
        last = before[-1]
        is_patient = last.route == route.name or collecting.is_of_storm(last.batch)
        if is_patient and last.next_at is not None and not collecting.is_urgent(route.quiet, tell, self._now):
            return Batch(last.batch, last.next_at, "told with what came before"), []
        return None, before

    def _waiting(self, channel: str, thread: str) -> list[Delivery]:
        """What of the thread waits to be told with others, which is true of few threads."""
        if channel not in self._collecting:
            self._collecting[channel] = queries.collecting_threads(self._tx, channel)
        if rows.clean(thread) not in self._collecting[channel]:
            return []
        return queries.collecting_of(self._tx, channel, thread)

    def _storm(self, channel: str, event: Event) -> Batch | None:
        rule = self._rules.storm
        if rule is None or self._known(channel).groups:
            return None
        recent, batch = collecting.in_storm(rule, self._recent(channel), channel, event.page.slug, self._now)
        self._remember(channel, recent)
        return batch

    def _recent(self, channel: str) -> Recent:
        if channel in self._recents:
            return self._recents[channel]
        written = queries.recent_of(self._tx, channel)
        return _decode_recent(written) if written else Recent()

    def _remember(self, channel: str, recent: Recent) -> None:
        self._recents[channel] = recent

    # --- together -------------------------------------------------------------------------------------------------

    def fold(self, limit: int) -> bool:
        """Batches that are due: one message tells them all; what is alone in its batch is sent as it is, and so is each
        story at a pager. Whether there is more."""
        batches: dict[tuple[str, str], list[Delivery]] = {}
        due = queries.due_collected(self._tx, self._now, limit)
        for one in due:
            batches.setdefault((one.channel, one.batch), []).append(one)
        for (channel, _), some in batches.items():
            if self._known(channel).is_pager:
                self._unfold(channel, some)
            elif len(some) == 1:
                self._send_collected(some[0])
                self._conclude(some, some)
            else:
                self._fold(some)
        return len(due) == limit

    def _fold(self, some: Sequence[Delivery]) -> None:
        """One digest in place of these. What it tells of a story is the newest of it."""
        first = some[0]
        ids = collecting.latest_of_each([one.event_ids[-1] for one in some], self._stories_of(some))
        digest = replace(
            first,
            event_ids=ids,
            thread=first.batch,
            reason="",
            is_last=False,
            is_shared=False,
            opened_at=None,
            batch="",
            ours=None,
        )
        queries.fold_collected(self._tx, some, self._now)
        self._put(replace(digest, kind=MessageKind.DIGEST, state=DeliveryState.WAITING, next_at=None))
        self._conclude(some, [one for one in some if one.event_ids[-1] in ids])

    def _stories_of(self, some: Sequence[Delivery]) -> list[str]:
        """Where each belongs: of several stories in one thread, each must be told, and a fact by itself too."""
        events = self._told.events(one.event_ids[-1] for one in some)
        keys = {event.id: stories.key_of(event) for event in events if not stories.stands_alone(event)}
        return [keys.get(one.event_ids[-1], one.thread) for one in some]

    def _conclude(self, some: Sequence[Delivery], told: Sequence[Delivery]) -> None:
        """The last word on events that waited to be told together."""
        shown = {one.id for one in told}
        verdicts = [
            Verdict(one.event_ids[-1], one.route, VerdictKind.TOLD, "")
            if one.id in shown
            else Verdict(one.event_ids[-1], one.route, VerdictKind.FOLDED, "told with a later one")
            for one in some
            if one.route
        ]
        self.judge(verdicts)

    # --- pagers ---------------------------------------------------------------------------------------------------

    def _paged(self, route: Route, tell: Tell, channel: str) -> Sent | None:
        """What a pager is told in a way of its own: what belongs to a storm, and ends. None for the rest."""
        recent = self._recent(channel)
        storm = paging.storm_of(recent, tell.story.key)
        if storm is not None:
            return self._of_storm(route, tell, channel, recent, storm)
        if not paging.is_end(tell):
            return None
        thread = self._waiting(channel, tell.story.thread)
        waiting = [one for one in thread if one.story == tell.story.key]
        if paging.is_unheard_of(tell, waiting):
            self._drop(waiting)
            return Sent(VerdictKind.SUPPRESSED, paging.OVER)
        self._put(_delivery(route, tell, channel, None, waiting))
        queries.fold_collected(self._tx, waiting, self._now)
        self._conclude(waiting, ())
        return Sent()

    def _of_storm(self, route: Route, tell: Tell, channel: str, recent: Recent, storm: Storm) -> Sent:
        """What becomes of a story in a storm: its updates are not told, its end where it is the last."""
        one = replace(_delivery(route, tell, channel, None, ()), thread=storm.thread, is_shared=True)
        if tell.kind is MessageKind.ESCALATION:
            self._put(replace(one, is_last=False))
            return Sent()
        if not paging.is_end(tell):
            return Sent(VerdictKind.FOLDED, paging.IN_STORM)
        rest, is_last = paging.ended(recent, storm, tell.story.key)
        self._remember(channel, rest)
        if not is_last:
            return Sent(VerdictKind.FOLDED, paging.IN_STORM)
        self._put(replace(one, is_last=True))
        return Sent()

    def _drop(self, some: Sequence[Delivery]) -> None:
        """What waited and is told no more; the last word on it is another channel's where the route has others."""
        queries.give_up(self._tx, some, DeliveryState.DROPPED, paging.OVER, self._now)
        pages = {route.name for route in self._rules.routes if all(self._known(one).is_pager for one in route.channels)}
        gone = [Verdict(one.event_ids[-1], one.route, VerdictKind.SUPPRESSED, paging.OVER) for one in some]
        self.judge(one for one in gone if one.route in pages)

    def _unfold(self, channel: str, some: Sequence[Delivery]) -> None:
        """Each story by itself, by its newest; those of too many pages as one storm."""
        newest = paging.newest_of_each(some)
        ids = {one.id for one in newest}
        queries.fold_collected(self._tx, [one for one in some if one.id not in ids], self._now)
        self._conclude(some, newest)
        storm = paging.storm_among(None if self._known(channel).groups else self._rules.storm, newest)
        if storm:
            self._tell_storm(channel, storm)
        for one in newest:
            if one not in storm:
                self._send_collected(one)

    def _tell_storm(self, channel: str, some: Sequence[Delivery]) -> None:
        """One message in place of these, by the newest, whose end is that of the last of their stories."""
        *earlier, last = some
        self._remember(channel, paging.begun(self._recent(channel), last.batch, [one.story for one in some]))
        queries.fold_collected(self._tx, earlier, self._now)
        told = replace(
            last,
            kind=MessageKind.STORY,
            event_ids=tuple(one.event_ids[-1] for one in some),
            thread=last.batch,
            story="",
            reason="",
            is_shared=True,
            ours=None,
            opened_at=None,
            batch="",
        )
        self._put(replace(told, state=DeliveryState.WAITING, next_at=None))

    # --- one delivery ---------------------------------------------------------------------------------------------

    def _put(self, one: Delivery) -> bool:
        """Whether it is on its way, now or later, by this delivery: not where another route told the same there."""
        told = one.event_ids if one.kind is MessageKind.DIGEST else one.event_ids[-1:]
        keys = [self._key(id_) for id_ in told]
        known = self._known(one.channel)
        lane = f"{zlib.crc32(one.thread.encode()) % LANES}" if known.is_ordered_by_thread else "all"
        # What another route told there alone is not told again in company.
        kind = MessageKind.EVENT if one.kind is MessageKind.STORY else one.kind
        tags, category = self._labels(one.event_ids[-1])
        id_ = message_id(one.channel, kind, keys)
        named = replace(one, lane=lane, message_id=id_, tags=tags, category=category)
        if queries.put_delivery(self._tx, named, self._now):
            self.made += 1
            self._new.add(one.channel)
            self._put_in.append(named.message_id)
            if one.state is DeliveryState.WAITING:
                self._wake(named, one.next_at or queries.AT_ONCE)
            elif one.channel in self._collecting:
                self._collecting[one.channel].add(rows.clean(one.thread))
            return True
        if one.state is not DeliveryState.WAITING:
            return False
        slower = queries.hasten(self._tx, named, self._now)
        if slower is not None:
            self.made += 1
            self._wake(named, queries.AT_ONCE)
            self._conclude([slower], [slower])
        return slower is not None

    def _send_collected(self, one: Delivery) -> None:
        queries.send_collected(self._tx, one, self._now)
        self._wake(one, self._now)
        self.made += 1

    def _wake(self, one: Delivery, at: datetime) -> None:
        place = (one.channel, one.lane)
        self._woken[place] = min(at, self._woken.get(place, at))

    def judge(self, verdicts: Iterable[Verdict]) -> None:
        """Note what routes made of events, the later word in place of the earlier."""
        self._verdicts += verdicts

    def finish(self) -> None:
        """Wake the lanes into which something was put, and remember what was told on each channel lately: at the end
        of the transaction, since dispatchers wait for these rows, and in the order in which they take them."""
        queries.add_verdicts(self._tx, self._verdicts, self._now)
        self.made -= queries.remove_logged(self._tx, self._put_in, self._now)
        queries.wake_lanes(self._tx, self._woken)
        for channel in sorted(self._recents.keys() | self._new):
            kind = self._known(channel).kind
            if channel in self._recents:
                queries.save_recent(self._tx, channel, kind, _encode(self._recents[channel]).decode())
            elif channel in self._new:
                queries.know_channel(self._tx, channel, kind)

    def _key(self, event_id: int) -> str:
        """The key of an event, by which its messages are named; empty where it is no longer kept."""
        found = self._told.events((event_id,))
        return found[0].key if found else ""

    def _labels(self, event_id: int) -> tuple[tuple[str, ...], str]:
        """Tags and category of an event's page."""
        if not self._rules.tags and not self._rules.categories:
            return (), ""
        slugs = [event.page.slug for event in self._told.events((event_id,))]
        return (self._rules.tags.get(slugs[0], ()), self._rules.categories.get(slugs[0], "")) if slugs else ((), "")

    def _known(self, channel: str) -> KnownChannel:
        return self._rules.channels.get(channel, _UNKNOWN)


_UNKNOWN = KnownChannel("unknown")


def _delivery(route: Route, tell: Tell, channel: str, batch: Batch | None, along: Sequence[Delivery]) -> Delivery:
    """`along` are earlier ones of the thread whose events it tells too."""
    is_fact = tell.story.thread.startswith(f"{tell.story.key}/")
    return Delivery(
        id=0,
        channel=channel,
        lane="",
        message_id="",
        kind=tell.kind,
        event_ids=(*(id_ for one in along for id_ in one.event_ids), *tell.event_ids),
        thread=tell.story.thread,
        route=route.name,
        opened_at=tell.story.opened_at,
        is_last=tell.is_last,
        is_shared=correlation.is_thread(tell.story.thread),
        reason=tell.reason,
        evidence=tell.evidence,
        state=DeliveryState.WAITING if batch is None else DeliveryState.COLLECTING,
        batch="" if batch is None else batch.name,
        next_at=None if batch is None else batch.due_at,
        story="" if is_fact else tell.story.key,
        begins=tell.story.told == 1,
        ours=tell.ours,
    )


def _is_edge(tell: Tell) -> bool:
    """Whether the message begins or ends a story: what comes in crowds when a storm does."""
    return tell.kind in (MessageKind.EVENT, MessageKind.STORY) and (tell.story.told == 1 or tell.is_last)


def as_sent(verdicts: Sequence[Verdict], sent: Sequence[Sent]) -> Sequence[Verdict]:
    """The same, where no channel is told now what they say is told: what waits somewhere is held, else nothing is."""
    if not sent or any(one.kind is VerdictKind.TOLD for one in sent):
        return verdicts
    one = next((one for one in sent if one.kind is VerdictKind.HELD), sent[0])
    return [
        replace(verdict, kind=one.kind, reason=one.reason) if verdict.kind is VerdictKind.TOLD else verdict
        for verdict in verdicts
    ]
