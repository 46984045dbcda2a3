"""What every sender says, whatever else it sends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import ParseError
from statuswire.model import SignalSource, SignalState
from statuswire.signals import SENDERS, Reading, sender_of
from statuswire.signals.base import MAX_KEY, MAX_TITLE, MOST
from tests.signals import bodies

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIRING, RESOLVED = SignalState.FIRING, SignalState.RESOLVED
METRIC = {"sentry-hook-resource": "metric_alert"}
ISSUE_ALERT = {"sentry-hook-resource": "event_alert"}
ISSUE = {"sentry-hook-resource": "issue", "sentry-hook-timestamp": "1777888990"}


def read(body: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[Reading, ...]:
    return sender_of(headers or {}, body).read(headers or {}, body, NOW)


def at(hour: int, minute: int, second: float = 0) -> datetime:
    return datetime(2026, 5, 4, hour, minute, tzinfo=UTC) + timedelta(seconds=second)


def states(readings: tuple[Reading, ...]) -> list[tuple[SignalState, datetime]]:
    return [(one.state, one.at) for one in readings]


@pytest.mark.parametrize(
    ("body", "headers", "source"),
    [
        (bodies.alertmanager(), {}, SignalSource.ALERTMANAGER),
        (bodies.grafana(), {}, SignalSource.GRAFANA),
        (bodies.sentry_metric(), METRIC, SignalSource.SENTRY),
        (bodies.sentry_issue_alert(), {}, SignalSource.SENTRY),
        (bodies.datadog(), {}, SignalSource.DATADOG),
        (bodies.datadog_own(), {}, SignalSource.DATADOG),
        (bodies.plain(), {}, SignalSource.JSON),
    ],
)
def test_whose_body_it_is_is_found_out_by_its_headers_and_content(
    body: dict[str, Any], headers: dict[str, str], source: SignalSource
) -> None:
    assert sender_of(headers, body).source is source


def test_every_source_has_a_sender() -> None:
    assert sorted(one.source for one in SENDERS) == sorted(SignalSource)


# --- Alertmanager and Grafana ----------------------------------------------------------------------------------------


def test_an_alert_of_alertmanager_fires_since_it_began() -> None:
    (one,) = read(bodies.alertmanager())

    assert (one.key, one.state, one.at) == ("8d1c0f6a2be94c37", FIRING, at(10, 3, 12.541))
    assert (one.title, one.labels["job"]) == ("One in ten checkouts fails", "checkout")
    assert one.url.startswith("http://prometheus.example:9090/graph")


def test_of_an_alert_that_is_over_both_its_beginning_and_its_end_are_known() -> None:
    found = read(bodies.alertmanager({"status": "resolved", "endsAt": "2026-05-04T10:40:00Z"}))

    assert states(found) == [(FIRING, at(10, 3, 12.541)), (RESOLVED, at(10, 40))]


def test_a_group_has_a_word_on_each_of_its_alerts() -> None:
    found = read(bodies.alertmanager({"fingerprint": "a"}, {"fingerprint": "b", "status": "resolved"}))

    assert [(one.key, one.state) for one in found] == [("a", FIRING), ("b", FIRING), ("b", RESOLVED)]


def test_an_alert_without_a_fingerprint_is_known_by_its_labels() -> None:
    first, second = (
        read(bodies.alertmanager({"fingerprint": "", "labels": labels}))[0].key
        for labels in ({"a": "1", "b": "2"}, {"b": "2", "a": "1"})
    )

    assert first == second == "a=1/b=2"


def test_an_alert_of_grafana_leads_to_its_panel() -> None:
    (one,) = read(bodies.grafana())

    assert (one.url, one.title) == ("https://grafana.example/d/checkout?viewPanel=2", "One in ten checkouts fails")


def test_a_beginning_that_is_ahead_of_us_is_now() -> None:
    assert read(bodies.alertmanager({"startsAt": "2026-05-04T12:00:09Z"}))[0].at == NOW


# --- Sentry ----------------------------------------------------------------------------------------------------------


def test_a_metric_alert_of_sentry_fires_since_it_started_and_ends_when_it_was_closed() -> None:
    (fires,) = read(bodies.sentry_metric(), METRIC)
    over = read(bodies.sentry_metric("resolved", date_closed="2026-05-04T10:31:00Z"), METRIC)

    assert (fires.key, fires.title, fires.at) == ("metric/4", "Too many errors", at(10, 3))
    assert fires.labels == {"project": "checkout", "rule": "Too many errors"}
    assert states(over) == [(FIRING, at(10, 3)), (RESOLVED, at(10, 31))]


def test_an_issue_alert_of_sentry_counts_for_an_hour() -> None:
    (one,) = read(bodies.sentry_issue_alert(), ISSUE_ALERT)

    assert (one.key, one.state, one.lasts) == ("issue/1170820242", FIRING, timedelta(hours=1))
    assert one.labels == {
        "environment": "production",
        "server_name": "web-1",
        "project": "3",
        "rule": "Payment fails",
    }


def test_an_issue_that_is_resolved_ends_what_its_alerts_began() -> None:
    (one,) = read(bodies.sentry_issue(), ISSUE)

    assert (one.key, one.state, one.at) == ("issue/1170820242", RESOLVED, at(10, 3, 10))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (bodies.sentry_issue("created"), ISSUE),
        (bodies.sentry_issue("assigned"), ISSUE),
        ({"action": "created", "actor": {}, "data": {"installation": {}}}, {"sentry-hook-resource": "installation"}),
    ],
)
def test_what_else_sentry_sends_is_taken_and_says_nothing(body: dict[str, Any], headers: dict[str, str]) -> None:
    assert read(body, headers) == ()


# --- Datadog ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "state", "name"),
    [
        ("[Triggered] Checkout is slow", FIRING, "Checkout is slow"),
        ("[Re-Triggered] Checkout is slow", FIRING, "Checkout is slow"),
        ("[P1] [Warn on {host:web-1}] Checkout is slow", FIRING, "Checkout is slow"),
        ("[No Data] Checkout is slow", FIRING, "Checkout is slow"),
        ("[Recovered] Checkout is slow", RESOLVED, "Checkout is slow"),
        ("[P1] [Recovered on {host:web-1}] Checkout is slow", RESOLVED, "Checkout is slow"),
    ],
)
def test_the_payload_of_datadog_as_it_comes_has_its_state_in_the_title(
    title: str, state: SignalState, name: str
) -> None:
    (one,) = read(bodies.datadog(title))

    assert (one.state, one.title, one.at) == (state, name, at(10, 3, 10))


def test_the_end_has_the_key_of_the_beginning_and_other_groups_have_others() -> None:
    began, over, other = (
        read(bodies.datadog(f"[{word} on {{host:{host}}}] Checkout is slow"))[0].key
        for word, host in (("Triggered", "a"), ("Recovered", "a"), ("Triggered", "b"))
    )

    assert began == over != other


@pytest.mark.parametrize(
    ("transition", "state"),
    [
        ("Triggered", FIRING),
        ("Re-Triggered", FIRING),
        ("Warn", FIRING),
        ("Re-Warn", FIRING),
        ("No Data", FIRING),
        ("Re-No Data", FIRING),
        ("Renotify", FIRING),
        ("Recovered", RESOLVED),
    ],
)
def test_the_documented_transitions_of_datadog_are_known(transition: str, state: SignalState) -> None:
    (one,) = read(bodies.datadog_own(transition))

    assert (one.state, one.key) == (state, "9bd4ac313a4d1e8f")
    assert one.labels == {"env": "prod", "service": "checkout", "team": "shop", "alert_id": "1234"}


def test_without_a_cycle_the_monitor_and_its_scope_are_the_key() -> None:
    (one,) = read(bodies.datadog_own(alert_cycle_key=""))

    assert one.key == "monitor/1234/env:prod,service:checkout"


# --- the plain form --------------------------------------------------------------------------------------------------


def test_the_plain_form_says_what_it_says() -> None:
    (one,) = read(bodies.plain(page="acme", url="https://run.example/checkout", at="2026-05-04T10:03:00Z"))

    assert (one.page, one.component, one.key) == ("acme", "API", "API/Checkout fails")
    assert (one.state, one.at, one.url) == (FIRING, at(10, 3), "https://run.example/checkout")


def test_without_a_time_it_is_now() -> None:
    assert read(bodies.plain(state="resolved"))[0].at == NOW


# --- what cannot be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "the body is of no sender"),
        (bodies.alertmanager() | {"alerts": "none"}, "`alerts` must be a list"),
        (bodies.alertmanager() | {"alerts": [{}] * (MOST + 1)}, "`alerts` has 1,001 items"),
        (bodies.alertmanager({"status": "on fire"}), "`alerts[0].status` must be"),
        (bodies.alertmanager({}, {"startsAt": "soon"}), "`alerts[1].startsAt` must be a time"),
        (bodies.alertmanager({"fingerprint": "", "labels": {}}), "`alerts[0].fingerprint` is missing"),
        (bodies.sentry_metric("odd"), "`action` must be"),
        (bodies.sentry_metric(id=None), "`data.metric_alert.id` is missing"),
        (bodies.sentry_issue_alert(issue_id=None), "`data.event.issue_id` is missing"),
        (bodies.datadog("Checkout is slow"), "`alert_transition` is missing"),
        (bodies.datadog_own("Sideways"), "`alert_transition` must be"),
        (bodies.datadog("[Triggered]"), "`title` is missing"),
        (bodies.plain(state="down"), "`state` must be `firing` or `resolved`"),
        (bodies.plain(title=""), "`title` is missing"),
        (bodies.plain(compnent="API"), "`compnent` is not known here"),
        (bodies.plain(url="javascript:alert(1)"), "`url` must begin with"),
        (bodies.plain(at="yesterday"), "`at` must be a time"),
        (bodies.plain(title=["a"]), "`title` must be a text"),
        (bodies.plain(title="x" * (MAX_TITLE + 1)), "`title` may have 300 characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(body: dict[str, Any], words: str) -> None:
    with pytest.raises(ParseError) as error:
        read(body)

    assert words in str(error.value)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
GOOD = (
    bodies.alertmanager(),
    bodies.grafana(),
    bodies.sentry_metric("resolved"),
    bodies.sentry_issue_alert(),
    bodies.sentry_issue(),
    bodies.datadog(),
    bodies.datadog_own(),
    bodies.plain(page="acme", url="https://a.example", key="k"),
)


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """A good body of which something, somewhere, is something else."""

    def spoil(value: Any) -> Any:
        if not isinstance(value, dict | list) or not value or draw(st.booleans()):
            return draw(anything)
        place = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        copy = value.copy()
        copy[place] = spoil(value[place])
        return copy

    body = dict(draw(st.sampled_from(GOOD)))
    name = draw(st.sampled_from(sorted(body)))
    return body | {name: spoil(body[name])}


@given(spoilt())
def test_whatever_comes_is_read_within_its_limits_or_refused_and_never_breaks(body: dict[str, Any]) -> None:
    try:
        found = read(body)
    except ParseError:
        return

    for one in found:
        assert one.key and len(one.key) <= MAX_KEY and len(one.title) <= MAX_TITLE + 1 and one.title
        assert one.at <= NOW and one.at.tzinfo is not None
        assert not one.url or one.url.startswith(("http://", "https://"))


@given(st.dictionaries(st.sampled_from(["alerts", "orgId", "state", "title", "event_type", "data"]), anything))
def test_any_object_at_all_is_read_or_refused(body: dict[str, Any]) -> None:
    for sender in SENDERS:
        try:
            sender.read({}, body, NOW)
        except ParseError as error:
            assert str(error)
