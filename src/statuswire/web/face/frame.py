"""The frame of every page of the dashboard: navigation, who is signed in, how we are, and the headers of safety.

    view ─ show(ask, template, load) ─ one read of the store ─ render ─ Answer

Templates are Jinja2 with everything escaped; they are compiled once and kept in memory. Asked with `X-Fragment: main`,
which the dashboard's own script sends after an event, a page answers with its `<main>` alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from statuswire.model import PrincipalKind
from statuswire.store import Tx, queries
from statuswire.web import problems
from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask
from statuswire.web.face import statics, words
from statuswire.web.face.quoting import quoted
from statuswire.web.html import html
from statuswire.web.needs import Need, allows
from statuswire.web.pages import READ_DEADLINE_S
from statuswire.web.problems import Refusal
from statuswire.web.table import ROWS

Context = Mapping[str, Any]

_VARY: Headers = ((b"vary", b"X-Fragment, Cookie"),)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation. `key` is what follows `g` on the keyboard; empty for none."""

    name: str
    path: str
    word: str
    key: str = ""


PLACES = (
    Place("now", "/", "Now", "n"),
    Place("history", "/history", "History", "h"),
    Place("maintenance", "/maintenance", "Maintenance", "m"),
    Place("reports", "/reports", "Reports", "r"),
    Place("deliveries", "/deliveries", "Deliveries", "d"),
    Place("rules", "/rules", "Rules", "u"),
    Place("add", "/add", "Add a page", "p"),
    Place("settings", "/settings", "Settings", "s"),
)
"""In the order shown. A place that no row of the table answers, or that the reader may not see, is left out."""

_NEEDS = {row.pattern: row.need for row in ROWS if row.method == "GET"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How we ourselves are: when any feed was last read well, how many cannot be, how many deliveries wait (None where
    the reader may not know), whether we are cut off from the network."""

    last_read_at: datetime | None
    feeds_failing: int
    is_offline: bool
    waiting: int | None


async def show(
    ask: Ask, template: str, load: Callable[[Tx], Context | None], *, title: str = "", current: str = "", live: str = ""
) -> Answer:
    """The page made of what `load` reads, in one hop to a worker thread; 404 where it gives None.

    `current` is the place of the navigation that it belongs to. `live` is what the page is made anew after: `*` for
    every event, a page's slug for those of one page, empty for none. What `load` gives for `title`, `current` and
    `live` counts before the arguments; `has_beside`, which only it gives: there is something on it that makes no
    event, so it is made anew now and then. Raises StoreError and TimeoutError.
    """

    def work(tx: Tx) -> tuple[Context | None, Standing]:
        return load(tx), load_standing(ask, tx)

    def whole() -> Answer:
        context, standing = ask.parts.store.read(work)
        if context is None:
            return missing(ask)
        return render(
            ask, template, **({"title": title, "current": current, "live": live} | dict(context)), standing=standing
        )

    async with asyncio.timeout(READ_DEADLINE_S):
        return await asyncio.to_thread(whole)


def render(
    ask: Ask,
    template: str,
    *,
    status: int = 200,
    standing: Standing | None = None,
    headers: Headers = (),
    **context: Any,
) -> Answer:
    """The template with the frame around it. Every template needs `title`; see `show` for `current` and `live`.
    Without `standing` nothing is said of how we are: not everybody may know."""
    shown = _common(ask) | {"current": "", "live": "", "has_beside": False, "standing": standing} | context
    text = environment().get_template(template).render(shown)
    return html(ask, status, text, (*_VARY, *headers))


def missing(ask: Ask, sentence: str = "There is nothing at this address.") -> Answer:
    """Not found, with the way back."""
    return render(ask, "missing.html", status=404, title="Not found", sentence=sentence)


async def nowhere(ask: Ask) -> Answer:
    """An address at which there is nothing."""
    return await asyncio.to_thread(missing, ask)


async def turned_away(ask: Ask) -> Answer:
    """A page that who asks may not see, though they are signed in, or a form that is not taken from them."""
    refused = ask.refused or Refusal("forbidden", "")
    headers = problems.answer(refused).headers

    def whole() -> Answer:
        status, title, sentence = refused.status, refused.title, refused.detail
        return render(ask, "missing.html", status=status, headers=headers, title=title, sentence=sentence)

    return await asyncio.to_thread(whole)


def may(ask: Ask, need: Need) -> bool:
    """Whether who asks may do more than see this page; what they may not is not shown to them."""
    return allows(ask.principal, need, is_public=ask.parts.is_public)


def load_standing(ask: Ask, tx: Tx) -> Standing:
    """How we are, as far as the reader may know."""
    facts = ask.parts.facts()
    waiting = sum(queries.waiting_counts(tx).values()) if may(ask, Need.VIEW) else None
    return Standing(queries.last_read_at(tx), facts.feeds_failing, facts.is_offline, waiting)


def _common(ask: Ask) -> dict[str, Any]:
    return {
        "layout": "fragment.html" if ask.headers.get("x-fragment") == "main" else "frame.html",
        "places": [one for one in PLACES if one.path in _NEEDS and may(ask, _NEEDS[one.path])],
        "who": ask.principal,
        "is_signed_in": ask.principal.kind is PrincipalKind.ACCOUNT,
        "is_nobody": ask.principal.kind is PrincipalKind.NOBODY,
        "may": {need.value: may(ask, need) for need in Need},
        "csrf": ask.principal.csrf,
        "now": ask.parts.clock.now(),
        "version": ask.parts.version,
    }


@cache
def environment() -> Environment:
    """The one environment: escapes everything, and a name that is not there is an error."""
    made = Environment(
        loader=PackageLoader("statuswire.web.face"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= words.FILTERS
    made.globals |= {"asset": statics.address, "quoted_html": quoted, "words": words.WORDS}
    return made
