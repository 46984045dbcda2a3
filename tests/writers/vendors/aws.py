"""AWS: the public list of events, in UTF-16, with messages that have neither ids nor phases; nothing is ever reopened.

Shape as captured documents have it (checked 2026-11): seconds stand as text and as numbers.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Kind, Status
from statuswire.platforms.vendors import aws
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import by_place, hit_at

EVENTS = "https://health.aws.amazon.com/public/currentevents"
REGION = "eu-west-9"


def write(provider: Provider, url: str) -> bytes | None:
    """`currentevents`, where what is over stays listed for a while."""
    if url != EVENTS:
        return None
    events = msgspec.json.encode([_event(one) for one in provider.alive()])
    return b"\xfe\xff" + events.decode().encode("utf-16-be")


def incident_id(one: TrueIncident) -> str:
    """The event's own name."""
    return f"arn:aws:health:{REGION}::event/S3/AWS_S3_OPERATIONAL_ISSUE/AWS_S3_OPERATIONAL_ISSUE_{one.id.upper()}"


def component_id(number: int) -> str:
    """A service in a region."""
    return f"part{number}-{REGION}"


def _event(one: TrueIncident) -> dict[str, object]:
    code = "2" if one.is_open else "0"
    return {
        "date": str(int(one.created_at.timestamp())),
        "arn": incident_id(one),
        "region_name": "Ruritania",
        "status": code,
        "service": f"s3-{REGION}",
        "service_name": "Amazon Simple Storage Service",
        "summary": _headline(one, is_over=not one.is_open),
        "event_log": [_message(one, update) for update in in_order(one)],
        "impacted_services": {part: {"service_name": part, "current": code, "max": "2"} for part in one.components},
        "impacted_service_status_changes": [],
    }


def _message(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    is_over = update.phase.is_closed
    return {
        "summary": _headline(one, is_over=is_over),
        "message": update.text,
        "status": 0 if is_over else 2,
        "timestamp": int(update.at.timestamp()),
    }


def _headline(one: TrueIncident, *, is_over: bool) -> str:
    return f"[RESOLVED] {one.title}" if is_over else one.title


WRITER = Writer(
    platform=aws.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=by_place,
    page_url="https://health.aws.amazon.com/health/status",
    has_maintenances=False,
    has_reopening=False,
    level=hit_at({Kind.INCIDENT: Status.DEGRADED}),
    shows_components=False,
    shows_troubled=True,
)
