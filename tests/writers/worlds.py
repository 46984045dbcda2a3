"""A generated history as a provider of the demo, whose renderers then write its documents.

What is deleted is not there; what has changed without an update is set beside the posts.
"""

from __future__ import annotations

from statuswire.demo.statuspage import history
from statuswire.demo.world import Case, Part, Post
from statuswire.demo.world import Provider as DemoProvider
from statuswire.model import Component, Kind
from tests.core.histories import Provider, TrueIncident
from tests.core.memory import START

from .markup import in_order, window

SLUG = "acme-relay"


def world_of(provider: Provider) -> DemoProvider:
    """The page as it is now, its cases newest first. The keys of its parts are their numbers."""
    keys = {id_: str(number) for number, id_ in enumerate(provider.components)}
    parts = [_part(one, keys[one.id]) for one in provider.components.values()]
    cases = [_case(one, keys) for one in reversed(provider.alive())]
    return DemoProvider(SLUG, "Acme Relay", parts, START, cases, moved_at=provider.updated_at)


def part_key(number: int) -> str:
    """That by which the demo's renderers make the id of a component."""
    return f"{SLUG}/{number}"


def story(incident: TrueIncident) -> str:
    """The body of a feed entry in the markup that Statuspage made common, as the demo writes it."""
    return history(_case(incident, dict.fromkeys(incident.components, "")))


def _part(one: Component, key: str) -> Part:
    return Part(one.name, one.group, one.status, one.updated_at, key)


def _case(one: TrueIncident, keys: dict[str, str]) -> Case:
    begins, ends = window(one) if one.kind is Kind.MAINTENANCE else (None, None)
    return Case(
        key=one.id,
        title=one.title,
        kind=one.kind,
        impact=one.impact.value,
        started_at=one.created_at,
        parts=tuple(keys[id_] for id_ in one.components),
        posts=[Post(update.token, update.phase, update.text, update.at, update.edited_at) for update in in_order(one)],
        scheduled_for=begins,
        scheduled_until=ends,
        is_backfilled=one.is_backfilled,
        set_phase=one.phase,
        set_at=one.updated_at,
    )
