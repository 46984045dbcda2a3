"""What telling looks like in JSON, for commands and the API alike: deliveries, channels, routes, silences, marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from statuswire.core import correlation
from statuswire.durations import spell_duration as spell
from statuswire.engine.accounts import IncidentAccount, Telling
from statuswire.model import Correlation, Delivery, Event, Filter, Mark, Quiet, Route, Silence
from statuswire.store import Tx, queries
from statuswire.store.queries import ChannelState, Listed
from statuswire.web.shapes import Body, optional
from statuswire.wire import timestamp


def delivery_body(tx: Tx, listed: Listed) -> Body:
    """A delivery under way or ended, with what it tells in a few words."""
    one = listed.delivery
    events = queries.events_by_ids(tx, one.event_ids[-1:])
    return {
        "id": one.id,
        "message_id": one.message_id,
        "channel": one.channel,
        "route": one.route,
        "kind": one.kind.value,
        "state": one.state.value,
        "what": what_of(one, events),
        "events": list(one.event_ids),
        "attempts": one.attempts,
        "created_at": optional(one.created_at),
        "next_at": optional(one.next_at) if listed.ended_at is None else None,
        "ended_at": optional(listed.ended_at),
        "last_error": one.last_error,
    }


def what_of(one: Delivery, events: Sequence[Event]) -> str:
    if one.wording is not None:
        return one.wording.title
    if not events:
        return "events that are gone"
    event = events[-1]
    title = event.incident.title if event.incident else event.component.name if event.component else event.type.value
    more = f" and {len(one.event_ids) - 1} more" if len(one.event_ids) > 1 else ""
    return f"{event.page.name or event.page.slug}: {title}{more}"


def telling_body(tx: Tx, account: IncidentAccount) -> Body:
    """What came of an incident here: its events with what each route made of them, messages, operators' words."""
    return {
        "first_told_at": optional(account.first_told_at),
        "events": [_telling(one) for one in account.tellings],
        "deliveries": [delivery_body(tx, one) for one in account.deliveries],
        "marks": [mark_body(one) for one in account.marks],
    }


def _telling(one: Telling) -> Body:
    event = one.event
    verdicts = [
        {"route": verdict.route, "verdict": verdict.kind.value, "reason": verdict.reason, "at": timestamp(at)}
        for verdict, at in one.verdicts
    ]
    return {
        "id": event.id,
        "type": event.type.value,
        "seen_at": timestamp(event.seen_at),
        "source": event.source.value,
        "verdicts": verdicts,
    }


def trouble_body(one: ChannelState) -> Body:
    """A channel that is disabled or fails."""
    return {
        "channel": one.name,
        "disabled_at": optional(one.disabled_at),
        "reason": one.disabled_reason or one.last_error,
        "failures": one.failures,
        "failing_since": optional(one.failing_since),
        "next_at": optional(one.next_at),
    }


def silence_body(one: Silence) -> Body:
    """A silence; one of the configuration has no number."""
    return {
        "id": one.id or None,
        "filter": dict(filter_words(one.filter)),
        "until": None if one.until is None else timestamp(one.until),
        "reason": one.reason,
        "author": one.author,
    }


def filter_words(one: Filter) -> Iterator[tuple[str, list[str]]]:
    """What a filter asks for, by the keys of the configuration."""
    asked = {
        "page": one.pages,
        "tag": one.tags,
        "category": one.categories,
        "component": one.components,
        "impact": sorted(one.impacts),
        "type": one.types,
        "phase": sorted(one.phases),
        "source": sorted(one.sources),
    }
    return ((key, [str(word) for word in some]) for key, some in asked.items() if some)


def mark_body(one: Mark) -> Body:
    return {
        "page": one.page,
        "subject": one.subject,
        "kind": one.kind.value,
        "impact": None if one.impact is None else one.impact.value,
        "status": None if one.status is None else one.status.value,
        "phase": None if one.phase is None else one.phase.value,
        "at": timestamp(one.at),
        "until": None if one.until is None else timestamp(one.until),
        "reason": one.reason,
        "author": one.author,
    }


def channel_body(name: str, kind: str, state: ChannelState | None, waiting: int) -> Body:
    """A configured channel without its settings, which hold secrets; `state` None: nothing was ever told on it."""
    known = state or ChannelState(name, kind)
    word = "disabled" if known.disabled_at is not None else "failing" if known.failures else "ok"
    return {
        "name": name,
        "kind": kind,
        "state": word if state is not None else "unused",
        "disabled_at": optional(known.disabled_at),
        "reason": known.disabled_reason or known.last_error,
        "failures": known.failures,
        "failing_since": optional(known.failing_since),
        "next_at": optional(known.next_at),
        "last_ok_at": optional(known.last_ok_at),
        "waiting": waiting,
    }


def route_body(one: Route) -> Body:
    """A route as it is in force: with its name, its types and what it keeps quiet."""
    return {
        "name": one.name,
        "channels": list(one.channels),
        "filter": dict(filter_words(one.filter)),
        "quiet": _quiet(one.quiet),
        "template": one.template or None,
    }


def _quiet(one: Quiet) -> Body:
    hours = one.quiet_hours
    return {
        "hold": spell(one.hold),
        "settle": spell(one.settle),
        "flap": spell(one.flap),
        "mode": one.mode.value,
        "digest": None if one.digest is None else spell(one.digest.every),
        "quiet_hours": None if hours is None else f"{hours.begin:%H:%M}-{hours.end:%H:%M}",
        "escalate_after": None if one.escalation is None else spell(one.escalation.after),
        "escalate_to": [] if one.escalation is None else list(one.escalation.channels),
    }


def correlation_body(one: Correlation) -> Body:
    """Stories of several pages that are told as one."""
    members = [
        {
            "page": member.page,
            "name": member.name,
            "story": member.key,
            "event": member.event_id,
            "at": timestamp(member.at),
        }
        for member in one.members
    ]
    return {
        "id": one.id,
        "route": one.route,
        "shared": list(one.shared),
        "pages": list(one.pages),
        "began_at": timestamp(one.began_at),
        "updated_at": timestamp(one.updated_at),
        "members": members,
        "evidence": list(correlation.evidence(one, is_new=True)),
    }
