"""Programs and Apprise, as real processes."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from statuswire.errors import DeliveryReason
from statuswire.model import Announcement, Command, Reply
from statuswire.net import announcing, programs
from statuswire.net.apprise_child import Guard, Result
from statuswire.net.send import Patience
from tests.fake_provider import FakeProvider, reply, silent
from tests.net.support import on_a_loop, on_the_servers_loop, refusal, sending

# --- programs ----------------------------------------------------------------------------------------------------


def python(code: str, stdin: bytes = b"", *, timeout_s: float = 15, **environment: str) -> Command:
    return Command((sys.executable, "-c", code), stdin, environment, timedelta(seconds=timeout_s))


@on_a_loop
async def test_a_program_gets_its_input_and_its_exit_code_and_output_come_back() -> None:
    code = "import sys; print(sys.stdin.read().upper(), flush=True); print('oops', file=sys.stderr); sys.exit(3)"
    async with sending() as sender:
        answer = await sender.send(python(code, b"hello"))

        assert (answer.status, answer.body.splitlines()) == (3, [b"HELLO", b"oops"])


@on_the_servers_loop
async def test_a_program_sees_nothing_of_our_environment() -> None:
    code = "import json, os; print(json.dumps([dict(os.environ), os.getcwd()]))"
    async with sending() as sender:
        answer = await sender.send(python(code, STATUSWIRE_PAGE="acme"))

        seen, folder = json.loads(answer.body)
        assert {name: value for name, value in seen.items() if name != "LC_CTYPE"} == {
            **programs.ENVIRONMENT,
            "STATUSWIRE_PAGE": "acme",
        }
        assert folder == "/"


@on_the_servers_loop
async def test_no_shell_reads_the_arguments() -> None:
    async with sending() as sender:
        answer = await sender.send(Command(("/bin/echo", "$(id)", ";", "`id`"), b""))

        assert answer == Reply(0, body=b"$(id) ; `id`\n")


@on_the_servers_loop
async def test_the_output_is_kept_up_to_a_size_and_read_to_its_end() -> None:
    async with sending() as sender:
        answer = await sender.send(python("print('x' * 1_000_000)"))

        assert (answer.status, len(answer.body)) == (0, programs.OUTPUT_BYTES)


@on_the_servers_loop
async def test_a_program_need_not_read_what_it_is_given() -> None:
    async with sending() as sender:
        answer = await sender.send(python("", b"x" * 1_000_000))

        assert answer.status == 0


@on_the_servers_loop
async def test_a_signal_that_ends_it_is_a_negative_code() -> None:
    async with sending() as sender:
        answer = await sender.send(python("import os; os.kill(os.getpid(), 15)"))

        assert answer.status == -15


@on_a_loop
async def test_a_program_that_takes_too_long_is_ended() -> None:
    async with sending() as sender:
        error = await refusal(sender, Command(("/bin/sleep", "600"), b"", timeout=timedelta(seconds=0.1)))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TIMEOUT, False)


@on_the_servers_loop
async def test_what_it_leaves_running_is_ended_with_it_and_not_waited_for(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    async with sending() as sender:
        answer = await sender.send(Command(("/bin/sh", "-c", f"sleep 600 & echo $! > {noted}"), b""))

        assert answer.status == 0
        assert is_over(int(noted.read_text()))


@on_the_servers_loop
async def test_what_goes_on_in_a_session_of_its_own_is_not_waited_for_either(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    code = "import os, subprocess, sys; print('done', flush=True); one = subprocess.Popen(['/bin/sleep', '600'], "
    code += f"start_new_session=True); open({str(noted)!r}, 'w').write(str(one.pid)); os._exit(0)"
    async with sending() as sender:
        answer = await sender.send(python(code))

        os.kill(int(noted.read_text()), signal.SIGKILL)
        assert answer == Reply(0, body=b"done\n")


@on_the_servers_loop
async def test_a_program_is_ended_when_its_delivery_is_given_up(tmp_path: Path) -> None:
    fifo = tmp_path / "pid"
    os.mkfifo(fifo)
    async with sending() as sender:
        task = asyncio.create_task(sender.send(Command(("/bin/sh", "-c", f"echo $$ > {fifo}; exec sleep 600"), b"")))
        pid = int(await asyncio.to_thread(fifo.read_text))

        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task
        assert is_over(pid)


def is_over(pid: int) -> bool:
    """Gone, or a zombie that only waits for its parent; a process that was killed ends a moment later."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 10)[0])
    finally:
        os.close(handle)


@pytest.mark.parametrize("argv", [("/no/such/program",), ("/dev/null",), ("/bin/echo", "a\0b")])
@on_the_servers_loop
async def test_a_program_that_cannot_be_started_says_so(argv: tuple[str, ...]) -> None:
    async with sending() as sender:
        error = await refusal(sender, Command(argv, b""))

        assert (error.reason, error.is_permanent) == (DeliveryReason.PROGRAM, True)
        assert argv[0] in str(error)


# --- Apprise -----------------------------------------------------------------------------------------------------


def announcement(receiver: FakeProvider, path: str = "/secret-token", *, is_private_ok: bool = True) -> Announcement:
    url = f"json://127.0.0.1:{receiver.port}{path}"
    return Announcement(url, "Degraded - Acme", "A bad deploy.", "warning", is_private_ok)


@on_the_servers_loop
async def test_apprise_delivers_title_body_and_level() -> None:
    async with FakeProvider() as receiver, sending() as sender:
        receiver.script("/secret-token", reply(200))

        assert await sender.send(announcement(receiver)) == Reply(0)

        got = json.loads(receiver.seen[0].body)
        assert (got["title"], got["message"], got["type"]) == ("Degraded - Acme", "A bad deploy.", "warning")


@on_the_servers_loop
async def test_a_no_of_apprise_is_tried_again_and_names_no_url() -> None:
    async with FakeProvider() as receiver, sending() as sender:
        receiver.script("/secret-token", reply(500))

        error = await refusal(sender, announcement(receiver))

        assert (error.reason, error.is_permanent) == (DeliveryReason.REFUSED, False)
        assert "secret-token" not in str(error)


@on_the_servers_loop
async def test_o6_apprise_cannot_connect_to_a_private_address() -> None:
    async with FakeProvider() as receiver, sending() as sender:
        error = await refusal(sender, announcement(receiver, is_private_ok=False))

        assert (error.reason, error.is_permanent) == (DeliveryReason.FORBIDDEN_ADDRESS, True)
        assert (receiver.connections, receiver.seen) == (0, [])


@pytest.mark.parametrize("event", ["socket.connect", "socket.sendto"])
def test_o5_o8_whatever_apprise_looks_up_or_follows_the_address_connected_to_is_judged(event: str) -> None:
    guard = Guard()

    guard(event, (None, ("8.8.8.8", 443)))
    for address in (("127.0.0.1", 80), ("::ffff:10.0.0.1", 80, 0, 0), "/run/docker.sock", b"\0abstract"):
        with pytest.raises(OSError, match="not public"):
            guard(event, (None, address))

    assert guard.refused == "b'\\x00abstract'"


@on_the_servers_loop
async def test_a_url_that_apprise_does_not_know_is_never_tried_again() -> None:
    async with sending() as sender:
        error = await refusal(sender, Announcement("nosuch://secret", "a", "b"))

        assert (error.reason, error.is_permanent) == (DeliveryReason.BAD_URL, True)


@on_the_servers_loop
async def test_apprise_is_ended_when_it_takes_too_long() -> None:
    async with FakeProvider() as receiver, sending(patience=Patience(announcement=0.1)) as sender:
        receiver.script("/secret-token", silent())

        error = await refusal(sender, announcement(receiver))

        assert (error.reason, error.is_permanent) == (DeliveryReason.TIMEOUT, False)


def test_without_the_extra_it_is_said_how_to_get_it() -> None:
    error = announcing.failure(Result.NOT_INSTALLED)

    assert (error.reason, error.is_permanent) == (DeliveryReason.NOT_INSTALLED, True)
    assert "pip install statuswire[apprise]" in str(error)


@on_the_servers_loop
async def test_a_python_without_apprise_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "apprise.py").write_text("raise ImportError('not here')")
    asked = json.dumps({"url": "json://a", "title": "a", "body": "b", "level": "info", "is_private_ok": False})
    path = os.pathsep.join([str(tmp_path), announcing.OURS])

    answer = await programs.run(announcing.CHILD, asked.encode(), {"PYTHONPATH": path}, 30)

    assert answer.status == Result.NOT_INSTALLED
