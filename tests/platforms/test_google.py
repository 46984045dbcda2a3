"""Google's status pages: what golden documents cannot say."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Impact, Phase, Role, Snapshot, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.google import PAGES, feeds, parse, recognize
from statuswire.platforms.vendors.google_incidents import IMPACTS, LEVELS, MOST_PAIRS
from statuswire.platforms.vendors.google_page import ICONS
from statuswire.platforms.vendors.google_text import headline, plain_markdown

FOLDER = Path(__file__).parent / "google"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
CLOUD = "https://status.cloud.google.com"
EVERYTHING = frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED})
WRITTEN = {"serviceinformation": "SERVICE_INFORMATION", "servicedisruption": "SERVICE_DISRUPTION"}
OUTAGE = "SERVICE_OUTAGE"


def document(value: object, url: str = f"{CLOUD}/incidents.json") -> Document:
    return Document(value if isinstance(value, bytes) else json.dumps(value).encode(), NOW, url=url)


def fixture(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def update(at: str, status: str = OUTAGE, text: str = "x") -> dict[str, object]:
    return {"created": at, "modified": at, "when": at, "text": text, "status": status}


def incident(**fields: object) -> dict[str, object]:
    plain = {"id": "A1", "begin": "2026-05-04T09:00:00+00:00", "external_desc": "Slow", "updates": []}
    products = [{"title": "Acme Relay", "id": "p1"}]
    return {**plain, "status_impact": OUTAGE, "severity": "medium", "affected_products": products, **fields}


def read_one(**fields: object) -> Snapshot:
    return parse(document([incident(**fields)]))


def places(*ids: str) -> list[dict[str, str]]:
    return [{"title": one, "id": one} for one in ids]


# --- what is polled ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [page for page in PAGES if "search" not in page])
@pytest.mark.parametrize("inside", ["", "/", "/summary", "/incidents/AbC"])
def test_a_page_is_polled_by_its_incidents_and_products(page: str, inside: str) -> None:
    assert [(feed.url, feed.role, feed.tier) for feed in feeds(f"https://{page}{inside}")] == [
        (f"https://{page}/incidents.json", Role.STATE, 0),
        (f"https://{page}/products.json", Role.ENTRIES, 0),
        (f"https://{page}/en/feed.atom", Role.ENTRIES, 1),
    ]


def test_search_has_a_feed_only() -> None:
    assert [(feed.url, feed.tier) for feed in feeds("https://status.search.google.com/summary")] == [
        ("https://status.search.google.com/en/feed.atom", 0)
    ]


@pytest.mark.parametrize("path", ["/incidents.json", "/products.json", "/en-IN/feed.atom"])
def test_a_document_named_by_its_own_address_is_polled_alone(path: str) -> None:
    assert [feed.url for feed in feeds(CLOUD + path)] == [CLOUD + path]


def test_no_address_gives_nothing_to_poll() -> None:
    assert feeds("http://[broken") == ()


@pytest.mark.parametrize(("page", "name"), list(PAGES.items()))
def test_the_address_names_the_page(page: str, name: str) -> None:
    assert parse(document([], f"https://{page}/incidents.json")).page.name == name


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", list(IMPACTS))
@pytest.mark.parametrize("severity", ["low", "medium", "high"])
def test_kind_and_severity_give_the_impact(word: str, severity: str) -> None:
    read = read_one(status_impact=WRITTEN.get(word, OUTAGE), severity=severity)

    assert read.incidents[0].impact is IMPACTS[word][severity]


@pytest.mark.parametrize(("word", "level"), list(LEVELS.items()))
def test_the_newest_word_gives_the_level(word: str, level: Status) -> None:
    told = update("2026-05-04T09:00:00+00:00", WRITTEN.get(word, OUTAGE))

    assert read_one(updates=[told]).components[0].status is level


def test_a_grave_disruption_is_a_partial_outage() -> None:
    assert read_one(status_impact="SERVICE_DISRUPTION", severity="high").components[0].status is Status.PARTIAL_OUTAGE


def test_unknown_words_are_unknown_and_named() -> None:
    read = read_one(status_impact="SERVICE_GLOOM", severity="odd")

    assert (read.incidents[0].impact, read.components[0].status) == (Impact.UNKNOWN, Status.UNKNOWN)
    assert [one.reason for one in read.problems] == ["unknown word 'SERVICE_GLOOM'", "unknown word 'odd'"]
    assert read.covers == EVERYTHING


@pytest.mark.parametrize(("word", "level"), list(ICONS.items()))
def test_the_icons_of_the_page_are_levels(word: str, level: Status) -> None:
    page = fixture("page.html").replace(b"__flickering", f"__{word}".encode())

    assert parse(document(page)).components[-1].status is level


# --- open, over, reported ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [{}, {"end": None}, {"end": ""}])
def test_an_incident_is_open_as_long_as_its_end_is_empty(end: dict[str, object]) -> None:
    told = [update("2026-05-04T10:00:00+00:00", "AVAILABLE"), update("2026-05-04T09:00:00+00:00")]

    read = read_one(updates=told, **end)

    assert read.incidents[0].phase is Phase.MONITORING
    assert read.components[0].status is Status.MAJOR_OUTAGE


def test_the_last_update_ends_an_incident_that_has_none_after_its_end() -> None:
    told = [update("2026-05-04T10:00:00+00:00"), update("2026-05-04T09:00:00+00:00")]

    read = read_one(updates=told, end="2026-05-04T11:00:00+00:00")

    assert [one.phase for one in read.incidents[0].updates] == [Phase.INVESTIGATING, Phase.RESOLVED]
    assert read.components == ()


@pytest.mark.parametrize(
    "text",
    [
        "# Incident Report\nIt was",
        "## \\# Incident Report",
        "# Preliminary Incident Report",
        "**Mini Incident Report**",
    ],
)
def test_a_report_after_the_end_is_a_postmortem(text: str) -> None:
    told = [update("2026-05-09T10:00:00+00:00", "AVAILABLE", text), update("2026-05-04T09:00:00+00:00")]

    read = read_one(updates=told, end="2026-05-04T11:00:00+00:00")

    assert read.incidents[0].phase is Phase.POSTMORTEM


# --- components --------------------------------------------------------------------------------------------------


def test_a_product_in_some_places_is_out_there_and_partly_out_as_a_whole() -> None:
    read = read_one(currently_affected_locations=places("a1", "b1"))

    assert [(row.id, row.group, row.status) for row in read.components] == [
        ("p1", None, Status.PARTIAL_OUTAGE),
        ("p1/a1", "a1", Status.MAJOR_OUTAGE),
        ("p1/b1", "b1", Status.MAJOR_OUTAGE),
    ]


def test_the_place_that_is_everywhere_is_the_product_itself() -> None:
    read = read_one(currently_affected_locations=places("global"))

    assert [(row.id, row.group, row.status) for row in read.components] == [("p1", None, Status.MAJOR_OUTAGE)]
    assert [one.id for one in read.incidents[0].components or ()] == ["p1"]


def test_a_place_that_has_recovered_is_well_but_stays_named() -> None:
    read = read_one(currently_affected_locations=places("a1"), previously_affected_locations=places("a1", "b1"))

    assert [(one.id, one.status) for one in read.incidents[0].components or ()] == [
        ("p1/a1", Status.MAJOR_OUTAGE),
        ("p1/b1", Status.OPERATIONAL),
    ]


def test_an_incident_that_is_nearly_everywhere_concerns_everybody() -> None:
    read = read_one(currently_affected_locations=places(*(f"z{place}" for place in range(MOST_PAIRS + 1))))

    assert read.incidents[0].components == ()
    assert [row.id for row in read.components] == ["p1"]


def test_the_worst_of_two_incidents_is_the_level_of_a_product() -> None:
    read = parse(document([incident(status_impact="SERVICE_DISRUPTION"), incident(id="A2")]))

    assert [row.status for row in read.components] == [Status.MAJOR_OUTAGE]


# --- texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**Title:**\nMail is late\n**Description:** x", "Mail is late"),
        ("**Title**\nMail is late", "Mail is late"),
        ("Mail is **late**", "Mail is late"),
        (" \n# Mail is late\nmore", "Mail is late"),
        ("Title changes are late", "changes are late"),
        ("", ""),
    ],
)
def test_the_headline_is_the_first_line_of_words(written: str, shown: str) -> None:
    assert headline(written) == shown


def test_marks_of_markdown_go_and_words_stay() -> None:
    written = "## \\# Report\n**Bold** \\- a \\* b\\\n# not 5\\% of #1"

    assert plain_markdown(written) == "Report\nBold - a * b\nnot 5\\% of #1"


# --- shape -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"{}", ParseReason.SHAPE),
        (b"[1]", ParseReason.SHAPE),
        (b'{"error": "x"}', ParseReason.ERROR_BODY),
        (b"<html><title>Shop</title></html>", ParseReason.HTML),
        (b"<html><psd-regional-table></psd-regional-table></html>", ParseReason.SHAPE),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id><title>t</title></entry></feed>',
            ParseReason.SHAPE,
        ),
    ],
)
def test_what_is_no_document_of_the_family_is_refused(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


def test_a_bad_item_takes_away_what_absence_means() -> None:
    assert parse(document([incident(), {"external_desc": "x"}])).covers == frozenset()


def test_an_incident_of_before_ids_is_known_by_its_number() -> None:
    old = parse(document([incident(id=None, number="77")])).incidents[0]
    new = parse(document([incident(number="77")])).incidents[0]

    assert old.id == "77"
    assert "77" in new.aliases


# --- recognising -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.*")), ids=lambda path: path.name)
def test_own_documents_are_recognised_and_a_quiet_one_is_nobodys(path: Path) -> None:
    if not path.name.endswith(".expected.json"):
        assert recognize(Sight(document(path.read_bytes()))) is (path.stem != "quiet")


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"products": []}',
        b'{"products": [{"id": 1, "title": "Shoe"}]}',
        b'[{"id": "x", "service_name": "y", "updates": []}]',
        b'{"incidents": [], "page": {"id": "k3m9s8d1f2gh"}}',
        b"<html><title>Google</title></html>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:x,2026:1</id><title>t</title></entry></feed>',
    ],
)
def test_look_alikes_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))


# --- captured documents ------------------------------------------------------------------------------------------


@pytest.mark.captures
def test_a_series_of_incidents_holds_what_was_counted(captures: Path) -> None:
    path = captures / "gcp" / "status-cloud-google-2025" / "incidents-2025-06_2026-08.series.jsonl.xz"
    truth = json.loads(path.with_name("incidents-2025-06_2026-08.truth.json").read_text())
    updates: Counter[str] = Counter()
    empty = []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for seq, line in enumerate(lines):
            row = json.loads(line)
            try:
                read = parse(Document(row["body"].encode(), datetime.fromisoformat(row["captured_at"])))
            except ParseError:
                empty.append(seq)
                continue
            assert (read.covers, read.problems) == (EVERYTHING, ())
            for one in read.incidents:
                updates[one.aliases[0]] = len({told.id for told in one.updates})

    assert empty == truth["empty_snapshots"]
    assert updates == {number: one["updates"] for number, one in truth["incidents"].items()}


@pytest.mark.captures
def test_the_captured_page_is_read(captures: Path) -> None:
    page = document((captures / "gcp" / "page-html" / "page.html").read_bytes(), CLOUD)

    read = parse(page)

    assert recognize(Sight(page))
    assert (len(read.components), read.problems) == (679, ())
    assert Counter(row.status for row in read.components)[Status.DEGRADED] == 1
