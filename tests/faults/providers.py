"""Providers that post hooks while the service is killed, each update until it is acknowledged, and their account."""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from statuswire.store import Store

BEGAN = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
PHASES = ("investigating", "identified", "identified", "monitoring", "monitoring", "resolved")
TOGETHER = 3
"""So many incidents of a provider go on at a time."""


def text_of(provider: str, number: int) -> str:
    """Of the update of this number; its incident and its place there stand in it."""
    round_, place = divmod(number, TOGETHER)
    return f"{provider}-{round_ // len(PHASES) * TOGETHER + place} word {round_ % len(PHASES)}"


def statuspage_body(provider: str, number: int) -> dict[str, object]:
    """A subscriber's hook about the update of this number."""
    text, at = text_of(provider, number), (BEGAN + timedelta(seconds=number)).isoformat()
    incident, place = text.split()[0], int(text.split()[-1])
    update = {"id": f"u{number}", "status": PHASES[place], "body": text, "created_at": at, "updated_at": at}
    shown = {"id": incident, "name": f"Incident {incident}", "status": PHASES[place], "impact": "minor"}
    return {
        "page": {"id": provider, "name": provider, "status_indicator": "none", "status_description": ""},
        "incident": shown | {"updated_at": at, "components": [], "incident_updates": [update]},
    }


def generic_body(provider: str, number: int) -> dict[str, object]:
    """The same in words of its own."""
    text, at = text_of(provider, number), (BEGAN + timedelta(seconds=number)).isoformat()
    incident, place = text.split()[0], int(text.split()[-1])
    update = {"id": number, "status": PHASES[place], "body": text, "created_at": at}
    return {"incident": {"uuid": incident, "title": incident, "state": PHASES[place], "updates": [update]}}


@dataclass
class Provider:
    """Posts its updates in order, and one that was not acknowledged again, in bursts. Whether its hooks carry an id
    that tells repeats from new ones is `has_ids`."""

    name: str
    path: str
    body: Callable[[str, int], Mapping[str, object]]
    dice: random.Random
    has_ids: bool
    acknowledged: int = 0
    posts: int = 0
    is_owed: bool = False
    refused: Counter[int] = field(default_factory=Counter)

    @property
    def refusals(self) -> int:
        return self.refused.total()

    def post_on(self, address: str, is_over: threading.Event) -> None:
        """Until the service is gone or it is over; what was begun is then ended."""
        connection = http.client.HTTPConnection(address, timeout=60.0)
        try:
            while self.is_owed or not is_over.is_set():
                self.post_once(connection)
                is_over.wait(self.dice.choice((0.0, 0.0, 0.02, 0.1)))
        except (OSError, http.client.HTTPException):
            pass  # the service is gone, which is what is tested
        finally:
            connection.close()

    def post_once(self, connection: http.client.HTTPConnection) -> None:
        number = self.acknowledged
        headers = {"Content-Type": "application/json"} | ({"webhook-id": f"h{number}"} if self.has_ids else {})
        self.posts, self.is_owed = self.posts + 1, True
        connection.request("POST", self.path, json.dumps(self.body(self.name, number)).encode(), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status in (200, 202):
            self.acknowledged, self.is_owed = number + 1, False
        else:
            self.refused[answer.status] += 1


def providers(dice: random.Random) -> list[Provider]:
    kinds = [("/webhook/statuspage", statuspage_body), ("/webhook/generic/{}", generic_body)]
    names = ("alder", "birch", "cedar", "dogwood")
    return [
        Provider(name, kinds[place % 2][0].format(name), kinds[place % 2][1], random.Random(dice.random()), place < 2)
        for place, name in enumerate(names)
    ]


@contextmanager
def posting(some: Sequence[Provider], base_url: str) -> Iterator[threading.Event]:
    """All of them at once. What is yielded makes them end."""
    is_over = threading.Event()
    address = urlsplit(base_url).netloc
    threads = [threading.Thread(target=one.post_on, args=(address, is_over)) for one in some]
    for thread in threads:
        thread.start()
    try:
        yield is_over
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


# --- the account ----------------------------------------------------------------------------------------------------


class Publishes(Protocol):
    """Somebody whose updates are numbered: `acknowledged` of them are known to the service, or out to be read."""

    name: str
    acknowledged: int
    posts: int

    @property
    def refusals(self) -> int: ...


def hooks_account(store: Store, some: Sequence[Publishes]) -> dict[str, int]:
    """Whether every acknowledged update is one event, and those of an incident are in order."""
    bodies = [json.loads(row[0]) for row in store.read(lambda tx: tx.all("SELECT body FROM event ORDER BY id"))]
    texts = [body["update"]["text"] for body in bodies if body.get("update")]
    wanted = {text_of(one.name, number) for one in some for number in range(one.acknowledged)}
    return {
        "hooks": len(wanted),
        "hooks_again": sum(one.posts - one.acknowledged for one in some),
        "hooks_refused": sum(one.refusals for one in some),
        "hooks_lost": len(wanted - set(texts)),
        "hooks_doubled": len(texts) - len(set(texts)),
        "hooks_foreign": len(set(texts) - wanted),
        "hooks_out_of_order": disordered(texts),
    }


def disordered(texts: Sequence[str]) -> int:
    """In how many incidents an update stands in the log after a later one."""
    places: dict[str, list[int]] = {}
    for text in texts:
        incident, _, place = text.split()
        places.setdefault(incident, []).append(int(place))
    return sum(some != sorted(some) for some in places.values())
