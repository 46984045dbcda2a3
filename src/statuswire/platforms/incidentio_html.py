"""incident.io's pages with their data inside: what a browser gets, and all there is for pages of several regions.

The pages are made with Next.js, which sends the data that a page was drawn from along with it, as a stream of React
Server Components cut into script elements at arbitrary places (captured pages, checked 2026-11):

    self.__next_f.push([1,"5:[false,[\\"$\\",\\"$L1a\\",null,{\\"summary\\":{...}}]]\\n"])

Joined, the stream is rows of `<hex id>:<JSON>` ended by a line feed, or `<hex id>:T<hex size>,<text>` for long texts.
In a row `"$undefined"` is a missing value, `"$1c"` another row, `"$5:1:props:summary"` a place inside one, and `"$$x"`
the text `$x`. The shapes inside are the native ones; `initialNow.isoDate` is when the page was drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Problem, Snapshot
from statuswire.platforms.incidentio_native import read_incidents, read_rows, read_summary
from statuswire.platforms.incidentio_terms import NAME
from statuswire.platforms.reading import as_mapping, decode, load_json, moment, text

_MARKS = (b"__next_f", b"ongoing_incidents", b"affected_components")
_PUSH = re.compile(r'self\.__next_f\.push\(\[1,\s*+("(?:[^"\\]++|\\.)*+")\]\)', re.DOTALL)
_ROW = re.compile(rb"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),)?")
_WANTED = (b'"ongoing_incidents"', b'"incidents"', b'"incident"', b'"initialNow"')
_PLACE = re.compile(r"\$([0-9a-f]{1,8})((?::[^:]{1,80}){0,32})")
_ELEMENT_PARTS = {"type": "1", "key": "2", "props": "3"}
"""A React element is sent as `["$", type, key, props]`; places name its parts."""
_MAX_NODES = 500_000
_MAX_DEPTH = 100
_MAX_HOPS = 4
_MISSING = "$undefined"


def is_page(body: bytes) -> bool:
    """True for a page with incident.io's data inside, by its bytes alone."""
    return all(mark in body for mark in _MARKS)


def parse_page(document: Document) -> Snapshot:
    """What the data inside the page says. Raises ParseError where there is none."""
    stream = _Stream(document)
    summary: dict[str, object] = {}
    listed: list[object] = []
    drawn_at: datetime | None = None
    for node in stream.objects():
        if not summary and "ongoing_incidents" in as_mapping(node.get("summary")):
            summary = as_mapping(stream.plain(node["summary"]))
        if isinstance(node.get("incidents"), list):
            listed += as_list(stream.plain(node["incidents"]))
        if "updates" in as_mapping(node.get("incident")):
            listed.append(stream.plain(node["incident"]))
        drawn_at = drawn_at or moment(as_mapping(node.get("initialNow")).get("isoDate"))
    if not summary and not listed:
        raise ParseError(ParseReason.HTML, "an HTML page without incident.io's data inside")
    return replace(_with_history(summary, listed), as_of=drawn_at)


def as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _with_history(summary: dict[str, object], listed: list[object]) -> Snapshot:
    """The present state, and beside it what the page lists of the past."""
    present = read_summary(summary) if summary else Snapshot(platform=NAME)
    problems: list[Problem] = []
    url = text(summary.get("public_url"))
    past = read_incidents(listed, url, read_rows(summary, problems), "incidents", [])
    known = {incident.id for incident in present.incidents}
    fresh = {incident.id: incident for incident in past if incident.id not in known}
    return replace(present, incidents=(*present.incidents, *fresh.values()))


@dataclass(slots=True)
class _Stream:
    """The rows of a page's stream, decoded where somebody asks."""

    document: Document
    texts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, bytes] = field(default_factory=dict)
    _decoded: dict[str, object] = field(default_factory=dict)
    _nodes: int = 0

    def __post_init__(self) -> None:
        stream = _joined(decode(self.document))
        at = 0
        while at < len(stream):
            at = self._take_row(stream, at)

    def _take_row(self, stream: bytes, at: int) -> int:
        """Keep the row that begins at `at`; the place after it."""
        head = _ROW.match(stream, at)
        if head is not None and head[2] is not None:
            end = head.end() + int(head[2], 16)
            self.texts[head[1].decode()] = stream[head.end() : end].decode("utf-8", "replace")
            return end
        end = stream.find(b"\n", at)
        end = len(stream) if end < 0 else end
        if head is not None:
            self.rows[head[1].decode()] = stream[head.end() : end]
        return end + 1

    def objects(self) -> Iterator[dict[str, object]]:
        """Every JSON object in the rows that may hold something of interest, as sent."""
        for name, row in self.rows.items():
            if any(mark in row for mark in _WANTED):
                yield from _objects_in(self._row(name))

    def _row(self, name: str) -> object:
        """A row's value; None where it is no JSON (module references, errors, hints)."""
        if name in self.texts:
            return self.texts[name]
        if name not in self._decoded:
            row = self.rows.get(name, b"")
            is_json = row[:1] in (b"{", b"[", b'"')
            self._decoded[name] = load_json(replace(self.document, body=row, headers={})) if is_json else None
        return self._decoded[name]

    def plain(self, value: object, hops: int = 0, depth: int = 0) -> object:
        """The value without the stream's own notation: missing values dropped, places replaced by what is there.

        Raises ParseError where places repeat more than a page can hold, or nest deeper than any does.
        """
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise ParseError(ParseReason.TOO_LARGE, "the data inside the page refers to itself too often")
        if depth > _MAX_DEPTH:
            raise ParseError(ParseReason.TOO_DEEP, "the data inside the page is nested too deep")
        if isinstance(value, dict):
            return {key: self.plain(item, hops, depth + 1) for key, item in value.items() if item != _MISSING}
        if isinstance(value, list):
            return [self.plain(item, hops, depth + 1) for item in value]
        if isinstance(value, str) and value.startswith("$"):
            return self._meant(value, hops, depth)
        return value

    def _meant(self, word: str, hops: int, depth: int) -> object:
        if word.startswith("$$"):
            return word[1:]
        if word.startswith("$D"):
            return word[2:]
        place = _PLACE.fullmatch(word)
        if place is None or hops >= _MAX_HOPS or not (place[1] in self.texts or place[1] in self.rows):
            return None
        if place[1] in self.texts:
            return self.texts[place[1]]
        return self.plain(_at(self._row(place[1]), place[2].split(":")[1:]), hops + 1, depth + 1)


def _joined(markup: str) -> bytes:
    """The stream, put together from the script elements. Raises ParseError on a damaged piece."""
    try:
        pieces = [msgspec.json.decode(push[1], type=str) for push in _PUSH.finditer(markup)]
    except msgspec.DecodeError as error:
        raise ParseError(ParseReason.HTML, "a damaged piece of data inside the page") from error
    return "".join(pieces).encode("utf-8", "replace")


def _objects_in(value: object) -> Iterator[dict[str, object]]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(reversed(list(one.values())))
        elif isinstance(one, list):
            waiting.extend(reversed(one))


def _at(value: object, steps: list[str]) -> object:
    """The value at a place like `1:props:summary`; None where there is none."""
    for step in steps:
        if isinstance(value, list):
            index = _ELEMENT_PARTS.get(step, step)
            value = value[int(index)] if index.isdecimal() and int(index) < len(value) else None
        else:
            value = as_mapping(value).get(step)
    return value
