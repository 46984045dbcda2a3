"""cState: addresses, recognition, every word, the texts of issues, and what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Impact, Incident, Phase, Problem, Role, Snapshot, Status
from statuswire.platforms.cstate import PLATFORM
from statuswire.platforms.cstate_body import read_body
from statuswire.platforms.sight import Sight

FOLDER = Path(__file__).parent / "cstate"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BEGAN = datetime(2026, 5, 4, 10, 1, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url)


def golden(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def index(*systems: object, **more: object) -> Snapshot:
    return PLATFORM.parse(document(golden("index-quiet") | {"systems": list(systems)} | more))


def issue(**fields: object) -> Incident:
    return PLATFORM.parse(document(golden("issue") | fields)).incidents[0]


# --- addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/", "/issues/", "/issues/mails-late/", "/affected/api/"])
def test_a_page_is_its_index_with_the_list_of_issues_as_history_and_the_feed_in_reserve(path: str) -> None:
    specs = PLATFORM.feeds(f"{PAGE}/base{path}", None)

    assert [(spec.url.removeprefix(f"{PAGE}/base"), spec.role, spec.tier) for spec in specs] == [
        ("/index.json", Role.STATE, 0),
        ("/issues/index.json", Role.HISTORY, 0),
        ("/index.xml", Role.ENTRIES, 1),
    ]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/index.json", Role.STATE),
        ("/issues/index.json", Role.ENTRIES),
        ("/issues/mails-late/index.json", Role.ENTRIES),
        ("/index.xml", Role.ENTRIES),
    ],
)
def test_the_address_of_one_document_is_that_document_alone(path: str, role: Role) -> None:
    assert [(spec.url, spec.role) for spec in PLATFORM.feeds(PAGE + path, None)] == [(PAGE + path, role)]


def test_what_is_no_address_has_no_feeds() -> None:
    assert PLATFORM.feeds("http://[", None) == ()


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    sorted(p for p in FOLDER.iterdir() if not p.name.endswith("expected.json") and p.stem != "feed-early"),
    ids=lambda p: p.stem,
)
def test_every_golden_document_is_recognised(path: Path) -> None:
    assert PLATFORM.recognize(Sight(Document(path.read_bytes(), NOW)))


@pytest.mark.parametrize(
    "body",
    [
        {"is": "index", "systems": []},
        {"is": "index", "cStateVersion": "6.0"},
        {"data": {"type": "status_page"}},
        {"pages": [{"title": "x"}], "baseURL": "https://a.example"},
        {"is": "issue", "title": "x"},
        b"<rss version='2.0'><channel><title>x</title><generator>Hugo</generator></channel></rss>",
        [],
    ],
)
def test_look_alikes_are_not_recognised(body: object) -> None:
    assert not PLATFORM.recognize(Sight(document(body)))


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status", "impact"),
    [
        ("ok", Status.OPERATIONAL, Impact.NONE),
        ("notice", Status.DEGRADED, Impact.MINOR),
        ("disrupted", Status.PARTIAL_OUTAGE, Impact.MAJOR),
        ("down", Status.MAJOR_OUTAGE, Impact.CRITICAL),
    ],
)
def test_a_word_of_severity(word: str, status: Status, impact: Impact) -> None:
    snapshot = index({"name": "API", "category": "", "status": word, "unresolvedIssues": []}, summaryStatus=word)

    assert (snapshot.components[0].status, snapshot.page.status) == (status, status)
    assert issue(severity=word).impact is impact
    assert snapshot.problems == ()


def test_a_word_in_no_table_is_unknown_and_named() -> None:
    snapshot = index({"name": "API", "status": "asleep", "unresolvedIssues": []})

    assert (snapshot.components[0].status, snapshot.components[0].raw_status) == (Status.UNKNOWN, "asleep")
    assert snapshot.problems == (Problem("systems[0].status", "unknown word 'asleep'"),)


@pytest.mark.parametrize(
    ("resolved", "informational", "phase", "impact"),
    [
        (False, False, Phase.INVESTIGATING, Impact.MAJOR),
        (True, False, Phase.RESOLVED, Impact.MAJOR),
        (False, True, None, Impact.NONE),
        (True, True, Phase.RESOLVED, Impact.NONE),
    ],
)
def test_an_issue_is_open_or_resolved_and_an_informational_one_opens_nothing(
    resolved: bool, informational: bool, phase: Phase | None, impact: Impact
) -> None:
    found = issue(resolved=resolved, informational=informational, body="")

    assert (found.phase, found.impact) == (phase, impact)


# --- the index -------------------------------------------------------------------------------------------------


def test_an_open_issue_that_names_no_system_opens_nothing_for_the_index_never_shows_it() -> None:
    assert issue(affected=[]).phase is None
    assert issue(affected=[], resolved=True).phase is Phase.RESOLVED


def test_an_issue_under_several_systems_is_one_incident() -> None:
    found = PLATFORM.parse(document(golden("index-open"))).incidents

    assert [one.title for one in found].count("Mails are late") == 1


def test_systems_of_one_name_in_two_categories_are_two() -> None:
    rows = [{"name": "API", "category": name, "status": "ok", "unresolvedIssues": []} for name in ("EU", "US")]

    assert [one.id for one in index(*rows).components] == ["EU/API", "US/API"]


def test_the_build_dates_the_index_in_its_own_zone() -> None:
    body = golden("index-quiet") | {"buildDate": "2026-05-04", "buildTime": "12:43", "buildTimezone": "CEST"}

    assert PLATFORM.parse(document(body)).as_of == datetime(2026, 5, 4, 10, 43, tzinfo=UTC)
    assert PLATFORM.parse(document(body | {"buildTimezone": "XYZ"})).as_of is None


@pytest.mark.parametrize("issues", [None, "x", [None], [{"title": "x"}]])
def test_a_list_of_issues_that_cannot_be_read_to_its_end_covers_no_issues(issues: object) -> None:
    snapshot = index({"name": "API", "category": "EU", "status": "ok", "unresolvedIssues": issues})

    assert snapshot.covers == {Cover.COMPONENTS}


def test_an_unknown_severity_does_not_keep_the_issues_from_being_covered() -> None:
    row = golden("issue") | {"severity": "strange"}

    snapshot = index({"name": "API", "category": "EU", "status": "ok", "unresolvedIssues": [row]})

    assert snapshot.covers == {Cover.COMPONENTS, Cover.OPEN_INCIDENTS}


def test_a_quote_in_a_title_breaks_the_document_and_that_is_no_empty_page() -> None:
    broken = (FOLDER / "index-open.json").read_bytes().replace(b"Mails are late", b'Mails "are" late')

    with pytest.raises(ParseError) as caught:
        PLATFORM.parse(document(broken))

    assert caught.value.reason is ParseReason.NOT_JSON


# --- issues ----------------------------------------------------------------------------------------------------


def test_all_documents_know_an_issue_by_its_permalink() -> None:
    names = {"index-open", "issues", "issue", "issue-resolved"}
    ids = {PLATFORM.parse(document(golden(name))).incidents[0].id for name in names}
    ids.add(PLATFORM.parse(Document((FOLDER / "feed.xml").read_bytes(), NOW)).incidents[0].id)

    assert ids == {f"{PAGE}/issues/mails-late"}


def test_issue_and_feed_have_the_same_updates() -> None:
    fed = PLATFORM.parse(Document((FOLDER / "feed.xml").read_bytes(), NOW)).incidents[0]

    assert fed.updates == issue().updates


def test_only_the_index_says_which_systems_are_affected() -> None:
    assert issue().components is None
    assert PLATFORM.parse(document(golden("index-open"))).incidents[0].components


@pytest.mark.parametrize("end", ["", "<no value>", None])
def test_an_end_that_is_not_stated_is_none(end: object) -> None:
    assert issue(resolved=True, resolvedAt=end).resolved_at is None


def test_the_text_of_an_open_issue_does_not_resolve_it() -> None:
    assert issue(body="<p><em>Resolved</em> - All is well.</p>").phase is Phase.INVESTIGATING


# --- texts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("(10:40 — May 4)", datetime(2026, 5, 4, 10, 40, tzinfo=UTC)),
        ("04 May 2026 10:40", datetime(2026, 5, 4, 10, 40, tzinfo=UTC)),
        ("2026-05-04 10:40:00 +0200 CEST", datetime(2026, 5, 4, 8, 40, tzinfo=UTC)),
        ("soon", None),
    ],
)
def test_the_moment_of_an_update_is_read_as_the_theme_writes_it(when: str, at: datetime | None) -> None:
    body = f'<p><em>Monitoring</em> - Better. <span class="faded">{when}</span></p>'

    assert [(one.phase, one.text, one.at) for one in read_body(body, BEGAN, None)] == [
        (Phase.MONITORING, "Better.", at)
    ]


def test_updates_without_moments_stand_newest_first() -> None:
    body = "<p><strong>Identified</strong>: Found.</p><p><strong>Investigating</strong>: Looking.</p>"

    assert [one.phase for one in read_body(body, BEGAN, None)] == [Phase.INVESTIGATING, Phase.IDENTIFIED]


def test_an_update_that_names_no_phase_goes_on_as_before() -> None:
    assert [one.phase for one in read_body("<p><em>Update</em> - Still here.</p>", BEGAN, None)] == [None]


@pytest.mark.parametrize(
    "body", ["<p>It was <em>resolved</em> - we hope.</p>", "<p><em>Automated</em> - x</p>", "Just words", ""]
)
def test_emphasis_in_prose_is_no_update(body: str) -> None:
    assert [one.phase for one in read_body(body, BEGAN, None)] in ([None], [])


def test_a_very_long_text_is_read_in_linear_time() -> None:
    assert len(read_body("<p><em>Update</em> - x " * 20_000, BEGAN, None)) == 200
    assert read_body("<em>" * 100_000, BEGAN, None) == ()


# --- what else to fetch ----------------------------------------------------------------------------------------


def test_the_texts_of_open_issues_are_fetched_from_the_same_host() -> None:
    body = document(golden("index-open"), f"{PAGE}/index.json")

    assert [spec.url for spec in PLATFORM.more(body)] == [
        f"{PAGE}/issues/mails-late/index.json",
        f"{PAGE}/issues/no-mail/index.json",
        f"{PAGE}/issues/move/index.json",
    ]
    assert PLATFORM.more(document(golden("index-open"), "https://other.example/index.json")) == ()


def test_of_all_issues_the_open_and_the_lately_resolved_are_fetched() -> None:
    body = document(golden("issues"), f"{PAGE}/issues/index.json")

    assert [spec.url.rpartition("issues/")[2] for spec in PLATFORM.more(body)] == [
        "mails-late/index.json",
        "no-mail/index.json",
        "notice/index.json",
    ]


def test_at_most_ten_texts_are_fetched() -> None:
    rows = [golden("issue") | {"permalink": f"{PAGE}/issues/{number}/"} for number in range(40)]
    body = golden("index-quiet") | {"systems": [{"name": "API", "unresolvedIssues": rows}]}

    assert len(PLATFORM.more(document(body, f"{PAGE}/index.json"))) == 10


def test_an_issue_asks_for_nothing_more() -> None:
    assert PLATFORM.more(document(golden("issue"), f"{PAGE}/issues/mails-late/index.json")) == ()


# --- bad input and captures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"[]", {}, {"is": "index"}, {"is": "other"}, b"<html>404</html>"])
def test_what_is_no_document_of_cstate_is_refused(body: object) -> None:
    with pytest.raises(ParseError):
        PLATFORM.parse(document(body))


@pytest.mark.captures
def test_the_captured_documents_are_read(captures: Path) -> None:
    found = {
        path.name: PLATFORM.parse(Document(path.read_bytes(), NOW))
        for path in sorted((captures / "cstate").glob("*/*"))
    }

    calm, troubled = found["index-2025-05-ok.json"], found["index-2025-05-issues.json"]
    assert all(one.status is Status.OPERATIONAL for one in calm.components)
    assert (len(calm.components), calm.incidents, calm.as_of) == (15, (), datetime(2025, 5, 1, 15, 22, tzinfo=UTC))
    assert sum(one.status is Status.PARTIAL_OUTAGE for one in troubled.components) == 3
    assert [one.phase for one in troubled.incidents] == [Phase.INVESTIGATING]
    assert [one.phase for one in found["index-2017-05.xml"].incidents] == [None]
    assert all(not snapshot.problems for snapshot in found.values())
