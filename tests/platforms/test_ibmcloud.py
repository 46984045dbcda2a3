"""IBM Cloud: what golden documents cannot say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Impact, Incident, Kind, Phase, Role, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.ibmcloud import FEED, TYPES, feeds, parse, recognize

FOLDER = Path(__file__).parent / "ibmcloud"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def document(body: bytes) -> Document:
    return Document(body, NOW, url=FEED)


def fixture(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def item(title: str = "Slow", number: int = 1, **labels: str) -> str:
    facts = {"ID": "N1", "Type": "incident", "Regions": "eu-de", "Resources": "cos", **labels}
    told = " &lt;br/&gt; ".join(f"{label.replace('_', ' ')}: {value}" for label, value in facts.items())
    link = "<link>https://cloud.ibm.com/status?selected=history</link>"
    words = f"<description>x&lt;br/&gt; {told}</description>"
    return f"<item><title>{title}</title>{link}<guid>N1-{number}</guid>{words}</item>"


def feed(*items: str) -> Document:
    return document(f'<rss version="2.0"><channel><title>IBM Cloud</title>{"".join(items)}</channel></rss>'.encode())


def one(title: str = "Slow", **labels: str) -> Incident:
    return parse(feed(item(title, **labels))).incidents[0]


def test_the_feed_is_polled_for_every_view_of_the_page() -> None:
    assert [(spec.url, spec.role) for spec in feeds("https://cloud.ibm.com/status?selected=history")] == [
        (FEED, Role.ENTRIES)
    ]
    assert [spec.url for spec in feeds("https://cloud.ibm.com/other.rss")] == ["https://cloud.ibm.com/other.rss"]


@pytest.mark.parametrize("kind", list(TYPES))
def test_incidents_and_maintenances_are_kept_and_the_rest_has_no_impact(kind: str) -> None:
    told = one(Type=kind.title())

    expected = {"incident": (Kind.INCIDENT, Impact.MINOR), "maintenance": (Kind.MAINTENANCE, Impact.MAINTENANCE)}
    assert (told.kind, told.impact) == expected.get(kind, (Kind.INCIDENT, Impact.NONE))
    assert told.phase is ({"incident": Phase.INVESTIGATING, "maintenance": Phase.IN_PROGRESS}.get(kind, Phase.RESOLVED))


def test_an_unknown_type_is_named() -> None:
    told = parse(feed(item(Type="rumour")))

    assert told.incidents[0].impact is Impact.UNKNOWN
    assert [problem.reason for problem in told.problems] == ["unknown word 'rumour'"]


@pytest.mark.parametrize(
    ("title", "end", "phase"),
    [
        ("Slow", "", Phase.INVESTIGATING),
        ("Slow", "2026-05-04T11:00:00Z", Phase.RESOLVED),
        ("RESOLVED: Slow", "", Phase.RESOLVED),
        ("resolved: Slow", "", Phase.RESOLVED),
        ("Not yet resolved", "", Phase.INVESTIGATING),
    ],
)
def test_an_incident_ends_with_its_outage_or_by_its_title(title: str, end: str, phase: Phase) -> None:
    assert one(title, Outage_End=end).phase is phase


@pytest.mark.parametrize(
    ("title", "start", "phase"),
    [
        ("Work", "2026-05-09T08:00:00Z", Phase.SCHEDULED),
        ("Work", "2026-05-04T08:00:00Z", Phase.IN_PROGRESS),
        ("COMPLETED: Work", "2026-05-04T08:00:00Z", Phase.COMPLETED),
        ("Cancelled - Work", "2026-05-09T08:00:00Z", Phase.CANCELLED),
    ],
)
def test_a_maintenance_stands_where_its_title_and_its_start_say(title: str, start: str, phase: Phase) -> None:
    assert one(title, Type="maintenance", Outage_Start=start).phase is phase


@pytest.mark.parametrize(
    ("labels", "impact"),
    [
        ({}, Impact.MINOR),
        ({"Regions": "global"}, Impact.MAJOR),
        ({"Resources": "all"}, Impact.MAJOR),
        ({"Resources": ""}, Impact.MAJOR),
    ],
)
def test_what_names_no_single_resource_is_major(labels: dict[str, str], impact: Impact) -> None:
    assert one(**labels).impact is impact


def test_updates_of_one_id_are_one_incident_each_known_by_its_time() -> None:
    newer, older = (item(number=n, Update_Time=f"2026-05-04T0{n}:00:00Z") for n in (2, 1))

    told = parse(feed(newer, older)).incidents

    assert [[update.id for update in incident.updates] for incident in told] == [
        ["N1/2026-05-04T01:00:00Z", "N1/2026-05-04T02:00:00Z"]
    ]
    assert told[0].phase is Phase.IDENTIFIED


def test_a_resource_in_a_region_is_degraded_while_an_incident_is_open() -> None:
    told = parse(feed(item(Regions="eu-de, us-south")))

    assert [(row.id, row.group, row.status) for row in told.components] == [
        ("cos/eu-de", "eu-de", Status.DEGRADED),
        ("cos/us-south", "us-south", Status.DEGRADED),
    ]
    assert told.covers == {Cover.TROUBLED}
    assert parse(feed(item("RESOLVED: x"))).components == ()


def test_an_empty_feed_proves_nothing() -> None:
    assert parse(document(fixture("quiet.xml"))).covers == frozenset()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"{}", ParseReason.SHAPE),
        (b'<rss version="2.0"><channel><title>Other</title></channel></rss>', ParseReason.SHAPE),
        (b'<rss version="2.0"><channel><item><title>x</title></item></channel></rss>', ParseReason.SHAPE),
        (b"<html><title>Log in</title></html>", ParseReason.HTML),
    ],
)
def test_what_is_not_their_feed_is_refused(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


def test_own_documents_are_recognised_and_look_alikes_are_not() -> None:
    assert recognize(Sight(document(fixture("feed.xml"))))
    assert recognize(Sight(document(fixture("oddities.xml"))))
    assert not recognize(Sight(document(fixture("quiet.xml"))))
    assert not recognize(Sight(document(fixture("feed.xml").replace(b"cloud.ibm.com", b"acme.example"))))
    assert not recognize(Sight(document(fixture("feed.xml").replace(b"Type: ", b"Sort: "))))
