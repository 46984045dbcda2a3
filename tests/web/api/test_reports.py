"""Uptime and reports, as JSON and as tables."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from statuswire.web.needs import NOBODY
from tests.web.api.seed import API, let_ask
from tests.web.parts import Reply, Site

NAMES = ("incidents", "lag", "silence", "noise", "maintenance", "signals")


def get(site: Site, target: str) -> Any:
    reply = site.get(API + target)
    assert reply.status == 200, reply.body
    return reply.json


def table(reply: Reply) -> list[dict[str, str]]:
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(reply.body.decode())))


def test_uptime_has_the_page_and_each_component_by_month(site: Site) -> None:
    found = get(site, "/uptime?page=acme&since=2026-04-20")["items"]

    assert [one["component"] and one["component"]["name"] for one in found] == [None, "API", "Web", "Docs"]
    assert [[one["first"] for one in part["periods"]] for part in found] == [["2026-04-01", "2026-05-01"]] * 4
    assert found[2]["whole"]["uptime"] == 100.0


def test_days_and_months_are_those_of_the_zone(site: Site) -> None:
    (found,) = get(site, "/uptime?page=acme&component=Web&by=day&zone=Asia/Tokyo&since=2026-05-03T16:00:00Z&limit=1")[
        "items"
    ]

    assert [one["first"] for one in found["periods"]] == ["2026-05-04"]


def test_uptime_goes_on_where_it_ended(site: Site) -> None:
    whole, parts, after = get(site, "/uptime")["items"], [], ""
    while True:
        part = get(site, f"/uptime?limit=3{after}")
        parts += part["items"]
        if part["next"] is None:
            break
        after = f"&after={part['next']}"

    assert parts == whole
    assert {one["page"] for one in whole} == {"acme", "brook", "calm"}


def test_uptime_as_a_table_says_in_a_header_where_it_goes_on(site: Site) -> None:
    reply = site.get(f"{API}/uptime?format=csv&limit=1&component=Web")
    address = reply.headers["link"].removeprefix("<").removesuffix('>; rel="next"')

    assert {row["component"] for row in table(reply)} == {""}
    assert {row["component"] for row in table(site.get(address))} == {"Web"}
    assert reply.headers["content-disposition"] == 'attachment; filename="statuswire-uptime-by-month.csv"'


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_the_same_as_a_table(site: Site, name: str) -> None:
    found = get(site, f"/reports/{name}")

    shown = [{key: "" if value is None else str(value) for key, value in row.items()} for row in found["rows"]]
    assert table(site.get(f"{API}/reports/{name}?format=csv")) == shown
    assert found["until"] == "2026-05-04T10:00:00Z"


def test_a_report_is_of_the_pages_components_and_time_that_are_meant(site: Site) -> None:
    whole = get(site, "/reports/incidents?tag=critical-path")["rows"]
    early = get(site, "/reports/incidents?page=acme&until=2026-05-03")["rows"]

    assert [row["page"] for row in whole] == ["", "acme"]
    assert (whole[0]["incidents"], early[0]["incidents"]) == (3, 2)
    assert get(site, "/reports/incidents?page=acme&impact=>=major")["rows"][0]["incidents"] == 1


def test_what_routes_made_of_it_is_not_for_everybody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.replace(is_public=True)
    let_ask(monkeypatch, NOBODY)

    assert site.get(f"{API}/reports/incidents").status == 200
    assert (site.get(f"{API}/reports/noise").status, site.get(f"{API}/uptime").status) == (401, 200)


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("/uptime?since=2026-06-01", "query.since"),
        ("/uptime?since=2020-01-01", "query.since"),
        ("/uptime?by=day&since=2025-01-01", "query.since"),
        ("/uptime?until=0001-01-02", "query.since"),
        ("/uptime?since=0001-01-01&zone=America/New_York", "query.since"),
        ("/uptime?zone=Nowhere", "query.zone"),
        ("/uptime?zone=../etc", "query.zone"),
        ("/reports/incidents?limit=3", "query.limit"),
        ("/reports/nothing", "path.name"),
        ("/reports/lag?format=xml", "query.format"),
    ],
)
def test_a_wrong_question_is_named(site: Site, target: str, where: str) -> None:
    assert site.get(API + target).json["errors"][0]["where"] == where


def test_a_slug_that_no_page_has_is_no_empty_report(site: Site) -> None:
    assert site.get(f"{API}/reports/lag?page=acm").code == "unknown_page"
    assert site.get(f"{API}/uptime?page=acm").code == "unknown_page"
