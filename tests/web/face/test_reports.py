"""Reports: windows, tables as CSV, charts, and what only viewers see."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.model import EventType
from statuswire.web.face import drawings
from statuswire.web.face.reports import TABLES
from statuswire.web.face.reports_asked import read_asked
from tests.web.face.house import House, open_house, text
from tests.web.face.looking import text_of
from tests.web.filling import incident, maintenance, put, told, update

NOW = datetime(2026, 5, 14, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ("", "2026-02-14", NOW),
        ("span=30d", "2026-04-15", NOW),
        ("span=month", "2026-05-01", NOW),
        ("span=last-month", "2026-04-01", datetime(2026, 5, 1, tzinfo=UTC)),
        ("span=nonsense", "2026-02-14", NOW),
        ("since=2026-01-01&until=2026-01-31", "2026-01-01", datetime(2026, 2, 1, tzinfo=UTC)),
        ("since=2026-05-01", "2026-05-01", NOW),
    ],
)
def test_a_window_is_chosen_by_a_word_or_by_days(query: str, since: str, until: datetime) -> None:
    window = read_asked(query.encode(), NOW).window

    assert f"{window.since:%Y-%m-%d}" == since
    assert abs(window.until - until) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "query", ["since=x", "since=2026-06-01", "since=2020-01-01", "since=2026-05-02&until=2026-05-01"]
)
def test_days_that_cannot_be_are_refused(query: str) -> None:
    assert read_asked(query.encode(), NOW).fault


def test_the_page_has_every_report(house: House) -> None:
    tree = house.look("/reports")

    ids = ["uptime", "incidents", "lag", "silent", "planned", "signals", "noise"]
    assert [one for one in tree.xpath("//main//h2/@id") if one in ids] == ids
    assert tree.xpath("//svg[@class='columns']")
    assert tree.xpath("//main//*[@style]") == []


def test_components_are_shown_where_one_page_is_chosen(house: House) -> None:
    assert "Europe / API" not in text(house.look("/reports"), "//section[1]")
    assert "Europe / API" in text(house.look("/reports?page=acme"), "//section[1]")


def test_how_late_we_knew_is_summed_only_over_several_ways(house: House) -> None:
    store, said = house.site.store, update("u1", "Slow.")
    told(store, put(store, "cove", "Cove"), incident("i1"), EventType.INCIDENT_CREATED, said)

    rows = house.look("/reports").xpath("//section[@aria-labelledby='lag']//tbody/tr")

    ways = [(text_of(row.xpath("th")[0]), text_of(row.xpath("td")[0])) for row in rows]
    assert [way for name, way in ways if name == "Cove"] == ["poll"]
    assert [way for name, way in ways if name == "Acme Relay"] == ["hook", "poll", "any way"]


def test_planned_work_is_listed_as_it_was_planned_the_latest_first(house: House) -> None:
    """Some providers say of planned work that it started when it was announced."""
    works = [maintenance("m1", "First", begins=-900), maintenance("m2", "Second", begins=-600)]
    early = replace(works[1], started_at=works[1].created_at)
    put(house.site.store, "cove", "Cove", incidents=[works[0], early])

    rows = house.look("/reports?page=cove").xpath("//section[@aria-labelledby='planned']//tbody/tr/th")

    assert [text_of(row) for row in rows] == ["Cove Second", "Cove First"]


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_there_as_csv(house: House, table: str) -> None:
    reply = house.get(f"/reports?format=csv&table={table}&page=acme")

    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"].startswith(f'attachment; filename="statuswire-{table}-2026-')
    rows = list(csv.DictReader(io.StringIO(reply.body.decode())))
    assert {row.get("page", "acme") for row in rows} <= {"acme", ""}


def test_there_is_no_other_table(house: House) -> None:
    assert house.get("/reports?format=csv&table=accounts").status == 404


def test_in_public_mode_nobody_is_shown_routes_and_channels() -> None:
    house = open_house(is_public=True)

    assert house.look("/reports", None).xpath("//*[@id='noise']") == []
    assert house.get("/reports?format=csv&table=noise", None).status == 404
    assert house.get("/reports?format=csv&table=uptime", None).status == 200
    house.site.store.close()


# --- charts ------------------------------------------------------------------------------------------------------


def test_names_in_charts_cannot_act() -> None:
    drawn = drawings.columns([("<script>", [("is-degraded", 1.0)])], '"><x>')

    assert "<script>" not in drawn
    assert "<x>" not in drawn


def test_pieces_of_a_bar_stand_side_by_side() -> None:
    drawn = drawings.shares([("a", 1.0), ("b", 3.0), ("c", 0.0)], 8.0, "")

    assert '<rect class="a" x="0.0" width="125.0"' in drawn
    assert '<rect class="b" x="125.0" width="375.0"' in drawn
    assert 'class="c"' not in drawn


def test_columns_stand_on_the_ground_and_the_highest_fills_the_height() -> None:
    drawn = drawings.columns([("", [("a", 1.0), ("b", 1.0)]), ("", [("a", 1.0)])], "")

    assert '<rect class="a" x="1" y="48.0" width="14" height="48.0"/><rect class="b" x="1" y="0.0"' in drawn


def test_a_chart_of_nothing_is_empty() -> None:
    assert "<rect" not in drawings.columns([], "")
    assert "<rect" not in drawings.shares([("a", 0.0)], 0.0, "")
