"""Every page, light and dark, on a desk and on a phone: legible, labelled, no wider than the screen, asking nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from benchmarks.big_store import Shape, seed
from playwright.sync_api import Browser

from statuswire.model import AffectedComponent, Event, EventComponent, EventType, Source, Status
from statuswire.store import queries
from statuswire.web.routing import Row
from tests.browser.addresses import filled, promise, rows
from tests.browser.serving import served
from tests.browser.visiting import DESK, PHONE, Scheme, Visit
from tests.web.filling import NOW, blind, component, incident, maintenance, put, told, update
from tests.web.parts import Site

BUSY = Shape(pages=30, components=20, incidents=8)
ROWS = rows()


def name_of(row: Row) -> str:
    return row.pattern.strip("/").replace("/", "-").replace("{", "").replace("}", "") or "now"


@pytest.fixture(scope="module")
def busy() -> Iterator[tuple[Site, str]]:
    site = Site()
    seed(site.store, site.clock.now(), BUSY)
    promise(site, "page-0020")
    with served(site.call) as base:
        yield site, base
    site.store.close()


@pytest.fixture(scope="module")
def empty() -> Iterator[tuple[Site, str]]:
    site = Site()
    with served(site.call) as base:
        yield site, base
    site.store.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_every_page_is_legible_and_labelled(
    browser: Browser, busy: tuple[Site, str], row: Row, width: int, scheme: Scheme
) -> None:
    site, base = busy
    with Visit(browser, scheme, width).begun() as visit:
        status = visit.open(base + filled(row.pattern, site.store))

        visit.photograph(name_of(row))
        assert status == 200
        assert visit.violations() == []
        assert visit.overflow() <= 0
        assert visit.shift() < 0.01
        visit.was_clean()


LONG = "Kubernetes Managed Node Groups for Windows in Preview, Europe"[:60]
UNBROKEN = "Kubernetesverwaltungsoberflaechenzugangsberechtigungspruefer"
WORDY = ("/", "/history", "/history?what=incidents", "/maintenance", "/reports", "/deliveries", "/wall")


@pytest.fixture(scope="module")
def wordy() -> Iterator[tuple[Site, str]]:
    """Names as long as providers have them."""
    site = Site()
    parts = [
        component("c1", LONG, Status.PARTIAL_OUTAGE, f"Group of {LONG}"),
        component("c2", UNBROKEN, Status.MAJOR_OUTAGE),
        component("c3", UNBROKEN.upper()),
    ]
    hit = [AffectedComponent(one.id, one.name, one.group, one.status) for one in parts]
    bad = incident("i1", f"Errors of {LONG}", updates=[update("u1", f"{UNBROKEN} {LONG}", 60)], components=hit)
    some = [bad, maintenance("m1", f"Replacement of {LONG}")]
    address = f"https://{'-'.join(['long'] * 11)}.example"
    page = put(site.store, "wordy", LONG, components=parts, incidents=some, url=address)
    put(site.store, "unbroken", UNBROKEN, health=blind(200, UNBROKEN * 2))
    told(site.store, page, bad, EventType.INCIDENT_CREATED, bad.updates[0])
    changed = EventComponent("c2", UNBROKEN, None, Status.MAJOR_OUTAGE, "operational", "major_outage")
    brief = put(site.store, "brief", "B")
    event = Event(EventType.COMPONENT_STATUS_CHANGED, "c2", NOW, NOW, Source.POLL, brief.ref, component=changed)
    site.store.write(lambda tx: queries.append_events(tx, brief.id, [event]))
    with served(site.call) as base:
        yield site, base
    site.store.close()


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize(
    "path", [*WORDY, "/pages/wordy", "/pages/unbroken", "/pages/wordy/incidents/i1", "/pages/wordy/incidents/m1"]
)
def test_long_names_fit(browser: Browser, wordy: tuple[Site, str], path: str, width: int) -> None:
    with Visit(browser, width=width).begun() as visit:
        visit.open(wordy[1] + path)

        visit.photograph(f"wordy-{path.replace('/', '-').replace('?', '-')}")
        assert visit.violations() == []
        assert visit.overflow() <= 0
        assert visit.narrowest(".component .name") >= 100
        visit.was_clean()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_reports_are_printed_on_white_in_its_colours(browser: Browser, busy: tuple[Site, str], theme: str) -> None:
    with Visit(browser, "dark").begun() as visit:
        visit.open(f"{busy[1]}/reports")
        visit.page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)

        visit.page.emulate_media(media="print")

        visit.photograph(f"reports-printed-{theme}")
        assert visit.violations() == []
        assert visit.page.locator("nav:visible, form:visible, .csv:visible").count() == 0
        colour = "getComputedStyle(document.querySelector('.state.is-degraded, .state.is-major_outage')).color"
        assert visit.page.evaluate(colour) in ("rgb(158, 99, 0)", "rgb(179, 38, 30)")
        visit.was_clean()


def test_times_and_days_are_those_of_the_readers_zone(browser: Browser) -> None:
    site = Site()
    page = put(site.store, "acme")
    for ago in (1000, 700, 5):
        told(site.store, page, incident("i1"), EventType.INCIDENT_UPDATED, update(f"u{ago}", "Slow.", ago))
    with served(site.call) as base, Visit(browser, zone="Asia/Kolkata").begun() as visit:
        visit.open(f"{base}/history")

        lists, times = visit.page.locator("#days ol"), visit.page.locator("#days .when time")
        assert visit.page.locator("h2.day").all_inner_texts() == ["2026-05-04", "2026-05-03"]
        assert lists.nth(0).locator("time").all_inner_texts() == ["15:25", "03:50"]
        assert lists.nth(1).locator("time").all_inner_texts() == ["22:50"]
        assert times.first.get_attribute("title") == "2026-05-04 15:25:07 GMT+5:30"
        assert visit.shift() < 0.01
        visit.was_clean()
    site.store.close()


@pytest.mark.parametrize("height", [720, 1080])
def test_the_wall_fits_a_television_with_all_that_it_can_hold(browser: Browser, height: int) -> None:
    site = Site()
    for number in range(9):
        told = incident(f"i{number}", updates=[update("u1", "Slow.")], components=[])
        put(site.store, f"p{number}", incidents=[told], health=blind() if number < 3 else None)
    with served(site.call) as base, Visit(browser, width=height * 16 // 9).begun() as visit:
        visit.page.set_viewport_size({"width": height * 16 // 9, "height": height})
        visit.open(f"{base}/wall")
        visit.photograph(f"wall-full-{height}")

        shown = visit.page.locator("#wall li").count()
        beyond: int = visit.page.evaluate("document.documentElement.scrollHeight - innerHeight")

        assert (shown, beyond) == (6, 0)
        visit.was_clean()
    site.store.close()


@pytest.mark.parametrize("row", [row for row in ROWS if "{" not in row.pattern], ids=name_of)
def test_every_page_has_something_to_say_of_nothing(browser: Browser, empty: tuple[Site, str], row: Row) -> None:
    _, base = empty
    with Visit(browser, width=PHONE).begun() as visit:
        status = visit.open(base + row.pattern)

        visit.photograph(f"empty-{name_of(row)}")
        assert status == 200
        assert visit.violations() == []
        assert visit.overflow() <= 0
        visit.was_clean()


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_every_page_can_be_read_without_scripts(browser: Browser, busy: tuple[Site, str], row: Row) -> None:
    site, base = busy
    with Visit(browser, scripts=False).begun() as visit:
        visit.open(base + filled(row.pattern, site.store))

        assert visit.page.locator("main h1, main h2, h1").first.inner_text().strip()
        visit.was_clean()
