"""By keyboard alone: what operators do about what is wrong, and the way from place to place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from statuswire.model import Status
from statuswire.web.face.frame import PLACES, Place
from tests.browser.serving import served
from tests.browser.visiting import Visit
from tests.web.filling import component, incident, put, update
from tests.web.parts import Site


@pytest.fixture
def base() -> Iterator[str]:
    site = Site()
    put(site.store, "acme", incidents=[incident("i1", updates=[update("u1", "Slow.")])])
    put(site.store, "brook", status=Status.MAJOR_OUTAGE, components=[component("c1", "API", Status.MAJOR_OUTAGE)])
    with served(site.call) as address:
        yield address
    site.store.close()


@pytest.mark.parametrize(("key", "name"), [("a", "acknowledge"), ("s", "silence")])
def test_an_incident_is_acknowledged_and_silenced_from_its_row(base: str, visit: Visit, key: str, name: str) -> None:
    visit.open(f"{base}/")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press(key)

    visit.page.wait_for_url(f"{base}/pages/acme/incidents/i1#{name}")
    expect(visit.page.locator(f"#{name}[open] :focus")).to_have_count(1)


def test_bad_components_without_an_incident_are_silenced_from_their_row(base: str, visit: Visit) -> None:
    visit.open(f"{base}/")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("s")
    visit.page.wait_for_url(f"{base}/pages/brook#silence")
    visit.page.locator("#silence select[name=component]").select_option("API")
    visit.page.locator("#silence button").click()

    expect(visit.page.get_by_role("status").filter(has_text="The silence holds.")).to_be_visible()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_two_keys_lead_to_every_place(base: str, visit: Visit, place: Place) -> None:
    visit.open(f"{base}/pages/acme")
    visit.page.keyboard.press("g")
    visit.page.keyboard.press(place.key)

    visit.page.wait_for_url(f"{base}{place.path}")
