"""`/widget/{page}`: the state of a page to be embedded by an iframe: no script, light and dark, made anew every minute.

Its policy differs from that of all other pages in one word: anybody may frame it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from statuswire.channels import wording
from statuswire.engine.shown import PageShown, load_shown
from statuswire.model import KnownComponent, KnownIncident, Phase, Status
from statuswire.web import paths
from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask
from statuswire.web.face import statics, words
from statuswire.web.html import CSP, html
from statuswire.web.out.giving import KEPT_S, base_url
from statuswire.web.pages import read_store

POLICY = CSP.replace("frame-ancestors 'none'", "frame-ancestors *").replace("script-src 'self'; ", "")
_AGAIN: Headers = ((b"refresh", b"%d" % KEPT_S),)
"""Browsers ask again by themselves (HTML, "shared declarative refresh steps"), so that no script is needed."""

MOST = 8
"""Of components and of incidents that are listed; more are counted."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the widget says. `more` are components that are not well and do not fit, `url` is where we show the page."""

    page: PageShown
    level: Status
    troubled: tuple[KnownComponent, ...]
    more: int
    open: tuple[KnownIncident, ...]
    planned: tuple[KnownIncident, ...]
    url: str


async def widget(ask: Ask) -> Answer:
    slug = paths.text_of(ask.params["page"])
    found = await read_store(ask.parts, partial(load_shown, slug=slug, now=ask.parts.clock.now()))
    shown = _shown(found[0], base_url(ask)) if found else None
    text = (
        _environment()
        .get_template("widget.html")
        .render(
            shown=shown,
            now=ask.parts.clock.now(),
            style=statics.address("widget.css"),
            words=wording.STATUS_WORDS,
            phases=wording.PHASE_WORDS,
        )
    )
    return html(ask, 200 if shown else 404, text, _AGAIN, csp=POLICY)


def _shown(page: PageShown, base: str) -> Shown:
    level = page.look.level
    bad = [] if page.look.is_stale else [one for one in page.components if one.status not in _CALM]
    return Shown(
        page=page,
        level=level,
        troubled=tuple(bad[:MOST]),
        more=max(len(bad) - MOST, 0),
        open=page.look.open[:MOST],
        planned=tuple(one for one in page.incidents if one.phase is Phase.SCHEDULED)[:MOST],
        url=f"{base}{paths.page_path(page.page.slug)}",
    )


_CALM = frozenset({Status.OPERATIONAL, Status.UNKNOWN})


@cache
def _environment() -> Environment:
    made = Environment(
        loader=ChoiceLoader([PackageLoader("statuswire.web.out"), PackageLoader("statuswire.web.face")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= words.FILTERS
    return made
