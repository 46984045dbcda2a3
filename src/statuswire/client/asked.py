"""What both clients are asked, as the API takes it, and how long a wait goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from statuswire.client.calls import Query, Words, query_of
from statuswire.client.errors import ClientError, WaitedInVain
from statuswire.client.shapes import Status
from statuswire.client.standing import Freshness, PageState, is_within

EVERY_S = 5.0

Filters = Mapping[str, Words | bool | datetime | None]


def incident_query(
    page: Words | None,
    component: Words | None,
    impact: Words | None,
    phase: Words | None,
    is_open: bool | None,
    since: datetime | None,
    until: datetime | None,
) -> Query:
    return query_of(
        {
            "page": page,
            "component": component,
            "impact": impact,
            "phase": phase,
            "open": is_open,
            "since": since,
            "until": until,
        }
    )


def event_query(types: Words, page: Words | None, component: Words | None, impact: Words | None) -> Query:
    return query_of({"type": types, "page": page, "component": component, "impact": impact})


def is_ok(state: PageState, worst: Status) -> bool:
    """Whether what is known to be so now is no worse."""
    return state.freshness is Freshness.FRESH and is_within(state.level, worst)


def wait_s(told: PageState | ClientError, subject: str, left_s: float, every_s: float) -> float:
    """How long to wait before asking again. Raises WaitedInVain where no time is left, and what asking again cannot
    help."""
    if isinstance(told, ClientError) and told.is_permanent:
        raise told
    if left_s <= 0:
        raise WaitedInVain(told.described(told.level) if isinstance(told, PageState) else f"{subject}: {told}")
    return min(every_s, left_s)
