"""One page: its components, its last 90 days, what is open, planned and over, and how well we read it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from markupsafe import Markup

from statuswire.engine.lists import Labels
from statuswire.engine.overview import PageLook
from statuswire.engine.page_account import Bars, PageAccount, Source, load_page
from statuswire.engine.signals import load_page_signals
from statuswire.engine.situation import Trouble, troubles_of
from statuswire.model import KnownComponent, Mark, PrincipalKind, Route, Status
from statuswire.store import Tx, queries
from statuswire.web import paths
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import noted, said
from statuswire.web.face.charts import bars, strip, summary
from statuswire.web.face.days import bars_of, percent
from statuswire.web.face.forms import OFFERED, silenced
from statuswire.web.face.frame import Context, may, missing, show
from statuswire.web.face.ours import Ours, Stood, ours_of
from statuswire.web.html import see_other
from statuswire.web.needs import Need

MANY = 60
"""From so many components on, groups of which all is well are folded."""


@dataclass(frozen=True, slots=True)
class Part:
    """A component with its days as a strip, and its uptime in words."""

    now: KnownComponent
    strip: Markup
    uptime: str


@dataclass(frozen=True, slots=True)
class Group:
    """Components that stand together; `name` is empty for those that stand alone."""

    name: str
    parts: tuple[Part, ...]

    @property
    def troubled(self) -> tuple[Part, ...]:
        return tuple(one for one in self.parts if one.now.status is not Status.OPERATIONAL)


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One feed as a row. `place` is its address without what may be secret."""

    place: str
    role: str
    source: Source


async def page(ask: Ask) -> Answer:
    """The page of a provider."""
    slug = paths.text_of(ask.params["slug"])
    rules, moment = ask.parts.rules(), ask.parts.clock.now()

    def load(tx: Tx) -> Context | None:
        known = queries.page_by_slug(tx, slug)
        if known is None:
            return None
        labels = Labels(rules.tags, rules.categories)
        found = load_page(tx, known, moment, routes=rules.routes, labels=labels)
        days, groups = bars_of(found.whole), tuple(_groups(found))
        return {
            "title": found.page.name or found.page.slug,
            "close": found,
            "groups": groups,
            "part_count": sum(one.part is not None for branch in found.branches for one in branch.components),
            "days": days,
            "bars": bars(days, f"{found.page.name or slug}, {summary([day.level for day in days])}"),
            "whole": found.whole.whole,
            "percent": percent,
            "troubles": _troubles(tx, ask, found),
            "unwell": [part.now for group in groups for part in group.troubled],
            "lengths": OFFERED,
            "said": said(ask),
            "is_favourite": _is_favourite(ask, tx, slug),
            "may_choose": may(ask, Need.VIEW),
            "feeds": tuple(_feed_rows(found.sources)) if may(ask, Need.VIEW) else (),
            "routes": [one.route for one in found.routes] if may(ask, Need.VIEW) else (),
            "why": _why(found.look) if may(ask, Need.VIEW) else "",
            "route_words": route_words,
            "tags": rules.tags.get(slug, ()),
            "category": rules.categories.get(slug, ""),
            "hook": _address(ask, tx, "hooks", slug) if may(ask, Need.OPERATE) else "",
            "signal": _address(ask, tx, "signals", slug) if may(ask, Need.OPERATE) else "",
            "ours": _ours(tx, found, moment) if may(ask, Need.VIEW) else None,
            "has_beside": may(ask, Need.VIEW),
            "last_read_at": max(
                (one.health.last_ok_at for one in found.look.feeds if one.health.last_ok_at), default=None
            ),
            "many": MANY,
        }

    return await show(ask, "page.html", load, current="now", live=slug)


def _groups(found: PageAccount) -> Iterator[Group]:
    """What the page shows now; components that only old incidents name are left out."""
    for branch in found.branches:
        parts = tuple(_part(one, one.part) for one in branch.components if one.part is not None)
        if parts:
            yield Group(branch.group or "", parts)


def _part(one: Bars, now: KnownComponent) -> Part:
    return Part(now, strip([day.tally.level for day in one.days], now.name), percent(one.whole))


def _troubles(tx: Tx, ask: Ask, found: PageAccount) -> tuple[Trouble, ...]:
    marks: dict[str, list[Mark]] = {}
    for mark in queries.all_marks(tx, ask.parts.clock.now()):
        marks.setdefault(f"{mark.page}/{mark.subject}", []).append(mark)
    return tuple(troubles_of(queries.page_state(tx, found.page), found.look, marks))


def _why(look: PageLook) -> str:
    """What stood against reading the page last, in words; without the word for programs before them."""
    said = next((one.health.last_error for one in look.feeds if one.health.failures and one.health.last_error), "")
    return said.partition(": ")[2] or said


def _is_favourite(ask: Ask, tx: Tx, slug: str) -> bool:
    return ask.principal.kind is not PrincipalKind.NOBODY and slug in queries.favourites(tx, ask.principal.account_id)


def _address(ask: Ask, tx: Tx, door: str, slug: str) -> str:
    """Where the provider may send its hooks for this page (`hooks`), and our own monitoring its word (`signals`)."""
    base = queries.setting(tx, queries.ADDRESS_SETTING) or ""
    addresses = ask.parts.addresses
    token = addresses.token(slug) if door == "hooks" else addresses.signal_token(slug)
    return f"{base.rstrip('/')}/{door}/{token}"


def _ours(tx: Tx, found: PageAccount, moment: datetime) -> Ours | None:
    """Our own side, where there ever was a signal."""
    name = found.page.name or found.page.slug
    stood = Stood(found.whole.timeline.course, found.observed)
    return ours_of(load_page_signals(tx, found.page, moment), stood, name, moment)


def _feed_rows(sources: tuple[Source, ...]) -> Iterator[FeedRow]:
    for one in sources:
        yield FeedRow(one.feed.spec.url.partition("?")[0], one.feed.spec.role.value, one)


def route_words(route: Route) -> str:
    """What a route asks of an event beside its page, in words; `everything` where it asks nothing."""
    asked = route.filter
    parts = {
        "components": asked.components,
        "impact": sorted(one.value for one in asked.impacts),
        "phase": sorted(one.value for one in asked.phases),
    }
    said = [f"{name} {', '.join(some)}" for name, some in parts.items() if some]
    return "; ".join(said) or "everything"


# --- what is done with a page --------------------------------------------------------------------------------------


async def silence(ask: Ask) -> Answer:
    """Nothing is told of the page, or of one of its components, for some time."""
    slug = paths.text_of(ask.params["slug"])
    return await silenced(ask, slug, paths.page_path(slug))


async def favourite(ask: Ask) -> Answer:
    """Put it first for whoever asks, or take it back."""
    slug = paths.text_of(ask.params["slug"])
    given = await ask.form()
    is_one = given.get("favourite") == "yes"

    def put(tx: Tx) -> bool:
        if queries.page_by_slug(tx, slug) is None:
            return False
        queries.set_favourite(tx, ask.principal.account_id, slug, is_one=is_one)
        return True

    done = await noted(ask, put, "favourite.set" if is_one else "favourite.drop", f"page/{slug}")
    return see_other(paths.page_path(slug)) if done else missing(ask)


async def look(ask: Ask) -> Answer:
    """Read the page anew, soon."""
    slug = paths.text_of(ask.params["slug"])
    found = await asyncio.to_thread(ask.parts.store.read, partial(queries.page_by_slug, slug=slug))
    if found is None:
        return missing(ask)
    ask.parts.look_soon(found.id)
    return see_other(paths.page_path(slug))
