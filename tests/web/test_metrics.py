"""`GET /metrics`: everything that is counted or looked up, and no label that an outside party chose."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from statuswire.channels import CHANNELS
from statuswire.engine.levels import Wanted
from statuswire.errors import StoreError, StoreReason
from statuswire.metrics import PeerCounts, words
from statuswire.model import EventType, Impact, Kind, Phase, Status
from statuswire.platforms import PLATFORMS
from statuswire.store.base import Work
from statuswire.web.app import Facts
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask, View
from statuswire.web.table import ROWS
from tests.web.filling import component, incident, maintenance, put
from tests.web.parts import Reply, Site

HOSTILE = 'x"} 1\nstatuswire_forged 1 #\\'


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


def samples(reply: Reply) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(reply.body.decode())
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def value(site: Site, name: str, **labels: str) -> float | None:
    return samples(site.get("/metrics")).get((f"statuswire_{name}", tuple(sorted(labels.items()))))


# --- levels ------------------------------------------------------------------------------------------------------


def test_states_and_what_is_open_are_shown(site: Site) -> None:
    put(site.store, status=Status.DEGRADED, incidents=[incident("i1", impact=Impact.MAJOR)])

    assert value(site, "pages", state="partial_outage") == 1
    assert value(site, "pages", state="operational") == 0
    assert value(site, "incidents_open", kind="incident", impact="major") == 1


def test_nothing_under_way_is_a_number_too(site: Site) -> None:
    assert value(site, "incidents_open", kind="incident", impact="critical") == 0
    assert value(site, "incidents_open", kind="maintenance", impact="maintenance") == 0


def test_pages_and_components_are_named_where_the_operator_asks_for_it(site: Site) -> None:
    put(site.store, status=Status.MAJOR_OUTAGE, components=[component("k1", "API", Status.DEGRADED, "Europe")])
    site.replace(named_levels=Wanted(("*",), ("acme/*",)))

    assert value(site, "page_state", page="acme") == 5
    assert value(site, "component_state", page="acme", component="Europe / API") == 3
    assert value(site, "states_left_out") == 0


def test_names_of_providers_cannot_break_out_of_their_label(site: Site) -> None:
    put(site.store, components=[component("k1", HOSTILE)])
    site.replace(named_levels=Wanted((), ("*/*",)))

    assert value(site, "component_state", page="acme", component=HOSTILE) == 0
    assert not [name for name, _ in samples(site.get("/metrics")) if "forged" in name]


def test_streams_loops_and_the_store_are_shown(site: Site) -> None:
    site.facts = Facts("webhooks", stopped_loops=("poller",))
    site.hub.dropped["slow"] = 2

    assert value(site, "streams") == 0
    assert value(site, "streams_dropped_total", reason="slow") == 2
    assert value(site, "loops_stopped") == 1
    assert (value(site, "store_writable"), value(site, "store_readable")) == (1, 1)


def test_where_the_store_cannot_be_read_all_else_is_still_shown(site: Site) -> None:
    put(site.store)
    site.get("/metrics")
    site.replace(store=_Unreadable(site.store))

    reply = site.get("/metrics")

    assert reply.status == 200
    assert samples(reply)["statuswire_store_readable", ()] == 0
    assert ("statuswire_pages", (("state", "operational"),)) not in samples(reply)


class _Unreadable:
    def __init__(self, store: Any) -> None:
        self._store = store

    def read(self, work: Work[Any]) -> Any:
        raise StoreError(StoreReason.IO, "disk I/O error")

    def status(self) -> Any:
        return self._store.status()


# --- requests ----------------------------------------------------------------------------------------------------


def test_requests_are_counted_by_the_pattern_of_their_row(site: Site) -> None:
    put(site.store)
    for target in ("/badge/acme.svg", "/badge/nobody.svg", "/badge/other.svg", "/nowhere"):
        site.get(target)

    assert value(site, "requests_total", route="/badge/{page}.svg", status="2xx") == 1
    assert value(site, "requests_total", route="/badge/{page}.svg", status="4xx") == 2
    assert b"nobody" not in site.get("/metrics").body and b"nowhere" not in site.get("/metrics").body


def test_what_the_api_answers_by_itself_is_counted_with_its_status(site: Site) -> None:
    put(site.store)
    for target in ("/api/v1/pages/acme", "/api/v1/pages/nobody"):
        site.get(target)

    assert value(site, "requests_total", route="/api/v1/pages/{slug}", status="2xx") == 1
    assert value(site, "requests_total", route="/api/v1/pages/{slug}", status="4xx") == 1


def test_a_view_that_breaks_is_counted_as_5xx(site: Site) -> None:
    async def broken(ask: Ask) -> Answer:
        raise RuntimeError("a bug")

    async def load(name: str) -> View:
        return broken

    site.replace(load=load)
    site.get("/status")
    site.replace()

    assert value(site, "requests_total", route="/status", status="5xx") == 1


# --- U12 ---------------------------------------------------------------------------------------------------------

PATTERNS = frozenset(row.pattern for row in ROWS)
SETS: Mapping[str, Collection[str]] = {
    "outcome": words.POLL_OUTCOMES | words.DELIVERY_OUTCOMES | words.HEARTBEAT_OUTCOMES | words.SIGNAL_OUTCOMES,
    "source": words.HOOK_SOURCES | words.EVENT_SOURCES | words.SIGNAL_SOURCES | set(PLATFORMS),
    "answer": words.HOOK_ANSWERS,
    "type": {one.value for one in EventType},
    "platform": set(PLATFORMS),
    "reason": words.POLL_REASONS | words.DROP_REASONS,
    "field": words.WORD_FIELDS,
    "channel": set(CHANNELS),
    "change": words.LEASE_CHANGES,
    "lease": words.SHARED_LEASES,
    "fate": words.SHARE_FATES,
    "route": PATTERNS,
    "status": words.STATUS_CLASSES,
    "state": words.FEED_STATES | set(words.STATE_CODES),
    "kind": words.KINDS,
    "impact": words.IMPACTS,
    "version": {"1.2.3"},
}


def test_u12_every_label_of_every_metric_comes_from_a_closed_set(site: Site) -> None:
    put(
        site.store,
        HOSTILE[:1],
        HOSTILE,
        components=[component(HOSTILE, HOSTILE)],
        incidents=[incident(HOSTILE, HOSTILE)],
    )
    put(site.store, "zenith", incidents=[maintenance("p1", phase=Phase.IN_PROGRESS, begins=-5)])
    site.post(f"/webhook/{HOSTILE[:1]}", {"x": HOSTILE})
    site.post("/webhook/statuspage", {"page": {"id": HOSTILE, "name": HOSTILE}, "incident": {"name": HOSTILE}})
    site.read_hooks()
    for target in ("/health", "/feeds/all.atom", f"/badge/{HOSTILE[:1]}.svg", "/nowhere"):
        site.get(target)
    for count in (site.metrics.delivered, site.metrics.recorded):
        count(HOSTILE, HOSTILE, 1.0)
    site.metrics.leased(HOSTILE)
    site.facts = replace(site.facts, polls={HOSTILE: 1}, feeds={HOSTILE: 1})

    met = {pair for _, labels in samples(site.get("/metrics")) for pair in labels if pair[0] != "le"}

    assert len(met) > 25
    assert {name for name, _ in met} <= set(SETS)
    assert [pair for pair in met if pair[1] not in SETS[pair[0]] and pair[1] != words.OTHER] == []


def test_the_words_of_metrics_are_those_of_the_model() -> None:
    assert set(words.STATE_CODES) == {one.value for one in Status}
    assert {one.value for one in Impact} == words.IMPACTS
    assert {one.value for one in Kind} == words.KINDS
    assert {one.value for one in Status if words.STATE_CODES[one] >= words.STATE_CODES["degraded"]} == {
        "degraded",
        "partial_outage",
        "major_outage",
    }


def test_what_was_said_to_other_replicas_is_shown(site: Site) -> None:
    assert b"statuswire_hints_total" not in site.get("/metrics").body

    counts = PeerCounts("open", {"late": 2, "opened": 1}, {"taken": 3}, {"postgres": 4}, {"local": 5})
    site.facts = Facts("webhooks", peer_counts=counts)
    shown = site.get("/metrics").body

    assert b'statuswire_redis_circuit{state="open"} 1.0' in shown
    assert b'statuswire_redis_circuit{state="closed"} 0.0' in shown
    assert b'statuswire_redis_questions_total{outcome="late"} 2.0' in shown
    assert b"statuswire_redis_opened_total 1.0" in shown
    assert b'statuswire_frames_total{outcome="taken"} 3.0' in shown
    assert b'statuswire_hints_total{way="postgres"} 4.0' in shown
    assert b'statuswire_token_bursts_total{by="local"} 5.0' in shown
