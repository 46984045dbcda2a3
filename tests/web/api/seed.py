"""A store with something of everything in it, and the site that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from statuswire.config import Config
from statuswire.engine import evidence as keeping
from statuswire.engine.planner import KnownChannel, Rules
from statuswire.model import (
    Account,
    AccountRole,
    AffectedComponent,
    ApiToken,
    Changes,
    Clue,
    Correlation,
    Delivery,
    DeliveryState,
    Document,
    Escalation,
    Event,
    EventComponent,
    EventFeed,
    EventIncident,
    EventPage,
    EventType,
    EventUpdate,
    FeedHealth,
    FeedSpec,
    FeedState,
    Filter,
    Hook,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Mark,
    MarkKind,
    MessageKind,
    Moment,
    Page,
    Phase,
    Principal,
    PrincipalKind,
    Quiet,
    Role,
    Route,
    Scope,
    Sighting,
    SignalSource,
    SignalState,
    SignalWord,
    Silence,
    Source,
    Status,
    Verdict,
    VerdictKind,
    Where,
)
from statuswire.store import Tx, queries
from statuswire.web import guard
from tests.web.parts import Site

API = "/api/v1"

CONFIG = Config.model_validate(
    {
        "pages": [{"slug": "acme", "url": "https://status.acme.example"}],
        "contracts": {
            "acme-api": {
                "page": "acme",
                "components": ["Europe / API"],
                "objective": 99.9,
                "exclude": {
                    "maintenance": "72h",
                    "hours": [{"days": "sun", "from": "02:00", "to": "04:00", "reason": "weekly window"}],
                    "dates": [{"from": "2026-04-03", "until": "2026-04-04", "reason": "strike"}],
                },
                "credits": [{"below": 99.9, "credit": 10}],
            }
        },
    }
)

OPERATOR = Principal(PrincipalKind.ACCOUNT, "ann", AccountRole.OPERATOR)

QUIET = Quiet(hold=timedelta(minutes=3), escalation=Escalation(timedelta(minutes=30), ("pager",)))
RULES = Rules(
    routes=(
        Route("pager", ("pager",), Filter(pages=("acme",), impacts=frozenset({Impact.MAJOR})), QUIET),
        Route("ops", ("ops",)),
    ),
    channels={"ops": KnownChannel("slack"), "pager": KnownChannel("pagerduty"), "spare": KnownChannel("file")},
    silences=(Silence(Filter(pages=("brook",)), "not used"),),
    tags={"acme": ("critical-path",)},
    categories={"acme": "communication", "brook": "payments"},
)


def let_ask(patch: pytest.MonkeyPatch, principal: Principal) -> None:
    """From now on all requests are theirs."""

    async def identify(*_: object) -> tuple[Principal, str]:
        return principal, ""

    patch.setattr(guard.Guard, "_identify", identify)


def seeded(*, has_people: bool = True) -> Site:
    """The site, with all of it in its store; with accounts and a token where these are wanted."""
    site = Site()
    now = site.clock.now()
    site.store.write(lambda tx: _fill(tx, now))
    if has_people:
        site.store.write(lambda tx: _let_in(tx, now))
    site.replace(config=lambda: CONFIG)
    site.replace(rules=lambda: RULES, channels=tuple(RULES.channels), look_soon=lambda page_id: page_id == 1)
    return site


def _fill(tx: Tx, now: datetime) -> None:
    acme = _page(tx, "acme", "Acme Relay")
    brook = _page(tx, "brook", "Brook Pay")
    queries.upsert_page(tx, slug="calm", name="Calm", url="", platform="", origin="hook")
    _know(tx, acme, now)
    _know(tx, brook, now)
    for page in (acme, brook):
        queries.append_events(tx, page.id, [replace(one, page=page.ref) for one in _events(page, now)])
    _keep(tx, acme, now)
    _tell(tx, now)
    _share(tx, now)
    _signal(tx, acme, now)
    queries.set_setting(tx, queries.ADDRESS_SETTING, "http://127.0.0.1:8000")
    queries.set_setting(tx, "page.2.suggestion", "it seems to be at https://status.brook-pay.example (Statuspage)")
    hooks = [Hook("statuspage", f"m{number}", "statuspage", b"{}", now, id=0) for number in range(3)]
    queries.add_hooks(tx, hooks)
    for number in (1, 2):
        queries.quarantine_hook(tx, number, "no incident in it")


def _signal(tx: Tx, page: Page, now: datetime) -> None:
    """One that fires and was seven minutes ahead of the incident, and one of another part that is over."""
    until = now + timedelta(days=2)
    fires = SignalWord(
        page.id,
        "API",
        SignalSource.ALERTMANAGER,
        "k1",
        SignalState.FIRING,
        now - timedelta(minutes=67),
        "Checkout fails",
        "https://grafana.example/d/checkout",
        until,
    )
    docs = replace(fires, component="Docs", key="k2", title="Docs are slow", at=now - timedelta(hours=5))
    over = replace(docs, state=SignalState.RESOLVED, at=now - timedelta(hours=4))
    queries.add_signals(tx, [fires, docs, over], now)


DOCUMENT = b'{"page": {"name": "Acme Relay"}}'


def _keep(tx: Tx, page: Page, now: datetime) -> None:
    """A document that made an event, as evidence for the contract."""
    document = Document(DOCUMENT, now - timedelta(minutes=59), f"{page.url}/api/v2/summary.json")
    note = keeping.keeper(CONFIG, lambda slug: f"secret-word-of-{slug}")(page, document, Source.POLL)
    assert note is not None
    note(tx, queries.events_after(tx, 0, 1), True)


def _share(tx: Tx, now: datetime) -> None:
    """As on a database that several processes share."""
    until, far = now + timedelta(seconds=15), now + timedelta(seconds=30)
    queries.beat_replica(tx, queries.About("node-1", "1.2.3", "0006", ("hooks", "poll")), now, until)
    queries.make_leases(tx, 3, ("planner",))
    for kind in queries.LeaseKind:
        queries.take_free(tx, queries.Taking("node-1", now, until, far), kind, 2)


def _let_in(tx: Tx, now: datetime) -> None:
    """Two accounts, a token of one of them, and what that comes to in the log of changes."""
    ann = queries.add_account(tx, Account(0, "ann", AccountRole.ADMIN, now), "hash")
    queries.add_account(tx, Account(0, "ben", AccountRole.VIEWER, now, subject="https://id.example ben"))
    assert ann is not None
    queries.add_token(tx, ApiToken(0, "robot", frozenset({Scope.READ}), now, ann.id), bytes(32))
    queries.note_change(tx, now, "ann", "token.add", "token/1", {"name": "robot", "scopes": ["read"]})


def _page(tx: Tx, slug: str, name: str) -> Page:
    url = f"https://status.{slug}.example"
    page = queries.upsert_page(tx, slug=slug, name=name, url=url, platform="statuspage", origin="config")
    for path, role in (("/api/v2/summary.json", Role.STATE), ("/history.atom", Role.HISTORY)):
        feed = queries.upsert_feed(tx, page.id, FeedSpec(url + path, role))
        state = FeedState.OK if role is Role.STATE else FeedState.FAILING
        health = FeedHealth(state, 0 if state is FeedState.OK else 4, None, datetime(2026, 5, 4, 9, tzinfo=UTC), "")
        queries.save_feed(tx, replace(feed, health=health, polls=7, not_modified=5))
    return page


LINK = "https://status.acme.example/i1"
API_ROW = AffectedComponent("c1", "API", "Europe", Status.DEGRADED)


def _know(tx: Tx, page: Page, now: datetime) -> None:
    moment, begun = Moment(now, now), now - timedelta(hours=1)
    rows = (
        ("c1", "API", "Europe", Status.DEGRADED),
        ("c2", "Web", "Europe", Status.OPERATIONAL),
        ("c3", "Docs", None, Status.UNKNOWN),
    )
    components = tuple(
        KnownComponent(id_, name, group, status, status.value, now, moment, begun, place)
        for place, (id_, name, group, status) in enumerate(rows)
    )
    changes = Changes(
        status=Status.DEGRADED,
        baseline_at=now - timedelta(hours=2),
        components=components,
        incidents=tuple(incidents(now)),
        updates=tuple(_updates(now)),
    )
    assert queries.save_changes(tx, page.id, 0, changes)


def incidents(now: datetime) -> Iterator[KnownIncident]:
    day, moment = timedelta(days=1), Moment(now, now)
    slow = KnownIncident("i1", Kind.INCIDENT, "Slow API", Phase.IDENTIFIED, Impact.MAJOR, LINK, moment, (API_ROW,))
    slow = replace(slow, started_at=now - timedelta(hours=1))
    old = replace(slow, id="i2", title="Old", phase=Phase.RESOLVED, impact=Impact.MINOR, components=())
    planned = replace(slow, id="m1", kind=Kind.MAINTENANCE, title="Moving", phase=Phase.SCHEDULED, started_at=None)
    yield slow
    yield replace(old, started_at=now - 3 * day, resolved_at=now - 2 * day)
    yield replace(old, id=f"{LINK}/3", title="By address", started_at=now - 4 * day, components=(API_ROW,))
    yield replace(
        planned, impact=Impact.MAINTENANCE, scheduled_for=now + day, scheduled_until=now + day + timedelta(hours=2)
    )


def _updates(now: datetime) -> Iterator[tuple[str, KnownUpdate]]:
    yield "i1", KnownUpdate("u1", 0, Phase.INVESTIGATING, "We look.", now - timedelta(hours=1), "f1")
    yield "i1", KnownUpdate("u2", 1, Phase.IDENTIFIED, "A bad deploy.", now - timedelta(minutes=9), "f2")
    yield "i2", KnownUpdate("u3", 0, None, "Over.", now - timedelta(days=2), "f3")


def _events(page: Page, now: datetime) -> Iterator[Event]:
    """One of every type."""
    for number, kind in enumerate(one for one in EventType if one is not EventType.HEARTBEAT):
        seen_at = now - timedelta(minutes=60 - number)
        event = Event(kind, f"{page.slug}.{kind.value}", seen_at, seen_at, Source.POLL, page.ref)
        yield replace(event, **_subject(kind.value.partition(".")[0], now))


def _subject(word: str, now: datetime) -> dict[str, Any]:
    """The parts of an event that is about this."""
    begun = EventIncident("i1", "Slow API", Kind.INCIDENT, Phase.IDENTIFIED, Impact.MAJOR, LINK, now, None, (API_ROW,))
    told = {"update": EventUpdate("u2", Phase.IDENTIFIED, "A bad deploy.", now), "source": Source.HOOK}
    planned = replace(begun, id="m1", kind=Kind.MAINTENANCE, scheduled_for=now, scheduled_until=now)
    change = EventComponent("c1", "API", "Europe", Status.DEGRADED, "operational", "degraded")
    subjects: dict[str, dict[str, Any]] = {
        "incident": told | {"incident": begun, "event_name": "incident_created"},
        "maintenance": told | {"incident": planned},
        "component": {"component": change},
        "page": {"page_change": EventPage(Status.OPERATIONAL, Status.DEGRADED)},
        "feed": {"feed": EventFeed("https://status.acme.example/history.atom", "timeout")},
    }
    return subjects[word]


# --- telling -----------------------------------------------------------------------------------------------------


def _tell(tx: Tx, now: datetime) -> None:
    day = timedelta(days=1)
    queries.add_verdicts(tx, [Verdict(1, "ops", VerdictKind.TOLD, "new incident")], now)
    for number, (channel, state) in enumerate(DELIVERIES, 1):
        _deliver(tx, number, channel, state, now)
    queries.disable_channel(tx, "pager", "HTTP 410", now)
    withheld = Filter(pages=("acme",), components=("Docs",))
    queries.add_silence(tx, Silence(withheld, "known", now + day, "ann"), now)
    queries.set_mark(tx, Mark("acme", "incident/i1", MarkKind.ACKNOWLEDGED, now, "ann", "we are on it"))
    override = Mark("acme", "component/c1", MarkKind.OVERRIDE, now, "ann", "", now + day, Impact.CRITICAL)
    queries.set_mark(tx, override)
    queries.save_correlation(tx, Correlation("c1", "ops", ("cloudflare",), _sightings(now), now, now))


DELIVERIES = (("ops", DeliveryState.DELIVERED), ("ops", DeliveryState.FAILED), ("pager", DeliveryState.WAITING))


def _deliver(tx: Tx, number: int, channel: str, state: DeliveryState, now: datetime) -> None:
    one = Delivery(0, channel, "0", f"msg_{number}", MessageKind.EVENT, (1,), thread="t", route=channel)
    queries.add_delivery(tx, one, RULES.channels[channel].kind, now - timedelta(minutes=number))
    stored = queries.one_delivery(tx, number)
    assert stored is not None
    if state is not DeliveryState.WAITING:
        queries.give_up(tx, (stored.delivery,), state, "HTTP 500" if state is DeliveryState.FAILED else "", now)


def _sightings(now: datetime) -> tuple[Sighting, ...]:
    clue = Clue("cloudflare", Where.TITLE)
    names = (("acme", "Acme Relay"), ("brook", "Brook Pay"))
    return tuple(Sighting(slug, name, f"{slug}/incident/i1", 1, now, (clue,)) for slug, name in names)
