"""Atlassian Statuspage as people see it: the start page, where nothing better can be had.

Open incidents, planned maintenances and the incidents of the last fortnight stand in three kinds of block; it covers
nothing. Shape from captured pages (checked 2026-11).
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from statuswire.demo.statuspage import LABELS, LEVELS
from statuswire.model import Component, Phase
from statuswire.platforms import statuspage
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import PAGE_URL, Writer, start_page
from .markup import in_order, window


def write(provider: Provider, _: str) -> bytes:
    """The page with every incident there ever was."""
    shown = list(reversed(provider.alive()))
    planned = [one for one in shown if one.phase is Phase.SCHEDULED]
    unresolved = [one for one in shown if one.is_open and one not in planned]
    past = [one for one in shown if not one.is_open]
    return (
        "<!DOCTYPE html><html><head><title>Acme Relay Status</title>"
        f'<meta name="issued" content="{int(provider.now.timestamp())}">'
        f'<link rel="canonical" href="{PAGE_URL}"></head><body class="status index status-none">'
        f'<div class="unresolved-incidents">{"".join(map(_unresolved, unresolved))}</div>'
        f'<div class="components-section">{"".join(map(_row, provider.components.values()))}</div>'
        f'<div class="scheduled-maintenances-container">{"".join(map(_planned, planned))}</div>'
        f'<div class="incidents-list">{"".join(map(_past, past))}</div></body></html>'
    ).encode()


def _row(one: Component) -> str:
    return (
        f'<div class="component-container border-color"><div data-component-id="{one.id}" '
        f'class="component-inner-container status-green " data-component-status="{LEVELS[one.status]}" data-js-hook="">'
        f'<span class="name">{escape(one.name)}</span></div></div>'
    )


def _unresolved(one: TrueIncident) -> str:
    link = f'<a class="actual-title" href="/incidents/{one.id}">{escape(one.title)}</a>'
    return (
        f'<div class="unresolved-incident impact-{one.impact.value}"><div class="incident-title">{link}</div>'
        f'<div class="updates font-regular">{_updates(one)}</div></div>'
    )


def _planned(one: TrueIncident) -> str:
    """Its updates have no label, and other words before their time."""
    begins, ends = window(one)
    link = f'<a href="{PAGE_URL}/incidents/{one.id}"><span>{escape(one.title)}</span></a>'
    shown = f"{begins:%b} <var data-var='date'> {begins.day}</var>, {begins:%H:%M}-{ends:%H:%M} UTC"
    updates = "".join(
        f'<div class="update"><span>{_markup(update)}</span><br><small>Posted on {_when(update)}</small></div>'
        for update in reversed(in_order(one))
    )
    return (
        f'<div class="scheduled-maintenance"><div class="incident-title">{link}'
        f'<small class="pull-right" data-unix-time="{int(begins.timestamp())}">{shown}</small></div>'
        f'<div class="updates-container">{updates}</div></div>'
    )


def _past(one: TrueIncident) -> str:
    link = f'<a href="/incidents/{one.id}">{escape(one.title)}</a>'
    return (
        f'<div class="incident-container"><div class="incident-title impact-{one.impact.value}">{link}</div>'
        f'<div class="updates-container">{_updates(one)}</div></div>'
    )


def _updates(one: TrueIncident) -> str:
    return "".join(map(_update, reversed(in_order(one))))


def _update(update: TrueUpdate) -> str:
    label = LABELS.get(update.phase, update.phase.value.capitalize())
    return f'<div class="update"><strong>{label}</strong> - {_markup(update)}<br><small>{_when(update)}</small></div>'


def _markup(update: TrueUpdate) -> str:
    return escape(update.text).replace("\n", "<br />")


def _when(update: TrueUpdate) -> str:
    at = update.at
    return f"{at:%b} <var data-var='date'> {at.day}</var>, <var data-var='time'>{at:%H:%M}</var> UTC"


WRITER = Writer(platform=replace(statuspage.PLATFORM, feeds=start_page), write=write, shows_deletions=False)
