"""What the database itself sees of several replicas: who holds what, who writes what that needs a lease, and when.

Moments are those of the database's clock, which is this machine's: how soon a test looks is no part of any figure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

import psycopg

from statuswire.core.leases import SHARDS
from tests.chaos.town import Town

OBSERVE = """
CREATE TABLE wrote (id BIGSERIAL, who TEXT, what TEXT, page BIGINT, owner TEXT);
CREATE FUNCTION note_write() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO wrote (who, what, page, owner)
    SELECT current_user, TG_ARGV[0], NEW.page_id, lease.owner
    FROM page JOIN lease ON lease.name = 'shard/' || page.shard WHERE page.id = NEW.page_id;
    RETURN NULL;
END $$;
CREATE TRIGGER observed AFTER UPDATE ON feed FOR EACH ROW EXECUTE FUNCTION note_write('feed');
CREATE TRIGGER observed AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION note_write('event');
CREATE TABLE recorded (at DOUBLE PRECISION, title TEXT);
CREATE FUNCTION note_event() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO recorded VALUES (EXTRACT(EPOCH FROM clock_timestamp()), NEW.body::JSON -> 'incident' ->> 'title');
    RETURN NULL;
END $$;
CREATE TRIGGER recorded AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION note_event();
CREATE TABLE marked (id BIGSERIAL, who TEXT, message TEXT);
CREATE FUNCTION note_mark() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO marked (who, message) VALUES (current_user, NEW.message_id);
    RETURN NULL;
END $$;
CREATE TRIGGER observed AFTER INSERT ON delivery_log FOR EACH ROW EXECUTE FUNCTION note_mark();
CREATE TABLE taken (at DOUBLE PRECISION, name TEXT);
CREATE FUNCTION note_taking() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE one JSONB := to_jsonb(NEW);
BEGIN
    INSERT INTO taken VALUES (
        EXTRACT(EPOCH FROM clock_timestamp()), COALESCE(one ->> 'name', (one ->> 'channel') || ' ' || (one ->> 'lane'))
    );
    RETURN NULL;
END $$;
CREATE TRIGGER taken AFTER UPDATE ON lease FOR EACH ROW WHEN (OLD.epoch <> NEW.epoch) EXECUTE FUNCTION note_taking();
CREATE TRIGGER taken AFTER UPDATE ON lane FOR EACH ROW WHEN (OLD.epoch <> NEW.epoch) EXECUTE FUNCTION note_taking();
"""


@dataclass
class Observer:
    """`ids` are the names in the database of the replicas of this town."""

    town: Town
    ids: dict[str, str]

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with closing(psycopg.connect(self.town.database, autocommit=True)) as connection:
            cursor = connection.execute(sql.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def shards_of(self, name: str) -> int:
        query = "SELECT COUNT(*) FROM lease WHERE owner = %s AND kind = 'shard'"
        return int(str(self.ask(query, self.ids[name])[0][0]))

    def deal(self, first: Sequence[int]) -> None:
        """Give each replica its share at once, of these shards in turn before all others; each learns of it when it
        renews."""
        order = [*first, *(shard for shard in range(SHARDS) if shard not in first)]
        owners = list(self.ids.values())
        for place, shard in enumerate(order):
            query = "UPDATE lease SET owner = %s, epoch = epoch + 1, lease_until = %s WHERE name = %s"
            until = int(time.time() * 1_000_000) + 15_000_000
            self.ask(query, owners[place % len(owners)], until, f"shard/{shard}")

    def recorded(self) -> dict[str, float]:
        """When each incident was recorded first, in seconds of this machine's clock, by its title."""
        found = self.ask("SELECT title, MIN(at) FROM recorded WHERE title IS NOT NULL GROUP BY title")
        return {str(title): float(str(at)) for title, at in found}

    def leases_of(self, *names: str) -> list[str]:
        owners = [self.ids[name] for name in names]
        return [str(row[0]) for row in self.ask("SELECT name FROM lease WHERE owner = ANY(%s)", owners)]

    def lane_of(self, message: str) -> str:
        """The lane in which this message waits, as `all_taken` calls it."""
        return str(self.ask("SELECT channel || ' ' || lane FROM delivery WHERE message_id = %s", message)[0][0])

    def all_taken(self, names: Sequence[str], since: float) -> float | None:
        """How long after that moment (seconds of this machine's clock) the last of these leases and lanes was taken.
        None where one was not."""
        query = "SELECT name, MIN(at) FROM taken WHERE name = ANY(%s) AND at >= %s GROUP BY name"
        found = self.ask(query, list(names), since)
        return max(float(str(at)) for _, at in found) - since if len(found) == len(set(names)) else None

    def strangers(self) -> list[tuple[object, ...]]:
        """What was written by somebody else than the holder of the page's shard."""
        names = {owner: name for name, owner in self.ids.items()}
        found = self.ask("SELECT who, what, page, owner FROM wrote ORDER BY id")
        return [row for row in found if row[0] != names.get(str(row[3]))]


def observing(town: Town) -> Observer:
    """From now on every such write is kept."""
    with closing(psycopg.connect(town.database, autocommit=True)) as connection:
        connection.execute(OBSERVE.encode())
        rows = connection.execute("SELECT address, id FROM replica").fetchall()
    ids = {str(address).removeprefix("http://").rstrip("/"): str(id_) for address, id_ in rows}
    return Observer(town, {replica.name: ids[replica.address] for replica in town.replicas})


def seconds_until(is_so: Callable[[], bool], since: float, patience_s: float) -> float:
    """How long after `since` (monotonic seconds) it came to be so, looked at every few milliseconds. Raises
    AssertionError after `patience_s`."""
    while not is_so():
        assert time.monotonic() - since < patience_s, f"not within {patience_s} s"
        time.sleep(0.02)
    return time.monotonic() - since
