"""Pages and routes beside the file, by API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from statuswire.config import layers, validate
from statuswire.store import queries
from tests.web.api.seed import API, OPERATOR, let_ask
from tests.web.parts import JSON, Reply, Site

FILE = """
pages: [openai]
channels: {ops: {kind: webhook, url: "https://ops.example.com/hook"}}
routes: [{name: all, channel: ops}]
"""
PAGE = {"slug": "fjord", "url": "https://status.fjord.example", "tags": ["critical-path"]}
ROUTE = {"name": "loud", "channel": "ops", "impact": ">=major"}


@pytest.fixture
def rung() -> list[str]:
    return []


@pytest.fixture(autouse=True)
def by_ann(site: Site, rung: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An operator asks a service with a file."""
    let_ask(monkeypatch, OPERATOR)
    file = validate(layers.parse(FILE, "statuswire.yaml"), {})
    site.replace(on_order=lambda: rung.append("rung"), file=file)
    return iter(())


def ask(site: Site, method: str, target: str, body: object = None) -> Reply:
    content = b"" if body is None else json.dumps(body).encode()
    return site.run(lambda: site.request(method, API + target, content, JSON))


def own(site: Site, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.get(f"{API}/own").json[what]
    return found


def test_a_page_is_added_changed_and_dropped(site: Site, rung: list[str]) -> None:
    made = ask(site, "POST", "/pages", PAGE)
    changed = ask(site, "PUT", "/pages/fjord", {**PAGE, "tags": []})

    assert (made.status, made.json["name"]) == (201, "fjord")
    assert (changed.status, changed.json["sentence"]) == (200, "fjord is changed")
    assert [(one["slug"], one["body"], one["author"]) for one in own(site, "pages")] == [
        ("fjord", {**PAGE, "tags": []}, "ann")
    ]
    assert site.get(f"{API}/pages/fjord").json["origin"] == "own"
    assert ask(site, "DELETE", "/pages/fjord").status == 200
    assert own(site, "pages") == []
    assert rung == ["rung"] * 3


def test_a_route_is_added_moved_and_taken_away(site: Site) -> None:
    assert ask(site, "POST", "/routes", ROUTE).status == 201
    assert ask(site, "POST", "/routes?position=0", {**ROUTE, "name": "first"}).status == 201
    assert ask(site, "PUT", "/routes/loud?position=7", {"channel": "ops"}).status == 200

    assert [(one["name"], one["position"]) for one in own(site, "routes")] == [("first", 0), ("loud", 7)]
    assert ask(site, "DELETE", "/routes/loud").status == 200
    assert [one["name"] for one in own(site, "routes")] == ["first"]


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("PUT", "/pages/openai", {"slug": "openai"}),
        ("POST", "/pages", {"slug": "openai"}),
        ("DELETE", "/pages/openai", None),
        ("PUT", "/routes/all", {"channel": "ops"}),
        ("POST", "/routes", {"name": "all", "channel": "ops"}),
        ("DELETE", "/routes/all", None),
    ],
)
def test_what_stands_in_the_file_is_read_only(
    site: Site, rung: list[str], method: str, target: str, body: object
) -> None:
    reply = ask(site, method, target, body)

    assert (reply.status, reply.code) == (409, "not_done")
    assert "configuration file" in reply.json["detail"]
    assert rung == []


def test_what_is_wrong_is_told_field_by_field(site: Site) -> None:
    page = ask(site, "POST", "/pages", {**PAGE, "headers": {"X-Key": "s3cret"}, "allow_private": True})
    route = ask(site, "POST", "/routes", {**ROUTE, "channel": ["ops", "opps"], "hold": "long"})

    assert (page.status, page.code) == (400, "bad_parameter")
    assert [one["where"] for one in page.json["errors"]] == ["body.headers", "body.allow_private"]
    assert b"s3cret" not in page.body
    assert [one["where"] for one in route.json["errors"]] == ["body.hold"]
    assert own(site, "pages") == own(site, "routes") == []


def test_one_that_is_there_already_is_no_new_one(site: Site) -> None:
    ask(site, "POST", "/pages", PAGE)

    assert ask(site, "POST", "/pages", PAGE).json["detail"] == "There is a page fjord already."


def test_what_the_file_has_taken_since_says_so(site: Site) -> None:
    site.store.write(lambda tx: queries.put_own_page(tx, "openai", {"slug": "openai"}, "ann", site.clock.now()))

    assert [one["left_out"] for one in own(site, "pages")] == [
        "`slug` is `openai`, which stands in the configuration file; change it there"
    ]
