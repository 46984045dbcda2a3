"""The tools: what can be asked. Each asks the API, and every answer says how fresh it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from statuswire.core.health import Flag, page_flag
from statuswire.doctor.feeds import FLAG_SENTENCES
from statuswire.mcp import freshness, shown
from statuswire.mcp.answers import ComponentRow, FeedRow, IncidentRow, PageRow, ProviderRow
from statuswire.mcp.asking import Api, Asked, Get, NotAllowed
from statuswire.mcp.freshness import Body, Freshness, Reading, reading_of, stamp
from statuswire.mcp.quoting import ABOUT, bare
from statuswire.model import Role

MOST = 200
MOST_PAGES = 20_000
NOT_WELL = ("degraded", "partial_outage", "major_outage", "maintenance", "unknown")

Now = Callable[[], datetime]
Slug = Annotated[str, Field(description="The slug of a page, as `list_pages` has it, such as `openai`.")]
Pages = Annotated[
    list[str] | None, Field(description="Slugs of pages, with `*` and `?` for any letters; all pages when left out.")
]
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many at most; `more` says whether some are left out.")]
Since = Annotated[datetime | None, Field(description="Begun at this time or later, with a zone.")]
Until = Annotated[datetime | None, Field(description="Begun before this time, with a zone.")]
Impacts = Annotated[
    list[str] | None,
    Field(
        description="`minor`, `major`, `critical`, `maintenance`, `none`, `unknown`, or `>=major` for that and worse."
    ),
]
Components = Annotated[list[str] | None, Field(description="Names of components or `Group / Name`, with `*` and `?`.")]


@dataclass(frozen=True, slots=True)
class Tools:
    """Each method is a tool. All raise ToolError where the server does not answer."""

    api: Api
    now: Now

    async def list_pages(
        self,
        search: Annotated[str, Field(max_length=200, description="Part of a name or slug; all pages when empty.")] = "",
        tags: Annotated[list[str] | None, Field(description="Tags of pages.")] = None,
        limit: Limit = 100,
    ) -> dict[str, object]:
        """The watched status pages, with the state of each. A state `unknown` is not fine: it is not known."""
        readings = await self._readings(q=bare(search), tag=tags)
        return self._answer(readings, [shown.page(one) for one in readings[:limit]], len(readings) > limit)

    async def current_state(self, pages: Pages = None, limit: Limit = 50) -> dict[str, object]:
        """How pages are now, with what is wrong on them. Without `pages`, only those that are not known to be well."""
        readings = await self._readings(page=pages)
        meant = readings if pages else [one for one in readings if not _is_well(one)]
        troubled = await self._troubled([one.page.slug for one in meant[:limit]])
        items = [shown.state(one, troubled[one.page.slug]) for one in meant[:limit]]
        well = sum(map(_is_well, readings))
        return self._answer(readings, items, len(meant) > limit) | {"pages_known_to_be_well": well}

    async def open_incidents(
        self, pages: Pages = None, components: Components = None, impact: Impacts = None, limit: Limit = 20
    ) -> dict[str, object]:
        """Incidents that go on, the latest begun first, with their latest updates."""
        asked = {"component": _bare(components), "impact": impact, "open": True}
        return await self._incidents("/incidents", pages, limit, asked)

    async def history(
        self,
        pages: Pages = None,
        components: Components = None,
        impact: Impacts = None,
        since: Since = None,
        until: Until = None,
        limit: Limit = 20,
    ) -> dict[str, object]:
        """Incidents, over or not, the latest begun first, with their latest updates."""
        asked = {"component": _bare(components), "impact": impact, "since": _zoned(since), "until": _zoned(until)}
        return await self._incidents("/incidents", pages, limit, asked)

    async def maintenance(
        self,
        pages: Pages = None,
        which: Annotated[Literal["open", "over", "all"], Field(description="`open`: planned or under way.")] = "open",
        limit: Limit = 20,
    ) -> dict[str, object]:
        """Maintenance that providers have planned, that is under way, or that is over."""
        asked: dict[str, Asked] = {"open": None if which == "all" else which == "open"}
        return await self._incidents("/maintenances", pages, limit, asked)

    async def search_catalog(
        self,
        query: Annotated[str, Field(max_length=200, description="A name, slug, host or category; typos are fine.")],
        limit: Limit = 10,
    ) -> dict[str, object]:
        """Status pages that statuswire knows and could watch. It says nothing of how any service is."""
        found, more = await self.api.listed("/catalog", ProviderRow, limit, q=bare(query))
        readings = await self._readings()
        watched = {one.page.slug: one.page for one in readings}
        named = [one for one in readings if one.page.slug in {row.slug for row in found}]
        return self._answer(named, [shown.provider(one, watched) for one in found], more)

    async def explain_feeds(self, page: Slug) -> dict[str, object]:
        """How reading a page goes: when each feed was last read, how late it is, its trouble, and what to do."""
        slug = bare(page)
        one = await self.api.one(f"/pages/{_in_path(slug)}", PageRow)
        rows, _ = await self.api.listed("/feeds", FeedRow, MOST, page=slug)
        reading = reading_of(one, rows, self.now(), offline=await self._is_offline())
        feeds = freshness.feeds_of(one, rows)
        flag = page_flag(feeds.all, self.now())
        items = [shown.feed(feeds, feed, self.now()) for feed in feeds.all]
        return self._answer([reading], items, False) | {"flag": None if flag is None else _flagged(flag, rows)}

    # --- what they share ----------------------------------------------------------------------------------------

    async def _readings(self, **asked: Asked) -> list[Reading]:
        """The pages that are meant, with how reading them goes."""
        pages, _ = await self.api.listed("/pages", PageRow, MOST_PAGES, **asked)
        rows = await self._feeds(asked.get("page"))
        offline, now = await self._is_offline(), self.now()
        return [reading_of(one, None if rows is None else rows[one.slug], now, offline=offline) for one in pages]

    async def _feeds(self, pages: Asked) -> Mapping[str, list[FeedRow]] | None:
        """By page; None where the token may not see them."""
        try:
            found, _ = await self.api.listed("/feeds", FeedRow, MOST_PAGES, page=pages)
        except NotAllowed:
            return None
        rows: dict[str, list[FeedRow]] = defaultdict(list)
        for one in found:
            rows[one.page].append(one)
        return rows

    async def _is_offline(self) -> bool:
        return (await self.api.health()).offline

    async def _troubled(self, slugs: Sequence[str]) -> Mapping[str, list[ComponentRow]]:
        rows: dict[str, list[ComponentRow]] = defaultdict(list)
        for start in range(0, len(slugs), _WORDS):
            part = slugs[start : start + _WORDS]
            found, _ = await self.api.listed("/components", ComponentRow, MOST_PAGES, page=part, status=NOT_WELL)
            for one in found:
                rows[one.page.slug].append(one)
        return rows

    async def _incidents(self, path: str, pages: Pages, limit: int, asked: Mapping[str, Asked]) -> dict[str, object]:
        found, more = await self.api.listed(path, IncidentRow, limit, page=pages, **asked)
        readings = await self._readings(page=pages)
        by_page = {one.page.slug: one for one in readings}
        return self._answer(readings, [shown.incident(one, by_page) for one in found], more)

    def _answer(self, readings: Sequence[Reading], items: Sequence[Body], more: bool) -> Body:
        return {
            "asked_at": stamp(self.now()),
            "freshness": freshness.summed(readings),
            "about_quoted": ABOUT,
            "items": list(items),
            "more": more,
        }


_WORDS = 20
"""So many words may a filter of the API have."""


def _is_well(one: Reading) -> bool:
    return one.freshness is Freshness.FRESH and one.page.state == "operational" and not one.page.open_incidents


def _bare(words: list[str] | None) -> list[str] | None:
    return None if words is None else [bare(word) for word in words]


def _zoned(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise ToolError(f"{moment.isoformat()} needs a zone, such as {moment.isoformat()}Z")
    return moment


def _in_path(slug: str) -> str:
    if not slug or not all(letter.isalnum() or letter in "-_." for letter in slug) or slug.startswith("."):
        raise ToolError("That is no slug of a page; `list_pages` has them.")
    return slug


def _flagged(flag: Flag, rows: Sequence[FeedRow]) -> str:
    since = min((one.failing_since for one in rows if one.failing_since and one.role is not Role.HISTORY), default=None)
    return FLAG_SENTENCES[flag].format(since=stamp(since))


INSTRUCTIONS = (
    "statuswire watches the public status pages of other services. Every answer has `freshness`: only a page that is "
    "`fresh` can be called fine; of one that is `stale` or `unknown` say that its state is not known, and since when. "
    f"{ABOUT}"
)

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Tool = Callable[..., Awaitable[dict[str, object]]]


def make_server(get: Get, now: Now, version: str) -> MCPServer:
    """The server, which asks by `get`."""
    tools = Tools(Api(get), now)
    made: MCPServer = MCPServer("statuswire", instructions=INSTRUCTIONS, version=version, log_level="WARNING")
    offered: tuple[Tool, ...] = (
        tools.list_pages,
        tools.current_state,
        tools.open_incidents,
        tools.history,
        tools.maintenance,
        tools.search_catalog,
        tools.explain_feeds,
    )
    for tool in offered:
        made.add_tool(tool, description=f"{tool.__doc__} {ABOUT}", annotations=_READS, structured_output=True)
    return made
