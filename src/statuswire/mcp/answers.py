"""What the API answers, as far as the tools need it. What a newer server says besides is passed over."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct

from statuswire.model import FeedState, Role

Item = TypeVar("Item")


class Listed(Struct, Generic[Item], frozen=True):
    items: list[Item]
    next: str | None


class PageName(Struct, frozen=True):
    slug: str
    name: str
    url: str


class OpenIncident(Struct, frozen=True):
    id: str
    title: str
    kind: str
    phase: str
    impact: str
    updated_at: datetime


class PageRow(Struct, frozen=True):
    slug: str
    name: str
    url: str
    platform: str
    state: str
    stale: bool
    stale_since: datetime | None
    last_known: str | None
    flag: str | None
    open_incidents: list[OpenIncident]
    tags: list[str]
    category: str | None
    components: dict[str, int]
    overdue: bool = False
    dropped_at: datetime | None = None


class FeedRow(Struct, frozen=True):
    id: int
    page: str
    url: str
    role: Role
    tier: int
    state: FeedState
    failures: int
    failing_since: datetime | None
    last_ok_at: datetime | None
    last_error: str
    due_at: datetime | None
    read_at: datetime | None
    polls: int
    not_modified: int


class ComponentRow(Struct, frozen=True):
    id: str
    name: str
    group: str | None
    status: str
    since: datetime | None
    page: PageName


class Affected(Struct, frozen=True):
    id: str
    name: str
    group: str | None
    status: str


class Update(Struct, frozen=True):
    phase: str | None
    text: str
    at: datetime


class IncidentRow(Struct, frozen=True):
    id: str
    page: PageName
    title: str
    phase: str
    impact: str
    url: str
    started_at: datetime | None
    resolved_at: datetime | None
    updated_at: datetime
    components: list[Affected]
    updates: list[Update]
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None


class ProviderRow(Struct, frozen=True):
    slug: str
    name: str
    page_url: str
    platform: str
    category: str
    homepage: str
    aliases: list[str]


class Health(Struct, frozen=True):
    version: str
    offline: bool


class Problem(Struct, frozen=True):
    detail: str = ""
    code: str = ""
    known: list[str] = []
