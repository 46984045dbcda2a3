"""Cronitor, Statusfy and Pakyas: nothing but a feed, whose items have the whole story of an incident.

Addresses as their makers and clients have them (checked 2026-11); the markup of a story is the usual one.
"""

from __future__ import annotations

from email.utils import format_datetime
from functools import partial
from html import escape

from statuswire.platforms import cronitor, pakyas, statusfy
from tests.core.histories import Provider, TrueIncident

from .base import PAGE_URL, Writer
from .worlds import story

CRONITOR = "https://acme-relay.cronitorstatus.com"
PAKYAS = "https://pakyas.com/status/acme"


def incident_id(one: TrueIncident, home: str) -> str:
    """The address of the item, which is its id."""
    return f"{home}/incidents/{one.id}"


def write_rss(provider: Provider, url: str, home: str, path: str) -> bytes | None:
    """The feed with all that there ever was, the newest item first."""
    if url != f"{home}{path}":
        return None
    items = "".join(_item(one, home) for one in reversed(provider.alive()))
    head = f"<title>Acme Relay Status</title><link>{home}</link><description>News</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def _item(one: TrueIncident, home: str) -> str:
    link = incident_id(one, home)
    return (
        f"<item><title>{escape(one.title)}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{format_datetime(one.created_at)}</pubDate><description>{escape(story(one))}</description></item>"
    )


def write_atom(provider: Provider, url: str) -> bytes | None:
    """Statusfy's feed, with its generator."""
    if url != f"{PAGE_URL}/feeds/incidents.en.atom":
        return None
    entries = "".join(_entry(one) for one in reversed(provider.alive()))
    head = f'<id>{PAGE_URL}</id><title>Acme Relay</title><generator>Statusfy</generator><link href="{PAGE_URL}"/>'
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'.encode()


def _entry(one: TrueIncident) -> str:
    link = incident_id(one, PAGE_URL)
    return (
        f'<entry><title>{escape(one.title)}</title><id>{link}</id><link href="{link}"/>'
        f"<updated>{one.created_at.isoformat()}</updated>"
        f'<content type="html">{escape(story(one))}</content></entry>'
    )


WRITERS = (
    Writer(
        platform=cronitor.PLATFORM,
        write=partial(write_rss, home=CRONITOR, path="/history/rss"),
        incident_id=partial(incident_id, home=CRONITOR),
        page_url=CRONITOR,
        shows_deletions=False,
        shows_components=False,
    ),
    Writer(
        platform=pakyas.PLATFORM,
        write=partial(write_rss, home=PAKYAS, path="/rss.xml"),
        incident_id=partial(incident_id, home=PAKYAS),
        page_url=PAKYAS,
        shows_deletions=False,
        shows_components=False,
    ),
    Writer(
        platform=statusfy.PLATFORM,
        write=write_atom,
        incident_id=partial(incident_id, home=PAGE_URL),
        shows_deletions=False,
        shows_components=False,
    ),
)
