"""Atlassian Statuspage, by the renderers of the demo: the summary, both histories as JSON, the Atom history, the hooks.

A component's hook, which the demo does not send, is as the vendor's page on webhooks gives it (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.demo import statuspage as renderer
from statuswire.demo.world import code
from statuswire.platforms import statuspage
from tests.core.histories import Provider, TrueIncident, What

from .base import PAGE_URL, Writer
from .markup import stamp
from .worlds import part_key, world_of


def write(provider: Provider, url: str) -> bytes | None:
    """The document at one of the platform's addresses; None for those on other hosts."""
    _, body = renderer.documents(world_of(provider), PAGE_URL).get(url.removeprefix(PAGE_URL), ("", None))
    return body


def hook(provider: Provider, what: What) -> bytes | None:
    """A component's level, or an incident as a whole; nothing is sent of what was deleted."""
    if isinstance(what, str):
        return _component_hook(provider, what)
    return None if what.is_deleted else renderer.hook(world_of(provider), what.id, PAGE_URL)


def _component_hook(provider: Provider, id_: str) -> bytes:
    summary = write(provider, f"{PAGE_URL}/api/v2/summary.json")
    body = msgspec.json.decode(summary or b"")
    (row,) = (row for row in body["components"] if row["id"] == id_)
    change = {"component_id": id_, "created_at": row["updated_at"], "new_status": row["status"]}
    page = {"id": body["page"]["id"], "status_indicator": body["status"]["indicator"], "status_description": ""}
    head = {"meta": {"generated_at": stamp(provider.now)}, "page": page}
    return msgspec.json.encode({**head, "component_update": change, "component": row})


def incident_id(one: TrueIncident) -> str:
    return code(one.id)


def component_id(number: int) -> str:
    return code(part_key(number))


WRITER = Writer(
    platform=statuspage.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    styles=("stamped", "untidy"),
)
