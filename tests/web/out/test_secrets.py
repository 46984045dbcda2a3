"""U13: what we hand out holds no secret, no address of a hook, and no address that we read from."""

from __future__ import annotations

import base64

import pytest

from statuswire.engine.levels import Wanted
from statuswire.metrics.probes import DIALECTS
from statuswire.model import Phase, Status
from statuswire.web.table import ROWS
from tests.web.filling import INTERNAL, blind, component, incident, maintenance, put, update
from tests.web.parts import Site

TARGETS = {
    "/feeds/{name}.atom": ("/feeds/acme.atom", "/feeds/all.atom"),
    "/feeds/{name}.json": ("/feeds/acme.json",),
    "/calendar.ics": ("/calendar.ics",),
    "/calendar/{page}.ics": ("/calendar/acme.ics",),
    "/badge/{page}.svg": ("/badge/acme.svg", "/badge/acme.svg?component=API"),
    "/widget/{page}": ("/widget/acme",),
    "/status.json": ("/status.json",),
    "/metrics": ("/metrics",),
    "/metrics/{dialect}": ("/metrics/sergeyshevch",),
    "/probe": tuple(f"/probe?target=acme&module={one}" for one in DIALECTS),
    "/api/v2/{document}.json": ("/api/v2/summary.json", "/api/v2/components.json", "/api/v2/incidents.json"),
    "/api/v2/{list}/{document}.json": ("/api/v2/incidents/unresolved.json",),
    "/pages/{slug}/status.json": ("/pages/acme/status.json",),
    "/pages/{slug}/api/v2/{document}.json": ("/pages/acme/api/v2/summary.json",),
    "/pages/{slug}/api/v2/{list}/{document}.json": ("/pages/acme/api/v2/scheduled-maintenances/upcoming.json",),
}


def test_u13_every_way_out_is_looked_at() -> None:
    assert set(TARGETS) == {row.pattern for row in ROWS if row.view.startswith("out.")} | {"/metrics"}


@pytest.mark.parametrize("target", [one for some in TARGETS.values() for one in some])
@pytest.mark.parametrize("is_blind", [False, True])
def test_u13_no_secret_and_no_inner_address_goes_out(site: Site, target: str, is_blind: bool) -> None:
    put(
        site.store,
        components=[component("k1", "API", Status.DEGRADED)],
        incidents=[incident("i1", "Slow", Phase.IDENTIFIED, [update("u1", "Looking.")]), maintenance("p1")],
        health=blind(reason=f"HTML from {INTERNAL}") if is_blind else None,
    )
    site.replace(control_token="control-canary", named_levels=Wanted(("*",), ("*/*",)))
    secrets = ("s3cr3t-canary", INTERNAL, "10.1.2.3", "control-canary", site.addresses.token("acme"), "s" * 32)

    reply = site.get(target)

    assert reply.status == 200
    whole = reply.body + repr(reply.headers).encode()
    spelled = [form for one in secrets for form in (one.encode(), base64.b64encode(one.encode()))]
    assert [one for one in spelled if one in whole] == []
