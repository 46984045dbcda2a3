"""Tencent Cloud, <https://status.tencentcloud.com> and <https://status.cloud.tencent.com>; not documented.

The JSON behind the page is known from working clients of 2026, checked 2026-11; all below `/v1/api/status`:

- `DescribeHappening?BelongSite=1`, the banner: `{"IsShow": true, "Status": "ABNORMAL", "Id": 7, "Title", "Desc"}`;
- `DescribeProductEventForRegionInPeriod?BelongSite=1&RegionId=<region>`: `CategoryList[].ProductList[]` with
  `ProductId`, `ProductName`, `CurrentStatus`, `ProductEventTitle`, `Rss`;
- `/rss/<lang>/<region>/<product>.rss`, the notices of one product, read where its address is watched.

Each stands in `{"Response": {"Data": {...}}}`. What is polled is the banner and the products of the region that the
address names (`?region=ap-seoul`), else those of no region; clients also send the day as `EndDate`, which an address
that is polled cannot have. Quirks: an unknown region is answered with an empty list,
which is an error; an event of a product has neither id nor time, so it is known by region and product, and is over when
the product is `NORMAL` again. `NOTIFY` marks a notice: it is minor. The words of an event are in the feeds only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qs

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    ident,
    items,
    load_json,
    plain,
    split_url,
    text,
    title,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of

__all__ = ["LEVELS", "NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "tencent"
HOME: Final = "https://status.tencentcloud.com"
API: Final = "/v1/api/status"
NO_REGION: Final = "non-regional"
_PAGE: Final = PageFacts(name="Tencent Cloud", url=HOME)

LEVELS: Final[dict[str, tuple[Status, Impact]]] = {
    "normal": (Status.OPERATIONAL, Impact.NONE),
    "notify": (Status.DEGRADED, Impact.MINOR),
    "abnormal": (Status.DEGRADED, Impact.MAJOR),
}
_UNKNOWN: Final = (Status.UNKNOWN, Impact.UNKNOWN)
_REGION: Final = re.compile(r"[a-z][a-z0-9-]{1,40}")
_BANNER: Final = "banner/"


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The banner and the products of a region; or the one document that the address names."""
    base, path = origin(page_url), path_of(page_url)
    if not base:
        return ()
    if path.endswith(".rss"):
        return (FeedSpec(page_url, Role.ENTRIES, accept="application/rss+xml"),)
    if API in path:
        return (FeedSpec(page_url),)
    asked = _asked(page_url, "region")
    region = asked if _REGION.fullmatch(asked) else NO_REGION
    return (
        FeedSpec(f"{base}{API}/DescribeProductEventForRegionInPeriod?BelongSite=1&RegionId={region}&NumOfDay=1"),
        FeedSpec(f"{base}{API}/DescribeHappening?BelongSite=1"),
    )


def _asked(url: str, key: str) -> str:
    address = split_url(url)
    return parse_qs(address.query).get(key, [""])[0] if address else ""


def parse(document: Document) -> Snapshot:
    """Read the products of a region, the banner, or a feed. Raises ParseError."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    held = _held(as_mapping(load_json(document)))
    if isinstance(held.get("CategoryList"), list):
        return _products(held["CategoryList"], _asked(document.url, "RegionId") or NO_REGION)
    if "IsShow" in held:
        return _banner(held)
    raise ParseError(ParseReason.SHAPE, "not a document of Tencent Cloud: neither products nor a banner")


def _held(fields: Fields) -> Fields:
    return as_mapping(as_mapping(fields.get("Response")).get("Data"))


# --- products ----------------------------------------------------------------------------------------------------


def _products(categories: object, region: str) -> Snapshot:
    problems: list[Problem] = []
    rows: dict[str, Component] = {}
    incidents: dict[str, Incident] = {}
    for where, group, fields in _listed(categories, problems):
        own_id, name = ident(fields.get("ProductId")), title(fields.get("ProductName"))
        if not own_id:
            problems.append(Problem(where, "a product without ProductId"))
            continue
        word = text(fields.get("CurrentStatus"), 60)
        level, impact = choose(word, LEVELS, _UNKNOWN, f"{where}.CurrentStatus", problems)
        row = Component(f"{region}/{own_id}", name or own_id, group or region, level, word, position=len(rows))
        rows[row.id] = row
        if level is Status.DEGRADED:
            incidents[row.id] = _event(fields, row, impact)
    if not rows:
        raise ParseError(ParseReason.SHAPE, f"no products in {region!r}: not a region of Tencent Cloud")
    return Snapshot(
        NAME,
        page=_PAGE,
        covers=frozenset() if problems else frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS}),
        components=tuple(rows.values()),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
        within=f"{region}/",
    )


def _listed(categories: object, problems: list[Problem]) -> Iterator[tuple[str, str, Fields]]:
    """Each product with its place and the name of its category."""
    for place, category in items(categories, "CategoryList", problems):
        where = f"CategoryList[{place}].ProductList"
        listed = category.get("ProductList")
        if not is_whole(listed, where, problems):
            problems.append(Problem(where, "a category without its products"))
        for number, fields in items(listed, where, problems):
            yield f"{where}[{number}]", title(category.get("CategoryName"), 100), fields


def _event(fields: Fields, row: Component, impact: Impact) -> Incident:
    return Incident(
        id=row.id,
        title=title(fields.get("ProductEventTitle")) or f"{row.name}: {row.raw_status}",
        phase=Phase.INVESTIGATING,
        impact=impact,
        url=HOME,
        components=(AffectedComponent(row.id, row.name, row.group, row.status),),
        raw_impact=row.raw_status,
    )


# --- the banner --------------------------------------------------------------------------------------------------


def _banner(held: Fields) -> Snapshot:
    """What is shown across the page; nothing where it is hidden or says that all is normal."""
    problems: list[Problem] = []
    word, own_id = text(held.get("Status"), 60), ident(held.get("Id"))
    _, impact = choose(word, LEVELS, _UNKNOWN, "Status", problems)
    is_shown = held.get("IsShow") is True and impact is not Impact.NONE
    if is_shown and not own_id:
        raise ParseError(ParseReason.SHAPE, "a banner of Tencent Cloud without Id")
    said, raw = plain(text(held.get("Desc")))
    incident = Incident(
        id=f"{_BANNER}{own_id}",
        title=title(held.get("Title")) or title(said.partition("\n")[0], 200),
        phase=Phase.INVESTIGATING,
        impact=impact,
        url=HOME,
        updates=(IncidentUpdate("text", Phase.INVESTIGATING, said, None, raw=raw),) if said else (),
        raw_impact=word,
    )
    return Snapshot(
        NAME,
        page=_PAGE,
        covers=frozenset({Cover.OPEN_INCIDENTS}),
        incidents=(incident,) if is_shown else (),
        problems=tuple(problems),
        within=_BANNER,
    )


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Their envelope with products or a banner, or a feed with links to their page."""
    if sight.feed is not None:
        links = f"{sight.feed.link} {sight.feed.self_link}"
        return "status.cloud.tencent.com" in links or "status.tencentcloud.com" in links
    held = {} if sight.is_markup else _held(sight.fields)
    return isinstance(held.get("CategoryList"), list) or held.keys() >= {"IsShow", "Status"}


PLATFORM: Final = Platform(
    name=NAME,
    title="Tencent Cloud",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.tencentcloud.com", "status.cloud.tencent.com"),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        identity="region and product, for an event has no id; a banner has one",
        absence="an event of a product that is normal again is over; a banner that is hidden is over",
        confidence=Confidence.MEDIUM,
    ),
)
