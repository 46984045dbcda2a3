"""Hyperping status pages: one document with the state of the whole page.

Documentation: <https://hyperping.com/docs> (checked 2026-11); the document was captured in August 2026. There is no
public list of components or incidents, so the page is one component named after it; an older API host listed services.
`uptime` is the average of 90 days as text and never a state.
"""

from __future__ import annotations

from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, PageFacts, Problem, Role, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import choose, ident, item_parts, require_mapping, split_url, text, title
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight

NAME: Final = "hyperping"
PATH: Final = "/status.json"

LEVELS: Final[dict[str, Status]] = {
    "up": Status.OPERATIONAL,
    "maintenance": Status.MAINTENANCE,
    "incident": Status.PARTIAL_OUTAGE,
    "partialoutage": Status.PARTIAL_OUTAGE,
    "outage": Status.MAJOR_OUTAGE,
    "down": Status.MAJOR_OUTAGE,
}
"""`incident` says that some services are hit, `outage` that all are."""

_KEYS: Final = frozenset({"indicator", "uptime"})


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The one document of a page, or the very document that `page_url` names; none for what is no address."""
    parts = split_url(page_url)
    if parts is None or not parts.netloc:
        return ()
    if parts.path.endswith(".json"):
        return (FeedSpec(page_url),)
    return (FeedSpec(f"{parts.scheme}://{parts.netloc}{PATH}", Role.STATE),)


def parse(document: Document) -> Snapshot:
    """The roll-up, and the services where the older document lists them. Raises ParseError."""
    fields = require_mapping(load_parts(document), "the document")
    if not isinstance(fields.get("indicator"), str):
        raise ParseError(ParseReason.SHAPE, "no indicator: not a document of Hyperping")
    problems: list[Problem] = []
    level = choose(fields["indicator"], LEVELS, Status.UNKNOWN, "indicator", problems)
    name = title(fields.get("name")) or _host(document.url)
    listed = item_parts(fields.get("services"), "services", problems)
    read = (_service(service, f"services[{place}]", problems) for place, service in listed)
    components = tuple(one for one in read if one is not None)
    if not components:
        components = (Component("page", name, None, level, text(fields["indicator"], 200)),)
    is_complete = fields.get("services") is None or is_whole(fields.get("services"), "services", problems)
    return Snapshot(
        NAME,
        page=PageFacts(name=name or None, url=text(fields.get("url")) or None, status=level),
        covers=frozenset({Cover.COMPONENTS}) if is_complete else frozenset(),
        components=components,
        problems=tuple(problems),
    )


@remembered
def _service(row: dict[str, object], where: str, problems: list[Problem]) -> Component | None:
    """A service is named by its address, for names may repeat."""
    name = title(row.get("name")) or title(row.get("url"))
    if not name:
        problems.append(Problem(where, "a service without name and address"))
        return None
    word = row.get("indicator") or row.get("status")
    level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.indicator", problems)
    return Component(ident(row.get("url")) or name, name, None, level, text(word, 200))


def _host(url: str) -> str:
    parts = split_url(url)
    return (parts.hostname or "") if parts else ""


def recognize(sight: Sight) -> bool:
    """Exactly the two keys, or the older document's services beside the indicator."""
    fields = sight.fields
    if not isinstance(fields.get("indicator"), str):
        return False
    return fields.keys() == _KEYS or (isinstance(fields.get("services"), list) and "page" not in fields)


PLATFORM: Final = Platform(
    name=NAME,
    title="Hyperping",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("hyperping.app",),
    probes=(PATH,),
    coverage=Coverage(
        components=True,
        identity="the whole page is one component; the older document names services by their address",
        absence="a service that is missing from the list is gone",
        confidence=Confidence.MEDIUM,
    ),
)
