"""StatusCast: what its golden documents cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.errors import ParseReason
from statuswire.model import Cover, Kind, Phase, Role, Status
from statuswire.platforms import statuscast, statuscast_terms
from statuswire.platforms.parsing import recognise
from statuswire.platforms.reading import fold_word
from statuswire.platforms.statuscast import feeds, parse, parse_hook, recognize
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

PAGE = "https://acme-relay.status.page"


def test_of_a_page_roll_up_open_incidents_posts_and_the_page_itself_are_polled() -> None:
    assert [(one.url, one.role, one.tier) for one in feeds(f"{PAGE}/")] == [
        (f"{PAGE}/status.json", Role.STATE, 0),
        (f"{PAGE}/summary.json", Role.STATE, 0),
        (f"{PAGE}/rss", Role.ENTRIES, 0),
        (f"{PAGE}/", Role.STATE, 0),
    ]


def test_of_fastly_its_lists_are_polled_and_the_page_only_in_their_stead() -> None:
    told = [
        (one.url.removeprefix("https://www.fastlystatus.com"), one.tier)
        for one in feeds("https://www.fastlystatus.com")
    ]

    assert told == [("/status.json", 0), ("/components.json", 0), ("/incidents.json", 0), ("/rss", 0), ("/", 1)]


@pytest.mark.parametrize("path", ["/status.json", "/summary.json", "/components.json", "/incidents.json", "/rss"])
def test_a_document_named_by_its_own_address_is_polled_alone(path: str) -> None:
    (only,) = feeds(f"{PAGE}{path}")

    assert only.url == f"{PAGE}{path}"
    assert only.role is (Role.ENTRIES if path == "/rss" else Role.STATE)


def test_what_is_no_address_has_no_feeds() -> None:
    assert feeds("http://[") == ()


@pytest.mark.parametrize(("word", "level"), statuscast_terms.LEVELS.items())
def test_every_word_of_a_level_is_read(word: str, level: Status) -> None:
    row = {"id": 1, "text": "API", "Level": 0, "CurrentStatus": word}

    assert parse(document([row])).components[0].status is level


@pytest.mark.parametrize("kind", list(Kind))
def test_every_word_of_a_phase_is_read_by_its_kind(kind: Kind) -> None:
    of_type = "ScheduledMaintenance" if kind is Kind.MAINTENANCE else "ServiceUnavailable"
    for word, phase in statuscast_terms.PHASES[kind].items():
        row = {"Id": 1, "Title": "x", "IncidentType": of_type, "Status": word, "ShortUrl": ""}
        assert parse(document([row])).incidents[0].phase is phase


@pytest.mark.parametrize(("word", "impact"), statuscast_terms.IMPACTS.items())
def test_the_worst_level_of_an_incident_is_its_impact(word: str, impact: object) -> None:
    body = fixture("statuscast/page-open.html")
    marked = body.replace(b"incident-status-closed", b"incident-mostsevere-status-" + word.encode(), 1)

    assert next(one for one in parse(document(marked)).incidents if one.id == "5106").impact is impact


def test_unknown_words_are_named_and_kept() -> None:
    row = {"Id": 1, "Title": "x", "IncidentType": "Party", "Status": "Odd", "Posts": []}
    told = parse_hook(document(row))

    assert (told.incidents[0].phase, told.incidents[0].raw_phase) == (Phase.UNKNOWN, "Odd")
    assert [one.reason for one in told.problems] == ["unknown word 'Party'", "unknown word 'Odd'"]


def test_feed_and_hook_agree_on_the_ids_of_an_incident_and_its_posts() -> None:
    feed, hook = (
        parse(document(fixture("statuscast/posts.xml"))),
        parse_hook(document(fixture("statuscast/hook-open.json"))),
    )

    assert feed.incidents[0].id == hook.incidents[0].id == "5107"
    assert [one.id for one in feed.incidents[0].updates] == [one.id for one in hook.incidents[0].updates]


def test_an_unpublished_post_is_not_told() -> None:
    assert "Draft." not in str(parse_hook(document(fixture("statuscast/hook-open.json"))))


def test_a_summary_with_an_unreadable_incident_proves_nothing_by_absence() -> None:
    whole = {"Status": "Available", "UnresolvedIncidents": [], "UpcomingIncidents": []}

    assert parse(document(whole)).covers == {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}
    assert parse(document({**whole, "UpcomingIncidents": [7]})).covers == frozenset()
    assert parse(document({"Status": "Available", "UnresolvedIncidents": []})).covers == frozenset()


def test_a_page_that_something_went_wrong_is_no_empty_page() -> None:
    wrong = b"<!DOCTYPE html><html><head><title>Oops Something Went Tragically Wrong</title></head><body></body></html>"

    assert refused(parse, wrong).reason is ParseReason.HTML
    assert refused(parse, b"Invalid request blocked (v1)").reason is ParseReason.CHALLENGE


def test_the_feed_of_another_product_is_refused() -> None:
    feed = b"<rss version='2.0'><channel><title>x</title><item><title>Down</title><guid>1</guid></item></channel></rss>"

    assert refused(parse, feed).reason is ParseReason.SHAPE


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_ours_is_refused_and_not_recognised(value: object) -> None:
    refused(parse, value)
    refused(parse_hook, value)
    assert not recognize(sight(value))


@pytest.mark.parametrize("name", ["roll-up.json", "components.json", "incidents.json", "posts.xml", "page-open.html"])
def test_its_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(f"statuscast/{name}")))

    assert found is not None
    assert found.name == "statuscast"


@pytest.mark.parametrize(
    "value", [{"Status": "ok", "StatusText": "x"}, [{"text": "x"}], {"indicator": "up", "uptime": "1"}]
)
def test_look_alikes_are_not_recognised(value: object) -> None:
    assert not recognize(sight(value))


def test_the_words_of_the_tables_are_folded() -> None:
    words = [*statuscast_terms.LEVELS, *statuscast_terms.KINDS, *statuscast_terms.IMPACTS]

    assert [fold_word(word) for word in words] == words


@pytest.mark.parametrize(("name", "unwell"), [("page-2023-03-good.html", 0), ("page-2023-03-major.html", 2)])
def test_captured_pages_list_every_component_and_incident(captures: Path, name: str, unwell: int) -> None:
    body = (captures / "other" / "statuscast-fastly" / name).read_bytes()
    told = parse(document(body, "https://www.fastlystatus.com/"))

    assert len(told.components) == 160
    assert sum(one.phase is Phase.INVESTIGATING for one in told.incidents) == unwell
    assert told.problems == ()
    assert statuscast.recognize(sight(body))
