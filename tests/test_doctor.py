"""The doctor explains and changes nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire import doctor
from statuswire.channels.terminal import PLAIN
from statuswire.doctor import Finding, Grade, feed_finding, render
from statuswire.errors import ConfigError
from statuswire.model import Feed, FeedHealth, FeedSpec, FeedState, Page, Role
from statuswire.options import RunOptions
from statuswire.store import open_store, queries

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
PAGE = Page(1, "acme", "Acme", "https://status.acme.example", "statuspage")
FEED = Feed(1, 1, FeedSpec("https://status.acme.example/history.rss?token=s3cret"))


def feed_in(state: FeedState, error: str = "") -> Feed:
    health = FeedHealth(state, 3, NOW - timedelta(minutes=14), NOW - timedelta(hours=2), error)
    return replace(FEED, health=health, polls=40, not_modified=39)


def examined(database: str) -> tuple[int, dict[str, dict[str, str]]]:
    out = io.StringIO()
    code = doctor.examine(RunOptions(database=database), True, out)
    return code, {one["subject"].split()[0]: one for one in json.loads(out.getvalue())}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A database in which one feed cannot be read."""
    url = f"sqlite:///{tmp_path / 'statuswire.db'}"
    with closing(open_store(url)) as store:
        page = store.write(
            lambda tx: queries.upsert_page(
                tx, slug="acme", name="Acme", url=PAGE.url, platform="statuspage", origin="config"
            )
        )
        feed = store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec(PAGE.url + "/api/v2/summary.json")))
        ill = FeedHealth(FeedState.FAILING, 5, NOW - timedelta(hours=1), None, "server_error: it says 500")
        store.write(lambda tx: queries.save_feed(tx, replace(feed, health=ill)))
        yield url


def test_a_feed_that_is_read_well_says_when_and_how_often() -> None:
    assert feed_finding(PAGE, feed_in(FeedState.OK), NOW) == Finding(
        "feed acme https://status.acme.example/history.rss",
        Grade.OK,
        "last read well 2 hours ago; 40 polls, 39 not modified",
    )


@pytest.mark.parametrize(
    ("state", "words", "advice"),
    [
        (FeedState.FAILING, "cannot be fetched since 14 minutes ago: 503", "browser"),
        (FeedState.UNREADABLE, "cannot be understood since 14 minutes ago: 503", "statuswire detect"),
        (FeedState.BLOCKED, "is refused to us since 14 minutes ago: 503", "user_agent_contact"),
    ],
)
def test_a_feed_in_trouble_says_since_when_why_and_what_to_do(state: FeedState, words: str, advice: str) -> None:
    found = feed_finding(PAGE, feed_in(state, "503"), NOW)

    assert found.grade is Grade.ACT
    assert found.sentence == f"{words}; last read well 2 hours ago"
    assert advice in found.advice


def test_a_feed_that_is_read_only_on_occasion_is_not_late() -> None:
    history = replace(FEED, spec=replace(FEED.spec, role=Role.HISTORY))

    assert feed_finding(PAGE, history, NOW).grade is Grade.OK


def test_tokens_in_addresses_are_not_shown() -> None:
    assert "s3cret" not in feed_finding(PAGE, FEED, NOW).subject


def test_nothing_is_made_where_there_is_no_database(tmp_path: Path) -> None:
    code, found = examined(f"sqlite:///{tmp_path / 'none.db'}")

    assert code == 0
    assert found["database"]["grade"] == "note"
    assert list(tmp_path.iterdir()) == []


def test_a_running_service_is_seen_and_its_database_read_beside_it(database: str) -> None:
    """The store of the fixture is open and written to while the doctor looks."""
    code, found = examined(database)

    assert found["database"]["sentence"].endswith("1 pages, 0 incidents, 0 events")
    assert found["feed"]["grade"] == "act"
    assert "it says 500" in found["feed"]["sentence"]
    assert code == 1


def test_a_folder_that_is_not_there_needs_somebody(tmp_path: Path) -> None:
    code, found = examined(f"sqlite:///{tmp_path / 'no' / 'x.db'}")

    assert code == 1
    assert "does not exist" in found["database"]["sentence"]


def test_a_wrong_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        doctor.examine(RunOptions(config=tmp_path / "none.yaml"), False, io.StringIO())


def test_findings_are_lines_with_advice_below() -> None:
    shown = render([Finding("a", Grade.OK, "well"), Finding("b", Grade.ACT, "ill\x1b[2J", "do this")], PLAIN)

    assert shown == "ok    a: well\nact   b: ill\n      do this"
