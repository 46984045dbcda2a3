"""Pages that are the issues of a GitHub repository: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Impact, Incident, Kind, Phase, Role
from statuswire.platforms.githubissues import feeds, more, parse
from statuswire.platforms.parsing import recognise
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused

API = "https://api.github.com/repos/acme-relay/status/issues"


def only(**fields: object) -> Incident:
    row = {"number": 1, "title": "Slow", "state": "open", "labels": [], **fields}
    (incident,) = parse(document([row], API)).incidents
    return incident


@pytest.mark.parametrize(
    ("address", "page_id"),
    [
        ("https://github.com/acme-relay/status", None),
        ("https://github.com/acme-relay/status.git", None),
        ("https://www.github.com/acme-relay/status/issues?q=is%3Aopen", None),
        ("https://status.acme-relay.example", "acme-relay/status"),
    ],
)
def test_the_issues_of_the_repository_are_polled(address: str, page_id: str | None) -> None:
    assert [(one.url, one.role) for one in feeds(address, page_id)] == [(f"{API}?state=all&sort=updated", Role.ENTRIES)]


@pytest.mark.parametrize("address", ["https://status.acme-relay.example/a/b", "https://github.com/acme", "http://["])
def test_what_names_no_repository_has_no_feeds(address: str) -> None:
    assert feeds(address) == ()


def test_an_address_of_issues_is_polled_alone() -> None:
    assert [one.url for one in feeds(f"{API}?labels=incident")] == [f"{API}?labels=incident"]


@pytest.mark.parametrize(
    ("label", "impact"),
    [
        ("major", Impact.MAJOR),
        ("Severity: Critical", Impact.CRITICAL),
        ("impact/minor", Impact.MINOR),
        ("level-degraded", Impact.MINOR),
        ("eu", Impact.UNKNOWN),
        ("status", Impact.UNKNOWN),
    ],
)
def test_a_label_may_say_how_bad_it_is(label: str, impact: Impact) -> None:
    incident = only(labels=[{"name": label}])

    assert (incident.impact, incident.components) == (impact, None)


@pytest.mark.parametrize(
    ("state", "phase"), [("open", Phase.IN_PROGRESS), ("closed", Phase.COMPLETED), ("sleeping", Phase.UNKNOWN)]
)
def test_a_label_may_say_that_it_is_a_maintenance(state: str, phase: Phase) -> None:
    incident = only(labels=[{"name": "under maintenance"}], state=state)

    assert (incident.kind, incident.phase) == (Kind.MAINTENANCE, phase)


@pytest.mark.parametrize("fields", [{"author_association": "NONE"}, {"pull_request": {}}])
def test_strangers_and_pull_requests_tell_nothing(fields: dict[str, object]) -> None:
    row = {"number": 1, "title": "Slow", "state": "open", **fields}

    assert parse(document([row], API)).incidents == ()


def test_the_comments_of_what_goes_on_are_looked_up() -> None:
    listed = document(fixture("githubissues/issues.json"), f"{API}?state=all&sort=updated")

    assert [one.url for one in more(listed)] == [f"{API}/12/comments"]
    assert more(document([], API)) == more(document({}, API)) == ()
    assert more(document(fixture("githubissues/issues.json"), "https://elsewhere.example")) == ()


def test_any_repository_has_issues_so_that_none_is_recognised() -> None:
    assert recognise(document(fixture("githubissues/issues.json"))) is None


@pytest.mark.parametrize("value", [*NOT_OURS, {"message": "API rate limit exceeded"}])
def test_what_is_none_of_theirs_is_refused(value: object) -> None:
    refused(parse, value)
