"""The whole state, and how we are."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from statuswire.model import ReplicaRole, Status
from statuswire.web.api.shapes.base import Mode, Shape, Stamp, Version
from statuswire.web.api.shapes.feeds import InboxCounts
from statuswire.web.api.shapes.pages import PageStatus


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


class ReplicaHealth(Shape):
    id: str = Field(examples=["node-1:4711:9f86d081"])
    live: int = Field(examples=[3])
    """How many processes share the database, this one included."""
    shards: int = Field(examples=[86])
    """How many of the 256 shards of pages this one polls."""
    duties: list[str] = Field(examples=[["planner", "janitor"]])


class Replica(Shape):
    id: str = Field(examples=["node-1:4711:9f86d081"])
    version: Version
    schema_revision: str = Field(examples=["0006"])
    roles: list[ReplicaRole]
    address: str = Field(examples=["http://10.0.0.7:8000"])
    started_at: Stamp
    seen_at: Stamp
    shards: int = Field(examples=[86])
    duties: list[str] = Field(examples=[["planner", "janitor"]])
    is_this: bool = Field(examples=[True])
    """Whether it is the one that answers."""


class Replicas(Shape):
    """None where a lock lets only one process have the database."""

    items: list[Replica]


class Health(Shape):
    status: Literal["running", "degraded", "failing"]
    mode: Mode
    incidents_tracked: int | None = Field(examples=[7])
    total_updates: int | None = Field(examples=[8])
    timestamp: Stamp
    version: Version
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
    peers: dict[str, str] = Field(examples=[{}])
    """How each way to other processes is."""
    roles: list[ReplicaRole]
    replica: ReplicaHealth | None = Field(examples=[None])
    """None where a lock lets only one process have the database."""


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
    version: Version
    mode: Mode
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
