"""Orders over HTTP: who may give them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from statuswire.model import Delivery, MessageKind
from statuswire.signing import control_token, hook_token
from statuswire.store import queries
from tests.web.parts import Site

TOKEN = control_token(b"s" * 32)
RIGHT = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
ENABLE = {"type": "enable", "channel": "ops"}


@pytest.fixture
def rung() -> list[str]:
    return []


@pytest.fixture
def site(rung: list[str]) -> Iterator[Site]:
    made = Site()
    made.replace(control_token=TOKEN, on_order=lambda: rung.append("rung"), channels=("ops",))
    yield made
    made.store.close()


def disable(site: Site) -> None:
    one = Delivery(0, "ops", "0", "msg_1", MessageKind.EVENT, (1,))
    now = site.clock.now()
    site.store.write(lambda tx: queries.add_delivery(tx, one, "console", now))
    site.store.write(lambda tx: queries.disable_channel(tx, "ops", "HTTP 410", now))


def test_an_order_is_obeyed_and_the_loops_are_woken(site: Site, rung: list[str]) -> None:
    disable(site)
    assert site.get("/health").json["channels"] == {"disabled": ["ops"], "failing": [], "waiting": 1}
    assert site.get("/health").json["status"] == "degraded"

    reply = site.post("/control", ENABLE, RIGHT)

    assert reply.status == 200
    assert reply.json == {
        "done": True,
        "sentence": "ops is enabled; 1 waiting",
        "id": 0,
        "name": "",
        "faults": [],
    }
    assert rung == ["rung"]
    assert site.get("/health").json["channels"] == {"disabled": [], "failing": [], "waiting": 1}


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer ", "Bearer x", TOKEN[:-1], f"Bearer {hook_token(b's' * 32, 'acme')}", "Bearer \xff"],
)
def test_without_the_token_nobody_orders_anything(site: Site, authorization: str) -> None:
    reply = site.post("/control", ENABLE, RIGHT | {"authorization": authorization})

    assert (reply.status, reply.json["code"]) == (401, "untrusted")


def test_where_there_is_no_token_none_is_right(site: Site) -> None:
    site.replace(control_token="")

    assert site.post("/control", ENABLE, RIGHT | {"authorization": "Bearer "}).status == 401


@pytest.mark.parametrize(
    ("client", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 401), ("10.1.2.3", 200), ("", 401)],
)
def test_orders_come_from_this_machine(site: Site, client: str, status: int) -> None:
    disable(site)

    assert site.post("/control", ENABLE, RIGHT, client=client, server=("10.1.2.3", 8000)).status == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"type": "stop"}',
        b'{"type": "drop", "id": "x"}',
        b'{"type": "enable"}',
        b"\xff",
        b"[" * 9000,
    ],
)
def test_what_is_no_order_is_refused(site: Site, body: bytes) -> None:
    reply = site.post("/control", body, RIGHT)

    assert (reply.status, reply.json["code"]) == (400, "bad_json")


def test_orders_are_posted_and_short(site: Site) -> None:
    assert site.get("/control").status == 405
    assert site.post("/control", b" " * 70_000, RIGHT).status == 413
