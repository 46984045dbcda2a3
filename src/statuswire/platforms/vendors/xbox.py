"""Xbox, <https://support.xbox.com/en-US/xbox-live-status>, by the document that the page is drawn from; not documented.

`https://xnotify.xboxlive.com/servicestatusv6/<market>/<locale>` (`US/en-US`) is XML, or JSON where that is asked for.
Known from working clients of 2026, checked 2026-11.

    {"Status": {"Overall": {"State": "None", "LastUpdated": "..."}},
     "CoreServices": [{"Id": 1, "Name": "Account", "Status": {"Name": "None"}}], "Titles": [...]}

In XML each row is a `Category` of `CoreServices`, or stands under `Titles`. Quirks: `None` means that all is well; the
word for an outage was seen nowhere, so that others than the three are unknown; there are no incidents and no texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, PageFacts, Problem, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.reading import as_mapping, choose, ident, items, load_json, load_xml, split_url, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import path_of

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "xbox"
HOME: Final = "https://support.xbox.com/en-US/xbox-live-status"
API: Final = "https://xnotify.xboxlive.com/servicestatusv6"

LEVELS: Final[dict[str, Status]] = {
    "none": Status.OPERATIONAL,
    "limited": Status.DEGRADED,
    "impacted": Status.PARTIAL_OUTAGE,
}
GROUPS: Final = {"CoreServices": "Core services", "Titles": "Titles"}

_LOCALE: Final = re.compile(r"/([a-z]{2}-([A-Z]{2}))(?:/|$)")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The document of the market that the address names, that of the United States where it names none."""
    address = split_url(page_url)
    if address is not None and "/servicestatusv6/" in address.path:
        return (FeedSpec(page_url),)
    named = _LOCALE.search(path_of(page_url))
    locale, market = (named[1], named[2]) if named else ("en-US", "US")
    return (FeedSpec(f"{API}/{market}/{locale}"),)


# --- the document ------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read the document in either of its forms. Raises ParseError."""
    is_xml = document.body[:512].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")
    fields = _from_xml(load_xml(document)) if is_xml else as_mapping(load_json(document))
    if not isinstance(fields.get("CoreServices"), list):
        raise ParseError(ParseReason.SHAPE, "not the state of Xbox: no CoreServices")
    problems: list[Problem] = []
    rows: dict[str, Component] = {}
    for key, group in GROUPS.items():
        for row in _rows(fields.get(key), key, group, problems):
            rows.setdefault(row.id, row)
    overall = as_mapping(as_mapping(fields.get("Status")).get("Overall")).get("State")
    status = choose(overall, LEVELS, Status.UNKNOWN, "Status.Overall.State", problems) if overall else None
    is_all = bool(rows) and all(is_whole(fields.get(key, []), key, problems) for key in GROUPS)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="Xbox", url=HOME, status=status),
        covers=frozenset({Cover.COMPONENTS}) if is_all else frozenset(),
        components=tuple(rows.values()),
        problems=tuple(problems),
    )


def _rows(listed: object, key: str, group: str, problems: list[Problem]) -> Iterable[Component]:
    """The rows of one list; a title is known by `title/` and its id, for it may have that of a service."""
    for place, fields in items(listed, key, problems):
        own_id, name = ident(fields.get("Id")), title(fields.get("Name"))
        if not own_id and not name:
            problems.append(Problem(f"{key}[{place}]", "a row without Id and Name"))
            continue
        word = as_mapping(fields.get("Status")).get("Name")
        level = choose(word, LEVELS, Status.UNKNOWN, f"{key}[{place}].Status.Name", problems)
        stable = own_id or name
        stable = stable if key == "CoreServices" else f"title/{stable}"
        yield Component(stable, name or own_id, group, level, text(word, 60), position=place)


def _from_xml(root: etree._Element) -> dict[str, object]:
    """The fields that JSON has, by local names."""
    found: dict[str, object] = {}
    for child in root:
        name = _name(child)
        if name in GROUPS:
            found[name] = [_row_of(row) for row in child if _name(row)]
        elif name == "Status":
            found[name] = {_name(one): {_name(part): part.text for part in one} for one in child}
    return found


def _row_of(row: etree._Element) -> dict[str, object]:
    held: dict[str, object] = {}
    for child in row:
        name = _name(child)
        if name == "Status":
            held[name] = {_name(part): part.text for part in child}
        elif name in ("Id", "Name"):
            held[name] = child.text
    return held


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def recognize(sight: Sight) -> bool:
    """The list of core services beside the roll-up, in either form."""
    if sight.is_markup:
        head = sight.document.body[:65_536]
        return b"<CoreServices" in head and b"<Overall" in head
    overall = as_mapping(as_mapping(sight.fields.get("Status")).get("Overall"))
    return "State" in overall and isinstance(sight.fields.get("CoreServices"), list)


PLATFORM = Platform(
    name=NAME,
    title="Xbox",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("xnotify.xboxlive.com",),
    coverage=Coverage(
        components=True,
        identity="the id of the category",
        absence="a category that is no longer listed is gone",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
