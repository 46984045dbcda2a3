"""Feeds of unknown make: which entries are one incident, and what an entry states without reading its prose."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import ParseError
from statuswire.model import AffectedComponent, Document, Impact, Incident, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms import atom, jsonfeed, rss
from statuswire.platforms.base import Platform
from statuswire.platforms.feed_titles import read_heading
from statuswire.platforms.sight import Sight

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOME = "https://status.acme-relay.example"
PLATFORMS = (rss.PLATFORM, atom.PLATFORM, jsonfeed.PLATFORM)


def item(
    title: str = "Slow API",
    *,
    guid: str = "",
    link: str = HOME,
    date: datetime = NOW,
    body: str = "",
    more: str = "",
) -> str:
    named = f"<guid isPermaLink='false'>{escape(guid)}</guid>" if guid else ""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>{named}"
        f"<pubDate>{date:%d} {date:%b} {date:%Y %H:%M:%S} GMT</pubDate>"
        f"<description>{escape(body)}</description>{more}</item>"
    )


def read(*items: str, home: str = f"{HOME}/", received_at: datetime = NOW, zone: str | None = None) -> Snapshot:
    body = f"<rss><channel><title>Acme Status</title><link>{home}</link>{''.join(items)}</channel></rss>"
    return rss.parse(Document(body.encode(), received_at, time_zone=zone))


def one(*items: str) -> Incident:
    (incident,) = read(*items).incidents
    return incident


def ago(**parts: float) -> datetime:
    return NOW - timedelta(**parts)


# --- the adapters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_the_feed_is_the_one_address_to_poll(platform: Platform) -> None:
    (spec,) = platform.feeds(f"{HOME}/feed", None)

    assert (spec.url, spec.role, spec.tier) == (f"{HOME}/feed", Role.ENTRIES, 0)


def test_a_feed_covers_nothing_and_its_own_date_decides_nothing() -> None:
    first = read(item(guid="1"), home=f"{HOME}/")
    rebuilt = Document(
        f"<rss><channel><title>Acme Status</title><link>{HOME}/</link><lastBuildDate>Mon, 04 May 2026 11:59:59 GMT"
        f"</lastBuildDate>{item(guid='1')}</channel></rss>".encode(),
        NOW,
    )

    assert rss.parse(rebuilt) == first
    assert (first.covers, first.as_of, first.components) == (frozenset(), None, ())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Acme Status - Incident History", "Acme"),
        ("Acme Status", "Acme"),
        ("Incidents | Acme", "Acme"),
        ("Acme", "Acme"),
        ("Status", "Status"),
    ],
)
def test_the_name_of_the_page_is_its_title_without_the_frame(title: str, name: str) -> None:
    body = f"<rss><channel><title>{title}</title></channel></rss>"

    assert rss.parse(Document(body.encode(), NOW)).page.name == name


def test_a_feed_that_changed_its_format_without_moving_is_still_read() -> None:
    body = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>x</title></entry></feed>"

    assert [incident.id for incident in rss.parse(Document(body, NOW)).incidents] == ["1"]
    assert (rss.recognize(Sight(Document(body, NOW))), atom.recognize(Sight(Document(body, NOW)))) == (False, True)


# --- which entries are one incident ----------------------------------------------------------------------------


def test_one_entry_per_incident_is_known_by_its_guid_with_the_link_as_an_alias() -> None:
    snapshot = read(item(guid="a", link=f"{HOME}//incidents/1/"), item(guid="b", link=f"{HOME}/incidents/2"))

    assert [(incident.id, incident.aliases) for incident in snapshot.incidents] == [
        ("a", (f"{HOME}/incidents/1",)),
        ("b", (f"{HOME}/incidents/2",)),
    ]


@pytest.mark.parametrize(
    "link",
    [HOME, f"{HOME}/", "https://developer.acme.example/product", f"{HOME}/?utm=1"],
    ids=["home", "root", "other", "query"],
)
def test_a_link_that_is_no_incidents_own_is_no_alias(link: str) -> None:
    assert one(item(guid="tag:a", link=link)).aliases == ()


def test_a_link_that_different_incidents_share_is_no_alias() -> None:
    snapshot = read(
        item("Mail late", guid="tag:a", link=f"{HOME}/products/mail"),
        item("Mail down", guid="tag:b", link=f"{HOME}/products/mail"),
    )

    assert [(incident.id, incident.aliases) for incident in snapshot.incidents] == [("tag:a", ()), ("tag:b", ())]


def test_entries_with_a_shared_guid_are_one_incident() -> None:
    incident = one(
        item("API recovered", guid=f"{HOME}/#7", body="API recovered", date=ago(minutes=5)),
        item("API went down", guid=f"{HOME}/#7", body="API went down", date=ago(minutes=9)),
    )

    assert (incident.id, incident.title, incident.phase) == (f"{HOME}/#7", "API", Phase.RESOLVED)
    assert [update.phase for update in incident.updates] == [Phase.INVESTIGATING, Phase.RESOLVED]
    assert incident.resolved_at == ago(minutes=5)


def test_what_a_person_wrote_about_going_down_is_prose() -> None:
    assert one(item("The API went down", guid="1", body="We are sorry.")).phase is None


def test_entries_with_a_shared_link_and_their_own_guids_are_one_incident_with_update_ids() -> None:
    link = f"{HOME}/incident/71"

    incident = one(
        item("Late", guid="/71/3", link=link, date=ago(minutes=1)),
        item("Late", guid="/71/2", link=link, date=ago(minutes=2)),
        item("Late", guid="/71/1", link=link, date=ago(minutes=3)),
    )

    assert incident.id == link
    assert [update.id for update in incident.updates] == ["1", "2", "3"]


def test_a_guid_that_is_the_link_and_a_fragment_is_an_updates_even_when_it_stands_alone() -> None:
    incident = one(item(guid=f"{HOME}/incident/71#p1", link=f"{HOME}/incident/71"))

    assert (incident.id, incident.updates[0].id) == (f"{HOME}/incident/71", "p1")


def stamped(title: str, at: datetime, name: str = "relay-eu-1") -> str:
    return item(title, guid=f"{HOME}/#{name}_{int(at.timestamp())}", date=at)


def test_guids_of_name_and_epoch_are_one_incident_until_it_is_resolved() -> None:
    snapshot = read(
        stamped("Service disruption: Errors", ago(minutes=1)),
        stamped("Service is operating normally:  [RESOLVED] Errors", ago(hours=1)),
        stamped("Service impact: Errors", ago(hours=2)),
        stamped("Informational message: Errors", ago(hours=3)),
        stamped("Service impact: Slow", ago(hours=2), "relay-us-1"),
    )

    told = {incident.id.rpartition("#")[2].partition("_")[0]: incident for incident in snapshot.incidents}
    assert len(snapshot.incidents) == 3
    resolved = next(incident for incident in snapshot.incidents if incident.phase is Phase.RESOLVED)
    assert (resolved.title, resolved.impact, len(resolved.updates)) == ("Errors", Impact.MAJOR, 3)
    assert told["relay-us-1"].title == "Slow"


def test_an_incident_of_name_and_epoch_is_met_again_when_its_oldest_entry_has_left_the_feed() -> None:
    entries = [stamped("Service impact: Errors", ago(hours=hours)) for hours in (1, 2, 3)]

    before, after = one(*entries), one(*entries[:2])

    assert after.id in before.aliases


def test_guids_of_name_and_epoch_a_day_apart_are_two_incidents() -> None:
    snapshot = read(stamped("Service impact: A", ago(hours=1)), stamped("Service impact: B", ago(hours=30)))

    assert len(snapshot.incidents) == 2


# --- phases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "body", "phase", "kept"),
    [
        ("x", "<b>Status: Identified</b><br/><br/>Text.", Phase.IDENTIFIED, "Text."),
        ("x", "<p><strong>Status:</strong> resolved</p><p>Text.</p>", Phase.RESOLVED, "Text."),
        ("x", "<strong>Resolved</strong> - Text.", Phase.RESOLVED, "Text."),
        ("x", "<p><strong>Monitoring:</strong> Text.</p>", Phase.MONITORING, "Text."),
        ("x", "[False alarm] Text.", Phase.RESOLVED, "Text."),
        ("x", "Text.\nStatus: Monitoring\nMore.", Phase.MONITORING, "Text.\nMore."),
        ("x", "<b>Status: Resolvido</b><br/>Texto.", Phase.RESOLVED, "Texto."),
        ("[Resolved] x", "Text.", Phase.RESOLVED, "Text."),
        ("Resolved: x", "Text.", Phase.RESOLVED, "Text."),
        ("Investigating - x", "Text.", Phase.INVESTIGATING, "Text."),
        ("[Gelöst] x", "Text.", Phase.RESOLVED, "Text."),
        ("x (已恢复)", "Text.", Phase.RESOLVED, "Text."),
        ("[Resolved] x", "<strong>Monitoring</strong> - Text.", Phase.MONITORING, "Text."),
        ("x", "Status: we are still looking", None, "Status: we are still looking"),
        ("x", "This is not yet resolved.", None, "This is not yet resolved."),
        ("x", "We resolved one of two causes.", None, "We resolved one of two causes."),
        ("x", "<strong>Note</strong> - Text.", None, "Note - Text."),
        ("x resolved", "Text.", None, "Text."),
    ],
)
def test_a_phase_is_read_from_fields_and_never_from_prose(
    title: str, body: str, phase: Phase | None, kept: str
) -> None:
    incident = one(item(title, guid="1", body=body))

    assert (incident.title.removesuffix(" resolved"), incident.phase) == ("x", phase)
    assert incident.updates[0].text == kept


def test_a_category_says_the_phase_where_nothing_else_does() -> None:
    assert one(item(guid="1", more="<category>Resolved</category>")).phase is Phase.RESOLVED
    assert one(item(guid="1", more="<status>Monitoring</status>")).phase is Phase.MONITORING
    assert one(item("[Monitoring] x", guid="1", more="<category>Resolved</category>")).phase is Phase.MONITORING


def test_update_keeps_the_phase_before_it() -> None:
    body = "".join(
        f"<p><small>May 4, {clock} UTC</small><br><strong>{label}</strong> - {label} text.</p>"
        for clock, label in (("11:30", "Update"), ("11:00", "Identified"), ("10:30", "Update"))
    )

    incident = one(item(guid="1", body=body))

    assert [update.phase for update in incident.updates] == [None, Phase.IDENTIFIED, Phase.IDENTIFIED]
    assert (incident.phase, incident.created_at) == (Phase.IDENTIFIED, datetime(2026, 5, 4, 10, 30, tzinfo=UTC))


def test_d16_a_label_that_no_table_knows_is_unknown_and_named() -> None:
    snapshot = read(item(guid="1", body="<small>May 4, 11:30 UTC</small><br><strong>Wobbling</strong> - x"))

    (update,) = snapshot.incidents[0].updates
    assert (update.phase, update.raw_phase) == (Phase.UNKNOWN, "Wobbling")
    assert "Wobbling" in snapshot.problems[0].reason


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("New: dark mode", "New: dark mode"),
        ("Active Directory: slow", "Active Directory: slow"),
        ("[Codespaces] slow", "[Codespaces] slow"),
        ("Open - source week", "Open - source week"),
        ("Error 500: what we know", "Error 500: what we know"),
        ("10:30 restart", "10:30 restart"),
        ("Console (EU)", "Console (EU)"),
    ],
)
def test_titles_that_only_look_marked_stay_whole(title: str, expected: str) -> None:
    assert read_heading(title).title == expected


# --- kinds, windows, impacts, components -----------------------------------------------------------------------


def test_a_date_in_the_future_is_a_plan() -> None:
    incident = one(item("Upgrade", guid="1", date=NOW + timedelta(days=2), body="Short interruptions."))

    assert (incident.kind, incident.phase, incident.impact) == (Kind.MAINTENANCE, Phase.SCHEDULED, Impact.MAINTENANCE)
    assert (incident.scheduled_for, incident.started_at) == (NOW + timedelta(days=2), None)
    assert incident.updates[0].at is None


def test_a_date_a_few_minutes_ahead_is_a_clock_that_runs_fast() -> None:
    assert one(item(guid="1", date=NOW + timedelta(minutes=5))).kind is Kind.INCIDENT


@pytest.mark.parametrize(
    "entry",
    [
        item(guid="1", link=f"{HOME}/maintenance/1"),
        item("Scheduled maintenance: x", guid="1"),
        item("Wartung: x", guid="1"),
        item(guid="1", body="<p><strong>Type:</strong> Maintenance</p>"),
        item(guid="1", more="<category>Maintenance</category>"),
        item(guid="1", body="<small>May 4, 11:00 UTC</small><br><strong>In progress</strong> - x"),
        item(guid="1", body="<p><strong>THIS IS A SCHEDULED EVENT May 9, 22:00 - 23:30 UTC</strong></p>"),
        item("[Scheduled] x", guid="1"),
    ],
)
def test_signs_of_a_maintenance(entry: str) -> None:
    assert one(entry).kind is Kind.MAINTENANCE


def test_the_window_of_a_maintenance_is_read_from_its_body_and_its_end_from_its_own_element() -> None:
    written = one(item(guid="1", body="<p><strong>THIS IS A SCHEDULED EVENT May 9, 22:00 - 23:30 UTC</strong></p>"))
    end = "<maintenanceEndDate>Sat, 09 May 2026 23:30:00 GMT</maintenanceEndDate>"
    given_end = one(item(guid="1", date=datetime(2026, 5, 9, 22, tzinfo=UTC), more=end))

    expected = (datetime(2026, 5, 9, 22, tzinfo=UTC), datetime(2026, 5, 9, 23, 30, tzinfo=UTC))
    assert (written.scheduled_for, written.scheduled_until) == expected
    assert (given_end.scheduled_for, given_end.scheduled_until) == expected


def test_in_progress_of_an_incident_is_investigating_and_of_a_maintenance_in_progress() -> None:
    body = "<b>Status: In progress</b><br/>x"

    assert one(item(guid="1", body=body)).phase is Phase.INVESTIGATING
    assert one(item(guid="1", body=body, link=f"{HOME}/maintenance/1")).phase is Phase.IN_PROGRESS


@pytest.mark.parametrize(
    ("entry", "impact"),
    [
        (item("[Major] x", guid="1"), Impact.MAJOR),
        (item("Service disruption: x", guid="1"), Impact.CRITICAL),
        (item("Informational: x", guid="1"), Impact.NONE),
        (item(guid="1", more="<category>Minor</category>"), Impact.MINOR),
        (item(guid="1", body="<b>Affected components</b><ul><li>API (Partial outage)</li></ul>"), Impact.MAJOR),
        (item(guid="1", body="<b>Affected components</b><ul><li>API (Operational)</li></ul>"), Impact.UNKNOWN),
        (item(guid="1", body="A major outage."), Impact.UNKNOWN),
    ],
)
def test_an_impact_is_read_from_fields_and_never_from_prose(entry: str, impact: Impact) -> None:
    assert one(entry).impact is impact


def test_components_are_named_with_their_levels_and_leave_the_text() -> None:
    body = (
        "<b>Status: Identified</b><br/>Text.<br/><b>Affected components</b>"
        "<ul><li>API (Degraded performance)</li><li>Web (EU) (Operational)</li></ul>After."
    )

    incident = one(item(guid="1", body=body))

    assert incident.components == (
        AffectedComponent("", "API", None, Status.DEGRADED),
        AffectedComponent("", "Web (EU)", None, Status.OPERATIONAL),
    )
    assert incident.updates[0].text == "Text.\nAfter."


def test_components_on_one_line_are_named_without_levels() -> None:
    incident = one(item(guid="1", body="<p>Text.</p><p><strong>Affected components:</strong> API, Web</p>"))

    assert [component.name for component in incident.components or ()] == ["API", "Web"]


def test_a_feed_that_names_no_components_says_nothing_of_them() -> None:
    assert one(item(guid="1", body="The API.")).components is None


# --- everything at once ----------------------------------------------------------------------------------------


def test_a_rewritten_entry_tells_its_newest_update_at_the_time_of_the_rewriting() -> None:
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>x</title><published>2026-05-04T09:00:00Z"
        "</published><updated>2026-05-04T10:00:00Z</updated><content type='html'>News.</content></entry></feed>"
    )

    (incident,) = atom.parse(Document(body.encode(), NOW)).incidents

    assert incident.updates[0].at == incident.updated_at == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert incident.started_at == datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "updated", "content"),
    [
        ("2026-05-04T10:00:00Z", "9999-12-31T23:59:00Z", "x"),
        (
            "9999-12-31T23:59:00Z",
            "",
            "<small>Dec 31, 23:59 UTC</small><b>Resolved</b> - x<small>Dec 31, 23:58 UTC</small><b>Update</b> - y",
        ),
        ("9999-12-31T23:59:00Z", "", "THIS IS A SCHEDULED EVENT Dec 31, 22:00 - 21:30 UTC"),
        ("9999-12-31T23:59:00Z", "", "THIS IS A SCHEDULED EVENT Dec 31, 9999 22:00 - 21:30 UTC"),
    ],
)
def test_d12_dates_at_the_end_of_time_are_dropped_and_not_the_entry(published: str, updated: str, content: str) -> None:
    body = (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>x</title><published>{published}</published>"
        f"<updated>{updated}</updated><content type='html'>{escape(content)}</content></entry></feed>"
    )

    assert [incident.id for incident in atom.parse(Document(body.encode(), NOW)).incidents] == ["1"]


def test_every_captured_feed_gives_incidents_in_order_and_once(captures: Path) -> None:
    paths = [
        path for path in captures.rglob("*") if path.suffix in (".rss", ".atom", ".xml") and "trunc" not in path.name
    ]

    for path in paths:
        snapshot = rss.parse(Document(path.read_bytes(), NOW))
        ids = [incident.id for incident in snapshot.incidents]
        assert len(ids) == len(set(ids)), path
        for incident in snapshot.incidents:
            moments = [update.at for update in incident.updates if update.at]
            assert moments == sorted(moments), path
            assert incident.title, path


def test_github_history_shows_each_incident_and_each_update(captures: Path) -> None:
    path = captures / "statuspage/github/history-2020-01.atom"
    body = path.read_bytes()

    snapshot = atom.parse(Document(body, NOW))

    assert len(snapshot.incidents) == body.count(b"<entry>")
    assert sum(len(incident.updates) for incident in snapshot.incidents) == len(re.findall(rb"&lt;strong&gt;\w", body))
    assert all(update.phase and update.at for incident in snapshot.incidents for update in incident.updates)


TEXTS = st.lists(
    st.sampled_from(
        ["[Resolved] ", "Resolved: ", "Update", "<small>May 4, 11:00 UTC</small><br>", "<strong>Identified</strong>",
         " - ", "<b>Status: ", "</b>", "<br/>", "Affected components", ": A, B", "<li>API (Down)</li>", "(", ")", "[",
         "THIS IS A SCHEDULED EVENT May 9, 22:00 - 23:30 UTC", "went down", "&", "<", "é", "\n", "Type: Incident", "]"]
    ),
    max_size=12,
).map("".join)  # fmt: skip
ENTRIES = st.builds(
    item,
    TEXTS,
    guid=st.sampled_from(["", "1", f"{HOME}/i/1#2", f"{HOME}/#a_1777887000"]),
    link=st.sampled_from([HOME, f"{HOME}/i/1", f"{HOME}/i/2", "", "x", "https://["]),
    date=st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2999, 1, 1)),  # noqa: DTZ001 - printed as GMT
    body=TEXTS,
    more=st.sampled_from(
        ["", "<category>Major</category>", "<maintenanceEndDate>x</maintenanceEndDate>", "<pubDate/>"]
    ),
)


@given(st.lists(ENTRIES, max_size=6), st.sampled_from([None, "Europe/Zurich"]))
def test_any_feed_gives_a_snapshot(entries: list[str], zone: str | None) -> None:
    snapshot = read(*entries, zone=zone)

    assert all(incident.id and incident.updates for incident in snapshot.incidents)
    assert len({incident.id for incident in snapshot.incidents}) == len(snapshot.incidents)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
@given(body=st.binary())
def test_any_bytes_give_a_snapshot_or_a_parse_error(platform: Platform, body: bytes) -> None:
    try:
        platform.parse(Document(body, NOW))
    except ParseError:
        return
