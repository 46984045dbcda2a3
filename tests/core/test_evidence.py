"""What events name: providers and places by any of their spellings, and nothing that only looks alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from statuswire.core.evidence import PLACES, PROVIDERS, clues, sentence
from statuswire.model import AffectedComponent, Clue, PageRef, Status, Where
from tests.channels.events import component_event, incident_event


def named(text: str) -> set[str]:
    return {clue.name for clue in clues([incident_event(text, components=())])}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Our provider AWS reports errors.", {"AWS"}),
        ("amazon web services has an outage", {"AWS"}),
        ("Errors in us-east-1a only", {"Northern Virginia"}),
        ("AWS us-east-1 (N. Virginia)", {"AWS", "Northern Virginia"}),
        ("Upstream: Cloudflare; see https://www.cloudflarestatus.com", {"Cloudflare"}),
        ("Delays of mails through SendGrid and Twilio", {"SendGrid", "Twilio"}),
        ("Requests to Claude models fail", {"Anthropic"}),
        ("Customers in Frankfurt and London", {"Frankfurt", "London"}),
        ("Azure East US 2", {"Azure", "Azure East US 2"}),
    ],
)
def test_a_spelling_means_its_name(text: str, names: set[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "a stripe of red and some slack in the schedule",
        "laws and drawsheets",
        "us-east-10 is no region, and neither is us-east",
        "the snowflake in the logo",
        "hawsers",
        "",
    ],
)
def test_what_only_looks_alike_means_nothing(text: str) -> None:
    assert named(text) == set()


def test_one_who_lists_many_providers_names_none() -> None:
    assert named("We connect to AWS, Azure, Google Cloud and Heroku; Frankfurt is affected") == {"Frankfurt"}


def test_the_providers_own_page_counts() -> None:
    event = incident_event("Elevated errors.", page=PageRef("github", "GitHub", ""), components=())

    assert clues([event]) == (Clue("GitHub", Where.PAGE),)


def test_components_that_are_well_are_no_evidence() -> None:
    well = AffectedComponent("1", "AWS eu-west-1", None, Status.OPERATIONAL)
    ill = replace(well, name="AWS us-east-1", status=Status.DEGRADED)

    found = clues([incident_event("Errors.", affected=(well, ill))])

    assert [clue.name for clue in found] == ["AWS", "Northern Virginia"]
    assert {clue.component for clue in found} == {"AWS us-east-1"}


def test_the_group_of_a_component_counts() -> None:
    assert [clue.name for clue in clues([component_event("EC2", group="us-west-2")])] == ["Oregon"]


def test_evidence_is_a_short_sentence() -> None:
    assert [
        sentence("Acme Relay", clue)
        for clue in (
            Clue("AWS", Where.PAGE),
            Clue("AWS", Where.COMPONENT, "API us-east-1"),
            Clue("AWS", Where.TITLE),
            Clue("AWS", Where.WORDS),
        )
    ] == [
        "Acme Relay is AWS's own page",
        'Acme Relay names AWS in its component "API us-east-1"',
        "Acme Relay names AWS in the title",
        "Acme Relay names AWS in its words",
    ]


def test_every_spelling_stands_in_the_tables_once() -> None:
    spelt = [one.lstrip("=").casefold() for table in (PROVIDERS, PLACES) for some in table.values() for one in some]

    assert len(spelt) == len(set(spelt))
