"""Pages of unknown make that offer nothing but a feed, by the renderers of the demo: RSS, Atom and JSON Feed.

Each entry is an incident, with its whole story in the markup that Statuspage made common, or with its last words alone,
which may not tell a maintenance from an incident and whose phase may change above the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from statuswire.demo.bodies import Bodies
from statuswire.demo.plain_feeds import Show, atom_documents, json_documents, latest, rss_documents
from statuswire.demo.statuspage import history
from statuswire.demo.world import Case, code
from statuswire.demo.world import Provider as DemoProvider
from statuswire.platforms import atom, jsonfeed, rss
from statuswire.platforms.base import Platform
from tests.core.histories import Provider, TrueIncident
from tests.core.rules import every_update

from .base import PAGE_URL, Writer
from .sayings import newest_update
from .worlds import world_of

FEEDS: tuple[tuple[Platform, str, Callable[[DemoProvider, str, Show], Bodies]], ...] = (
    (rss.PLATFORM, "/rss.xml", rss_documents),
    (atom.PLATFORM, "/feed.atom", atom_documents),
    (jsonfeed.PLATFORM, "/feed.json", json_documents),
)


def write(documents: Callable[[DemoProvider, str, Show], Bodies], show: Show, provider: Provider, url: str) -> bytes:
    """The feed with all that there ever was, the newest entry first. It is dated by its texts, for there is nothing
    else in it that could change."""
    world = world_of(provider)
    for case in world.cases:
        case.set_at = None
    ((_, body),) = documents(world, PAGE_URL, show).values()
    return body


def incident_id(one: TrueIncident) -> str:
    """The address of the entry, which is its id."""
    return f"{PAGE_URL}/incidents/{code(one.id)}"


def whole(_: DemoProvider, case: Case) -> str:
    return history(case)


def _writers() -> Iterator[Writer]:
    for platform, path, documents in FEEDS:
        for show in (whole, latest):
            yield Writer(
                platform=platform,
                write=partial(write, documents, show),
                incident_id=incident_id,
                page_url=f"{PAGE_URL}{path}",
                has_maintenances=show is whole,
                has_edits=show is whole,
                has_updates_apart=show is whole,
                styles=("stamped",) if show is whole else ("stamped", "untidy"),
                shown=every_update if show is whole else newest_update,
                shows_deletions=False,
                shows_components=False,
            )


WRITERS = tuple(_writers())
RSS, _, ATOM, *_ = WRITERS
