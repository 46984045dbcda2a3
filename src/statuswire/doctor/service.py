"""What the running service says of itself when the doctor asks it, and of the documents that it has read."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from statuswire.config import ServerConfig
from statuswire.doctor.finding import Fact, Finding, Grade, counted
from statuswire.errors import FetchError
from statuswire.net.http import HttpClient, Response
from statuswire.platforms import PLATFORMS

DEADLINE_S = 3.0
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared only
"""Where to ask a service that listens on all addresses."""

PROBLEMS = "statuswire_problems_total"
UNREAD = "statuswire_parse_failures_total"
_KEYS = ("status", "mode", "feeds_failing")


def service_findings(server: ServerConfig, pid: int) -> Iterator[Finding]:
    """How the service is by its own word, and on which platforms it could not read every item of a document."""
    base = base_url(server.host, server.port)
    try:
        health, metrics = asyncio.run(_ask(base))
    except FetchError as error:
        advice = "if the service listens elsewhere, say where: `--host` and `--port`, or `server` of its configuration"
        yield Finding("service", Grade.NOTE, f"process {pid} holds the database, but {error}", advice)
        return
    grade = Grade.OK if health.status == 200 else Grade.ACT
    yield Finding("service", grade, f"process {pid} answers {health.status} at {base}/health: {_words(health.body)}")
    yield from problem_findings(counted_by(metrics.body, PROBLEMS, "platform"))
    yield from unread_findings(counted_by(metrics.body, UNREAD, "platform", "reason"))


def base_url(host: str, port: int) -> str:
    host = EVERYWHERE.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


async def _ask(base: str) -> tuple[Response, Response]:
    """Answers of `/health` and `/metrics`. Raises FetchError."""
    async with HttpClient(user_agent="statuswire doctor") as client:
        health = await client.request("GET", f"{base}/health", allow_private=True, deadline=DEADLINE_S)
        metrics = await client.request("GET", f"{base}/metrics", allow_private=True, deadline=DEADLINE_S)
    return health, metrics


def _words(body: bytes) -> str:
    try:
        told = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "the answer is not statuswire's"
    return ", ".join(f"{key} {told[key]}" for key in _KEYS if key in told)


def counted_by(body: bytes, name: str, *labels: str) -> dict[tuple[str, ...], int]:
    """A counter of the service by its labels, where it is not zero; nothing of an answer that is no metrics."""
    found: Counter[tuple[str, ...]] = Counter()
    try:
        for family in text_string_to_metric_families(body.decode("utf-8", "replace")):
            for sample in family.samples:
                if sample.name == name and sample.value > 0:
                    found[tuple(sample.labels.get(label, "") for label in labels)] += int(sample.value)
    except (ValueError, OverflowError):
        return {}
    return dict(found)


def problem_findings(problems: Mapping[tuple[str, ...], int]) -> Iterator[Finding]:
    """`problems` by platform."""
    for (name,), count in problems.items():
        sentence = f"{count} items or words of {_title(name)} documents could not be read since the service started"
        advice = "the rest of those documents was read; `statuswire detect` on the page names the items"
        facts: dict[str, Fact] = {"platform": name, "problems": count}
        yield Finding(f"problems {name}", Grade.NOTE, sentence, advice, facts)


def unread_findings(unread: Mapping[tuple[str, ...], int]) -> Iterator[Finding]:
    """`unread` by platform and reason."""
    for name in dict.fromkeys(platform for platform, _ in unread):
        reasons = {reason: count for (platform, reason), count in unread.items() if platform == name}
        words = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
        total = counted(sum(reasons.values()), "document")
        sentence = f"{total} of {_title(name)} could not be read since the service started: {words}"
        advice = "where it goes on, the feed is named below; a page that has moved is looked at by itself"
        yield Finding(f"unread {name}", Grade.NOTE, sentence, advice, {"platform": name, **reasons})


def _title(name: str) -> str:
    return PLATFORMS[name].title if name in PLATFORMS else name or "unknown platforms"
