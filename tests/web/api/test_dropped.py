"""Pages that are watched no more, by API: in no list unless asked for, and readable by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from statuswire.config import layers, validate
from statuswire.store import queries
from tests.web.api.seed import API, OPERATOR, let_ask
from tests.web.parts import JSON, Reply, Site

LISTS = ("/pages", "/components", "/feeds", "/incidents?open=true", "/maintenances?open=true", "/hooks/addresses")


@pytest.fixture(autouse=True)
def without_acme(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An operator asks; the page with most on it was dropped now."""
    let_ask(monkeypatch, OPERATOR)
    site.replace(file=validate(layers.parse("pages: []", "statuswire.yaml"), {}))
    page = site.store.read(lambda tx: queries.page_by_slug(tx, "acme"))
    assert page is not None
    site.store.write(lambda tx: queries.drop_pages(tx, [page.id], site.clock.now()))
    return iter(())


def get(site: Site, target: str) -> Any:
    reply = site.get(API + target)
    assert reply.status == 200, reply.body
    return reply.json


def ask(site: Site, method: str, target: str, body: object = None) -> Reply:
    content = b"" if body is None else json.dumps(body).encode()
    return site.run(lambda: site.request(method, API + target, content, JSON))


def slugs(items: Any) -> set[str]:
    pages = (one.get("page", one.get("slug")) for one in items)
    return {page if isinstance(page, str) else page["slug"] for page in pages}


@pytest.mark.parametrize("target", LISTS)
def test_it_is_in_no_list_of_what_is_watched(site: Site, target: str) -> None:
    assert "acme" not in slugs(get(site, target)["items"])


def test_the_state_of_all_is_not_its_state(site: Site) -> None:
    assert "acme" not in slugs(get(site, "/status")["pages"])


def test_it_is_listed_where_what_was_dropped_is_asked_for(site: Site) -> None:
    (page,) = get(site, "/pages?dropped=true")["items"]

    assert (page["slug"], page["dropped_at"]) == ("acme", "2026-05-04T10:00:00Z")
    assert get(site, "/pages?dropped=true&status=unknown&q=acm")["items"] == [page]
    assert get(site, "/pages?dropped=true&page=a*&page=brook")["items"] == [page]
    assert get(site, "/pages?dropped=true&status=operational")["items"] == []
    assert get(site, "/pages?dropped=true&page=brook")["items"] == []


@pytest.mark.parametrize("target", ["/pages", "/components", "/feeds"])
def test_by_its_name_it_is_found_and_not_by_a_pattern(site: Site, target: str) -> None:
    assert slugs(get(site, f"{target}?page=acme")["items"]) == {"acme"}
    assert get(site, f"{target}?page=acm*")["items"] == []


def test_itself_it_is_unknown_since_it_was_dropped(site: Site) -> None:
    page = get(site, "/pages/acme")

    assert (page["state"], page["stale"], page["overdue"]) == ("unknown", True, False)
    assert page["dropped_at"] == "2026-05-04T10:00:00Z"
    assert get(site, "/pages/brook")["dropped_at"] is None


def test_at_a_moment_before_it_was_watched(site: Site) -> None:
    before, now = "at=2026-05-04T09:59:00Z", "at=2026-05-04T10:00:00Z"

    assert "acme" in slugs(get(site, f"/pages?{before}")["items"])
    assert "acme" not in slugs(get(site, f"/pages?{now}")["items"])
    assert get(site, f"/pages/acme?{before}")["dropped_at"] is None
    assert slugs(get(site, f"/pages?{now}&dropped=true")["items"]) == {"acme"}


@pytest.mark.parametrize("target", ["/incidents?page=acme", "/events?page=acme", "/events?page=ac*"])
def test_its_history_stays(site: Site, target: str) -> None:
    assert slugs(get(site, target)["items"]) == {"acme"}


def test_nobody_looks_at_it_soon(site: Site) -> None:
    assert ask(site, "POST", "/pages/acme/look").code == "not_done"


def test_it_can_be_watched_again_by_the_same_slug(site: Site) -> None:
    page = {"slug": "acme", "url": "https://status.acme-relay.example"}

    assert ask(site, "POST", "/pages", page).status == 201
    assert get(site, "/pages/acme")["dropped_at"] is None
    assert ask(site, "DELETE", "/pages/acme").status == 200
    assert slugs(get(site, "/pages?dropped=true")["items"]) == {"acme"}
