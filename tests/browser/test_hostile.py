"""U1: what providers write never runs, whatever it looks like and wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from statuswire.model import AffectedComponent, Phase, Status
from statuswire.web.routing import Row
from tests.browser.addresses import filled, promise, rows
from tests.browser.serving import served
from tests.browser.test_look import name_of
from tests.browser.visiting import Visit
from tests.web.filling import component, incident, put, update
from tests.web.parts import Site

CORPUS = (
    "<script>ran()</script>",
    "<img src=x onerror=ran()>",
    "<svg onload=ran()>",
    "<svg><animate onbegin=ran() attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=ran()&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=ran()>",
    "<noscript><p title='</noscript><img src=x onerror=ran()>'>",
    "<a href='javascript:ran()'>look</a>",
    "<a href='java&#x0A;script:ran()'>look</a>",
    "<a href='data:text/html,<script>parent.ran()</script>'>look</a>",
    "<iframe srcdoc='<script>parent.ran()</script>'></iframe>",
    "<object data='data:text/html,<script>parent.ran()</script>'></object>",
    "<meta http-equiv=refresh content='0;url=javascript:ran()'>",
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css'; body { background: url(https://evil.example/x) }</style>",
    "<p style='background:url(https://evil.example/x)'>text</p>",
    "<input autofocus onfocus=ran()>",
    "<details open ontoggle=ran()>",
    "<video><source onerror=ran()></video>",
    "<body onpageshow=ran()>",
    "'\"--></style></script><script>ran()</script>",
    "{{ 7 * 7 }}{% raw %}<script>ran()</script>",
    "</textarea></title><script>ran()</script>",
    "`${ran()}`",
    '" onmouseover=ran() x="',
    "\u202e<script>nar</script>",
)
TEXT = "\n".join(CORPUS)


@pytest.fixture(scope="module")
def poisoned() -> Iterator[tuple[Site, str]]:
    """Every field that a provider fills holds the whole corpus."""
    site = Site()
    now = site.clock.now()
    for number, evil in enumerate(CORPUS):
        told = incident(
            f"i{number}",
            title=evil,
            url="javascript:ran()",
            updates=[update("u1", TEXT, raw=TEXT), update("u2", evil, ago=3, phase=Phase.IDENTIFIED, raw=evil)],
            components=[AffectedComponent("c1", evil, evil, Status.MAJOR_OUTAGE)],
        )
        known = replace(component("c1", evil, Status.MAJOR_OUTAGE, evil), since=now)
        put(site.store, f"p{number}", evil, components=[known], incidents=[told], url="javascript:ran()")
    promise(site, "p0")
    with served(site.call) as base:
        yield site, base
    site.store.close()


@pytest.mark.parametrize("row", rows(), ids=name_of)
def test_U1_nothing_that_a_provider_writes_runs(browser: Browser, poisoned: tuple[Site, str], row: Row) -> None:
    site, base = poisoned
    with Visit(browser).begun() as visit:
        visit.page.add_init_script("window.ran = () => { console.error('it ran') }")
        visit.open(base + filled(row.pattern, site.store))

        for one in visit.page.locator("main details > summary").all()[:20]:
            one.click(force=True)
        visit.page.mouse.move(300, 300)
        visit.page.keyboard.press("Tab")

        assert visit.page.evaluate('document.querySelectorAll(\'a[href^="javascript"], a[href^="data"]\').length') == 0
        visit.was_clean()


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_U1_nor_in_an_incident_of_its_own(browser: Browser, poisoned: tuple[Site, str], number: int) -> None:
    _, base = poisoned
    with Visit(browser).begun() as visit:
        visit.page.add_init_script("window.ran = () => { console.error('it ran') }")
        status = visit.open(f"{base}/pages/p{number}/incidents/i{number}")

        assert status == 200
        assert visit.page.evaluate("document.querySelectorAll('main script, main iframe, main style').length") == 0
        visit.was_clean()
