"""What one run came to: messages, what was withheld by which rule, what was missed, and who is noisy."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from statuswire.backtest.course import Period
from statuswire.backtest.spoken import Applied, applied, marks_at
from statuswire.core.routing import Facts, at_least, impact_of, mismatch, touched, worst
from statuswire.core.stories import key_of
from statuswire.engine.planner import Rules
from statuswire.model import Delivery, Event, Filter, Impact, Kind, MessageKind, Route, Verdict, VerdictKind
from statuswire.store import Store, Tx, queries
from statuswire.store.queries import Spoken

AT_ONCE: Final = 5_000
ALL: Final = 10_000_000
NOISIEST: Final = 5


@dataclass(frozen=True, slots=True)
class Withheld:
    """Events that were not told by themselves: how many, by which rule, and with which reason."""

    count: int
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """An incident that got as bad as was asked for and was never told on a route, and why."""

    page: str
    id: str
    title: str
    impact: Impact
    began_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages to one channel: how many, a week, and of these how many tell several events together (`digests`), are
    one story of several pages (`stories`), or tell more people (`escalations`)."""

    channel: str
    messages: int
    a_week: float
    digests: int = 0
    stories: int = 0
    escalations: int = 0


@dataclass(frozen=True, slots=True)
class RouteReport:
    """One route: what it sent, withheld and missed, and which pages and components gave it most to tell. `told` are
    the incidents that it told, `page/id`."""

    route: str
    sent: tuple[Sent, ...]
    withheld: tuple[Withheld, ...]
    missed: tuple[Missed, ...]
    pages: tuple[tuple[str, int], ...]
    components: tuple[tuple[str, int], ...]
    told: tuple[str, ...] = ()

    @property
    def messages(self) -> int:
        return sum(one.messages for one in self.sent)


@dataclass(frozen=True, slots=True)
class Report:
    """One run of one configuration. `reached` counts the incidents that got as bad as `impact`, `applied` what was said
    by command and counted; None where that was left out."""

    begin: datetime
    end: datetime
    weeks: float
    events: int
    incidents: int
    reached: int
    messages: int
    impact: Impact
    routes: tuple[RouteReport, ...] = ()
    applied: Applied | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What an event is judged by beside its own words."""

    rules: Rules
    words: Sequence[Spoken] = ()

    def facts(self, event: Event) -> Facts:
        slug = event.page.slug
        marks = marks_at(self.words, slug, key_of(event).removeprefix(f"{slug}/"), event.seen_at)
        return Facts(
            event,
            self.rules.tags.get(slug, ()),
            self.rules.categories.get(slug, ""),
            marks=marks,
            matters=self.rules.matters.get(slug, ()),
        )


@dataclass(slots=True)
class Case:
    """An incident over the whole period, with the worst that was said of it."""

    first: Event
    events: list[Event] = field(default_factory=list)
    impact: Impact = Impact.UNKNOWN


def count(store: Store, rules: Rules, period: Period, impact: Impact, words: Sequence[Spoken] | None = None) -> Report:
    """Look at what a run left in the store. `words` are what operators said by command, if that was to count."""
    ground = Ground(rules, words or ())
    events = {event.id: event for event in store.read(lambda tx: _events(tx, period.after_id))}
    verdicts = store.read(lambda tx: queries.verdicts_after(tx, period.after_id))
    deliveries = store.read(lambda tx: [one for name in _channels(rules) for one in _sent(tx, name)])
    cases = _cases(events.values())
    by_route: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_route[verdict.route].append(verdict)
    routes = tuple(
        _route(route, ground, events, cases, by_route[route.name], deliveries, period, impact) for route in rules.routes
    )
    bad = at_least(impact)
    return Report(
        begin=period.begin,
        end=period.end,
        weeks=period.weeks,
        events=len(events),
        incidents=len(cases),
        reached=sum(case.impact in bad for case in cases.values()),
        messages=len(deliveries),
        impact=impact,
        routes=routes,
        applied=None if words is None else applied(words, period),
    )


def _events(tx: Tx, after: int) -> list[Event]:
    found: list[Event] = []
    while some := queries.events_after(tx, found[-1].id if found else after, AT_ONCE):
        found += some
    return found


def _channels(rules: Rules) -> list[str]:
    named = [name for route in rules.routes for name in route.channels]
    escalated = [name for route in rules.routes if route.quiet.escalation for name in route.quiet.escalation.channels]
    return list(dict.fromkeys([*named, *escalated]))


def _sent(tx: Tx, channel: str) -> list[Delivery]:
    """What the dispatcher would have found. Nothing was sent, so all is there still; what went into digests is not."""
    return queries.waiting_since(tx, channel, datetime.max.replace(tzinfo=UTC), ALL)


def _cases(events: Iterable[Event]) -> dict[str, Case]:
    """Incidents by the keys of their stories; maintenances are none."""
    cases: dict[str, Case] = {}
    for event in events:
        if event.incident is not None and event.incident.kind is Kind.INCIDENT:
            case = cases.setdefault(key_of(event), Case(event))
            case.events.append(event)
            case.impact = worst((case.impact, impact_of(event) or Impact.UNKNOWN))
    return cases


def _route(
    route: Route,
    ground: Ground,
    events: Mapping[int, Event],
    cases: Mapping[str, Case],
    verdicts: Sequence[Verdict],
    deliveries: Sequence[Delivery],
    period: Period,
    impact: Impact,
) -> RouteReport:
    told = [events[one.event_id] for one in verdicts if one.event_id in events and _is_told(one)]
    folded = (events[one.event_id] for one in verdicts if one.event_id in events and one.kind is VerdictKind.FOLDED)
    told_keys = {key_of(event) for event in (*told, *folded)}
    pages = Counter(event.page.slug for event in told)
    components = Counter(f"{event.page.slug}: {one.name}" for event in told for one in touched(event))
    return RouteReport(
        route=route.name,
        sent=tuple(_sent_on(name, route, deliveries, period) for name in route.all_channels),
        withheld=_withheld(verdicts, events),
        missed=_missed(route, ground, cases, verdicts, told_keys, impact),
        pages=tuple(pages.most_common(NOISIEST)),
        components=tuple(components.most_common(NOISIEST)),
        told=tuple(sorted(key for key in told_keys if key in cases)),
    )


def _sent_on(channel: str, route: Route, deliveries: Iterable[Delivery], period: Period) -> Sent:
    kinds = Counter(one.kind for one in deliveries if one.route == route.name and one.channel == channel)
    return Sent(
        channel=channel,
        messages=kinds.total(),
        a_week=round(kinds.total() / period.weeks, 2),
        digests=kinds[MessageKind.DIGEST],
        stories=kinds[MessageKind.STORY],
        escalations=kinds[MessageKind.ESCALATION],
    )


# --- what was withheld -------------------------------------------------------------------------------------------

_RULES: Final = (
    ("silence", "silence"),
    ("snoozed", "snooze"),
    ("its component is under maintenance", "during_maintenance"),
    ("an incident tells of it", "cover"),
    ("it names ", "gate"),
    ("it came back", "flap"),
    ("came back", "flap"),
    ("between first and last", "mode"),
    ("after the last", "mode"),
    ("quiet hours", "quiet_hours"),
    ("told together", "digest"),
    ("many pages at once", "storm"),
    ("told with a later one", "folded"),
    ("its beginning was not told", "beginning"),
    ("nothing bad was told of it", "beginning"),
)
"""Which rule speaks, by how its reasons begin. What only passed by itself is the hold of incidents or the settle of
everything else."""

_PASSING: Final = ("it passed by itself", "may pass by itself")
_MOMENT: Final = re.compile(r", until .*|\d+")


def _rule(verdict: Verdict, event: Event) -> str:
    if verdict.reason.startswith(_PASSING):
        return "hold" if event.incident is not None else "settle"
    return next((rule for begin, rule in _RULES if verdict.reason.startswith(begin)), "other")


def _withheld(verdicts: Iterable[Verdict], events: Mapping[int, Event]) -> tuple[Withheld, ...]:
    """By rule and reason, the most first. Moments and numbers are left out of reasons, so that like stands with like;
    the operator's own words for a silence are kept whole."""
    found: Counter[tuple[str, str]] = Counter()
    for one in verdicts:
        if one.kind is VerdictKind.TOLD or one.event_id not in events:
            continue
        rule = _rule(one, events[one.event_id])
        reason = one.reason if rule == "silence" else _MOMENT.sub("", one.reason).replace("  ", " ")
        found[rule, reason] += 1
    return tuple(Withheld(count, rule, reason) for (rule, reason), count in found.most_common())


# --- what was told and missed ------------------------------------------------------------------------------------


def _is_told(one: Verdict) -> bool:
    """Whether it made a message, now or in a digest of which the time had not come."""
    return one.kind is VerdictKind.TOLD or (one.kind is VerdictKind.HELD and ", until " in one.reason)


def _missed(
    route: Route,
    ground: Ground,
    cases: Mapping[str, Case],
    verdicts: Sequence[Verdict],
    told: Set[str],
    impact: Impact,
) -> tuple[Missed, ...]:
    """Incidents of pages and components that the route means, whatever it asks of impact, type or phase."""
    place = route.filter
    meant = Filter(place.pages, place.tags, place.categories, place.components)
    reasons = {one.event_id: one.reason for one in verdicts}
    bad = at_least(impact)
    return tuple(
        _missing(case, reasons, route, ground)
        for key, case in cases.items()
        if case.impact in bad and key not in told and any(not mismatch(meant, ground.facts(one)) for one in case.events)
    )


def _missing(case: Case, reasons: Mapping[int, str], route: Route, ground: Ground) -> Missed:
    first = case.first
    assert first.incident is not None
    said = [reasons[event.id] for event in case.events if event.id in reasons]
    reason = said[0] if said else mismatch(route.filter, ground.facts(first))
    return Missed(first.page.slug, first.incident.id, first.incident.title, case.impact, first.seen_at, reason)
