"""ntfy: a push with priority and tags, in UTF-8, below its limits in bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from statuswire.channels.ntfy import PRIORITIES
from statuswire.model import AffectedComponent, Delivered, Later, MessageKind, Reply, Status
from tests.channels.events import component_event, incident_event
from tests.channels.hostile import HOSTILE
from tests.channels.messages import GOOD, RESOLVED, message, ok, settings, talk

TOPIC = settings("ntfy")


def test_what_arrives() -> None:
    heard = talk(message(), settings("ntfy", tags=["work"]), "ntfy")

    assert (heard.requests[0].method, heard.requests[0].url) == ("POST", "https://ntfy.sh")
    assert heard.body == {
        "topic": "hidden-topic",
        "title": "Degraded - Acme Relay: API - Slow API",
        "message": "A bad deploy.\nSince: 2025-11-03 14:32 UTC · Impact: Minor · Phase: Identified\n"
        "https://status.acme-relay.example/incidents/w2x4",
        "priority": 3,
        "tags": ["degraded", "work"],
        "click": "https://status.acme-relay.example/incidents/w2x4",
    }


@pytest.mark.parametrize("status", Status)
def test_the_priority_follows_the_level(status: Status) -> None:
    down = (AffectedComponent("1", "API", None, status),)

    body = talk(message(component_event(new=status)), TOPIC, "ntfy").body

    assert (body["priority"], body["tags"]) == (PRIORITIES[status], [status.value])
    assert down


def test_an_escalation_breaks_through_do_not_disturb() -> None:
    assert talk(message(kind=MessageKind.ESCALATION), TOPIC, "ntfy").body["priority"] == 5


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_sizes_in_bytes_stay_below_the_limits(text: str) -> None:
    told = message(incident_event(text, title=text), kind=MessageKind.ESCALATION, reason=text, evidence=(text,))

    heard = talk(told, TOPIC, "ntfy", Reply(413), GOOD["ntfy"])

    rich, plain = heard.bodies
    assert len(rich["title"].encode()) <= 1024
    assert max(len(rich["message"].encode()), len(plain["message"].encode())) <= 4096
    assert all(len(request.body) <= 8192 for request in heard.requests)
    assert "markdown" not in rich


def test_no_header_holds_a_word_of_the_provider() -> None:
    told = message(incident_event("text\r\nX-Evil: 1", title="title\r\nX-Evil: 1"))

    assert set(talk(told, TOPIC, "ntfy").requests[0].headers) == {"Content-Type"}


def test_an_address_that_is_no_web_address_is_not_clicked() -> None:
    event = replace(incident_event(url="javascript:alert(1)"))

    assert "click" not in talk(message(event), TOPIC, "ntfy").body


@pytest.mark.parametrize(
    ("further", "header"),
    [
        ({"token": "tk_abc"}, "Bearer tk_abc"),
        ({"username": "phil", "password": "pä:ss"}, "Basic cGhpbDpww6Q6c3M="),
    ],
)
def test_ways_in(further: dict[str, str], header: str) -> None:
    assert talk(message(), settings("ntfy", **further), "ntfy").requests[0].headers["Authorization"] == header


@pytest.mark.parametrize(
    "further",
    [
        {"topic": "a b"},
        {"topic": ""},
        {"topic": "x" * 65},
        {"token": "a", "username": "b"},
        {"tags": ["a,b"]},
        {"tags": ["\N{BUG}" * 50] * 3},
    ],
)
def test_what_ntfy_could_not_take_is_refused_when_configured(further: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings("ntfy", **further)


def test_replies_say_why() -> None:
    forbidden = ok({"code": 40301, "http": 403, "error": "forbidden"}, 403)

    assert talk(message(), TOPIC, "ntfy", forbidden).outcome == Later(
        "HTTP 403: check the address and the credentials: forbidden", disables_after=3
    )
    assert talk(message(RESOLVED), TOPIC, "ntfy").outcome == Delivered()
