"""F16, P15: a rolling upgrade of real processes under load, back and forth, and what comes after it."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg

from statuswire.store import schema
from tests.chaos.__main__ import is_clean, report_of, work_off
from tests.chaos.town import PATIENCE_S, Replica, Town, town, working
from tests.e2e.waiting import wait_until
from tests.versions import Migration, Version, make_version

GROWS = (
    Migration(
        "0901",
        """
ALTER TABLE page ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';
CREATE TABLE extra (id BIGINT PRIMARY KEY, page_id BIGINT NOT NULL REFERENCES page (id));
UPDATE setting SET value = '0.2.0' WHERE name = 'schema.needs';
""",
    ),
    Migration("0902", "ALTER TABLE inbox ADD COLUMN weight BIGINT NOT NULL DEFAULT 1;\n"),
    Migration(
        "0903",
        """
ALTER TABLE event ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';
CREATE INDEX event_colour ON event (colour, id);
""",
    ),
)
GROWN = GROWS[-1].revision
SHRINKS = Migration(
    "0904",
    """
ALTER TABLE inbox DROP COLUMN weight;
UPDATE setting SET value = '0904' WHERE name = 'schema.compatible';
""",
    is_contract=True,
)


def begin(some: Town, replica: Replica, version: Version) -> None:
    """Start a replica as this version, and wait until it takes hooks."""
    replica.environ = version.environ
    some.start(replica)
    assert replica.service is not None
    assert replica.service.base_url, "it says where it listens, or why not"
    wait_until(lambda: bool(replica.address), f"{replica.name} as {version.number}", PATIENCE_S)


def replace(some: Town, replica: Replica, version: Version) -> None:
    assert replica.end() == 0
    begin(some, replica, version)


def asked(some: Town, question: str) -> list[tuple[object, ...]]:
    with closing(psycopg.connect(some.database)) as connection:
        return connection.execute(question.encode()).fetchall()


def versions(some: Town) -> Counter[object]:
    """Of the replicas that live."""
    return Counter(row[0] for row in asked(some, "SELECT version FROM replica"))


def revision(some: Town) -> object:
    return asked(some, "SELECT version_num FROM alembic_version")[0][0]


def let_us_in(some: Town) -> None:
    """The account is this process's, which is of the old version: what was taken away does not concern it."""
    with closing(psycopg.connect(some.database, autocommit=True)) as connection:
        connection.execute("UPDATE setting SET value = '0006' WHERE name = 'schema.compatible'")


def go_on(some: Town, count: int = 15) -> None:
    """Until everybody who posts and publishes together has so many more updates acknowledged."""

    def out() -> int:
        return sum(one.acknowledged for one in (*some.hooking, *some.polled))

    before = out()
    wait_until(lambda: out() >= before + count, "more updates", PATIENCE_S)


def upgrade(some: Town, old: Version, new: Version) -> None:
    """One after another, back for one of them, and to the end."""
    ash, beech, cherry = some.replicas
    begin(some, cherry, new)
    assert revision(some) == GROWN
    wait_until(lambda: versions(some) == {"0.1.0": 2, "0.2.0": 1}, "two versions at once", PATIENCE_S)
    go_on(some)

    refused = new.command("db", "upgrade", "--contract", database=some.database, cwd=some.folder)
    assert (refused.returncode, "older replicas live on the database" in refused.stderr) == (2, True), refused
    assert revision(some) == GROWN

    replace(some, ash, old)  # as on the way back: it starts on the schema that has grown
    go_on(some)
    replace(some, ash, new)
    replace(some, beech, new)
    wait_until(lambda: versions(some) == {"0.2.0": 3}, "the new version alone", PATIENCE_S)


def test_F16_a_rolling_upgrade_under_load_and_back_loses_nothing(tmp_path: Path) -> None:
    old = make_version(tmp_path / "old", "0.1.0")
    new = make_version(tmp_path / "new", "0.2.0", [*GROWS, SHRINKS])
    with town(tmp_path, seed=16) as some:
        for replica in some.replicas[:2]:
            begin(some, replica, old)
        wait_until(lambda: all(one.reads for one in some.polled), "the first look at every page", PATIENCE_S)
        with working(some) as is_over:
            go_on(some)
            upgrade(some, old, new)
            done = new.command("db", "upgrade", "--contract", database=some.database, cwd=some.folder)
            assert (done.returncode, revision(some)) == (0, SHRINKS.revision), done
            go_on(some)
            is_over.set()
        work_off(some)

        late = old.command("run", "--port", "0", database=some.database, cwd=some.folder)
        assert late.returncode == 78
        assert late.stderr == (
            f"statuswire: the database has schema 0904, this version knows {schema.HEAD}: it needs statuswire 0.2.0"
            " or newer\n"
        )
        assert [replica.end() for replica in some.replicas] == [0, 0, 0]
        let_us_in(some)
        report = report_of(some, Counter())

    assert is_clean(report), report
    assert {code for one in some.hooking for code in one.refused} <= {503}, [one.refused for one in some.hooking]
