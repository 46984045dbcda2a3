"""Upptime: from an address to a repository, whose word counts, and what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Cover,
    Document,
    DocumentKind,
    Impact,
    Incident,
    Kind,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.upptime import PLATFORM

FOLDER = Path(__file__).parent / "upptime"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"
RAW = "https://raw.githubusercontent.com/acme/status"
API = "https://api.github.com/repos/acme/status/issues"


def document(body: object, url: str = "", headers: dict[str, str] | None = None) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url, headers=headers or {})


def golden(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def issues(**change: object) -> tuple[Incident, ...]:
    """The first golden issue, changed."""
    return PLATFORM.parse(document([golden("issues")[0] | change])).incidents


def maintenance(**change: object) -> Incident:
    return PLATFORM.parse(document([golden("maintenances")[0] | change])).incidents[0]


def hook(body: object, headers: dict[str, str] | None = None) -> Snapshot:
    assert PLATFORM.parse_hook is not None
    return PLATFORM.parse_hook(document(body, headers=headers))


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_repository_is_its_summary_and_two_lists_of_issues_every_five_minutes() -> None:
    specs = PLATFORM.feeds(PAGE, "acme/status")

    assert [(spec.url, spec.role, spec.accept) for spec in specs] == [
        (f"{RAW}/HEAD/history/summary.json", Role.STATE, "application/json"),
        (f"{API}?labels=status&state=all&sort=updated", Role.ENTRIES, "application/vnd.github+json"),
        (f"{API}?labels=maintenance&state=all&sort=updated", Role.ENTRIES, "application/vnd.github+json"),
    ]
    assert {spec.every for spec in specs} == {timedelta(minutes=5)}


def test_another_branch_is_named_behind_the_repository() -> None:
    assert PLATFORM.feeds(PAGE, "acme/status@main")[0].url == f"{RAW}/main/history/summary.json"


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/acme/status",
        "https://github.com/acme/status.git",
        "https://github.com/acme/status/issues/41",
        "https://acme.github.io/status/",
        "https://raw.githubusercontent.com/acme/status/main/README.md",
    ],
)
def test_an_address_at_github_names_the_repository(address: str) -> None:
    assert PLATFORM.feeds(address, None) == PLATFORM.feeds(PAGE, "acme/status")


def test_the_page_of_a_user_is_in_the_repository_of_that_name() -> None:
    assert "/acme/acme.github.io/" in PLATFORM.feeds("https://acme.github.io", None)[0].url


@pytest.mark.parametrize("page_id", [None, "", "acme", "acme/../x/y", "a b/c", "-acme/status"])
def test_what_names_no_repository_has_no_feeds(page_id: str | None) -> None:
    assert PLATFORM.feeds(PAGE, page_id) == ()


@pytest.mark.parametrize(
    ("url", "role"),
    [
        (f"{RAW}/main/history/summary.json", Role.STATE),
        (f"{API}?labels=status", Role.ENTRIES),
        (f"{API}/41/comments", Role.ENTRIES),
    ],
)
def test_the_address_of_one_document_is_that_document_alone(url: str, role: Role) -> None:
    assert [(spec.url, spec.role) for spec in PLATFORM.feeds(url, None)] == [(url, role)]


@pytest.mark.parametrize(
    ("links", "name"),
    [
        ("<img src='https://raw.githubusercontent.com/acme/status/HEAD/graphs/x.png'>", "acme/status"),
        (
            "<a href='https://github.com/upptime/upptime'></a><a href=\"https://github.com/acme/status\">x</a>",
            "acme/status",
        ),
        ("<a href='https://github.com/acme/status/issues/41'>x</a>", "acme/status"),
        ("<a href='https://github.com/upptime/upptime'>x</a>", None),
        ("", None),
    ],
)
def test_the_page_for_people_shows_its_repository(links: str, name: str | None) -> None:
    page = f"<html><body>{links}<a href='https://upptime.js.org'>Upptime</a></body></html>".encode()

    assert PLATFORM.page_id(document(page)) == name
    assert PLATFORM.marks[0] in page.decode()


def test_a_page_that_does_not_speak_of_upptime_has_no_repository() -> None:
    assert PLATFORM.page_id(document(b"<html><a href='https://github.com/acme/status'>x</a></html>")) is None


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["summary", "issues", "maintenances", "hook-opened", "hook-comment", "hook-deleted"])
def test_a_document_that_shows_upptime_is_recognised(name: str) -> None:
    assert PLATFORM.recognize(Sight(document(golden(name))))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(golden("comments"), id="comments of anybody"),
        pytest.param([golden("issues")[2]], id="an issue that somebody wrote"),
        pytest.param([golden("issues")[4]], id="a pull request"),
        pytest.param([{"name": "x", "key": "x", "results": []}], id="Gatus"),
        pytest.param([{"name": "x", "slug": "x", "status": "up"}], id="a list of others"),
        pytest.param({"action": "opened", "issue": {"title": "🛑 x is down"}, "repository": {}}, id="no label"),
        pytest.param(golden("hook-ping"), id="a ping"),
        pytest.param([], id="an empty list"),
        pytest.param(b"<html>upptime.js.org</html>", id="a page"),
    ],
)
def test_look_alikes_are_not_recognised(body: object) -> None:
    assert not PLATFORM.recognize(Sight(document(body)))


# --- sites -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"), [("up", Status.OPERATIONAL), ("degraded", Status.DEGRADED), ("down", Status.MAJOR_OUTAGE)]
)
def test_the_status_of_a_site(word: str, status: Status) -> None:
    snapshot = PLATFORM.parse(document([golden("summary")[0] | {"status": word}]))

    assert (snapshot.components[0].id, snapshot.components[0].status) == ("website", status)
    assert snapshot.covers == {Cover.COMPONENTS}


def test_a_word_in_no_table_is_unknown_and_named() -> None:
    snapshot = PLATFORM.parse(document([golden("summary")[0] | {"status": "napping"}]))

    assert snapshot.components[0].status is Status.UNKNOWN
    assert snapshot.problems == (Problem("sites[0].status", "unknown word 'napping'"),)


# --- issues ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "phase"), [("open", Phase.INVESTIGATING), ("closed", Phase.RESOLVED)])
def test_an_issue_is_open_or_closed(state: str, phase: Phase) -> None:
    assert issues(state=state)[0].phase is phase


@pytest.mark.parametrize(
    ("title", "impact"),
    [
        ("🛑 Acme API is down", Impact.CRITICAL),
        ("⚠️ Acme API has degraded performance", Impact.MINOR),
        ("The API is down since noon", Impact.UNKNOWN),
        ("Acme API is down", Impact.UNKNOWN),
    ],
)
def test_only_the_robots_own_titles_tell_the_impact(title: str, impact: Impact) -> None:
    assert issues(title=title)[0].impact is impact


def test_of_several_labels_the_slug_of_the_site_is_the_affected_one() -> None:
    found = issues()[0].components

    assert found is not None
    assert [(one.id, one.name) for one in found] == [("acme-api", "Acme API")]


@pytest.mark.parametrize(
    ("change", "is_told"),
    [
        ({"author_association": "NONE", "user": {"type": "Bot"}, "locked": False}, True),
        ({"author_association": "OWNER", "user": {"type": "User"}, "locked": False}, True),
        ({"author_association": "COLLABORATOR", "user": {"type": "User"}, "locked": False}, True),
        ({"author_association": "NONE", "user": {"type": "User"}, "locked": True}, True),
        ({"author_association": "NONE", "user": {"type": "User"}, "locked": False}, False),
        ({"author_association": [], "user": None, "locked": None}, False),
        ({"labels": []}, False),
        ({"pull_request": {}}, False),
    ],
)
def test_an_issue_is_told_where_label_and_author_may_speak_for_the_page(
    change: dict[str, object], is_told: bool
) -> None:
    assert bool(issues(**change)) is is_told


def test_a_comment_of_a_stranger_is_not_told() -> None:
    found = PLATFORM.parse(document(golden("comments"))).incidents[0]

    assert [one.id for one in found.updates] == ["7001", "7002"]


def test_issue_comments_and_hook_tell_of_one_incident_with_one_set_of_update_ids() -> None:
    listed = issues()[0]
    commented = PLATFORM.parse(document(golden("comments"))).incidents[0]
    told = hook(golden("hook-comment")).incidents[0]

    assert listed.id == commented.id == told.id == "41"
    assert {one.id for one in told.updates} == {listed.updates[0].id, commented.updates[1].id}


# --- maintenances ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "phase"),
    [
        ({}, Phase.SCHEDULED),
        ({"body": "<!-- start: 2026-05-04T11:00:00Z\nend: 2026-05-04T13:00:00Z -->"}, Phase.IN_PROGRESS),
        ({"state": "closed", "closed_at": "2026-05-10T00:00:00Z"}, Phase.COMPLETED),
        ({"state": "closed", "closed_at": "2026-05-04T08:00:00Z"}, Phase.CANCELLED),
    ],
)
def test_a_maintenance_stands_where_its_window_says(change: dict[str, object], phase: Phase) -> None:
    found = maintenance(**change)

    assert (found.kind, found.phase, found.impact) == (Kind.MAINTENANCE, phase, Impact.MAINTENANCE)


def test_the_block_of_a_maintenance_is_no_part_of_its_text() -> None:
    assert [one.text for one in maintenance().updates] == ["We move the database."]


# --- what else to fetch ----------------------------------------------------------------------------------------


def test_the_comments_of_what_goes_on_or_changed_lately_are_fetched() -> None:
    rows = golden("issues")
    rows[1] |= {"updated_at": "2026-05-01T00:00:00Z"}

    assert [spec.url for spec in PLATFORM.more(document(rows, f"{API}?labels=status"))] == [f"{API}/41/comments"]


def test_at_most_five_lists_of_comments_are_fetched() -> None:
    rows = [golden("issues")[0] | {"number": number} for number in range(1, 30)]

    assert len(PLATFORM.more(document(rows, f"{API}?labels=status"))) == 5


@pytest.mark.parametrize(("name", "url"), [("summary", f"{RAW}/HEAD/history/summary.json"), ("issues", PAGE)])
def test_nothing_more_is_fetched_for_other_documents(name: str, url: str) -> None:
    assert PLATFORM.more(document(golden(name), url)) == ()


# --- webhooks and bad input ------------------------------------------------------------------------------------


def test_the_header_names_the_event_and_else_the_body() -> None:
    assert hook(golden("hook-closed"), {"x-github-event": "issues"}).event_name == "issues.closed"
    assert hook(golden("hook-comment")).event_name == "issue_comment.created"


def test_a_deleted_comment_tells_nothing_new() -> None:
    found = hook(golden("hook-comment") | {"action": "deleted"}).incidents[0]

    assert [one.id for one in found.updates] == ["body"]


def test_a_hook_about_another_issue_tells_nothing() -> None:
    body = golden("hook-opened")
    body["issue"] |= {"labels": []}

    assert hook(body).incidents == ()


def test_a_deleted_issue_is_over_from_the_moment_of_the_hook_on() -> None:
    """GitHub stamps it with its last change: a list from before the deletion must not look newer than that."""
    found = hook(golden("hook-opened") | {"action": "deleted"}).incidents[0]

    assert (found.phase, found.updated_at) == (Phase.RESOLVED, NOW)


@pytest.mark.parametrize("body", [{}, {"action": "x"}, [], {"repository": {}}])
def test_another_body_is_no_hook_of_ours(body: object) -> None:
    assert PLATFORM.parse_hook is not None
    with pytest.raises(ParseError):
        PLATFORM.parse_hook(Document(json.dumps(body).encode(), NOW, kind=DocumentKind.HOOK))


def test_an_empty_list_of_issues_is_read_where_issues_were_asked_for() -> None:
    assert PLATFORM.parse(document([], f"{API}?labels=status")) == Snapshot(platform="upptime")


def test_the_end_of_githubs_patience_is_an_error() -> None:
    with pytest.raises(ParseError) as caught:
        PLATFORM.parse(document({"message": "API rate limit exceeded", "documentation_url": "x"}))

    assert caught.value.reason is ParseReason.ERROR_BODY


@pytest.mark.parametrize("body", [b"", b"[]", b"[1]", b'"x"', {"a": 1}, [{"name": "x"}], b"<html>404</html>"])
def test_what_is_no_document_of_upptime_is_refused(body: object) -> None:
    with pytest.raises(ParseError):
        PLATFORM.parse(document(body))
