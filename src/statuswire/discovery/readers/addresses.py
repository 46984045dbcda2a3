"""Host names in text of any kind: those of addresses, and those that are a quoted string of their own. In files of
settings, where texts need no quotes, also those that are a whole value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from statuswire.discovery.seen import Kind, Seen

_LATER = r"(?:\{\{[^{}\"'/]{1,80}\}\}|[$#]?\{[^{}\s\"'/]{1,80}\}|\$\w{1,60}|%\(\w{1,60}\)s|%[sv]|<[\w-]{1,60}>)"
_FILLED = rf"(?:[a-z0-9_-]{{1,63}}\.){{0,3}}(?:[a-z0-9_-]{{0,63}}{_LATER}[a-z0-9_-]{{0,63}}\.){{1,3}}"
"""Labels of which some are filled in later, as `sqs.{region}.`: whose host it is stands behind them."""

_ADDRESS = re.compile(
    r"(?:https?|wss?|grpcs?|amqps?|rediss?|postgres(?:ql)?|mongodb(?:\+srv)?|smtps?)://"
    rf"(?:[^\s\"'/@<>]{{0,200}}@)?({_FILLED})?((?:[a-z0-9_-]{{1,63}}\.){{1,8}}[a-z]{{2,24}})(?![a-z0-9.-]*\$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"'`]()((?:[a-z0-9-]{1,63}\.){2,8}[a-z]{2,24})(?::\d{1,5})?[\"'`/]", re.IGNORECASE)
_QUOTED_LATER = re.compile(
    rf"[\"'`]({_FILLED})((?:[a-z0-9-]{{1,63}}\.){{1,8}}[a-z]{{2,24}})(?::\d{{1,5}})?[\"'`/]", re.IGNORECASE
)
_VALUE = re.compile(
    r"^\s*(?:-\s+)?(?:[\w./-]{1,100}\s*[:=]\s*)?[\"']?(\*\.)?"
    r"((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?::\d{1,5})?[\"']?(?:\s+#.*|\s*)$",
    re.IGNORECASE,
)
_IN_TEXT = (_ADDRESS, _QUOTED, _QUOTED_LATER)


def hosts(text: str) -> Iterator[Seen]:
    """Each host once, in lower case, with the first line that names it; what is filled in later is a `*`."""
    yield from _found(text, _IN_TEXT)


def hosts_in_settings(text: str) -> Iterator[Seen]:
    """The same where `host: api.example.com`, `host = api.example.com` and `- api.example.com` name one too."""
    yield from _found(text, (*_IN_TEXT, _VALUE))


def _found(text: str, patterns: tuple[re.Pattern[str], ...]) -> Iterator[Seen]:
    known = set[str]()
    for number, line in enumerate(text.splitlines(), 1):
        for pattern in patterns if "." in line else ():
            for found in pattern.finditer(line):
                host = ("*." if found[1] else "") + found[2].lower()
                if host not in known:
                    known.add(host)
                    yield Seen(Kind.HOST, host, number)
