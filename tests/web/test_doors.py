"""Hook paths and secret addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.web.doors import NOT_FOUND, Doors, SecretAddresses
from statuswire.web.problems import Refusal
from statuswire.web.trust import Door

ADDRESSES = SecretAddresses(b"s" * 32, ["openai", "github"])
DOORS = Doors(["statuspage", "incidentio", "generic", "statuswire"], ADDRESSES)


def door(path: str) -> Door:
    found = DOORS.find(path)
    assert isinstance(found, Door), found
    return found


@pytest.mark.parametrize(
    ("path", "source", "platform"),
    [
        ("/webhook/statuspage", "statuspage", "statuspage"),
        ("/webhook/incident-io", "incident-io", "incidentio"),
        ("/webhook/incident_io/", "incident-io", "incidentio"),
        ("/webhook/IncidentIO", "incident-io", "incidentio"),
        ("/webhook", "webhook", "statuswire"),
        ("/webhook/", "webhook", "statuswire"),
        ("/webhook/generic", "generic", "generic"),
        ("/test", "test", "statuspage"),
    ],
)
def test_each_path_leads_to_its_platform(path: str, source: str, platform: str) -> None:
    found = door(path)

    assert (found.source, found.platform) == (source, platform)


def test_the_generic_path_names_a_provider() -> None:
    found = door("/webhook/generic/Acme")

    assert (found.provider, found.secret_names) == ("Acme", ("generic/acme", "generic"))


def test_an_unknown_platform_is_answered_with_the_known_ones() -> None:
    found = DOORS.find("/webhook/nagios")

    assert isinstance(found, Refusal)
    assert (found.status, found.known) == (404, ("generic", "incident-io", "statuspage", "statuswire"))


def test_a_secret_address_leads_to_its_page() -> None:
    assert door(f"/hooks/{ADDRESSES.token('github')}").page_slug == "github"


@given(guess=st.text(max_size=60))
def test_w14_every_guess_gets_one_and_the_same_answer(guess: str) -> None:
    assert DOORS.find("/hooks/" + guess.replace("/", "")) in (NOT_FOUND, DOORS.find("/hooks"))
    assert DOORS.find("/hooks") is NOT_FOUND


def test_w16_the_path_that_is_logged_never_holds_the_token_or_the_provider() -> None:
    token = ADDRESSES.token("openai")

    assert token not in door(f"/hooks/{token}").path
    assert door("/webhook/generic/acme").path == "/webhook/generic/{provider}"


def test_a_page_added_later_has_an_address_from_then_on() -> None:
    addresses = SecretAddresses(b"s" * 32)
    token = addresses.token("late")
    assert addresses.slug(token) is None

    addresses.add("late")

    assert addresses.slug(token) == "late"


@pytest.mark.parametrize("path", ["/", "/health", "/status", "/webhooks", "/hook", "/tests", ""])
def test_other_paths_are_not_about_hooks(path: str) -> None:
    assert DOORS.find(path) is None


@pytest.mark.parametrize(
    "path", ["/webhook/generic/a/b", "/hooks/a/b", "/webhook/generic/" + "x" * 101, "/webhook/generic/a\x1bb"]
)
def test_paths_under_hooks_that_lead_nowhere_are_not_found(path: str) -> None:
    assert DOORS.find(path) is NOT_FOUND
