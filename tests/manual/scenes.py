"""What stands behind the commands of the documentation while they are run: which are not, and what stands in for what.

A new page needs nothing here as long as its commands find what every page finds (`world.py`): pages `openai`, `github`,
`payments`, `acme` and `aws`, `https://status.example.com`, a service on 127.0.0.1:8000 where one is asked there, a
`statuswire.yaml`, a database, and the files of FILES.
"""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path
from typing import TypeVar

from tests.e2e.acme import summary

NOT_RUN: dict[str, str] = {
    r"make (test|bench|setup)\b": "builds an environment or takes minutes; check and test are the gate itself",
    r"python3 -m venv /opt/": "writes where the reader may; tests/release install into an empty environment",
    r"(\S*/)?pip install\b|pipx\b|uv\b|git clone\b": "asks the registry, or another machine",
    r"docker\b": "needs a container engine",
    r"helm\b|kubectl\b": "needs a cluster; tests/deploy renders the chart",
    r"sh deploy/compose/secrets\.sh": "writes secrets beside itself; tests/deploy runs it elsewhere",
    r"systemctl\b|runuser\b|cp deploy/systemd/": "needs root and systemd; tests/deploy runs systemd-analyze",
    r"git checkout v|make release\b|cd dist && sha256sum --check": "needs a released version; tests/release build one",
}
"""Commands by what they begin with, and why they are only looked at: their syntax, options, files and targets."""

EXIT_CODES: dict[str, int] = {r"echo nonsense \| statuswire read": 4, r"statuswire sla statement": 3}
"""Where the page itself says that a command fails; a contract is undecided in a month that nobody saw."""

TYPED: dict[str, str] = {r"statuswire user (add|password)": "a long password of ada's\n" * 2, r"statuswire top\b": "q"}
"""What is asked for, by command, and the key that leaves a screen."""

OTHERS: dict[str, str] = {
    r"statuswire (backtest|discover|doctor|check-config)\b": "figures of an installation with a history",
    r"statuswire (silence|override|token|signals|sla)\b|sha256sum document": "numbers, times, a secret",
}
"""Commands whose output is shown as it was elsewhere. That of all others is what the page shows."""

STANDS_IN: tuple[tuple[str, str], ...] = (
    (r"^make (demo|run)\b", r".venv/bin/statuswire \1"),
    (r"^/opt/statuswire/bin/statuswire\b", ".venv/bin/statuswire"),
    (r"^(\S*statuswire (?:detect|status|watch|run)\b[^#|&]*?https://status\.example\.com\S*)", r"\1 --allow-private"),
    (r"(--server |STATUSWIRE_SERVER=)https://status\.example\.com", r"\1http://127.0.0.1:8000"),
    (r"--host 0\.0\.0\.0", "--host 127.0.0.1"),
    (r"(?m)(statuswire top)(?= +#|$)", r"\1 --server http://127.0.0.1:8000"),
    (r"(statuswire top\b.*)", r"TERM=xterm script -qec '\1' /dev/null"),
    (r"why 812\b", "why 1"),
    (r"silence end 3\b", "silence end 1"),
    (r"deliveries retry 97\b", "deliveries retry 1"),
)
"""Beside addresses, ports, paths, secrets and a digest, which `world.py` has. A screen gets a terminal around it."""

BARE = frozenset({"docs/tutorial.md"})
"""Pages that begin in an empty folder."""

UNWATCHED = frozenset({"docs/how-to/come-from-elsewhere.md"})
"""Pages where nothing is watched yet."""

KUMA = {
    "version": "1.23.16",
    "notificationList": [],
    "monitorList": [
        {"id": 1, "name": "GitHub", "type": "http", "url": "https://www.githubstatus.com", "active": True},
        {"id": 2, "name": "Payments", "type": "http", "url": "https://api.stripe.com/healthcheck", "active": True},
        {"id": 3, "name": "Acme", "type": "http", "url": "https://status.acme.example", "active": True},
        {"id": 4, "name": "DNS", "type": "dns", "hostname": "acme.example", "active": True},
    ],
}
OPML = """<?xml version="1.0"?><opml version="2.0"><body>
<outline type="rss" text="GitHub" xmlUrl="https://www.githubstatus.com/history.rss"/></body></opml>
"""
MONITORS = {"data": [{"id": 1, "name": "GitHub", "service": {"name": "GitHub", "slug": "github"}}]}
QUIETER = (
    "pages: []\nchannels: {ops: {kind: console}}\nroutes: [{name: everything, channel: ops, impact: '>=critical'}]\n"
)
HOOK = {
    "page": {"id": "acmepage", "status_indicator": "minor", "status_description": ""},
    "incident": {"id": "i1", "name": "Slow API", "status": "investigating", "updated_at": "2026-05-04T10:22:31Z"},
}


def series() -> str:
    """Three documents of one page: well, an incident, well again."""
    at = "2026-05-04T10:{minute:02}:00Z"
    url = "https://status.example.com/api/v2/summary.json"
    bodies = {20: summary(20), 22: summary(22, "degraded_performance", incident="Slow API"), 40: summary(40)}
    rows = (
        {"captured_at": at.format(minute=minute), "url": url, "body": body.decode()} for minute, body in bodies.items()
    )
    return "".join(json.dumps(row) + "\n" for row in rows)


FILES: dict[str, str | bytes] = {
    ".curlrc": "silent\nfail-with-body\n",
    "kuma-backup.json": json.dumps(KUMA),
    "feeds.opml": OPML,
    "monitors.json": json.dumps(MONITORS),
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["openai>=1", "stripe"]\n',
    "egress.txt": "api.stripe.com\napi.openai.com\n",
    "var/log/squid/access.log": "1 2 10.0.0.7 TCP_TUNNEL/200 9 CONNECT api.stripe.com:443 - HIER_DIRECT/- -\n",
    "summary.json": summary(22, "degraded_performance", incident="Slow API"),
    "body.json": json.dumps(HOOK),
    "series.jsonl.xz": lzma.compress(series().encode()),
    "github.series.jsonl.xz": lzma.compress(series().encode()),
    "summary.jsonl": series(),
    "history-atom.jsonl": series(),
    "quieter.yaml": QUIETER,
    "deploy.sh": "#!/bin/sh\necho deployed\n",
    "backup/.keep": "",
    "etc/.keep": "",
    "var/lib/statuswire/.keep": "",
}
"""What commands read, in the folder of every page that is not bare."""


Value = TypeVar("Value")


def fill(folder: Path) -> None:
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "deploy.sh").chmod(0o755)


def first_of(table: dict[str, Value], command: str) -> Value | None:
    """What a table has for a command, which may begin with the path of the program."""
    plain = re.sub(r"^(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?", "", command)
    return next((value for pattern, value in table.items() if re.match(pattern, plain)), None)
