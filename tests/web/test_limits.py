"""How much of a body is read, for how long, and how many refusals a network may cause."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import pytest

from statuswire.web.asgi import Message, Receive
from statuswire.web.limits import Buckets, network_of, read_body
from statuswire.web.problems import Refusal


class Sender:
    """An ASGI `receive` that plays messages, and then is silent for ever."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages: Iterator[Message] = iter(messages)
        self.asked = 0

    async def __call__(self) -> Message:
        self.asked += 1
        for message in self._messages:
            return message
        await asyncio.Event().wait()
        raise AssertionError("silence ended")


def chunks(*bodies: bytes) -> Sender:
    last = len(bodies) - 1
    return Sender([{"type": "http.request", "body": body, "more_body": n < last} for n, body in enumerate(bodies)])


def read(
    receive: Receive, headers: dict[str, str] | None = None, *, max_bytes: int = 10, deadline_s: float = 5
) -> bytes | Refusal:
    return asyncio.run(read_body(receive, headers or {}, max_bytes=max_bytes, deadline_s=deadline_s))


def code(outcome: bytes | Refusal) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def test_a_body_in_pieces_is_put_together() -> None:
    assert read(chunks(b"ab", b"", b"cd")) == b"abcd"


def test_a_body_of_exactly_the_limit_is_read() -> None:
    assert read(chunks(b"0123456789"), {"content-length": "10"}) == b"0123456789"


def test_w7_a_body_one_byte_over_is_too_large_whatever_its_length_claims() -> None:
    assert code(read(chunks(b"0123456789", b"x"), {"content-length": "3"})) == "too_large"
    assert code(read(chunks(b"0123456789x"))) == "too_large"


def test_w7_a_length_that_claims_too_much_is_refused_whatever_comes() -> None:
    assert code(read(chunks(b"{}"), {"content-length": "11"})) == "too_large"
    assert code(read(chunks(b"{}"), {"content-length": "9" * 500})) == "too_large"


def test_w7_a_sender_that_waits_for_our_consent_is_refused_without_reading() -> None:
    sender = chunks(b"x")

    assert code(read(sender, {"content-length": "11", "expect": "100-continue"})) == "too_large"
    assert sender.asked == 0


def test_w7_an_endless_body_is_read_no_further_than_a_bound() -> None:
    piece: Message = {"type": "http.request", "body": b"x" * 1024 * 1024, "more_body": True}
    sender = Sender([piece] * 100)

    assert code(read(sender)) == "too_large"
    assert sender.asked < 12


def test_w7_a_body_that_stops_coming_is_too_slow() -> None:
    sender = Sender([{"type": "http.request", "body": b"{", "more_body": True}])

    assert code(read(sender, deadline_s=0.01)) == "slow_body"


def test_a_connection_that_ends_early_leaves_an_incomplete_body() -> None:
    sender = Sender([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

    assert code(read(sender)) == "incomplete"


@pytest.mark.parametrize("length", ["-1", "1e3", "ten", "", "٣"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    assert code(read(chunks(b"x"), {"content-length": length})) == "bad_length"


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unix", "unix"),
    ],
)
def test_w14_an_ipv6_customer_counts_as_one(client: str, network: str) -> None:
    assert network_of(client) == network


def test_w14_a_network_has_a_burst_of_refusals_and_then_a_rate() -> None:
    refusals = Buckets(burst=3, per_second=1)

    assert [refusals.allows("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert refusals.allows("b", 0.0)
    assert [refusals.allows("a", 2.0) for _ in range(3)] == [True, True, False]


def test_w14_many_networks_do_not_use_up_memory() -> None:
    refusals = Buckets(burst=1, per_second=1)

    for number in range(10_000):
        refusals.allows(str(number), 0.0)

    assert refusals.allows("0", 0.0), "the oldest was forgotten"
    assert not refusals.allows("9999", 0.0)
