"""Vendors and products that need no adapter of their own: what they serve is read by that of somebody else.

Each row is a page of the catalog, the platform that reads it, and an invented document in that vendor's shape.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from statuswire import catalog
from statuswire.engine.targets import known_feeds
from statuswire.model import Document, Impact, Kind, Phase, Snapshot, Status
from statuswire.platforms import PLATFORMS
from statuswire.platforms.parsing import parse

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def read(slug: str, body: object, path: str = "") -> Snapshot:
    """The body as the page of the catalog serves it, read by the platform of its row."""
    page = catalog.find(slug)
    assert page is not None
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return parse(Document(raw, NOW, url=page.page_url + path), page.platform)


def rss(*items: str, namespaces: str = "") -> str:
    return f'<rss version="2.0" {namespaces}><channel><title>Acme Relay</title>{"".join(items)}</channel></rss>'


# --- feeds -----------------------------------------------------------------------------------------------------------


def test_microsoft_advertising_is_read_by_its_feed() -> None:
    words = "<link>https://status.ads.microsoft.com/incident/9</link><pubDate>Mon, 04 May 2026 10:00:00 GMT</pubDate>"
    (incident,) = read(
        "microsoft-advertisement", rss(f"<item><title>Resolved: Reports are late</title>{words}</item>")
    ).incidents

    assert (incident.title, incident.phase) == ("Reports are late", Phase.RESOLVED)


def test_n_able_is_read_by_the_feed_of_its_blog() -> None:
    content = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    body = "<content:encoded><![CDATA[<p><strong>Resolved</strong> - All is well.</p>]]></content:encoded>"
    guid = '<guid isPermaLink="false">https://status.n-able.com/?p=12</guid>'
    date = "<pubDate>Mon, 04 May 2026 10:00:00 +0000</pubDate>"
    (incident,) = read(
        "n-able", rss(f"<item><title>Backup is late</title>{guid}{date}{body}</item>", namespaces=content)
    ).incidents

    assert (incident.phase, incident.updates[0].text) == (Phase.RESOLVED, "All is well.")


@pytest.mark.parametrize("slug", ["microsoft-advertisement", "n-able"])
def test_the_catalog_names_their_feeds(slug: str) -> None:
    target = catalog.resolve(slug)

    assert [feed.url for feed in known_feeds(target)] == [target.feed_url]


# --- hosted platforms ------------------------------------------------------------------------------------------------


def test_cal_com_has_the_imitation_of_statuspage_that_openstatus_makes() -> None:
    body = {
        "page": {"name": "Cal.com", "url": "https://status.cal.com", "updated_at": "2026-05-04T11:00:00Z"},
        "status": {"indicator": "minor", "description": "Degraded"},
        "components": [{"name": "Booking", "status": "degraded_performance"}, {"name": "API", "status": "operational"}],
        "incidents": [],
        "scheduled_maintenances": [],
    }
    snapshot = read("cal-com", body, "/api/status/summary.json")

    assert [(one.name, one.status) for one in snapshot.components] == [
        ("Booking", Status.DEGRADED),
        ("API", Status.OPERATIONAL),
    ]


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Available", Status.OPERATIONAL),
        ("Monitoring", Status.DEGRADED),
        ("Degraded", Status.DEGRADED),
        ("PartialOutage", Status.PARTIAL_OUTAGE),
        ("Unavailable", Status.MAJOR_OUTAGE),
        ("Maintenance", Status.MAINTENANCE),
    ],
)
def test_fastly_is_a_page_of_statuscast(word: str, level: Status) -> None:
    parts = read("fastly", [{"id": 1, "text": "Paris (PAR)", "Level": 1, "CurrentStatus": word}], "/components.json")
    whole = read("fastly", {"Status": word, "StatusText": "x"}, "/status.json")

    assert (parts.components[0].status, whole.page.status) == (level, level)


def test_an_incident_of_fastly() -> None:
    row = {"Id": 376, "Title": "Errors in Paris", "Status": "InProgress", "IncidentType": "Performance", "ShortUrl": ""}
    (incident,) = read("fastly", [row], "/incidents.json").incidents

    assert (incident.id, incident.phase) == ("376", Phase.INVESTIGATING)


@pytest.mark.parametrize("word", ["under-maintenance", "under_maintenance"])
def test_the_state_of_a_page_of_sorry_in_both_spellings(word: str) -> None:
    body = {"page": {"state": word, "name": "Broadcom", "state_text": "x"}}

    assert parse(Document(json.dumps(body).encode(), NOW), "sorry").page.status is Status.MAINTENANCE


def test_wistia_has_the_summary_of_instatus() -> None:
    active = {"id": "cl00000000000000000000001", "name": "Uploads fail", "started": "2026-05-04T11:00:00.000Z"}
    body = {
        "page": {"name": "Wistia", "url": "https://status.wistia.com", "status": "HASISSUES"},
        "activeIncidents": [{**active, "status": "INVESTIGATING", "impact": "MAJOROUTAGE"}],
    }
    (incident,) = read("wistia", body, "/summary.json").incidents

    assert (incident.phase, incident.impact) == (Phase.INVESTIGATING, Impact.CRITICAL)


def test_redis_is_a_page_of_firehydrant() -> None:
    page = catalog.find("redis-cloud")
    assert page is not None

    feeds = PLATFORMS[page.platform].feeds(page.page_url, None)
    assert [feed.url for feed in feeds] == [f"{page.page_url}/data/payload.json", f"{page.page_url}/data/rss.xml"]


# --- in the shape of Statuspage --------------------------------------------------------------------------------------


def test_netsuite_has_nothing_but_a_roll_up() -> None:
    body = {"page": {"id": "x", "name": "NetSuite"}, "status": {"indicator": "major", "description": "Partial Outage"}}

    assert read("netsuite", body, "/api/v2/status.json").page.status is Status.PARTIAL_OUTAGE


def test_a_roll_up_in_the_shape_of_statuspage_may_lack_the_id_of_its_page() -> None:
    body = {"page": {"updated_at": "2026-05-04T11:00:00Z"}, "status": {"indicator": "none", "description": "All well"}}

    assert parse(Document(json.dumps(body).encode(), NOW)).page.status is Status.OPERATIONAL


def test_sophos_is_read_by_the_page_for_people_for_its_machine_paths_answer_with_it() -> None:
    target = catalog.resolve("sophos")

    assert [feed.url for feed in known_feeds(target)] == ["https://status.sophos.com/"]


# --- vendors' own ----------------------------------------------------------------------------------------------------


def test_an_incident_of_firebase_that_is_available_again_goes_on_until_it_has_an_end() -> None:
    told = {"when": "2026-05-04T11:00:00+00:00", "text": "We watch it.", "status": "AVAILABLE"}
    row = {
        "id": "a1",
        "number": "1",
        "begin": "2026-05-04T10:00:00+00:00",
        "created": "2026-05-04T10:05:00+00:00",
        "modified": "2026-05-04T11:00:00+00:00",
        "external_desc": "Sign-in fails",
        "updates": [told],
        "most_recent_update": told,
        "severity": "medium",
        "affected_products": [{"title": "Authentication", "id": "p1"}],
    }

    (goes_on,) = read("firebase", [row], "/incidents.json").incidents
    (over,) = read("firebase", [{**row, "end": "2026-05-04T11:30:00+00:00"}], "/incidents.json").incidents

    assert not (goes_on.phase or Phase.RESOLVED).is_closed
    assert over.phase is Phase.RESOLVED


def test_issues_of_a_repository_are_the_page_of_onetime_secret() -> None:
    assert [feed.url for feed in known_feeds(catalog.resolve("onetime-secret"))] == [
        "https://api.github.com/repos/onetimesecret/status/issues?state=all&sort=updated"
    ]


@pytest.mark.parametrize(
    ("title", "phase", "kind"),
    [
        ("推理接口报错（已恢复）", Phase.RESOLVED, None),
        ("[Behoben] Webserver langsam", Phase.RESOLVED, None),
        ("Gelöst: Webserver langsam", Phase.RESOLVED, None),
        ("Wartungsarbeiten: Umbau", None, Kind.MAINTENANCE),
        ("[復旧済み] 障害", Phase.RESOLVED, None),
    ],
)
def test_marks_in_other_languages_are_read_by_the_readers_of_any_feed(
    title: str, phase: Phase | None, kind: Kind | None
) -> None:
    body = rss(f"<item><title>{title}</title><guid>1</guid></item>")
    (incident,) = parse(Document(body.encode(), NOW), "rss").incidents

    assert incident.phase is phase
    assert incident.kind is (kind or Kind.INCIDENT)
