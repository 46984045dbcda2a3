"""The picture in the how-to is what is drawn."""

from __future__ import annotations

from pathlib import Path

from statuswire.model import AffectedComponent, Impact, Phase, Status
from tests.web.filling import blind, component, incident, maintenance, put, update
from tests.web.parts import Site

from .seeing import Seat, look

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "use-the-terminal.md"


def fill(site: Site) -> None:
    said = [update("u1", "We are looking.", 42), update("u2", "A bad deploy is rolled back.", 3, Phase.IDENTIFIED)]
    hit = [AffectedComponent("c1", "Webhooks", None, Status.PARTIAL_OUTAGE)]
    story = incident("i1", "Elevated error rates", impact=Impact.MAJOR, updates=said, components=hit, ago=42)
    put(
        site.store,
        components=[component("c1", "Webhooks", Status.PARTIAL_OUTAGE), component("c4", "API")],
        incidents=[story],
    )
    chat = [component("c2", "Chat", Status.DEGRADED), component("c3", "Images")]
    put(site.store, "borealis", "Borealis AI", status=Status.DEGRADED, components=chat)
    running = maintenance("m1", "Console is read-only", Phase.IN_PROGRESS, [update("u1", "Begun.", 12)], begins=-12)
    put(site.store, "brook", "Brook Pay", status=Status.MAINTENANCE, incidents=[running])
    put(site.store, "dune", "Dune Mail", health=blind(14))
    put(site.store, "cinder", "Cinder Cloud"), put(site.store, "ember", "Ember Desk")


def test_the_picture_in_the_howto_is_what_is_drawn(site: Site) -> None:
    fill(site)

    async def scene(seat: Seat) -> None:
        await seat.until("Ember Desk")

    seat = look(site, scene)

    drawn = "\n".join(line.removeprefix(" ") for line in seat.lines)
    assert f"```text\n{drawn}\n```" in HOWTO.read_text(encoding="utf-8"), seat.text
