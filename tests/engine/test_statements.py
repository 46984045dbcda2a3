"""Statements of a month that was played through the one door: who counts, what is left out, and what proves it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import msgspec
import pytest

from statuswire.core.exempting import Finding
from statuswire.core.figures import to_csv
from statuswire.core.fulfilment import Breach
from statuswire.core.pieces import State
from statuswire.engine import evidence as keeping
from statuswire.engine.statement_forms import as_body, as_rows
from statuswire.engine.statements import Statement, load_statement
from statuswire.model import Contract, Why
from statuswire.store import Store, open_store
from tests.promised import AFTERWARDS, at, config, play
from tests.servers.postgres import Server

OCTOBER = date(2026, 10, 1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "sqlite":
        url, drop = "sqlite://", None
    else:
        server: Server = request.getfixturevalue("postgres_server")
        url = server.new_database()
        drop = partial(server.drop_database, url)
    with closing(open_store(url)) as opened:
        play(opened)
        yield opened
    if drop is not None:
        drop()


@pytest.fixture
def contract() -> Contract:
    return config().promises["payments-api"]


def statement(store: Store, contract: Contract, now: datetime = AFTERWARDS, month: date = OCTOBER) -> Statement:
    return store.read(partial(load_statement, contract=contract, month=month, now=now))


def spent(one: Statement) -> dict[State, float]:
    return {each.state: each.length / MINUTE for each in one.account.states if each.length}


def test_the_month_is_reckoned_as_the_documentation_says(store: Store, contract: Contract) -> None:
    found = statement(store, contract)

    assert found.window.since == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert spent(found) == {
        State.OPERATIONAL: 44_700 - 38 - 60 - 150 - 20,
        State.PARTIAL_OUTAGE: 60,
        State.MAJOR_OUTAGE: 188,
        State.UNOBSERVED: 20,
    }
    assert found.account.down_least == 98 * 60_000_000, "38 of the outage, half of 60, and 30 beyond the plan"
    assert found.account.down_most == 118 * 60_000_000
    assert (found.breach, found.credits) == (Breach.YES, (10, 10))
    assert found.is_final and not found.notes


def test_the_incidents_of_the_components_that_count_are_named_with_the_documents_that_told_of_them(
    store: Store, contract: Contract
) -> None:
    found = statement(store, contract)

    assert [(one.incident.title, one.span) for one in found.incidents] == [
        ("API down", (at(6, 9, 12), at(6, 9, 50))),
        ("Card payments fail", (at(12, 14), at(12, 15))),
    ]
    kept = {one.digest: one for one in found.documents}
    for behind in found.incidents:
        assert [kept[digest].received_at for digest in behind.digests] == list(behind.span)
    hook = kept[found.incidents[1].digests[0]]
    assert (hook.source, hook.url) == ("hook", "")
    body = store.read(partial(keeping.read_document, digest=hook.digest))
    assert json.loads(body or b"")["incidents"] == {"i2": "investigating"}


def test_announced_maintenance_is_left_out_as_far_as_it_kept_to_its_plan(store: Store, contract: Contract) -> None:
    found = statement(store, contract)

    (work,) = found.works
    assert (work.finding, work.notice) == (Finding.EXEMPT, timedelta(days=4, hours=15))
    assert work.exempt == (at(17, 1), at(17, 3))

    late = statement(store, replace(contract, notice=timedelta(days=5)))
    assert (late.works[0].finding, late.exempt) == (Finding.TOO_LATE, ())
    assert late.account.down_least == 218 * 60_000_000


def test_maintenance_that_was_announced_in_time_by_the_word_of_the_provider_alone_is_remarked_upon(
    store: Store, contract: Contract
) -> None:
    """Announced on the 12th at 10:00 by its own word, seen at 16:00, planned for the 17th at 01:00."""
    between = statement(store, replace(contract, notice=timedelta(hours=110)))

    assert between.works[0].finding is Finding.EXEMPT
    assert between.notes == ("New switches: announced in time by the provider's word, first seen here later.",)


def test_how_the_page_stood_at_both_ends_is_kept(store: Store, contract: Contract) -> None:
    found = statement(store, contract)

    assert [(one.why, one.received_at) for one in found.opening] == [(Why.CHANGE, at(1) - timedelta(days=3))]
    assert (found.documents[-1].why, found.documents[-1].received_at) == (Why.LAST, at(31, 22, 50))
    later = statement(store, contract, month=date(2026, 11, 1))
    assert [one.received_at for one in later.opening] == [at(31, 22, 50)]


def test_each_component_is_reckoned_by_itself_too(store: Store, contract: Contract) -> None:
    found = statement(store, contract)

    assert [(one.name, one.account.down_least / 60_000_000) for one in found.shares] == [
        ("API", 68), ("Checkout / Cards", 30),
    ]  # fmt: skip


def test_a_component_that_is_not_there_is_one_of_which_nothing_is_known(store: Store, contract: Contract) -> None:
    found = statement(store, replace(contract, components=("API", "Wallet")))

    assert spent(found) == {State.UNOBSERVED: 44_700 - 68, State.MAJOR_OUTAGE: 68}
    assert found.notes == ("The page has no component that is like Wallet: of it nothing is known.",)
    fine = statement(store, replace(contract, components=("Wallet",)))
    assert (fine.breach, fine.account.best, fine.account.worst) == (Breach.UNDECIDED, 100, 0)


def test_the_page_as_a_whole_goes_by_its_roll_up(store: Store, contract: Contract) -> None:
    found = statement(store, replace(contract, components=()))

    assert spent(found)[State.MAJOR_OUTAGE] == 188


@pytest.mark.parametrize("month", [date(2026, 10, 1), date(2026, 12, 1)])
def test_of_a_page_that_was_never_read_nothing_is_known(store: Store, contract: Contract, month: date) -> None:
    found = statement(store, replace(contract, page="nobody"), month=month)

    assert found.notes[0] == "The page nobody was never read."
    assert (found.breach, found.account.best, found.account.worst) == (Breach.UNDECIDED, 100, 0)


def test_a_month_that_is_not_over_says_so(store: Store, contract: Contract) -> None:
    found = statement(store, contract, now=at(7))

    assert not found.is_final
    assert spent(found)[State.TO_COME] == (found.window.until - at(7)) / MINUTE
    assert found.breach is Breach.UNDECIDED
    assert found.notes == ("The window is not over: what is to come is not known.",)


def test_a_month_before_the_first_reading_is_not_known(store: Store, contract: Contract) -> None:
    found = statement(store, contract, month=date(2026, 8, 1))

    assert spent(found) == {State.UNOBSERVED: 44_640}
    assert "No documents are kept of this time." in found.notes


def test_an_objective_between_the_bounds_is_undecided(store: Store, contract: Contract) -> None:
    found = statement(store, replace(contract, objective=Decimal("99.75")))

    assert found.breach is Breach.UNDECIDED


def test_the_table_and_the_body_say_the_same(store: Store, contract: Contract) -> None:
    found = statement(store, contract)

    rows = list(csv.DictReader(io.StringIO(to_csv(as_rows(found)))))
    body = json.loads(msgspec.json.encode(as_body(found)))

    of = lambda part: [row for row in rows if row["part"] == part]  # noqa: E731
    assert sum(float(row["minutes"]) for row in of("state")) == 44_700
    assert [row["down_min"] for row in of("state") if float(row["down_min"])] == ["30.0", "68.0"]
    assert [row["name"] for row in of("incident")] == [one["title"] for one in body["incidents"]]
    assert [row["sha256"] for row in of("document")] == [one["sha256"] for one in body["documents"]]
    assert [row["result"] for row in of("step")] == [one["result"] for one in body["steps"]]
    assert (body["best"], body["worst"], body["breach"]) == (99.7801, 99.7353, "yes")
    assert (body["credit_least"], body["credit_most"], body["is_final"]) == (10.0, 10.0, True)
    assert body["maintenances"][0]["finding"] == "exempt"
