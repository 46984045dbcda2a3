"""What the API answers beyond what the client has shapes for, as far as it is shown here (docs/reference/api.md)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from statuswire.client.shapes import Incident, Page, Update


class Version(msgspec.Struct, frozen=True):
    """A wording that an update had."""

    text: str


class Said(Update, frozen=True):
    """`versions` are the wordings that it had, oldest first."""

    seen_at: datetime | None = None
    versions: tuple[Version, ...] = ()


class Mark(msgspec.Struct, frozen=True):
    """What an operator said of an incident or a component: `subject` is `incident/` or `component/` and its id."""

    page: str
    subject: str
    kind: str
    at: datetime
    until: datetime | None = None
    reason: str = ""
    author: str = ""

    @property
    def key(self) -> str:
        return f"{self.page}/{self.subject}"


class Sent(msgspec.Struct, frozen=True):
    channel: str
    state: str
    ended_at: datetime | None = None


class Ours(msgspec.Struct, frozen=True):
    """What came of an incident here."""

    first_told_at: datetime | None = None
    deliveries: tuple[Sent, ...] = ()
    marks: tuple[Mark, ...] = ()


class Account(Incident, frozen=True):
    """An incident with the wordings of its updates; `ours` is None for those who may not see it."""

    updates: tuple[Said, ...] = ()
    first_seen_at: datetime | None = None
    ours: Ours | None = None


class Meant(msgspec.Struct, frozen=True):
    """The filter of a silence."""

    page: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    component: tuple[str, ...] = ()
    impact: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


class Silence(msgspec.Struct, frozen=True):
    filter: Meant
    until: datetime | None = None


class Member(msgspec.Struct, frozen=True):
    """A story of a correlation, by its key."""

    story: str = ""


class Correlation(msgspec.Struct, frozen=True):
    """Stories of several pages that are one."""

    id: str
    shared: tuple[str, ...]
    updated_at: datetime
    members: tuple[Member, ...]
    evidence: tuple[str, ...] = ()


class Pages(msgspec.Struct, frozen=True):
    items: tuple[Page, ...]
    next: str | int | None = None


class Accounts(msgspec.Struct, frozen=True):
    items: tuple[Account, ...]
    next: str | int | None = None


class Marks(msgspec.Struct, frozen=True):
    items: tuple[Mark, ...]
    next: str | int | None = None


class Silences(msgspec.Struct, frozen=True):
    items: tuple[Silence, ...]
    next: str | int | None = None


class Correlations(msgspec.Struct, frozen=True):
    items: tuple[Correlation, ...]
    next: str | int | None = None


class Done(msgspec.Struct, frozen=True):
    """What an order came to, in a sentence."""

    sentence: str
