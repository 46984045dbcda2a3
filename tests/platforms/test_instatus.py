"""Instatus: three small documents, web pages with their data inside, and hooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, DocumentKind, Impact, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.instatus import feeds, parse, parse_hook, recognize
from statuswire.platforms.instatus_terms import MAINTENANCE_PHASES, OWN_LEVELS, made_at
from statuswire.platforms.sight import Sight
from tests.platforms.golden import FOLDER

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOST = "https://status.acme-relay.example"
ID = "cm9x1y2z30001abcd4efg5hij"


def document(body: object) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW)


def summary(status: object = "UP", **more: object) -> Snapshot:
    return parse(document({"page": {"name": "Acme Relay", "url": HOST, "status": status}, **more}))


def component(status: object = "OPERATIONAL", **more: object) -> dict[str, object]:
    return {"id": ID, "name": "API", "status": status, "group": None, **more}


def rows(*components: object) -> Snapshot:
    return parse(document({"components": list(components)}))


def hook(**body: object) -> Snapshot:
    return parse_hook(Document(json.dumps(body).encode(), NOW, kind=DocumentKind.HOOK))


# --- feeds and recognising ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [HOST, f"{HOST}/", f"{HOST}/incident/{ID}", f"{HOST}/{ID}", f"{HOST}/history/2"])
def test_a_page_is_spread_over_three_documents(url: str) -> None:
    specs = feeds(url, None)

    assert [(spec.url, spec.role, spec.every) for spec in specs if spec.tier == 0] == [
        (f"{HOST}/v3/components.json", Role.STATE, None),
        (f"{HOST}/summary.json", Role.STATE, None),
        (f"{HOST}/history.atom", Role.ENTRIES, timedelta(minutes=15)),
    ]


def test_older_addresses_and_the_page_for_people_come_after() -> None:
    assert [(spec.url.removeprefix(HOST), spec.tier) for spec in feeds(HOST, None)][3:] == [
        ("/v2/components.json", 1),
        ("/v3/summary.json", 1),
        ("/history.rss", 1),
        ("/", 2),
    ]


@pytest.mark.parametrize(
    ("path", "role"),
    [("/summary.json", Role.STATE), ("/history.atom", Role.ENTRIES), ("/history.rss", Role.ENTRIES)],
)
def test_a_document_that_is_named_itself_is_polled_alone(path: str, role: Role) -> None:
    (spec,) = feeds(f"{HOST}{path}", None)

    assert (spec.url, spec.role, spec.tier) == (f"{HOST}{path}", role, 0)


def test_what_is_no_address_has_no_feeds() -> None:
    assert feeds("http://[half", None) == ()


NOT_CLAIMED = {"oddities.json"}
"""With a status in a form that no page was seen to send."""


@pytest.mark.parametrize("path", sorted((FOLDER / "instatus").glob("*.*")), ids=lambda path: path.name)
def test_its_own_documents_are_claimed(path: Path) -> None:
    if path.name.endswith(".expected.json"):
        return

    assert recognize(Sight(document(path.read_bytes()))) == (path.name not in NOT_CLAIMED)


@pytest.mark.parametrize(
    "body",
    [
        {"page": {"id": "k3m9s8d1f2gh", "status": "UP"}},
        {"page": {"id": "k3m9s8d1f2gh"}, "status": {"indicator": "none"}},
        {"page": {"status": "up"}},
        {"components": [{"id": "1", "name": "API", "status": "OPERATIONAL", "group": None}]},
        {"components": [{"id": ID, "name": "API", "status": "operational", "group": None}]},
        {"components": []},
        {"incident": {"id": "w2x4y6z8b1c3", "name": "x", "status": "investigating", "incident_updates": []}},
        {"component": {"id": "k3m9s8d1f2gh"}, "component_update": {"new_status": "major_outage"}},
        b"<html><a href='https://instatus.com'>activeIncidents</a></html>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:x.example,2005:Incident/123</id></entry></feed>',
    ],
)
def test_what_only_looks_similar_is_not_claimed(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", sorted(OWN_LEVELS))
def test_every_level_of_a_component_is_read(word: str) -> None:
    (row,) = rows(component(word)).components

    assert (row.status, row.raw_status) == (OWN_LEVELS[word], word)


@pytest.mark.parametrize("number", ["ONE", "SOME", "ALL"])
def test_a_number_before_a_level_says_nothing(number: str) -> None:
    assert rows(component(f"{number}MAJOROUTAGE")).components[0].status is Status.MAJOR_OUTAGE


@pytest.mark.parametrize("word", ["UP", "HASISSUES", "UNDERMAINTENANCE"])
def test_the_roll_up_of_the_page_is_text_and_no_level(word: str) -> None:
    assert (summary(word).page.status, summary(word).page.status_text) == (None, word)


def test_the_status_may_be_an_object_beside_the_page() -> None:
    body = {"page": {"name": "Acme Relay", "updated": "x"}, "status": {"type": "UP", "text": "All is well"}}

    assert parse(document(body)).page.status_text == "All is well"


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("OPERATIONAL", Impact.NONE),
        ("DEGRADEDPERFORMANCE", Impact.MINOR),
        ("MINOROUTAGE", Impact.MINOR),
        ("PARTIALOUTAGE", Impact.MAJOR),
        ("MAJOROUTAGE", Impact.CRITICAL),
        ("UNDERMAINTENANCE", Impact.MAINTENANCE),
    ],
)
def test_every_impact_is_read(word: str, impact: Impact) -> None:
    assert summary(activeIncidents=[{"id": ID, "name": "Slow", "impact": word}]).incidents[0].impact is impact


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("INVESTIGATING", Phase.INVESTIGATING),
        ("IDENTIFIED", Phase.IDENTIFIED),
        ("MONITORING", Phase.MONITORING),
        ("RESOLVED", Phase.RESOLVED),
        ("UPDATE", None),
        (None, None),
    ],
)
def test_every_status_of_an_incident_is_a_phase(word: str | None, phase: Phase | None) -> None:
    assert summary(activeIncidents=[{"id": ID, "status": word}]).incidents[0].phase is phase


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("NOTSTARTEDYET", Phase.SCHEDULED),
        ("INPROGRESS", Phase.IN_PROGRESS),
        ("VERIFYING", Phase.VERIFYING),
        ("COMPLETED", Phase.COMPLETED),
        ("IDENTIFIED", Phase.IN_PROGRESS),
        ("RESOLVED", Phase.COMPLETED),
    ],
)
def test_every_status_of_a_maintenance_is_a_phase(word: str, phase: Phase) -> None:
    (found,) = summary(activeMaintenances=[{"id": ID, "status": word}]).incidents

    assert (found.kind, found.phase, found.impact) == (Kind.MAINTENANCE, phase, Impact.MAINTENANCE)
    assert MAINTENANCE_PHASES[word.lower()] is phase


def test_unknown_words_are_named() -> None:
    assert [problem.reason for problem in rows(component("WOBBLY")).problems] == ["unknown word 'WOBBLY'"]


# --- the summary -------------------------------------------------------------------------------------------------


def test_a_summary_without_lists_says_that_nothing_is_open() -> None:
    assert summary().covers == {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}


@pytest.mark.parametrize("listed", [None, [{"impact": "MAJOROUTAGE"}], ["noise"], {}])
def test_a_list_that_was_not_read_to_the_last_covers_nothing(listed: object) -> None:
    assert summary(activeIncidents=listed).covers == {Cover.OPEN_MAINTENANCES}


@pytest.mark.parametrize("minutes", [90, "90"])
def test_the_window_of_a_maintenance_is_so_many_minutes(minutes: object) -> None:
    row = {"id": ID, "start": "2026-05-09T22:00:00Z", "duration": minutes}

    assert summary(activeMaintenances=[row]).incidents[0].scheduled_until == datetime(2026, 5, 9, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [None, "", "soon", -5, 10**12, True])
def test_a_window_that_cannot_be_has_no_end(minutes: object) -> None:
    row = {"id": ID, "start": "2026-05-09T22:00:00Z", "duration": minutes}

    assert summary(activeMaintenances=[row]).incidents[0].scheduled_until is None


@pytest.mark.parametrize("path", ["", "/incident", "/maintenance"])
def test_the_oldest_summaries_have_the_id_in_the_link(path: str) -> None:
    assert summary(activeIncidents=[{"name": "Slow", "url": f"{HOST}{path}/{ID}"}]).incidents[0].id == ID


def test_a_body_without_an_id_gets_the_same_one_each_time() -> None:
    first, second = (summary(activeIncidents=[{"name": "Slow", "url": f"{HOST}/x"}]).incidents[0].id for _ in "ab")

    assert first == second != ""


# --- components --------------------------------------------------------------------------------------------------


def test_a_group_is_told_by_those_who_stand_in_it() -> None:
    group = component(id=f"{ID}-g", name="Europe")

    (row,) = rows(component(group={"id": f"{ID}-g", "name": "Europe"}), group).components

    assert (row.name, row.group) == ("API", "Europe")


def test_a_description_is_no_state() -> None:
    assert rows(component(description="All is down")).components[0].status is Status.OPERATIONAL


def test_a_broken_row_takes_the_cover() -> None:
    assert rows(component(), "noise").covers == frozenset()
    assert rows(component()).covers == {Cover.COMPONENTS}


# --- web pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        b"<html>activeIncidents activeMaintenances instatus</html>",
        b'<script id="__NEXT_DATA__">{"props": 1}</script>activeIncidents activeMaintenances instatus',
        b'<script>self.__next_f.push([1,"5:[\\"activeIncidents\\"]\\n"])</script>activeMaintenances instatus',
        b'<script>self.__next_f.push([1,"\\ud800"])</script>activeIncidents activeMaintenances instatus',
    ],
)
def test_a_web_page_without_the_data_is_refused(damage: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(damage))


def test_a_web_page_that_is_another_one_is_refused_as_one() -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(b"<!DOCTYPE html><html><title>Get a status page</title></html>"))

    assert caught.value.reason is ParseReason.HTML


# --- identity ----------------------------------------------------------------------------------------------------


def test_all_sources_know_one_incident_by_one_id() -> None:
    names = ("incident.json", "old-summary.json", "atom.xml", "rss.xml", "hook-incident.json", "page-2023.html")

    for name in names:
        assert ID in {one.id for one in parse(document((FOLDER / "instatus" / name).read_bytes())).incidents}


def test_page_and_hook_know_one_update_by_one_id() -> None:
    page, pushed = (
        [one.id for one in parse(document((FOLDER / "instatus" / name).read_bytes())).incidents[0].updates]
        for name in ("page-2023.html", "hook-incident.json")
    )

    assert page == pushed


def test_an_id_tells_when_it_was_made() -> None:
    assert made_at("cmtlnoty400tz1bk3ehvx261c") == datetime(2026, 9, 3, 15, 4, 37, 276000, tzinfo=UTC)
    assert made_at("nonsense") is None


@pytest.mark.parametrize("body", [{}, {"page": {"status_indicator": "UP"}}, {"incident": {}}, {"component_update": 1}])
def test_a_hook_about_nothing_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ParseError):
        hook(**body)


def test_the_level_a_hook_was_sent_for_counts() -> None:
    (row,) = hook(
        component={"id": ID, "status": "OPERATIONAL"}, component_update={"new_status": "MAJOROUTAGE"}
    ).components

    assert row.status is Status.MAJOR_OUTAGE


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"null", b'{"page": {}}', b'{"components": {}}'])
def test_what_stands_in_the_place_of_the_document_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


# --- captures ----------------------------------------------------------------------------------------------------


@pytest.mark.captures
@pytest.mark.parametrize(
    ("name", "components", "incidents", "updates"),
    [
        ("gcore/components-2026-09-07-trimmed.json", 3, 0, 0),
        ("gcore/summary-2026-09-07.json", 0, 2, 0),
        ("webhook-sample/incident.json", 0, 1, 1),
        ("linear-2023/page-2023-03.html", 4, 6, 3),
        ("whereby/page-2023-03.html", 4, 1, 1),
        ("whereby/page-2023-12.html", 4, 0, 0),
        ("whereby/page-2026-03.html", 4, 3, 0),
    ],
)
def test_captured_documents_are_read_whole(
    captures: Path, name: str, components: int, incidents: int, updates: int
) -> None:
    found = document((captures / "instatus" / name).read_bytes())

    snapshot = parse(found)

    assert recognize(Sight(found))
    assert (len(snapshot.components), len(snapshot.incidents), snapshot.problems) == (components, incidents, ())
    assert sum(len(one.updates) for one in snapshot.incidents) == updates
