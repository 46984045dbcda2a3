"""The pictures of the dashboard in the documentation: `make photographs`.

Everything in them is invented: providers, incidents, people.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.big_store import Shape, seed
from playwright.sync_api import Browser, Page, sync_playwright

from statuswire.config import Config
from statuswire.engine.rules import rules_of
from statuswire.model import (
    AffectedComponent,
    Delivery,
    DeliveryState,
    Event,
    EventType,
    Impact,
    Mark,
    MarkKind,
    MessageKind,
    Phase,
    Status,
    Verdict,
    VerdictKind,
)
from statuswire.store import Tx, queries
from statuswire.workbench import tools_of
from tests.browser.conftest import chromium
from tests.browser.serving import served
from tests.browser.visiting import DESK, PHONE, Scheme, Visit
from tests.web.filling import NOW, blind, component, incident, maintenance, put, told, update
from tests.web.parts import Site

NAMES = (
    *("Alder Mail", "Birch Search", "Cobalt DNS", "Dune Analytics", "Ember Queues", "Fathom Maps", "Garnet CDN"),
    *(
        "Heron Forms",
        "Indigo Video",
        "Juniper Identity",
        "Kestrel Logs",
        "Lumen Speech",
        "Marlin Tax",
        "Nimbus Hosting",
    ),
    *("Opal Translate", "Pinto Fonts", "Quarry Backups", "Rowan Surveys"),
)
CONFIG = Config.model_validate(
    {
        "pages": [],
        "channels": {
            "ops": {"kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/x"},
            "pager": {"kind": "pagerduty", "key": "0123456789abcdef0123456789abcdef"},
        },
        "routes": [{"name": "everything", "channel": "ops"}],
    }
)
MAJOR, PARTIAL, FINE = Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE, Status.OPERATIONAL
COURSE = (
    update("u1", "Card payments in Europe fail or take more than a minute. We are looking for the cause.", 58),
    update(
        "u2",
        "A change to how we route card payments overloads two of our databases. We are taking it back.",
        41,
        Phase.IDENTIFIED,
    ),
    update(
        "u3", "The change is taken back. About one payment in twenty still fails; refunds work.", 12, Phase.IDENTIFIED
    ),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """`before` is what is done on the page first."""

    name: str
    path: str
    scheme: Scheme = "light"
    width: int = DESK
    height: int = 800
    before: Callable[[Page], None] = lambda page: None


def try_a_route(page: Page) -> None:
    page.locator("input[name=name]").fill("pager")
    page.locator("input[name=channel][value=pager]").check()
    page.locator("select[name=impact]").select_option(">=major")
    page.locator("input[name=hold]").fill("3m")
    page.get_by_role("button", name="Try").click()
    page.get_by_text("a week").first.wait_for()


PICTURES = (
    Picture("now", "/"),
    Picture("page", "/pages/pinto-fonts", "dark"),
    Picture("incident", "/pages/tidewater-payments/incidents/i1"),
    Picture("rules", "/rules/route", before=try_a_route, height=780),
    Picture("wall", "/wall", "dark", height=720),
    Picture("phone", "/", "dark", PHONE, 780),
)


def furnish(site: Site) -> None:
    """Half a year of eighteen pages, and an hour in which not all is well."""
    seed(site.store, site.clock.now(), Shape(pages=len(NAMES), components=10, incidents=14, names=NAMES))
    _pay(site)
    slow = update("u1", "Builds wait up to ten minutes before they begin.", 24)
    queues = [component("c1", "Builds", Status.DEGRADED), component("c2", "Artifacts")]
    part = AffectedComponent("c1", "Builds", None, Status.DEGRADED)
    late = incident("i1", "Builds begin late", ago=26, updates=[slow], components=[part])
    put(site.store, "slate-ci", "Slate CI", status=Status.DEGRADED, components=queues, incidents=[late])
    begun = update("u1", "The move has begun. Uploads are read-only.", 70, Phase.IN_PROGRESS)
    work = maintenance("m1", "Move to a new storage cluster", Phase.IN_PROGRESS, [begun], begins=-70, lasts=120)
    put(site.store, "umber-storage", "Umber Storage", status=Status.MAINTENANCE, incidents=[work])
    put(site.store, "vesper-sms", "Vesper SMS", health=blind(14))


def _pay(site: Site) -> None:
    """A provider in trouble, and what we told of it."""
    hit = [
        AffectedComponent("c1", "Card payments", "Europe", MAJOR),
        AffectedComponent("c2", "Checkout", "Europe", PARTIAL),
    ]
    first, *_, last = COURSE
    one = incident("i1", "Card payments fail in Europe", last.phase or Phase.IDENTIFIED, impact=Impact.CRITICAL, ago=61)
    one = replace(
        one, updates=tuple(reversed(COURSE)), components=tuple(hit), url="https://status.tidewater.example/i1"
    )
    parts = [
        component("c1", "Card payments", MAJOR, "Europe"),
        component("c2", "Checkout", PARTIAL, "Europe"),
        component("c3", "Refunds", FINE, "Europe"),
        component("c4", "Card payments", FINE, "North America"),
        component("c5", "Checkout", FINE, "North America"),
        component("c6", "Dashboard"),
    ]
    page = put(site.store, "tidewater-payments", "Tidewater Payments", status=MAJOR, components=parts, incidents=[one])
    for said in COURSE:
        kind = EventType.INCIDENT_CREATED if said is first else EventType.INCIDENT_UPDATED
        event = told(site.store, page, one, kind, said)
        site.store.write(partial(_send, event=event))
    seen = Mark(
        page.slug, "incident/i1", MarkKind.ACKNOWLEDGED, NOW - timedelta(minutes=47), "jo", "Cards are off in the shop."
    )
    site.store.write(lambda tx: queries.set_mark(tx, seen))


def _send(tx: Tx, event: Event) -> None:
    """Told on one channel, and taken there."""
    queries.add_verdicts(tx, [Verdict(event.id, "everything", VerdictKind.TOLD, "")], event.seen_at)
    one = Delivery(
        0, "ops", "0", event.key, MessageKind.EVENT, (event.id,), "i1", "everything", created_at=event.seen_at
    )
    queries.add_delivery(tx, one, "slack", event.seen_at)
    (listed, *_) = queries.delivery_list(tx, channel="ops", state=DeliveryState.WAITING, since=event.seen_at, limit=1)
    queries.give_up(tx, [listed.delivery], DeliveryState.DELIVERED, "", event.seen_at + timedelta(seconds=1))


def take(browser: Browser, folder: Path, pictures: Sequence[Picture] = PICTURES) -> None:
    site = Site()
    furnish(site)
    site.replace(
        config=lambda: CONFIG,
        file=CONFIG,
        rules=lambda: rules_of(CONFIG),
        tools=tools_of(lambda: CONFIG, site.store, site.clock, _say),
    )
    with served(site.call) as base:
        for one in pictures:
            with Visit(browser, one.scheme, one.width).begun() as visit:
                visit.page.clock.set_fixed_time(site.clock.now() + timedelta(seconds=4))
                visit.page.set_viewport_size({"width": one.width, "height": one.height})
                visit.open(base + one.path)
                one.before(visit.page)
                visit.page.evaluate("scrollTo(0, 0)")
                visit.page.screenshot(path=folder / f"{one.name}.png")
                visit.was_clean()
    site.store.close()


async def _say(line: str) -> None:
    """Nothing is printed."""


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        take(browser, Path(sys.argv[1]))
        browser.close()


if __name__ == "__main__":
    main()
