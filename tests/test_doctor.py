"""The doctor explains and changes nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from statuswire import doctor
from statuswire.channels.terminal import PLAIN
from statuswire.doctor import Finding, Grade, render
from statuswire.doctor.feeds import feed_finding
from statuswire.doctor.pages import Watch, about_page, is_watched
from statuswire.doctor.service import PROBLEMS, UNREAD, base_url, counted_by, problem_findings, unread_findings
from statuswire.doctor.words import Met, unknown_words
from statuswire.engine import complaints
from statuswire.engine.complaints import Complaint
from statuswire.engine.healing import Move, suggest
from statuswire.engine.places import Found
from statuswire.engine.sources import Feeds
from statuswire.errors import ConfigError, FetchReason
from statuswire.metrics import Metrics
from statuswire.model import (
    Feed,
    FeedHealth,
    FeedSpec,
    FeedState,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
    Page,
    Phase,
    Problem,
    Role,
    Status,
)
from statuswire.options import RunOptions
from statuswire.platforms import PLATFORMS
from statuswire.store import open_store, queries
from statuswire.store.queries import PageState

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
PAGE = Page(1, "acme", "Acme", "https://status.acme.example", "statuspage")
FEED = Feed(1, 1, FeedSpec("https://status.acme.example/history.rss?token=s3cret"))


def feed_in(state: FeedState, error: str = "", **fields: object) -> Feed:
    """A feed that was read two hours ago and has failed for 14 minutes where `error` says so."""
    since = NOW - timedelta(minutes=14) if error else None
    health = FeedHealth(state, 3 if error else 0, since, NOW - timedelta(hours=2), error)
    return replace(FEED, health=health, polls=40, not_modified=39, **fields)  # type: ignore[arg-type]  # by name


def test_N8_a_server_that_proved_nothing_is_told_from_one_that_is_away() -> None:
    tls = feed_finding(Feeds(PAGE, ()), feed_in(FeedState.FAILING, "tls: its certificate is not accepted"), NOW)
    away = feed_finding(Feeds(PAGE, ()), feed_in(FeedState.FAILING, "connect: no connection"), NOW)

    assert "`ca_file`" in tls.advice
    assert "`ca_file`" not in away.advice


def said_of(feed: Feed, *others: Feed, is_polled: bool = True) -> Finding:
    return feed_finding(Feeds(PAGE, (feed, *others), is_polled), feed, NOW)


def failing(reason: FetchReason, since: timedelta, **fields: object) -> Feed:
    """A feed that has failed so long, told of, and is due in a minute."""
    health = FeedHealth(FeedState.FAILING, 90, NOW - since, None, f"{reason.value}: it does not answer")
    due_at = NOW + timedelta(minutes=1)
    return replace(FEED, health=health, **({"due_at": due_at} | fields))  # type: ignore[arg-type]  # by name


def said_of_page(page: Page = PAGE, *feeds: Feed, suggestion: str = "", met: tuple[Met, ...] = ()) -> list[Finding]:
    return list(about_page(Feeds(page, feeds), suggestion, met, NOW))


def examined(database: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit code and findings, the first of each word that a subject begins with."""
    out = io.StringIO()
    code = doctor.examine(RunOptions(database=database), True, out)
    return code, {one["subject"].split()[0]: one for one in reversed(json.loads(out.getvalue()))}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A database in which one feed cannot be read, and could not be read whole before."""
    url = f"sqlite:///{tmp_path / 'statuswire.db'}"
    with closing(open_store(url)) as store:
        page = store.write(
            lambda tx: queries.upsert_page(
                tx, slug="acme", name="Acme", url=PAGE.url, platform="statuspage", origin="config"
            )
        )
        feed = store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec(PAGE.url + "/api/v2/summary.json")))
        ill = FeedHealth(FeedState.FAILING, 5, NOW - timedelta(hours=1), None, "server_error: it says 500")
        store.write(lambda tx: queries.save_feed(tx, replace(feed, health=ill, due_at=FAR)))
        odd = (Problem("components[0].status", "unknown word 'wobbly'"),)
        store.write(lambda tx: complaints.note(tx, feed.id, odd))
        yield url


def test_a_feed_that_is_read_well_says_when_it_changed_and_how_often_it_sent_nothing() -> None:
    found = said_of(feed_in(FeedState.OK, read_at=NOW - timedelta(days=3)))

    assert (found.subject, found.grade) == ("feed acme https://status.acme.example/history.rss", Grade.OK)
    assert found.sentence == "last read well 2 hours ago; last changed 3 days ago; 40 polls, 98% not modified"
    assert found.facts["not_modified_share"] == 0.975
    assert found.facts["last_read_at"] == "2026-05-04T08:00:00Z"
    assert found.facts["last_changed_at"] == "2026-05-01T10:00:00Z"


@pytest.mark.parametrize(
    ("state", "words", "advice"),
    [
        (FeedState.FAILING, "cannot be fetched since 14 minutes ago: 503", "browser"),
        (FeedState.UNREADABLE, "cannot be understood since 14 minutes ago: 503", "statuswire detect"),
        (FeedState.BLOCKED, "is refused to us since 14 minutes ago: 503", "user_agent_contact"),
    ],
)
def test_a_feed_in_trouble_says_since_when_why_and_what_to_do(state: FeedState, words: str, advice: str) -> None:
    found = said_of(feed_in(state, "503"))

    assert found.grade is Grade.ACT
    assert found.sentence == f"{words}; last read well 2 hours ago"
    assert advice in found.advice


def test_a_feed_in_trouble_that_another_stands_in_for_needs_nobody() -> None:
    second = feed_in(FeedState.OK, spec=replace(FEED.spec, tier=1))
    beside = feed_in(FeedState.OK)

    assert said_of(feed_in(FeedState.BLOCKED, "403"), second).grade is Grade.NOTE
    assert said_of(feed_in(FeedState.BLOCKED, "403"), beside).grade is Grade.ACT


def test_a_failure_that_was_not_told_yet_is_worth_a_note() -> None:
    found = said_of(feed_in(FeedState.OK, "timeout: no answer"))

    assert found.grade is Grade.NOTE
    assert found.sentence.endswith("then 3 failures: timeout: no answer")


def test_a_feed_that_is_far_behind_its_due_time_needs_somebody() -> None:
    late = feed_in(FeedState.OK, due_at=NOW - timedelta(minutes=25))
    found = said_of(late)

    assert (found.grade, found.facts["late_s"]) == (Grade.ACT, 1500.0)
    assert found.sentence.endswith("25 minutes behind its due time")
    assert said_of(feed_in(FeedState.OK, due_at=NOW - timedelta(minutes=5))).grade is Grade.OK


def test_nothing_is_late_while_no_service_runs_or_where_it_is_read_only_on_occasion() -> None:
    due = NOW - timedelta(days=1)
    history = feed_in(FeedState.OK, due_at=due, spec=replace(FEED.spec, role=Role.HISTORY))
    second = feed_in(FeedState.OK, due_at=due, spec=replace(FEED.spec, tier=1))

    assert said_of(feed_in(FeedState.OK, due_at=due), is_polled=False).grade is Grade.OK
    assert said_of(history).grade is Grade.OK
    assert said_of(second).grade is Grade.OK


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": Role.HISTORY}, "is read when something ends"),
        ({"tier": 1}, "is read where the others cannot be"),
        ({}, "has not been read yet"),
    ],
)
def test_a_feed_that_was_not_read_yet_says_when_it_will_be(fields: dict[str, object], sentence: str) -> None:
    feed = replace(FEED, spec=replace(FEED.spec, **fields))  # type: ignore[arg-type]  # by name

    assert (said_of(feed).grade, said_of(feed).sentence) == (Grade.OK, sentence)


def test_tokens_in_addresses_are_not_shown() -> None:
    found = said_of(FEED)

    assert "s3cret" not in found.subject
    assert "s3cret" not in str(found.facts)


# --- pages ----------------------------------------------------------------------------------------------------------


def test_a_page_with_nothing_to_say_of_it_is_not_mentioned() -> None:
    assert said_of_page(PAGE, feed_in(FeedState.OK)) == []


def test_N1_a_page_whose_host_is_not_found_for_three_days_is_flagged() -> None:
    lost = failing(FetchReason.DNS, timedelta(days=3))
    (found,) = said_of_page(PAGE, lost)

    assert (found.grade, found.facts["flag"]) == (Grade.ACT, "no_host")
    assert found.sentence == "the name of its host has not been found since 3 days ago"
    assert said_of(lost).facts["flag"] == "no_host"
    assert said_of_page(PAGE, failing(FetchReason.DNS, timedelta(days=2))) == []


def test_N14_a_page_that_is_gone_for_seven_days_is_flagged() -> None:
    (found,) = said_of_page(PAGE, failing(FetchReason.NOT_FOUND, timedelta(days=7)))

    assert (found.grade, found.facts["flag"]) == (Grade.ACT, "gone")
    assert found.sentence == "its host has answered that there is no such page since 7 days ago"
    assert "give it in `pages`" in found.advice


def test_a_failure_grows_no_older_while_nobody_polls() -> None:
    """The service ended an hour after the first failure, a month ago."""
    month = timedelta(days=30)
    left = failing(FetchReason.DNS, month, due_at=NOW - month + timedelta(hours=1))

    assert said_of_page(PAGE, left) == []


def test_a_page_that_another_feed_shows_is_not_flagged() -> None:
    assert said_of_page(PAGE, failing(FetchReason.GONE, timedelta(days=9)), feed_in(FeedState.OK)) == []


SUGGESTION = (
    "seems to have moved to Instatus at https://status.acme-relay.example (5 failures); if so, configure that address"
)


def test_a_page_that_seems_to_have_moved_says_where_and_what_to_write() -> None:
    (found,) = said_of_page(suggestion=SUGGESTION)

    assert found.grade is Grade.ACT
    assert found.sentence == "seems to have moved to Instatus at https://status.acme-relay.example (5 failures)"
    assert "give `url: https://status.acme-relay.example` for this page in the configuration" in found.advice
    assert found.facts["suggested_url"] == "https://status.acme-relay.example"


def test_a_move_that_the_operator_has_followed_is_not_suggested_again() -> None:
    assert said_of_page(replace(PAGE, url="https://status.acme-relay.example/"), suggestion=SUGGESTION) == []


def test_a_page_that_is_not_recognised_needs_somebody() -> None:
    (found,) = said_of_page(replace(PAGE, platform=""))

    assert found.grade is Grade.ACT
    assert "statuswire detect https://status.acme.example" in found.advice


def test_a_page_that_came_by_a_hook_need_not_be_recognised() -> None:
    assert said_of_page(replace(PAGE, platform="", origin="hook")) == []


def test_a_page_of_an_experimental_platform_says_so() -> None:
    experimental = next(platform for platform in PLATFORMS.values() if platform.is_experimental)
    (found,) = said_of_page(replace(PAGE, platform=experimental.name))

    assert (found.grade, found.facts["is_experimental"]) == (Grade.NOTE, True)
    assert experimental.title in found.sentence


def test_a_platform_that_this_version_lacks_needs_somebody() -> None:
    (found,) = said_of_page(replace(PAGE, platform="tomorrow"))

    assert found.grade is Grade.ACT


def state_with(*feeds: Feed, page: Page = PAGE, components: tuple[KnownComponent, ...] = ()) -> PageState:
    return PageState(page, Status.OPERATIONAL, {}, list(components), 0, list(feeds))


def test_a_page_of_an_earlier_configuration_is_not_watched() -> None:
    nobody = Watch((), True, NOW)

    assert not is_watched(state_with(replace(FEED, due_at=NOW - timedelta(days=3))), nobody)
    assert is_watched(state_with(replace(FEED, due_at=NOW - timedelta(hours=3))), nobody)
    assert is_watched(state_with(page=replace(PAGE, origin="hook")), nobody)


def test_a_page_that_was_dropped_is_not_watched_since_then() -> None:
    dropped = replace(PAGE, dropped_at=NOW - timedelta(hours=1))
    polled = replace(FEED, due_at=NOW + timedelta(hours=3))

    assert not is_watched(state_with(polled, page=dropped), Watch((), True, NOW))
    assert not is_watched(state_with(page=replace(dropped, origin="hook")), Watch((), True, NOW))


# --- words that no table knows --------------------------------------------------------------------------------------


def component(name: str, raw: str, status: Status = Status.UNKNOWN) -> KnownComponent:
    return KnownComponent(name, name, None, status, raw, None, Moment(NOW, NOW), NOW)


def incident(**fields: object) -> KnownIncident:
    given: dict[str, object] = {"phase": Phase.IDENTIFIED, "impact": Impact.MINOR} | fields
    return KnownIncident(id="i1", kind=Kind.INCIDENT, title="Slow API", url="", moment=Moment(NOW, NOW), **given)  # type: ignore[arg-type]  # by name


def test_D16_unknown_words_are_named_with_their_field_and_who_bears_them() -> None:
    update = KnownUpdate("u1", 1, Phase.UNKNOWN, "", NOW, "", raw_phase="Triaging")
    slow = incident(impact=Impact.UNKNOWN, raw_impact="sev-2", updates=(update,))
    shown = state_with(components=(component("API", "brownout"), component("Web", "Brown Out")))

    assert unknown_words(shown, [slow]) == [
        Met("component_status", "brownout", "API"),
        Met("impact", "sev-2", "Slow API"),
        Met("phase", "Triaging", "Slow API"),
    ]


def test_a_word_that_says_itself_that_nothing_is_known_is_no_unknown_word() -> None:
    shown = state_with(components=(component("API", "unknown"), component("Web", "paused"), component("DB", "")))

    assert unknown_words(shown, [incident(phase=Phase.UNKNOWN, raw_phase="unknown")]) == []


def test_a_roll_up_that_was_not_understood_is_named_without_its_word() -> None:
    shown = replace(state_with(), status=Status.UNKNOWN)

    assert unknown_words(shown, []) == [Met("page_status", "", "the page as a whole")]


def test_unknown_words_are_worth_a_note_and_are_cut() -> None:
    (found,) = said_of_page(met=tuple(Met("phase", f"word {number}", "Slow API") for number in range(10)))

    assert found.grade is Grade.NOTE
    assert found.sentence.startswith('has words that no table knows: phase "word 0" (Slow API), ')
    assert found.sentence.endswith(", and 2 more")
    assert found.facts["unknown_phase"] == [f"word {number}" for number in range(10)]


# --- the running service --------------------------------------------------------------------------------------------


def test_problems_are_read_from_the_metrics_of_the_service() -> None:
    metrics = Metrics(CollectorRegistry(), version="1", platforms=("statuspage", "rss"))
    metrics.met_problems("statuspage", 3)

    (found,) = problem_findings(counted_by(metrics.text(), PROBLEMS, "platform"))

    assert (found.subject, found.grade) == ("problems statuspage", Grade.NOTE)
    assert found.sentence.startswith("3 items or words of ")
    assert found.facts == {"platform": "statuspage", "problems": 3}


def test_documents_that_could_not_be_read_are_told_by_platform_and_reason() -> None:
    metrics = Metrics(CollectorRegistry(), version="1", platforms=("statuspage", "rss"))
    for platform, reason in (("statuspage", "html"), ("statuspage", "html"), ("statuspage", "shape"), ("rss", "empty")):
        metrics.unreadable(platform, reason)

    first, second = sorted(
        unread_findings(counted_by(metrics.text(), UNREAD, "platform", "reason")), key=lambda one: one.subject
    )

    assert (first.subject, second.subject) == ("unread rss", "unread statuspage")
    assert second.facts == {"platform": "statuspage", "html": 2, "shape": 1}
    assert second.sentence.startswith("3 documents of Atlassian Statuspage could not be read")


@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b"\xff\xfe", b"a{", b"statuswire_problems_total{} x"])
def test_an_answer_that_is_no_metrics_tells_of_no_problems(body: bytes) -> None:
    assert counted_by(body, PROBLEMS, "platform") == {}


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("statuswire.example", "http://statuswire.example:8000"),
    ],
)
def test_the_service_is_asked_where_it_listens(host: str, url: str) -> None:
    assert base_url(host, 8000) == url


# --- the whole ------------------------------------------------------------------------------------------------------


def test_nothing_is_made_where_there_is_no_database(tmp_path: Path) -> None:
    code, found = examined(f"sqlite:///{tmp_path / 'none.db'}")

    assert code == 0
    assert found["database"]["grade"] == "note"
    assert list(tmp_path.iterdir()) == []


def test_a_running_service_is_seen_and_its_database_read_beside_it(database: str) -> None:
    """The store of the fixture is open and written to while the doctor looks."""
    code, found = examined(database)

    assert found["database"]["sentence"].endswith("1 page, 0 incidents, 0 events")
    assert found["feed"]["grade"] == "act"
    assert "it says 500" in found["feed"]["sentence"]
    assert code == 1


def test_a_page_that_was_dropped_is_nobodys_trouble(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dropped.db'}"
    with closing(open_store(url)) as store:
        page = store.write(
            lambda tx: queries.upsert_page(tx, slug="acme", name="Acme", url=PAGE.url, platform="rss", origin="hook")
        )
        store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec(PAGE.url)))
        store.write(lambda tx: queries.drop_pages(tx, [page.id], NOW))
        _, found = examined(url)

    assert found["page"]["sentence"].startswith("is not watched since ")
    assert (found["page"]["grade"], found["page"]["facts"]["is_watched"]) == ("ok", False)
    assert "feed" not in found


def test_a_move_that_healing_asks_about_is_shown(tmp_path: Path) -> None:
    move = Move(Found("instatus", (), url="https://status.acme-relay.example"), "not_found")
    url = f"sqlite:///{tmp_path / 'moved.db'}"
    with closing(open_store(url)) as store:
        page = store.write(
            lambda tx: queries.upsert_page(tx, slug="acme", name="Acme", url=PAGE.url, platform="rss", origin="hook")
        )
        store.write(lambda tx: suggest(tx, page, move, NOW))
        code, found = examined(url)

    assert code == 1
    assert found["page"]["sentence"] == (
        "seems to have moved to Instatus at https://status.acme-relay.example (not_found)"
    )
    assert found["page"]["facts"]["suggested_url"] == "https://status.acme-relay.example"


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


# --- what the last document of a feed left unread --------------------------------------------------------------------


def left(count: int, *first: str) -> dict[int, Complaint]:
    return {FEED.id: Complaint(count, first)}


def test_a_feed_that_is_read_well_names_what_its_last_document_left_unread() -> None:
    feed = feed_in(FeedState.OK)
    kept = left(7, "components[3].status: unknown word 'wobbly'", "incidents[0]: no id")

    found = feed_finding(Feeds(PAGE, (feed,), complaints=kept), feed, NOW)

    assert found.grade is Grade.NOTE
    words = "components[3].status: unknown word 'wobbly'; incidents[0]: no id"
    assert found.sentence.endswith(f"7 problems in its last document: {words} and 5 more")
    assert (found.facts["problems"], found.facts["first_problems"]) == (7, kept[FEED.id].first)


def test_trouble_of_a_feed_stays_what_it_is_beside_old_problems() -> None:
    feed = feed_in(FeedState.FAILING, "503")

    found = feed_finding(Feeds(PAGE, (feed,), complaints=left(1, "a: b")), feed, NOW)

    assert (found.grade, "browser" in found.advice) == (Grade.ACT, True)


def test_a_feed_without_problems_says_so_in_numbers_only() -> None:
    found = said_of(feed_in(FeedState.OK))

    assert "problem" not in found.sentence
    assert (found.facts["problems"], found.facts["first_problems"]) == (0, ())


def test_the_doctor_shows_the_problems_that_are_stored(database: str) -> None:
    _, found = examined(database)

    assert found["feed"]["facts"]["first_problems"] == ["components[0].status: unknown word 'wobbly'"]
