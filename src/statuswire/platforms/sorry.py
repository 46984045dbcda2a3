"""Sorry: hosted status pages (Pipedrive, Postmark, Broadcom, Pingdom and more), `*.sorryapp.com` and custom domains.

Each page answers on its own host, without a key, and explains itself at `<page>/api`; the notice object is described at
<https://docs.sorryapp.com>. Known from there, from working clients and from probes of live pages, checked 2026-11:

- `/api/v1/status`: `{"page": {"id", "name", "state", "state_text", "url", "updated_at"}}`, the roll-up;
- `/api/v1/components`: `{"components": [...], "meta": {"count", "total_count", "next_page"}}`, 25 to a page;
- `/api/v1/notices`: incidents and maintenances, past and future, newest first, with their latest update only;
- `/api/v1/notices/<id>`: one of them with its components and all its updates.

Quirks: `begins_at` and `ends_at` are plans, `began_at` and `ended_at` facts; `next_page` is a path or a whole URL; no
impact is sent; a notice in `recovering` no longer counts for the page's own roll-up. A `general` notice is an
announcement without a state. `/api/v1/status.json` is Rootly's. What the management API can do needs a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, PageFacts, Problem, Role, Snapshot, Status
from statuswire.platforms.addresses import base_of, beside, single_feed, web_url
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import load_parts, whole
from statuswire.platforms.reading import as_mapping, choose, ident, items, require_mapping, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.sorry_notices import TYPES, is_current, read_notice
from statuswire.platforms.sorry_terms import LEVELS, NAME, Fields

API: Final = "/api/v1"
SINGLE: Final = (
    (f"{API}/status", FeedSpec("")),
    (f"{API}/components", FeedSpec("")),
    (f"{API}/notices", FeedSpec("", Role.ENTRIES)),
)
MOST_PAGES: Final = 10


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The three lists of a page; or the one that is named."""
    single = single_feed(page_url, SINGLE)
    base = base_of(page_url)
    if single or not base:
        return single
    return (
        FeedSpec(f"{base}{API}/components"),
        FeedSpec(f"{base}{API}/notices", Role.ENTRIES),
        FeedSpec(f"{base}{API}/status", every=timedelta(minutes=5)),
    )


# --- documents ---------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read any of the documents, told by its keys. Raises ParseError."""
    fields = require_mapping(load_parts(document), "")
    page = as_mapping(fields.get("page"))
    if "state" not in page and not fields.keys() & {"components", "notices", "notice"}:
        raise ParseError(ParseReason.SHAPE, "not a Sorry document: no state of a page, no components, no notices")
    problems: list[Problem] = []
    rows = whole(fields.get("components"))
    components = tuple(_components(rows, problems))
    is_all = bool(components) and _is_all(rows, as_mapping(fields.get("meta")), problems)
    listed = [fields["notice"]] if "notice" in fields else fields.get("notices")
    return Snapshot(
        platform=NAME,
        page=_page(page, problems),
        covers=frozenset({Cover.COMPONENTS}) if is_all else frozenset(),
        components=components,
        incidents=read_notice.each(listed, "notices", problems).found,
        problems=tuple(problems),
    )


def _page(page: Fields, problems: list[Problem]) -> PageFacts:
    state = page.get("state")
    return PageFacts(
        id=ident(page.get("id")) or None,
        name=title(page.get("name")) or None,
        url=web_url(page.get("url")).rstrip("/") or None,
        status=choose(state, LEVELS, Status.UNKNOWN, "page.state", problems) if state else None,
        status_text=title(page.get("state_text")),
    )


def _is_all(listed: object, meta: Fields, problems: Iterable[Problem]) -> bool:
    """Whether the list of components is all there are: read to the last, and without a further page."""
    if not isinstance(listed, list) or meta.get("next_page") or not is_whole(listed, "components", problems):
        return False
    total = meta.get("total_count", len(listed))
    return isinstance(total, int) and total <= len(listed)


def _components(listed: object, problems: list[Problem]) -> Iterator[Component]:
    """The rows that can fail: a row with children repeats them, and gives the group its name."""
    rows = list(items(listed, "components", problems))
    parents = {ident(row.get("parent_id")) for _, row in rows}
    names = {ident(row.get("id")): title(row.get("name")) for _, row in rows}
    for place, row in rows:
        component_id = ident(row.get("id"))
        if not component_id:
            problems.append(Problem(f"components[{place}]", "a component without id"))
        elif component_id not in parents and not _has_children(row):
            yield Component(
                id=component_id,
                name=names[component_id],
                group=names.get(ident(row.get("parent_id"))) or None,
                status=choose(row.get("state"), LEVELS, Status.UNKNOWN, f"components[{place}].state", problems),
                raw_status=text(row.get("state"), 200),
                position=_position(row.get("position")),
            )


def _has_children(row: Fields) -> bool:
    count = as_mapping(as_mapping(row.get("links")).get("children")).get("count")
    return isinstance(count, int) and count > 0


def _position(value: object) -> int:
    return value if isinstance(value, int) and abs(value) < 2**31 else 0


# --- what a document only points to ------------------------------------------------------------------------------

_PAGE_NUMBER: Final = re.compile(r"(?<=[?&]page=)\d{1,4}(?=&|$)")


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The further pages of the components, and each notice that is not long over, with all its updates."""
    fields = Sight(document).fields
    if "components" in fields:
        return tuple(FeedSpec(url) for url in _further_pages(fields, document.url))
    base = base_of(document.url)
    if not base.endswith("/notices"):
        return ()
    rows = [row for _, row in items(fields.get("notices"), "notices", [])]
    wanted = (ident(row.get("id")) for row in rows if is_current(row) and "updates" not in row)
    found = [FeedSpec(f"{base}/{own_id}", Role.ENTRIES) for own_id in wanted if own_id.isalnum()]
    return tuple(found[:MOST_PAGES])


def _further_pages(fields: Fields, url: str) -> Iterator[str]:
    """The address of the next page, and those after it, as far as the numbers tell that there are any."""
    meta = as_mapping(fields.get("meta"))
    second = beside(url, text(meta.get("next_page"))) if meta.get("next_page") else ""
    if not second:
        return
    count, total = meta.get("count"), meta.get("total_count")
    if not (isinstance(count, int) and isinstance(total, int) and count > 0 and _PAGE_NUMBER.search(second)):
        yield second
        return
    for number in range(2, min(-(-total // count), MOST_PAGES) + 1):
        yield _PAGE_NUMBER.sub(str(number), second)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """A page with a `state`, or one of the lists with its count beside it."""
    fields = sight.fields
    page = as_mapping(fields.get("page"))
    if page:
        return "state" in page and "status" not in page and bool(page.keys() & {"state_text", "links"})
    if "notice" in fields:
        return text(as_mapping(fields["notice"]).get("type")) in TYPES
    meta = as_mapping(fields.get("meta"))
    return {"count", "total_count"} <= meta.keys() and (_shows_state(fields, "components") or "notices" in fields)


def _shows_state(fields: Fields, key: str) -> bool:
    listed = fields.get(key)
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else {}
    return "state" in first and "status" not in first


def page_id(document: Document) -> str | None:
    """The page's id in the document of its state."""
    page = as_mapping(Sight(document).fields.get("page"))
    return ident(page.get("id")) or None if "state" in page else None


PLATFORM: Final = Platform(
    name=NAME,
    title="Sorry",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("sorryapp.com",),
    marks=("Powered by Sorry",),
    probes=(f"{API}/status",),
    page_id=page_id,
    more=more,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the numbers of notices, updates and components",
        absence="a component gone from a list that is whole is gone; a notice gone from its list says nothing",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
