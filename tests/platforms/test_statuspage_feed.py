"""What the history feeds of Statuspage say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from statuswire.fingerprint import fold_text, minute
from statuswire.model import Document, Incident, Kind, Phase, Snapshot
from statuswire.platforms.statuspage import parse

FOLDER = Path(__file__).parent / "statuspage"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LINK = "https://status.acme.example/incidents/w2x4y6z8b1c3"


def told(day: str, time: str, label: str, body: str, zone: str = "UTC") -> str:
    month, _, number = day.partition(" ")
    return (
        f"<p><small>{month} <var data-var='date'>{number:>2}</var>, <var data-var='time'>{time}</var> {zone}</small>"
        f"<br><strong>{label}</strong> - {body}</p>"
    )


def entry(
    html: str, published: str = "2026-05-04T10:22:31Z", updated: str = "2026-05-04T10:22:31Z", link: str = LINK
) -> str:
    return (
        "<entry><id>tag:status.acme.example,2005:Incident/1234567</id>"
        f"<published>{published}</published><updated>{updated}</updated>"
        f'<link rel="alternate" type="text/html" href="{link}"/><title>Slow API</title>'
        f'<content type="html">{escape(html)}</content></entry>'
    )


def read(*entries: str, now: datetime = NOW) -> Snapshot:
    title = "<title>Acme Status - Incident History</title>"
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{title}{"".join(entries)}</feed>'
    return parse(Document(body.encode(), now))


def only(html: str, **dates: str) -> Incident:
    (incident,) = read(entry(html, **dates)).incidents
    return incident


def test_the_code_in_the_link_is_the_id_and_the_atom_id_an_alias() -> None:
    incident = only(told("May 4", "10:22", "Resolved", "Done."))

    assert incident.id == "w2x4y6z8b1c3"
    assert incident.aliases == (LINK, "tag:status.acme.example,2005:Incident/1234567")


def test_update_means_the_phase_before_it() -> None:
    html = "".join(
        told("May 4", time, label, f"At {time}.")
        for time, label in [
            ("10:22", "Update"),
            ("10:10", "Identified"),
            ("10:05", "Update"),
            ("10:01", "Investigating"),
        ]
    )

    incident = only(html)

    assert [(update.phase, update.raw_phase) for update in incident.updates] == [
        (Phase.INVESTIGATING, "Investigating"),
        (Phase.INVESTIGATING, "Update"),
        (Phase.IDENTIFIED, "Identified"),
        (Phase.IDENTIFIED, "Update"),
    ]
    assert incident.phase is Phase.IDENTIFIED


def test_feeds_have_no_update_ids_components_or_impact_and_cover_nothing() -> None:
    snapshot = read(entry(told("May 4", "10:22", "Resolved", "Done.")))

    (incident,) = snapshot.incidents
    assert incident.components is None
    assert incident.impact.value == "unknown"
    assert [update.id for update in incident.updates] == [""]
    assert (snapshot.covers, snapshot.as_of) == (frozenset(), None)


def test_the_year_is_that_of_the_entry_and_older_updates_are_never_later() -> None:
    html = told("Jan 2", "00:10", "Resolved", "Done.") + told("Dec 30", "23:50", "Investigating", "Looking.")

    incident = only(html, published="2026-01-02T00:10:05Z", updated="2026-01-02T00:10:05Z")

    assert [update.at for update in incident.updates] == [
        datetime(2025, 12, 30, 23, 50, tzinfo=UTC),
        datetime(2026, 1, 2, 0, 10, tzinfo=UTC),
    ]


def test_a_zone_abbreviation_is_obeyed() -> None:
    incident = only(told("May 4", "03:22", "Resolved", "Done.", zone="PDT"))

    assert incident.updates[0].at == datetime(2026, 5, 4, 10, 22, tzinfo=UTC)


def test_a_scheduled_event_is_a_maintenance_with_its_window() -> None:
    html = (
        "<p><strong>THIS IS A SCHEDULED EVENT Jul <var data-var='date'>9</var>, "
        "<var data-var='time'>22:00</var> - <var data-var='time'>23:30</var> UTC</strong></p>"
    )

    incident = only(
        html + told("May 1", "08:00", "Scheduled", "Racks."),
        published="2026-07-09T22:00:00Z",
        updated="2026-05-01T08:00:10Z",
    )

    assert (incident.kind, incident.phase) == (Kind.MAINTENANCE, Phase.SCHEDULED)
    assert incident.scheduled_for == datetime(2026, 7, 9, 22, 0, tzinfo=UTC)
    assert incident.scheduled_until == datetime(2026, 7, 9, 23, 30, tzinfo=UTC)
    assert incident.updates[0].at == datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def test_a_finished_maintenance_is_told_by_its_labels() -> None:
    html = told("May 4", "10:00", "Completed", "Done.") + told("May 4", "09:00", "In progress", "Begun.")

    incident = only(html)

    assert (incident.kind, incident.phase) == (Kind.MAINTENANCE, Phase.COMPLETED)


def test_a_planned_start_in_the_future_does_not_push_updates_there() -> None:
    html = "<p><strong>THIS IS A SCHEDULED EVENT Nov 9, 22:00 - 23:30 UTC</strong></p>"
    rss = (
        "<rss version='2.0'><channel><title>Acme Status - Incident History</title><item><title>Racks</title>"
        f"<description>{escape(html + told('Apr 2', '08:00', 'Scheduled', 'Racks.'))}</description>"
        f"<pubDate>Mon, 09 Nov 2026 22:00:00 +0000</pubDate><link>{LINK}</link><guid>{LINK}</guid>"
        "<maintenanceEndDate>Mon, 09 Nov 2026 23:30:00 +0000</maintenanceEndDate></item></channel></rss>"
    )

    (incident,) = parse(Document(rss.encode(), NOW)).incidents

    assert incident.updates[0].at == datetime(2026, 4, 2, 8, 0, tzinfo=UTC)
    assert incident.scheduled_until == datetime(2026, 11, 9, 23, 30, tzinfo=UTC)


def test_a_body_in_another_markup_is_one_update_of_the_entrys_date() -> None:
    incident = only("<p>Something <b>happened</b> &amp; ended.</p>")

    (update,) = incident.updates
    assert (update.text, update.phase, update.at) == (
        "Something happened & ended.",
        None,
        datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC),
    )
    assert incident.phase is None


@pytest.mark.parametrize("link", ["https://status.acme.example/some/page", "https://status.acme.example/incidents/"])
def test_a_link_without_a_code_is_the_id_itself(link: str) -> None:
    (incident,) = read(entry(told("May 4", "10:22", "Resolved", "Done."), link=link)).incidents

    assert incident.id == link.rstrip("/")


def test_an_unknown_label_is_named_and_kept() -> None:
    snapshot = read(entry(told("May 4", "10:22", "Pondering", "Hm.")))

    assert snapshot.incidents[0].updates[0].phase is Phase.UNKNOWN
    assert [problem.reason for problem in snapshot.problems] == ["unknown word 'Pondering'"]


def test_atom_and_rss_tell_the_same_updates() -> None:
    atom, rss = (parse(Document((FOLDER / f"history-{kind}.xml").read_bytes(), NOW)) for kind in ("atom", "rss"))

    assert [(one.id, one.kind, one.title, one.updates) for one in atom.incidents] == [
        (one.id, one.kind, one.title, one.updates) for one in rss.incidents
    ]


def test_json_and_feed_agree_on_minute_text_and_phase_of_an_update() -> None:
    json_one = parse(Document((FOLDER / "summary.json").read_bytes(), NOW)).incidents[0]
    feed_one = parse(Document((FOLDER / "history-atom.xml").read_bytes(), NOW)).incidents[0]

    def facts(incident: Incident) -> list[tuple[str, str, Phase | None]]:
        return [(minute(update.at), fold_text(update.text), update.phase) for update in incident.updates]

    assert json_one.id == feed_one.id
    assert facts(json_one) == facts(feed_one)


def test_reading_a_year_later_gives_the_same_moments() -> None:
    html = told("May 4", "10:22", "Resolved", "Done.")

    now, later = (read(entry(html), now=NOW + timedelta(days=days)) for days in (0, 400))

    assert now.incidents == later.incidents
