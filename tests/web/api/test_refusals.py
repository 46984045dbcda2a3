"""What is refused says part by part what would be right, in words of the API."""

from __future__ import annotations

from typing import Any

import pytest

from statuswire.errors import ConfigError
from statuswire.web.tools import Body, Tools, Trial, WrongRules
from tests.web.api.seed import API
from tests.web.parts import Site


@pytest.mark.parametrize(
    ("query", "mistake"),
    [
        ("pages?at=tomorrow", ("query.at", "must be a time like 2026-05-04T10:22:00Z or a date")),
        ("events?since=5", ("query.since", "must be a time like 2026-05-04T10:22:00Z or a date")),
    ],
)
def test_a_time_that_cannot_be_read_is_told_in_a_sentence(site: Site, query: str, mistake: tuple[str, str]) -> None:
    reply = site.get(f"{API}/{query}")

    assert mistakes(reply.json) == [mistake]
    assert reply.json["detail"] == f"{mistake[0]} {mistake[1]}."


@pytest.mark.parametrize(
    ("since", "what"),
    [
        ("0s", "must be longer than nothing, and 3,650 days at most"),
        ("99999d", "must be longer than nothing, and 3,650 days at most"),
        ("soon", "is not a length of time"),
    ],
)
def test_a_length_of_time_is_told_as_it_is_written(site: Site, since: str, what: str) -> None:
    reply = site.post(f"{API}/backtest", {"since": since})

    assert (reply.code, mistakes(reply.json)) == ("bad_parameter", [("body.since", what)])


def test_what_is_wrong_with_rules_is_told_field_by_field(site: Site) -> None:
    def tried(trial: Trial, go_on: object) -> Body:
        raise WrongRules((("routes.0.hald", "is not a setting"), ("silences.1.reason", "is needed")))

    site.replace(tools=Tools(backtest=tried))

    reply = site.post(f"{API}/backtest", {})

    assert reply.code == "bad_parameter"
    assert mistakes(reply.json) == [
        ("body.routes.0.hald", "is not a setting"),
        ("body.silences.1.reason", "is needed"),
    ]
    assert reply.json["detail"] == "routes.0.hald is not a setting; silences.1.reason is needed."


def test_an_address_that_is_none_is_told_at_its_place(site: Site) -> None:
    async def looked(what: str) -> Body:
        raise ConfigError("`opnai` is not in the catalog; nearest: openai")

    site.replace(tools=Tools(detect=looked))

    reply = site.post(f"{API}/detect", {"url": "opnai"})

    assert mistakes(reply.json) == [("body.url", "`opnai` is not in the catalog; nearest: openai")]


def test_a_program_that_says_no_type_learns_which(site: Site) -> None:
    reply = site.post(f"{API}/detect", b'{"url": "openai"}', {"content-type": "application/x-www-form-urlencoded"})

    assert (reply.status, reply.code) == (403, "cross_origin")
    assert "Content-Type: application/json" in reply.json["detail"]


def mistakes(body: Any) -> list[tuple[str, str]]:
    return [(one["where"], one["what"]) for one in body["errors"]]
