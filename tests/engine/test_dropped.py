"""What is shown of a page that is watched no more: nothing among those that are, and the rest as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest

from statuswire.core.timeline import Window
from statuswire.engine.asof import load_state_at
from statuswire.engine.levels import NOTHING, load_levels
from statuswire.engine.overview import levels_of, load_look, load_overview
from statuswire.engine.reports.base import Grounds, ReportQuery
from statuswire.engine.shown import load_shown
from statuswire.engine.situation import load_situation
from statuswire.engine.timelines import load_course
from statuswire.model import Filter, Impact, Page, Status
from statuswire.store import Store, open_store, queries
from tests.web.filling import NOW, blind, incident, minutes, put


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as made:
        yield made


@pytest.fixture
def gone(store: Store) -> Page:
    """One that was dropped half an hour ago, when something was open on it and it could not be read, beside one that
    is fine."""
    put(store, "fine")
    page = put(store, "gone", incidents=[incident("i1", impact=Impact.CRITICAL)], health=blind())
    store.write(lambda tx: queries.drop_pages(tx, [page.id], NOW - minutes(30)))
    return replace(page, dropped_at=NOW - minutes(30), status=Status.OPERATIONAL)


def test_all_is_well_although_something_was_open_on_it(store: Store, gone: Page) -> None:
    overview = store.read(partial(load_overview, now=NOW))
    situation = store.read(partial(load_situation, now=NOW))
    levels = store.read(partial(load_levels, wanted=NOTHING, channels=(), now=NOW))

    assert [look.page.slug for look in overview.pages] == ["fine"]
    assert (overview.level, overview.last) == (Status.OPERATIONAL, None)
    assert (situation.lines, situation.blind, len(situation.looks)) == ((), (), 1)
    assert (dict(levels.pages), dict(levels.incidents)) == ({"operational": 1}, {})
    assert [one.page.slug for one in store.read(partial(load_shown, slug=None, now=NOW))] == ["fine"]


def test_itself_it_is_unknown_with_what_was_known_of_it(store: Store, gone: Page) -> None:
    look = store.read(partial(load_look, page=gone, now=NOW))

    assert (look.level, look.last_known) == (Status.UNKNOWN, Status.MAJOR_OUTAGE)
    assert (look.is_stale, look.is_overdue, look.flag(NOW)) == (True, False, None)
    assert [one.id for one in look.open] == ["i1"]
    assert dict(store.read(lambda tx: list(levels_of(tx, [gone], NOW)))) == {gone: Status.UNKNOWN}


def test_it_was_watched_before(store: Store, gone: Page) -> None:
    before = store.read(partial(load_state_at, at=NOW - minutes(31)))
    since = store.read(partial(load_state_at, at=NOW - minutes(29)))
    itself = store.read(partial(load_state_at, at=NOW - minutes(31), page=gone))

    assert [one.look.page.slug for one in before.pages] == ["fine", "gone"]
    assert [one.look.page.slug for one in since.pages] == ["fine"]
    assert itself.pages == before.pages[1:]
    assert itself.pages[0].look.page.dropped_at is None


def test_reports_have_it_as_long_as_it_was_watched_within_their_time(store: Store, gone: Page) -> None:
    def slugs(ago: float, *patterns: str) -> list[str]:
        query = ReportQuery(Window(NOW - minutes(ago), NOW), Filter(pages=patterns))
        return [page.slug for page in store.read(lambda tx: Grounds(tx, query, NOW).pages)]

    assert slugs(60) == slugs(60, "*") == ["fine", "gone"]
    assert slugs(20) == slugs(20, "*") == ["fine"]


def test_nothing_is_observed_of_it_since(store: Store, gone: Page) -> None:
    window = Window(NOW - minutes(120), NOW)

    observed = store.read(lambda tx: load_course(tx, gone, window, NOW)).observed

    assert observed and observed[-1][1] <= NOW - minutes(30)
    assert all(one[1] <= other[0] for one, other in pairwise(observed))
