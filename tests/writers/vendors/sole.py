"""Vendors that say one thing of themselves: Evernote, Beanstalk, Binance and Signal.

Shapes as working clients and Binance's documentation have them (checked 2026-11). Of Signal only the sentence of a good
day is known: whatever else it says is an unknown level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec

from statuswire.model import Status
from statuswire.platforms.base import Platform
from statuswire.platforms.vendors import beanstalk, binance, evernote, signal
from tests.core.histories import Provider
from tests.writers.base import Writer

TITLES = {
    Status.OPERATIONAL: "[ok] All is well",
    Status.MAJOR_OUTAGE: "[!] Sync fails",
    Status.MAINTENANCE: "Planned maintenance",
}
NOTES = {Status.OPERATIONAL: "ok", Status.MAJOR_OUTAGE: "problem", Status.MAINTENANCE: "maintenance"}
SENTENCES = {
    Status.OPERATIONAL: "Signal is up and running.",
    Status.UNKNOWN: "Signal is experiencing technical difficulties. We are working hard.",
}
STATES = {Status.OPERATIONAL: (0, "normal"), Status.MAINTENANCE: (1, "system maintenance")}


def write_evernote(provider: Provider, _: str) -> bytes | None:
    """The newest post, above an older one."""
    posts = (TITLES[_level(provider)], "[ok] Welcome")
    return _page("Evernote", "".join(f'<div class="post"><h3>{title}</h3></div>' for title in posts))


def write_beanstalk(provider: Provider, _: str) -> bytes | None:
    """The newest note, above an older one."""
    words = (NOTES[_level(provider)], "ok")
    notes = "".join(f'<article><span class="status">{word}</span><p>Words.</p></article>' for word in words)
    return _page("Beanstalk", f'<div id="updates">{notes}</div>')


def write_binance(provider: Provider, _: str) -> bytes | None:
    number, message = STATES[_level(provider)]
    return msgspec.json.encode({"status": number, "msg": message})


def write_signal(provider: Provider, _: str) -> bytes | None:
    return _page("Signal", f"<h1>Signal Status</h1><p>{SENTENCES[_level(provider)]}</p>")


def _level(provider: Provider) -> Status:
    return next(iter(provider.components.values())).status


def _page(name: str, body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>{name} Status</title></head><body>{body}</body></html>".encode()


def _writer(platform: Platform, write: Callable[[Provider, str], bytes | None], levels: tuple[Status, ...]) -> Writer:
    return Writer(
        platform=platform,
        write=write,
        component_id=lambda _: platform.name,
        component_name=platform.title,
        page_url=f"https://{platform.hosts[0]}",
        levels=levels,
        parts=1,
        has_incidents=False,
        has_renaming=False,
    )


WRITERS = (
    _writer(evernote.PLATFORM, write_evernote, tuple(TITLES)),
    _writer(beanstalk.PLATFORM, write_beanstalk, tuple(NOTES)),
    _writer(binance.PLATFORM, write_binance, tuple(STATES)),
    replace(_writer(signal.PLATFORM, write_signal, tuple(SENTENCES)), unread=frozenset({"status"})),
)
