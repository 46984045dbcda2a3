"""Our own side, over the API."""

from __future__ import annotations

from typing import Any

import pytest

from statuswire.config import Config
from statuswire.model import Phase, Principal, PrincipalKind
from statuswire.web.needs import NOBODY
from tests.web.api.seed import API, let_ask
from tests.web.filling import incident, put, update
from tests.web.parts import Site
from tests.web.signalling import DASHBOARD, fire


def get(site: Site, target: str) -> Any:
    reply = site.get(API + target)
    assert reply.status == 200, reply.body
    return reply.json


def test_signals_come_the_latest_begun_first_with_what_admitted_them(site: Site) -> None:
    put(site.store, "zenith", "Zenith", incidents=[incident("z1", ago=60)])
    fire(site.store, "zenith", ago=67)
    fire(site.store, "zenith", "Docs are slow", ago=300, over=240)

    first, second = get(site, "/signals?page=zenith")["items"]

    assert (first["title"], first["state"], first["url"]) == ("Checkout fails", "firing", DASHBOARD)
    assert (first["admitted"]["id"], first["admitted"]["ahead_s"]) == ("z1", 420.0)
    assert (second["title"], second["state"], second["admitted"]) == ("Docs are slow", "resolved", None)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("state=firing", ["Checkout fails"]),
        ("state=resolved,lapsed", ["Docs are slow"]),
        ("sender=alertmanager", ["Checkout fails", "Docs are slow"]),
        ("sender=grafana,json", []),
        ("page=acme", ["Checkout fails", "Docs are slow"]),
        ("page=brook", []),
        ("tag=critical-path", ["Checkout fails", "Docs are slow"]),
        ("limit=1", ["Checkout fails"]),
        ("since=0001-01-01", ["Checkout fails", "Docs are slow"]),
    ],
)
def test_signals_are_chosen_by_the_words_of_filters(site: Site, query: str, titles: list[str]) -> None:
    assert [one["title"] for one in get(site, f"/signals?{query}")["items"]] == titles


def test_the_list_goes_on_where_it_ended(site: Site) -> None:
    first = get(site, "/signals?limit=1")
    second = get(site, f"/signals?limit=1&after={first['next']}")

    assert [one["title"] for one in (*first["items"], *second["items"])] == ["Checkout fails", "Docs are slow"]
    assert second["next"] is None


def test_a_page_says_us_or_them_with_its_reasons(site: Site) -> None:
    found = get(site, "/pages/acme/signals")

    assert (found["verdict"], [one["ground"] for one in found["reasons"]]) == ("them", ["provider_admits"])
    assert found["reasons"][0]["sentence"] == "Acme Relay admits it: Slow API."
    assert [one["title"] for one in found["items"]] == ["Checkout fails", "Docs are slow"]


def test_a_page_without_signals_is_quiet(site: Site) -> None:
    found = get(site, "/pages/calm/signals")

    assert (found["verdict"], found["items"]) == ("quiet", [])


def test_the_report_says_who_was_first_and_what_was_never_said(site: Site) -> None:
    old = incident("z0", "Of before", Phase.RESOLVED, [update("u", "Over.", 60 * 24 * 9)], ago=60 * 24 * 10)
    felt = incident("z2", "Not felt", Phase.RESOLVED, [update("u", "Over.", 500)], ago=600)
    put(site.store, "zenith", "Zenith", incidents=[old, felt, incident("z1", ago=60)])
    fire(site.store, "zenith", ago=67)
    fire(site.store, "zenith", "Docs are slow", ago=300, over=240)

    whole, found = get(site, "/reports/signals?page=zenith")["rows"]

    assert (whole["page"], found["page"]) == ("", "zenith")
    assert (found["signals"], found["never_admitted"], found["never_admitted_share"]) == (2, 1, 0.5)
    assert (found["incidents"], found["without_signal"], found["without_signal_share"]) == (2, 1, 0.5)
    assert (found["leads"], found["lead_median_s"], found["lead_p95_s"], found["lags"]) == (1, 420.0, 420.0, 0)
    assert whole | {"page": "zenith"} == found


def test_the_report_has_no_rows_where_there_never_was_a_signal(site: Site) -> None:
    assert get(site, "/reports/signals?page=calm")["rows"] == []


def test_addresses_are_those_of_the_pages_and_of_all_where_that_is_wanted(site: Site) -> None:
    pages = get(site, "/signals/addresses")["items"]
    config = Config.model_validate({"signals": {"shared": True}})
    site.replace(config=lambda: config)
    with_all = get(site, "/signals/addresses")["items"]

    assert [one["page"] for one in pages] == ["acme", "brook", "calm"]
    assert pages[0]["url"] == f"http://127.0.0.1:8000/signals/{site.addresses.signal_token('acme')}"
    assert [one["page"] for one in with_all] == ["", "acme", "brook", "calm"]
    assert site.addresses.signal_slug(with_all[0]["path"].rpartition("/")[2]) == ""


@pytest.mark.parametrize("target", ["/signals", "/signals/addresses", "/pages/acme/signals", "/reports/signals"])
def test_what_is_our_own_is_not_public(site: Site, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    site.replace(is_public=True)
    let_ask(monkeypatch, NOBODY)

    assert site.get(API + target).status == 401


def test_addresses_are_for_operators(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from_viewer = Principal(PrincipalKind.ACCOUNT, "ben", role=None)
    let_ask(monkeypatch, from_viewer)

    assert site.get(f"{API}/signals/addresses").status == 403
