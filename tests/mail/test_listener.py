"""Real conversations in SMTP and LMTP with our own server on a free port or a socket."""

from __future__ import annotations

import asyncio
import smtplib
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from statuswire.errors import ConfigError, StoreError, StoreReason
from statuswire.mail.listener import listening
from statuswire.mail.place import Place
from statuswire.platforms.email_message import MAX_BYTES
from tests.mail.parts import ACME, POLLED, Parts, mail, parts

SENDER = "noreply@statuspage.io"


def converse(place: Place, talk: Callable[[Place], object], before: Callable[[Parts], None] | None = None) -> object:
    """What `talk` gives, in a thread, while the server listens; then the events of what was sent."""

    async def both() -> object:
        with parts() as built:
            if before is not None:
                before(built)
            async with listening(built.intake, place) as found:
                told = await asyncio.to_thread(talk, found)
            return told, await built.read()

    return asyncio.run(both())


def smtp(act: Callable[[smtplib.SMTP], object]) -> Callable[[Place], object]:
    def talk(place: Place) -> object:
        with smtplib.SMTP(place.host, place.port, timeout=5) as client:
            return act(client)

    return talk


def code_of(act: Callable[[], object]) -> int:
    """The code of the refusal that it meets."""
    try:
        act()
    except smtplib.SMTPResponseException as error:
        return error.smtp_code
    except smtplib.SMTPRecipientsRefused as error:
        return next(iter(error.recipients.values()))[0]
    return 250


def test_a_mail_sent_by_smtp_makes_an_incident() -> None:
    refused, events = converse(Place(is_lmtp=False), smtp(lambda one: one.sendmail(SENDER, [ACME], mail())))

    assert (refused, events) == ({}, ["incident.created"])


def test_a_mail_is_acknowledged_after_it_is_in_the_database() -> None:
    async def both() -> None:
        with parts() as built:
            async with listening(built.intake, Place(is_lmtp=False)) as place:
                await asyncio.to_thread(smtp(lambda one: one.sendmail(SENDER, [ACME], mail())), place)

                assert [hook.page_slug for hook in built.hooks()] == ["acme"]

    asyncio.run(both())


def test_a_stranger_to_us_is_refused_before_any_data() -> None:
    code, events = converse(
        Place(is_lmtp=False),
        smtp(lambda one: code_of(lambda: one.sendmail(SENDER, ["hook+guess@ops.example"], mail()))),
    )

    assert (code, events) == (550, [])


def test_one_recipient_at_a_time() -> None:
    def act(one: smtplib.SMTP) -> object:
        return one.sendmail(SENDER, [ACME, POLLED], mail())

    refused, events = converse(Place(is_lmtp=False), smtp(act))

    assert {address: answer[0] for address, answer in refused.items()} == {POLLED: 452}
    assert events == ["incident.created"]


def test_what_is_no_mail_is_refused_for_good() -> None:
    code, _ = converse(Place(is_lmtp=False), smtp(lambda one: code_of(lambda: one.sendmail(SENDER, [ACME], "hello"))))

    assert code == 554


def test_a_mail_that_is_too_large_is_refused() -> None:
    raw = mail() + b"x" * 70 + b"\r\n"
    raw += (b"y" * 70 + b"\r\n") * (MAX_BYTES // 70)

    code, _ = converse(Place(is_lmtp=False), smtp(lambda one: code_of(lambda: one.sendmail(SENDER, [ACME], raw))))

    assert code == 552


def test_a_mail_that_cannot_be_stored_is_to_come_again() -> None:
    def fail(built: Parts) -> None:
        async def accept(hook: object) -> bool:
            raise StoreError(StoreReason.FULL, "the disk is full")

        built.inbox.accept = accept

    code, _ = converse(
        Place(is_lmtp=False), smtp(lambda one: code_of(lambda: one.sendmail(SENDER, [ACME], mail()))), before=fail
    )

    assert code == 451


def test_the_same_mail_again_is_acknowledged_and_tells_nothing() -> None:
    def twice(one: smtplib.SMTP) -> None:
        one.sendmail(SENDER, [ACME], mail())
        one.sendmail(SENDER, [ACME], mail())

    _, events = converse(Place(is_lmtp=False), smtp(twice))

    assert events == ["incident.created"]


def test_a_mail_delivered_by_lmtp_over_a_socket(tmp_path: Path) -> None:
    place = Place(is_lmtp=True, path=str(tmp_path / "l.sock"))

    def talk(found: Place) -> object:
        with smtplib.LMTP(found.path) as client:
            return client.sendmail(SENDER, [ACME], mail())

    refused, events = converse(place, talk)

    assert (refused, events) == ({}, ["incident.created"])
    assert not (tmp_path / "l.sock").exists()


def test_lmtp_speaks_no_smtp() -> None:
    code, _ = converse(Place(is_lmtp=True), smtp(lambda one: one.ehlo()[0]))

    assert code == 500


def test_a_socket_that_a_dead_process_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "l.sock"
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()

    told, _ = converse(Place(is_lmtp=True, path=str(path)), lambda found: path.is_socket())

    assert told is True


def test_a_place_that_is_taken_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(ConfigError, match="cannot listen for mail"):
            converse(Place(is_lmtp=False, port=taken.getsockname()[1]), lambda found: None)
