"""Which events concern a page of which only some components matter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from statuswire.core.selection import concerns, matches
from statuswire.model import AffectedComponent, EventType
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


@pytest.mark.parametrize(
    ("pattern", "is_meant"),
    [
        ("us-east-1 / EC2", True),
        ("us-east-1/ec2", True),
        ("US-East-1 / Amazon Elastic Compute Cloud", True),
        ("us-east-1 / *", True),
        ("* / EC2", True),
        ("EC2", True),
        ("ec2-us-east-1", True),
        ("us-west-2 / EC2", False),
        ("us-east-1 / S3", False),
        ("us-east-1", False),
        ("east-1", False),
        ("ec2-us-west-2", False),
    ],
)
def test_one_service_of_one_region_is_followed_alone(pattern: str, is_meant: bool) -> None:
    assert matches("us-east-1", "Amazon Elastic Compute Cloud", pattern, "ec2-us-east-1") is is_meant


def test_brackets_are_part_of_a_name() -> None:
    assert matches(None, "API [EU]", "api [eu]")
    assert not matches(None, "API E", "API [EU]")


def test_an_incident_of_one_region_does_not_concern_another() -> None:
    hit = AffectedComponent("ec2-us-east-1", "Amazon Elastic Compute Cloud", "us-east-1")
    told = incident_event()
    assert told.incident is not None
    event = replace(told, incident=replace(told.incident, components=(hit,)))

    assert concerns(event, ("us-east-1 / EC2",))
    assert concerns(event, ("us-west-2 / EC2", "us-east-1 / *"))
    assert not concerns(event, ("us-west-2 / EC2",))
