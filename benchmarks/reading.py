"""What reading a document costs, for every platform, beside the bare decoding of the same bytes.

The documents are those of `tests/platforms`: of each platform the largest of each kind (JSON, XML, HTML), grown to a
typical size by repeating the items of its lists under ids of their own.

- `changed` is what happens in life: this process has read the page before, and one item has changed since. Each
  reading is of a document never seen before: the longest text of one item, another one each time, ends in a new number.
- `first` is the first reading of a process: whatever is remembered of earlier documents is forgotten before it.

Beside it stand msgspec to builtins for JSON and lxml for XML and HTML, and the standard library's `json` and
`xml.etree`, all on the same bytes.

Budget: a changed document costs at most 2 times its decoding. Pages for people are read where nothing else is served;
they have no budget, and are neither grown nor changed.
"""

from __future__ import annotations

import gc
import itertools
import json
import re
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import lxml.etree
import lxml.html
import msgspec
from bench import Comparison, at_most, command_line, compare, finish

from statuswire.errors import ParseError
from statuswire.model import Document
from statuswire.platforms import PLATFORMS
from statuswire.platforms.feeds import ENTRY_LIMIT
from statuswire.platforms.parsing import parse

BUDGET = at_most(2)
GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "platforms"
RECEIVED_AT = datetime(2026, 5, 5, tzinfo=UTC)
"""After most of what the documents tell of, as for all real ones."""
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

# --- documents ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decoders:
    """What makes values of the bytes without reading them: the fastest there is, and the standard library's."""

    fast: Callable[[bytes], object]
    standard: Callable[[bytes], object] | None


@dataclass(frozen=True, slots=True)
class Sample:
    """One document, and what its bytes are decoded with."""

    platform: str
    name: str
    document: Document

    @property
    def kind(self) -> str:
        return Path(self.name).suffix

    @property
    def has_budget(self) -> bool:
        return self.kind != ".html"

    @property
    def size_kb(self) -> float:
        return len(self.document.body) / 1024


def samples(platforms: Sequence[str]) -> Iterator[Sample]:
    """The largest document of each kind of each platform, grown."""
    for platform in platforms or PLATFORMS:
        for suffix in DECODERS:
            usual = [path for path in (GOLDEN / platform).glob(f"*{suffix}") if _is_usual(path)]
            for path in sorted(usual, key=lambda path: path.stat().st_size)[-1:]:
                sample = Sample(platform, path.name, grown(path, platform))
                if _is_read(sample):
                    yield sample


def grown(path: Path, platform: str) -> Document:
    """The document with the items of its lists repeated until it has a typical size."""
    expected = json.loads(path.with_name(path.stem + ".expected.json").read_bytes())
    body = path.read_bytes()
    times = max(TYPICAL_KB.get(platform, USUAL_KB) * 1024 // max(len(body), 1), 1)
    if path.suffix == ".json":
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
    """The value with the items of its outermost lists repeated; lists within items stay as they are.

    What is no object in a list of objects is a trap for the tests, and left out.
    """
    if isinstance(value, dict):
        return {key: _repeated(one, times) for key, one in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_renamed(one, number) for number in range(times) for one in value if isinstance(one, dict)]
    return value


def _renamed(value: Any, number: int) -> Any:
    """An item under an id of its own, so that no repetition is seen as one."""
    if not isinstance(value, dict) or number == 0:
        return value
    names = ID_KEYS & value.keys() or {key for key in value if "name" in key.lower()}
    return {key: _other(one, number) if key in names else one for key, one in value.items()}


ID_KEYS = frozenset(
    {"id", "url", "Id", "guid", "arn", "key", "slug", "number", "incident_id", "_id", "uuid", "permalink"}
)


def _other(value: Any, number: int) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value + number * 100_000
    return f"{value[: -len(str(number))]}{number}" if isinstance(value, str) and len(value) > 6 else f"{value}{number}"


ENTRY = re.compile(rb"<(item|entry)\b.*?</\1>", re.DOTALL)
OWN_NAMES = re.compile(rb"(<guid[^>]*>|<id>|<link>|<link [^>]*href=\")([^<\"]+)")


def _repeated_entries(body: bytes, times: int) -> bytes:
    """The items or entries of a feed, again and again under other addresses."""
    found = list(ENTRY.finditer(body))
    if not found:
        return body
    first, last = found[0].start(), found[-1].end()
    entries = body[first:last]
    times = min(times, ENTRY_LIMIT // len(found))
    copies = (OWN_NAMES.sub(rb"\g<1>\g<2>" + b"%d" % number, entries) for number in range(1, times))
    return body[:last] + b"".join(copies) + body[last:]


# --- changes -----------------------------------------------------------------------------------------------------


def changed(sample: Sample, count: int) -> list[Document]:
    """`count` documents that differ from each other, and from all before, in the text of one item."""
    changes = {".json": _changed_json, ".xml": _changed_entries}.get(sample.kind)
    if changes is None:
        return [sample.document] * count
    return [replace(sample.document, body=body) for body in changes(sample.document.body, count)]


def _changed_json(body: bytes, count: int) -> Iterator[bytes]:
    value = msgspec.json.decode(body)
    items = list(_items_with_most_text(value)) or [value]
    for number in range(count):
        holder, key = _longest_text(items[number % len(items)])
        if holder is not None:
            written, holder[key] = holder[key], f"{holder[key]} {number}"
        yield msgspec.json.encode(value)
        if holder is not None:
            holder[key] = written


def _items_with_most_text(value: Any) -> Sequence[Any]:
    """The objects of that outermost list which takes most bytes of the document."""
    return max(_outermost_lists(value), key=lambda one: len(msgspec.json.encode(one)), default=())


def _outermost_lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _outermost_lists(one)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        yield [one for one in value if isinstance(one, dict)]


def _longest_text(item: Any) -> tuple[Any, Any]:
    """Where it stands: a dict or list, and the key or place in it. Prose is preferred to addresses."""
    texts = list(_texts(item))
    return max(texts, key=lambda place: (" " in place[0][place[1]], len(place[0][place[1]])), default=(None, None))


def _texts(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        if isinstance(one, str):
            yield value, key
        else:
            yield from _texts(one)


BODY_END = re.compile(rb"(?:\]\]>)?\s*</(?:description|content|summary|content:encoded|title)>")


def _changed_entries(body: bytes, count: int) -> Iterator[bytes]:
    entries = list(ENTRY.finditer(body))
    for number in range(count):
        entry = entries[number % len(entries)] if entries else None
        start, end = entry.span() if entry else (0, len(body))
        ends = [found.start() for found in BODY_END.finditer(body, start, end)]
        yield body[: ends[-1]] + b" %d" % number + body[ends[-1] :] if ends else body + b"<!-- %d -->" % number


# --- measuring ---------------------------------------------------------------------------------------------------

_XML = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
DECODERS: dict[str, Decoders] = {
    ".json": Decoders(msgspec.json.decode, json.loads),
    ".xml": Decoders(lambda body: lxml.etree.fromstring(body, _XML), ET.fromstring),
    ".html": Decoders(lxml.html.document_fromstring, None),
}


def measured(sample: Sample, operations: int, rounds: int) -> Comparison:
    """Reading changed documents beside decoding the same ones."""
    documents = changed(sample, max(operations // 5, 1) + rounds * operations)
    decoders = DECODERS[sample.kind]

    def taking_turns(use: Callable[[Document], object]) -> Callable[[int], None]:
        turn = iter(documents)

        def contender(count: int) -> None:
            for document in itertools.islice(turn, count):
                use(document)

        return contender

    contenders = {
        "decode": taking_turns(lambda document: decoders.fast(document.body)),
        "read": taking_turns(lambda document: parse(document, sample.platform)),
    }
    if (standard := decoders.standard) is not None:
        contenders["standard"] = taking_turns(lambda document: standard(document.body))
    parse(sample.document, sample.platform)
    return compare(contenders, operations=operations, baseline="decode", rounds=rounds)


def first_reading(sample: Sample, rounds: int) -> float:
    """CPU seconds per 1,000 readings without any memory."""
    memories = [
        one
        for name, module in list(sys.modules.items())
        if name.startswith("statuswire.")
        for one in vars(module).values()
        if hasattr(one, "cache_clear") and not isinstance(one, type)
    ]
    costs = []
    for _ in range(rounds):
        for memory in memories:
            memory.cache_clear()
        gc.collect()
        started = time.process_time()
        parse(sample.document, sample.platform)
        costs.append((time.process_time() - started) * 1000)
    return median(costs)


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one document: ratios, and milliseconds for one reading of a changed document."""

    sample: Sample
    changed: float
    beside_standard: float | None
    first: float
    cost_us: float

    @property
    def verdict(self) -> str:
        """Which decoder the changed document keeps the budget against."""
        if not self.sample.has_budget:
            return ""
        if BUDGET.holds(self.changed):
            return f"{BUDGET} ok"
        is_near = self.beside_standard is not None and BUDGET.holds(self.beside_standard)
        return f"{BUDGET} standard library only" if is_near else f"{BUDGET} OVER"

    def __str__(self) -> str:
        name = f"{self.sample.platform} {self.sample.name}"
        beside = f"{self.beside_standard:>9.2f}" if self.beside_standard is not None else " " * 9
        sizes = f"{self.sample.size_kb:>5.0f} KB  {self.cost_us:>7.0f} us"
        return f"  {name:44}  {self.changed:>7.2f}  {beside}  {self.first:>7.1f}  {sizes}  {self.verdict}".rstrip()

    @property
    def markdown(self) -> str:
        beside = f"{self.beside_standard:.1f}" if self.beside_standard is not None else ""
        cells = (self.sample.platform, self.sample.kind[1:], f"{self.changed:.1f}", beside, f"{self.first:.0f}")
        sizes = (f"{self.sample.size_kb:.0f}", f"{self.cost_us:.0f}")
        return f"| {' | '.join((*cells, *sizes))} |"


def row_of(sample: Sample, operations: int, rounds: int) -> Row:
    comparison = measured(sample, operations, rounds)
    has_standard = "standard" in comparison.cpu
    decoding, reading = median(comparison.cpu["decode"]), median(comparison.cpu["read"])
    beside = replace(comparison, baseline="standard").ratio("read") if has_standard else None
    first = first_reading(sample, rounds) / decoding
    return Row(sample, comparison.ratio("read"), beside, first, reading * 1000)


def main() -> None:
    parser = command_line(__doc__, operations=20, rounds=5)
    parser.add_argument("--markdown", action="store_true", help="the rows of a table for the documentation")
    parser.add_argument("--kind", choices=DECODERS, help="documents of this kind only")
    parser.add_argument("platform", nargs="*", help="default: all")
    asked = parser.parse_args()
    print("reading a document: times msgspec or lxml, times the standard library; first reading, times msgspec or lxml")
    over = 0
    for sample in samples(asked.platform):
        if asked.kind not in (None, sample.kind):
            continue
        row = row_of(sample, asked.operations, asked.rounds)
        over += row.verdict.endswith("OVER")
        print(row.markdown if asked.markdown else row, flush=True)
    finish(over == 0)


if __name__ == "__main__":
    main()
