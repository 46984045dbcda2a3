"""Pages that are spread over several documents, each of which lists one part of it in full."""

from __future__ import annotations

from datetime import datetime, timedelta

from statuswire.model import (
    Component,
    Cover,
    Event,
    EventType,
    Incident,
    IncidentUpdate,
    Phase,
    Snapshot,
    Source,
    Status,
)

from .memory import START, Delivery, Memory

ALL = frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS})


class Page:
    """A page that is read once a minute, one document after another."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.minute = 0

    def read(self, feed: str, *ids: str, within: str = "", besides: str = "", levels: bool = True) -> list[Event]:
        self.minute += 1
        at = START + timedelta(minutes=self.minute)
        rows = tuple(
            Component(f"{within}Store", "Store", within, Status.OPERATIONAL) for _ in range(1 if levels else 0)
        )
        snapshot = Snapshot(
            "test",
            as_of=at,
            covers=ALL if levels else frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED}),
            components=rows,
            incidents=tuple(Incident(id_, "Down", phase=Phase.INVESTIGATING, created_at=START) for id_ in ids),
            within=within,
            besides=besides,
        )
        return self.memory.take(Delivery(snapshot, Source.POLL, at, feed))[1]

    def phases(self) -> dict[str, Phase]:
        return {one.id: one.phase for one in self.memory.known.incidents}


def test_what_one_part_does_not_show_may_go_on_in_another() -> None:
    page = Page()
    page.read("a", "A/1", within="A/")
    page.read("b", "B/1", within="B/")

    for _ in range(3):
        page.read("a", "A/1", within="A/")
        page.read("b", within="B/")

    assert page.phases() == {"A/1": Phase.INVESTIGATING, "B/1": Phase.RESOLVED}


def test_the_components_of_the_other_parts_are_not_gone() -> None:
    page = Page()

    for _ in range(3):
        assert page.read("a", within="A/") == page.read("b", within="B/") == []

    assert [one.id for one in page.memory.known.components] == ["A/Store", "B/Store"]


def test_a_list_of_all_but_one_part_ends_nothing_of_that_part() -> None:
    page = Page()
    page.read("note", "note/1", within="note/", levels=False)

    for _ in range(3):
        page.read("all", "x", besides="note/", levels=False)
    ended = [page.read("all", besides="note/", levels=False) for _ in range(2)]

    assert page.phases() == {"note/1": Phase.INVESTIGATING, "x": Phase.RESOLVED}
    assert [event.type for events in ended for event in events if event.incident] == [EventType.INCIDENT_RESOLVED]


def test_a_document_that_names_groups_gives_a_component_its_own_and_a_new_name_of_it_is_told() -> None:
    memory = Memory()

    def read(feed: str, minute: int, row: Component, covers: frozenset[Cover] = frozenset()) -> list[EventType]:
        at = START + timedelta(minutes=minute)
        snapshot = Snapshot("test", covers=covers, components=(row,))
        return [event.type for event in memory.take(Delivery(snapshot, Source.POLL, at, feed))[1]]

    def groups() -> list[str | None]:
        return [one.group for one in memory.known.components]

    listed = Component("1", "API", None, Status.OPERATIONAL, lacks_group=True)
    named = {name: Component("1", "API", name, lacks_status=True) for name in ("Core", "Heart")}

    assert read("list", 1, listed, frozenset({Cover.COMPONENTS})) == []
    assert (read("groups", 2, named["Core"]), groups()) == ([], ["Core"])
    assert (read("list", 3, listed, frozenset({Cover.COMPONENTS})), groups()) == ([], ["Core"])
    assert (read("groups", 4, named["Heart"]), groups()) == ([EventType.COMPONENT_RENAMED], ["Heart"])

    alone = Component("1", "API", None, Status.OPERATIONAL)
    assert read("list", 5, alone, frozenset({Cover.COMPONENTS})) == [EventType.COMPONENT_RENAMED]
    assert groups() == [None]


def test_another_document_tells_of_what_was_over_before_the_page_was_seen_nothing() -> None:
    memory = Memory()
    seen = START + timedelta(hours=6)
    memory.take(Delivery(Snapshot("test", as_of=seen, covers=ALL), Source.POLL, seen, "summary"))

    over = [_over("before", seen - timedelta(hours=3)), _over("after", seen + timedelta(minutes=1))]
    later = seen + timedelta(minutes=5)
    _, events = memory.take(Delivery(Snapshot("test", incidents=tuple(over)), Source.POLL, later, "history"))

    assert [event.incident.id for event in events if event.incident] == ["after"]


def _over(id_: str, at: datetime) -> Incident:
    update = IncidentUpdate(f"{id_}-1", Phase.RESOLVED, "It was mended.", at)
    return Incident(id_, "Down", phase=Phase.RESOLVED, created_at=at, updates=(update,))
