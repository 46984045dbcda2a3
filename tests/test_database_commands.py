"""`statuswire db`: which schema there is, which is known, who lives, and bringing one to the other."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statuswire.cli.app import app
from statuswire.desk.schema import Look
from statuswire.store import open_store, queries, schema
from statuswire.store.copying import Living
from statuswire.store.plain import open_place
from statuswire.store.rows import micros
from tests.archive.filling import SMALL, change, url_of

OLD = Living("one", "0.1.0", "0005", datetime(2026, 5, 4, 10, 0, tzinfo=UTC))


def db(*arguments: str, url: str) -> Result:
    return CliRunner().invoke(app, ["db", *arguments, "--database", url])


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the newest schema."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_database"))
    made = url_of(tmp_path / "statuswire.db")
    open_store(made, options=SMALL).close()
    return made


def put_replica(url: str, revision: str) -> None:
    until = micros(datetime.now(UTC) + timedelta(days=1))
    names = "id, started_at, seen_at, lease_until, version, revision, roles, address"
    with closing(open_store(url)) as store:
        sql = f"INSERT INTO replica ({names}) VALUES ('one', 1, 1, :until, '0.1.0', '{revision}', '[]', '')"
        store.write(lambda tx: tx.execute(sql, {"until": until}))


def test_a_database_that_is_up_to_date_needs_nothing(url: str) -> None:
    result = db("status", url=url)

    assert result.exit_code == 0
    assert f"schema {schema.HEAD}; known here: {schema.HEAD}" in result.stdout


def test_living_replicas_are_shown(url: str) -> None:
    put_replica(url, schema.HEAD)

    body = json.loads(db("status", "--json", url=url).stdout)

    assert [(one["id"], one["version"], one["revision"]) for one in body["replicas"]] == [("one", "0.1.0", schema.HEAD)]


def test_an_older_database_is_named_and_left_as_it_is_and_upgraded_when_asked(tmp_path: Path) -> None:
    old = url_of(tmp_path / "old.db")
    with closing(open_place(old, alone=True, is_writer=True, is_new=True)) as place:
        place.write(partial(schema.create, head="0004"))

    asked = [db("status", url=old) for _ in range(2)]
    upgraded = db("upgrade", url=old)

    assert [one.exit_code for one in asked] == [1, 1]
    assert all("schema 0004" in one.stdout and "run `statuswire db upgrade`" in one.stdout for one in asked)
    assert upgraded.stdout == "the database is up to date\n"
    assert db("status", url=old).exit_code == 0


def test_a_newer_database_is_named_with_the_program_that_it_needs(tmp_path: Path) -> None:
    url = url_of(tmp_path / "new.db")
    open_store(url, options=SMALL).close()
    change(tmp_path / "new.db", "UPDATE alembic_version SET version_num = '0999'")
    change(tmp_path / "new.db", "UPDATE setting SET value = '0999' WHERE name = 'schema.compatible'")

    result = db("status", url=url)

    assert (result.exit_code, "use statuswire 0.1.0 or newer" in result.stdout) == (1, True)


def test_a_newer_database_that_this_version_may_use_needs_nothing(tmp_path: Path) -> None:
    url = url_of(tmp_path / "new.db")
    open_store(url, options=SMALL).close()
    change(tmp_path / "new.db", "UPDATE alembic_version SET version_num = '0999'")

    assert db("status", url=url).exit_code == 0


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    change(tmp_path / "theirs.db", "CREATE TABLE theirs (id INTEGER)")

    result = db("status", url=url_of(tmp_path / "theirs.db"))

    assert (result.exit_code, "is the database of another program" in result.stderr) == (2, True)


def test_nothing_is_taken_away_while_an_older_replica_lives(url: str) -> None:
    put_replica(url, "0005")

    result = db("upgrade", "--contract", url=url)

    assert result.exit_code == 2
    assert "older replicas live on the database: one (version 0.1.0); stop or upgrade them first" in result.stderr


def test_all_is_done_where_no_older_replica_lives(url: str) -> None:
    assert db("upgrade", "--contract", url=url).exit_code == 0
    with closing(open_store(url)) as store:
        assert store.read(queries.last_event_id) == 0


def test_what_takes_away_is_left_out_until_it_is_asked_for() -> None:
    assert schema.reachable("0003", frozenset({"0005"})) == "0004"
    assert schema.reachable("0004", frozenset({"0005"})) == "0004"
    assert schema.reachable("0005", frozenset({"0005"})) == schema.HEAD
    assert schema.reachable("0003") == schema.HEAD


@pytest.mark.parametrize(
    ("replicas", "advice"),
    [
        ((), "run `statuswire db upgrade --contract`"),
        ((OLD,), "stop or upgrade one, then: statuswire db upgrade --contract"),
    ],
)
def test_what_is_left_to_take_away_is_advised(replicas: tuple[Living, ...], advice: str) -> None:
    look = Look("x", "sqlite", "0005", schema.HEAD, "0005", "0005", "0.1.0", is_usable=True, replicas=replicas)

    assert look.advice == advice
