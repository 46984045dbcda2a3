"""Publications to a real broker: acknowledgements, TLS, login, refusals, silence, and where nothing may go."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.model import Post, Publication, Reply
from statuswire.net.mqtt import connect_packet, publish_packets
from statuswire.net.send import Patience
from tests.fake_provider import authority
from tests.net.broker import PASSWORD, USER, answering, broker, subscriber
from tests.net.support import KnownNames, on_the_servers_loop, quiet_listener, refusal, sending

HASTE = Patience(publication=0.2)
TOPIC, PAYLOAD = "statuswire/acme/incident", b'{"id": 1}'
ACCEPTED = b"\x20\x02\x00\x00"
ACKNOWLEDGED = b"\x40\x02\x00\x01"


def publication(port: int, **changed: Any) -> Publication:
    return replace(Publication("127.0.0.1", port, False, TOPIC, PAYLOAD, is_private_ok=True), **changed)


# --- a real broker -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("qos", [0, 1])
@on_the_servers_loop
async def test_a_publication_arrives(qos: int, tmp_path: Path) -> None:
    async with broker(tmp_path) as port, subscriber(port) as received, sending() as sender:
        assert await sender.send(publication(port, qos=qos)) == Reply(0)

        assert await received.next() == (TOPIC, PAYLOAD, False)


@on_the_servers_loop
async def test_a_retained_one_is_there_for_those_who_come_later(tmp_path: Path) -> None:
    async with broker(tmp_path) as port, sending() as sender:
        await sender.send(publication(port, is_retained=True))

        async with subscriber(port) as received:
            assert await received.next() == (TOPIC, PAYLOAD, True)


@pytest.mark.parametrize("qos", [0, 1])
@on_the_servers_loop
async def test_those_that_go_together_arrive_in_order(qos: int, tmp_path: Path) -> None:
    many = tuple(Post(f"statuswire/{n}", b"%d" % n) for n in range(200))
    async with broker(tmp_path) as port, subscriber(port) as received, sending() as sender:
        await sender.send(publication(port, qos=qos, further=many))

        arrived = [await received.next() for _ in range(201)]
        assert arrived == [(TOPIC, PAYLOAD, False), *((one.topic, one.payload, False) for one in many)]


@on_the_servers_loop
async def test_what_nobody_asked_for_is_passed_over() -> None:
    unasked = b"\x31\x85\x01" + bytes(133)
    async with answering(unasked + ACCEPTED, unasked + ACKNOWLEDGED) as (port, _), sending() as sender:
        assert await sender.send(publication(port)) == Reply(0)


@on_the_servers_loop
async def test_large_payloads_and_foreign_letters_arrive_whole(tmp_path: Path) -> None:
    topic, payload = "statuswire/ächme/事故", b"x" * 300_000
    async with broker(tmp_path) as port, subscriber(port) as received, sending() as sender:
        await sender.send(publication(port, topic=topic, payload=payload))

        assert await received.next() == (topic, payload, False)


@on_the_servers_loop
async def test_it_arrives_by_tls_with_a_user_name(tmp_path: Path) -> None:
    async with broker(tmp_path, authority()) as port, sending() as sender:
        answer = await sender.send(publication(port, is_tls=True, username=USER, password=PASSWORD, client_id="sw"))

        assert answer == Reply(0)


@pytest.mark.parametrize("ours, name", [(False, "127.0.0.1"), (True, "broker.elsewhere.example")])
@on_the_servers_loop
async def test_a_certificate_that_is_not_good_gets_nothing(ours: bool, name: str, tmp_path: Path) -> None:
    issuer = authority() if ours else trustme.CA()
    async with broker(tmp_path, issuer, name) as port, sending() as sender:
        error = await refusal(sender, publication(port, is_tls=True, password=PASSWORD))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TLS, False)
        assert "certificate is not accepted" in str(error)


@on_the_servers_loop
async def test_a_wrong_password_is_told_as_such(tmp_path: Path) -> None:
    async with broker(tmp_path) as port, sending() as sender:
        error = await refusal(sender, publication(port, username=USER, password="wrong-secret"))

        assert (error.reason, error.is_permanent) == (DeliveryReason.CREDENTIALS, False)
        assert "wrong-secret" not in str(error)


# --- brokers that are none ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers, reason",
    [
        ([], DeliveryReason.RESET),
        ([b"HTTP/1.1 400 Bad Request\r\n"], DeliveryReason.PROTOCOL),
        ([b"\x20\x02\x00\x03"], DeliveryReason.REFUSED),
        ([ACCEPTED], DeliveryReason.RESET),
        ([ACCEPTED, b"\x40\x02\x00\x02"], DeliveryReason.PROTOCOL),
        ([ACCEPTED, b"\xd0\x00"], DeliveryReason.PROTOCOL),
        ([ACCEPTED, b"\x40\x03\x00\x01\x00"], DeliveryReason.PROTOCOL),
        ([ACCEPTED, b"\x30\xff\xff\xff\xff"], DeliveryReason.PROTOCOL),
        ([ACCEPTED, b"\x30\xff\xff\xff\x7f"], DeliveryReason.PROTOCOL),
    ],
    ids=[
        "hangs up",
        "is a web server",
        "is not available",
        "hangs up later",
        "another id",
        "no acknowledgement",
        "too long a one",
        "a length without end",
        "too much that nobody asked for",
    ],
)
@on_the_servers_loop
async def test_what_is_not_acknowledged_is_not_delivered(answers: list[bytes], reason: DeliveryReason) -> None:
    async with answering(*answers) as (port, _), sending() as sender:
        error = await refusal(sender, publication(port))

        assert (error.reason, error.is_permanent) == (reason, False)


@pytest.mark.parametrize("answers", [[], [ACCEPTED]], ids=["from the beginning", "before it acknowledges"])
@on_the_servers_loop
async def test_a_broker_that_falls_silent_is_left_in_time(answers: list[bytes]) -> None:
    async with answering(*answers, hangs_up=False) as (port, _), sending(patience=HASTE) as sender:
        error = await refusal(sender, publication(port))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TIMEOUT, False)


@on_the_servers_loop
async def test_a_broker_that_never_begins_with_tls_is_left_in_time() -> None:
    async with answering(hangs_up=False) as (port, _), sending(patience=HASTE) as sender:
        error = await refusal(sender, publication(port, is_tls=True))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TIMEOUT, False)


@on_the_servers_loop
async def test_a_publication_can_be_given_up_at_any_moment() -> None:
    async with answering(ACCEPTED, hangs_up=False) as (port, is_said), sending() as sender:
        task = asyncio.create_task(sender.send(publication(port)))
        await is_said.wait()

        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task


@on_the_servers_loop
async def test_an_acknowledged_one_is_delivered_however_the_broker_takes_leave() -> None:
    async with answering(ACCEPTED, ACKNOWLEDGED) as (port, _), sending() as sender:
        assert await sender.send(publication(port)) == Reply(0)


@on_the_servers_loop
async def test_o6_o8_a_broker_at_a_private_address_is_not_asked() -> None:
    names = KnownNames(broker_example=["127.0.0.1"])
    async with quiet_listener() as (port, seen), sending(resolver=names) as sender:
        for host in ("127.0.0.1", "::ffff:127.0.0.1", "broker.example"):
            error = await refusal(sender, publication(port, host=host, is_private_ok=False))

            assert (error.reason, error.is_permanent) == (DeliveryReason.FORBIDDEN_ADDRESS, True)

        assert seen == []


# --- packets -----------------------------------------------------------------------------------------------------


def test_the_packets_are_those_of_the_specification() -> None:
    wanted = publication(1, client_id="sw", username="u", password="p", topic="a/b", payload=b"hi", is_retained=True)

    assert connect_packet(wanted) == b"\x10\x14\x00\x04MQTT\x04\xc2\x00\x3c\x00\x02sw\x00\x01u\x00\x01p"
    assert publish_packets(wanted)[0] == b"\x33\x09\x00\x03a/b\x00\x01hi"
    assert publish_packets(replace(wanted, qos=0, is_retained=False))[0] == b"\x30\x07\x00\x03a/bhi"


@pytest.mark.parametrize(
    "size, length", [(127, b"\x7f"), (128, b"\x80\x01"), (16_384, b"\x80\x80\x01"), (2_097_152, b"\x80\x80\x80\x01")]
)
def test_the_length_takes_seven_bits_a_byte(size: int, length: bytes) -> None:
    (packet,) = publish_packets(publication(1, qos=0, topic="a", payload=bytes(size - 3)))

    assert packet[1 : 1 + len(length)] == length


@pytest.mark.parametrize("topic", ["a" * 65_536, "a\0b"])
def test_a_topic_that_mqtt_cannot_carry_is_refused_for_good(topic: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        publish_packets(publication(1, topic=topic))

    assert (caught.value.reason, caught.value.is_permanent) == (DeliveryReason.ENCODING, True)
