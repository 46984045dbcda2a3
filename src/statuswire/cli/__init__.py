"""The command line. What most calls need is small, so the rest is imported only by the command that needs it.

Exit codes: 0 done, 2 wrong usage or configuration, 4 a document that cannot be read, 74 the output cannot be written,
75 another process holds the database, 78 the database cannot be written or needs a newer version, 130 interrupted, 141
nobody reads the output any more; `status` answers 0 fine, 1 degraded, 2 an outage, 3 unknown.
"""
# ruff: noqa: PLC0415 - imports inside functions keep `--help` and `--version` at the cost of bare Python

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from io import TextIOWrapper

from statuswire.cli import overview

UNREAD = 141
"""128 and the number of SIGPIPE, as shells count: what other programs end with under `| head`."""

INTERRUPTED = 130
"""128 and the number of SIGINT, as shells count."""

UNWRITTEN = 74
"""EX_IOERR of sysexits.h."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""Why a stream cannot be written to although somebody reads it: a full disk, a quota, a limit, a broken device."""

_HELP = (["--help"], ["-h"])
_SERVICES = (["run"], ["watch"])


def main() -> None:
    """Entry point of the `statuswire` program."""
    _speak_utf8()
    try:
        _obey(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        leave_unread()
        sys.exit(UNREAD)
    except OSError as error:
        if error.errno not in NO_ROOM or error.filename is not None:
            raise
        with suppress(OSError):
            print(f"statuswire: the output cannot be written: {error.strerror}", file=sys.stderr, flush=True)
        leave_unread()
        sys.exit(UNWRITTEN)
    except KeyboardInterrupt:  # while something is still being imported; the commands have their own
        sys.exit(INTERRUPTED)


def leave_unread() -> None:
    """What the streams still hold goes nowhere, or the interpreter's last flush would complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _obey(arguments: list[str]) -> None:
    if arguments in _HELP:
        print(overview.render())
    elif arguments == ["--version"]:
        print(version())
    elif arguments[:1] in _SERVICES:
        from statuswire.cli.service import alone

        alone()(prog_name="statuswire")
    else:
        from statuswire.cli.app import app

        app(prog_name="statuswire")


def _speak_utf8() -> None:
    """Whatever the locale: providers write in every script, and a stream that cannot would end the output or the
    program at the first such line. Names of files that are no text at all are shown escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def version() -> str:
    from importlib.metadata import version as version_of

    return f"statuswire {version_of('statuswire')}"
