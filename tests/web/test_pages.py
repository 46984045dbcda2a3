"""Health, counters, state and incidents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from statuswire.catalog import Target
from statuswire.engine import places
from statuswire.engine.healing import Move, suggest
from statuswire.engine.heartbeats import Beat
from statuswire.engine.places import Found
from statuswire.errors import StoreError, StoreReason
from statuswire.model import FeedHealth, FeedSpec, FeedState, Page
from statuswire.store import Store, Tx, queries
from statuswire.store.base import StoreStatus, Work
from statuswire.web.app import Facts
from statuswire.web.table import ROWS
from tests.web.filling import put_left
from tests.web.parts import Site


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


def tell(site: Site, number: int, status: str = "investigating", **fields: Any) -> None:
    """One Statuspage incident, by hook, begun so many minutes after nine."""
    at = f"2026-05-04T09:{number:02}:00Z"
    update = {"id": f"u{number}-{status}", "status": status, "body": f"Text {number}.", "created_at": at}
    told = {"id": f"i{number}", "name": f"Incident {number}", "status": status, "impact": "minor", "created_at": at}
    body = {"page": {"id": "p1", "name": "Acme"}, "incident": told | {"updated_at": at, "incident_updates": [update]}}
    body["incident"] |= fields
    assert site.post("/webhook/statuspage", body).status == 202
    site.read_hooks()


class BadStore:
    """A store that cannot be read, or says that it cannot be written."""

    def __init__(self, store: Store, *, is_readable: bool = True, is_writable: bool = True) -> None:
        self._store, self._is_readable, self._is_writable = store, is_readable, is_writable

    def read(self, work: Work[Any]) -> Any:
        if not self._is_readable:
            raise StoreError(StoreReason.IO, "disk I/O error at /var/lib/statuswire.db")
        return self._store.read(work)

    def status(self) -> StoreStatus:
        reason = None if self._is_writable else StoreReason.FULL
        return replace(self._store.status(), is_writable=self._is_writable, reason=reason)


# --- health ------------------------------------------------------------------------------------------------------


def test_health_says_that_and_how_we_run(site: Site) -> None:
    tell(site, 1)
    reply = site.get("/health")

    assert reply.status == 200
    assert reply.json["status"] == "running"
    assert reply.json["mode"] == "event-based (webhooks)"
    assert (reply.json["incidents_tracked"], reply.json["total_updates"]) == (1, 1)
    assert reply.json["timestamp"] == "2026-05-04T10:00:00Z"
    assert reply.json["database"]["status"] == "ok"
    assert (reply.json["feeds_failing"], reply.json["last_dispatch"], reply.json["faults"]) == (0, None, [])


@pytest.mark.parametrize("trouble", [{"feeds_failing": 1}, {"is_offline": True}])
def test_health_is_degraded_but_good_while_feeds_fail_or_we_are_offline(site: Site, trouble: dict[str, Any]) -> None:
    site.facts = Facts("webhooks + polling", **trouble)

    reply = site.get("/health")

    assert (reply.status, reply.json["status"]) == (200, "degraded")


def test_health_says_how_other_replicas_are_reached_and_is_none_the_worse_for_it(site: Site) -> None:
    assert site.get("/health").json["peers"] == {}

    site.facts = Facts("webhooks", peers={"redis": "away", "redis_circuit": "open"})
    reply = site.get("/health")

    assert (reply.status, reply.json["status"]) == (200, "running")
    assert reply.json["peers"] == {"redis": "away", "redis_circuit": "open"}


def test_health_is_503_when_a_loop_has_stopped(site: Site) -> None:
    site.facts = Facts("webhooks + polling", stopped_loops=("poller",))

    reply = site.get("/health")

    assert (reply.status, reply.json["status"]) == (503, "failing")
    assert reply.json["faults"] == ["loop stopped: poller"]


def test_health_is_503_when_nothing_can_be_stored(site: Site) -> None:
    site.replace(store=BadStore(site.store, is_writable=False))

    reply = site.get("/health")

    assert reply.status == 503
    assert (reply.json["database"]["status"], reply.json["database"]["reason"]) == ("failing", "full")


def test_health_is_503_when_nothing_can_be_read_and_tells_no_paths(site: Site) -> None:
    site.replace(store=BadStore(site.store, is_readable=False))

    reply = site.get("/health")

    assert (reply.status, reply.json["incidents_tracked"]) == (503, None)
    assert b"/var/lib" not in reply.body


def test_being_alive_does_not_depend_on_the_store(site: Site) -> None:
    site.replace(store=BadStore(site.store, is_readable=False, is_writable=False))

    assert site.get("/health/live").status == 200


def test_health_shows_when_events_were_last_told(site: Site) -> None:
    site.facts = Facts("webhooks", last_told_at=site.clock.now() - timedelta(seconds=5))

    assert site.get("/health").json["last_dispatch"] == "2026-05-04T09:59:55Z"


# --- stats and metrics -------------------------------------------------------------------------------------------


def test_stats_count_polls_with_their_304s_hooks_and_what_is_stored(site: Site) -> None:
    site.facts = Facts("webhooks + polling", polls={"not_modified": 7, "changed": 2, "timeout": 1}, feeds={"ok": 3})
    tell(site, 1)
    site.post("/webhook", b"{")

    stats = site.get("/stats").json

    assert (stats["polls"]["total"], stats["polls"]["not_modified"], stats["polls"]["failed"]) == (10, 7, 1)
    assert stats["polls"]["failures"] == {"timeout": 1}
    assert (stats["hooks"]["received"], stats["hooks"]["accepted"]) == (2, 1)
    assert stats["hooks"]["rejected"] == {"bad_json": 1}
    assert stats["hooks"]["inbox"] == {"waiting": 0, "read": 1, "quarantined": 0}
    assert (stats["stored"]["incidents"], stats["stored"]["events"]) == (1, 1)
    assert stats["feeds"] == {"ok": 3, "in_trouble": 0}


def test_stats_tell_how_the_last_heartbeat_to_each_channel_ended(site: Site) -> None:
    now = site.clock.now()
    site.facts = Facts("webhooks", heartbeats={"hq": Beat("refused", now, now - timedelta(minutes=1))})

    assert site.get("/stats").json["heartbeats"] == {
        "hq": {"outcome": "refused", "at": "2026-05-04T10:00:00Z", "last_ok_at": "2026-05-04T09:59:00Z"}
    }


def test_metrics_are_prometheus_text(site: Site) -> None:
    site.facts = Facts("webhooks + polling", polls={"not_modified": 7}, feeds={"failing": 1}, is_offline=True)
    tell(site, 1)

    reply = site.get("/metrics")

    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b'statuswire_polls_total{outcome="not_modified"} 7.0' in reply.body
    assert b'statuswire_hooks_total{answer="accepted",source="statuspage"} 1.0' in reply.body
    assert b'statuswire_feeds{state="failing"} 1.0' in reply.body
    assert b"statuswire_offline 1.0" in reply.body


# --- status ------------------------------------------------------------------------------------------------------


def test_status_is_the_latest_state_in_one_object(site: Site) -> None:
    tell(site, 1, components=[{"id": "c1", "name": "Chat", "status": "degraded_performance"}])

    status = site.get("/status").json

    assert (status["state"], status["status_label"]) == ("degraded", "DEGRADED")
    assert status["message"] == "1 open incident on 1 page."
    assert status["last_incident_title"] == "Incident 1"
    assert status["last_incident_time"] == "Mon, 04 May 2026 09:01:00 GMT"
    assert status["impacted_components"] == ["Chat"]
    (page,) = status["pages"]
    assert (page["slug"], page["state"], page["stale"]) == ("acme", "degraded", False)
    assert [incident["id"] for incident in page["open_incidents"]] == ["i1"]


def test_status_is_active_again_when_all_is_resolved(site: Site) -> None:
    tell(site, 1)
    tell(site, 1, "resolved", updated_at="2026-05-04T09:30:00Z")

    status = site.get("/status").json

    assert (status["status_label"], status["message"]) == ("ACTIVE", "All systems operational.")


def test_status_of_nothing_watched_claims_nothing(site: Site) -> None:
    status = site.get("/status").json

    assert (status["state"], status["last_incident_title"], status["pages"]) == ("unknown", None, [])


# --- incidents ---------------------------------------------------------------------------------------------------


def test_incidents_come_newest_first_and_page_by_page(site: Site) -> None:
    for number in (2, 1, 3):
        tell(site, number)

    first = site.get("/incidents?limit=2").json
    second = site.get(f"/incidents?limit=2&after={first['next']}").json

    ids = [incident["id"] for part in (first, second) for incident in part["incidents"]]
    assert ids == ["i3", "i2", "i1"]
    assert second["next"] is None


def test_an_incident_shows_its_page_and_updates(site: Site) -> None:
    tell(site, 1)

    (incident,) = site.get("/incidents").json["incidents"]

    assert incident["page"]["name"] == "Acme"
    assert (incident["kind"], incident["phase"], incident["impact"]) == ("incident", "investigating", "minor")
    assert [update["text"] for update in incident["updates"]] == ["Text 1."]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("phase=resolved", ["i2"]),
        ("page=acme", ["i2", "i1"]),
        ("page=other", []),
        ("type=maintenance", []),
        ("impact=minor", ["i2", "i1"]),
        ("since=2026-05-04T09:02:00Z", ["i2"]),
        ("until=2026-05-04T09:02:00Z", ["i1"]),
    ],
)
def test_incidents_can_be_filtered(site: Site, query: str, ids: list[str]) -> None:
    tell(site, 1)
    tell(site, 2)
    tell(site, 2, "resolved", updated_at="2026-05-04T09:30:00Z")

    incidents = site.get(f"/incidents?{query}").json["incidents"]

    assert [incident["id"] for incident in incidents] == ids


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "after=nonsense", "phase=x", "other=1"])
def test_wrong_parameters_are_400(site: Site, query: str) -> None:
    reply = site.get(f"/incidents?{query}")

    assert (reply.status, reply.code) == (400, "bad_parameter")


# --- all of them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(row.pattern for row in ROWS if row.view.startswith(("front:", "pages:"))))
def test_u4_every_page_is_served_with_safe_headers_and_for_reading_only(site: Site, path: str) -> None:
    site.get(path)  # which /metrics counts
    reply, head, posted = site.get(path), site.get(path, "HEAD"), site.post(path)

    assert reply.status == 200
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(reply.body)))
    assert (posted.status, posted.code, posted.headers["allow"]) == (405, "method_not_allowed", "GET, HEAD")


@pytest.mark.parametrize("path", ["/stats", "/status", "/incidents", "/"])
def test_w15_pages_that_need_the_store_are_503_without_it(site: Site, path: str) -> None:
    site.replace(store=BadStore(site.store, is_readable=False))

    reply = site.get(path)

    assert (reply.status, reply.code) == (503, "store_unavailable")
    assert b"/var/lib" not in reply.body


def test_an_unknown_path_is_404(site: Site) -> None:
    assert site.get("/nothing").code == "unknown_address"


def test_people_are_told_on_a_page_that_there_is_nothing(site: Site) -> None:
    reply = site.get("/nothing", headers={"accept": "text/html"})

    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"There is nothing at this address." in reply.body
    assert site.get("/api/v1/nothing", headers={"accept": "text/html"}).code == "unknown_address"


def test_a_bug_in_a_page_is_500_and_tells_nothing(site: Site) -> None:
    def broken() -> Facts:
        raise LookupError("secret detail")

    site.replace(facts=broken)

    reply = site.get("/stats")

    assert (reply.status, reply.code) == (500, "internal")
    assert b"secret detail" not in reply.body


# --- pages that need somebody --------------------------------------------------------------------------------------


def page_gone_for(site: Site, days: int) -> Page:
    """A configured page whose only feed has answered 410 for so long, and is asked again in an hour."""
    now = site.clock.now()

    def put(tx: Tx) -> Page:
        page = queries.upsert_page(
            tx, slug="acme", name="Acme", url="https://acme.example", platform="statuspage", origin="config"
        )
        feed = queries.upsert_feed(tx, page.id, FeedSpec("https://acme.example/summary.json"))
        health = FeedHealth(FeedState.FAILING, 9, now - timedelta(days=days), None, "gone: it says 410")
        queries.save_feed(tx, replace(feed, health=health, due_at=now + timedelta(hours=1)))
        return page

    return site.store.write(put)


@pytest.mark.parametrize(("days", "flag"), [(6, None), (7, "gone")])
def test_N14_status_flags_a_page_that_is_gone_for_a_week(site: Site, days: int, flag: str | None) -> None:
    page_gone_for(site, days)

    (page,) = site.get("/status").json["pages"]

    assert page["flag"] == flag


def test_status_says_of_a_page_that_nobody_reads_that_its_state_is_unknown(site: Site) -> None:
    put_left(site.store)

    status = site.get("/status").json

    assert (status["state"], status["message"]) == ("unknown", "1 page is read by nobody.")
    (page,) = status["pages"]
    assert (page["state"], page["stale"], page["overdue"]) == ("unknown", True, True)
    assert (page["last_known"], page["stale_since"]) == ("operational", "2026-05-04T05:00:00Z")


def test_health_names_flagged_pages_and_stays_200(site: Site) -> None:
    site.facts = replace(site.facts, flags={"acme": "no_host"})

    assert site.get("/health").status == 200
    assert site.get("/health").json["pages_flagged"] == {"acme": "no_host"}


def test_a_page_that_seems_to_have_moved_is_named_until_the_operator_changes_its_address(site: Site) -> None:
    page = page_gone_for(site, 1)
    move = Move(Found("instatus", (), None, "https://new.example"), "it answers 410")
    target = Target("acme", "Acme", page.url, "statuspage")
    site.store.write(lambda tx: places.put(tx, target, "config"))
    site.store.write(lambda tx: suggest(tx, page, move, site.clock.now()))

    assert site.get("/health").json["moves_suggested"] == {"acme": "https://new.example"}
    assert site.get("/status").json["pages"][0]["suggested_url"] == "https://new.example"

    site.store.write(lambda tx: places.put(tx, replace(target, url="https://new.example"), "config"))

    assert site.get("/health").json["moves_suggested"] == {}
    assert site.get("/status").json["pages"][0]["suggested_url"] is None
