"""`GET /`: one small page that a person can read, without script, cookie or request to anyone else.

Every text of a provider is escaped; links lead only to http and https addresses; the style sheet is a file of ours,
so that the Content-Security-Policy needs no exception.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from html import escape
from importlib import resources

from statuswire.channels import wording
from statuswire.engine.overview import Overview, PageLook, load_overview, message
from statuswire.model import KnownIncident, Status
from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask
from statuswire.web.pages import read_store

SECURITY: Headers = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
        b"form-action 'none'",
    ),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
)

_HTML = b"text/html; charset=utf-8"
_SHAPES = {
    Status.OPERATIONAL: "○",
    Status.DEGRADED: "▲",
    Status.PARTIAL_OUTAGE: "◧",
    Status.MAJOR_OUTAGE: "■",
    Status.MAINTENANCE: "◍",
    Status.UNKNOWN: "◌",
}
"""A state is told by word, shape and colour, so that it survives a black-and-white screenshot."""

_FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} · statuswire</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="60">
<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="/front.css"></head>
<body><header><p class="mark">statuswire</p><h1 class="{level}"><span aria-hidden="true">{shape}</span> {title}</h1>
<p>{message}</p></header>
<main><table><thead><tr><th>Page</th><th>State</th><th>What is open</th></tr></thead><tbody>
{rows}
</tbody></table></main>
<footer><p>As of {now}. The same for programs: <a href="/status">/status</a> <a href="/incidents">/incidents</a>
<a href="/health">/health</a> <a href="/stats">/stats</a> <a href="/metrics">/metrics</a></p>
<p>Hooks are taken by POST at /webhook/statuspage, /webhook/incident-io, /webhook/generic/{{provider}} and /webhook.
A dashboard is not part of this version.</p></footer></body></html>
"""
_ROW = """<tr><td>{name}</td>
<td class="{level}"><span aria-hidden="true">{shape}</span> {word}{note}</td><td>{open}</td></tr>"""
_EMPTY = '<tr><td colspan="3">No pages are watched yet.</td></tr>'


async def front(ask: Ask) -> Answer:
    """The page itself, for a browser."""
    overview = await read_store(ask.parts, load_overview)
    return Answer(200, render(overview, ask.parts.clock.now()).encode("utf-8", "replace"), _HTML, SECURITY)


async def stylesheet(ask: Ask) -> Answer:
    return Answer(200, _css(), b"text/css; charset=utf-8")


@cache
def _css() -> bytes:
    return resources.files("statuswire.web").joinpath("front.css").read_bytes()


def render(overview: Overview, now: datetime) -> str:
    """The document. All that is not ours is escaped."""
    level = overview.level
    rows = "\n".join(_row(look, now) for look in overview.pages) or _EMPTY
    return _FRAME.format(
        title=wording.STATUS_WORDS[level],
        level=level.value,
        shape=_SHAPES[level],
        message=escape(message(overview)),
        rows=rows,
        now=_moment(now),
    )


def _row(look: PageLook, now: datetime) -> str:
    return _ROW.format(
        name=_link(look.page.name or look.page.slug, look.page.url),
        level=look.level.value,
        shape=_SHAPES[look.level],
        word=wording.STATUS_WORDS[look.level],
        note=_note(look),
        open="<br>".join(map(_incident, look.open)) or escape(", ".join(look.impacted)),
    )


def _note(look: PageLook) -> str:
    if not look.is_stale:
        return ""
    last = wording.STATUS_WORDS[look.last_known].lower() if look.last_known else "never told"
    since = f"not read since {_moment(look.stale_since)}" if look.stale_since else "never read"
    return f"<small>{since}; last known: {last}</small>"


def _incident(incident: KnownIncident) -> str:
    return f"{_link(incident.title or incident.id, incident.url)} <small>{wording.PHASE_WORDS[incident.phase]}</small>"


def _link(text: str, url: str) -> str:
    """The text, linked where the address is one that a browser may safely follow."""
    shown = escape(text)
    if not url.lower().startswith(("https://", "http://")):
        return shown
    return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{shown}</a>'


def _moment(moment: datetime) -> str:
    return f'<time datetime="{moment.isoformat()}">{moment:%Y-%m-%d %H:%M} UTC</time>'
