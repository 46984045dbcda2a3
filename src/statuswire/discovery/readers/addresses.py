"""Host names in text of any kind: those of addresses, and those that are a quoted string of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from statuswire.discovery.seen import Kind, Seen

_ADDRESS = re.compile(
    r"(?:https?|wss?|grpcs?|amqps?|rediss?|postgres(?:ql)?|mongodb(?:\+srv)?|smtps?)://"
    r"(?:[^\s\"'/@<>]{0,200}@)?((?:[a-z0-9_-]{1,63}\.){1,8}[a-z]{2,24})(?![a-z0-9.-]*\$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"'`]((?:[a-z0-9-]{1,63}\.){2,8}[a-z]{2,24})(?::\d{1,5})?[\"'`/]", re.IGNORECASE)


def hosts(text: str) -> Iterator[Seen]:
    """Each host once, in lower case, with the first line that names it."""
    known = set[str]()
    for number, line in enumerate(text.splitlines(), 1):
        for pattern in (_ADDRESS, _QUOTED) if "." in line else ():
            for found in pattern.finditer(line):
                host = found[1].lower()
                if host not in known:
                    known.add(host)
                    yield Seen(Kind.HOST, host, number)
