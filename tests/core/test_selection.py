"""Which events concern a page of which only some components matter."""

from __future__ import annotations

import pytest

from statuswire.core.selection import concerns
from statuswire.model import EventType
from tests.channels.events import component_event, feed_event, incident_event


@pytest.mark.parametrize(
    ("patterns", "is_wanted"),
    [
        ((), True),
        (("api",), True),
        (("A*",), True),
        (("Checkout",), False),
        (("Checkout/*",), False),
        (("europe/*",), True),
        (("Europe / API",), True),
        (("Checkout", "API"), True),
    ],
)
def test_components_are_picked_by_name_or_by_group_and_name(patterns: tuple[str, ...], is_wanted: bool) -> None:
    assert concerns(component_event(group="Europe"), patterns) is is_wanted


def test_what_names_no_component_concerns_everybody() -> None:
    assert concerns(incident_event(components=()), ("Checkout",))
    assert concerns(feed_event(EventType.FEED_FAILING), ("Checkout",))
