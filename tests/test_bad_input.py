"""What a stranger may send, at the place where a user would meet it: one test for each kind of bad input.

What a single layer does with it has its tests beside that layer: `net/test_inflate.py` and `net/test_fetch.py` (bombs,
truncation, slowness, redirects, TLS, DNS), `platforms/test_reading.py` (encodings, nesting, NaN, DTDs, surrogates),
`web/test_hooks.py` (hooks over their whole path), `platforms/test_limits.py` (time and memory).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire import config, lookup
from statuswire.config import layers
from statuswire.engine import ingest
from statuswire.engine.series import read_series
from statuswire.errors import ConfigError, FetchError, ParseError, ParseReason
from statuswire.model import Cover, Document, DocumentKind, Incident, Page, PageFacts, Snapshot, Source, Status
from statuswire.net import urls
from statuswire.options import LookOptions
from statuswire.platforms import HOOKED, PLATFORMS
from statuswire.platforms.parsing import parse, parse_hook
from statuswire.store import Store, open_store, queries
from tests.each import each
from tests.fake_provider import ThreadedProvider, redirect

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BAD_URL = "http://["
"""An address that Python's own reader refuses with a bare ValueError."""

SUMMARY = json.loads((Path(__file__).parent / "platforms" / "statuspage" / "summary.json").read_bytes())


@pytest.fixture
def store() -> Iterator[Store]:
    made = open_store("sqlite://")
    yield made
    made.close()


def polled(body: object, **around: object) -> Document:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return replace(Document(content, NOW, "https://status.acme-relay.example/api/v2/summary.json"), **around)


def add_page(store: Store, url: str = "https://status.acme-relay.example") -> Page:
    return store.write(
        lambda tx: queries.upsert_page(tx, slug="acme", name="acme", url=url, platform="statuspage", origin="config")
    )


def recorded(store: Store, snapshot: Snapshot, at: datetime = NOW) -> ingest.Recorded:
    """The Snapshot recorded for the page as it is now."""
    document = Document(b"", at)

    def work(tx: object) -> ingest.Recorded:
        page = queries.page_by_slug(tx, "acme")
        return ingest.record(tx, page, snapshot, document=document, source=Source.POLL, now=at)

    return store.write(work)


def detected(provider: ThreadedProvider) -> dict[str, object]:
    out = io.StringIO()
    lookup.detect(LookOptions(what=(provider.url(),), json=True, allow_private=True), out)
    told: dict[str, object] = json.loads(out.getvalue())
    return told


# --- addresses that are none -------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [BAD_URL, "https://[::1", "https://h]/", "https://a:b/", "", "status"])
def test_a_platform_names_no_feeds_of_a_page_without_an_address(url: str) -> None:
    def named(platform: str) -> None:
        assert all(isinstance(feed.url, str) for feed in PLATFORMS[platform].feeds(url, None))

    each(PLATFORMS, named)


@pytest.mark.parametrize(
    "url",
    [
        BAD_URL,
        "http://[http:]/[",
        "http://[::1",
        "http://[x]/",
        "http://[]/",
        "http://[1:2]/",
        "http://[::.]:8000//[",
        "http://[::1①]/",
    ],
)
def test_an_address_whose_brackets_hold_none_is_refused(url: str) -> None:
    with pytest.raises(FetchError):
        urls.parse_url(url)


@pytest.mark.parametrize("location", [BAD_URL, "//h[::1]@/a", "https://[::1", "http://a:99999", "https://h]"])
def test_a_redirect_to_a_broken_address_is_refused(location: str) -> None:
    with pytest.raises(FetchError):
        urls.next_hop(urls.parse_url("https://status.acme-relay.example/"), location, status=301)


@pytest.mark.parametrize("location", [BAD_URL, "//h[::1]@/a", "https://[::1"])
def test_detection_survives_a_redirect_to_a_broken_address(location: str) -> None:
    with ThreadedProvider() as provider:
        provider.script("/", redirect(location, 301))

        told = detected(provider)

    assert told["platform"] is None


def test_detection_survives_a_page_that_announces_a_feed_at_a_broken_address() -> None:
    page = f'<html><head><link rel="alternate" type="application/atom+xml" href="{BAD_URL}"></head></html>'
    with ThreadedProvider() as provider:
        provider.serve("/", page.encode(), content_type="text/html")

        told = detected(provider)

    assert told["platform"] is None


def test_detection_survives_a_document_that_gives_its_page_a_broken_address() -> None:
    body = {**SUMMARY, "page": {**SUMMARY["page"], "url": BAD_URL}}
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", json.dumps(body).encode())

        told = detected(provider)

    assert told["platform"] == "statuspage"


def test_a_page_that_learnt_a_broken_address_from_a_hook_goes_on(store: Store) -> None:
    add_page(store, url="")
    snapshot = Snapshot("statuspage", PageFacts(name="Acme", url=BAD_URL), incidents=(Incident("i", "Slow API"),))

    recorded(store, snapshot)
    again = recorded(store, snapshot, NOW + timedelta(minutes=1))

    assert not again.events


# --- a configuration that is none --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "!!timestamp",
        "database: !!int ''",
        "server: {port: !!float ''}",
        "hooks: !!bool perhaps",
        "pages: !!timestamp x",
        "database: 2026-13-01",
        "pages: &a [*a]",
        "[" * 3000,
        "? [a]\n: b",
        "<<: 3",
        "server: {port: .nan}",
        "a: \x00",
        f"pages: ['{BAD_URL}']",
        f"pages: [{{feed: '{BAD_URL}'}}]",
        "pages: ['https://a:b']",
    ],
)
def test_a_configuration_that_means_nothing_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^statuswire\.yaml"):
        config.validate(layers.parse(text, "statuswire.yaml"), {})


@pytest.mark.parametrize(
    "line",
    [
        b'{"captured_at":"2026-05-04T10:22:31Z","body":"\x85"}',
        b'{"captured_at":"2026-05-04T10:22:31Z","body_b64":"%"}',
        b'{"captured_at":"x","body":""}',
        b'{"captured_at":' + b"[" * 50_000,
        b"\x00",
    ],
)
def test_a_series_with_a_line_that_is_none_is_refused_with_its_place(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "series.jsonl"
    path.write_bytes(line)

    with pytest.raises(ConfigError, match=r"series\.jsonl:1"):
        list(read_series(path))


# --- in the place of a document ----------------------------------------------------------------------------------

DEEP = 50_000
INSTEAD: dict[str, tuple[bytes, ParseReason]] = {
    "nothing": (b"", ParseReason.EMPTY),
    "blanks": (b" \r\n\t", ParseReason.EMPTY),
    "a web page": (b"<!doctype html><html><head><title>Acme</title></head><body>Hi</body></html>", ParseReason.HTML),
    "a challenge": (b"<html><head><title>Just a moment...</title></head></html>", ParseReason.CHALLENGE),
    "a refusal in words": (b"Invalid request blocked.", ParseReason.CHALLENGE),
    "an error object": (b'{"error": "not found", "status": 404}', ParseReason.ERROR_BODY),
    "a list of errors": (b'{"errors": [{"message": "no"}], "message": "no such page"}', ParseReason.ERROR_BODY),
    "an inactive page": (b'{"error": "Your page is inactive"}', ParseReason.INACTIVE),
    "null": (b"null", ParseReason.SHAPE),
    "an empty object": (b"{}", ParseReason.SHAPE),
    "an empty list": (b"[]", ParseReason.SHAPE),
    "half a document": (json.dumps(SUMMARY).encode()[:-40], ParseReason.NOT_JSON),
    "a document and more": (json.dumps(SUMMARY).encode() + b"}", ParseReason.NOT_JSON),
    "packed bytes": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", ParseReason.NOT_JSON),
    "NaN for a number": (b'{"page": {"id": NaN}, "incidents": []}', ParseReason.NOT_JSON),
    "a number beyond all": (b'{"page": {"id": 1e999}, "incidents": []}', ParseReason.NOT_JSON),
    "objects without end": (b'{"page":' * DEEP + b"1" + b"}" * DEEP, ParseReason.TOO_DEEP),
    "lists without end": (b"[" * DEEP + b"]" * DEEP, ParseReason.TOO_DEEP),
    "bytes in no encoding": (b'{"page": {"name": "\xff\xfe"}, "incidents": []}', ParseReason.NOT_JSON),
    "nine million bytes": (b"[" + b" " * (8 * 1024 * 1024) + b"]", ParseReason.TOO_LARGE),
}
"""What has been met, or must be feared, with status 200 where a summary was asked for."""


@pytest.mark.parametrize("name", INSTEAD)
def test_what_stands_in_the_place_of_a_document_is_refused_with_its_reason(name: str) -> None:
    body, reason = INSTEAD[name]

    with pytest.raises(ParseError) as refused:
        parse(polled(body))

    assert refused.value.reason is reason


LISTS: dict[str, frozenset[Cover]] = {
    "aws": frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED}),
    "google": frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED}),
    **dict.fromkeys(("algolia", "gatus", "githubissues", "heroku", "instatus", "salesforce", "slack"), frozenset()),
}
"""Platforms of which a document is a bare list, and what an empty one covers: it is the good news of a quiet day at AWS
and Google, and proves nothing elsewhere."""


SKIPPED = {"a number beyond all": ("docusign", "statuspal", "webex")}
"""Platforms that do not look at the part of the document where the mistake is: it is skipped without being decoded."""


@pytest.mark.parametrize("name", INSTEAD)
def test_no_platform_takes_it_for_a_page_where_nothing_is_wrong(name: str) -> None:
    body, _ = INSTEAD[name]

    def refused(platform: str) -> None:
        if name == "an empty list" and platform in LISTS:
            assert parse(polled(body), platform).covers == LISTS[platform]
        elif platform in SKIPPED.get(name, ()):
            assert parse(polled(body), platform).incidents == ()
        else:
            with pytest.raises(ParseError):
                parse(polled(body), platform)

    each(PLATFORMS, refused)


@pytest.mark.parametrize("name", INSTEAD)
def test_no_hook_takes_it_for_news(name: str) -> None:
    body, _ = INSTEAD[name]

    def refused(platform: str) -> None:
        with pytest.raises(ParseError):
            parse_hook(Document(body, NOW, kind=DocumentKind.HOOK), platform)

    each(sorted(HOOKED), refused)


def test_a_feed_that_declares_entities_is_refused_by_every_platform() -> None:
    body = (
        b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><title>&a;</title><item><guid>1</guid></item></channel></rss>'
    )

    for platform in PLATFORMS:
        with pytest.raises(ParseError):
            parse(polled(body), platform)


# --- traps that all platforms have in common ---------------------------------------------------------------------


def summary(**changes: object) -> dict[str, object]:
    """The summary of a calm page with some of its fields changed."""
    page = {
        "id": "k3m9s8d1f2gz",
        "name": "Acme",
        "url": "https://status.acme-relay.example",
        "updated_at": NOW.isoformat(),
    }
    calm = {"components": [], "incidents": [], "scheduled_maintenances": [], "status": {"indicator": "none"}}
    return {"page": page, **calm, **changes}


def incident(**changes: object) -> dict[str, object]:
    update = {"id": "u1", "status": "investigating", "body": "Looking.", "created_at": "2026-05-04T11:50:00Z"}
    return {
        "id": "w2x4y6z8b1c3",
        "name": "Slow API",
        "status": "investigating",
        "incident_updates": [update],
        **changes,
    }


def component(**changes: object) -> dict[str, object]:
    return {"id": "k3m9s8d1f2gh", "name": "API", "status": "operational", **changes}


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def read(body: object, minutes: int = 0) -> Snapshot:
    """The body, as its provider's page is some minutes later."""
    stamped = {**body, "page": {**body["page"], "updated_at": later(minutes).isoformat()}} if minutes else body
    return parse(polled(stamped, received_at=later(minutes)))


def open_incidents(store: Store) -> set[str]:
    page = store.read(lambda tx: queries.page_by_slug(tx, "acme"))
    known = store.read(lambda tx: queries.load_known(tx, page.id, feed_id=None, ids=frozenset()))
    return {one.id for one in known.incidents if one.is_open}


def test_a_green_roll_up_does_not_hide_an_open_incident(store: Store) -> None:
    add_page(store)

    told = recorded(store, read(summary(incidents=[incident()])))

    assert [event.type for event in told.events] == ["incident.created"]
    assert told.has_open


def test_a_red_roll_up_alone_opens_no_incident(store: Store) -> None:
    add_page(store)

    told = recorded(store, read(summary(status={"indicator": "critical", "description": "Outage"})))

    assert not told.has_open
    assert not told.events


def test_components_of_one_name_are_told_apart_by_their_ids() -> None:
    rows = [component(id="k3m9s8d1f2gh"), component(id="k3m9s8d1f2gi", status="major_outage")]

    snapshot = read(summary(components=rows))

    assert [row.status for row in snapshot.components] == [Status.OPERATIONAL, Status.MAJOR_OUTAGE]


def test_a_group_is_no_component() -> None:
    rows = [component(id="g", name="Europe", group=True, status="major_outage"), component(group_id="g")]

    (only,) = read(summary(components=rows)).components

    assert (only.name, only.group, only.status) == ("API", "Europe", Status.OPERATIONAL)


@pytest.mark.parametrize("listed", [None, "none", 0, {}, [None]])
def test_a_list_that_is_missing_null_or_of_another_type_ends_nothing(store: Store, listed: object) -> None:
    add_page(store)
    recorded(store, read(summary(incidents=[incident()])))

    told = recorded(store, read(summary(incidents=listed), minutes=5), later(5))

    assert not told.events
    assert open_incidents(store) == {"w2x4y6z8b1c3"}


def test_a_key_that_vanished_ends_nothing(store: Store) -> None:
    add_page(store)
    recorded(store, read(summary(incidents=[incident()])))
    body = summary()
    del body["incidents"]

    recorded(store, read(body, minutes=5), later(5))

    assert open_incidents(store) == {"w2x4y6z8b1c3"}


def test_one_bad_incident_does_not_hide_the_others_nor_end_any(store: Store) -> None:
    add_page(store)
    recorded(store, read(summary(incidents=[incident(), incident(id="w2x4y6z8b1c4")])))

    recorded(store, read(summary(incidents=[{"id": None, "name": None}, incident()]), minutes=5), later(5))

    assert open_incidents(store) == {"w2x4y6z8b1c3", "w2x4y6z8b1c4"}


def test_of_fifty_thousand_incidents_those_cut_off_are_not_over() -> None:
    snapshot = read(summary(incidents=[incident(id=f"i{number}") for number in range(25_000)]))

    assert "open_incidents" not in snapshot.covers
    assert any("only the first" in problem.reason for problem in snapshot.problems)


def test_ids_may_be_numbers_and_numbers_texts() -> None:
    snapshot = read(
        summary(incidents=[incident(id=4711, created_at="1777890151")], components=[component(position="3")])
    )

    assert snapshot.incidents[0].id == "4711"
    assert snapshot.incidents[0].created_at == datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC)


def test_a_time_without_a_zone_is_in_the_zone_of_the_page() -> None:
    body = summary(incidents=[incident(created_at="2026-05-04 06:22:31")])
    body["page"] = {**body["page"], "time_zone": "America/New_York"}

    assert parse(polled(body)).incidents[0].created_at == datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC)


@pytest.mark.parametrize("stamp", ["2062-05-04T10:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "x"])
def test_a_page_with_an_impossible_clock_still_tells_what_is_new(store: Store, stamp: str) -> None:
    add_page(store)
    calm, troubled = summary(), summary(incidents=[incident()])
    for body in (calm, troubled):
        body["page"] = {**body["page"], "updated_at": stamp}
    recorded(store, parse(polled(calm)))

    told = recorded(store, parse(polled(troubled, received_at=later(5))), later(5))

    assert "incident.created" in [event.type for event in told.events]


def test_an_entry_written_for_a_past_month_is_kept_silently(store: Store) -> None:
    add_page(store)
    recorded(store, read(summary()))
    past = incident(status="resolved", created_at="2026-02-01T00:00:00Z", resolved_at="2026-02-01T01:00:00Z")
    past["incident_updates"] = [{"id": "u", "status": "resolved", "body": "Was.", "created_at": "2026-02-01T01:00:00Z"}]

    told = recorded(store, read(summary(incidents=[past]), minutes=5), later(5))

    assert not told.events
    assert told.silent == 1


@pytest.mark.parametrize("word", ["wird untersucht", "調査中", "🔥", "", None, 7, ["investigating"], {"label": "x"}])
def test_a_word_that_no_table_knows_makes_nothing_green(store: Store, word: object) -> None:
    add_page(store)

    told = recorded(store, read(summary(incidents=[incident(status=word)], components=[component(status=word)])))

    known = store.read(lambda tx: queries.load_known(tx, 1, feed_id=None, ids=frozenset()))
    assert known.components[0].status is Status.UNKNOWN
    assert told.has_open


def test_an_incident_deleted_without_a_word_is_missed_and_not_said_to_be_resolved_at_once(store: Store) -> None:
    add_page(store)
    recorded(store, read(summary(incidents=[incident()])))

    told = recorded(store, read(summary(), minutes=5), later(5))

    assert told.wants_history
    assert "incident.resolved" not in [event.type for event in told.events]


def test_markup_in_a_text_is_read_and_the_raw_text_kept() -> None:
    update = {"id": "u1", "status": "identified", "body": "<p>Bad <script>x()</script><b>deploy</b> &amp; more</p>"}

    (told,) = read(summary(incidents=[incident(incident_updates=[update])])).incidents[0].updates

    assert told.text == "Bad deploy & more"
    assert told.raw == update["body"]
