"""Cronitor, Squadcast, Statusfy and Pakyas: what their golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Cover, FeedSpec, Impact, Kind, Phase, Role, Status
from statuswire.platforms import cronitor, pakyas, squadcast, statusfy
from statuswire.platforms.parsing import recognise
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

PAGE = "https://status.acme-relay.example"


def told(specs: tuple[FeedSpec, ...]) -> list[tuple[str, Role]]:
    return [(one.url, one.role) for one in specs]


def statusfy_page(generator: str = "Statusfy", language: str = "de") -> bytes:
    head = f'<meta data-n-head="true" name="generator" content="{generator} 0.6.0">'
    return f'<!doctype html><html data-n-head="" lang="{language}"><head>{head}</head><body></body></html>'.encode()


# --- addresses -------------------------------------------------------------------------------------------------------


def test_of_cronitor_the_feed_of_the_page_is_polled() -> None:
    page = "https://acme.cronitorstatus.com"

    assert told(cronitor.feeds(f"{page}/")) == [(f"{page}/history/rss", Role.ENTRIES)]
    assert told(cronitor.feeds(f"{page}/history/rss?token=x")) == [(f"{page}/history/rss?token=x", Role.ENTRIES)]


def test_of_statusfy_the_feed_of_the_language_is_polled() -> None:
    assert told(statusfy.feeds(PAGE)) == [(f"{PAGE}/feeds/incidents.en.atom", Role.ENTRIES)]
    assert told(statusfy.feeds(f"{PAGE}/de", "de")) == [(f"{PAGE}/feeds/incidents.de.atom", Role.ENTRIES)]
    assert told(statusfy.feeds(f"{PAGE}/feeds/scheduled.de.xml")) == [(f"{PAGE}/feeds/scheduled.de.xml", Role.ENTRIES)]


def test_the_language_of_a_page_of_statusfy_stands_in_it() -> None:
    assert statusfy.page_id(document(statusfy_page())) == "de"
    assert statusfy.page_id(document(statusfy_page(generator="Hugo"))) is None
    assert statusfy.page_id(document(statusfy_page(language=""))) is None


def test_of_pakyas_the_state_and_the_feed_below_the_page_are_polled() -> None:
    page = "https://pakyas.com/status/acme"

    assert told(pakyas.feeds(page)) == [(f"{page}/status.json", Role.STATE), (f"{page}/rss.xml", Role.ENTRIES)]
    assert told(pakyas.feeds(f"{page}/status.json")) == [(f"{page}/status.json", Role.STATE)]


def test_squadcast_is_told_by_hooks_only() -> None:
    assert squadcast.feeds(PAGE) == ()


@pytest.mark.parametrize("module", [cronitor, statusfy, pakyas])
def test_what_is_no_address_has_no_feeds(module: object) -> None:
    assert module.feeds("http://[") == ()  # type: ignore[attr-defined]


# --- documents -------------------------------------------------------------------------------------------------------


def test_scheduled_work_of_statusfy_is_maintenance_by_its_address() -> None:
    (incident,) = statusfy.parse(
        document(fixture("statusfy/scheduled.xml"), f"{PAGE}/feeds/scheduled.en.atom")
    ).incidents

    assert (incident.kind, incident.impact, incident.started_at) == (Kind.MAINTENANCE, Impact.MAINTENANCE, None)


def test_what_is_over_in_the_feed_of_scheduled_work_is_completed() -> None:
    body = fixture("statusfy/scheduled.xml").replace(b"Database upgrade", b"[Resolved] Database upgrade")

    assert statusfy.parse(document(body, f"{PAGE}/feeds/scheduled.en.atom")).incidents[0].phase is Phase.COMPLETED


def test_the_state_of_pakyas_proves_nothing_by_absence() -> None:
    snapshot = pakyas.parse(document(fixture("pakyas/trouble.json"), "https://pakyas.com/status/acme/status.json"))

    assert (snapshot.platform, snapshot.covers) == ("pakyas", frozenset[Cover]())
    assert snapshot.components[0].status is Status.MAJOR_OUTAGE


@pytest.mark.parametrize("word", ["Operational", "Degraded", "Under Maintenance"])
def test_the_documented_states_of_squadcast_are_levels(word: str) -> None:
    levels = {
        "Operational": Status.OPERATIONAL,
        "Degraded": Status.DEGRADED,
        "Under Maintenance": Status.MAINTENANCE,
    }
    body = {"incident": {"id": 1, "title": "x", "status": "open", "services": [{"name": "API", "status": word}]}}

    assert [one.status for one in squadcast.parse_hook(document(body)).incidents[0].components or ()] == [levels[word]]


# --- recognising -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["cronitor/incidents.xml", "statusfy/incidents.xml", "pakyas/trouble.json", "pakyas/feed.xml"]
)
def test_their_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(name)))

    assert found is not None
    assert found.name == name.partition("/")[0]


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_theirs_is_not_recognised(value: object) -> None:
    for module in (cronitor, statusfy, pakyas):
        assert not module.recognize(sight(value))


@pytest.mark.parametrize("value", NOT_OURS[:-1])
def test_what_is_none_of_theirs_is_refused(value: object) -> None:
    for module in (cronitor, statusfy, pakyas, squadcast):
        refused(module.parse if module is not squadcast else squadcast.parse_hook, value)
