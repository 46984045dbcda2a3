"""Contracts: what the file may say of them, what becomes of it, and what is said of mistakes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from statuswire import config
from statuswire.cli import printing
from statuswire.config import layers
from statuswire.config.remarks import remarks
from statuswire.errors import ConfigError
from statuswire.model import Contract, Credit, LeftOut, NamedTime, Status, Term, WeeklyHours

NOW = datetime(2026, 11, 29, tzinfo=UTC)
WHOLE = """
pages: [{slug: payments, url: "https://pay.example.com"}]
contracts:
  payments-api:
    page: payments
    components: ["API", "Checkout / *"]
    objective: 99.9
    window: quarter
    zone: Europe/Berlin
    weights: {major_outage: 1, partial_outage: 0.5, degraded: 0.1}
    exclude:
      maintenance: 72h
      hours: [{days: [sun], from: "23:00", to: "02:00", reason: weekly window}]
      dates: [{from: 2026-10-03, until: 2026-10-03T12:00Z, reason: strike}]
    credits: [{below: 99, credit: 25}, {below: 99.9, credit: 10}]
"""


def loaded(text: str) -> config.Config:
    return config.validate(layers.parse(text, "f.yaml"), {})


def contract(text: str) -> Contract:
    return loaded(f"contracts: {{a: {{page: openai, objective: 99.9{text}}}}}").promises["a"]


def complaint(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(text)
    return str(caught.value)


def test_a_contract_says_what_counts_and_what_does_not() -> None:
    made = loaded(WHOLE).promises["payments-api"]

    assert (made.page, made.components, made.objective) == ("payments", ("API", "Checkout / *"), Decimal("99.9"))
    assert (made.window, str(made.zone), made.notice) == (Term.QUARTER, "Europe/Berlin", timedelta(hours=72))
    assert made.weights == {
        Status.MAJOR_OUTAGE: 1, Status.PARTIAL_OUTAGE: Decimal("0.5"), Status.DEGRADED: Decimal("0.1"),
    }  # fmt: skip
    assert made.hours == (WeeklyHours(time(23), time(2), "weekly window", frozenset({6})),)
    assert made.dates == (
        NamedTime(datetime(2026, 10, 2, 22, tzinfo=UTC), datetime(2026, 10, 3, 12, tzinfo=UTC), "strike"),
    )
    assert made.credits == (Credit(Decimal("99.9"), Decimal(10)), Credit(Decimal(99), Decimal(25)))


def test_the_usual_contract_is_about_months_and_counts_outages_as_uptime_does() -> None:
    made = contract("")

    assert (made.window, made.zone, made.notice, made.credits) == (Term.MONTH, UTC, None, ())
    assert made.weights == {Status.MAJOR_OUTAGE: 1, Status.PARTIAL_OUTAGE: Decimal("0.3")}


def test_a_window_may_be_a_length_of_time() -> None:
    assert contract(", window: 30d").window == timedelta(days=30)


def test_what_does_not_count_is_taken_out_of_the_window_unless_it_is_to_stay_there_as_up() -> None:
    assert contract("").left_out is LeftOut.NOTHING
    assert contract(", exclude: {counts_as: up}").left_out is LeftOut.UP


def test_zero_is_any_notice_and_false_is_no_exemption() -> None:
    assert contract(", exclude: {maintenance: 0s}").notice == timedelta(0)
    assert contract(", exclude: {maintenance: false}").notice is None


def test_the_settings_are_printed_as_they_are_written() -> None:
    printed = printing.config_json(loaded(WHOLE))

    assert '"window": "quarter"' in printed and '"from": "23:00"' in printed and '"maintenance": "3d"' in printed


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("a: {objective: 99.9}", "f.yaml:1: `contracts.a.page` is needed"),
        ("a: {page: openai}", "`contracts.a.objective` is needed; right: objective: 99.9"),
        ("a: {page: openai, objective: 101}", "`contracts.a.objective` must be less than or equal to 100"),
        ("'a/b': {page: openai, objective: 99}", "`contracts.a/b` is no name"),
        ("a: {page: openai, objective: 99, window: year}", "`contracts.a.window` is not a length of time"),
        ("a: {page: openai, objective: 99, window: 400d}", "`contracts.a.window` must be `month`, `quarter`, or"),
        ("a: {page: openai, objective: 99, zone: Mars}", "`contracts.a.zone` `Mars` is not a time zone"),
        ("a: {page: openai, objective: 99, weights: {broken: 1}}", "`broken`, which is no level that can count"),
        ("a: {page: openai, objective: 99, weights: {degraded: 2}}", "`contracts.a.weights.degraded` must be less"),
        (
            "a: {page: openai, objective: 99, exclude: {hours: [{from: '1:00', to: '2:00'}]}}",
            "hours[0].reason` is needed",
        ),
        (
            "a: {page: openai, objective: 99, exclude: {hours: [{from: x, to: '2:00', reason: y}]}}",
            "is not a time of day",
        ),
        (
            "a: {page: openai, objective: 99, exclude: {dates: [{from: 2026-10-04, until: 2026-10-04, reason: y}]}}",
            "`contracts.a.exclude.dates[0].until` must be later than `from`",
        ),
        (
            "a: {page: openai, objective: 99, exclude: {dates: [{from: soon, until: 2026-10-04, reason: y}]}}",
            "is neither a day nor a moment",
        ),
        (
            "a: {page: openai, objective: 99, credits: [{below: 99, credit: 5}, {below: 98, credit: 5}]}",
            "`contracts.a.credits` must owe more, the lower the result",
        ),
        ("a: {page: openai, objective: 99, goal: 1}", "`contracts.a.goal` is not a setting"),
    ],
)
def test_a_mistake_is_told_with_its_place(entry: str, said: str) -> None:
    assert said in complaint(f"contracts: {{{entry}}}")


def test_a_contract_with_a_page_that_is_not_configured_is_remarked_upon() -> None:
    text = WHOLE.replace("page: payments", "page: payment")

    assert [sentence for _, sentence in remarks(loaded(text), NOW)] == [
        "`contracts.payments-api.page`: no configured page has the slug `payment`; did you mean `payments`? (payments)"
    ]
    assert not list(remarks(loaded(WHOLE), NOW))
