"""What every route made of one event, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from statuswire.core.routing import Facts, mismatch
from statuswire.engine.planner import Rules
from statuswire.model import Event, Route
from statuswire.store import Tx, queries
from statuswire.wire import timestamp, to_mapping

NOT_MEANT = "not meant"
NOT_SEEN = "not looked at"


@dataclass(frozen=True, slots=True)
class Account:
    """An event and what each route made of it; a route that is gone counts too, where it has said something."""

    event: Event
    verdicts: tuple[dict[str, object], ...]


def account(tx: Tx, event_id: int, rules: Rules) -> Account | None:
    """None for an event that is not there. Raises StoreError."""
    found = queries.events_by_ids(tx, [event_id])
    if not found:
        return None
    told = {verdict.route: (verdict, at) for verdict, at in queries.verdicts(tx, event_id)}
    rows: list[dict[str, object]] = [
        {"route": name, "verdict": verdict.kind.value, "reason": verdict.reason, "at": timestamp(at)}
        for name, (verdict, at) in told.items()
    ]
    rest = (route for route in rules.routes if route.name not in told)
    return Account(found[0], (*rows, *_silent(tx, found[0], rest, rules)))


def _silent(tx: Tx, event: Event, routes: Iterator[Route], rules: Rules) -> Iterator[dict[str, object]]:
    """Why routes without a verdict have none: the filter as it is now, or an event from before the route was there."""
    slug = event.page.slug
    tags, category = rules.tags.get(slug, ()), rules.categories.get(slug, "")
    facts = Facts(event, tags, category, matters=rules.matters.get(slug, ()))
    for route in routes:
        reason = mismatch(route.filter, facts)
        later = "it was planned before this route was there, or is not planned yet"
        yield {
            "route": route.name,
            "verdict": NOT_MEANT if reason else NOT_SEEN,
            "reason": reason or later,
            "at": None,
        }


def as_mapping(one: Account) -> dict[str, object]:
    return {"event": to_mapping(one.event), "verdicts": list(one.verdicts)}
