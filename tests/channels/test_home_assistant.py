"""Home Assistant's discovery over MQTT: devices, states and what is taken back, and all of it at a real broker."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import Environment
from pydantic import ValidationError

from statuswire.channels import CHANNELS
from statuswire.channels.home_assistant import MOST, chosen
from statuswire.channels.mqtt import MqttSettings
from statuswire.engine.dispatcher import Outlet
from statuswire.engine.heartbeats import Heartbeats
from statuswire.model import Delivered, PageStanding, Publication, Status
from statuswire.store import open_store
from tests.channels.playing import STANDING, heartbeat, play
from tests.fakes import FakeClock
from tests.net.broker import broker, subscriber
from tests.net.support import on_the_servers_loop, sending
from tests.servers.mosquitto import mosquitto
from tests.web.filling import blind, incident, put

BROKER = {"host": "broker.example.com", "tls": False}
ACME = PageStanding("acme", "Acme Relay", "https://status.acme-relay.example", "degraded", True, ("Slow API",))
BASE = "statuswire/home-assistant/statuswire_acme"
CONFIG = "homeassistant/device/statuswire_acme/config"


def told(*pages: PageStanding, before: str = "", **more: object) -> tuple[dict[str, bytes], dict[str, str] | None]:
    """What is published to which topic, and what is left for the next heartbeat."""
    settings = MqttSettings.model_validate({**BROKER, "home_assistant": True, **more})
    beat = replace(heartbeat(), standing=replace(STANDING, pages=pages), state={"pages": before} if before else {})
    (action,), outcome = play(CHANNELS["mqtt"], beat, settings)
    assert isinstance(action, Publication) and isinstance(outcome, Delivered)
    assert all(one.is_retained for one in action.further) and not action.is_retained
    left = outcome.state
    return {one.topic: one.payload for one in action.further}, None if left is None else dict(left)


def test_a_page_is_a_device_with_a_state_and_a_problem() -> None:
    published, left = told(ACME)

    assert set(published) == {CONFIG, f"{BASE}/state", f"{BASE}/availability"}
    assert json.loads(published[CONFIG]) == {
        "device": {
            "identifiers": ["statuswire_acme"],
            "name": "Acme Relay",
            "manufacturer": "statuswire",
            "model": "Status page",
            "configuration_url": "https://status.acme-relay.example",
        },
        "origin": {"name": "statuswire"},
        "state_topic": f"{BASE}/state",
        "availability": [{"topic": f"{BASE}/availability"}],
        "qos": 1,
        "components": {
            "status": {
                "platform": "sensor",
                "unique_id": "statuswire_acme_status",
                "name": "Status",
                "device_class": "enum",
                "options": [one.value for one in Status],
                "value_template": "{{ value_json.state }}",
                "json_attributes_topic": f"{BASE}/state",
                "json_attributes_template": "{{ {'open': value_json.open, 'page': value_json.page} | tojson }}",
                "expire_after": 180,
            },
            "problem": {
                "platform": "binary_sensor",
                "unique_id": "statuswire_acme_problem",
                "name": "Problem",
                "device_class": "problem",
                "value_template": "{{ value_json.problem }}",
                "expire_after": 180,
            },
        },
    }
    assert left == {"pages": "acme"}


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ("operational", "OFF"),
        ("maintenance", "OFF"),
        ("degraded", "ON"),
        ("partial_outage", "ON"),
        ("major_outage", "ON"),
        ("unknown", "None"),
    ],
)
def test_the_state_is_one_of_its_options_and_a_problem_where_it_is_one(state: str, problem: str) -> None:
    published, _ = told(replace(ACME, state=state))

    said = json.loads(published[f"{BASE}/state"])
    assert said == {"page": "acme", "state": state, "problem": problem, "open": ["Slow API"]}
    assert published[f"{BASE}/availability"] == b"online"


def test_the_templates_find_in_the_state_what_they_look_for() -> None:
    """Home Assistant's are Jinja's, with the payload as `value_json`."""
    published, _ = told(ACME)
    state = json.loads(published[f"{BASE}/state"])
    status, problem = json.loads(published[CONFIG])["components"].values()

    def made(template: str) -> str:
        return Environment().from_string(template).render(value_json=state)

    assert (made(status["value_template"]), made(problem["value_template"])) == ("degraded", "ON")
    assert json.loads(made(status["json_attributes_template"])) == {"open": ["Slow API"], "page": "acme"}


def test_a_page_that_cannot_be_read_is_not_available() -> None:
    published, _ = told(replace(ACME, state="unknown", is_current=False))

    assert published[f"{BASE}/availability"] == b"offline"


def test_what_is_watched_no_longer_is_taken_back() -> None:
    published, left = told(before="acme")

    assert published == {CONFIG: b"", f"{BASE}/state": b"", f"{BASE}/availability": b""}
    assert left == {"pages": ""}


def test_some_pages_may_be_chosen_and_another_prefix() -> None:
    pages = (ACME, replace(ACME, slug="brook"), replace(ACME, slug="aws-eu"))

    published, left = told(*pages, home_assistant=["acme", "aws-*"], discovery_prefix="ha/x", heartbeat="10s")

    assert left == {"pages": "acme aws-eu"}
    assert json.loads(published["ha/x/device/statuswire_acme/config"])["components"]["problem"]["expire_after"] == 30


def test_nobody_who_does_not_ask_for_it_gets_any() -> None:
    assert told(ACME, home_assistant=False) == ({}, None)
    assert MqttSettings.model_validate(BROKER).heartbeat is None
    assert MqttSettings.model_validate({**BROKER, "home_assistant": True}).heartbeat == timedelta(minutes=1)


def test_no_slug_or_text_leaves_its_place() -> None:
    published, _ = told(PageStanding("a/+ü", "x" * 999 + "\n", "javascript:1", "degraded", True, ("y" * 999,) * 99))

    config, state, _ = published
    assert config.count("/") == 3 and "+" not in config and config.isascii()
    assert "configuration_url" not in json.loads(published[config])["device"]
    assert len(published[state]) < 10_000


def test_of_very_many_pages_the_first_by_name_are_devices() -> None:
    pages = [replace(ACME, slug=f"p{n:05}") for n in range(MOST + 1)]

    assert [page.slug for page in chosen(reversed(pages), patterns=True)] == [page.slug for page in pages[:MOST]]


@pytest.mark.parametrize("prefix", ["", "a/#", "+", "$SYS", "/a"])
def test_a_prefix_that_nobody_can_publish_to_is_refused(prefix: str) -> None:
    with pytest.raises(ValidationError):
        MqttSettings.model_validate({**BROKER, "discovery_prefix": prefix})


@on_the_servers_loop
async def test_at_a_real_broker_whoever_comes_later_finds_the_devices_until_they_are_gone(tmp_path: Path) -> None:
    async with broker(tmp_path) as port:
        await tell_and_take_back(port)


@on_the_servers_loop
async def test_at_a_mosquitto_too(tmp_path: Path) -> None:
    with mosquitto(tmp_path) as port:
        await tell_and_take_back(port)


async def tell_and_take_back(port: int) -> None:
    store = open_store("sqlite://")
    put(store, incidents=[incident("i1", "Slow API")])
    put(store, "brook", health=blind())
    async with sending() as sender:

        def outlet(pages: list[str]) -> Outlet:
            given = {"host": "127.0.0.1", "port": port, "tls": False, "allow_private": True, "home_assistant": pages}
            return Outlet.of("house", CHANNELS["mqtt"], MqttSettings.model_validate(given))

        beats = Heartbeats(store, FakeClock(), {}, {}, sender)
        assert await beats.beat(outlet(["*"]))
        kept = await retained(port, 6)
        assert json.loads(kept[CONFIG])["device"]["name"] == "Acme Relay"
        assert json.loads(kept[f"{BASE}/state"])["problem"] == "ON"
        assert kept[f"{BASE}/availability"] == b"online"
        assert kept["statuswire/home-assistant/statuswire_brook/availability"] == b"offline"

        assert await beats.beat(outlet(["acme"]))
        assert all("brook" not in topic for topic in await retained(port, 3))
    store.close()


async def retained(port: int, count: int) -> dict[str, bytes]:
    """What the broker has kept, which comes before all else: as much as that, and then a mark of our own."""
    found: dict[str, bytes] = {}
    async with subscriber(port) as received:
        while len(found) < count:
            topic, payload, is_retained = await received.next()
            assert is_retained
            found[topic] = payload
    return found
