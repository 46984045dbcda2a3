"""Which events a filter means, and what withholds them: each row a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from statuswire.core.routing import Facts, at_least, gate_reason, impact_of, mismatch, silenced_by, worst
from statuswire.model import (
    Event,
    EventType,
    Filter,
    Impact,
    Mark,
    MarkKind,
    Phase,
    Silence,
    Source,
    Status,
)

from .told import T0, component_event, feed_event, incident_event, named, page_event

OK, BAD, DOWN, UNKNOWN = Status.OPERATIONAL, Status.DEGRADED, Status.MAJOR_OUTAGE, Status.UNKNOWN
INCIDENT = Facts(
    incident_event(impact=Impact.MAJOR, components=named(BAD, OK), source=Source.HOOK),
    tags=("payments", "eu"),
    category="Cloud",
    component_count=9,
)
FEED = Facts(feed_event(EventType.FEED_FAILING))
LEVEL = Facts(component_event(DOWN))

FILTERS: dict[str, tuple[Filter, Facts, str]] = {
    "an empty filter means everything": (Filter(), INCIDENT, ""),
    "a page by its slug": (Filter(pages=("acme",)), INCIDENT, ""),
    "a page by a glob in any case": (Filter(pages=("AC*",)), INCIDENT, ""),
    "another page": (Filter(pages=("beta",)), INCIDENT, "page acme is not meant"),
    "one of several pages": (Filter(pages=("beta", "acme")), INCIDENT, ""),
    "a tag": (Filter(tags=("pay*",)), INCIDENT, ""),
    "a tag that the page has not": (Filter(tags=("us",)), INCIDENT, "no such tag"),
    "a tag on a page without any": (Filter(tags=("us",)), FEED, "no such tag"),
    "a category": (Filter(categories=("cloud",)), INCIDENT, ""),
    "another category": (Filter(categories=("ai",)), INCIDENT, "category Cloud is not meant"),
    "a category on a page without one": (Filter(categories=("ai",)), FEED, "category none is not meant"),
    "types by a glob": (Filter(types=("incident.*",)), INCIDENT, ""),
    "another type": (Filter(types=("component.*",)), INCIDENT, "type incident.created is not meant"),
    "an impact": (Filter(impacts=at_least(Impact.MAJOR)), INCIDENT, ""),
    "a lesser impact": (Filter(impacts=at_least(Impact.CRITICAL)), INCIDENT, "impact major is not meant"),
    "an impact of what has none": (Filter(impacts=at_least(Impact.NONE)), FEED, "it has no impact"),
    "the impact of a level": (Filter(impacts=at_least(Impact.CRITICAL)), LEVEL, ""),
    "a phase": (Filter(phases=frozenset({Phase.INVESTIGATING})), INCIDENT, ""),
    "another phase": (Filter(phases=frozenset({Phase.RESOLVED})), INCIDENT, "phase investigating is not meant"),
    "a phase of what has none": (Filter(phases=frozenset({Phase.RESOLVED})), LEVEL, "phase none is not meant"),
    "a source": (Filter(sources=frozenset({Source.HOOK})), INCIDENT, ""),
    "another source": (Filter(sources=frozenset({Source.POLL})), INCIDENT, "source is not meant"),
    "a component by its name": (Filter(components=("API",)), INCIDENT, ""),
    "a component by a glob over group and name": (Filter(components=("europe / *",)), INCIDENT, ""),
    "another component": (Filter(components=("Billing",)), INCIDENT, "no such component"),
    "the component of a level": (Filter(components=("Europe/API",)), LEVEL, ""),
    "a component of what names none": (Filter(components=("API",)), FEED, "no such component"),
}


@pytest.mark.parametrize(("wanted", "facts", "reason"), FILTERS.values(), ids=FILTERS)
def test_a_filter_means_what_it_names_and_says_why_not(wanted: Filter, facts: Facts, reason: str) -> None:
    assert mismatch(wanted, facts) == reason


IMPACTS: dict[str, tuple[Event, Impact | None]] = {
    "an incident's own word": (incident_event(impact=Impact.MAJOR, components=named(DOWN)), Impact.MAJOR),
    "without one, its worst component": (
        incident_event(impact=Impact.UNKNOWN, components=named(BAD, DOWN)),
        Impact.CRITICAL,
    ),
    "without one, and all well": (incident_event(impact=Impact.UNKNOWN, components=named(OK)), Impact.NONE),
    "without one, and one unknown": (
        incident_event(impact=Impact.UNKNOWN, components=named(OK, UNKNOWN)),
        Impact.UNKNOWN,
    ),
    "without one or any component": (incident_event(impact=Impact.UNKNOWN), Impact.UNKNOWN),
    "planned work is maintenance": (
        incident_event("maintenance.scheduled", impact=Impact.CRITICAL),
        Impact.MAINTENANCE,
    ),
    "a level that falls": (component_event(Status.PARTIAL_OUTAGE), Impact.MAJOR),
    "its end matters as its beginning": (component_event(OK, DOWN), Impact.CRITICAL),
    "a level under maintenance": (component_event(Status.MAINTENANCE), Impact.MAINTENANCE),
    "a level that is not known": (component_event(UNKNOWN), Impact.UNKNOWN),
    "a page": (page_event(BAD), Impact.MINOR),
    "a feed has none": (feed_event(EventType.FEED_FAILING), None),
    "a list has none": (component_event(OK, type_=EventType.COMPONENT_ADDED), None),
}


@pytest.mark.parametrize(("event", "impact"), IMPACTS.values(), ids=IMPACTS)
def test_the_impact_of_an_event(event: Event, impact: Impact | None) -> None:
    assert impact_of(event) is impact


def test_at_least_major_is_major_and_critical_and_neither_unknown_nor_maintenance() -> None:
    assert at_least(Impact.MAJOR) == {Impact.MAJOR, Impact.CRITICAL}


def test_unknown_stands_between_none_and_minor() -> None:
    assert Impact.UNKNOWN in at_least(Impact.UNKNOWN)
    assert Impact.UNKNOWN not in at_least(Impact.MINOR)
    assert worst((Impact.NONE, Impact.UNKNOWN)) is Impact.UNKNOWN
    assert worst((Impact.MINOR, Impact.UNKNOWN)) is Impact.MINOR
    assert worst(()) is Impact.UNKNOWN


def mark(kind: MarkKind, **fields: object) -> Mark:
    return Mark("acme", "incident/i1", kind, T0, **fields)  # type: ignore[arg-type]  # fields by name


def test_an_operators_word_about_the_impact_goes_before_the_providers() -> None:
    facts = Facts(incident_event(impact=Impact.CRITICAL), marks=(mark(MarkKind.OVERRIDE, impact=Impact.MINOR),))

    assert facts.impact is Impact.MINOR


def test_an_operators_word_about_the_level_is_one_about_the_impact_too() -> None:
    facts = Facts(component_event(DOWN), marks=(mark(MarkKind.OVERRIDE, status=OK),))

    assert facts.impact is Impact.NONE


# --- silences ----------------------------------------------------------------------------------------------------


def test_a_silence_withholds_what_its_filter_means_until_its_end() -> None:
    silence = Silence(Filter(pages=("acme",)), "known", until=T0 + timedelta(hours=1))

    assert silenced_by([silence], INCIDENT, T0) is silence
    assert silenced_by([silence], INCIDENT, T0 + timedelta(hours=1)) is None
    assert silenced_by([Silence(Filter(pages=("beta",)), "other")], INCIDENT, T0) is None


def test_of_several_silences_the_one_without_an_end_is_the_reason() -> None:
    soon = Silence(Filter(), "soon", until=T0 + timedelta(hours=1))
    later = Silence(Filter(), "later", until=T0 + timedelta(hours=2))
    ever = Silence(Filter(), "for good")

    assert silenced_by([later, soon], INCIDENT, T0) is soon
    assert silenced_by([soon, later, ever], INCIDENT, T0) is ever


# --- the gate ----------------------------------------------------------------------------------------------------

ALL = named(OK, BAD, OK, OK)
GATES: dict[str, tuple[tuple[str, ...], Facts, bool]] = {
    "it names all, and ours is well": (("API",), Facts(incident_event(components=ALL), component_count=4), True),
    "it names all, and ours is not well": (("Web",), Facts(incident_event(components=ALL), component_count=4), False),
    "it names a few of many": (("API",), Facts(incident_event(components=ALL), component_count=6), False),
    "it names three of three": (("API",), Facts(incident_event(components=ALL[:3]), component_count=3), False),
    "no component is asked for": ((), Facts(incident_event(components=ALL), component_count=4), False),
    "the page tells no levels": (
        ("API",),
        Facts(incident_event(components=named(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)), component_count=4),
        False,
    ),
    "all are shown as well": (
        ("API",),
        Facts(incident_event(components=named(OK, OK, OK, OK)), component_count=4),
        False,
    ),
    "how many the page has is not known": (("API",), Facts(incident_event(components=ALL)), False),
    "planned work": (
        ("API",),
        Facts(incident_event("maintenance.scheduled", components=ALL), component_count=4),
        False,
    ),
}


@pytest.mark.parametrize(("components", "facts", "is_shut"), GATES.values(), ids=GATES)
def test_an_incident_linked_to_everything_counts_for_what_is_not_well(
    components: tuple[str, ...], facts: Facts, is_shut: bool
) -> None:
    reason = gate_reason(Filter(components=components), facts)

    assert bool(reason) is is_shut
    assert not is_shut or reason == "it names 4 of 4 components, and those that are meant are well"


def test_what_touches_none_of_the_components_that_matter_is_not_meant() -> None:
    api = Facts(incident_event(components=named(Status.DEGRADED)), matters=("Europe / API",))
    docs = replace(api, matters=("Docs",))

    assert mismatch(Filter(), api) == ""
    assert mismatch(Filter(), docs) == "none of its components matters"
    assert mismatch(Filter(), Facts(incident_event(), matters=("Docs",))) == "", "it names no component at all"
