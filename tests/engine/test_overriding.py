"""What an operator says against the provider: told as ours, locked as long as it holds, and undone at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from statuswire.channels import phrasing
from statuswire.channels.rendering import is_over
from statuswire.core.routing import at_least
from statuswire.engine import orders
from statuswire.engine.calendar import Calendar
from statuswire.engine.noting import message_of
from statuswire.engine.orders import DropMark, SetMark
from statuswire.model import (
    AffectedComponent,
    Changes,
    Event,
    EventType,
    Filter,
    Impact,
    KnownComponent,
    KnownIncident,
    MarkKind,
    Message,
    Moment,
    Phase,
    Quiet,
    Route,
    Source,
    Status,
)
from statuswire.store import queries
from tests.core.told import component_event, incident_event
from tests.engine.desk import Desk, rules
from tests.store.samples import incident as open_incident

OK, BAD, DOWN = Status.OPERATIONAL, Status.DEGRADED, Status.MAJOR_OUTAGE
OVERRIDE = MarkKind.OVERRIDE
SAID = {"author": "ann", "reason": "not used"}


class Office(Desk):
    """A page with a component c0 and an incident i1, and an operator."""

    def state(self, level: Status = OK, phase: Phase = Phase.INVESTIGATING) -> None:
        """What the provider says now, without any event."""
        now = self.clock.now()
        part = KnownComponent("c0", "API", "Europe", level, level.value, None, Moment(now, now), now)
        one = open_incident("i1", phase, components=(AffectedComponent("c0", "API", "Europe", level),))
        self.store.write(lambda tx: _save(tx, part, one))

    def orders(self, order: orders.Order) -> orders.Obeyed:
        obeyed = self.store.write(lambda tx: orders.obey(tx, order, self.clock.now()))
        self.plan()
        return obeyed

    def override(self, subject: str, **said: object) -> orders.Obeyed:
        return self.orders(SetMark("acme", subject, OVERRIDE, **SAID | said))  # type: ignore[arg-type]  # by name

    def lift(self, subject: str) -> orders.Obeyed:
        return self.orders(DropMark("acme", subject, OVERRIDE))

    def log(self) -> list[Event]:
        return self.store.read(lambda tx: queries.events_after(tx, 0, 100))

    def messages(self) -> list[Message]:
        return [self.store.read(lambda tx, one=one: message_of(tx, one)) for one in self.deliveries()]


def _save(tx: queries.Tx, part: KnownComponent, one: KnownIncident) -> None:
    page = queries.upsert_page(tx, slug="acme", name="Acme", url="", platform="statuspage", origin="config")
    known = queries.load_known(tx, page.id, feed_id=None, ids=())
    assert queries.save_changes(tx, page.id, known.version, Changes(components=(part,), incidents=(one,)))


@pytest.fixture
def desk() -> Iterator[Office]:
    made = Office(rules(Route("r", ("ops",))))
    made.state()
    yield made
    made.close()


# --- components ---------------------------------------------------------------------------------------------------


def test_a_status_of_ones_own_is_told_at_once_as_ours(desk: Office) -> None:
    obeyed = desk.override("c0", status=DOWN, reason="checkout fails")
    assert obeyed.sentence == "Europe / API is overridden as major_outage for good"

    (event,) = desk.log()
    assert (event.type, event.source) == (EventType.COMPONENT_STATUS_CHANGED, Source.OPERATOR)
    (message,) = desk.messages()
    assert phrasing.headline(message) == "By our word - Major outage - Acme: API"
    assert "By our word major outage: checkout fails (ann)" in phrasing.words(message)
    assert phrasing.level(message) is DOWN


def test_what_the_provider_says_meanwhile_is_withheld(desk: Office) -> None:
    desk.override("c0", status=DOWN)
    desk.state(BAD)
    desk.tell(component_event(BAD))
    desk.state(OK)
    desk.tell(component_event(OK, BAD))

    assert len(desk.deliveries()) == 1
    reason = "by our word it is major_outage: not used"
    assert desk.verdicts(2) == desk.verdicts(3) == [("r", "suppressed", reason)]


def test_what_was_told_as_bad_ends_when_we_say_that_it_is_well(desk: Office) -> None:
    desk.state(DOWN)
    desk.tell(component_event(DOWN))
    desk.pass_time(minutes=5)

    desk.override("c0", status=OK)

    first, last = desk.messages()
    assert not is_over(first) and is_over(last)
    assert phrasing.headline(last) == "By our word - Operational - Acme: API"
    desk.tell(component_event(BAD, DOWN))
    assert desk.pass_time(hours=1) == 0


def test_the_providers_word_counts_again_when_ours_is_taken_back(desk: Office) -> None:
    desk.state(DOWN)
    desk.override("c0", status=OK)
    assert desk.lift("c0").done

    first, last = desk.log()
    assert first.component is not None and last.component is not None
    assert (first.component.old, first.component.new) == ("major_outage", "operational")
    assert (last.component.old, last.component.new) == ("operational", "major_outage")
    assert "By our word no longer" in phrasing.words(desk.messages()[-1])


def test_an_override_that_says_what_the_provider_says_only_locks_it(desk: Office) -> None:
    desk.state(DOWN)
    desk.tell(component_event(DOWN))
    desk.override("c0", status=DOWN)
    assert len(desk.log()) == 1

    desk.pass_time(minutes=5)
    assert desk.told() == [(1,)], "what was held is so by our word too"
    desk.state(OK)
    desk.tell(component_event(OK, DOWN))
    assert desk.told() == [(1,)]

    desk.lift("c0")
    assert desk.told() == [(1,), (3,)]


def test_what_is_held_is_not_told_where_our_word_stands_against_it(desk: Office) -> None:
    desk.state(DOWN)
    desk.tell(component_event(DOWN))
    desk.override("c0", status=OK)

    assert desk.pass_time(hours=1) == 0
    assert desk.deliveries() == []


def test_an_override_that_comes_to_its_end_is_told(desk: Office) -> None:
    calendar = Calendar(desk.store, desk.clock)
    desk.override("c0", status=DOWN, until=desk.clock.now() + timedelta(hours=1))
    assert asyncio.run(calendar.tell_due()) == ()
    desk.pass_time(hours=1)

    (event,) = asyncio.run(calendar.tell_due())
    assert asyncio.run(calendar.tell_due()) == ()
    desk.plan()

    assert event.component is not None and event.component.status is OK
    assert desk.told() == [(1,), (2,)]
    assert desk.messages()[-1].is_last


def test_another_override_goes_on_from_the_one_before(desk: Office) -> None:
    desk.override("c0", status=DOWN)
    desk.override("c0", status=BAD)

    assert [(one.component.old, one.component.new) for one in desk.log() if one.component] == [
        ("operational", "major_outage"),
        ("major_outage", "degraded"),
    ]
    assert desk.told() == [(1,), (2,)]


def test_the_gate_goes_by_our_word(desk: Office) -> None:
    """An incident that is linked to everything counts for a component that is bad by our word alone."""
    desk.rules = rules(Route("r", ("ops",), Filter(components=("Europe / API",), types=("incident.*",))))
    desk.again()
    parts = tuple(AffectedComponent(f"c{one}", name, "Europe", level) for one, (name, level) in enumerate(LINKED))
    desk.store.write(lambda tx: _link(tx, parts))

    desk.tell(incident_event(components=parts))
    assert "those that are meant are well" in desk.verdicts(1)[0][2]
    desk.override("c0", status=BAD)
    desk.tell(incident_event("incident.updated", components=parts))

    assert desk.told() == [(3,)]


LINKED = (("API", OK), ("Web", DOWN), ("Mail", OK), ("Chat", OK))


def _link(tx: queries.Tx, parts: tuple[AffectedComponent, ...]) -> None:
    page = queries.page_by_slug(tx, "acme")
    assert page is not None
    known = queries.load_known(tx, page.id, feed_id=None, ids=())
    at = Moment(known.components[0].since, known.components[0].since)
    made = tuple(
        KnownComponent(one.id, one.name, one.group, one.status, one.status.value, None, at, at.as_of) for one in parts
    )
    assert queries.save_changes(tx, page.id, known.version, Changes(components=made))


# --- incidents ----------------------------------------------------------------------------------------------------


def test_an_impact_of_ones_own_brings_a_route_in_at_once(desk: Office) -> None:
    desk.rules = rules(
        Route("bad", ("ops",), Filter(impacts=at_least(Impact.CRITICAL)), Quiet(hold=timedelta(hours=1)))
    )
    desk.again()
    desk.tell(incident_event(impact=Impact.MINOR))
    assert desk.deliveries() == []

    desk.override("i1", impact=Impact.CRITICAL, reason="it hits checkout")
    desk.tell(incident_event("incident.updated", impact=Impact.MINOR))

    ours, update = desk.messages()
    assert phrasing.headline(ours).startswith("By our word - ")
    facts = {one.label: one.value for one in phrasing.facts(update)}
    assert facts["By our word"] == "Critical, not minor as the provider says: it hits checkout (ann)"
    assert "Impact" not in facts
    assert phrasing.level(update) is DOWN


def test_an_incident_that_is_over_for_us_ends_and_stays_so(desk: Office) -> None:
    desk.tell(incident_event())
    assert desk.override("i1", phase=Phase.RESOLVED).done

    assert is_over(desk.messages()[-1])
    desk.tell(incident_event("incident.updated"))
    desk.state(phase=Phase.RESOLVED)
    desk.tell(incident_event("incident.resolved"))
    assert desk.told() == [(1,), (2,)]
    assert desk.verdicts(4) == [("r", "suppressed", "by our word it is resolved: not used")]
    assert desk.lift("i1") == orders.Obeyed(True, "i1 is not overridden any more")
    assert len(desk.log()) == 4, "it is over by the provider's word too"


def test_an_incident_that_goes_on_is_reopened_when_our_word_is_taken_back(desk: Office) -> None:
    desk.tell(incident_event())
    desk.override("i1", phase=Phase.RESOLVED)
    desk.pass_time(hours=1)
    desk.lift("i1")

    assert [one.type.value for one in desk.log()] == ["incident.created", "incident.resolved", "incident.reopened"]
    assert desk.told() == [(1,), (2,), (3,)]


# --- what cannot be said -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "said", "sentence"),
    [
        ("c0", {"impact": Impact.MAJOR}, "Europe / API is a component: say what it is with --status"),
        ("c0", {"status": DOWN, "phase": Phase.RESOLVED}, "Europe / API is a component: say what it is with --status"),
        ("c0", {}, "Europe / API is a component, so an override needs a --status"),
        ("i1", {"status": DOWN}, "Incident i1 is an incident: say what it is with --impact or --phase"),
        ("i1", {}, "Incident i1 is an incident, so an override needs an --impact or a --phase"),
        (
            "i1",
            {"phase": Phase.MONITORING},
            "Incident i1 can be overridden as resolved only where it is an incident",
        ),
    ],
)
def test_the_wrong_word_for_the_kind_is_refused(
    desk: Office, subject: str, said: dict[str, object], sentence: str
) -> None:
    assert desk.override(subject, **said) == orders.Obeyed(False, sentence)
    assert desk.log() == []
    assert desk.store.read(lambda tx: queries.all_marks(tx, desk.clock.now())) == []
