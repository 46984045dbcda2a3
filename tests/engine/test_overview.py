"""How pages are shown: never fine while blind, never fine while something is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.engine.overview import Overview, PageLook, look_at, message, page_beat
from statuswire.model import (
    AffectedComponent,
    Feed,
    FeedHealth,
    FeedSpec,
    FeedState,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    Moment,
    Page,
    Phase,
    Role,
    Status,
)
from statuswire.store.queries import PageState

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
READ_AT = NOW - timedelta(minutes=14)
MOMENT = Moment(NOW, NOW)
PAGE = Page(1, "acme", "Acme", "https://status.acme.example", "statuspage")


def feed(state: FeedState = FeedState.OK, role: Role = Role.STATE, read_at: datetime | None = READ_AT) -> Feed:
    return Feed(1, 1, FeedSpec("https://x", role), health=FeedHealth(state, last_ok_at=read_at))


def due(at: datetime | None, wait: timedelta = timedelta(minutes=1), role: Role = Role.STATE) -> Feed:
    """A feed that was read well so long before it was due next."""
    return replace(feed(role=role, read_at=(at or NOW) - wait), due_at=at)


def incident(
    impact: Impact = Impact.MINOR, kind: Kind = Kind.INCIDENT, phase: Phase = Phase.INVESTIGATING, **fields: object
) -> KnownIncident:
    return replace(KnownIncident("i1", kind, "Slow API", phase, impact, "", MOMENT), **fields)  # type: ignore[arg-type]


def component(name: str, status: Status) -> KnownComponent:
    return KnownComponent(name, name, None, status, "", None, MOMENT, NOW)


def state(
    status: Status | None = Status.OPERATIONAL,
    feeds: tuple[Feed, ...] = (feed(),),
    components: tuple[KnownComponent, ...] = (),
    page: Page = PAGE,
) -> PageState:
    counts = {one: sum(c.status is one for c in components) for one in {c.status for c in components}}
    troubled = [one for one in components if one.status is not Status.OPERATIONAL]
    return PageState(page, status, counts, troubled, 0, list(feeds))


def look(page_state: PageState, *incidents: KnownIncident, at: datetime = NOW) -> PageLook:
    return look_at([page_state], [(PAGE.ref, one) for one in incidents], at)[0]


def test_a_page_that_is_read_and_fine_is_operational() -> None:
    seen = look(state())

    assert (seen.level, seen.is_stale, seen.open) == (Status.OPERATIONAL, False, ())


@pytest.mark.parametrize("trouble", [FeedState.FAILING, FeedState.UNREADABLE, FeedState.BLOCKED])
def test_a_page_that_cannot_be_read_is_unknown_and_stale_since_its_last_good_read(trouble: FeedState) -> None:
    seen = look(state(feeds=(feed(trouble),)))

    assert (seen.level, seen.last_known) == (Status.UNKNOWN, Status.OPERATIONAL)
    assert (seen.is_stale, seen.stale_since) == (True, READ_AT)


def test_one_feed_that_can_be_read_is_enough_to_see() -> None:
    assert not look(state(feeds=(feed(FeedState.FAILING), feed(FeedState.OK)))).is_stale


def test_a_history_that_can_be_read_is_not_enough_and_one_that_cannot_is_no_harm() -> None:
    assert look(state(feeds=(feed(FeedState.FAILING), feed(FeedState.OK, Role.HISTORY)))).is_stale
    assert not look(state(feeds=(feed(FeedState.OK), feed(FeedState.FAILING, Role.HISTORY)))).is_stale


def test_a_page_that_nobody_polls_is_unknown_and_stale_since_its_last_good_read() -> None:
    seen = look(state(feeds=(due(READ_AT),)), at=READ_AT + timedelta(minutes=16))

    assert (seen.level, seen.last_known) == (Status.UNKNOWN, Status.OPERATIONAL)
    assert (seen.is_stale, seen.is_overdue) == (True, True)
    assert seen.stale_since == READ_AT - timedelta(minutes=1)


def test_a_poll_that_is_a_little_late_says_nothing_of_the_page() -> None:
    seen = look(state(feeds=(due(READ_AT),)), at=READ_AT + timedelta(minutes=15))

    assert (seen.level, seen.is_stale, seen.is_overdue) == (Status.OPERATIONAL, False, False)


@pytest.mark.parametrize(("late", "is_overdue"), [(timedelta(hours=18), False), (timedelta(hours=18, minutes=1), True)])
def test_a_feed_that_is_seldom_polled_may_be_late_for_three_of_its_waits(late: timedelta, is_overdue: bool) -> None:
    """After a start what was missed is made up for within one of them."""
    assert look(state(feeds=(due(NOW, timedelta(hours=6)),)), at=NOW + late).is_overdue is is_overdue


@pytest.mark.parametrize(
    "feeds",
    [
        (due(NOW - timedelta(days=1)), due(NOW)),
        (due(NOW + timedelta(hours=6), timedelta(hours=6)),),
        (due(None),),
        (due(NOW - timedelta(days=1), role=Role.HISTORY),),
        (),
    ],
    ids=["another feed is polled", "its provider asked to be left alone", "told by hook", "history only", "no feed"],
)
def test_a_page_is_not_left_alone_as_long_as(feeds: tuple[Feed, ...]) -> None:
    seen = look(state(feeds=feeds))

    assert (seen.level, seen.is_overdue) == (Status.OPERATIONAL, False)


def test_a_page_that_could_not_be_read_and_that_nobody_polls_any_more_is_left_alone() -> None:
    failing = replace(feed(FeedState.FAILING), due_at=NOW - timedelta(minutes=16))

    seen = look(state(feeds=(failing,)))

    assert (seen.is_stale, seen.is_overdue, seen.stale_since) == (True, True, READ_AT)


def test_a_page_never_read_is_unknown() -> None:
    seen = look(state(None, feeds=(feed(FeedState.NEW, read_at=None),)))

    assert (seen.level, seen.last_known) == (Status.UNKNOWN, None)


def test_a_feed_without_levels_that_tells_of_nothing_open_is_operational() -> None:
    assert look(state(None)).level is Status.OPERATIONAL


def test_a_page_made_by_a_hook_has_no_feeds_and_is_not_blind() -> None:
    seen = look(state(None, feeds=(), page=replace(PAGE, origin="hook")))

    assert (seen.level, seen.is_stale) == (Status.OPERATIONAL, False)


@pytest.mark.parametrize(
    ("impact", "level"),
    [
        (Impact.NONE, Status.DEGRADED),
        (Impact.UNKNOWN, Status.DEGRADED),
        (Impact.MINOR, Status.DEGRADED),
        (Impact.MAJOR, Status.PARTIAL_OUTAGE),
        (Impact.CRITICAL, Status.MAJOR_OUTAGE),
    ],
)
def test_a_page_with_an_open_incident_is_never_fine(impact: Impact, level: Status) -> None:
    assert look(state(), incident(impact)).level is level


def test_a_running_maintenance_is_a_maintenance_and_an_announced_one_is_nothing_yet() -> None:
    running = incident(Impact.NONE, Kind.MAINTENANCE, Phase.IN_PROGRESS)
    announced = incident(Impact.NONE, Kind.MAINTENANCE, Phase.SCHEDULED)

    assert look(state(), running).level is Status.MAINTENANCE
    assert look(state(), announced).level is Status.OPERATIONAL
    assert look(state(), announced).open == ()


def test_without_a_roll_up_the_worst_component_counts() -> None:
    parts = (component("API", Status.PARTIAL_OUTAGE), component("Web", Status.DEGRADED), component("X", Status.UNKNOWN))

    seen = look(state(None, components=parts))

    assert (seen.level, seen.impacted) == (Status.PARTIAL_OUTAGE, ("API", "Web"))


def test_components_that_only_an_incident_names_are_impacted_too() -> None:
    named = (AffectedComponent("", "Chat"), AffectedComponent("2", "Web", None, Status.OPERATIONAL))

    assert look(state(), incident(components=named)).impacted == ("Chat",)


def test_a_heartbeat_tells_the_same() -> None:
    beat = page_beat(look(state(feeds=(feed(FeedState.FAILING),)), incident()))

    assert (beat.status, beat.open_titles, beat.stale_since) == (Status.DEGRADED, ("Slow API",), READ_AT)


@pytest.mark.parametrize(
    ("looks", "sentence"),
    [
        ((), "No pages are watched."),
        ((look(state()),), "All systems operational."),
        ((look(state(), incident()),), "1 open incident on 1 page."),
        ((look(state(feeds=(feed(FeedState.FAILING),))), look(state())), "1 page cannot be read."),
        (
            (look(state(feeds=(feed(FeedState.FAILING),)), incident()), look(state(), incident())),
            "2 open incidents on 2 pages, 1 page cannot be read.",
        ),
        ((look(state(feeds=(due(NOW - timedelta(days=1)),))),), "1 page is read by nobody."),
        (
            (look(state(feeds=(feed(FeedState.FAILING),))), *[look(state(feeds=(due(NOW - timedelta(days=1)),)))] * 2),
            "1 page cannot be read, 2 pages are read by nobody.",
        ),
        ((look(state(None, feeds=(feed(FeedState.NEW, read_at=None),))),), "Not every page has been read yet."),
        ((look(state(Status.DEGRADED)),), "Degraded: see the pages."),
    ],
)
def test_one_sentence_sums_it_up(looks: tuple[PageLook, ...], sentence: str) -> None:
    assert message(Overview(looks, None)) == sentence


def test_the_whole_is_as_bad_as_its_worst_page_and_blind_outranks_fine() -> None:
    fine, blind, bad = look(state()), look(state(feeds=(feed(FeedState.FAILING),))), look(state(Status.DEGRADED))

    assert Overview((fine, blind), None).level is Status.UNKNOWN
    assert Overview((fine, blind, bad), None).level is Status.DEGRADED
    assert Overview((), None).level is Status.UNKNOWN
