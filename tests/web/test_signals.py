"""Signals over the whole application: the addresses, every answer, and what is kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from statuswire.config import Config, layers, validate
from statuswire.core.signals import signals_of
from statuswire.errors import StoreError, StoreReason
from statuswire.model import HeardWord, ReplicaRole, Signal, SignalSource, Status
from statuswire.store import Queue, Store, Tx, queries
from tests.signals import bodies
from tests.web.parts import JSON, Reply, Site

RULES = """
signals:
  shared: true
  rules:
    - {match: {job: checkout}, page: acme, component: API}
  sentry_secret_env: SENTRY_SECRET
"""


def config_of(text: str) -> Config:
    return validate(layers.parse(text, "f.yaml"), {"SENTRY_SECRET": "first-secret second-secret"})


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.store.write(_make_pages)
    made.addresses.add("brook")
    yield made
    made.store.close()


@pytest.fixture
def configured(site: Site) -> Site:
    config = config_of(RULES)
    site.replace(config=lambda: config)
    return site


def _make_pages(tx: Tx) -> None:
    for slug in ("acme", "brook"):
        queries.upsert_page(tx, slug=slug, name=slug.title(), url="", platform="", origin="hook")


def path_of(site: Site, slug: str = "acme") -> str:
    return f"/signals/{site.addresses.signal_token(slug)}"


def send(site: Site, body: dict[str, Any] | bytes, slug: str = "acme", **headers: str) -> Reply:
    return site.post(path_of(site, slug), body, JSON | {name.replace("_", "-"): one for name, one in headers.items()})


def words(site: Site) -> list[HeardWord]:
    return site.store.read(lambda tx: queries.signal_words(tx, site.clock.now() - timedelta(days=4_000)))


def signals(site: Site) -> tuple[Signal, ...]:
    return signals_of(words(site), site.clock.now())


# --- what is taken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "source"),
    [
        (bodies.alertmanager(), SignalSource.ALERTMANAGER),
        (bodies.grafana(), SignalSource.GRAFANA),
        (bodies.sentry_metric(), SignalSource.SENTRY),
        (bodies.sentry_issue_alert(), SignalSource.SENTRY),
        (bodies.datadog(), SignalSource.DATADOG),
        (bodies.plain(), SignalSource.JSON),
    ],
)
def test_a_signal_is_kept_before_it_is_answered(site: Site, body: dict[str, Any], source: SignalSource) -> None:
    reply = send(site, body)

    assert (reply.status, reply.json["status"], reply.json["source"]) == (202, "accepted", source)
    (heard,) = words(site)
    assert (heard.word.source, heard.word.page_id) == (source, 1)


def test_the_same_body_again_is_known_and_changes_nothing(site: Site) -> None:
    send(site, bodies.alertmanager())

    reply = send(site, bodies.alertmanager())

    assert (reply.status, reply.json) == (
        200,
        {"status": "duplicate", "source": "alertmanager", "new": 0, "known": 1, "unplaced": 0},
    )
    assert len(words(site)) == 1


def test_the_end_that_comes_before_the_beginning_ends_it_all_the_same(site: Site) -> None:
    send(site, bodies.alertmanager({"status": "resolved", "endsAt": "2026-05-04T10:20:00Z"}))
    send(site, bodies.alertmanager())

    (one,) = signals(site)
    assert not one.is_firing


def test_a_signal_makes_no_event_and_changes_no_status(site: Site) -> None:
    before = site.store.read(lambda tx: (queries.last_event_id(tx), queries.page_states(tx)))

    send(site, bodies.alertmanager())

    assert site.store.read(lambda tx: (queries.last_event_id(tx), queries.page_states(tx))) == before
    assert site.store.read(lambda tx: queries.page_states(tx))[0].status in (None, Status.UNKNOWN)
    assert site.hooks() == []


def test_grafana_may_send_by_put(site: Site) -> None:
    body = json.dumps(bodies.grafana()).encode()

    reply = site.run(lambda: site.request("PUT", path_of(site), body, JSON))

    assert reply.status == 202


def test_what_says_nothing_of_alerts_is_answered_and_not_kept(site: Site) -> None:
    reply = send(site, bodies.sentry_issue("assigned"), sentry_hook_resource="issue")

    assert (reply.status, reply.json["status"]) == (200, "ignored")
    assert words(site) == []


def test_an_address_is_of_one_page(site: Site) -> None:
    send(site, bodies.plain(), "brook")

    assert [one.word.page_id for one in words(site)] == [2]
    assert path_of(site) != path_of(site, "brook")


# --- the address of all pages ----------------------------------------------------------------------------------------


def test_without_being_asked_for_there_is_no_address_of_all_pages(site: Site) -> None:
    assert send(site, bodies.plain(page="acme"), "").code == "unknown_address"


def test_labels_say_which_page_is_meant(configured: Site) -> None:
    other = {"fingerprint": "b", "labels": {"status_page": "brook", "status_component": "Web"}}

    reply = send(configured, bodies.alertmanager({}, other, {"fingerprint": "c", "labels": {"job": "none"}}), "")

    assert reply.json | {"status": ""} == {
        "status": "",
        "source": "alertmanager",
        "new": 2,
        "known": 0,
        "unplaced": 1,
    }
    assert {(one.word.page_id, one.word.component) for one in words(configured)} == {(1, "API"), (2, "Web")}


def test_the_plain_form_names_its_page(configured: Site) -> None:
    assert send(configured, bodies.plain(page="brook"), "").status == 202
    assert send(configured, bodies.plain(page="nowhere"), "").code == "unknown_page"


def test_a_label_with_a_page_that_is_not_watched_is_passed_over(configured: Site) -> None:
    reply = send(configured, bodies.alertmanager({"labels": {"status_page": "nowhere"}}), "")

    assert (reply.status, reply.json["unplaced"]) == (200, 1)


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"{", JSON, "bad_json"),
        (b"[]", JSON, "not_an_object"),
        (b"state=firing", {"content-type": "application/x-www-form-urlencoded"}, "wrong_type"),
        (b"{}", {"content-type": "image/png"}, "wrong_type"),
        (b"{}", JSON | {"content-encoding": "gzip"}, "encoded_body"),
        (b"{}", JSON, "bad_signal"),
        (b'{"state": "firing"}', JSON, "bad_signal"),
        (b'{"alerts": [{"status": "firing"}]}', JSON, "bad_signal"),
        (b'{"a": "' + b"x" * (1024 * 1024) + b'"}', JSON, "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    site: Site, body: bytes, headers: dict[str, str], code: str
) -> None:
    reply = site.post(path_of(site), body, headers)

    assert reply.code == code
    assert 400 <= reply.status < 500
    assert words(site) == []


def test_the_reason_says_what_would_be_right(site: Site) -> None:
    assert send(site, bodies.plain(state="down")).json["detail"] == "`state` must be `firing` or `resolved`."


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD"])
def test_other_methods_are_refused(site: Site, method: str) -> None:
    reply = site.get(path_of(site), method)

    assert (reply.status, reply.headers["allow"]) == (405, "POST, PUT")


@pytest.mark.parametrize("token", ["", "guess", "x/y"])
def test_a_guess_finds_nothing(site: Site, token: str) -> None:
    assert site.post(f"/signals/{token}", bodies.plain()).code == "unknown_address"


def test_the_address_for_hooks_takes_no_signals_and_the_other_way_round(site: Site) -> None:
    token, hook = site.addresses.signal_token("acme"), site.addresses.token("acme")

    assert site.post(f"/hooks/{token}", bodies.plain()).code == "unknown_address"
    assert site.post(f"/signals/{hook}", bodies.plain()).code == "unknown_address"


def test_whoever_guesses_on_is_held_back(site: Site) -> None:
    codes = [site.post(f"/signals/guess{number}", bodies.plain()).code for number in range(150)]

    assert set(codes[:100]) == {"unknown_address"}
    assert "too_many_refusals" in codes[100:]
    assert send(site, bodies.plain()).status == 202


def test_a_process_that_takes_no_hooks_takes_no_signals(site: Site) -> None:
    site.replace(roles=frozenset({ReplicaRole.POLL}))

    assert send(site, bodies.plain()).code == "not_here"


class Full:
    """A store that takes nothing new."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def submit(self, work: object, *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Any:
        raise StoreError(StoreReason.FULL, "the disk is full")


def test_what_cannot_be_stored_is_not_acknowledged(site: Site) -> None:
    site.replace(store=Full(site.store))

    reply = send(site, bodies.plain())

    assert (reply.status, reply.code, reply.headers["retry-after"]) == (503, "store_unavailable", "30")


# --- Sentry's signature ----------------------------------------------------------------------------------------------


def signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("secret", ["first-secret", "second-secret"])
def test_where_the_secret_is_known_sentry_signs_with_one_of_them(configured: Site, secret: str) -> None:
    body = json.dumps(bodies.sentry_metric()).encode()
    headers = {"sentry-hook-resource": "metric_alert", "sentry-hook-signature": signature(body, secret)}

    assert configured.post(path_of(configured), body, JSON | headers).status == 202


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "missing_signature"),
        ({"sentry-hook-signature": "0" * 64}, "bad_signature"),
        ({"sentry-hook-signature": "sign here"}, "malformed_signature"),
    ],
)
def test_an_unsigned_body_of_sentry_is_not_believed_then(configured: Site, headers: dict[str, str], code: str) -> None:
    reply = configured.post(path_of(configured), bodies.sentry_metric(), JSON | headers)

    assert (reply.status, reply.code) == (401, code)
    assert words(configured) == []


def test_other_senders_need_no_signature(configured: Site) -> None:
    assert send(configured, bodies.grafana()).status == 202


# --- afterwards ------------------------------------------------------------------------------------------------------


def test_signals_are_counted_by_sender_and_what_became_of_them(configured: Site) -> None:
    send(configured, bodies.alertmanager({}, {"fingerprint": "c", "labels": {"job": "none"}}), "")
    send(configured, bodies.alertmanager(), "")
    send(configured, bodies.plain(state="down"))

    text = configured.get("/metrics").body.decode()

    for line in (
        'statuswire_signals_total{outcome="new",source="alertmanager"} 1.0',
        'statuswire_signals_total{outcome="known",source="alertmanager"} 1.0',
        'statuswire_signals_total{outcome="unplaced",source="alertmanager"} 1.0',
        'statuswire_signals_total{outcome="refused",source="other"} 1.0',
    ):
        assert line in text


def test_the_secret_part_of_an_address_is_never_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    send(site, bodies.plain())
    send(site, bodies.plain(state="down"))

    assert "path=/signals/{token}" in caplog.text
    assert site.addresses.signal_token("acme") not in caplog.text
