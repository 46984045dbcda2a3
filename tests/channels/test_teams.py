"""Microsoft Teams: a card whose texts are no Markdown, below 28 KB."""

from __future__ import annotations

import json
from typing import Any

import pytest

from statuswire.channels.teams import LINES, SIZE_BYTES, STYLES
from statuswire.model import Delivered, Later, MessageKind, Refused, Reply, Status
from tests.channels.events import incident_event
from tests.channels.hostile import HOSTILE
from tests.channels.messages import RESOLVED, message, settings, talk

TEAMS = settings("teams")


def card(body: Any) -> Any:
    return body["attachments"][0]["content"]


def runs(body: Any) -> list[str]:
    blocks = [inner for block in card(body)["body"] for inner in block.get("items", [block])]
    return [run["text"] for block in blocks for run in block["inlines"]]


def test_what_arrives() -> None:
    body = talk(message(), TEAMS, "teams").body

    assert body["summary"] == "Degraded - Acme Relay: API - Slow API"
    assert card(body)["body"][0]["style"] == "warning"
    assert runs(body) == [
        "Degraded - Acme Relay: API - Slow API",
        "A bad deploy.",
        "Since: 2025-11-03 14:32 UTC · Impact: Minor · Phase: Identified",
    ]
    assert card(body)["actions"] == [
        {
            "type": "Action.OpenUrl",
            "title": "Open the status page",
            "url": "https://status.acme-relay.example/incidents/w2x4",
        }
    ]


def test_every_level_has_a_ground() -> None:
    assert set(STYLES) == set(Status)
    assert card(talk(message(RESOLVED), TEAMS, "teams").body)["body"][0]["style"] == "good"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_whole_stays_below_28_kb_and_no_function_is_left(text: str) -> None:
    told = message(incident_event(text, title=text), kind=MessageKind.ESCALATION, reason=text, evidence=(text,))

    heard = talk(told, TEAMS, "teams", Reply(413), Reply(202))

    assert all(len(request.body) <= SIZE_BYTES for request in heard.requests)
    assert not any("{{" in run for body in heard.bodies for run in runs(body))
    assert not any(b'"TextBlock"' in request.body for request in heard.requests)
    assert not any("entities" in card(body)["msteams"] for body in heard.bodies)


def test_many_lines_stay_lines_up_to_a_number() -> None:
    text = "\n".join(f"line {number}" for number in range(200))

    told = runs(talk(message(incident_event(text)), TEAMS, "teams").body)

    assert told[1] == "line 0" and len(told) == LINES + 2
    assert told[LINES].endswith("line 199")


def test_a_card_too_large_is_told_plainly() -> None:
    heard = talk(message(), TEAMS, "teams", Reply(413), Reply(202))

    assert heard.outcome == Delivered()
    assert "A bad deploy." in runs(heard.bodies[1])[0]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("1", Delivered()),
        (
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ...",
            Later("HTTP 429"),
        ),
        (
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 410 with ...",
            Refused("HTTP 410: the receiver says it is gone for good", disables=True),
        ),
    ],
)
def test_the_older_webhooks_say_200_whatever_happened(said: str, outcome: object) -> None:
    assert talk(message(), TEAMS, "teams", Reply(200, {}, said.encode())).outcome == outcome


def test_the_body_is_utf_8() -> None:
    request = talk(message(incident_event("Gestört")), TEAMS, "teams").requests[0]

    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Gestört" in request.body.decode() and json.loads(request.body)
