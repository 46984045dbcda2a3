"""Who lives and holds what, for the API and the doctor."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from statuswire.core.leases import SHARDS
from statuswire.doctor.finding import Grade
from statuswire.doctor.replicas import replica_findings
from statuswire.engine.duties import Duty
from statuswire.engine.replica_list import load_replicas
from statuswire.model import ReplicaRole
from statuswire.store import Store
from tests.engine.sharing import Member, opened, rounds


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_database")
    with opened(url) as store:
        yield store


def start(store: Store, *names: str) -> list[Member]:
    members = [Member(store, name) for name in names]
    asyncio.run(rounds(*members, count=2, seconds=1))
    return members


def test_every_process_that_lives_is_named_with_what_it_holds(store: Store) -> None:
    one, _ = start(store, "one", "two")

    found = {held.replica.about.id: held for held in store.read(lambda tx: load_replicas(tx, one.clock.now()))}

    assert {name: held.shards for name, held in found.items()} == {"one": 128, "two": 128}
    assert found["one"].duties == tuple(sorted(Duty))
    assert found["two"].duties == ()
    assert found["two"].replica.about.address == "http://two"


def test_who_does_not_live_any_more_holds_nothing(store: Store) -> None:
    one, two = start(store, "one", "two")
    one.run_out()

    (left,) = store.read(lambda tx: load_replicas(tx, two.clock.now()))

    assert (left.replica.about.id, left.shards) == ("two", 128)


def test_the_doctor_names_each_and_says_when_shards_have_no_holder(postgres_database: str) -> None:
    with opened(postgres_database) as store:
        (nobody,) = store.read(lambda tx: list(replica_findings(tx, Member(store, "x").clock.now())))
        one, _ = start(store, "one", "two")
        well = store.read(lambda tx: list(replica_findings(tx, one.clock.now())))
        one.run_out()
        ill = store.read(lambda tx: list(replica_findings(tx, one.clock.now())))

    assert nobody.sentence == "none lives"
    assert [(finding.subject, finding.grade) for finding in well] == [
        ("replica one", Grade.OK),
        ("replica two", Grade.OK),
    ]
    assert "128 shards" in well[1].sentence
    assert ill[-1].sentence == f"128 of {SHARDS} are polled by nobody at this moment"


def test_the_doctor_says_what_no_living_process_does(postgres_database: str) -> None:
    with opened(postgres_database) as store:
        some = Member(store, "some", roles=[ReplicaRole.HOOKS, ReplicaRole.POLL])
        asyncio.run(rounds(some, count=2, seconds=1))
        found = store.read(lambda tx: list(replica_findings(tx, some.clock.now())))

    assert [(finding.subject, finding.grade) for finding in found] == [
        ("replica some", Grade.OK),
        ("role deliver", Grade.ACT),
        ("role web", Grade.ACT),
    ]
    assert found[1].sentence == "nobody sends anything to any channel"


def test_the_doctor_has_nothing_to_say_where_one_process_has_the_database() -> None:
    with opened("sqlite://") as store:
        start(store, "one")

        assert store.read(lambda tx: list(replica_findings(tx, Member(store, "x").clock.now()))) == []
