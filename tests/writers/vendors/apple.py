"""Apple's pages: services with events, each of which has one text that is rewritten, and stays for a while when over.

Shapes as captured (checked 2026-11): the page for developers wraps them in a call. A problem is one event for each
service, so that here each stands on one alone; another wording is another update, also a corrected one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import msgspec

from statuswire.model import Kind, Phase, Status
from statuswire.platforms.vendors import apple
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, window
from tests.writers.sayings import begun_or_over, hit_at, number, seconds

USERS = "Some users are affected"
TYPES = {Kind.INCIDENT: "Performance", Kind.MAINTENANCE: "Maintenance"}
STATES = {
    Phase.SCHEDULED: "upcoming",
    Phase.IN_PROGRESS: "ongoing",
    Phase.COMPLETED: "completed",
    Phase.INVESTIGATING: "ongoing",
    Phase.RESOLVED: "resolved",
}


def component_id(audience: str, number: int) -> str:
    return f"{audience}/part-{number}"


def place(audience: str, one: TrueIncident) -> str:
    """The service on which the event stands."""
    return one.components[0] if one.components else component_id(audience, 0)


def write(audience: str, provider: Provider, url: str) -> bytes | None:
    """The data of the page."""
    services = [
        {
            "redirectUrl": None,
            "serviceName": part.name,
            "events": [_event(one) for one in provider.alive() if place(audience, one) == part.id],
        }
        for part in provider.components.values()
    ]
    body = msgspec.json.encode({"drpost": False, "drMessage": None, "services": services})
    return b"jsonCallback(" + body + b");" if audience == apple.DEVELOPER else body


def incident_id(audience: str, one: TrueIncident) -> str:
    return f"{_number(one)}/{place(audience, one)}"


def shown(one: TrueIncident) -> Sequence[TrueUpdate]:
    """The newest text, and for whom it is so."""
    newest = in_order(one)[-1]
    return (replace(newest, text=f"{newest.text}\n{USERS}"),)


def _number(one: TrueIncident) -> str:
    return str(1_000_000_000 + number(one))


def _event(one: TrueIncident) -> dict[str, object]:
    begins, ends = window(one) if one.kind is Kind.MAINTENANCE else (one.created_at, in_order(one)[-1].at)
    has_end = one.kind is Kind.MAINTENANCE or not one.is_open
    return {
        "usersAffected": USERS,
        "epochStartDate": seconds(begins) * 1000,
        "epochEndDate": seconds(ends) * 1000 if has_end else None,
        "messageId": _number(one),
        "statusType": TYPES[one.kind],
        "datePosted": f"{begins:%m/%d/%Y %H:%M} PDT",
        "startDate": f"{begins:%m/%d/%Y %H:%M} PDT",
        "endDate": None,
        "affectedServices": None,
        "eventStatus": STATES[one.phase],
        "message": in_order(one)[-1].text,
    }


def _writer(audience: str) -> Writer:
    def parts(one: TrueIncident) -> Sequence[str]:
        return () if one.phase is Phase.SCHEDULED else (place(audience, one),)

    return Writer(
        platform=apple.PLATFORM,
        write=partial(write, audience),
        incident_id=partial(incident_id, audience),
        component_id=partial(component_id, audience),
        phase=begun_or_over,
        page_url=apple.PAGES[audience].url or "",
        shown=shown,
        level=hit_at({Kind.INCIDENT: Status.DEGRADED, Kind.MAINTENANCE: Status.MAINTENANCE}, parts),
        has_renaming=False,
        has_edits=False,
        has_updates_apart=False,
        styles=("stamped", "untidy"),
    )


WRITERS = (_writer(apple.CONSUMER), _writer(apple.DEVELOPER))
