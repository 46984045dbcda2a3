"""Requests and lines: what comes back, how long it may take, and where nothing may go."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from pathlib import Path

import pytest

from statuswire.errors import DeliveryReason, FetchReason
from statuswire.model import Line, Reply, Request
from statuswire.net import files
from statuswire.net.files import Files
from statuswire.net.send import REPLY_BYTES, Patience
from tests.fake_provider import FakeProvider, Script, Seen, endless, redirect, reply, silent, stalled
from tests.net.support import HASTY, KnownNames, on_the_servers_loop, quiet_listener, refusal, sending

HASTE = Patience(request=0.2, mail=0.2, publication=0.2, line=0.2, announcement=0.2)


def post(url: str, *, is_private_ok: bool = True) -> Request:
    return Request("POST", url, {"Content-Type": "application/json"}, b'{"a": 1}', is_private_ok)


# --- requests ----------------------------------------------------------------------------------------------------


@on_the_servers_loop
async def test_a_request_arrives_as_it_was_asked_for_and_its_answer_comes_back() -> None:
    async with FakeProvider() as receiver, sending() as sender:
        receiver.script("/hook", reply(429, b"slow down", {"Retry-After": "7"}))

        answer = await sender.send(post(receiver.url("/hook")))

        assert (answer.status, answer.body, answer.headers["retry-after"]) == (429, b"slow down", "7")
        assert (receiver.seen[0].method, receiver.seen[0].body) == ("POST", b'{"a": 1}')
        assert receiver.seen[0].headers["content-type"] == "application/json"


@on_the_servers_loop
async def test_o4_of_an_endless_answer_16_kib_are_read_and_then_the_connection_is_closed() -> None:
    async with FakeProvider() as receiver, sending() as sender:
        receiver.script("/hook", endless())

        answer = await sender.send(post(receiver.url("/hook")))

        assert (answer.status, len(answer.body)) == (200, REPLY_BYTES)


@pytest.mark.parametrize("script", [silent(), stalled(b"never complete", 3)], ids=["silent", "stalled"])
@on_the_servers_loop
async def test_o4_an_answer_that_does_not_end_in_time_is_none(script: Script) -> None:
    async with FakeProvider() as receiver, sending(patience=HASTE, limits=HASTY) as sender:
        receiver.script("/hook", script)

        error = await refusal(sender, post(receiver.url("/hook")))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TIMEOUT, False)


@on_the_servers_loop
async def test_o5_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with FakeProvider() as receiver, sending() as sender:
        receiver.script("/hook", redirect("/internal", 307))

        answer = await sender.send(post(receiver.url("/hook")))

        assert answer.status == 307
        assert receiver.requests("/internal") == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "①②⑦.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)
@on_the_servers_loop
async def test_o6_o7_a_private_address_is_not_asked_in_whatever_form_it_is_written(host: str) -> None:
    async with quiet_listener() as (port, seen), sending() as sender:
        error = await refusal(sender, post(f"http://{host}:{port}/", is_private_ok=False))

        assert error.reason in (DeliveryReason.FORBIDDEN_ADDRESS, DeliveryReason.BAD_URL)
        assert (error.is_permanent, seen) == (True, [])


@on_the_servers_loop
async def test_o8_a_name_that_leads_to_a_private_address_is_not_asked() -> None:
    names = KnownNames(rebound_example=["127.0.0.1"])
    async with quiet_listener() as (port, seen), sending(resolver=names) as sender:
        error = await refusal(sender, post(f"http://rebound.example:{port}/", is_private_ok=False))

        assert (error.reason, seen) == (DeliveryReason.FORBIDDEN_ADDRESS, [])


@on_the_servers_loop
async def test_o9_proxies_of_the_environment_are_not_asked() -> None:
    os.environ["http_proxy"] = "http://127.0.0.1:9"
    try:
        async with FakeProvider() as receiver, sending() as sender:
            receiver.script("/hook", reply(204))

            answer = await sender.send(post(receiver.url("/hook")))
    finally:
        del os.environ["http_proxy"]

    assert answer.status == 204


@pytest.mark.parametrize("port", [22, 25, 6379, 8883, 1023])
@on_the_servers_loop
async def test_o15_ports_of_other_services_are_refused_before_anything_is_looked_up(port: int) -> None:
    async with sending() as sender:
        error = await refusal(sender, post(f"http://hooks.example:{port}/", is_private_ok=False))

        assert (error.reason, error.is_permanent) == (DeliveryReason.FORBIDDEN_ADDRESS, True)
        assert f"port {port}" in str(error)


@on_the_servers_loop
async def test_an_error_names_the_host_and_nothing_else_of_the_address() -> None:
    async with FakeProvider() as receiver, sending() as sender:
        url = receiver.url("/services/T000/secret")
        await receiver.stop()

        error = await refusal(sender, post(url))

        assert error.reason is DeliveryReason.CONNECT
        assert "127.0.0.1" in str(error) and "secret" not in str(error)


@on_the_servers_loop
async def test_a_request_can_be_given_up_at_any_moment() -> None:
    async with FakeProvider() as receiver, sending() as sender:
        has_arrived = asyncio.Event()

        async def never(request: Seen, writer: asyncio.StreamWriter) -> bool:
            has_arrived.set()
            return await silent()(request, writer)

        receiver.script("/hook", never)
        task = asyncio.create_task(sender.send(post(receiver.url("/hook"))))
        await has_arrived.wait()

        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task


def test_all_that_the_client_can_say_is_a_reason_here_too() -> None:
    said_of_documents_only = {
        FetchReason.TOO_LARGE,
        FetchReason.REDIRECT,
        FetchReason.BLOCKED,
        FetchReason.UNAUTHORIZED,
        FetchReason.NOT_FOUND,
        FetchReason.GONE,
        FetchReason.RATE_LIMITED,
        FetchReason.SERVER_ERROR,
        FetchReason.STATUS,
    }

    assert {one.value for one in set(FetchReason) - said_of_documents_only} <= {one.value for one in DeliveryReason}


# --- lines -------------------------------------------------------------------------------------------------------


@on_the_servers_loop
async def test_a_line_for_standard_output_is_printed() -> None:
    printed: list[str] = []

    async def note(text: str) -> None:
        printed.append(text)

    async with sending(print_=note) as sender:
        assert await sender.send(Line("-", "one\ntwo")) == Reply(0)

    assert printed == ["one\ntwo"]


@on_the_servers_loop
async def test_a_reader_who_never_takes_a_line_is_not_waited_for() -> None:
    async def hang(text: str) -> None:
        await asyncio.get_running_loop().create_future()

    async with sending(print_=hang, patience=HASTE) as sender:
        error = await refusal(sender, Line("-", "one"))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TIMEOUT, False)


@on_the_servers_loop
async def test_lines_are_appended_in_order(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    async with sending() as sender:
        for number in range(3):
            await sender.send(Line(str(path), str(number)))

    assert path.read_text() == "0\n1\n2\n"
    assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0


def test_a_file_begins_anew_before_it_is_too_large_and_some_older_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    lines = Files()

    for number in range(8):
        lines.append(Line(str(path), f"line {number}", rotate_bytes=14, keep=2))

    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {
        "events.jsonl": "line 6\nline 7\n",
        "events.jsonl.1": "line 4\nline 5\n",
        "events.jsonl.2": "line 2\nline 3\n",
    }


def test_without_older_files_the_file_just_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    lines = Files()

    for number in range(3):
        lines.append(Line(str(path), f"line {number}", rotate_bytes=10, keep=0))

    assert [one.name for one in tmp_path.iterdir()] == ["events.jsonl"]
    assert path.read_text() == "line 2\n"


def test_a_line_larger_than_the_limit_stands_in_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    lines = Files()

    for text in ("a" * 30, "b" * 30):
        lines.append(Line(str(path), text, rotate_bytes=10, keep=1))

    assert (path.read_text(), (tmp_path / "events.jsonl.1").read_text()) == ("b" * 30 + "\n", "a" * 30 + "\n")


def test_what_a_crash_has_cut_short_is_ended_before_the_next_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"id": 1}\n{"id": 2, "ty')

    Files().append(Line(str(path), '{"id": 2}'))

    assert path.read_text() == '{"id": 1}\n{"id": 2, "ty\n{"id": 2}\n'


def test_what_a_full_disk_has_cut_short_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("one\n")
    with path.open("rb+") as opened:
        written = iter([2])

        def write(descriptor: int, text: bytes) -> int:
            try:
                return os.pwrite(descriptor, text[: next(written)], path.stat().st_size)
            except StopIteration:
                raise OSError(errno.ENOSPC, "No space left on device") from None

        with pytest.raises(OSError, match="No space left"):
            files._write(opened.fileno(), b"two\n", 4, write)

    assert path.read_text() == "one\n"


@pytest.mark.parametrize("name", ["missing/events.jsonl", ""], ids=["no folder", "a folder"])
@on_the_servers_loop
async def test_a_file_that_cannot_be_written_says_why(name: str, tmp_path: Path) -> None:
    async with sending() as sender:
        error = await refusal(sender, Line(str(tmp_path / name), "one"))

        assert (error.reason, error.is_permanent) == (DeliveryReason.FILE, True)
        assert str(tmp_path) in str(error)
