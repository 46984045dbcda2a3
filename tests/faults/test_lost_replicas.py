"""F4, P2: replicas that are killed, stopped, cut off and ended at one and the same time are replaced by the one that is
left, write nothing stale when they come back, and take part again by themselves."""

from __future__ import annotations

import http.client
import json
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from statuswire.core.leases import shard_of
from statuswire.store import open_store
from tests.chaos.town import Replica, Town, town
from tests.e2e.waiting import BUSY_S, wait_until
from tests.faults.gate import Gate
from tests.faults.ledger import Receipts, account
from tests.faults.observed import Observer, observing
from tests.faults.providers import hooks_account
from tests.faults.receiver import LIFE, PLAIN

NAMES = ("ash", "beech", "cherry", "dogwood")
pytestmark = pytest.mark.usefixtures("servers")
PAGES = {f"page{number}": f"127.0.0.{number}" for number in range(2, 10)}
"""Page `number` is dealt to the replica of that place."""

BEECHS = "page3"
BOUND_S = 17.0
HAND_OVER_S = 2.0
PATIENCE_S = 60.0


def asked(replica: Replica, method: str, path: str, body: bytes | None = None) -> tuple[int, Mapping[str, str], float]:
    """Status, headers and how long it took, in seconds."""
    began = time.monotonic()
    with closing(http.client.HTTPConnection(replica.address, timeout=PATIENCE_S)) as connection:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, dict(answer.getheaders()), time.monotonic() - began


def stale_writes(replica: Replica) -> int:
    with closing(http.client.HTTPConnection(replica.address, timeout=PATIENCE_S)) as connection:
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
    return sum(int(float(line.split()[1])) for line in lines if line.startswith("statuswire_stale_writes_total"))


def sent_by(life: int) -> Gate:
    """Catches the first message of this life."""
    return Gate(lambda seen: seen.headers.get(LIFE) == str(life))


def publish(some: Town) -> None:
    for one in some.polled:
        one.publish()


def arm(some: Town, *gates: Gate) -> None:
    """Set the gates, and publish until each has caught something."""
    for gate in gates:
        gate.is_set = True
    for _ in range(20):
        publish(some)
        try:
            wait_until(lambda: all(gate.caught for gate in gates), "something under way", 2.0)
        except AssertionError:
            continue
        return
    raise AssertionError("nothing was under way")


def in_db(some: Town) -> int:
    """How many updates of incidents are in the log."""
    with closing(psycopg.connect(some.database)) as connection:
        row = connection.execute("SELECT COUNT(*) FROM event WHERE type LIKE 'incident.%'").fetchone()
    return 0 if row is None else int(row[0])


def message_of(gate: Gate) -> str:
    """The id of the message that it has caught."""
    assert gate.caught is not None
    return gate.caught.headers["webhook-id"]


def came_again(gates: Mapping[str, Gate], of: Gate) -> bool:
    """Whether another replica has sent what this gate has caught."""
    return any(seen.headers.get("webhook-id") == message_of(of) for _, seen in gates["last"].passed)


def taken_after(seen: Observer, names: Sequence[str], since: float) -> float:
    """How long after that moment the last of these was another's, in seconds by the database's clock."""
    assert names
    wait_until(lambda: seen.all_taken(names, since) is not None, "all to be taken", PATIENCE_S)
    found = seen.all_taken(names, since)
    assert found is not None
    return found


def test_F4_killed_stopped_and_cut_off_replicas_are_replaced_in_time_and_write_nothing_stale(tmp_path: Path) -> None:
    with town(tmp_path, 5, NAMES, PAGES) as some:
        ash, beech, cherry, dogwood = some.replicas
        some.begin()
        seen = observing(some)
        seen.deal([shard_of(host) for host in PAGES.values()])
        wait_until(lambda: _has_shards(some, 40), "a fair share of each", PATIENCE_S)

        sending = {"ash": sent_by(ash.life), "beech": sent_by(beech.life), "last": Gate(lambda _: False)}
        for name in some.receiver.receipts:
            script = some.receiver.play
            for gate in (sending["last"], sending["beech"], sending["ash"]):
                script = gate.before(script)
            some.edge.script(f"/{name}", script)
        polling = Gate(lambda _: True)
        for one in some.polled:
            if one.name == BEECHS:
                some.script(one.name, "summary.json", polling.before(one.play))
        arm(some, sending["ash"], sending["beech"])
        polling.is_set = True
        wait_until(lambda: polling.caught is not None, "a poll under way", PATIENCE_S)

        figures = _lose(some, seen, sending)
        publish(some)
        wait_until(lambda: in_db(some) == _published(some), "what was published meanwhile", PATIENCE_S)
        for gate in (polling, sending["ash"], sending["beech"]):
            gate.open()
        marks = len(seen.ask("SELECT 1 FROM marked WHERE who = 'beech'"))
        beech.signal(signal.SIGCONT)
        cherry.wire.mend()
        wait_until(lambda: min(seen.shards_of("beech"), seen.shards_of("cherry")) > 0, "their part again", PATIENCE_S)
        by_beech = seen.ask("SELECT message FROM marked WHERE who = 'beech' ORDER BY id")[marks:]
        assert message_of(sending["beech"]) not in {row[0] for row in by_beech}
        figures["stale writes dropped"] = stale_writes(beech)

        figures |= _end(some, seen, beech)
        publish(some)
        wait_until(lambda: in_db(some) == _published(some), "what was published at last", PATIENCE_S)
        wait_until(lambda: some.pending() == (0, 0, 0), "the end of the work", PATIENCE_S)
        print(json.dumps(figures))
        assert seen.strangers() == []
        assert [replica.end() for replica in (cherry, dogwood)] == [0, 0]
        _check_account(some)


def _has_shards(some: Town, least: int) -> bool:
    """Whether each knows of so many."""
    for replica in some.replicas:
        with closing(http.client.HTTPConnection(replica.address, timeout=PATIENCE_S)) as connection:
            connection.request("GET", "/health")
            if json.loads(connection.getresponse().read())["replica"]["shards"] < least:
                return False
    return True


def _lose(some: Town, seen: Observer, sending: Mapping[str, Gate]) -> dict[str, float]:
    """Three of four at once; what the fourth needed to replace them, by the database's clock."""
    ash, beech, cherry, _ = some.replicas
    leases = seen.leases_of("ash", "beech", "cherry")
    lanes = [seen.lane_of(message_of(sending[name])) for name in ("ash", "beech")]
    began = time.time()
    beech.signal(signal.SIGSTOP)
    cherry.wire.cut()
    ash.kill()
    hook = json.dumps({"incident": {"uuid": "x1", "title": "Not kept", "state": "investigating"}}).encode()
    status, headers, took_s = asked(cherry, "POST", "/webhook/generic/nobody", hook)
    assert (status, "retry-after" in {name.lower() for name in headers}) == (503, True)
    assert took_s < 1.0 + BUSY_S, "a sender need not wait"
    wait_until(lambda: came_again(sending, sending["ash"]), "what the killed one was sending", PATIENCE_S)
    wait_until(lambda: came_again(sending, sending["beech"]), "what the stopped one was sending", PATIENCE_S)
    leases_s, lanes_s = taken_after(seen, leases, began), taken_after(seen, lanes, began)
    assert leases_s <= BOUND_S
    assert lanes_s <= BOUND_S
    assert asked(cherry, "GET", "/health")[0] == 503
    return {"hook refused after": took_s, "leases taken after": leases_s, "lanes taken after": lanes_s}


def _end(some: Town, seen: Observer, replica: Replica) -> dict[str, float]:
    """One is told to end; the others have what was its own, and it is gone."""
    leases = seen.leases_of(replica.name)
    began, began_s = time.time(), time.monotonic()
    replica.signal(signal.SIGTERM)
    assert replica.ended() == 0
    ended_s = time.monotonic() - began_s
    taken_s = taken_after(seen, leases, began)
    assert taken_s <= HAND_OVER_S
    assert ended_s <= 5.0 + BUSY_S
    return {"leases handed over after": taken_s, "ended after": ended_s}


def _published(some: Town) -> int:
    return sum(one.acknowledged for one in some.polled)


def _check_account(some: Town) -> None:
    receiver = some.receiver
    plain = Receipts(sum((receiver.receipts[name].counts for name in PLAIN), Counter()))
    with closing(open_store(some.database)) as store:
        told = hooks_account(store, some.polled)
        sent = account(store, PLAIN, plain)
    wrong = {name: count for name, count in told.items() if name not in ("hooks", "hooks_again", "hooks_refused")}
    assert set(wrong.values()) == {0}, told
    assert {sent[name] for name in ("lost", "foreign", "left", "out_of_order")} == {0}, sent
