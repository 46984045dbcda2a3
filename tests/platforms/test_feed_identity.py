"""An incident of a feed stays one incident, also where the feed gives its entries other ids at every build."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from statuswire.model import Document, Snapshot
from statuswire.options import ReplayOptions
from statuswire.platforms.feed_parts import derived_id
from statuswire.platforms.parsing import parse
from statuswire.replay import replay
from tests.platforms.test_generic_feeds import HOME, NOW, ago, item, one, read


def told(folder: Path, *documents: Sequence[str]) -> list[dict[str, Any]]:
    """The events of a series of feeds, one build a minute, each decided from what the store has kept."""
    lines = []
    for minute, items in enumerate(documents):
        body = f"<rss><channel><title>Acme</title><link>{HOME}/</link>{''.join(items)}</channel></rss>"
        lines.append(json.dumps({"captured_at": (NOW + timedelta(minutes=minute)).isoformat(), "body": body}))
    series = folder / "series.jsonl"
    series.write_text("\n".join(lines), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    assert replay(ReplayOptions((series,)), out, err) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


# --- guids made anew at every build ----------------------------------------------------------------------------


def test_an_incident_whose_guid_is_new_at_every_build_is_told_once(tmp_path: Path) -> None:
    builds = [[item(guid=f"{build}f3c", date=ago(hours=1), body="[Investigating] We look.")] for build in range(5)]

    assert kinds(told(tmp_path, *builds)) == ["incident.created"]


def test_an_update_under_a_new_guid_is_one_of_the_same_incident(tmp_path: Path) -> None:
    begun = ago(hours=1)

    events = told(
        tmp_path,
        [item(guid="a1", date=begun, body="[Investigating] We look.")],
        [item(guid="b2", date=begun, body="[Resolved] It is over.")],
        [item(guid="c3", date=begun, body="[Resolved] It is over.")],
    )

    assert {event["incident"]["id"] for event in events} == {"a1"}
    assert events[-1]["incident"]["phase"] == "resolved"


def test_incidents_of_one_title_in_a_day_are_told_one_by_one(tmp_path: Path) -> None:
    builds = [[item(guid=f"{hour}a", date=ago(hours=hour), body="[Investigating] We look.")] for hour in (8, 6, 4, 2)]

    events = told(tmp_path, *builds)

    assert kinds(events) == ["incident.created"] * 4
    assert len({event["incident"]["id"] for event in events}) == 4


def test_an_entry_is_known_by_title_and_date_too_where_nothing_but_its_guid_names_it() -> None:
    assert one(item("Slow API", guid="a1", date=NOW)).aliases == (derived_id("Slow API", NOW, ""),)


@pytest.mark.parametrize(
    "entry",
    [
        item(guid=f"{HOME}/incidents/1", link=f"{HOME}/incidents/1"),
        item(guid=f"{HOME}/#17"),
        item(guid="tag:acme.example,2026:17"),
        item(guid="", link=""),
        item(guid="a1", date=datetime(2026, 5, 4, tzinfo=NOW.tzinfo)),
    ],
    ids=["permalink", "address", "tag", "derived", "day"],
)
def test_an_id_that_is_made_to_last_and_a_date_without_a_time_need_and_give_no_other_name(entry: str) -> None:
    incident = one(entry)

    assert [alias for alias in incident.aliases if alias.startswith("d-")] == []


def test_entries_of_one_title_and_date_are_told_apart_by_their_guids_alone() -> None:
    snapshot = read(item(guid="a1"), item(guid="b2"))

    assert [(incident.id, incident.aliases) for incident in snapshot.incidents] == [("a1", ()), ("b2", ())]


# --- epochs in guids -------------------------------------------------------------------------------------------


def test_an_epoch_that_is_not_the_entrys_own_moment_makes_no_update_of_it(tmp_path: Path) -> None:
    """Feeds made from Apple's system status put the beginning into the guid and write the entry anew."""
    guid = f"API-1000004911-{ago(hours=9).timestamp():.0f}000"

    events = told(
        tmp_path,
        [item("API: Performance (ongoing)", guid=guid, date=ago(hours=1), body="We look.")],
        [item("API: Performance (resolved)", guid=guid, date=NOW, body="It is over.")],
    )

    assert kinds(events) == ["incident.created", "incident.resolved"]
    assert events[1]["update"]["text"] == "It is over."


def test_a_captured_list_of_components_rebuilt_again_and_again_tells_only_what_happened(captures: Path) -> None:
    """25 builds with 1,255 guids; of these 5 are incidents, the others `<component>: Operational` made anew. Four of
    the five were over at the first sight; a build that stamps them anew tells none of them."""
    series = captures / "apple" / "third-party-rss" / "all-apple-services-unstable-guids.series.jsonl.xz"
    out, err = io.StringIO(), io.StringIO()

    replay(ReplayOptions((series,)), out, err)

    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert "5 incidents and maintenances" in err.getvalue()
    assert kinds(events) == ["incident.created", "incident.resolved"]
    assert all("operational" not in event["incident"]["id"] for event in events)


# --- entries without a guid that all lead to the page -----------------------------------------------------------------


def without_guids(*items: tuple[str, str]) -> Snapshot:
    """A feed of entries with a title and the minute after ten, whose links are that of the page."""
    rows = "".join(
        f"<item><title>{title}</title><link>https://a.example/</link>"
        f"<pubDate>Mon, 04 May 2026 10:{minute}:00 GMT</pubDate></item>"
        for title, minute in items
    )
    feed = f"<rss version='2.0'><channel><title>A</title><link>https://a.example</link>{rows}</channel></rss>"
    return parse(Document(feed.encode(), datetime(2026, 5, 4, 12, tzinfo=UTC)), "rss")


def test_entries_that_only_lead_to_the_page_are_not_one_incident() -> None:
    told = without_guids(("Disk full", "20"), ("Net down", "10")).incidents

    assert [one.title for one in told] == ["Disk full", "Net down"]
    assert len({one.id for one in told}) == 2
    assert {one.url for one in told} == {"https://a.example/"}


def test_such_an_entry_is_the_same_when_its_end_comes_into_the_title() -> None:
    (open_one,) = without_guids(("Disk full", "20")).incidents
    (closed, _) = without_guids(("[Resolved] Disk full", "20"), ("Net down", "10")).incidents

    assert closed.id == open_one.id
