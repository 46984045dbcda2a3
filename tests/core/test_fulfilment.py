"""Contracts: minutes add up, what is left out never hurts, and what is not known lies between two bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.core.exempting import Exemption, Finding, Ground, exemptions, judge
from statuswire.core.fulfilment import Account, Breach, account
from statuswire.core.pieces import UNCLEAR, Piece, State, Strand, pieces
from statuswire.core.reckoning import minutes, percent, steps
from statuswire.core.timeline import Change, Stretch, Window, from_changes, observed
from statuswire.model import (
    Contract,
    Credit,
    Impact,
    Kind,
    KnownIncident,
    LeftOut,
    Moment,
    NamedTime,
    Phase,
    Status,
    WeeklyHours,
)

START = datetime(2026, 10, 1, tzinfo=UTC)
MINUTES = 31 * 1440
WINDOW = Window(START, START + timedelta(minutes=MINUTES))
WEIGHTS = {Status.MAJOR_OUTAGE: Decimal(1), Status.PARTIAL_OUTAGE: Decimal("0.3")}
CREDITS = (Credit(Decimal("99.9"), Decimal(10)), Credit(Decimal(99), Decimal(25)))
CONTRACT = Contract("acme", "acme", Decimal("99.9"), WEIGHTS, credits=CREDITS)
STAYS = replace(CONTRACT, left_out=LeftOut.UP)
BERLIN = ZoneInfo("Europe/Berlin")


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def stretch(status: Status, since: float, until: float) -> Stretch:
    return Stretch(status, at(since), at(until))


def strand(*bad: Stretch, blind: Sequence[tuple[datetime, datetime]] = ()) -> Strand:
    """Operational but for these, in order, and read but for the times that are blind."""
    course: list[Stretch] = []
    now = START
    for one in (*bad, Stretch(Status.OPERATIONAL, WINDOW.until, WINDOW.until)):
        if one.since > now:
            course.append(Stretch(Status.OPERATIONAL, now, one.since))
        course += [one] if one.until > one.since else []
        now = one.until
    return Strand(tuple(course), observed(WINDOW, START, blind))


def reckoned(
    *strands: Strand, exempt: Sequence[Exemption] = (), now: datetime = WINDOW.until, contract: Contract = CONTRACT
) -> Account:
    return account(contract, pieces(strands, exempt, contract.weights, WINDOW, now), WINDOW)


def spent(one: Account) -> dict[State, float]:
    return {each.state: each.length / timedelta(minutes=1) for each in one.states if each.length}


# --- by hand -----------------------------------------------------------------------------------------------------


def test_an_outage_counts_by_its_weight() -> None:
    found = reckoned(strand(stretch(Status.MAJOR_OUTAGE, 100, 160), stretch(Status.PARTIAL_OUTAGE, 200, 300)))

    assert spent(found) == {State.OPERATIONAL: MINUTES - 160, State.MAJOR_OUTAGE: 60, State.PARTIAL_OUTAGE: 100}
    assert found.best == found.worst == found.seen == 100 * (1 - Fraction(90, MINUTES))
    assert found.breach(CONTRACT.objective) is Breach.YES
    assert found.credits(CREDITS) == (10, 10)


def test_what_was_not_seen_is_neither_up_nor_down() -> None:
    found = reckoned(strand(blind=[(at(0), at(60))]))

    assert spent(found) == {State.OPERATIONAL: MINUTES - 60, State.UNOBSERVED: 60}
    assert (found.best, found.seen, found.worst) == (100, 100, 100 * (1 - Fraction(60, MINUTES)))
    assert found.breach(CONTRACT.objective) is Breach.UNDECIDED
    assert found.credits(CREDITS) == (0, 10)


def test_a_level_that_is_not_known_may_have_been_anything() -> None:
    found = reckoned(strand(stretch(Status.UNKNOWN, 0, 10)))

    assert (found.best, found.worst) == (100, 100 * (1 - Fraction(10, MINUTES)))
    assert found.breach(CONTRACT.objective) is Breach.NO, "ten minutes would not have broken it"


def test_what_is_still_to_come_may_break_it_and_what_has_broken_it_cannot_be_mended() -> None:
    fine = reckoned(strand(), now=at(1440))
    bad = reckoned(strand(stretch(Status.MAJOR_OUTAGE, 0, 60)), now=at(1440))

    assert spent(fine)[State.TO_COME] == MINUTES - 1440
    assert fine.breach(CONTRACT.objective) is Breach.UNDECIDED
    assert bad.breach(CONTRACT.objective) is Breach.YES


def test_of_several_components_the_one_that_counts_most_says_how_a_moment_was_spent() -> None:
    one = strand(stretch(Status.PARTIAL_OUTAGE, 0, 100))
    other = strand(stretch(Status.MAJOR_OUTAGE, 50, 80), stretch(Status.DEGRADED, 90, 200))

    found = reckoned(one, other)

    assert {state: length for state, length in spent(found).items() if state is not State.OPERATIONAL} == {
        State.PARTIAL_OUTAGE: 70,
        State.MAJOR_OUTAGE: 30,
        State.DEGRADED: 100,
    }


def test_beside_a_component_of_which_nothing_is_known_a_partial_outage_is_the_least_that_was_down() -> None:
    found = reckoned(strand(stretch(Status.PARTIAL_OUTAGE, 0, 100)), strand(blind=[(at(0), at(100))]))

    assert spent(found)[State.PARTIAL_OUTAGE] == 100
    assert (found.best, found.worst) == (100 * (1 - Fraction(30, MINUTES)), 100 * (1 - Fraction(100, MINUTES)))


def test_without_any_component_nothing_is_known() -> None:
    found = reckoned()

    assert spent(found) == {State.UNOBSERVED: MINUTES}
    assert (found.best, found.seen, found.worst) == (100, None, 0)
    assert found.breach(CONTRACT.objective) is Breach.UNDECIDED


def test_time_that_is_left_out_is_no_part_of_what_was_promised() -> None:
    bad = strand(stretch(Status.MAJOR_OUTAGE, 100, 160), blind=[(at(500), at(520))])
    exempt = [Exemption((at(90), at(130)), Ground.HOURS, "backup"), Exemption((at(510), at(530)), Ground.DATES, "")]

    found = reckoned(bad, exempt=exempt)

    assert found.measured == timedelta(minutes=MINUTES - 60)
    assert found.best == 100 * (1 - Fraction(30, MINUTES - 60))
    assert found.seen == 100 * (1 - Fraction(30, MINUTES - 70))
    assert found.worst == 100 * (1 - Fraction(40, MINUTES - 60))
    assert found.exempt == {Ground.HOURS: timedelta(minutes=40), Ground.DATES: timedelta(minutes=20)}


def test_time_that_is_left_out_counts_as_up_where_the_contract_says_so() -> None:
    bad = strand(stretch(Status.MAJOR_OUTAGE, 100, 160), blind=[(at(500), at(520))])
    exempt = [Exemption((at(90), at(130)), Ground.HOURS, "backup"), Exemption((at(510), at(530)), Ground.DATES, "")]

    found = reckoned(bad, exempt=exempt, contract=STAYS)

    assert found.best == 100 * (1 - Fraction(30, MINUTES))
    assert found.seen == 100 * (1 - Fraction(30, MINUTES - 10))
    assert found.worst == 100 * (1 - Fraction(40, MINUTES))


def test_service_hours_are_measured_alone() -> None:
    nights = [Exemption((at(day * 1440), at(day * 1440 + 960)), Ground.HOURS, "night") for day in range(31)]

    found = reckoned(strand(stretch(Status.MAJOR_OUTAGE, 900, 1000)), exempt=nights)

    assert found.measured == timedelta(minutes=31 * 480)
    assert found.best == found.worst == 100 * (1 - Fraction(40, 31 * 480))


def test_of_no_time_nothing_is_broken() -> None:
    whole = [Exemption((WINDOW.since, WINDOW.until), Ground.DATES, "force majeure")]

    found = reckoned(strand(stretch(Status.MAJOR_OUTAGE, 100, 160)), exempt=whole)

    assert (found.best, found.seen, found.worst) == (100, None, 100)
    assert found.breach(CONTRACT.objective) is Breach.NO
    assert "no time is left" in next(one.how for one in steps(CONTRACT, found) if one.name.startswith("Best"))


def test_trouble_of_one_component_that_does_not_count_hides_none_of_another() -> None:
    planned = Exemption((at(0), at(100)), Ground.MAINTENANCE, "new switches")
    one = replace(strand(stretch(Status.MAJOR_OUTAGE, 0, 100)), exempt=(planned,))
    other = strand(stretch(Status.PARTIAL_OUTAGE, 40, 60))

    found = reckoned(one, other)

    assert spent(found) == {State.MAJOR_OUTAGE: 80, State.PARTIAL_OUTAGE: 20, State.OPERATIONAL: MINUTES - 100}
    assert found.exempt == {Ground.MAINTENANCE: timedelta(minutes=80)}
    assert found.best == found.worst == 100 * (1 - Fraction(6, MINUTES - 80))


def test_the_steps_say_every_number() -> None:
    bad = strand(stretch(Status.MAJOR_OUTAGE, 100, 160), blind=[(at(500), at(520))])

    told = {one.name: (one.how, one.result) for one in steps(CONTRACT, reckoned(bad))}

    assert told["The window"] == ("2026-10-01 00:00 to 2026-11-01 00:00 UTC", "44,640 min")
    assert told["Observed, and the level known"] == (
        "44,640 - 20 unobserved - 0 of unknown level - 0 to come",
        "44,620 min",
    )
    assert told["Down: major outage"] == ("(60 - 0 excluded) x 1", "60 min")
    assert told["Not known, neither up nor down"] == ("20 min, at worst x 1", "0 to 20 min")
    assert told["Best: all that is not known was up"] == ("100 x (1 - 60 / 44,640)", "99.8655 %")
    assert told["Worst: all that is not known was down"] == ("100 x (1 - 80 / 44,640)", "99.8207 %")
    assert told["Objective"] == ("at most 44.64 of 44,640 min down", "99.9 %")
    assert told["Breach"] == ("even the best is below the objective", "yes")
    assert told["Credit"] == ("below 99.9 %: 10 %, below 99 %: 25 %", "10 %")


def test_the_steps_say_what_is_taken_out_and_what_is_left() -> None:
    bad = strand(stretch(Status.MAJOR_OUTAGE, 100, 160))
    exempt = [Exemption((at(90), at(130)), Ground.HOURS, "backup")]

    told = {one.name: (one.how, one.result) for one in steps(CONTRACT, reckoned(bad, exempt=exempt))}
    stays = {one.name: (one.how, one.result) for one in steps(STAYS, reckoned(bad, exempt=exempt, contract=STAYS))}

    assert told["Excluded by the contract, taken out of the window"] == ("40 hours", "40 min")
    assert told["Measured"] == ("44,640 - 40", "44,600 min")
    assert told["Best: all that is not known was up"][0] == "100 x (1 - 30 / 44,600)"
    assert told["Objective"][0] == "at most 44.6 of 44,600 min down"
    assert stays["Excluded by the contract, counts as up"] == ("40 hours", "40 min")
    assert stays["Measured"] == ("44,640", "44,640 min")
    assert stays["Best: all that is not known was up"][0] == "100 x (1 - 30 / 44,640)"


def test_a_percent_never_looks_better_than_it_is() -> None:
    assert percent(Fraction(99_899_999, 1_000_000)) == "99.8999 %"
    assert percent(Fraction(100)) == "100 %"
    assert minutes(timedelta(seconds=90)) == "1.5"


# --- for whatever there may be -----------------------------------------------------------------------------------

statuses = st.sampled_from(list(Status))
moments = st.integers(0, MINUTES).map(at)
spans = st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair)))
weights = st.dictionaries(
    st.sampled_from([Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE, Status.DEGRADED, Status.MAINTENANCE]),
    st.decimals(0, 1, places=2),
)
exempted = st.lists(
    st.builds(Exemption, spans, st.sampled_from(list(Ground)), st.just("why")).filter(
        lambda one: one.span[0] < one.span[1]
    ),
    max_size=5,
)


@st.composite
def strands(draw: st.DrawFn) -> Strand:
    changes: list[Change] = []
    status = draw(statuses)
    for moment in sorted(draw(st.lists(moments, max_size=6))):
        new = draw(statuses)
        changes.append(Change(moment, status, new))
        status = new
    gaps = draw(st.lists(spans, max_size=3))
    seen = observed(WINDOW, draw(st.none() | moments), gaps)
    return Strand(from_changes(changes, status, WINDOW), seen, draw(exempted))


several = st.lists(strands(), max_size=3)
sides = st.sampled_from(list(LeftOut))


@given(several, exempted, weights, moments)
def test_the_minutes_of_all_states_add_up_to_the_window_and_pieces_follow_one_another(
    some: list[Strand], exempt: list[Exemption], weighs: dict[Status, Decimal], now: datetime
) -> None:
    contract = replace(CONTRACT, weights=weighs)
    found = pieces(some, exempt, weighs, WINDOW, now)
    reckoning = account(contract, found, WINDOW)

    assert [found[0].since, *(one.until for one in found)] == [*(one.since for one in found), WINDOW.until]
    assert sum((one.length for one in reckoning.states), timedelta(0)) == reckoning.total
    assert sum((one.exempt for one in reckoning.states), timedelta(0)) == sum(reckoning.exempt.values(), timedelta(0))
    assert all(one.exempt <= one.length and one.unsure <= one.counted for one in reckoning.states)
    assert sum((one.down for one in reckoning.states), Fraction(0)) == reckoning.down_least


@given(several, exempted, exempted, weights, moments)
def test_what_is_left_out_and_counts_as_up_never_makes_a_result_worse(
    some: list[Strand], exempt: list[Exemption], more: list[Exemption], weighs: dict[Status, Decimal], now: datetime
) -> None:
    contract = replace(STAYS, weights=weighs)
    before = account(contract, pieces(some, exempt, weighs, WINDOW, now), WINDOW)
    after = account(contract, pieces(some, [*exempt, *more], weighs, WINDOW, now), WINDOW)

    assert after.best >= before.best
    assert after.worst >= before.worst
    assert before.seen is None or (after.seen is not None and after.seen >= before.seen)
    assert not (before.breach(contract.objective) is Breach.NO and after.breach(contract.objective) is not Breach.NO)


@given(several, exempted, weights, moments)
def test_what_counts_as_up_of_one_component_never_makes_the_bounds_worse(
    some: list[Strand], more: list[Exemption], weighs: dict[Status, Decimal], now: datetime
) -> None:
    contract = replace(STAYS, weights=weighs)
    fewer = [replace(one, exempt=[*one.exempt, *more]) if place == 0 else one for place, one in enumerate(some)]
    before = account(contract, pieces(some, (), weighs, WINDOW, now), WINDOW)
    after = account(contract, pieces(fewer, (), weighs, WINDOW, now), WINDOW)

    assert after.best >= before.best
    assert after.worst >= before.worst


@given(several, exempted, exempted, weights, moments)
def test_what_is_taken_out_never_adds_downtime(
    some: list[Strand], exempt: list[Exemption], more: list[Exemption], weighs: dict[Status, Decimal], now: datetime
) -> None:
    contract = replace(CONTRACT, weights=weighs)
    before = account(contract, pieces(some, exempt, weighs, WINDOW, now), WINDOW)
    after = account(contract, pieces(some, [*exempt, *more], weighs, WINDOW, now), WINDOW)

    assert after.down_least <= before.down_least
    assert after.down_most <= before.down_most
    assert after.measured <= before.measured
    assert after.down_most <= after.measured // timedelta(microseconds=1)


@given(several, exempted, weights, moments, sides, st.data())
def test_whatever_the_unknown_was_the_result_lies_between_the_bounds(
    some: list[Strand],
    exempt: list[Exemption],
    weighs: dict[Status, Decimal],
    now: datetime,
    side: LeftOut,
    data: st.DataObject,
) -> None:
    contract = replace(CONTRACT, weights=weighs, left_out=side)
    found = pieces(some, exempt, weighs, WINDOW, now)
    bounds = account(contract, found, WINDOW)

    truth = [_decided(one, data.draw(st.fractions(0, 1)), bounds.ceiling) for one in found]

    true = account(contract, truth, WINDOW)
    assert bounds.worst <= true.best == true.worst <= bounds.best
    assert bounds.seen is None or bounds.worst <= bounds.seen <= bounds.best
    assert 0 <= bounds.worst <= bounds.best <= 100
    verdict = bounds.breach(contract.objective)
    assert verdict is Breach.UNDECIDED or verdict is true.breach(contract.objective)
    least, most = bounds.credits(contract.credits)
    assert least <= true.credits(contract.credits)[0] <= most


def _decided(one: Piece, share: Fraction, ceiling: Fraction) -> Piece:
    """The piece as it may have been in truth."""
    weight = one.least + share * (one.most - one.least)
    assert one.most <= ceiling and (one.state in UNCLEAR or one.least == one.most or one.most == ceiling)
    return replace(one, least=weight, most=weight)


# --- what is left out --------------------------------------------------------------------------------------------


def work(**said: object) -> KnownIncident:
    moment = Moment(START, START)
    plain = KnownIncident("m1", Kind.MAINTENANCE, "New switches", Phase.RESOLVED, Impact.MAINTENANCE, "", moment)
    usual = {
        "created_at": at(-5000), "scheduled_for": at(100), "scheduled_until": at(200),
        "started_at": at(110), "resolved_at": at(230),
    }  # fmt: skip
    return replace(plain, **(usual | said))  # type: ignore[arg-type]


def judged(notice: float | None, **said: object) -> tuple[Finding, list[tuple[float, float]]]:
    contract = replace(CONTRACT, notice=None if notice is None else timedelta(hours=notice))
    found = judge(contract, [work(**said)], WINDOW, WINDOW.until)
    exempt = exemptions(contract, found, WINDOW)
    return found[0].finding, [tuple((one - START) / timedelta(minutes=1) for one in each.span) for each in exempt]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("notice", "said", "finding", "exempt"),
    [
        (72, {}, Finding.EXEMPT, [(110, 200)]),
        (None, {}, Finding.NO_RULE, []),
        (72, {"created_at": at(-4000)}, Finding.TOO_LATE, []),
        (72, {"created_at": None, "first_seen_at": at(-5000)}, Finding.EXEMPT, [(110, 200)]),
        (72, {"created_at": None}, Finding.TOO_LATE, []),
        (0, {"scheduled_until": None}, Finding.NO_PLAN, []),
        (0, {"phase": Phase.CANCELLED}, Finding.NEVER_RAN, []),
        (0, {"phase": Phase.SCHEDULED}, Finding.NEVER_RAN, []),
        (0, {"started_at": at(210)}, Finding.OUTSIDE, []),
        (0, {"started_at": at(50)}, Finding.EXEMPT, [(100, 200)]),
    ],
)
def test_maintenance_counts_unless_it_was_announced_in_time_and_kept_to_its_plan(
    notice: float | None, said: dict[str, object], finding: Finding, exempt: list[tuple[float, float]]
) -> None:
    assert judged(notice, **said) == (finding, exempt)


def test_weekly_hours_are_those_of_the_zone_also_when_clocks_change() -> None:
    hours = (WeeklyHours(time(23), time(4), "backup", frozenset({5})),)
    window = Window(datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))

    found = exemptions(replace(CONTRACT, zone=BERLIN, hours=hours), (), window)

    assert [one.span[0].isoformat()[:16] for one in found] == ["2026-10-24T21:00", "2026-10-31T22:00"]
    assert [(one.span[1] - one.span[0]) / timedelta(hours=1) for one in found] == [6, 5]


def test_named_times_and_hours_are_cut_at_the_ends_of_the_window() -> None:
    contract = replace(
        CONTRACT, hours=(WeeklyHours(time(22), time(2), "night"),), dates=(NamedTime(at(-60), at(30), "strike"),)
    )

    found = exemptions(contract, (), WINDOW)

    assert found[0] == Exemption((START, at(30)), Ground.DATES, "strike")
    assert found[1] == Exemption((START, at(120)), Ground.HOURS, "night")
    assert found[-1].span == (at(MINUTES - 120), at(MINUTES))
