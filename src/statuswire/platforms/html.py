"""Web pages that list components with a word for each: the last resort, where nothing else is served.

Conservative: only words of the table beside a name count, nothing is searched in prose, and nothing is well unless the
page says so. Looked for, in this order, until three rows are found: JSON-LD and microdata of schema.org that give a
status; texts that are nothing but a word of the table (`<span>Operational</span>`, as Statuspage, Cachet and their
imitators write); attributes (`title`, `aria-label`, `alt`, `data-status`, ...); class names (`status-operational`).
Incidents are not read. Words that shops use too ("available") count only where the page calls itself a status page or
uses a word that only status pages have. Checked 2026-11 against captured pages of several products.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from lxml.html import HtmlElement

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, PageFacts, Problem, Role, Snapshot, Status
from statuswire.platforms.addresses import base_of
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import as_mapping, fold_word, load_html, text, title
from statuswire.platforms.sight import LARGEST_PAGE_BYTES, Sight

NAME: Final = "html"

STRONG: Final[Mapping[str, Status]] = {
    "operational": Status.OPERATIONAL,
    "fullyoperational": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "degradedperformance": Status.DEGRADED,
    "degradedservice": Status.DEGRADED,
    "performanceissues": Status.DEGRADED,
    "partiallydegraded": Status.DEGRADED,
    "partialoutage": Status.PARTIAL_OUTAGE,
    "minoroutage": Status.PARTIAL_OUTAGE,
    "partialservicedisruption": Status.PARTIAL_OUTAGE,
    "majoroutage": Status.MAJOR_OUTAGE,
    "fulloutage": Status.MAJOR_OUTAGE,
    "serviceoutage": Status.MAJOR_OUTAGE,
    "servicedisruption": Status.MAJOR_OUTAGE,
    "undermaintenance": Status.MAINTENANCE,
    "plannedmaintenance": Status.MAINTENANCE,
}
"""Words that hardly stand anywhere but on a status page."""

WEAK: Final[Mapping[str, Status]] = {
    "up": Status.OPERATIONAL,
    "online": Status.OPERATIONAL,
    "available": Status.OPERATIONAL,
    "disrupted": Status.PARTIAL_OUTAGE,
    "down": Status.MAJOR_OUTAGE,
    "offline": Status.MAJOR_OUTAGE,
    "outage": Status.MAJOR_OUTAGE,
    "unavailable": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}
WORDS: Final[Mapping[str, Status]] = {**STRONG, **WEAK}

HEADLINES: Final[Mapping[str, Status]] = {
    "allsystemsoperational": Status.OPERATIONAL,
    "allservicesoperational": Status.OPERATIONAL,
    "allsystemsareoperational": Status.OPERATIONAL,
    "allservicesareoperational": Status.OPERATIONAL,
    "partialsystemoutage": Status.PARTIAL_OUTAGE,
    "majorsystemoutage": Status.MAJOR_OUTAGE,
    "somesystemsaredown": Status.PARTIAL_OUTAGE,
}

_LEAST_ROWS: Final = 3
_LONGEST_NAME: Final = 120
_LONGEST_WORD: Final = 40
_MOST_TEXT: Final = 400
_ATTRIBUTES: Final = ("data-component-status", "data-status", "data-state", "aria-label", "title", "alt")
_CLASS_PREFIX: Final = re.compile(r"^(?:component|status|state|is|indicator|badge|service)[-_]+(?:status[-_]+)?")
_ELSEWHERE: Final = re.compile(r"(?:^|[\s_-])(?:incidents?|history|legend)(?:$|[\s_-])")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SILENT: Final = frozenset({"script", "style", "template", "noscript", "option", "head", "title"})
_STATUS_KEYS: Final = ("status", "serviceStatus", "currentStatus")


@dataclass(frozen=True, slots=True)
class _Row:
    """A word beside a name; `listed` is the element that holds the rows, `top` the child of it that this one is."""

    name: str
    word: str
    own_id: str
    top: HtmlElement | None = None


Words = Callable[[HtmlElement], str]


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page itself; none for what is no address."""
    return (FeedSpec(page_url, Role.STATE, accept="text/html"),) if base_of(page_url) else ()


def parse(document: Document) -> Snapshot:
    """The components that a page lists in plain words. Raises ParseError."""
    if len(document.body) > LARGEST_PAGE_BYTES:
        raise ParseError(ParseReason.TOO_LARGE, f"a web page of {len(document.body)} bytes")
    root = load_html(document)
    rows = _rows(root)
    if not rows:
        raise ParseError(
            ParseReason.HTML, f"a web page without a list of components: {_page_title(root) or 'untitled'}"
        )
    problems: list[Problem] = []
    components = _components(rows, problems)
    is_complete = not problems and _is_whole(rows)
    headline = _headline(root)
    return Snapshot(
        NAME,
        page=PageFacts(
            name=_page_title(root) or None,
            status=HEADLINES[fold_word(headline)] if headline else None,
            status_text=headline,
        ),
        covers=frozenset({Cover.COMPONENTS}) if is_complete else frozenset(),
        components=components,
        problems=tuple(problems),
    )


def _components(rows: Iterable[_Row], problems: list[Problem]) -> tuple[Component, ...]:
    """A name that stands twice names nobody, unless the page gives ids."""
    listed = list(rows)
    counts = Counter(row.own_id or row.name for row in listed)
    found: list[Component] = []
    for key in (key for key, count in counts.items() if count > 1):
        problems.append(Problem("components", f"{counts[key]} rows are called {key[:60]!r}"))
    for row in listed:
        key = row.own_id or row.name
        if counts[key] == 1:
            found.append(Component(key, row.name, None, WORDS[fold_word(row.word)], row.word, lacks_group=True))
    return tuple(found)


def _rows(root: HtmlElement) -> list[_Row]:
    """The rows by the first way of writing that gives enough of them; empty where none does."""
    is_status_page = "status" in _page_title(root).lower()
    for rows, is_spoken in _ways(root):
        is_sure = (is_status_page and is_spoken) or any(fold_word(row.word) in STRONG for row in rows)
        if len(rows) >= _LEAST_ROWS and is_sure:
            return rows
    return []


def _ways(root: HtmlElement) -> Iterator[tuple[list[_Row], bool]]:
    """The rows of each way of writing, and whether its words are meant to be read; class names are not."""
    yield [*_linked_rows(root), *_microdata_rows(root)], True
    yield _marked_rows(root, _text_word), True
    yield _marked_rows(root, _attribute_word), True
    yield _marked_rows(root, _class_word), False


# --- schema.org ------------------------------------------------------------------------------------------------------


def _linked_rows(root: HtmlElement) -> Iterator[_Row]:
    """Objects of JSON-LD with a name and a status in a word of the table."""
    for script in root.iter("script"):
        if str(script.get("type", "")).strip().lower() != "application/ld+json":
            continue
        try:
            value = msgspec.json.decode((script.text or "").encode())
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue  # broken data inside a page is no reason not to read what people see
        yield from _named_objects(value)


def _named_objects(value: object, depth: int = 0) -> Iterator[_Row]:
    if depth > 8:
        return
    if isinstance(value, list):
        for item in value[:2_000]:
            yield from _named_objects(item, depth + 1)
        return
    fields = as_mapping(value)
    word = next((text(fields.get(key), 200) for key in _STATUS_KEYS if fields.get(key)), "").rpartition("/")[2]
    name = title(fields.get("name"))
    if name and fold_word(word) in WORDS:
        yield _Row(name, word, title(fields.get("@id")))
    for inner in fields.values():
        if isinstance(inner, dict | list):
            yield from _named_objects(inner, depth + 1)


def _microdata_rows(root: HtmlElement) -> Iterator[_Row]:
    for scope in root.iter():
        if not isinstance(scope.tag, str) or "schema.org" not in str(scope.get("itemtype", "")):
            continue
        values = {str(one.get("itemprop")): one for one in scope.iterdescendants() if one.get("itemprop")}
        name = _property(values.get("name"))
        word = next((_property(values[key]) for key in _STATUS_KEYS if key in values), "")
        if name and fold_word(word) in WORDS:
            yield _Row(name, word, str(scope.get("itemid", "")))


def _property(element: HtmlElement | None) -> str:
    if element is None:
        return ""
    return title(element.get("content") or element.text_content())


# --- markup ----------------------------------------------------------------------------------------------------------


def _text_word(element: HtmlElement) -> str:
    words = (element.text or "").strip()
    return words if 0 < len(words) <= _LONGEST_WORD and not len(element) and fold_word(words) in WORDS else ""


def _attribute_word(element: HtmlElement) -> str:
    values = (str(element.get(name, "")).strip() for name in _ATTRIBUTES)
    return next((word for word in values if 0 < len(word) <= _LONGEST_WORD and fold_word(word) in WORDS), "")


def _class_word(element: HtmlElement) -> str:
    names = (_CLASS_PREFIX.sub("", name) for name in str(element.get("class", ""))[:500].split())
    return next((name for name in names if fold_word(name) in WORDS), "")


def _marked_rows(root: HtmlElement, words: Words) -> list[_Row]:
    found = [(element, word) for element in _elements(root) if (word := words(element))][:5_000]
    marked = [(element, word) for element, word in found if not _is_elsewhere(element)]
    within: Counter[HtmlElement] = Counter()
    for element, _ in marked:
        within.update((element, *element.iterancestors()))
    rows = (_marked_row(element, word, within) for element, word in marked if within[element] == 1)
    return [row for row in rows if row is not None]


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether the word belongs to an incident, to the past, or to the key of the signs."""
    return any(
        _ELSEWHERE.search(str(one.get("class", ""))[:500])
        for one in element.iterancestors("div", "ul", "li", "section", "table")
    )


def _elements(root: HtmlElement) -> Iterator[HtmlElement]:
    return (one for one in root.iter() if isinstance(one.tag, str) and one.tag not in _SILENT)


def _marked_row(element: HtmlElement, word: str, within: Mapping[HtmlElement, int]) -> _Row | None:
    """The nearest element around the word that holds a name too and no other word."""
    holder: HtmlElement | None = element
    while holder is not None and within[holder] == 1:
        name = _name_in(holder, element)
        if name:
            return _Row(name, word, str(holder.get("data-component-id", "")), _top(holder, within))
        holder = holder.getparent()
    return None


def _top(holder: HtmlElement, within: Mapping[HtmlElement, int]) -> HtmlElement:
    parent = holder.getparent()
    while parent is not None and within[parent] == 1:
        holder, parent = parent, parent.getparent()
    return holder


def _name_in(holder: HtmlElement, element: HtmlElement) -> str:
    """The first piece of text that is a name; empty for a holder with more text than a row has."""
    pieces = [title(piece) for piece in _pieces(holder, element)]
    if sum(map(len, pieces)) > _MOST_TEXT:
        return ""
    return next((one for one in pieces if _is_name(one)), "")


def _is_name(words: str) -> bool:
    is_short = 1 < len(words) <= _LONGEST_NAME and _LETTER.search(words) is not None
    return is_short and fold_word(words) not in WORDS and fold_word(words) not in HEADLINES


def _pieces(holder: HtmlElement, element: HtmlElement) -> Iterator[str]:
    """The texts of a row in order; the word's own counts where it is an attribute or a class that says it."""
    for one in holder.iter():
        if isinstance(one.tag, str) and one.tag not in _SILENT and one.text:
            yield one.text
        if one is not holder and one.tail:
            yield one.tail


def _is_whole(rows: Iterable[_Row]) -> bool:
    """Whether everything that stands beside the rows as one of them was read."""
    tops = [row.top for row in rows]
    known = set(tops)
    if None in known:
        return False
    lists = {top.getparent() for top in tops if top is not None}
    kinds = {(top.getparent(), top.tag) for top in tops if top is not None}
    return all(
        child in known or (listed, child.tag) not in kinds or not _has_name(child) or _holds_any(child, known)
        for listed in lists
        if listed is not None
        for child in listed
    )


def _has_name(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and bool(title(element.text_content()))


def _holds_any(element: HtmlElement, known: set[HtmlElement | None]) -> bool:
    return any(one in known for one in element.iterdescendants())


# --- the page --------------------------------------------------------------------------------------------------------


def _page_title(root: HtmlElement) -> str:
    return title(next((one.text for one in root.iter("title") if one.text), ""))


def _headline(root: HtmlElement) -> str:
    texts = ((one.text or "").strip() for one in _elements(root))
    return next((title(one) for one in texts if 0 < len(one) <= 60 and fold_word(one) in HEADLINES), "")


def recognize(sight: Sight) -> bool:
    """Three rows at least, in words that are stated; pages of other platforms have been claimed before."""
    return sight.tree is not None and bool(_rows(sight.tree))


PLATFORM: Final = Platform(
    name=NAME,
    title="a web page with a list of components",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    coverage=Coverage(
        components=True,
        identity="the id that the page gives a component, else its name",
        absence="a component that is missing from a list that was read to the end is gone",
        confidence=Confidence.LOW,
    ),
)
