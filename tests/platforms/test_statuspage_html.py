"""What the start page of a Statuspage shows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Impact, Kind, Phase, Status
from statuswire.platforms.statuspage import parse

FOLDER = Path(__file__).parent / "statuspage"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = (FOLDER / "page.html").read_bytes()


def block(inner: str, kind: str = "unresolved-incident impact-major", issued: int = 1_777_893_600) -> Document:
    head = f'<head><title>Acme Status</title><meta name="issued" content="{issued}"></head>'
    body = f'<html>{head}<body><div class="{kind}">{inner}</div></body></html>'
    return Document(body.encode(), NOW, url="https://status.acme.example/")


TITLE = '<div class="incident-title"><a href="/incidents/w2x4y6z8b1c3">Slow</a></div>'


def test_the_page_is_as_of_its_rendering_and_covers_nothing() -> None:
    snapshot = parse(Document(PAGE, NOW))

    assert snapshot.as_of == datetime(2026, 5, 4, 11, 20, tzinfo=UTC)
    assert snapshot.covers == frozenset()


def test_components_have_levels_and_groups_and_groups_are_none() -> None:
    components = parse(Document(PAGE, NOW)).components

    assert [(c.group, c.name, c.status) for c in components] == [
        ("Europe", "API", Status.DEGRADED),
        ("Europe", "Dashboard - Web & Mobile", Status.OPERATIONAL),
        (None, "Webhooks", Status.MAINTENANCE),
    ]


def test_open_planned_and_past_incidents_are_read() -> None:
    incidents = parse(Document(PAGE, NOW)).incidents

    assert [(one.kind, one.phase, one.impact) for one in incidents] == [
        (Kind.INCIDENT, Phase.IDENTIFIED, Impact.MINOR),
        (Kind.MAINTENANCE, Phase.SCHEDULED, Impact.UNKNOWN),
        (Kind.INCIDENT, Phase.RESOLVED, Impact.CRITICAL),
    ]


def test_the_same_incident_has_the_same_id_url_and_text_as_in_json() -> None:
    shown = parse(Document(PAGE, NOW)).incidents[0]
    told = parse(Document((FOLDER / "summary.json").read_bytes(), NOW)).incidents[0]

    assert (shown.id, shown.url) == (told.id, told.url)
    assert [update.text for update in shown.updates] == [update.text for update in told.updates]


def test_an_update_of_last_december_seen_in_january_is_of_last_year() -> None:
    updates = (
        '<div class="update"><strong>Update</strong> - b<br><small>Jan 2, 08:00 UTC</small></div>'
        '<div class="update"><strong>Investigating</strong> - a<br><small>Dec 30, 08:00 UTC</small></div>'
    )

    (incident,) = parse(block(TITLE + updates, issued=1_767_344_400)).incidents

    assert [update.at for update in incident.updates] == [
        datetime(2025, 12, 30, 8, 0, tzinfo=UTC),
        datetime(2026, 1, 2, 8, 0, tzinfo=UTC),
    ]
    assert [update.phase for update in incident.updates] == [Phase.INVESTIGATING, Phase.INVESTIGATING]


def test_an_update_of_the_very_minute_in_which_the_page_was_made_is_of_this_year() -> None:
    update = '<div class="update"><strong>Investigating</strong> - a<br><small>May 4, 06:05 UTC</small></div>'

    (incident,) = parse(block(TITLE + update, issued=1_777_874_700)).incidents

    assert [one.at for one in incident.updates] == [datetime(2026, 5, 4, 6, 5, tzinfo=UTC)]


def test_an_incident_without_a_link_is_named_and_skipped() -> None:
    snapshot = parse(block('<div class="incident-title">Slow</div>'))

    assert snapshot.incidents == ()
    assert [problem.reason for problem in snapshot.problems] == ["an incident without a link of its own"]


def test_an_incident_shown_twice_is_read_once() -> None:
    twice = f'{TITLE}</div><div class="incident-container">{TITLE}'

    assert len(parse(block(twice)).incidents) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<html><head><title>Log in</title></head><body class='status new status-major'><form></form></body></html>",
        b"<html><head><title>Statuspage | Vendor</title></head><body id='statuspage'><p>Buy!</p></body></html>",
        b"<html><body><h1>502 Bad gateway</h1></body></html>",
        b"<html></html>",
    ],
)
def test_a_page_without_components_incidents_or_a_level_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        parse(Document(body, NOW))

    assert caught.value.reason is ParseReason.HTML
