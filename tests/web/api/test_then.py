"""`at=`: the state as it was known at a moment."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.api.seed import API
from tests.web.parts import Site

BEFORE = "2026-05-04T09:10:00Z"
"""Ten minutes before the page said that it is degraded; one update of its incident had come."""

UNREAD = "2026-05-04T07:00:00Z"
"""An hour before anything was read."""


def get(site: Site, target: str) -> Any:
    reply = site.get(API + target)
    assert reply.status == 200, reply.body
    return reply.json


def ids(site: Site, target: str) -> list[Any]:
    return [one.get("id", one.get("slug")) for one in get(site, target)["items"]]


def test_a_page_is_shown_as_it_was_known(site: Site) -> None:
    now, then, unread = (get(site, f"/pages/acme{at}") for at in ("", f"?at={BEFORE}", f"?at={UNREAD}"))

    assert [one["id"] for one in then["open_incidents"]] == ["m1", "i1"]
    assert (now["components"]["degraded"], then["components"].get("degraded")) == (1, None)
    assert (unread["state"], unread["open_incidents"], unread["components"]) == ("unknown", [], {})


def test_components_are_shown_as_they_were(site: Site) -> None:
    tree = get(site, f"/pages/acme/components?at={BEFORE}")

    assert [one["name"] for group in tree["groups"] for one in group["components"]] == ["Web", "Docs"]
    assert ids(site, f"/components?page=acme&at={BEFORE}") == ["c2", "c3"]
    assert ids(site, f"/components?status=operational&at={BEFORE}") == ["c2", "c2"]
    assert ids(site, f"/components?component=Docs&at={BEFORE}&limit=1") == ["c3"]
    assert ids(site, f"/components?at={UNREAD}") == []


def test_incidents_are_those_that_were_not_over_with_what_had_been_said(site: Site) -> None:
    (then,) = get(site, f"/incidents?page=acme&at={BEFORE}")["items"]

    assert [one["text"] for one in then["updates"]] == ["We look."]
    assert ids(site, f"/incidents?at={BEFORE}&impact=minor") == []
    assert ids(site, f"/incidents?at={BEFORE}&component=API&phase=identified&since=2026-05-04") == ["i1", "i1"]
    assert ids(site, f"/maintenances?at={BEFORE}&page=brook") == ["m1"]
    assert ids(site, f"/incidents?at={UNREAD}") == []


@pytest.mark.parametrize("path", ["/pages", "/components", "/incidents", "/pages?status=unknown,partial_outage"])
def test_lists_go_on_where_they_ended(site: Site, path: str) -> None:
    target = f"{path}{'&' if '?' in path else '?'}at={BEFORE}"
    whole, parts, after = get(site, target)["items"], [], ""
    while True:
        part = get(site, f"{target}&limit=1{after}")
        parts += part["items"]
        if part["next"] is None:
            break
        after = f"&after={part['next']}"

    assert parts == whole != []


def test_the_whole_state_is_shown_as_it_was(site: Site) -> None:
    then = get(site, f"/status?at={UNREAD}")

    assert (then["state"], then["timestamp"]) == ("unknown", UNREAD)
    assert then["last_incident_title"] is None
    assert get(site, f"/status?at={BEFORE}")["pages"][0]["open_incidents"] != []


def test_pages_are_found_by_how_they_were(site: Site) -> None:
    assert ids(site, f"/pages?status=unknown&at={UNREAD}") == ["acme", "brook", "calm"]
    assert ids(site, f"/pages?status=partial_outage&at={BEFORE}&q=acme") == ["acme"]


@pytest.mark.parametrize(
    "target",
    [
        "/pages?at=2027-01-01",
        "/status?at=2027-01-01",
        "/pages/acme?at=0001-01-01",
        f"/incidents?open=false&at={BEFORE}",
        f"/incidents?page=acme&id=i1&at={BEFORE}",
    ],
)
def test_moments_of_which_nothing_is_known_and_what_a_moment_does_not_show_are_refused(site: Site, target: str) -> None:
    reply = site.get(API + target)

    assert (reply.status, reply.code, reply.json["errors"][0]["where"]) == (400, "bad_parameter", "query.at")


@pytest.mark.parametrize("path", ["/events", "/feeds", "/deliveries", "/silences", "/pages/acme/incidents/i1"])
def test_what_has_its_own_times_knows_no_moment(site: Site, path: str) -> None:
    assert site.get(f"{API}{path}?at={BEFORE}").json["errors"] == [{"where": "query.at", "what": "is not known here"}]
