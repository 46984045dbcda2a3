"""Auth0's own page: what is open in each environment, without texts and times, as JSON and in the page for people.

Shape as clients know it (checked 2026-11): the environments are always listed, one that is well with a line that says
so. A maintenance is known once it is under way.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Kind, Status
from statuswire.platforms.vendors import auth0
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.sayings import hit_at, no_update, on_or_over

HOME = "https://status.auth0.com"
BUILD = "build-1"
WORDS = {Kind.INCIDENT: "degraded_performance", Kind.MAINTENANCE: "under_maintenance"}
NOTHING = {"id": "ok", "name": "No incidents reported", "status": "operational", "impact": "none"}


def component_id(number: int) -> str:
    """Environments may have the same names in several regions."""
    return f"EU-{number}/Part {number}"


def write(provider: Provider, url: str) -> bytes | None:
    """The data of the page, and the page around them."""
    props = {"pageProps": {"activeIncidents": [_place(one, provider) for one in provider.components.values()]}}
    if url != f"{HOME}/":
        return msgspec.json.encode(props)
    held = msgspec.json.encode({"props": props, "buildId": BUILD}).decode()
    return f'<html><body><script id="__NEXT_DATA__" type="application/json">{held}</script></body></html>'.encode()


def _place(one: Component, provider: Provider) -> dict[str, object]:
    region, _, environment = one.id.partition("/")
    told = [_incident(other) for other in provider.alive() if other.is_open and one.id in other.components]
    return {"region": region, "environment": environment, "response": {"incidents": told or [NOTHING]}}


def _incident(one: TrueIncident) -> dict[str, str]:
    return {"id": one.id, "name": one.title, "status": WORDS[one.kind], "impact": "minor"}


WRITER = Writer(
    platform=auth0.PLATFORM,
    write=write,
    component_id=component_id,
    phase=on_or_over,
    page_url=HOME,
    styles=("stamped", "untidy"),
    page_id=BUILD,
    shown=no_update,
    level=hit_at({Kind.INCIDENT: Status.DEGRADED, Kind.MAINTENANCE: Status.MAINTENANCE}),
    has_unplaced=False,
    has_renaming=False,
)
