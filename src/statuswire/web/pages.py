"""The small JSON pages: how we are, what we count, how the watched pages are, what happened.

What a view reads from the store it reads in one hop to
a worker thread, and not for longer than `READ_DEADLINE_S`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TypeVar

import msgspec

from statuswire import metrics as metric_names
from statuswire.engine.heartbeats import Beat
from statuswire.engine.levels import load_levels
from statuswire.engine.overview import load_overview, suggested_moves
from statuswire.errors import StoreError
from statuswire.model import KnownIncident, PageRef
from statuswire.store import StoreStatus, Tx, queries
from statuswire.store.queries import CursorError
from statuswire.web import problems
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.parts import AppParts, Facts, ReplicaFacts
from statuswire.web.problems import Refusal
from statuswire.web.questions import IncidentQuestion, read_question
from statuswire.web.shapes import Body, incident_body, optional, status_body
from statuswire.wire import timestamp

log = logging.getLogger(__name__)

READ_DEADLINE_S = 5.0

_T = TypeVar("_T")
_encode = msgspec.json.Encoder().encode


async def read_store(parts: AppParts, work: Callable[[Tx], _T]) -> _T:
    """Run `work` on a reader. Raises StoreError, or TimeoutError where the reader does not come back in time."""
    async with asyncio.timeout(READ_DEADLINE_S):
        return await asyncio.to_thread(parts.store.read, work)


async def live(ask: Ask) -> Answer:
    """Whether the process answers at all: what a supervisor restarts by. Nothing else may make this fail."""
    return Answer(200, _encode({"status": "alive", "version": ask.parts.version}))


# --- health ------------------------------------------------------------------------------------------------------


async def health(ask: Ask) -> Answer:
    """Whether we can do our work: 503 where facts cannot be stored or read, or a loop has stopped."""
    parts = ask.parts
    facts, store = parts.facts(), parts.store.status()
    counts: Mapping[str, int] = {}
    moves: Mapping[str, str] = {}
    channels: Body = {}
    faults = [f"loop stopped: {name}" for name in facts.stopped_loops]
    if not store.is_writable:
        faults.append(f"the database takes nothing new: {store.reason or 'unknown'}")
    try:
        counts, moves, channels = await read_store(
            parts, lambda tx: (queries.stats(tx), suggested_moves(tx), _channels_body(tx, parts.channels))
        )
    except (StoreError, TimeoutError) as error:
        faults.append(f"the database cannot be read: {_reason(error)}")
    body = _health_body(parts, facts, store, counts, faults) | {"moves_suggested": moves, "channels": channels}
    if body["status"] == "running" and (channels.get("disabled") or channels.get("failing")):
        body["status"] = "degraded"
    return Answer(503 if faults else 200, _encode(body))


def _health_body(
    parts: AppParts, facts: Facts, store: StoreStatus, counts: Mapping[str, int], faults: list[str]
) -> Body:
    now = parts.clock.now()
    return {
        "status": "failing" if faults else "degraded" if facts.feeds_failing or facts.is_offline else "running",
        "mode": facts.mode,
        "incidents_tracked": counts.get("incidents"),
        "total_updates": counts.get("updates"),
        "timestamp": timestamp(now),
        "version": parts.version,
        "uptime_s": round((now - parts.started_at).total_seconds(), 1),
        "pages": counts.get("pages"),
        "feeds_failing": facts.feeds_failing,
        "offline": facts.is_offline,
        "database": _database_body(store),
        "peers": dict(facts.peers),
        "last_dispatch": optional(facts.last_told_at),
        "faults": faults,
        "pages_flagged": dict(facts.flags),
        "roles": sorted(parts.roles),
        "replica": None if facts.replica is None else _replica_body(facts.replica),
    }


def _replica_body(replica: ReplicaFacts) -> Body:
    """Of the others only how many there are: this page may be public."""
    return {
        "id": replica.id,
        "live": len(replica.live),
        "shards": replica.shards,
        "duties": list(replica.duties),
    }


def _channels_body(tx: Tx, configured: Collection[str]) -> Body:
    """Channels that are disabled or fail, by name, and how many deliveries wait for those that are configured."""
    states = [one for one in queries.channel_states(tx) if one.name in configured]
    waiting = queries.waiting_counts(tx)
    return {
        "disabled": [one.name for one in states if one.disabled_at is not None],
        "failing": [one.name for one in states if one.disabled_at is None and one.failures],
        "waiting": sum(waiting.get(name, 0) for name in configured),
    }


def _database_body(store: StoreStatus) -> Body:
    """No error text: it may hold paths, and this page may be public."""
    return {
        "engine": store.engine,
        "version": store.version,
        "status": "ok" if store.is_writable else "failing",
        "reason": None if store.reason is None else store.reason.value,
        "has_reserve": store.has_reserve,
        "queued": store.queued,
    }


def _reason(error: StoreError | TimeoutError) -> str:
    return str(error.reason) if isinstance(error, StoreError) else "timeout"


# --- counters ----------------------------------------------------------------------------------------------------


async def stats(ask: Ask) -> Answer:
    """Everything that is counted: since the start for polls, hooks and events told, since ever for what is stored."""
    parts = ask.parts
    stored, inbox = await read_store(parts, lambda tx: (queries.stats(tx), queries.hook_counts(tx)))
    facts, now = parts.facts(), parts.clock.now()
    body = {
        "version": parts.version,
        "mode": facts.mode,
        "started_at": timestamp(parts.started_at),
        "uptime_s": round((now - parts.started_at).total_seconds(), 1),
        "timestamp": timestamp(now),
        "polls": _polls_body(facts),
        "hooks": _hooks_body(parts.metrics.hooks()) | {"inbox": inbox},
        "documents": parts.metrics.documents() | {"problems": parts.metrics.problems()},
        "events": parts.metrics.events(),
        "heartbeats": {name: _beat_body(one) for name, one in facts.heartbeats.items()},
        "stored": stored,
        "feeds": dict(facts.feeds) | {"in_trouble": facts.feeds_failing},
    }
    return Answer(200, _encode(body))


_GOOD_POLLS = ("not_modified", "unchanged", "changed")


def _polls_body(facts: Facts) -> Body:
    failures = {outcome: count for outcome, count in facts.polls.items() if outcome not in _GOOD_POLLS}
    return {
        "total": sum(facts.polls.values()),
        **{outcome: facts.polls.get(outcome, 0) for outcome in _GOOD_POLLS},
        "failed": sum(failures.values()),
        "failures": failures,
    }


def _hooks_body(counted: Mapping[tuple[str, str], int]) -> Body:
    by_source: dict[str, int] = {}
    answers: dict[str, int] = {}
    for (source, answer), count in counted.items():
        by_source[source] = by_source.get(source, 0) + count
        answers[answer] = answers.get(answer, 0) + count
    accepted, duplicates = answers.pop("accepted", 0), answers.pop("duplicate", 0)
    return {
        "received": sum(by_source.values()),
        "accepted": accepted,
        "duplicates": duplicates,
        "rejected": answers,
        "by_source": by_source,
    }


def _beat_body(one: Beat) -> Body:
    return {"outcome": one.outcome, "at": timestamp(one.at), "last_ok_at": optional(one.last_ok_at)}


async def metrics(ask: Ask) -> Answer:
    """Prometheus text. Where the store cannot be read, all that is not in it."""
    parts = ask.parts
    facts = parts.facts()
    work = partial(load_levels, wanted=parts.named_levels, channels=parts.channels, now=parts.clock.now())
    try:
        parts.metrics.show_levels(await read_store(parts, work))
    except (StoreError, TimeoutError) as error:
        log.warning("metrics without the store: %s", _reason(error))
        parts.metrics.show_levels(None)
    parts.metrics.show_polls(facts.polls)
    parts.metrics.set_feeds(facts.feeds)
    parts.metrics.set_offline(facts.is_offline)
    parts.metrics.show_peers(facts.peer_counts)
    parts.metrics.show_streams(len(parts.hub), parts.hub.dropped)
    parts.metrics.set_standing(is_writable=parts.store.status().is_writable, stopped_loops=len(facts.stopped_loops))
    return Answer(200, parts.metrics.text(), metric_names.CONTENT_TYPE.encode())


# --- state -------------------------------------------------------------------------------------------------------


async def status(ask: Ask) -> Answer:
    """The latest state of everything in one object."""
    now = ask.parts.clock.now()
    overview = await read_store(ask.parts, partial(load_overview, now=now))
    return Answer(200, _encode(status_body(overview, now)))


async def incidents(ask: Ask) -> Answer:
    """Incidents and maintenances, the latest begun first, with the cursor of what follows."""
    question = read_question(ask.query)
    if isinstance(question, Refusal):
        return problems.answer(question)
    try:
        listed, following = await read_store(ask.parts, lambda tx: _list(tx, question))
    except CursorError as error:
        return problems.answer(Refusal("bad_parameter", f"after: {error}."))
    return Answer(200, _encode({"incidents": [incident_body(*one) for one in listed], "next": following}))


def _list(tx: Tx, question: IncidentQuestion) -> tuple[list[tuple[PageRef, KnownIncident]], str | None]:
    return queries.incident_list(
        tx,
        limit=question.limit,
        after=question.after,
        page=question.page,
        kind=question.type,
        phases=() if question.phase is None else (question.phase,),
        impacts=() if question.impact is None else (question.impact,),
        since=question.since,
        until=question.until,
    )
