"""What reading a document costs, for every platform, beside the bare decoding of the same bytes.

The documents are those of `tests/platforms`: of each platform the largest of each kind (JSON, XML, HTML), grown to a
typical size by repeating the items of its lists under ids of their own. Decoding is msgspec to builtins for JSON, lxml
for XML and HTML, which is where every reader must begin. A document is read again and again: what an adapter remembers
of texts that it has seen counts, as it does in a process that polls a page every minute.

Budget: at most 2 times the decoding. Pages for people are read where nothing else is served; they have no budget, and
are not grown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import msgspec
from bench import Comparison, arguments, at_most, compare, finish

from statuswire.errors import ParseError
from statuswire.model import Document
from statuswire.platforms import PLATFORMS, parse

BUDGET = at_most(2)
GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "platforms"
RECEIVED_AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
UNUSUAL = ("oddities", "damaged", "imitation", "old", "hook")
TYPICAL_KB = {
    "aws": 100,
    "google": 600,
    "salesforce": 300,
    "statuspage": 40,
    "incidentio": 40,
    "azure": 10,
}
"""What such documents have on busy pages, where it is known (captured and described ones, checked 2026-11)."""
USUAL_KB = 30

ENTRY = re.compile(rb"<(item|entry)\b.*?</\1>", re.DOTALL)
OWN_NAMES = re.compile(rb"(<guid[^>]*>|<id>|<link>|<link [^>]*href=\")([^<\"]+)")


@dataclass(frozen=True, slots=True)
class Sample:
    """One document, and how its bytes are decoded without reading them."""

    platform: str
    name: str
    document: Document
    decode: Callable[[bytes], object]
    has_budget: bool

    @property
    def size_kb(self) -> float:
        return len(self.document.body) / 1024


def samples() -> Iterator[Sample]:
    """The largest document of each kind of each platform, grown."""
    for platform in PLATFORMS:
        for suffix, decode in DECODERS.items():
            usual = [path for path in (GOLDEN / platform).glob(f"*{suffix}") if _is_usual(path)]
            for path in sorted(usual, key=lambda path: path.stat().st_size)[-1:]:
                sample = Sample(platform, path.name, grown(path, platform), decode, suffix != ".html")
                if _is_read(sample):
                    yield sample


def grown(path: Path, platform: str) -> Document:
    """The document with the items of its lists repeated until it has a typical size."""
    expected = json.loads(path.with_name(path.stem + ".expected.json").read_bytes())
    body = path.read_bytes()
    times = max(TYPICAL_KB.get(platform, USUAL_KB) * 1024 // max(len(body), 1), 1)
    if path.suffix == ".json" and times > 1:
        body = msgspec.json.encode(_repeated(msgspec.json.decode(body), times))
    elif path.suffix == ".xml":
        body = _repeated_entries(body, times)
    headers = {str(name): str(value) for name, value in (expected.get("headers") or {}).items()}
    return Document(body, RECEIVED_AT, expected.get("url", ""), headers=headers, time_zone=expected.get("time_zone"))


def _is_usual(path: Path) -> bool:
    is_document = not path.name.endswith(".expected.json")
    return is_document and not any(word in path.stem for word in UNUSUAL)


def _is_read(sample: Sample) -> bool:
    """Whether its adapter reads it: some need the address, which the growing leaves, or a shape that it breaks."""
    try:
        return bool(parse(sample.document, sample.platform))
    except ParseError:
        return False


def _repeated(value: Any, times: int) -> Any:
    """The value with the items of its outermost lists repeated; lists within items stay as they are."""
    if isinstance(value, dict):
        return {key: _repeated(one, times) for key, one in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_renamed(one, number) for number in range(times) for one in value]
    return value


def _renamed(value: Any, number: int) -> Any:
    """An item under an id of its own, so that no repetition is seen as one."""
    if not isinstance(value, dict) or number == 0:
        return value
    return {key: _other(one, number) if key in ID_KEYS else one for key, one in value.items()}


ID_KEYS = frozenset({"id", "Id", "guid", "arn", "key", "slug", "number", "incident_id", "_id", "uuid", "permalink"})


def _other(value: Any, number: int) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value + number * 100_000
    return f"{value[: -len(str(number))]}{number}" if isinstance(value, str) and len(value) > 6 else f"{value}{number}"


def _repeated_entries(body: bytes, times: int) -> bytes:
    """The items or entries of a feed, again and again under other addresses."""
    found = list(ENTRY.finditer(body))
    if not found:
        return body
    first, last = found[0].start(), found[-1].end()
    entries = body[first:last]
    copies = (OWN_NAMES.sub(rb"\g<1>\g<2>" + b"%d" % number, entries) for number in range(1, times))
    return body[:last] + b"".join(copies) + body[last:]


_XML = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
DECODERS: dict[str, Callable[[bytes], object]] = {
    ".json": msgspec.json.decode,
    ".xml": lambda body: lxml.etree.fromstring(body, _XML),
    ".html": lxml.html.document_fromstring,
}


def measured(sample: Sample, operations: int, rounds: int) -> Comparison:
    """Reading beside decoding."""

    def decode(count: int) -> None:
        for _ in range(count):
            sample.decode(sample.document.body)

    def read(count: int) -> None:
        for _ in range(count):
            parse(sample.document, sample.platform)

    return compare({"decode": decode, "read": read}, operations=operations, baseline="decode", rounds=rounds)


def line(sample: Sample, comparison: Comparison) -> str:
    ratio, cost_us = comparison.ratio("read"), min(comparison.cpu["read"]) * 1000
    verdict = f"{BUDGET} {'ok' if BUDGET.holds(ratio) else 'OVER'}" if sample.has_budget else ""
    name = f"{sample.platform} {sample.name}"
    return f"  {name:44}  {sample.size_kb:>7.0f} KB  {cost_us:>8.0f} us  {ratio:>6.2f}  {verdict}".rstrip()


def main() -> None:
    asked = arguments(__doc__, operations=20, rounds=5)
    print("reading a document, as a multiple of decoding it")
    over = 0
    for sample in samples():
        comparison = measured(sample, asked.operations, asked.rounds)
        over += sample.has_budget and not BUDGET.holds(comparison.ratio("read"))
        print(line(sample, comparison), flush=True)
    finish(over == 0)


if __name__ == "__main__":
    main()
