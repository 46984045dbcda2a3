"""The sample incident of `POST /test`: bodies in the shape of a Statuspage subscriber webhook, opened and resolved.

Two bodies and not one, because the point is to see everything that a real incident sets off; and resolved at once,
so that a page of our own making does not stay red.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from statuswire.wire import timestamp

PAGE_NAME = "statuswire test"
_TITLE = "Test incident"
_COMPONENT = {"id": "statuswire-test-component", "name": "Test component"}
_STEPS = (
    ("investigating", "This is a test: statuswire received it and tells you so."),
    ("resolved", "This was a test: nothing is wrong."),
)


def sample_bodies(message_id: str, now: datetime) -> list[bytes]:
    """JSON bodies in the order in which they are to be read; the incident's id derives from the message's."""
    moments = [now - timedelta(seconds=1), now]
    return [msgspec.json.encode(_body(f"test-{message_id}", step, moments[: step + 1])) for step in range(len(_STEPS))]


def _body(incident_id: str, step: int, moments: list[datetime]) -> dict[str, object]:
    updates = [_update(incident_id, number, moment) for number, moment in enumerate(moments)]
    status = _STEPS[step][0]
    is_over = status == "resolved"
    return {
        "meta": {"generated_at": timestamp(moments[-1])},
        "page": {"id": "statuswire-test", "name": PAGE_NAME, "status_indicator": "none"},
        "incident": {
            "id": incident_id,
            "name": _TITLE,
            "status": status,
            "impact": "minor",
            "created_at": timestamp(moments[0]),
            "updated_at": timestamp(moments[-1]),
            "resolved_at": timestamp(moments[-1]) if is_over else None,
            "components": [_COMPONENT | {"status": "operational" if is_over else "degraded_performance"}],
            "incident_updates": list(reversed(updates)),
        },
    }


def _update(incident_id: str, number: int, moment: datetime) -> dict[str, object]:
    status, body = _STEPS[number]
    return {
        "id": f"{incident_id}-{number + 1}",
        "status": status,
        "body": body,
        "created_at": timestamp(moment),
        "updated_at": timestamp(moment),
        "display_at": timestamp(moment),
    }
