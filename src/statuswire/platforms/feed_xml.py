"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0.

Standards: rssboard.org/rss-specification, web.resource.org/rss/1.0, RFC 4287; checked 2026-11.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Problem
from statuswire.platforms.feed_bytes import written_elements
from statuswire.platforms.feed_parts import Entry, FeedDocument, absolute, derived_id, newest, real_html
from statuswire.platforms.reading import ident, load_xml, moment, plain, text, title
from statuswire.platforms.remembering import remembered

# --- names -------------------------------------------------------------------------------------------------------

_ATOM: Final = "http://www.w3.org/2005/Atom"
_CORE: Final = frozenset(
    (
        "",
        _ATOM,
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://my.netscape.com/publish/formats/rss-0.91.dtd",
        "http://backend.userland.com/rss2",
    )
)
_FIELDS: Final = {
    "guid": "id",
    "id": "id",
    "link": "link",
    "title": "title",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "created": "created",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "content": "content",
    "description": "summary",
    "summary": "summary",
    "subtitle": "summary",
    "tagline": "summary",
    "category": "category",
    "generator": "generator",
    "item": "entry",
    "entry": "entry",
    "channel": "channel",
}
_FOREIGN_FIELDS: Final = {
    ("http://purl.org/dc/elements/1.1/", "date"): "created",
    ("http://purl.org/dc/elements/1.1/", "subject"): "category",
    ("http://purl.org/dc/terms/", "created"): "created",
    ("http://purl.org/dc/terms/", "issued"): "created",
    ("http://purl.org/dc/terms/", "modified"): "updated",
    ("http://purl.org/rss/1.0/modules/content/", "encoded"): "content",
}
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


@lru_cache(maxsize=1024)
def _field(tag: str) -> str:
    """What an element is for us, whatever its format calls it; for an unknown one `+` and its local name."""
    namespace, _, local = tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    known = _FIELDS.get(local.lower()) if namespace in _CORE else _FOREIGN_FIELDS.get((namespace, local.lower()))
    return known or f"+{local}"


_NAME_LIMIT: Final = 200
_CHILD_LIMIT: Final = 120_000
"""Each child that is looked at costs a Python object."""

Children = dict[str, list[etree._Element]]


def _children(element: etree._Element) -> Children:
    found: Children = {}
    for child in islice(element, _CHILD_LIMIT):
        if isinstance(child.tag, str):
            found.setdefault(_field(child.tag[:_NAME_LIMIT]), []).append(child)
    return found


# --- values ------------------------------------------------------------------------------------------------------

_PLAIN_TYPES: Final = frozenset(("text", "text/plain"))


def _words(found: Children, name: str) -> str:
    """The text of the first such element that has one, as plain text."""
    for element in found.get(name, ()):
        written = "".join(map(str, element.itertext())) if len(element) else element.text
        if written and not written.isspace():
            return written.strip() if element.get("type") in _PLAIN_TYPES else plain(written.strip())[0]
    return ""


def _markup(found: Children, *names: str) -> str:
    """The content of the first of these elements that has one, as HTML."""
    for name in names:
        for element in found.get(name, ()):
            written = _inner(element) if len(element) else element.text
            if written and not written.isspace():
                is_plain = element.get("type") in _PLAIN_TYPES
                return html.escape(written, quote=False) if is_plain else real_html(written)
    return ""


def _inner(element: etree._Element) -> str:
    """The markup inside an element: XHTML content, or HTML that the feed forgot to escape."""
    children = (etree.tostring(child, encoding="unicode", with_tail=True) for child in element)
    return html.escape(element.text or "", quote=False) + "".join(children)


def _moment(
    found: Children, names: tuple[str, ...], where: str, problems: list[Problem], zone: str | None
) -> datetime | None:
    for name in names:
        for element in found.get(name, ()):
            written = (element.text or "").strip()
            at = moment(written, zone)
            if at:
                return at
            if written:
                problems.append(Problem(f"{where}.{name}", f"unreadable date {written[:60]!r}"))
    return None


# --- links -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Links:
    alternate: str = ""
    self: str = ""


def _links(found: Children, base: str) -> _Links:
    """RSS writes an address as text, Atom as `href` with a relation, where `alternate` is the default."""
    named: dict[str, list[str]] = {}
    for element in found.get("link", ()):
        written = element.get("href")
        relation = (element.get("rel") or "alternate").lower() if written is not None else "alternate"
        url = absolute(((written if written is not None else element.text) or "").strip(), base)
        if url:
            kind = f"{relation} {element.get('type', 'text/html')}" if relation == "alternate" else relation
            named.setdefault(kind, []).append(url)
    pages = named.get("alternate text/html") or [
        url for kind, urls in named.items() if kind.startswith("alternate") for url in urls
    ]
    return _Links(pages[0] if pages else "", (named.get("self") or [""])[0])


# --- feeds -------------------------------------------------------------------------------------------------------

XML_FORMATS: Final = {"rss": "rss", "feed": "atom", "rdf": "rdf"}
"""Formats by the name of the root element, lower case."""


def read_xml_feed(document: Document) -> FeedDocument:
    """The feed; raises ParseError."""
    root = load_xml(document)
    namespace, _, local = str(root.tag).rpartition("}")
    kind = XML_FORMATS.get(local.lower())
    if kind is None or (kind == "atom" and namespace.removeprefix("{") not in _CORE):
        raise ParseError(ParseReason.SHAPE, f"XML, but no feed: its root is <{local[:60]}>")
    outer = _children(root)
    channels = outer.get("channel", []) if kind != "atom" else [root]
    if not channels and "entry" not in outer:
        raise ParseError(ParseReason.SHAPE, "a feed without a channel")
    head = _children(channels[0]) if channels and kind != "atom" else outer
    inside = head.get("entry", []) if head is not outer else []
    return _xml_feed(document, kind, root, head, inside + outer.get("entry", []))


def _xml_feed(
    document: Document, kind: str, root: etree._Element, head: Children, elements: list[etree._Element]
) -> FeedDocument:
    problems: list[Problem] = []
    base = root.get(_BASE) or document.url
    links = _links(head, base)
    kept = newest(elements, lambda element: _age(element, document.time_zone), problems)
    written = written_elements(document.body, elements) if kept is elements else None
    names = (root.nsmap, elements[0].nsmap) if written else ()
    entries = tuple(_entries(kept, written, names, links.alternate or base, problems, document.time_zone))
    return FeedDocument(
        format=kind,
        title=title(_words(head, "title")),
        link=links.alternate,
        self_link=links.self,
        generator=title(_words(head, "generator")),
        description=text(_words(head, "summary")),
        updated=_moment(head, ("updated", "published", "created"), "feed", [], document.time_zone),
        wish=_wish(_words(head, "+ttl")),
        entries=entries,
        problems=tuple(problems),
    )


def _wish(minutes: str) -> timedelta | None:
    """How long a feed wants to be left alone after each read (`ttl`); None for what is no number of minutes."""
    written = minutes.strip()
    is_number = written.isascii() and written.isdecimal() and len(written) < 8
    return timedelta(minutes=int(written)) or None if is_number else None


def _entries(
    elements: Sequence[etree._Element],
    written: Sequence[bytes] | None,
    names: object,
    base: str,
    problems: list[Problem],
    zone: str | None,
) -> Iterator[Entry]:
    """Each entry; where its bytes are known, one that was read lately is not read again."""
    for place, element in enumerate(elements):
        where = f"entry[{place}]"
        if written is None:
            entry = _entry(element, where, problems, base, zone, names)
        else:
            entry = _entry.known_by(written[place], element, where, problems, base, zone, names)
        if entry.id:
            yield entry
        else:
            problems.append(Problem(where, "neither id, link, title nor content"))


def _age(element: etree._Element, zone: str | None) -> datetime | None:
    return _moment(_children(element), ("updated", "published", "created"), "", [], zone)


@remembered
def _entry(
    element: etree._Element, where: str, problems: list[Problem], base: str, zone: str | None, _names: object
) -> Entry:
    """One entry; `_names` are the namespaces that hold for its bytes."""
    found = _children(element)
    link = _links(found, element.get(_BASE) or base).alternate
    name = title(_words(found, "title"))
    published = _moment(found, ("published", "created"), where, problems, zone)
    given = ident(element.get(_ABOUT)) or _given_id(found)
    markup = _markup(found, "content", "summary")
    return Entry(
        id=given or link or derived_id(name, published, markup),
        link=link or (absolute(given, "") if given.startswith("http") and _is_permalink(found) else ""),
        title=name,
        html=markup,
        published=published,
        updated=_moment(found, ("updated",), where, problems, zone),
        categories=tuple(filter(None, map(_category, found.get("category", ())))),
        has_own_id=bool(given),
        extra={name[1:]: text(child[0].text or "") for name, child in found.items() if name[0] == "+"},
    )


def _given_id(found: Children) -> str:
    return next(
        (ident(element.text.strip()) for element in found.get("id", ()) if element.text and element.text.strip()), ""
    )


def _is_permalink(found: Children) -> bool:
    """RSS 2.0: a guid is an address unless `isPermaLink` says otherwise; Atom ids never are by promise."""
    return any(element.get("isPermaLink", "true").lower() != "false" for element in found.get("id", ()))


def _category(element: etree._Element) -> str:
    return title(element.get("term") or element.get("label") or element.text or "")
