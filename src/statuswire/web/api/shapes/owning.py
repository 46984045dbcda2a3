"""What was ordered, and what is kept in the database."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from statuswire.web.api.shapes.base import Author, Shape, Slug, Stamp


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
    author: Author
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
