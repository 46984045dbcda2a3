"""Programs run for a channel: without a shell, in a clean environment, for a limited time, and with all they started.

Each gets a session of its own, which ends with it: a program that leaves something running cannot keep its output open
for ever.
"""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from io import FileIO
from tempfile import TemporaryFile
from typing import IO, Final

from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.model import Command, Reply

ENVIRONMENT: Final[Mapping[str, str]] = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
"""All that a program inherits: nothing of ours, where secrets may be."""

OUTPUT_BYTES: Final = 16 * 1024

LAST_WORDS_S: Final = 0.5
"""How long the end of the output is waited for after the program has ended: what runs on in another session may hold it
open for ever."""


async def run_command(command: Command) -> Reply:
    """The exit code, negative where a signal ended it, and the first 16 KiB of both outputs.

    Raises DeliveryError: PROGRAM where it cannot be started, TIMEOUT where it took too long and was ended.
    """
    return await run(command.argv, command.stdin, command.environment, command.timeout.total_seconds())


async def run(argv: Sequence[str], stdin: bytes, environment: Mapping[str, str], deadline_s: float) -> Reply:
    """`run_command` for our own programs."""
    with TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        async with _pipe() as (writable, output):
            started = await _started(argv, environment, given, writable)
            writable.close()
            return await _finish(started, output, argv[0], deadline_s)


@asynccontextmanager
async def _pipe() -> AsyncIterator[tuple[FileIO, asyncio.StreamReader]]:
    """A pipe of our own, to write to and to read from. With one of asyncio's the end of a program is not seen before
    the pipe is closed, also by what it has left running (Python 3.11, checked 2026-11)."""
    readable, writable = (FileIO(descriptor, mode) for descriptor, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    output = asyncio.StreamReader()
    with writable:
        transport = await _reading(readable, output)
        try:
            yield writable, output
        finally:
            transport.close()


async def _reading(readable: FileIO, output: asyncio.StreamReader) -> asyncio.ReadTransport:
    """From here on the end belongs to the transport: uvloop aborts the process over one that is closed under it."""
    try:
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(output), readable
        )
    except OSError:
        readable.close()
        raise
    return transport


async def _started(argv: Sequence[str], environment: Mapping[str, str], stdin: IO[bytes], output: FileIO) -> Process:
    """Who is cancelled meanwhile waits for it, since uvloop would leave the program running."""
    starting = asyncio.create_task(_start(argv, environment, stdin, output))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(DeliveryError):  # it could not be started, then nothing is left
            started = await starting
            _end(started)
            await started.wait()
        raise


async def _start(argv: Sequence[str], environment: Mapping[str, str], stdin: IO[bytes], output: FileIO) -> Process:
    if any("\0" in text for text in (*argv, *environment, *environment.values())):
        raise _not_started(argv[0], "a NUL in what it is given")  # uvloop would cut it there
    try:
        return await asyncio.create_subprocess_exec(
            *argv,
            stdin=stdin,
            stdout=output,
            stderr=STDOUT,
            env={**ENVIRONMENT, **environment},
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise _not_started(argv[0], error.strerror or "no reason given") from error


def _not_started(name: str, why: str) -> DeliveryError:
    return DeliveryError(DeliveryReason.PROGRAM, f"{name}: cannot be started: {why}", is_permanent=True)


async def _finish(started: Process, output: asyncio.StreamReader, name: str, deadline_s: float) -> Reply:
    kept = bytearray()
    reading = asyncio.create_task(_read(output, kept))
    try:
        async with asyncio.timeout(deadline_s):
            code = await started.wait()
        _end(started)
        await asyncio.wait([reading], timeout=LAST_WORDS_S)
        return Reply(code, body=bytes(kept))
    except TimeoutError as error:
        raise DeliveryError(DeliveryReason.TIMEOUT, f"{name}: not done in {deadline_s:g} s, ended") from error
    finally:
        reading.cancel()
        if started.returncode is None:
            _end(started)
            await started.wait()


async def _read(output: asyncio.StreamReader, kept: bytearray) -> None:
    """The beginning of the output into `kept`; the rest is read too, lest the program waits for a reader."""
    while chunk := await output.read(64 * 1024):
        kept += chunk[: OUTPUT_BYTES - len(kept)]


def _end(started: Process) -> None:
    """Everything in the session that has no session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
