"""The data inside web pages made with Next.js: a stream of React Server Components in script elements.

    self.__next_f.push([1,"5:[\\"$\\",\\"$L1a\\",null,{\\"site\\":{...}}]\\n"])

Cut at arbitrary places and joined again, the stream is rows of `<hex id>:<JSON>` ended by a line feed, or
`<hex id>:T<hex size>,<text>` for long texts, which have no end but their size in bytes. In a row `"$undefined"` is a
missing value, `"$1c"` another row, `"$5:3:site"` a place inside one, `"$D..."` a date and `"$$x"` the text `$x`.
Captured pages of 2023 to 2026, checked 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document
from statuswire.platforms.reading import as_mapping, decode, load_json

_PUSH: Final = re.compile(r'self\.__next_f\.push\(\[1,\s*+("(?:[^"\\]++|\\.)*+")\]\)', re.DOTALL)
_SEAM: Final = re.compile(r'"\]\)\s*</script>\s*<script[^<>]{0,200}>\s*self\.__next_f\.push\(\[1,\s*"')
_ROW: Final = re.compile(rb"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),)?")
_PLACE: Final = re.compile(r"\$([0-9a-f]{1,8})((?::[^:]{1,80}){0,32})")
_ELEMENT_PARTS: Final = {"type": "1", "key": "2", "props": "3"}
"""A React element is sent as `["$", type, key, props]`; places may name its parts."""
_MAX_NODES: Final = 500_000
_MAX_DEPTH: Final = 100
_MAX_HOPS: Final = 4
_MISSING: Final = "$undefined"


def seamless(source: str) -> str:
    """The source of a page with the pieces of its stream joined, so that a word which was cut in two is found."""
    return _SEAM.sub("", source)


@dataclass(slots=True)
class NextStream:
    """The rows of a page's stream, decoded where somebody asks. Raises ParseError where a piece of it is damaged."""

    document: Document
    _texts: dict[str, str] = field(default_factory=dict)
    _rows: dict[str, bytes] = field(default_factory=dict)
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
            self._texts[head[1].decode()] = stream[head.end() : end].decode("utf-8", "replace")
            return end
        end = stream.find(b"\n", at)
        end = len(stream) if end < 0 else end
        if head is not None:
            self._rows[head[1].decode()] = stream[head.end() : end]
        return end + 1

    def objects(self, wanted: Iterable[bytes]) -> Iterator[dict[str, object]]:
        """Every JSON object, as sent, in the rows that hold one of the wanted bytes; outer ones before inner ones."""
        marks = tuple(wanted)
        for name, row in self._rows.items():
            if any(mark in row for mark in marks):
                yield from _objects_in(self._row(name))

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
        if place is None or hops >= _MAX_HOPS:
            return None
        if place[1] in self._texts:
            return self._texts[place[1]]
        if place[1] not in self._rows:
            return None
        return self.plain(_at(self._row(place[1]), place[2].split(":")[1:]), hops + 1, depth + 1)

    def _row(self, name: str) -> object:
        """A row's value; None where it is no JSON (module references, errors, hints)."""
        if name not in self._decoded:
            row = self._rows[name]
            is_json = row[:1] in (b"{", b"[", b'"')
            self._decoded[name] = load_json(replace(self.document, body=row, headers={})) if is_json else None
        return self._decoded[name]


def _joined(markup: str) -> bytes:
    """The stream, put together from the script elements."""
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
    """The value at a place like `3:site`; None where there is none."""
    for step in steps:
        if isinstance(value, list):
            index = _ELEMENT_PARTS.get(step, step)
            value = value[int(index)] if index.isdecimal() and int(index) < len(value) else None
        else:
            value = as_mapping(value).get(step)
    return value
