"""Feeds and hooks."""

from __future__ import annotations

from pydantic import Field

from statuswire.model import FeedState, Role
from statuswire.web.api.shapes.base import FeedUrl, Listed, Shape, Slug, Stamp


class Feed(Shape):
    id: int = Field(examples=[3])
    page: Slug
    url: FeedUrl
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


class Feeds(Listed[Feed]):
    pass


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


class HookAddresses(Listed[HookAddress]):
    pass


class QuarantinedHook(Shape):
    id: int = Field(examples=[17])
    source: str = Field(examples=["statuspage"])
    platform: str = Field(examples=["statuspage"])
    page: str = Field(examples=["acme"])
    received_at: Stamp
    attempts: int = Field(examples=[1])
    reason: str = Field(examples=["no incident in it"])
    size_bytes: int = Field(examples=[412])


class QuarantinedHooks(Listed[QuarantinedHook]):
    pass
