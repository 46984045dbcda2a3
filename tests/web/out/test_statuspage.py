"""Statuspage's documents of ourselves: our own Statuspage reader finds in them what the store knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from statuswire.engine.compatible import COMPONENT_WORDS
from statuswire.model import (
    AffectedComponent,
    Cover,
    Document,
    Impact,
    Incident,
    Kind,
    KnownIncident,
    Phase,
    Snapshot,
    Status,
)
from statuswire.platforms import PLATFORMS
from statuswire.platforms.parsing import recognise
from tests.web.filling import NOW, blind, component, drop, incident, maintenance, put, put_left, update
from tests.web.parts import Site

BASE = "https://wire.example"
ALL_COVERS = frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES})
TOUCHED = AffectedComponent("k3m9s8d1f2gh", "API", "Europe", Status.DEGRADED)

COMPONENTS = (
    component("k3m9s8d1f2gh", "API", Status.DEGRADED, "Europe"),
    component("k4", "Web", group="Europe"),
    component("k5", "Mail", Status.MAJOR_OUTAGE),
    component("k6", "Search", Status.PARTIAL_OUTAGE, "America"),
    component("k7", "Files", Status.MAINTENANCE),
)
SLOW = incident(
    "w2x4y6z8b1c3",
    "Slow API",
    Phase.IDENTIFIED,
    [
        replace(update("u1", "Looking.", 60), components=(TOUCHED,)),
        update("u2", "A bad deploy.\nSecond line.", 30, Phase.IDENTIFIED),
    ],
    url="https://status.acme.example/incidents/w2x4y6z8b1c3",
    components=[TOUCHED],
)
PLANNED = maintenance("p1", updates=[update("s1", "We upgrade.", 1440, Phase.SCHEDULED)])
RUNNING = maintenance(
    "p2", "Move", Phase.IN_PROGRESS, [update("r1", "We move.", 20, Phase.IN_PROGRESS)], begins=-30, lasts=None
)


def fill(site: Site) -> None:
    put(site.store, status=Status.MAJOR_OUTAGE, components=COMPONENTS, incidents=[SLOW, PLANNED, RUNNING])


def read(site: Site, target: str) -> Snapshot:
    body = site.get(target).body
    return PLATFORMS["statuspage"].parse(Document(body, NOW, url=f"{BASE}{target}"))


def told(one: KnownIncident | Incident) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "kind": one.kind,
        "phase": one.phase,
        "impact": one.impact,
        "scheduled": (one.scheduled_for, one.scheduled_until),
        "began": (one.created_at, one.kind is Kind.INCIDENT and one.started_at),
        "components": one.components,
        "updates": [
            (getattr(said, "key", None) or said.id, said.phase, said.text, said.at, said.components)  # type: ignore[union-attr]
            for said in one.updates
        ],
    }


# --- one page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["/pages/acme/status.json", "/pages/acme/api/v2/summary.json"])
def test_our_own_reader_finds_in_the_summary_what_the_store_knows(site: Site, target: str) -> None:
    fill(site)

    snapshot = read(site, target)

    assert {(one.id, one.name, one.group, one.status) for one in snapshot.components} == {
        (one.id, one.name, one.group, one.status) for one in COMPONENTS
    }
    assert {one.id: told(one) for one in snapshot.incidents} == {one.id: told(one) for one in (SLOW, PLANNED, RUNNING)}
    assert (snapshot.page.name, snapshot.page.status) == ("Acme Relay", Status.MAJOR_OUTAGE)
    assert (snapshot.problems, snapshot.as_of) == ((), NOW)
    assert next(one.url for one in snapshot.incidents if one.id == SLOW.id) == SLOW.url


def test_the_summary_covers_all_lists_and_is_recognised(site: Site) -> None:
    fill(site)

    assert read(site, "/pages/acme/api/v2/summary.json").covers == ALL_COVERS
    found = recognise(Document(site.get("/pages/acme/api/v2/summary.json").body, NOW))
    assert found is not None and found.name == "statuspage"


def test_our_reader_looks_at_the_very_addresses_that_we_serve(site: Site) -> None:
    fill(site)

    for feed in PLATFORMS["statuspage"].feeds(f"{BASE}/pages/acme", None):
        if feed.accept == "application/json":
            assert site.get(feed.url.removeprefix(BASE)).status == 200


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("incidents", ["w2x4y6z8b1c3", "over"]),
        ("incidents/unresolved", ["w2x4y6z8b1c3"]),
        ("scheduled-maintenances", ["p1", "p2"]),
        ("scheduled-maintenances/upcoming", ["p1"]),
        ("scheduled-maintenances/active", ["p2"]),
        ("components", []),
        ("status", []),
    ],
)
def test_every_document_of_statuspage_has_its_part(site: Site, document: str, expected: list[str]) -> None:
    over = incident("over", "Late mail", Phase.RESOLVED, [update("o1", "Done.", 800, Phase.RESOLVED)], ago=900)
    put(site.store, components=COMPONENTS, incidents=[SLOW, over, PLANNED, RUNNING])

    snapshot = read(site, f"/pages/acme/api/v2/{document}.json")

    assert [one.id for one in snapshot.incidents] == expected
    assert bool(snapshot.components) is (document == "components")


def test_a_group_repeats_the_worst_of_its_components(site: Site) -> None:
    fill(site)

    rows = site.get("/pages/acme/status.json").json["components"]

    groups = {row["name"]: (row["status"], row["components"]) for row in rows if row["group"]}
    assert groups == {
        "Europe": ("degraded_performance", ["k3m9s8d1f2gh", "k4"]),
        "America": ("partial_outage", ["k6"]),
    }
    assert len({row["id"] for row in rows}) == len(rows)


# --- all of them -------------------------------------------------------------------------------------------------


def test_all_pages_together_are_one_page_with_a_group_for_each(site: Site) -> None:
    fill(site)
    put(site.store, "zenith", "Zenith", components=[component("k3m9s8d1f2gh", "API")])
    put(site.store, "bare", "Bare")

    snapshot = read(site, "/api/v2/summary.json")

    assert {(one.group, one.name, one.status) for one in snapshot.components} == {
        ("Acme Relay", "Europe - API", Status.DEGRADED),
        ("Acme Relay", "Europe - Web", Status.OPERATIONAL),
        ("Acme Relay", "Mail", Status.MAJOR_OUTAGE),
        ("Acme Relay", "America - Search", Status.PARTIAL_OUTAGE),
        ("Acme Relay", "Files", Status.MAINTENANCE),
        ("Zenith", "API", Status.OPERATIONAL),
        (None, "Bare", Status.OPERATIONAL),
    }
    assert {one.title for one in snapshot.incidents} == {
        "Acme Relay: Slow API",
        "Acme Relay: Database upgrade",
        "Acme Relay: Move",
    }
    touched = next(one.components for one in snapshot.incidents if one.title == "Acme Relay: Slow API")
    assert touched is not None and touched[0].id in {one.id for one in snapshot.components}
    assert (snapshot.page.status, snapshot.problems, snapshot.covers) == (Status.MAJOR_OUTAGE, (), ALL_COVERS)


def test_the_whole_is_at_the_root_too(site: Site) -> None:
    fill(site)

    assert site.get("/status.json").json == site.get("/api/v2/summary.json").json


# --- what nobody knows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/pages/acme"])
def test_a_page_that_cannot_be_read_is_never_operational(site: Site, prefix: str) -> None:
    parts = [component("k1", "API"), component("k2", "Web", group="Europe")]
    put(site.store, components=parts, incidents=[incident("i1", components=[TOUCHED])], health=blind())
    put(site.store, "bare", "Bare", health=blind())

    body = site.get(f"{prefix}/api/v2/summary.json").json

    assert [row["status"] for row in body["components"]] == ["degraded_performance"] * len(body["components"])
    assert {row["statuswire_status"] for row in body["components"]} == {"unknown"}
    assert body["status"]["indicator"] == "minor"
    assert [row["statuswire_status"] for row in body["incidents"][0]["components"]] == ["unknown"]
    assert "cannot be read" in body["status"]["description"]
    assert "Unknown: Unknown" not in body["status"]["description"]
    assert "cannot be read since 2026-05-04T09:46:00Z, last known: " in body["components"][0]["description"]


@pytest.mark.parametrize("prefix", ["", "/pages/acme"])
def test_a_page_that_nobody_reads_is_never_operational(site: Site, prefix: str) -> None:
    put_left(site.store, components=[component("k1", "API")])

    body = site.get(f"{prefix}/api/v2/summary.json").json

    assert {row["statuswire_status"] for row in body["components"]} == {"unknown"}
    assert body["status"]["statuswire_status"] == "unknown"
    assert "nobody has read the page since 2026-05-04T05:00:00Z" in body["status"]["description"]


def test_a_page_that_is_not_watched_any_more_is_no_part_of_all_and_itself_unknown(site: Site) -> None:
    put(site.store, "fine")
    drop(site.store, put(site.store, "acme", incidents=[incident("i1")]))

    whole = site.get("/api/v2/summary.json").json
    itself = site.get("/pages/acme/api/v2/status.json").json

    assert (whole["status"]["statuswire_status"], whole["incidents"]) == ("operational", [])
    assert itself["status"]["statuswire_status"] == "unknown"
    assert "not watched since 2026-05-04T09:30:00Z" in itself["status"]["description"]


def test_every_row_has_moments_because_clients_want_some(site: Site) -> None:
    fill(site)
    put(site.store, "bare", "Bare")

    rows = site.get("/status.json").json["components"]

    assert all(row["created_at"] and row["updated_at"] for row in rows)


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.mark.parametrize("target", ["/status.json", "/pages/acme/status.json"])
def test_moments_are_written_as_statuspage_writes_them(site: Site, target: str) -> None:
    """Clients with a fixed form break on digits more or less."""
    fill(site)

    found = list(moments_in(site.get(target).json))

    assert len(found) > 20
    assert all(MOMENT.fullmatch(one) for one in found)


def moments_in(node: Any) -> Iterator[str]:
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if str(key).endswith("_at") or key in ("scheduled_for", "scheduled_until"):
            yield from [child] if child is not None else []
        yield from moments_in(child)


@pytest.mark.parametrize(("target", "prefix"), [("/status.json", "acme:"), ("/pages/acme/status.json", "")])
def test_a_component_of_an_incident_is_its_row_on_the_page(site: Site, target: str, prefix: str) -> None:
    gone = AffectedComponent("k9", "Fax", status=Status.DEGRADED)
    worse = replace(TOUCHED, status=Status.PARTIAL_OUTAGE)
    put(site.store, components=COMPONENTS, incidents=[replace(SLOW, components=(worse, gone))])

    body = site.get(target).json

    (row,) = [one for one in body["components"] if one["id"] == f"{prefix}k3m9s8d1f2gh"]
    shown, fax = body["incidents"][0]["components"]
    assert shown == row | {"status": "partial_outage", "statuswire_status": "partial_outage"}
    assert (fax["id"], fax["name"], fax["status"]) == (f"{prefix}k9", "Fax", "degraded_performance")


def test_a_component_of_which_the_provider_says_nothing_is_not_operational(site: Site) -> None:
    put(site.store, components=[component("k1", "API", Status.UNKNOWN)])

    (row,) = site.get("/pages/acme/status.json").json["components"]

    assert (row["status"], row["description"]) == ("degraded_performance", "Unknown: the provider does not say")


def test_no_pages_at_all_are_unknown(site: Site) -> None:
    assert site.get("/status.json").json["status"] == {
        "indicator": "minor",
        "description": "Status Unknown",
        "statuswire_status": "unknown",
    }


def test_only_the_words_of_statuspage_are_used(site: Site) -> None:
    odd = incident("i1", "Odd", Phase.UNKNOWN, [update("u1", "?", phase=Phase.UNKNOWN)], impact=Impact.UNKNOWN)
    gone = maintenance("p9", "Off", Phase.CANCELLED, [update("c1", "Off.", phase=Phase.CANCELLED)])
    put(site.store, incidents=[odd, gone])

    incidents = site.get("/pages/acme/api/v2/incidents.json").json["incidents"]
    planned = site.get("/pages/acme/api/v2/scheduled-maintenances.json").json["scheduled_maintenances"]

    assert [(one["status"], one["impact"], one["incident_updates"][0]["status"]) for one in (*incidents, *planned)] == [
        ("investigating", "minor", "investigating"),
        ("completed", "maintenance", "scheduled"),
    ]
    assert COMPONENT_WORDS.keys() == set(Status)


# --- the answer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["/pages/nobody/status.json", "/pages/acme/api/v2/other.json", "/api/v2/incidents/other.json"]
)
def test_what_there_is_not_is_404(site: Site, target: str) -> None:
    fill(site)

    assert (site.get(target).status, site.get(target).code) == (404, "unknown_address")


def test_who_has_the_same_state_is_not_sent_it_again_later(site: Site) -> None:
    fill(site)
    tag = site.get("/status.json").headers["etag"]
    site.clock._elapsed += 30

    again = site.get("/status.json", headers={"if-none-match": tag})

    assert (again.status, tag[:3]) == (304, 'W/"')
