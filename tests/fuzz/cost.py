"""What reading one document costs: `python -m tests.fuzz.cost [NAME...]`, or `--pumped BYTES` for repeated syntax.

Each document is read in a process forked for it, by everything that could be asked to read it: recognition, every
platform, every hook. CPU time counts, not the clock, and how far the peak of memory rises above what holding the body
takes. One JSON line for each document: its dearest reader in CPU seconds, the growth in MiB, and what was raised that
should not have been.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from statuswire.errors import ParseError
from statuswire.model import Document, DocumentKind
from statuswire.platforms import PLATFORMS
from statuswire.platforms.parsing import parse, parse_hook, recognise
from tests.fuzz.hostile import DOCUMENTS, pumped

_NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_LIMIT_S = 30
_LIMIT_BYTES = 3 * 1024**3
_URL = "https://status.acme-relay.example/api/v2/summary.json"


@dataclass(frozen=True, slots=True)
class Cost:
    """`seconds` and `reader` are those of the dearest reader; `growth_mib` is over all of them together."""

    name: str
    size: int
    seconds: float
    reader: str
    growth_mib: float
    raised: str = ""


def readers(body: bytes, *, few: bool = False) -> Iterator[tuple[str, Callable[[], object]]]:
    """Everything that could be asked to read this body, or the few that between them use nearly all of it."""
    polled = Document(body, _NOW, _URL)
    pushed = Document(body, _NOW, kind=DocumentKind.HOOK)
    yield "parse", lambda: parse(polled)
    if few:
        yield "parse as rss", lambda: PLATFORMS["rss"].parse(polled)
        yield "hook of generic", lambda: parse_hook(pushed, "generic")
        return
    yield "recognise", lambda: recognise(polled)
    for name, platform in PLATFORMS.items():
        yield f"parse as {name}", lambda platform=platform: platform.parse(polled)
        if platform.parse_hook is not None:
            yield f"hook of {name}", lambda name=name: parse_hook(pushed, name)


def cost(name: str, body: bytes, *, few: bool = False) -> Cost:
    """Read the body in every way, here and now."""
    before_kib = _peak_kib()
    dearest, slowest_s = "", 0.0
    for reader, read in readers(body, few=few):
        started_s = time.process_time()
        try:
            read()
        except ParseError:
            pass
        except (Exception, RecursionError, MemoryError) as error:  # what the figures are for
            return Cost(name, len(body), slowest_s, reader, 0.0, f"{type(error).__name__}: {str(error)[:200]}")
        took_s = time.process_time() - started_s
        if took_s > slowest_s:
            dearest, slowest_s = reader, took_s
    return Cost(name, len(body), round(slowest_s, 3), dearest, round((_peak_kib() - before_kib) / 1024, 1))


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def apart(name: str, body: bytes, *, few: bool) -> Cost:
    """The same in a child of its own, which a limit ends where it takes far too much."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (_LIMIT_S, _LIMIT_S))
        resource.setrlimit(resource.RLIMIT_AS, (_LIMIT_BYTES, _LIMIT_BYTES))
        os.write(writing, json.dumps(asdict(cost(name, body, few=few))).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        answer = told.read()
    _, status = os.waitpid(child, 0)
    if not answer:
        return Cost(name, len(body), float(_LIMIT_S), "?", 0.0, f"ended with status {status}")
    return Cost(**json.loads(answer))


def measured(bodies: Iterable[tuple[str, bytes]], *, few: bool) -> Iterator[Cost]:
    cost("", b'{"incident":{"name":"n","status":"x","updates":[{"body":"<p>b</p>"}]}}')  # imports, tables, patterns
    cost("", b"<rss><channel><item><guid>g</guid></item></channel></rss>")
    for name, body in bodies:
        yield apart(name, body, few=few)


def main() -> None:
    parser = argparse.ArgumentParser(description="What reading hostile documents costs.")
    parser.add_argument("name", nargs="*", help="of a document; default: all")
    parser.add_argument("--pumped", type=int, metavar="BYTES", help="documents of repeated syntax, of this size")
    parser.add_argument("--few", action="store_true", help="only the readers that between them use nearly all code")
    options = parser.parse_args()
    chosen = pumped(options.pumped) if options.pumped else ((n, DOCUMENTS[n]()) for n in options.name or DOCUMENTS)
    for one in measured(chosen, few=options.few):
        sys.stdout.write(json.dumps(asdict(one)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
