"""The published schemas of what the API answers, with examples.

Nothing is made by these: the bodies come from `wire.py`, `web/shapes.py` and `web/told.py`, and a test holds real ones
against what is published here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from statuswire.model import (
    AccountRole,
    DeliveryState,
    EventType,
    FeedState,
    Impact,
    Kind,
    MarkKind,
    MessageKind,
    Phase,
    PrincipalKind,
    Role,
    Scope,
    Source,
    Status,
)

Stamp = Annotated[str, Field(examples=["2026-05-04T10:22:31Z"], json_schema_extra={"format": "date-time"})]
Slug = Annotated[str, Field(examples=["acme"])]
Cursor = Annotated[str | None, Field(examples=[None], description="For `after`; null: that was all.")]


class Shape(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


# --- errors ------------------------------------------------------------------------------------------------------


class WrongPart(Shape):
    where: str = Field(examples=["query.limit"])
    what: str = Field(examples=["input should be less than or equal to 1000"])


class Problem(Shape):
    """RFC 9457. `code` is stable."""

    type: Literal["about:blank"]
    title: str = Field(examples=["Wrong parameter"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["query.limit input should be less than or equal to 1000."])
    code: str = Field(examples=["bad_parameter"])
    known: list[str] = Field(default=[], examples=[[]])
    """What would be right."""
    errors: list[WrongPart] = Field(default=[])


# --- pages and components ----------------------------------------------------------------------------------------


class PageName(Shape):
    slug: Slug
    name: str = Field(examples=["Acme Relay"])
    url: str = Field(examples=["https://status.acme-relay.example"])


class OpenIncident(Shape):
    id: str = Field(examples=["w2x4y6z8b1c3"])
    title: str = Field(examples=["Slow API"])
    kind: Kind
    phase: Phase
    impact: Impact
    updated_at: Stamp


class PageStatus(PageName):
    platform: str = Field(examples=["statuspage"])
    """Empty while it is not recognised."""
    state: Status
    """Unknown while the page cannot be read."""
    status_label: str = Field(examples=["DEGRADED"])
    stale: bool = Field(examples=[False])
    stale_since: Stamp | None
    last_known: Status | None
    """What it said before it could not be read."""
    flag: str | None = Field(examples=[None])
    suggested_url: str | None = Field(examples=[None])
    impacted_components: list[str] = Field(examples=[["API"]])
    open_incidents: list[OpenIncident]


class Page(PageStatus):
    tags: list[str] = Field(examples=[["critical-path"]])
    category: str | None = Field(examples=["communication"])
    origin: str = Field(examples=["config"])
    """Where it comes from: `config` (read-only here), `own` (kept in the database), `hook` and so on."""
    components: dict[Status, int] = Field(examples=[{"operational": 11, "degraded": 1}])
    """How many stand at each status."""


class Pages(Shape):
    items: list[Page]
    next: Cursor


class Component(Shape):
    id: str = Field(examples=["k3m9s8d1f2gh"])
    name: str = Field(examples=["API"])
    group: str | None = Field(examples=["Europe"])
    status: Status
    since: Stamp | None
    """When the status began, as far as we were told; null where that is not known any more."""
    updated_at: Stamp | None


class PageComponent(Component):
    page: PageName


class Components(Shape):
    items: list[PageComponent]
    next: Cursor


class ComponentGroup(Shape):
    group: str | None = Field(examples=["Europe"])
    """Null: those in no group."""
    components: list[Component]


class ComponentTree(Shape):
    page: PageName
    groups: list[ComponentGroup]


# --- incidents and events ----------------------------------------------------------------------------------------


class Affected(Shape):
    id: str = Field(examples=["k3m9s8d1f2gh"])
    name: str = Field(examples=["API"])
    group: str | None = Field(examples=["Europe"])
    status: Status


class IncidentUpdate(Shape):
    id: str = Field(examples=["u2"])
    phase: Phase | None
    text: str = Field(examples=["A bad deploy."])
    at: Stamp


class Incident(Shape):
    id: str = Field(examples=["w2x4y6z8b1c3"])
    page: PageName
    title: str = Field(examples=["Slow API"])
    kind: Kind
    phase: Phase
    impact: Impact
    url: str = Field(examples=["https://status.acme-relay.example/incidents/w2x4y6z8b1c3"])
    started_at: Stamp | None
    resolved_at: Stamp | None
    updated_at: Stamp
    components: list[Affected]
    updates: list[IncidentUpdate]
    """Oldest first."""
    scheduled_for: Stamp | None = None
    """Of maintenances alone, like the next."""
    scheduled_until: Stamp | None = None


class Wording(Shape):
    phase: Phase | None
    text: str = Field(examples=["A bad deploy."])
    at: Stamp
    seen_at: Stamp | None
    """When we met it; null: it was stored silently."""


class UpdateAccount(IncidentUpdate):
    seen_at: Stamp | None
    edited: bool = Field(examples=[False])
    versions: list[Wording]
    """Its wordings as we met them, the present one last."""


class Reach(Shape):
    """From when on it had this impact and named these components."""

    seen_at: Stamp
    phase: Phase
    impact: Impact
    components: list[Affected]


class Incidents(Shape):
    items: list[Incident]
    next: Cursor


class EventPage(PageName):
    model_config = ConfigDict(populate_by_name=True)
    was: Status | None = Field(default=None, alias="from")
    to: Status | None = None


class EventIncident(Shape):
    id: str = Field(examples=["w2x4y6z8b1c3"])
    title: str = Field(examples=["Slow API"])
    kind: Kind
    phase: Phase
    impact: Impact
    url: str = Field(examples=["https://status.acme-relay.example/incidents/w2x4y6z8b1c3"])
    started_at: Stamp | None
    resolved_at: Stamp | None
    components: list[Affected]
    scheduled_for: Stamp | None = None
    scheduled_until: Stamp | None = None


class EventUpdate(Shape):
    id: str = Field(examples=["u2"])
    phase: Phase
    text: str = Field(examples=["A bad deploy."])
    at: Stamp


class EventComponent(Affected):
    was: str | None = Field(default=None, alias="from")
    """A status, or a name where it was renamed; like `to`."""
    to: str | None = None


class EventFeed(Shape):
    url: str = Field(examples=["https://status.acme-relay.example/api/v2/summary.json"])
    reason: str = Field(examples=["timeout"])


class Event(Shape):
    """What does not apply to an event is left out."""

    id: int = Field(examples=[812])
    type: EventType
    at: Stamp
    """The provider's moment."""
    seen_at: Stamp
    """Ours."""
    lag_s: float = Field(examples=[2.1])
    source: Source
    page: EventPage
    incident: EventIncident | None = None
    update: EventUpdate | None = None
    component: EventComponent | None = None
    feed: EventFeed | None = None
    event_name: str | None = Field(default=None, examples=["public_incident.incident_created_v2"])


class Events(Shape):
    items: list[Event]
    next: Cursor


class RouteVerdict(Shape):
    route: str = Field(examples=["pager"])
    verdict: str = Field(examples=["told"])
    """`told`, `held`, `suppressed`, `folded`, `not meant` or `not looked at`."""
    reason: str = Field(examples=["new incident"])
    at: Stamp | None


class Verdicts(Shape):
    event: Event
    verdicts: list[RouteVerdict]


# --- feeds and hooks ---------------------------------------------------------------------------------------------


class Feed(Shape):
    id: int = Field(examples=[3])
    page: Slug
    url: str = Field(examples=["https://status.acme-relay.example/api/v2/summary.json"])
    role: Role
    tier: int = Field(examples=[0])
    state: FeedState
    failures: int = Field(examples=[0])
    failing_since: Stamp | None
    last_ok_at: Stamp | None
    last_error: str = Field(examples=[""])
    due_at: Stamp | None
    read_at: Stamp | None
    polls: int = Field(examples=[168])
    not_modified: int = Field(examples=[154])


class Feeds(Shape):
    items: list[Feed]
    next: Cursor


class InboxCounts(Shape):
    waiting: int = Field(examples=[0])
    read: int = Field(examples=[41])
    quarantined: int = Field(examples=[1])


class Hooks(Shape):
    inbox: InboxCounts
    paths: list[str] = Field(examples=[["/webhook/statuspage"]])
    """Where platforms push to."""


class HookAddress(Shape):
    page: Slug
    path: str = Field(examples=["/hooks/k3m9s8d1f2ghk3m9s8d1f2gh"])
    url: str = Field(examples=["http://127.0.0.1:8000/hooks/k3m9s8d1f2ghk3m9s8d1f2gh"])
    """To paste into the provider's form. Whoever knows it is believed."""


class HookAddresses(Shape):
    items: list[HookAddress]
    next: Cursor


class QuarantinedHook(Shape):
    id: int = Field(examples=[17])
    source: str = Field(examples=["statuspage"])
    platform: str = Field(examples=["statuspage"])
    page: str = Field(examples=["acme"])
    received_at: Stamp
    attempts: int = Field(examples=[1])
    reason: str = Field(examples=["no incident in it"])
    size_bytes: int = Field(examples=[412])


class QuarantinedHooks(Shape):
    items: list[QuarantinedHook]
    next: Cursor


# --- telling -----------------------------------------------------------------------------------------------------


class Channel(Shape):
    """Its settings are not shown: they hold secrets."""

    name: str = Field(examples=["ops"])
    kind: str = Field(examples=["slack"])
    state: Literal["ok", "failing", "disabled", "unused"]
    disabled_at: Stamp | None
    reason: str = Field(examples=[""])
    failures: int = Field(examples=[0])
    failing_since: Stamp | None
    next_at: Stamp | None
    last_ok_at: Stamp | None
    waiting: int = Field(examples=[0])


class Channels(Shape):
    items: list[Channel]
    next: Cursor


class FilterWords(Shape):
    """Only what is asked for is there."""

    page: list[str] | None = Field(default=None, examples=[["acme"]])
    tag: list[str] | None = None
    category: list[str] | None = None
    component: list[str] | None = None
    impact: list[str] | None = None
    type: list[str] | None = None
    phase: list[str] | None = None
    source: list[str] | None = None


class QuietWords(Shape):
    hold: str = Field(examples=["3m"])
    settle: str = Field(examples=["3m"])
    flap: str = Field(examples=["10m"])
    mode: Literal["all", "first_and_last"]
    digest: str | None = Field(examples=[None])
    quiet_hours: str | None = Field(examples=["22:00-07:00"])
    escalate_after: str | None = Field(examples=[None])
    escalate_to: list[str] = Field(examples=[[]])


class Route(Shape):
    name: str = Field(examples=["pager"])
    channels: list[str] = Field(examples=[["pager"]])
    filter: FilterWords
    quiet: QuietWords
    template: str | None = Field(examples=[None])


class Routes(Shape):
    items: list[Route]
    next: Cursor


class Silence(Shape):
    id: int | None = Field(examples=[3])
    """Null: it stands in the configuration file, and is ended there."""
    filter: FilterWords
    until: Stamp | None
    reason: str = Field(examples=["not used"])
    author: str = Field(examples=["ann"])


class Silences(Shape):
    items: list[Silence]
    next: Cursor


class Mark(Shape):
    page: Slug
    subject: str = Field(examples=["incident/w2x4y6z8b1c3"])
    kind: MarkKind
    impact: Impact | None
    status: Status | None
    phase: Phase | None
    at: Stamp
    until: Stamp | None
    reason: str = Field(examples=["we are on it"])
    author: str = Field(examples=["ann"])


class Marks(Shape):
    items: list[Mark]
    next: Cursor


class Delivery(Shape):
    id: int = Field(examples=[812])
    message_id: str = Field(examples=["msg_2k7d"])
    channel: str = Field(examples=["ops"])
    route: str = Field(examples=["ops"])
    kind: MessageKind
    state: DeliveryState
    what: str = Field(examples=["Acme Relay: Slow API"])
    events: list[int] = Field(examples=[[812]])
    attempts: int = Field(examples=[1])
    created_at: Stamp | None
    next_at: Stamp | None
    ended_at: Stamp | None
    last_error: str = Field(examples=[""])


class Deliveries(Shape):
    items: list[Delivery]
    next: Cursor


class CorrelationMember(Shape):
    page: Slug
    name: str = Field(examples=["Acme Relay"])
    event: int = Field(examples=[812])
    at: Stamp


class Correlation(Shape):
    id: str = Field(examples=["c_9f3a"])
    route: str = Field(examples=["ops"])
    shared: list[str] = Field(examples=[["cloudflare"]])
    """What all of them name."""
    pages: list[str] = Field(examples=[["acme", "brook"]])
    began_at: Stamp
    updated_at: Stamp
    members: list[CorrelationMember]


class Correlations(Shape):
    items: list[Correlation]
    next: Cursor


class TellingAccount(Shape):
    id: int = Field(examples=[812])
    type: EventType
    seen_at: Stamp
    source: Source
    verdicts: list[RouteVerdict]


class Ours(Shape):
    """What came of an incident here."""

    first_told_at: Stamp | None
    """When the first message about it had left."""
    events: list[TellingAccount]
    deliveries: list[Delivery]
    marks: list[Mark]
    """Those that hold now."""


class IncidentAccount(Incident):
    updates: list[UpdateAccount]  # type: ignore[assignment]  # each has more to it
    first_seen_at: Stamp | None
    reach: list[Reach]
    ours: Ours | None
    """Null for those who may not view what is told."""


class Obeyed(Shape):
    """What was ordered is done."""

    done: Literal[True]
    sentence: str = Field(examples=["silence 3 withholds until 2026-12-01 00:00 UTC"])
    id: int = Field(examples=[3])
    """Of what was made or changed; 0 where it has no number."""
    name: str = Field(examples=[""])
    """The slug of a page or the name of a route that was put or dropped; else empty."""


class OwnThing(Shape):
    body: dict[str, Any] = Field(examples=[{"url": "https://status.example.com"}])
    """As it was given."""
    author: str = Field(examples=["ann"])
    created_at: Stamp
    updated_at: Stamp
    left_out: str | None = Field(examples=[None])
    """Why it does not count: the file has its name, or has its channel no more."""


class OwnPage(OwnThing):
    slug: Slug


class OwnRoute(OwnThing):
    name: str = Field(examples=["loud"])
    position: int = Field(examples=[0])


class OwnThings(Shape):
    """All of it, in the order in which it counts."""

    pages: list[OwnPage]
    routes: list[OwnRoute]


class TokenMade(Obeyed):
    token: str = Field(examples=["sw_0f2Kq8uW5nGmZr1cYbXeTtVhJ7dLs9A3pQiNo6RwUkMgEC4SHy"])
    """To be sent as `Authorization: Bearer sw_...`. It is shown this once."""


class TestReply(Shape):
    status: int = Field(examples=[200])


class TestOutcome(Shape):
    channel: str = Field(examples=["ops"])
    kind: str = Field(examples=["slack"])
    outcome: Literal["delivered", "refused", "not_sent"]
    reason: str = Field(examples=[""])
    replies: list[TestReply]


# --- reports -----------------------------------------------------------------------------------------------------


class Tally(Shape):
    """How some time was spent, in minutes but for the first two."""

    uptime: float | None = Field(examples=[99.98])
    """In percent of what is known; null where nothing is."""
    observed: float = Field(examples=[1.0])
    """The part of the time of which the level is known, 0 to 1."""
    major_outage_min: float = Field(examples=[0.0])
    """Counts as down."""
    partial_outage_min: float = Field(examples=[31.0])
    """Counts as down by 30 %."""
    degraded_min: float = Field(examples=[12.0])
    maintenance_min: float = Field(examples=[0.0])
    unobserved_min: float = Field(examples=[0.0])


class Period(Tally):
    first: str = Field(examples=["2026-05-01"], json_schema_extra={"format": "date"})
    """The day, or the first day of the month."""


class UptimeComponent(Shape):
    id: str = Field(examples=["k3m9s8d1f2gh"])
    name: str = Field(examples=["API"])
    group: str | None = Field(examples=["Europe"])


class Uptime(Shape):
    page: Slug
    component: UptimeComponent | None
    """Null: the page as a whole."""
    by: Literal["component", "page", "incidents"]
    """Whose word it goes by: what was said of it itself, or the incidents that name it."""
    whole: Tally
    periods: list[Period]
    """Those at the ends may be cut short."""


class Uptimes(Shape):
    items: list[Uptime]
    next: Cursor


class ReportRows(Shape):
    name: str = Field(examples=["incidents"])
    since: Stamp
    until: Stamp
    rows: list[dict[str, str | float | None]] = Field(
        examples=[[{"page": "acme", "incidents": 3, "open": 1, "resolve_median_s": 4080.0}]]
    )
    """All with the same names; those of each report are in its reference."""


# --- people ------------------------------------------------------------------------------------------------------


class Account(Shape):
    name: str = Field(examples=["ann"])
    role: AccountRole
    signs_in_by: list[Literal["password", "oidc"]] = Field(examples=[["password"]])
    created_at: Stamp
    seen_at: Stamp | None
    """When they last signed in."""
    disabled_at: Stamp | None = Field(examples=[None])


class Accounts(Shape):
    items: list[Account]
    next: Cursor


class Token(Shape):
    """The token itself is not kept."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["prometheus"])
    scopes: list[Scope] = Field(examples=[["metrics"]])
    account: str | None = Field(examples=["ann"])
    """Whose it is: it may no more than they may."""
    state: Literal["good", "expired", "revoked"]
    created_at: Stamp
    expires_at: Stamp | None
    used_at: Stamp | None
    revoked_at: Stamp | None = Field(examples=[None])


class Tokens(Shape):
    items: list[Token]
    next: Cursor


class AuditEntry(Shape):
    id: int = Field(examples=[41])
    at: Stamp
    actor: str = Field(examples=["ann"])
    action: str = Field(examples=["silence.add"])
    subject: str = Field(examples=["silence/3"])
    detail: dict[str, JsonValue] = Field(examples=[{"reason": "not used"}])
    """The new values, never a secret."""


class Audit(Shape):
    items: list[AuditEntry]
    next: Cursor


# --- catalog and detection ---------------------------------------------------------------------------------------


class Provider(Shape):
    slug: Slug
    name: str = Field(examples=["Acme Relay"])
    page_url: str = Field(examples=["https://status.acme-relay.example"])
    platform: str = Field(examples=["statuspage"])
    feed_url: str = Field(examples=[""])
    category: str = Field(examples=["communication"])
    homepage: str = Field(examples=["https://acme-relay.example"])
    aliases: list[str] = Field(examples=[["relay"]])


class Catalog(Shape):
    items: list[Provider]
    next: Cursor


class SeenComponent(Shape):
    id: str = Field(examples=["k3m9s8d1f2gh"])
    name: str = Field(examples=["API"])
    group: str | None = Field(examples=["Europe"])
    status: Status


class SeenIncident(Shape):
    id: str = Field(examples=["w2x4y6z8b1c3"])
    title: str = Field(examples=["Slow API"])
    kind: Kind
    phase: Phase | None
    impact: Impact
    url: str = Field(examples=[""])
    components: list[str] = Field(examples=[["API"]])


class Evidence(Shape):
    source: str = Field(examples=["https://status.acme-relay.example/api/v2/summary.json"])
    finding: str = Field(examples=["reads as Atlassian Statuspage"])


class SeenFeed(Shape):
    url: str = Field(examples=["https://status.acme-relay.example/api/v2/summary.json"])
    role: Role
    tier: int = Field(examples=[0])
    read: bool = Field(examples=[True])


class SeenGroup(Shape):
    group: str | None = Field(examples=["Europe"])
    components: list[SeenComponent]


class SeenProblem(Shape):
    where: str = Field(examples=["components[3]"])
    reason: str = Field(examples=["no name"])


class Detection(Shape):
    """`platform` null: nothing was recognised, and `doubts` say why."""

    slug: Slug
    name: str = Field(examples=["Acme Relay"])
    url: str = Field(examples=["https://status.acme-relay.example"])
    platform: str | None = Field(examples=["statuspage"])
    status: Status
    looked_at: Stamp
    not_operational: list[SeenComponent]
    open_incidents: list[SeenIncident]
    doubts: list[str] = Field(examples=[[]])
    is_experimental: bool = Field(examples=[False])
    requests: int = Field(examples=[2])
    evidence: list[Evidence]
    feeds: list[SeenFeed]
    components: list[SeenGroup]
    problems: list[SeenProblem]


# --- backtest ----------------------------------------------------------------------------------------------------


class Withheld(Shape):
    count: int = Field(examples=[12])
    rule: str = Field(examples=["hold"])
    reason: str = Field(examples=["over before 3 min"])


class Missed(Shape):
    page: Slug
    id: str = Field(examples=["w2x4y6z8b1c3"])
    title: str = Field(examples=["Slow API"])
    impact: Impact
    began_at: Stamp
    reason: str = Field(examples=["silenced"])


class Sent(Shape):
    channel: str = Field(examples=["ops"])
    messages: int = Field(examples=[7])
    a_week: float = Field(examples=[0.5])
    digests: int = Field(examples=[0])
    stories: int = Field(examples=[0])
    escalations: int = Field(examples=[0])


class RouteReport(Shape):
    route: str = Field(examples=["ops"])
    sent: list[Sent]
    withheld: list[Withheld]
    missed: list[Missed]
    pages: list[tuple[str, int]] = Field(examples=[[["acme", 7]]])
    """The noisiest, with how much they gave to tell; like components."""
    components: list[tuple[str, int]] = Field(examples=[[["API", 5]]])
    told: list[str] = Field(examples=[["acme/incident/w2x4y6z8b1c3"]])


class Report(Shape):
    begin: Stamp
    end: Stamp
    weeks: float = Field(examples=[12.9])
    events: int = Field(examples=[412])
    incidents: int = Field(examples=[31])
    reached: int = Field(examples=[4])
    """Incidents that got as bad as was asked for."""
    messages: int = Field(examples=[7])
    impact: Impact
    routes: list[RouteReport]


class Backtest(Shape):
    report: Report


# --- ourselves ---------------------------------------------------------------------------------------------------


class WholeStatus(Shape):
    """With the names that receivers of flat status heartbeats know."""

    state: Status
    """The worst of all pages."""
    status_label: str = Field(examples=["DEGRADED"])
    message: str = Field(examples=["1 open incident on 1 page."])
    timestamp: Stamp
    last_incident_title: str | None = Field(examples=["Slow API"])
    last_incident_time: str | None = Field(examples=["Mon, 04 May 2026 10:22:31 GMT"])
    last_incident_at: Stamp | None
    last_incident_page: str | None = Field(examples=["acme"])
    impacted_components: list[str] = Field(examples=[["API"]])
    pages: list[PageStatus]


class DatabaseHealth(Shape):
    engine: str = Field(examples=["sqlite"])
    version: str = Field(examples=["3.40.1"])
    status: Literal["ok", "failing"]
    reason: str | None = Field(examples=[None])
    has_reserve: bool = Field(examples=[True])
    queued: int = Field(examples=[0])


class ChannelsHealth(Shape):
    disabled: list[str] | None = Field(default=None, examples=[["pager"]])
    """Left out, like the others, where the database cannot be read."""
    failing: list[str] | None = Field(default=None, examples=[[]])
    waiting: int | None = Field(default=None, examples=[1])


class Health(Shape):
    status: Literal["running", "degraded", "failing"]
    mode: str = Field(examples=["event-based (webhooks + polling)"])
    incidents_tracked: int | None = Field(examples=[7])
    total_updates: int | None = Field(examples=[8])
    timestamp: Stamp
    version: str = Field(examples=["0.1.0"])
    uptime_s: float = Field(examples=[34.4])
    pages: int | None = Field(examples=[6])
    feeds_failing: int = Field(examples=[0])
    offline: bool = Field(examples=[False])
    database: DatabaseHealth
    last_dispatch: Stamp | None
    faults: list[str] = Field(examples=[[]])
    pages_flagged: dict[str, str] = Field(examples=[{}])
    moves_suggested: dict[str, str] = Field(examples=[{}])
    channels: ChannelsHealth


class Polls(Shape):
    total: int = Field(examples=[168])
    not_modified: int = Field(examples=[154])
    unchanged: int = Field(examples=[6])
    changed: int = Field(examples=[8])
    failed: int = Field(examples=[0])
    failures: dict[str, int] = Field(examples=[{}])


class HookStats(Shape):
    received: int = Field(examples=[1])
    accepted: int = Field(examples=[1])
    duplicates: int = Field(examples=[0])
    rejected: dict[str, int] = Field(examples=[{}])
    by_source: dict[str, int] = Field(examples=[{"statuspage": 1}])
    inbox: InboxCounts


class Documents(Shape):
    """By platform."""

    poll_failures: dict[str, dict[str, int]] = Field(examples=[{"statuspage": {"timeout": 1}}])
    parse_failures: dict[str, dict[str, int]] = Field(examples=[{}])
    unknown_words: dict[str, dict[str, int]] = Field(examples=[{}])
    problems: dict[str, int] = Field(examples=[{"instatus": 1}])


class Beat(Shape):
    outcome: str = Field(examples=["delivered"])
    at: Stamp
    last_ok_at: Stamp | None


class Stats(Shape):
    version: str = Field(examples=["0.1.0"])
    mode: str = Field(examples=["event-based (webhooks + polling)"])
    started_at: Stamp
    uptime_s: float = Field(examples=[1353.1])
    timestamp: Stamp
    polls: Polls
    hooks: HookStats
    documents: Documents
    events: dict[str, int] = Field(examples=[{"incident.created": 2}])
    stored: dict[str, int] = Field(examples=[{"pages": 6, "events": 5}])
    feeds: dict[str, int] = Field(examples=[{"ok": 6, "in_trouble": 0}])
    heartbeats: dict[str, Beat] = Field(examples=[{}])
    """How the last one to each channel that wants some ended."""


class Me(Shape):
    kind: PrincipalKind
    name: str = Field(examples=["ann"])
    role: AccountRole | None
    """Null: may see only what is open to all."""
    scopes: list[Scope] = Field(examples=[[]])
    """Those of a token."""
