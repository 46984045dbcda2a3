"""What other watchers of status pages got wrong, each as a story told to the real pipeline.

Empty answers read as recovery, words of titles read as levels, incidents taken for one another: every story here was
somebody's false alarm or missed outage. Pages that answer 301 or not at all are in `tests/engine/test_healing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from statuswire.engine.healing import Move, follow
from statuswire.engine.places import Found
from statuswire.model import Document, EventType, Kind, Phase, Status
from statuswire.platforms import PLATFORMS
from statuswire.platforms.parsing import parse
from statuswire.store import open_store, queries

from .told import PAGE_ID, START, Told, lines, types

GOLDEN = Path(__file__).parents[1] / "platforms"
SITE = "https://status.acme-relay.example"
COMPAT = f"{SITE}/api/v2/incidents.json"


@pytest.fixture
def told() -> Iterator[Told]:
    store = open_store("sqlite://")
    yield Told(store)
    store.close()


# --- a Statuspage, as small as it can be ------------------------------------------------------------------------------


def stamp(minutes: float = 0) -> str:
    return (START + timedelta(minutes=minutes)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def component(id_: str = "k3m9s8d1f2gh", name: str = "API", status: str = "operational") -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "status": status,
        "position": 1,
        "group": False,
        "group_id": None,
        "updated_at": stamp(),
    }


def incident(id_: str = "w2x4y6z8b1c3", name: str = "Slow API", **fields: Any) -> dict[str, Any]:
    phase = fields.get("status", "investigating")
    update = {"id": f"u{id_[:10]}", "status": phase, "body": "We are looking.", "created_at": stamp()}
    times = {"created_at": stamp(), "updated_at": stamp(), "started_at": stamp(), "resolved_at": None}
    body = {"id": id_, "name": name, "status": phase, "impact": "minor", "components": [], "incident_updates": [update]}
    return {**body, **times, **fields}


def summary(*incidents: dict[str, Any], minutes: float = 0, **fields: Any) -> dict[str, Any]:
    page = {"id": "acmerelay000", "name": "Acme Relay", "url": SITE, "updated_at": stamp(minutes)}
    body = {
        "page": page,
        "status": {"indicator": "none", "description": ""},
        "components": [component()],
        "incidents": list(incidents),
        "scheduled_maintenances": [],
    }
    return {**body, **fields}


def rss(*items: str) -> bytes:
    head = f"<title>Acme Relay Status</title><link>{SITE}</link><description>News</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def item(title: str, number: int = 1, body: str = "", hour: int = 9) -> str:
    link = f"{SITE}/incidents/{number}"
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>Mon, 04 May 2026 {hour:02}:00:00 +0000</pubDate><description>{body}</description></item>"
    )


# --- silence is no recovery -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nothing",
    [b"", b"\r\n\r\n", b"{}", b"[]", b"null", b"<!doctype html><html><body>All systems operational</body></html>"],
    ids=["no byte", "blanks", "an empty object", "an empty list", "null", "a web page"],
)
def test_an_answer_without_a_status_is_no_recovery(told: Told, nothing: bytes) -> None:
    told.poll(summary(incident(), components=[component(status="major_outage")]))

    events = [event for _ in range(3) for event in told.poll(nothing)]

    assert types(events) == ["feed.unreadable"]
    assert told.levels == {"API": "major_outage"}
    assert [one.phase for one in told.incidents] == [Phase.INVESTIGATING]


def test_a_summary_that_lacks_its_lists_ends_nothing(told: Told) -> None:
    told.poll(summary(incident(), components=[component(status="major_outage")]))
    body = summary(minutes=5)
    for name in ("components", "incidents", "scheduled_maintenances"):
        del body[name]

    events = [event for _ in range(3) for event in told.poll(body)]

    assert [event for event in events if event.incident or event.component] == []
    assert told.levels == {"API": "major_outage"}


# --- words are no levels ----------------------------------------------------------------------------------------------


def test_a_title_that_says_resolved_ends_nothing_where_the_provider_says_it_goes_on(told: Told) -> None:
    (event,) = told.poll(summary(incident(name="Resolved: Major outage of the API")))

    assert event.type is EventType.INCIDENT_CREATED
    assert event.incident is not None and event.incident.phase is Phase.INVESTIGATING
    assert told.levels == {"API": "operational"}


def test_a_title_that_says_major_outage_breaks_nothing_where_a_feed_says_it_is_over(told: Told) -> None:
    told.poll(rss())

    told.poll(rss(item("Resolved: Major outage", body="This incident has been resolved.", hour=10)))

    (one,) = told.incidents
    assert one.phase is Phase.RESOLVED
    assert told.levels == {}
    assert told.known.status is None


def test_an_open_incident_is_told_although_the_page_says_that_all_is_well(told: Told) -> None:
    told.poll(summary())

    events = told.poll(summary(incident(), minutes=1, status={"indicator": "none", "description": "All good"}))

    assert types(events) == ["incident.created"]


def test_an_aws_message_that_only_speaks_of_the_end_ends_nothing_where_the_level_says_otherwise(told: Told) -> None:
    told.poll((GOLDEN / "aws" / "quiet.json").read_bytes())

    told.poll([aws_event(status="2", message="The issue has been resolved and all is well.", minutes=5)])
    assert [one.is_open for one in told.incidents] == [True]

    told.poll([aws_event(status="0", message="Done.", minutes=9)])
    assert [one.phase for one in told.incidents] == [Phase.RESOLVED]


def test_an_aws_feed_item_that_is_over_only_in_its_words_is_over(told: Told) -> None:
    """A service's own feed has no level at all; its title goes on saying `Informational message` after the end."""
    told.poll((GOLDEN / "aws" / "one-service-prose.xml").read_bytes(), "https://status.aws.amazon.com/rss/ec2.rss")

    (one,) = told.incidents
    assert one.phase is Phase.RESOLVED
    assert {known.status for known in told.known.components} == {Status.OPERATIONAL}


def aws_event(status: str, message: str, minutes: int) -> dict[str, Any]:
    began = int(START.timestamp())
    log = {"summary": "Increased errors", "message": message, "status": int(status), "timestamp": began + minutes * 60}
    return {
        "date": str(began),
        "arn": "arn:aws:health:eu-west-9::event/S3/AWS_S3_OPERATIONAL_ISSUE/AWS_S3_OPERATIONAL_ISSUE_ABCDE_0123456789A",
        "region_name": "Ruritania",
        "status": status,
        "service": "s3-eu-west-9",
        "service_name": "Amazon Simple Storage Service",
        "summary": "Increased errors",
        "event_log": [log],
        "impacted_services": {"s3-eu-west-9": {"service_name": "Amazon S3", "current": status, "max": "2"}},
        "impacted_service_status_changes": [],
    }


# --- incidents and components -----------------------------------------------------------------------------------------


def test_an_incident_without_components_is_told_like_any_other(told: Told) -> None:
    told.poll(summary())

    events = told.poll(summary(incident(components=[]), minutes=1))

    assert types(events) == ["incident.created"]
    assert lines(events).splitlines()[0].endswith("Product: Acme Relay")


def test_an_incident_linked_to_every_component_breaks_only_those_that_are_broken(told: Told) -> None:
    fine = [component(f"{number:0>12}", f"Part {number}") for number in range(6)]
    told.poll(summary(components=fine))
    broken = [*fine[:5], component(f"{5:0>12}", "Part 5", "partial_outage")]

    events = told.poll(summary(incident(impact="critical", components=broken), minutes=1, components=broken))

    changed = [event.component for event in events if event.component is not None]
    assert [(one.name, one.new) for one in changed] == [("Part 5", "partial_outage")]
    (linked,) = [event.incident.components for event in events if event.incident is not None]
    assert [one.status for one in linked] == [*[Status.OPERATIONAL] * 5, Status.PARTIAL_OUTAGE]


def test_four_incidents_of_one_title_in_a_day_are_four(told: Told) -> None:
    told.poll(summary())

    for number in range(4):
        one = incident(f"{number:0>11}i", "Elevated errors", created_at=stamp(number * 90), updated_at=stamp(number))
        told.poll(summary(one, minutes=number + 1))

    created = [event for event in told.events if event.type is EventType.INCIDENT_CREATED]
    assert len({event.incident.id for event in created if event.incident}) == 4


def test_four_feed_items_of_one_title_in_a_day_are_four_incidents(told: Told) -> None:
    body = "Investigating - We see errors."
    items = [item("Elevated errors", number, body, hour=number * 2) for number in range(4)]
    told.poll(rss())

    for count in range(1, 5):
        told.poll(rss(*reversed(items[:count])))

    assert len(told.incidents) == 4
    assert types(told.events).count("incident.created") == 4


# --- maintenance ------------------------------------------------------------------------------------------------------


def test_maintenance_in_a_feed_of_incidents_is_no_incident(told: Told) -> None:
    plan = "&lt;p&gt;&lt;strong&gt;THIS IS A SCHEDULED EVENT May  9, 22:00 - 23:30 UTC&lt;/strong&gt;&lt;/p&gt;"
    words = (
        "&lt;p&gt;&lt;small&gt;May  4, 09:00 UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Scheduled&lt;/strong&gt;"
        " - We move a database.&lt;/p&gt;"
    )
    told.poll(rss())

    events = told.poll(rss(item("Database move", body=plan + words, hour=10)))

    (one,) = told.incidents
    assert one.kind is Kind.MAINTENANCE
    assert types(events) == ["maintenance.scheduled"]


def test_maintenance_among_the_entries_of_an_incident_io_feed_is_no_incident(told: Told) -> None:
    told.poll((GOLDEN / "incidentio" / "feed-atom.xml").read_bytes(), f"{SITE}/feed.atom")

    kinds = {one.title: one.kind for one in told.incidents}
    phases = {one.title: one.phase for one in told.incidents}
    planned = {title for title, phase in phases.items() if phase in (Phase.SCHEDULED, Phase.IN_PROGRESS)}
    assert {kinds[title] for title in planned} <= {Kind.MAINTENANCE}
    assert not [event for event in told.events if event.type is EventType.INCIDENT_CREATED and is_planned(event)]


def is_planned(event: Any) -> bool:
    return event.incident.phase in (Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2026-05-09T22:00:00.000Z", "2026-05-09T23:30:00.000Z"),
        ("2026-05-09T15:00:00.000-07:00", "2026-05-09T16:30:00.000-07:00"),
        ("2026-05-10T03:30:00.000+05:30", "2026-05-10T05:00:00.000+05:30"),
    ],
)
def test_a_maintenance_begins_at_one_moment_whatever_zone_the_page_writes(told: Told, begins: str, ends: str) -> None:
    work = incident(name="Database move", status="scheduled", impact="maintenance")
    window = {"scheduled_for": begins, "scheduled_until": ends}

    (event,) = told.poll(summary(scheduled_maintenances=[{**work, **window}]))

    assert event.type is EventType.MAINTENANCE_SCHEDULED and event.incident is not None
    assert event.incident.scheduled_for == datetime(2026, 5, 9, 22, 0, tzinfo=UTC)
    assert event.incident.scheduled_until == datetime(2026, 5, 9, 23, 30, tzinfo=UTC)


def test_a_feed_that_names_a_zone_in_letters_is_read_in_that_zone(told: Told) -> None:
    plan = "&lt;p&gt;&lt;strong&gt;THIS IS A SCHEDULED EVENT May  9, 15:00 - 16:30 PDT&lt;/strong&gt;&lt;/p&gt;"
    words = (
        "&lt;p&gt;&lt;small&gt;May  4, 02:00 PDT&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Scheduled&lt;/strong&gt;"
        " - We move a database.&lt;/p&gt;"
    )

    told.poll(rss(item("Database move", body=plan + words)))

    (one,) = told.incidents
    assert one.scheduled_for == datetime(2026, 5, 9, 22, 0, tzinfo=UTC)
    assert [update.at for update in one.updates] == [datetime(2026, 5, 4, 9, 0, tzinfo=UTC)]


def test_times_without_a_zone_are_in_the_zone_of_the_page() -> None:
    store = open_store("sqlite://")
    told = Told(store, time_zone="Europe/Berlin")

    told.poll((GOLDEN / "cachet" / "v2-schedules.json").read_bytes(), f"{SITE}/api/v1/schedules")

    planned = {one.title: one.scheduled_for for one in told.incidents}
    assert planned["Database move"] == datetime(2026, 5, 9, 20, 0, tzinfo=UTC)
    store.close()


# --- one incident by two doors, and pages that move -------------------------------------------------------------------


def native() -> bytes:
    return (GOLDEN / "incidentio" / "native-summary.json").read_bytes()


def imitation() -> bytes:
    """The same page at the same moment, as its Statuspage-like document has it: no text, no groups, no maintenance."""
    body = (GOLDEN / "incidentio" / "compat-summary-open.json").read_bytes()
    return body.replace(b"full_outage", b"degraded_performance")


@pytest.mark.parametrize("is_native_first", [True, False])
def test_the_imitation_of_an_incident_io_page_tells_nothing_that_its_own_documents_told(
    told: Told, is_native_first: bool
) -> None:
    looks = [(native(), f"{SITE}/proxy/status.acme-relay.example"), (imitation(), f"{SITE}/api/v2/summary.json")]

    for body, url in looks if is_native_first else reversed(looks):
        told.poll(body, url)
    again = [event for body, url in looks * 2 for event in told.poll(body, url)]

    updates = [(event.incident.id, event.update.id) for event in told.events if event.incident and event.update]
    assert len(updates) == len(set(updates)) == 5
    assert types(told.events).count("incident.created") == 1
    assert types(told.events).count("component.status_changed") == 0
    assert again == []
    assert all(update.text for one in told.incidents for update in one.updates)


def test_a_page_that_moved_from_statuspage_to_incident_io_tells_its_incident_once() -> None:
    store = open_store("sqlite://")
    told = Told(store)
    moved = parse(Document(native(), START), "incidentio")
    going_on = next(one for one in moved.incidents if one.kind is Kind.INCIDENT)
    assert going_on.updates[0].at is not None
    began = {"created_at": going_on.updates[0].at.isoformat(), "started_at": going_on.updates[0].at.isoformat()}
    told.poll(summary(incident(name=going_on.title, **began), components=[component(name="Ingest API")]))
    page = store.read(lambda tx: queries.page_by_id(tx, PAGE_ID))
    assert page is not None

    feeds = PLATFORMS["incidentio"].feeds(SITE, None)
    found = Found("incidentio", feeds, moved.page.id, SITE, "Acme Relay", snapshots=(moved,))
    store.write(lambda tx: follow(tx, page, Move(found, "it answers 404", "the same address"), START))
    told.poll(native(), feeds[0].url)

    created = [event for event in told.events if event.type is EventType.INCIDENT_CREATED]
    ended = [event for event in told.events if event.type is EventType.INCIDENT_RESOLVED]
    assert [event.incident.title for event in created if event.incident].count(going_on.title) == 1
    assert ended == []
    store.close()


# --- pages that write markup and worse --------------------------------------------------------------------------------

HOSTILE = "<b onclick='x()'>Slow</b> &lt;API&gt;<script>alert(1)</script>\u001b[2J\u001b]0;owned\u0007\u202e\u009b31m"


FOR_PEOPLE = frozenset({"name", "title", "body", "message", "message_string", "description", "contents", "summary"})


def everywhere(value: Any) -> Any:
    """The document with the hostile text in every text that is meant for people."""
    if isinstance(value, dict):
        return {key: HOSTILE if _is_for_people(key, one) else everywhere(one) for key, one in value.items()}
    return [everywhere(one) for one in value] if isinstance(value, list) else value


def _is_for_people(key: str, value: object) -> bool:
    return key in FOR_PEOPLE and isinstance(value, str)


@pytest.mark.parametrize(
    "path",
    [
        "statuspage/summary.json",
        "incidentio/native-summary.json",
        "instatus/incident.json",
        "betterstack/incident.json",
        "statusio/incident.json",
        "aws/open.json",
        "heroku/open.json",
    ],
)
def test_markup_reaches_no_text_and_no_field_reaches_the_terminal_as_a_command(told: Told, path: str) -> None:
    """A name or a title in JSON is text, and shown letter by letter even where it looks like a tag."""
    told = Told(told.store, path.partition("/")[0])

    told.poll(everywhere(msgspec.json.decode((GOLDEN / path).read_bytes())), golden_url(path))

    texts = [update.text for one in told.incidents for update in one.updates if "Slow" in update.text]
    assert told.incidents
    assert not [text for text in texts if "<b" in text or "</b>" in text or "<script" in text or "alert(1)" in text]
    shown = lines(told.events) + lines(told.events, "provider")
    assert "Slow" in shown
    assert not set(shown) & set("\x1b\x07\x9b\u202e")


def golden_url(path: str) -> str:
    expected = GOLDEN / path.replace(".json", ".expected.json")
    url: str = msgspec.json.decode(expected.read_bytes())["url"]
    return url


def test_the_json_format_carries_no_raw_control_character(told: Told) -> None:
    told.poll(summary(incident(name=HOSTILE), components=[component(name=HOSTILE)]))

    line = lines(told.events, "json")

    assert not {letter for letter in line if ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0} - {"\n"}
