"""Pages that show only what is not well, and pages that spread a component over several documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from statuswire.core.components import ComponentChanges, merge_components
from statuswire.core.context import Context
from statuswire.model import Component, Cover, EventType, Known, Moment, PageRef, Source, Status

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
EC2 = Component("ec2-us-east-1", "EC2", "us-east-1", Status.DEGRADED)
READ = Known(baseline_at=NOON, feed_read_at=NOON)


def seen(
    known: Known, *told: Component, minute: int = 0, troubled: bool = True, again: bool = True
) -> ComponentChanges:
    at = NOON + timedelta(minutes=minute)
    covers = frozenset({Cover.TROUBLED}) if troubled else frozenset()
    context = Context(
        page=PageRef("aws", "AWS", ""),
        source=Source.POLL,
        moment=Moment(at, at),
        now=at,
        is_dated=True,
        covers=covers,
        read_before=NOON if again else None,
        is_followed=again,
    )
    return merge_components(known, told, context)


def kept(changes: ComponentChanges) -> Known:
    return replace(READ, components=tuple(changes.all.values()))


def told_changes(changes: ComponentChanges) -> list[tuple[EventType, str | None, str | None]]:
    return [(event.type, event.component.old, event.component.new) for event in changes.events if event.component]


def test_the_first_trouble_of_a_quiet_page_is_told() -> None:
    assert told_changes(seen(READ, EC2)) == [(EventType.COMPONENT_STATUS_CHANGED, "operational", "degraded")]


def test_trouble_at_first_sight_is_only_shown() -> None:
    assert told_changes(seen(Known(), EC2, again=False)) == []


def test_what_another_document_has_changed_is_told_although_it_is_read_for_the_first_time() -> None:
    known = kept(seen(READ, EC2))

    assert told_changes(seen(known, minute=5, again=False)) == [
        (EventType.COMPONENT_STATUS_CHANGED, "degraded", "operational")
    ]


def test_what_is_not_shown_any_more_is_well_again() -> None:
    later = seen(kept(seen(READ, EC2)), minute=5)

    assert later.all[EC2.id].status is Status.OPERATIONAL
    assert told_changes(later) == [(EventType.COMPONENT_STATUS_CHANGED, "degraded", "operational")]


def test_an_older_body_makes_nothing_well() -> None:
    assert told_changes(seen(kept(seen(READ, EC2, minute=5)), minute=1)) == []


def test_a_list_that_does_not_say_so_makes_nothing_well() -> None:
    assert told_changes(seen(kept(seen(READ, EC2)), minute=5, troubled=False)) == []


def test_a_name_without_a_level_keeps_the_level() -> None:
    named = seen(kept(seen(READ, EC2)), replace(EC2, name="EC2 (Compute)", status=Status.UNKNOWN, lacks_status=True))

    assert named.all[EC2.id].status is Status.DEGRADED
    assert named.all[EC2.id].name == "EC2 (Compute)"


def test_a_level_without_a_name_keeps_the_name() -> None:
    levelled = seen(kept(seen(READ, EC2)), replace(EC2, name="", status=Status.MAJOR_OUTAGE), minute=5)

    assert levelled.all[EC2.id].name == "EC2"
    assert told_changes(levelled) == [(EventType.COMPONENT_STATUS_CHANGED, "degraded", "major_outage")]


def test_the_first_level_of_a_component_known_by_name_is_no_change() -> None:
    named = kept(seen(READ, replace(EC2, status=Status.UNKNOWN, lacks_status=True), troubled=False))

    assert told_changes(seen(named, minute=1)) == []
    assert told_changes(seen(named, EC2, minute=1, again=False)) == []
    assert told_changes(seen(named, EC2, minute=1))[0][2] == "degraded"


def test_a_name_that_comes_after_the_level_is_no_renaming() -> None:
    nameless = kept(seen(READ, replace(EC2, name="")))

    assert told_changes(seen(nameless, EC2, minute=1)) == []


def test_a_document_without_groups_leaves_them() -> None:
    listed = seen(kept(seen(READ, EC2)), replace(EC2, group=None, lacks_group=True), minute=5)

    assert listed.all[EC2.id].group == "us-east-1"
    assert told_changes(listed) == []
