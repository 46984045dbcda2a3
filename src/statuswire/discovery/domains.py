"""`discover --domains`: hosts to which traffic goes, one in a line, or the log of a proxy.

In a log the host is looked for: what follows CONNECT, GET and their like, else the first cell that is a host or an
address. Squid's access.log, Envoy's and the usual combined log begin so. A column may be named instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from statuswire.discovery import matching
from statuswire.discovery.matching import Findings
from statuswire.discovery.seen import Evidence, Kind, Sureness

MAX_UNKNOWN = 10_000
MAX_LINE = 16_384

_CELLS = re.compile(r"[\s,;|\"']+")
_METHODS = frozenset({"CONNECT", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,15}://)?(?:[^\s/@]{0,200}@)?(?:\*\.|\.)?((?:[a-z0-9_-]{1,63}\.){1,10}[a-z][a-z0-9-]{1,24})\.?"
    r"(?::\d{1,5})?(?:[/?#].*)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,15}://.*|[^/]+:\d{1,5}|(?:\*\.|\.)?[a-z0-9_.-]+\.?", re.IGNORECASE)


@dataclass(slots=True)
class Traffic:
    """What a list says. `unknown` counts the hosts of nobody in the catalog, as many as are kept."""

    findings: Findings = field(default_factory=Findings)
    unknown: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    without_host: int = 0


def read(lines: Iterable[str], file: str, column: int | None = None) -> Traffic:
    """All lines, one at a time. `column` counts from 1."""
    found = Traffic()
    for number, line in enumerate(lines, 1):
        found.lines = number
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        host = host_in(text, column)
        slug = matching.of_traffic(host) if host else ""
        if slug:
            found.findings.add(slug, Evidence(Kind.HOST, host, file, number, Sureness.FAIR))
        elif not host:
            found.without_host += 1
        elif host in found.unknown or len(found.unknown) < MAX_UNKNOWN:
            found.unknown[host] += 1
    return found


def host_in(line: str, column: int | None = None) -> str:
    """The host of a line, in small letters; empty where there is none."""
    cells = [cell for cell in _CELLS.split(line) if cell]
    if column is not None:
        return _host(cells[column - 1]) if len(cells) >= column else ""
    for before, cell in pairwise(cells):
        if before in _METHODS and (host := _host(cell)):
            return host
    return next((host for cell in cells if (host := _host(cell))), "")


def _host(cell: str) -> str:
    """The host of an address, of `host:port` or of a bare name; a path that merely has a dot is none."""
    found = _HOST.fullmatch(cell) if _ADDRESS.fullmatch(cell) else None
    return found[1].lower() if found else ""
