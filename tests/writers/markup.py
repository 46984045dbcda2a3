"""What several platforms write alike: windows of maintenances, moments, updates in order, and pages with their data in
Next.js's stream."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from statuswire.model import Phase
from tests.core.histories import TrueIncident, TrueUpdate


def window(incident: TrueIncident) -> tuple[datetime, datetime]:
    """When a maintenance is planned: the truth knows no times of its own for it."""
    return incident.created_at + timedelta(hours=1), incident.created_at + timedelta(hours=2)


def lived_window(incident: TrueIncident) -> tuple[datetime, datetime]:
    """When a maintenance takes place, where the clock alone tells its phase: it begins and ends when it is said to, and
    until then a long time from now."""
    phases = [(update.phase, update.at) for update in in_order(incident)]
    far = incident.created_at + timedelta(days=30)
    begins = next((at for phase, at in phases if phase is not Phase.SCHEDULED), far)
    return begins, next((at for phase, at in phases if phase.is_closed), begins + timedelta(days=30))


def stamp(moment: datetime) -> str:
    """As most APIs write it: `2026-05-04T10:22:31.000Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def short_stamp(moment: datetime) -> str:
    """As many others write it: `2026-05-04T10:22:31Z`."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def in_order(incident: TrueIncident) -> list[TrueUpdate]:
    """The updates, oldest first, by the time that they show."""
    return sorted(incident.updates, key=lambda update: update.at)


def next_page(title: str, properties: dict[str, object]) -> bytes:
    """A web page that was drawn from these, with the stream cut in two somewhere."""
    row = "5:" + msgspec.json.encode(["$", "$L1a", None, properties]).decode() + "\n"
    half = len(row) // 2
    pushes = "".join(
        f"<script>self.__next_f.push([1,{_script_text(part)}])</script>" for part in (row[:half], row[half:])
    )
    start = "<script>(self.__next_f=self.__next_f||[]).push([0])</script>"
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{start}{pushes}</body></html>".encode()


def _script_text(words: str) -> str:
    return msgspec.json.encode(words).decode().replace("<", "\\u003c")
