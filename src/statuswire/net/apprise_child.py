"""The process in which Apprise runs: one announcement as JSON on standard input, the result as exit code.

Apprise follows redirects and asks about no address, so the guard stands below it: an audit hook sees every address that
this process is about to connect to (`socket.connect`, https://docs.python.org/3/library/audit_events.html, checked
2026-11).
"""

from __future__ import annotations

import importlib
import json
import sys
from enum import IntEnum
from typing import Any, NoReturn

from statuswire.net.addresses import ForbiddenAddress, is_public


class Result(IntEnum):
    SENT = 0
    FAILED = 10
    BAD_URL = 11
    NOT_INSTALLED = 12
    FORBIDDEN = 13


_CONNECTING = frozenset({"socket.connect", "socket.sendto"})


class Guard:
    """The audit hook; `refused` is the last address that it did not let through."""

    def __init__(self) -> None:
        self.refused = ""

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _CONNECTING:
            return
        address = arguments[1]
        where = str(address[0]) if isinstance(address, tuple) else str(address)
        if not is_public(where):
            self.refused = where
            raise ForbiddenAddress(where)


def announce(asked: dict[str, Any]) -> Result:
    try:
        apprise = importlib.import_module("apprise")  # an extra; and the parent imports this module for `Result`
    except ImportError:
        return Result.NOT_INSTALLED
    guard = Guard()
    if not asked["is_private_ok"]:
        sys.addaudithook(guard)
    sender = apprise.Apprise()
    if not sender.add(asked["url"]):
        return Result.BAD_URL
    if sender.notify(body=asked["body"], title=asked["title"], notify_type=asked["level"]):
        return Result.SENT
    return Result.FORBIDDEN if guard.refused else Result.FAILED


def main() -> NoReturn:
    sys.exit(announce(json.load(sys.stdin)))


if __name__ == "__main__":
    main()
