"""`/feeds/{name}.atom` and `.json`: everything (`all`), one page, or a saved filter; narrowed by the query string.

The words of the query are those of routes and lists; `type` tells incidents from maintenances. A feed holds what is
open and the fifty that began last.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from urllib.parse import quote

from statuswire.config.routes import FilterConfig
from statuswire.core.routing import is_type_meant
from statuswire.engine import lists
from statuswire.engine.lists import IncidentQuery, Labels
from statuswire.model import EventType, Filter, Kind, PageRef
from statuswire.store import Tx, queries
from statuswire.store.listing import Listed
from statuswire.store.saved_filters import saved_filter
from statuswire.web import paths
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.out import atom, jsonfeed
from statuswire.web.out.feed import Feed
from statuswire.web.out.giving import asked_filter, base_url, give, own_query, own_url
from statuswire.web.out.story import TAG, story_of
from statuswire.web.pages import read_store
from statuswire.web.problems import Refusal, RefusedRequest
from statuswire.web.slugs import check_pages

ALL = "all"
MOST = 50
MOST_OPEN = 200

_NO_FEED = Refusal("unknown_address", "There is no page and no saved filter of this name.")


async def atom_feed(ask: Ask) -> Answer:
    feed = await _feed(ask)
    return give(ask, atom.write(feed), atom.CONTENT_TYPE)


async def json_feed(ask: Ask) -> Answer:
    feed = await _feed(ask)
    return give(ask, jsonfeed.write(feed), jsonfeed.CONTENT_TYPE)


# --- which -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Listed:
    """What the name of a feed stands for and what it holds; `page` is set for one of a single page."""

    title: str
    incidents: tuple[Listed, ...]
    page: PageRef | None = None


async def _feed(ask: Ask) -> Feed:
    """Raises RefusedRequest for a name or a query that means nothing."""
    name = paths.text_of(ask.params["name"])
    asked = asked_filter(ask)
    labels = ask.parts.hub.labels()
    found = await read_store(
        ask.parts, partial(_load, name=name, asked=asked, labels=Labels(labels.tags, labels.categories))
    )
    if found is None:
        raise RefusedRequest(_NO_FEED)
    base = base_url(ask)
    stories = [story_of(*one, base, is_named=found.page is None) for one in found.incidents]
    stories.sort(key=lambda one: (one.updated, one.id), reverse=True)
    return Feed(
        id=f"{TAG}feeds/{quote(name, safe='')}{own_query(ask)}",
        title=found.title,
        url=own_url(ask),
        home=f"{base}{paths.page_path(found.page.slug)}" if found.page is not None else f"{base}/",
        updated=stories[0].updated if stories else ask.parts.started_at.replace(microsecond=0),
        stories=tuple(stories),
        version=ask.parts.version,
    )


def _load(tx: Tx, name: str, asked: Filter, labels: Labels) -> _Listed | None:
    """None where nothing has this name. Raises RefusedRequest for a page that there is not."""
    check_pages(tx, asked)
    if name == ALL:
        return _Listed("All incidents", _incidents(tx, asked, labels))
    page = queries.page_by_slug(tx, name)
    if page is not None:
        incidents = _incidents(tx, replace(asked, pages=(page.slug,)), labels)
        return _Listed(f"{page.name} - Incident History", incidents, page.ref)
    saved = saved_filter(tx, name)
    if saved is None:
        return None
    return _Listed(saved.name, _incidents(tx, _over(FilterConfig.model_validate(saved.words).filter(), asked), labels))


def _over(saved: Filter, asked: Filter) -> Filter:
    """The saved filter; what the query says stands in the place of the same word."""
    told = {one.name: getattr(asked, one.name) for one in fields(Filter) if getattr(asked, one.name)}
    return replace(saved, **told)


def _incidents(tx: Tx, wanted: Filter, labels: Labels) -> tuple[Listed, ...]:
    """Those that are open and those that began last, each once."""
    kinds = [kind for kind in Kind if any(is_type_meant(wanted, one) for one in EventType if one.startswith(kind))]
    if not kinds:
        return ()
    query = IncidentQuery(wanted, kind=kinds[0] if len(kinds) == 1 else None, labels=labels)
    newest, _ = lists.list_incidents(tx, query, limit=MOST)
    open_, _ = lists.list_incidents(tx, replace(query, is_open=True), limit=MOST_OPEN)
    return tuple({(ref.slug, one.id): (ref, one) for ref, one in (*open_, *newest)}.values())
