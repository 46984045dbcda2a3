"""`check_statuswire`: the same question in the form that Nagios and Icinga ask it.

Exit codes and output are those of the Monitoring Plugins' guidelines (monitoring-plugins.org/doc/guidelines.html,
checked 2026-11): 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, also for wrong usage; one line of text, `|`, figures, and
further lines. A level is a figure from 0, operational, to 4, a major outage, and `U` where it is not known.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import NoReturn

from statuswire.client.shapes import Status
from statuswire.client.standing import is_within
from statuswire.errors import StatuswireError
from statuswire.gate.judging import LEVELS, Found
from statuswire.gate.passing import finder

NAMES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
OK, WARNING, CRITICAL, UNKNOWN = range(4)
UNKNOWN_IS = {"ok": OK, "warning": WARNING, "critical": CRITICAL, "unknown": UNKNOWN}
_GRAVITY = (OK, UNKNOWN, WARNING, CRITICAL)
"""What counts first where several things are asked for."""

_LONGEST_LINE = 900


def main() -> None:
    """Entry point of the `check_statuswire` program."""
    code, text = check(sys.argv[1:])
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    print(text)
    sys.exit(code)


def check(arguments: Sequence[str]) -> tuple[int, str]:
    """The exit code, and what is printed. Whatever fails is UNKNOWN, with the reason."""
    try:
        options = _parser().parse_args(arguments)
        return _checked(options)
    except (StatuswireError, _Usage, _TooLate) as error:
        return UNKNOWN, f"STATUSWIRE UNKNOWN - {_plain(str(error))}"


def _checked(options: argparse.Namespace) -> tuple[int, str]:
    began = time.monotonic()
    allow_private: bool = options.allow_private
    with _Alarm(options.timeout):
        find, _ = finder(
            tuple(options.what),
            options.server,
            options.token_file,
            options.config,
            allow_private,
            options.timeout,
        )
        found = find()
    return told(
        found, Status(options.warning), Status(options.critical), UNKNOWN_IS[options.unknown], time.monotonic() - began
    )


def told(found: Sequence[Found], warning: Status, critical: Status, unknown: int, took_s: float) -> tuple[int, str]:
    """WARNING from the level `warning` on, CRITICAL from `critical` on; `unknown` is the code of what is not known."""
    codes = [_code(one, warning, critical, unknown) for one in found]
    code = max(codes, key=_GRAVITY.index, default=UNKNOWN)
    reasons = [one.why for one, own in zip(found, codes, strict=True) if own == code]
    figures = [_figure(one, warning, critical) for one in found] + [f"time={took_s:.3f}s;;;0"]
    first = f"STATUSWIRE {NAMES[code]} - {_plain('; '.join(reasons))[:_LONGEST_LINE]} | {' '.join(figures)}"
    rest = [f"{NAMES[own]}: {_plain(one.why)}" for one, own in zip(found, codes, strict=True)] if len(found) > 1 else []
    return code, "\n".join([first, *rest])


def _code(one: Found, warning: Status, critical: Status, unknown: int) -> int:
    if not one.is_known:
        return unknown
    if is_within(critical, one.level):
        return CRITICAL
    return WARNING if is_within(warning, one.level) else OK


def _figure(one: Found, warning: Status, critical: Status) -> str:
    """`'label'=value;warn;crit;min;max`: a threshold is passed by what is greater, so it is one less than the level."""
    label = _plain(one.what).replace("'", "''").replace("=", "-")
    value = str(_rank(one.level)) if one.is_known else "U"
    return f"'{label}'={value};{_rank(warning) - 1};{_rank(critical) - 1};0;{len(LEVELS) - 1}"


def _rank(level: Status) -> int:
    return LEVELS.index(level)


def _plain(text: str) -> str:
    """One line without the sign that begins the figures."""
    return " ".join(text.replace("|", "/").split())


class _Usage(Exception):
    """Wrong arguments; argparse would end with 2, which is CRITICAL here."""


class _TooLate(BaseException):
    """Nothing on the way up may take it for a failure of its own."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{message}; see check_statuswire --help")


class _Alarm:
    """Ends what takes longer, as the guidelines ask of a plugin."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, self._timeout_s)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        raise _TooLate(f"no answer within {self._timeout_s:g} seconds")


def _parser() -> _Parser:
    made = _Parser(prog="check_statuswire", description="How status pages and their components are.")
    levels = [level.value for level in LEVELS]
    made.add_argument("what", nargs="+", metavar="WHAT", help="slugs of pages; WHAT:COMPONENT for one component")
    made.add_argument("-V", "--version", action="version", version=f"check_statuswire {version('statuswire')}")
    made.add_argument("-s", "--server", metavar="URL", help="ask this statuswire; else STATUSWIRE_SERVER, else look")
    made.add_argument("--token-file", type=Path, metavar="FILE", help="its token; else STATUSWIRE_TOKEN")
    made.add_argument("-w", "--warning", choices=levels[1:], default="degraded", help="from this level on")
    made.add_argument("-c", "--critical", choices=levels[1:], default="partial_outage", help="from this level on")
    made.add_argument("-u", "--unknown", choices=list(UNKNOWN_IS), default="unknown", help="what is not known is")
    made.add_argument("-t", "--timeout", type=_seconds, default=10.0, metavar="SECONDS", help="10 unless given")
    made.add_argument("--config", type=Path, metavar="FILE", help="configuration, for a look of our own")
    made.add_argument("--allow-private", action="store_true", help="also look at private addresses")
    return made


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 3_600:
        raise ValueError(text)
    return seconds
