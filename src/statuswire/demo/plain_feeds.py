"""Simulated providers that offer nothing but a feed: RSS 2.0, Atom 1.0 and JSON Feed 1.1.

Each entry is one incident and shows its latest update, the way small and home-made pages do it, or whatever else
`show` makes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import format_datetime
from html import escape

from statuswire.demo.bodies import Bodies, Body, json_body
from statuswire.demo.world import Case, Provider, code

Show = Callable[[Provider, Case], str]
"""The HTML of an entry."""


def latest(provider: Provider, case: Case) -> str:
    """Where it stands, what was said last, and what it is about."""
    parts = "".join(f"<li>{escape(provider.part(key).name)}</li>" for key in case.parts)
    listed = f"<p><strong>Affected components</strong></p><ul>{parts}</ul>" if parts else ""
    text = escape(case.posts[-1].text).replace("\n", "<br />")
    return f"<p><strong>{case.phase.value.capitalize()}</strong> - {text}</p>{listed}"


def rss_documents(provider: Provider, base: str, show: Show = latest) -> Bodies:
    return {"/rss.xml": _rss(provider, base, show)}


def atom_documents(provider: Provider, base: str, show: Show = latest) -> Bodies:
    return {"/feed.atom": _atom(provider, base, show)}


def json_documents(provider: Provider, base: str, show: Show = latest) -> Bodies:
    return {"/feed.json": _json(provider, base, show)}


def _rss(provider: Provider, base: str, show: Show) -> Body:
    items = "".join(
        f"<item><title>{escape(case.title)}</title><link>{_link(case, base)}</link>"
        f'<guid isPermaLink="true">{_link(case, base)}</guid><pubDate>{format_datetime(case.changed_at)}</pubDate>'
        f"<description>{escape(show(provider, case))}</description></item>"
        for case in provider.cases
    )
    return (
        "application/rss+xml; charset=utf-8",
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{escape(provider.name)}</title>'
        f"<link>{base}</link><description>Service status</description>{items}</channel></rss>".encode(),
    )


def _atom(provider: Provider, base: str, show: Show) -> Body:
    entries = "".join(
        f"<entry><id>{_link(case, base)}</id><title>{escape(case.title)}</title>"
        f'<link rel="alternate" href="{_link(case, base)}"/>'
        f"<published>{case.started_at.isoformat()}</published><updated>{case.changed_at.isoformat()}</updated>"
        f'<content type="html">{escape(show(provider, case))}</content></entry>'
        for case in provider.cases
    )
    return (
        "application/atom+xml; charset=utf-8",
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>{base}/</id>'
        f'<title>{escape(provider.name)}</title><link rel="self" href="{base}/feed.atom"/>'
        f"<updated>{provider.changed_at.isoformat()}</updated>{entries}</feed>".encode(),
    )


def _json(provider: Provider, base: str, show: Show) -> Body:
    items = [
        {
            "id": _link(case, base),
            "url": _link(case, base),
            "title": case.title,
            "content_html": show(provider, case),
            "date_published": case.started_at.isoformat(),
            "date_modified": case.changed_at.isoformat(),
        }
        for case in provider.cases
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": provider.name, "home_page_url": base}
    _, body = json_body({**feed, "feed_url": f"{base}/feed.json", "items": items})
    return "application/feed+json", body


def _link(case: Case, base: str) -> str:
    return f"{base}/incidents/{code(case.key)}"
