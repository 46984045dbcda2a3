"""AWS Health: what golden documents cannot say."""

from __future__ import annotations

import json
import lzma
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Event, EventType, Impact, Phase, Role, Snapshot, Source, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors import aws
from statuswire.platforms.vendors.aws import ALL_RSS, ANNOUNCEMENT, EVENTS, SERVICES, feeds, parse, recognize
from statuswire.platforms.vendors.aws_feed import PREFIX_IMPACTS, PREFIX_LEVELS
from statuswire.platforms.vendors.aws_terms import (
    CORE,
    IMPACTS,
    LEVELS,
    arn_region,
    impact_of,
    service_name,
    split_slug,
)
from statuswire.platforms.vendors.aws_updates import says_over, says_recovering
from tests.core.memory import Delivery, Memory

FOLDER = Path(__file__).parent / "aws"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
EVERYTHING = frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED})


def document(value: object, url: str = EVENTS) -> Document:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Document(body, NOW, url=url)


def fixture(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def event(**fields: object) -> dict[str, object]:
    plain = {"arn": "arn:aws:health:eu-west-9::event/EC2/X/X_1", "service": "ec2-eu-west-9", "date": "1777885200"}
    return {**plain, "status": "2", "summary": "Errors", **fields}


def read_one(**fields: object) -> Snapshot:
    return parse(document([event(**fields)]))


class Page:
    """The page as it is known after its documents, one a minute."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.minute = 0

    def read(self, url: str, value: object) -> list[Event]:
        self.minute += 1
        at = NOW + timedelta(minutes=self.minute)
        snapshot = parse(Document(json.dumps(value).encode(), at, url=url))
        return self.memory.take(Delivery(snapshot, Source.POLL, at, url))[1]

    def levels(self) -> dict[str, Status]:
        return {one.id: one.status for one in self.memory.known.components}


# --- what is polled ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["https://health.aws.amazon.com/health/status", "https://status.aws.amazon.com/"])
def test_the_page_is_polled_as_json_and_as_a_feed_where_that_cannot_be_read(url: str) -> None:
    assert [(feed.url, feed.role, feed.tier) for feed in feeds(url)] == [
        (EVENTS, Role.STATE, 0),
        (ANNOUNCEMENT, Role.STATE, 0),
        (SERVICES, Role.ENTRIES, 0),
        (ALL_RSS, Role.ENTRIES, 1),
    ]


@pytest.mark.parametrize(
    ("url", "role"),
    [
        (ALL_RSS, Role.ENTRIES),
        ("https://status.aws.amazon.com/rss/ec2-us-east-1.rss", Role.ENTRIES),
        (EVENTS, Role.STATE),
        (ANNOUNCEMENT, Role.STATE),
        (SERVICES, Role.ENTRIES),
        ("https://status.aws.amazon.com/data.json", Role.STATE),
    ],
)
def test_a_document_named_by_its_own_address_is_polled_alone(url: str, role: Role) -> None:
    assert [(feed.url, feed.role) for feed in feeds(url)] == [(url, role)]


# --- the announcement and the catalogue --------------------------------------------------------------------------


@pytest.mark.parametrize("said", [None, "", "  ", "<p> </p>"])
def test_no_announcement_is_none_and_covers_the_announcements_alone(said: object) -> None:
    snapshot = parse(document({"description": said}, ANNOUNCEMENT))

    assert (snapshot.incidents, snapshot.covers, snapshot.within) == ((), {Cover.OPEN_INCIDENTS}, "announcement/")


def test_a_corrected_announcement_is_the_same_and_another_headline_is_another() -> None:
    first, corrected, other = (
        parse(document({"description": f"<p>{said}</p>"}, ANNOUNCEMENT)).incidents[0]
        for said in ("Trouble ahead.</p><p>We look", "Trouble ahead.</p><p>We looked.", "All moves.")
    )

    assert (first.title, first.phase) == ("Trouble ahead.", Phase.INVESTIGATING)
    assert first.id == corrected.id != other.id
    assert first.updates[0].id == corrected.updates[0].id


def test_the_list_of_events_says_nothing_of_the_announcement() -> None:
    page = Page()
    page.read(ANNOUNCEMENT, {"description": "Trouble ahead."})

    for _ in range(3):
        page.read(EVENTS, [])

    assert [one.phase for one in page.memory.known.incidents] == [Phase.INVESTIGATING]


def test_the_services_of_the_catalogue_are_well_unless_an_event_names_them() -> None:
    page = Page()
    page.read(SERVICES, [{"service": f"{one}-eu-west-9", "service_name": one.upper()} for one in ("ec2", "s3")])

    assert page.read(EVENTS, []) == []
    assert page.levels() == {"ec2-eu-west-9": Status.OPERATIONAL, "s3-eu-west-9": Status.OPERATIONAL}

    told = page.read(EVENTS, [event(impacted_services={"ec2-eu-west-9": {"service_name": "EC2", "current": "2"}})])
    assert EventType.COMPONENT_STATUS_CHANGED in [one.type for one in told]
    assert page.levels() == {"ec2-eu-west-9": Status.DEGRADED, "s3-eu-west-9": Status.OPERATIONAL}

    assert page.read(SERVICES, [{"service": "ec2-eu-west-9", "service_name": "EC2"}]) == []
    assert page.levels()["ec2-eu-west-9"] is Status.DEGRADED


def test_a_service_has_the_name_of_the_catalogue_whatever_the_events_call_it() -> None:
    page = Page()
    bad = event(impacted_services={"s3-eu-west-9": {"service_name": "Amazon S3", "current": "2"}})
    catalogue = [{"service": "s3-eu-west-9", "service_name": "Amazon Simple Storage Service (Ruritania)"}]
    page.read(EVENTS, [bad])

    told = [page.read(url, value) for url, value in ((SERVICES, catalogue), (EVENTS, [bad])) * 2]

    assert told == [[], [], [], []]
    assert [one.name for one in page.memory.known.components] == ["Amazon Simple Storage Service"]


def test_a_service_that_the_catalogue_names_anew_is_renamed_once() -> None:
    page = Page()
    bad = event(impacted_services={"s3-eu-west-9": {"service_name": "S3", "current": "2"}})
    page.read(SERVICES, [{"service": "s3-eu-west-9", "service_name": "S3"}])
    page.read(EVENTS, [bad])

    told = page.read(SERVICES, [{"service": "s3-eu-west-9", "service_name": "Simple Storage"}])

    assert [one.type for one in told] == [EventType.COMPONENT_RENAMED]
    assert page.read(EVENTS, [bad]) == []


# --- encoding and shape ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8", "utf-8-sig"])
def test_the_body_is_decoded_by_its_byte_order_mark_and_not_by_the_header(encoding: str) -> None:
    text = fixture("open.json").decode()
    body = b"\xfe\xff" + text.encode(encoding) if encoding == "utf-16-be" else text.encode(encoding)
    sent = Document(body, NOW, url=EVENTS, headers={"content-type": "application/json;charset=utf-16"})

    assert len(parse(sent).incidents) == 2


def test_a_quiet_day_is_four_bytes_behind_the_mark() -> None:
    read = parse(document(b"\xfe\xff" + "[]".encode("utf-16-be")))

    assert (read.covers, read.incidents, read.components) == (EVERYTHING, (), ())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"\xfe\xff", ParseReason.EMPTY),
        (b"null", ParseReason.SHAPE),
        (b"{}", ParseReason.SHAPE),
        (b'{"current": null}', ParseReason.SHAPE),
        (b"[1, 2]", ParseReason.SHAPE),
        (b'[{"id": 1}]', ParseReason.SHAPE),
        (b"<html><title>x</title></html>", ParseReason.HTML),
        (b'<rss version="2.0"><channel><title>Other</title></channel></rss>', ParseReason.SHAPE),
        (
            b"<rss version='2.0'><channel><title>O</title><item><title>x</title></item></channel></rss>",
            ParseReason.SHAPE,
        ),
    ],
)
def test_what_is_no_document_of_aws_is_refused(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


def test_a_bad_event_hides_no_other_and_takes_away_what_absence_means() -> None:
    read = parse(document([event(), {"summary": "nobody"}]))

    assert len(read.incidents) == 1
    assert read.covers == frozenset()


def test_a_bad_event_of_the_archive_leaves_the_current_ones_whole() -> None:
    dashboard = json.loads(fixture("dashboard.json"))
    dashboard["archive"].append(None)

    assert parse(document(dashboard)).covers == EVERYTHING


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "level"), list(LEVELS.items()))
@pytest.mark.parametrize("make", [str, int])
def test_a_code_means_the_same_as_text_and_as_number(code: str, level: Status, make: type) -> None:
    read = read_one(impacted_services={"ec2-eu-west-9": {"current": make(code), "max": "3"}}, status="1")

    assert [(row.status, row.raw_status) for row in read.components] == [(level, code)]


@pytest.mark.parametrize(("code", "impact"), list(IMPACTS.items()))
def test_the_worst_code_gives_the_impact(code: str, impact: Impact) -> None:
    assert impact_of(("0", code, ""), "polly") is impact
    assert impact_of(("3",), next(iter(CORE))) is Impact.CRITICAL


@pytest.mark.parametrize("word", list(PREFIX_IMPACTS))
def test_every_prefix_of_the_feed_has_an_impact_and_a_level(word: str) -> None:
    assert PREFIX_LEVELS.keys() == PREFIX_IMPACTS.keys()
    assert word.isalpha()


def test_an_unknown_code_is_unknown_and_named() -> None:
    read = read_one(status="9")

    assert read.components[0].status is Status.UNKNOWN
    assert [(one.where, one.reason) for one in read.problems] == [("events[0].status", "unknown word '9'")]
    assert read.covers == EVERYTHING


@pytest.mark.parametrize(
    ("slug", "parts"),
    [
        ("ec2-us-east-1", ("ec2", "us-east-1")),
        ("management-console-us-gov-west-1", ("management-console", "us-gov-west-1")),
        ("multipleservices-me-central-1", ("multipleservices", "me-central-1")),
        ("acm-pca-ap-southeast-7", ("acm-pca", "ap-southeast-7")),
        ("s3-us-standard", ("s3", "us-east-1")),
        ("management-console", ("management-console", None)),
        ("route53", ("route53", None)),
    ],
)
def test_a_slug_is_a_service_and_a_region(slug: str, parts: tuple[str, str | None]) -> None:
    assert split_slug(slug) == parts


def test_the_region_of_an_arn_counts_where_the_slug_has_none() -> None:
    assert arn_region("arn:aws-us-gov:health:us-gov-west-1::event/X") == "us-gov-west-1"
    assert arn_region("arn:aws:health:global::event/X") is None
    assert read_one(service="iotbridge").components[0].group == "eu-west-9"


def test_the_place_behind_a_name_goes_where_the_region_tells_it() -> None:
    assert service_name("AWS Lambda (Ireland)", "eu-west-1") == "AWS Lambda"
    assert service_name("AWS Thing (Beta)", None) == "AWS Thing (Beta)"


# --- phases ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "is_recovering"),
    [
        ("We are seeing early signs of recovery.", True),
        ("We continue to see improvement in error rates.", True),
        ("Recovery is under way.", True),
        ("We are not yet seeing recovery.", False),
        ("We expect to see recovery within the hour.", False),
        ("We will begin to work to recover affected resources.", False),
        ("We are investigating.", False),
    ],
)
def test_recovery_is_believed_by_set_phrases_only(words: str, is_recovering: bool) -> None:
    assert says_recovering(words) is is_recovering


@pytest.mark.parametrize(
    ("words", "is_over"),
    [
        ("The issue has been resolved and the service is operating normally.", True),
        ("The event is now resolved and all affected AWS Services are operating normally.", True),
        ("Once the issue has been resolved we will say so.", False),
        ("The service is operating normally for most customers.", False),
    ],
)
def test_the_closing_sentence_closes(words: str, is_over: bool) -> None:
    assert says_over(words) is is_over


def test_prose_closes_nothing_where_a_code_says_that_it_is_open() -> None:
    log = [{"message": "The issue has been resolved and the service is operating normally.", "timestamp": 1777885200}]

    assert read_one(event_log=log).incidents[0].phase is Phase.INVESTIGATING


@pytest.mark.parametrize("over", [{"status": 0}, {"summary": " [RESOLVED]  Errors"}, {"end_time": "1777889999"}])
def test_each_sign_of_the_end_resolves(over: dict[str, object]) -> None:
    read = read_one(**over)

    assert read.incidents[0].phase is Phase.RESOLVED
    assert read.incidents[0].title == "Errors"
    assert read.components == ()


def test_the_worst_of_two_events_is_the_level_of_a_service() -> None:
    one, other = (
        event(arn=f"arn:aws:health:eu-west-9::event/{place}", impacted_services={"s3-eu-west-9": {"current": code}})
        for place, code in ((1, "2"), (2, "3"))
    )

    assert [row.status for row in parse(document([one, other])).components] == [Status.PARTIAL_OUTAGE]


# --- one identity in JSON and feed -------------------------------------------------------------------------------


def test_json_and_feed_name_an_incident_and_its_updates_alike() -> None:
    stamps = (1777885200, 1777890600)
    log = [{"message": "x", "status": 1, "timestamp": stamp} for stamp in stamps]
    told = read_one(event_log=log).incidents[0]

    shown = next(one for one in parse(document(fixture("all.xml"), ALL_RSS)).incidents if one.id in told.aliases)

    assert {one.id for one in told.updates} < {one.id for one in shown.updates}


def test_updates_of_one_service_a_day_apart_are_two_incidents() -> None:
    read = parse(document(fixture("all.xml"), ALL_RSS))

    assert [one.id for one in read.incidents if "ec2" in one.id] == [
        "ec2-eu-west-9_1777626000",
        "ec2-eu-west-9_1777885200",
    ]


def test_the_feed_of_all_services_calls_nothing_over_because_it_is_old() -> None:
    stale = fixture("one-service-stale.xml")

    assert parse(document(stale, ALL_RSS)).incidents[0].phase is Phase.INVESTIGATING
    assert parse(document(stale, "https://status.aws.amazon.com/rss/ec2-eu-west-9.rss")).incidents[0].phase is (
        Phase.RESOLVED
    )


# --- recognising -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["open.json", "resolved.json", "dashboard.json", "all.xml", "one-service-quiet.xml"])
def test_own_documents_are_recognised(name: str) -> None:
    assert recognize(Sight(document(fixture(name))))


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b'{"current": [], "archive": []}',
        b'[{"id": "a", "service_name": "x", "external_desc": "y"}]',
        b'{"page": {"id": "k3m9s8d1f2gh"}, "incidents": []}',
        b'<rss version="2.0"><channel><title>Acme</title></channel></rss>',
        b"<html></html>",
        b"\xff\xfe",
    ],
)
def test_look_alikes_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))


# --- captured documents ------------------------------------------------------------------------------------------


@pytest.mark.captures
def test_a_series_of_dashboards_holds_what_was_counted(captures: Path) -> None:
    """One more update than counted: the truth counts the last version of each event, and one message was deleted."""
    path = captures / "aws" / "status-dashboard" / "data-2021-11_12.series.jsonl.xz"
    truth = json.loads(path.with_name("data-2021-11_12.truth.json").read_text())
    found: dict[str, set[str]] = {}
    empty = []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for seq, line in enumerate(lines):
            row = json.loads(line)
            try:
                read = aws.parse(Document(row["body"].encode(), datetime.fromisoformat(row["captured_at"])))
            except ParseError:
                empty.append(seq)
                continue
            assert (read.covers, read.problems) == (EVERYTHING, ())
            for one in read.incidents:
                found.setdefault(one.id, set()).update(update.id for update in one.updates)

    assert empty == truth["empty_snapshots"]
    assert len(found) == truth["incidents_total"]
    assert sum(map(len, found.values())) == truth["updates_total"] + 1
    for key, seen in truth["events_seen_in_current"].items():
        extra = key == "elasticbeanstalk-us-east-1|1640158400"
        assert len(found[key.replace("|", "_")]) == seen["update_blocks"] + extra


@pytest.mark.captures
def test_every_captured_document_is_read_and_recognised(captures: Path) -> None:
    paths = [*(captures / "aws").rglob("*.json"), *(captures / "aws").rglob("*.rss")]

    for path in [*paths, captures / "weird" / "derived" / "utf16le-bom-currentevents.json"]:
        if path.name.endswith(".truth.json"):
            continue
        captured = document(path.read_bytes(), "")
        assert recognize(Sight(captured)), path
        assert parse(captured).problems == (), path
