"""Nintendo: notices known by title, platforms and beginning, with one text each and times to the minute, of Seattle.

Shape as clients know it (checked 2026-11). A notice is written when it begins and when it is over; one that was over is
another notice when it begins again. Maintenances move by the clock: the ones here have begun.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from statuswire.model import Kind, Status
from statuswire.platforms.feed_parts import derived_id
from statuswire.platforms.vendors import nintendo
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.sayings import end_of, first_and_end, first_or_end, hit_at, on_or_over, part_name


def write(provider: Provider, url: str) -> bytes | None:
    """`status.json`."""
    told = {kind: [_notice(one) for one in provider.alive() if one.kind is kind] for kind in Kind}
    return msgspec.json.encode(
        {
            "lang": "en_US",
            "categories": [{"name": one.name, "type": 0} for one in provider.components.values()],
            "operational_statuses": told[Kind.INCIDENT],
            "temporary_maintenances": told[Kind.MAINTENANCE],
        }
    )


def incident_id(one: TrueIncident) -> str:
    """Nothing has an id: the one that the adapter derives."""
    begins = one.created_at.replace(second=0, microsecond=0)
    return derived_id(f"{one.title}/{','.join(one.components)}", begins, "")


def _notice(one: TrueIncident) -> dict[str, object]:
    over = {} if one.is_open else {"end": _local(end_of(one).at)}
    return {
        "platform": one.components,
        "platform_image": [],
        "software_title": one.title,
        "message": first_or_end(one).text,
        "free_write": "",
        "begin": _local(one.created_at),
        **over,
        "event_status": "0" if one.is_open else "3",
        "services": ["All"],
        "update_date": f"{one.updated_at:%A, %B} {one.updated_at.day}, {one.updated_at:%Y}",
    }


def _local(moment: datetime) -> str:
    """`Monday, May 4, 2026  2 :14 AM`"""
    at = moment.astimezone(ZoneInfo(nintendo.ZONE))
    return f"{at:%A, %B} {at.day}, {at:%Y} {at.hour % 12 or 12:>2} :{at:%M %p}"


WRITER = Writer(
    platform=nintendo.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=part_name,
    phase=on_or_over,
    page_url=nintendo.HOME,
    shown=first_and_end,
    level=hit_at({Kind.INCIDENT: Status.DEGRADED, Kind.MAINTENANCE: Status.MAINTENANCE}),
    has_renaming=False,
    has_edits=False,
    has_reopening=False,
)
