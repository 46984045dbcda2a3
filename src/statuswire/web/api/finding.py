"""The catalog, finding out about a page that is not watched yet, and what rules would have told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import AfterValidator, Field, JsonValue

from statuswire import catalog
from statuswire.catalog import Provider
from statuswire.durations import Duration
from statuswire.errors import ConfigError
from statuswire.model import Impact
from statuswire.web.api import shapes
from statuswire.web.api.asked import MAX_WORD, CatalogAsked, Nothing
from statuswire.web.api.errors import Refused, wrong
from statuswire.web.api.replies import Asking, Key, cursor_of, encode, key_of, part, reply
from statuswire.web.asking import Ask
from statuswire.web.problems import Mistake, Refusal
from statuswire.web.tools import Trial, WrongRules

router = APIRouter(tags=["finding"])

LOOK_S = 60.0
BACKTEST_S = 30.0
MOST_RULES = 200
LONGEST = timedelta(days=3_650)


# --- catalog -----------------------------------------------------------------------------------------------------


@router.get("/catalog", response_model=shapes.Catalog, summary="Search the known services")
async def search(ask: Asking, asked: Annotated[CatalogAsked, Query()]) -> Response:
    """Best first."""
    begin = min(key_of(asked.after, tuple[Key], (0,))[0], len(catalog.providers()))
    found = catalog.search(asked.q, begin + asked.limit + 1)[begin:]
    following = cursor_of(begin + asked.limit) if len(found) > asked.limit else None
    return reply(ask, encode(part((_provider(one) for one in found[: asked.limit]), following)))


@router.get("/catalog/{slug}", response_model=shapes.Provider, summary="One known service")
async def one_provider(
    ask: Asking,
    slug: Annotated[str, Path(max_length=MAX_WORD, description="Its slug or another name of it.", examples=["openai"])],
    asked: Annotated[Nothing, Query()],
) -> Response:
    found = catalog.find(slug)
    if found is None:
        near = catalog.nearest(slug)
        raise Refused(Refusal("unknown_item", f"There is no {slug[:100]!r} in the catalog.", known=near))
    return reply(ask, encode(_provider(found)))


def _provider(one: Provider) -> dict[str, object]:
    return {
        "slug": one.slug,
        "name": one.name,
        "page_url": one.page_url,
        "platform": one.platform,
        "feed_url": one.feed_url,
        "category": one.category,
        "homepage": one.homepage,
        "aliases": list(one.aliases),
    }


# --- detection ---------------------------------------------------------------------------------------------------


class DetectAsked(Nothing):
    url: str = Field(min_length=1, max_length=2000, examples=["https://status.acme-relay.example"])
    """A page, a feed, or a slug of the catalog."""


@router.post("/detect", response_model=shapes.Detection, summary="Which platform, feeds and components a page has")
async def detect(
    ask: Asking, detection: Annotated[DetectAsked, Body()], asked: Annotated[Nothing, Query()]
) -> Response:
    """Reads the page as `statuswire detect` does. Loopback and private addresses are not read, but those of configured
    pages that may be."""
    try:
        async with asyncio.timeout(LOOK_S):
            found = await ask.parts.tools.detect(detection.url)
    except ConfigError as error:
        raise wrong("body.url", str(error)) from error
    except TimeoutError as error:
        raise Refused(Refusal("out_of_time", f"The page took more than {LOOK_S:g} seconds.")) from error
    return reply(ask, encode(found))


# --- backtest ----------------------------------------------------------------------------------------------------


def _in_reach(span: timedelta) -> timedelta:
    if not timedelta(0) < span <= LONGEST:
        raise ValueError(f"must be longer than nothing, and {LONGEST.days:,} days at most")
    return span


LookBack = Annotated[Duration, AfterValidator(_in_reach)]


class BacktestAsked(Nothing):
    routes: list[dict[str, JsonValue]] | None = Field(
        default=None, max_length=MOST_RULES, examples=[[{"channel": "ops", "impact": ">=major", "hold": "3m"}]]
    )
    """Routes as the configuration file would hold them, to configured channels; those in force when left out."""
    silences: list[dict[str, JsonValue]] | None = Field(
        default=None, max_length=MOST_RULES, examples=[[{"page": "github", "reason": "not used"}]]
    )
    """Silences as the configuration file would hold them; those in force when left out."""
    since: LookBack = Field(default="90d", validate_default=True, examples=["90d"])
    """How far to look back."""
    impact: Impact = Impact.MAJOR
    """Incidents this bad are to be told."""


@router.post("/backtest", response_model=shapes.Backtest, summary="What rules would have told")
async def backtest(
    ask: Asking, trial: Annotated[BacktestAsked, Body()], asked: Annotated[Nothing, Query()]
) -> Response:
    """The report of `statuswire backtest`, by the real rules over the stored log. Nothing is sent, nothing changed."""
    wanted = Trial(trial.routes, trial.silences, trial.since, trial.impact)
    try:
        return reply(ask, await asyncio.to_thread(_tried, ask, wanted))
    except WrongRules as error:
        mistakes = tuple(Mistake(f"body.{place}", sentence) for place, sentence in error.faults)
        raise Refused(Refusal("bad_parameter", f"{error}.", errors=mistakes)) from error
    except TimeoutError as error:
        detail = f"The backtest took more than {BACKTEST_S:g} seconds; the command has no limit."
        raise Refused(Refusal("out_of_time", detail)) from error


def _tried(ask: Ask, trial: Trial) -> bytes:
    clock = ask.parts.clock
    until = clock.monotonic() + BACKTEST_S

    def go_on() -> None:
        if clock.monotonic() > until:
            raise TimeoutError

    return encode(ask.parts.tools.backtest(trial, go_on))
