"""Xbox: services and titles with their levels, as JSON or as XML, and no incidents.

Shapes as clients know them (checked 2026-11); an outage has a word that nobody has seen.
"""

from __future__ import annotations

from dataclasses import replace
from xml.sax.saxutils import escape

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import xbox
from tests.core.histories import Provider
from tests.writers.base import Writer

PAGE = "https://support.xbox.com/en-US/xbox-live-status"
WORDS = {Status.OPERATIONAL: "None", Status.DEGRADED: "Limited", Status.PARTIAL_OUTAGE: "Impacted"}
LISTS = ("CoreServices", "Titles")


def component_id(number: int) -> str:
    """A title may have the number of a service."""
    return str(number) if number < 2 else "title/1"


def write_json(provider: Provider, url: str) -> bytes | None:
    """The document of a market."""
    lists = {name: [_row(one) for one in _listed(provider, name)] for name in LISTS}
    return msgspec.json.encode({"Status": {"Overall": _overall(provider)}, **lists})


def write_xml(provider: Provider, url: str) -> bytes | None:
    """The same where JSON is not asked for."""
    lists = "".join(f"<{name}>{''.join(_category(one) for one in _listed(provider, name))}</{name}>" for name in LISTS)
    overall = "".join(f"<{name}>{value}</{name}>" for name, value in _overall(provider).items())
    return (
        '<?xml version="1.0" encoding="utf-8"?><ServiceStatus xmlns="http://schemas.acme-relay.example/status">'
        f"<Status><Overall>{overall}</Overall></Status>{lists}</ServiceStatus>"
    ).encode()


def _listed(provider: Provider, name: str) -> list[Component]:
    return [one for one in provider.components.values() if one.id.startswith("title/") is (name == "Titles")]


def _overall(provider: Provider) -> dict[str, str]:
    is_well = all(one.status is Status.OPERATIONAL for one in provider.components.values())
    return {"State": "None" if is_well else "Limited", "LastUpdated": provider.updated_at.isoformat()}


def _row(one: Component) -> dict[str, object]:
    number = int(one.id.removeprefix("title/"))
    return {"Id": number, "Name": one.name, "Status": {"Name": WORDS[one.status]}, "Scenarios": []}


def _category(one: Component) -> str:
    number, status = one.id.removeprefix("title/"), f"<Status><Name>{WORDS[one.status]}</Name></Status>"
    return f"<Category><Id>{number}</Id><Name>{escape(one.name)}</Name>{status}<Scenarios/></Category>"


_JSON = Writer(
    platform=xbox.PLATFORM,
    write=write_json,
    component_id=component_id,
    page_url=PAGE,
    levels=tuple(WORDS),
    has_incidents=False,
)

WRITERS = (_JSON, replace(_JSON, write=write_xml))
